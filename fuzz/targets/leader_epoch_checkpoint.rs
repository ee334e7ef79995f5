//! A `leader-epoch-checkpoint`.
#![no_main]

use kafka_lab::files::LeaderEpochCheckpoint;
use kafka_lab_fuzz::{CountingAllocator, plain_limit_bytes, within};
use libfuzzer_sys::fuzz_target;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

fuzz_target!(|input: &[u8]| {
    within(plain_limit_bytes(input.len()), || {
        let Ok(checkpoint) = LeaderEpochCheckpoint::decode(input) else { return };
        assert_eq!(checkpoint.map_or(Vec::new(), |checkpoint| checkpoint.encode()), input);
    });
});
