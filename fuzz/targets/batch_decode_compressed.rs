//! A batch with any compression.
#![no_main]

use kafka_lab_fuzz::{CountingAllocator, any_codec, mended, packed_limit_bytes, within};
use libfuzzer_sys::fuzz_target;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

fuzz_target!(|input: &[u8]| {
    let batch = mended(input, any_codec);
    let limit_bytes = packed_limit_bytes(batch.len());
    within(limit_bytes, || drop(kafka_lab::bytes::RecordBatch::decode(&batch)));
    // Of many records the table is not asked for at once.
    within(limit_bytes, || drop(kafka_lab::bytes::fields_of_records(&batch, 0..100)));
});
