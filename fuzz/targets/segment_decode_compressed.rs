//! A segment's file, its batches with any compression.
#![no_main]

use kafka_lab::log::{Scan, Segment, SegmentConfig};
use kafka_lab_fuzz::{CountingAllocator, any_codec, mended_file, packed_limit_bytes, within};
use libfuzzer_sys::fuzz_target;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

fuzz_target!(|input: &[u8]| {
    let file = mended_file(input, any_codec);
    within(packed_limit_bytes(file.len()), || {
        let scan = Scan::new(&file, 0);
        let first = scan.clone().find_map(Result::ok);
        let base_offset = first.map_or(kafka_lab::ids::Offset::ZERO, |batch| batch.base_offset());
        let recovered = Segment::recover(base_offset, SegmentConfig { index_interval_bytes: 64 }, &file);
        for batch in scan.clone().map_while(Result::ok) {
            drop(kafka_lab::bytes::RecordBatch::decode(scan.bytes_of(&batch)));
            recovered.segment.find_by_timestamp(batch.header.max_timestamp_ms).ok();
        }
    });
});
