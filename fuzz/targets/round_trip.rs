//! What is decoded and encoded again is decoded to the same; and once encoded, it has the same bytes ever after.
#![no_main]

use kafka_lab::bytes::{Attributes, Compression, RecordBatch};
use kafka_lab_fuzz::{any_codec, mended};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(batch) = RecordBatch::decode(&mended(input, any_codec)) else { return };
    let bytes = batch.encode();
    let again = RecordBatch::decode(&bytes).expect("what was encoded is decoded");
    let plain = Attributes(batch.attributes.0).with_compression(Compression::None);
    assert_eq!(again, RecordBatch { attributes: plain, ..batch });
    assert_eq!(again.encode(), bytes);
});
