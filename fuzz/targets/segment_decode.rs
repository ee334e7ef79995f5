//! A segment's file, its batches without compression.
#![no_main]

use kafka_lab::bytes::Compression;
use kafka_lab::log::Scan;
use kafka_lab_fuzz::{CountingAllocator, mended_file, plain_limit_bytes, read_segment, within};
use libfuzzer_sys::fuzz_target;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

fuzz_target!(|input: &[u8]| {
    let file = mended_file(input, |_| Compression::None);
    let is_plain = |header: kafka_lab::bytes::BatchHeader| header.attributes.compression() == Ok(Compression::None);
    if !Scan::new(&file, 0).map_while(Result::ok).all(|batch| is_plain(batch.header)) {
        return;
    }
    within(8 * plain_limit_bytes(file.len()), || read_segment(&file));
});
