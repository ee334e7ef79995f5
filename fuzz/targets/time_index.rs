//! A `.timeindex` file.
#![no_main]

use kafka_lab::files::TimeIndexFile;
use kafka_lab_fuzz::{CountingAllocator, read_index};
use libfuzzer_sys::fuzz_target;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

fuzz_target!(|input: &[u8]| {
    read_index(input, |base_offset| {
        let file = TimeIndexFile::decode(base_offset, input).ok()?;
        file.check().ok();
        Some((file.end_bytes() + file.room_bytes, file.encode()))
    });
});
