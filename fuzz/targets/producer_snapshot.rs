//! A `.snapshot` file. The first byte of the input chooses whether version and CRC are set right.
#![no_main]

use kafka_lab::files::ProducerSnapshot;
use kafka_lab_fuzz::{CountingAllocator, plain_limit_bytes, within};
use libfuzzer_sys::fuzz_target;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

fuzz_target!(|input: &[u8]| {
    let Some((&choice, file)) = input.split_first() else { return };
    let mut file = file.to_vec();
    if choice & 1 == 1 && file.len() >= 6 {
        let crc = crc32c::crc32c(&file[6..]);
        file[..2].copy_from_slice(&1_i16.to_be_bytes());
        file[2..6].copy_from_slice(&crc.to_be_bytes());
    }
    within(plain_limit_bytes(file.len()), || {
        let Ok(snapshot) = ProducerSnapshot::decode(&file) else { return };
        assert_eq!(snapshot.encode(), file);
    });
});
