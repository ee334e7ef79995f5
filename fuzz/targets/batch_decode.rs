//! A batch without compression.
#![no_main]

use kafka_lab::bytes::Compression;
use kafka_lab_fuzz::{CountingAllocator, is_plain, mended, plain_limit_bytes, read_batch, within};
use libfuzzer_sys::fuzz_target;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

fuzz_target!(|input: &[u8]| {
    let batch = mended(input, |_| Compression::None);
    if !is_plain(&batch) {
        return;
    }
    // More than what decoding may take: a byte can be two fields of the inspector's table, of 100 bytes each.
    within(8 * plain_limit_bytes(batch.len()), || read_batch(&batch));
    within(plain_limit_bytes(batch.len()), || drop(kafka_lab::bytes::RecordBatch::decode(&batch)));
});
