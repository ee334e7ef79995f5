//! An `.index` file, under base offsets from the lowest to the highest that a name can say.
#![no_main]

use kafka_lab::files::OffsetIndexFile;
use kafka_lab::ids::Offset;
use kafka_lab_fuzz::{CountingAllocator, plain_limit_bytes, within};
use libfuzzer_sys::fuzz_target;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

fuzz_target!(|input: &[u8]| {
    for base_offset in [Offset(0), Offset(i64::MAX), Offset(i64::MIN)] {
        within(plain_limit_bytes(input.len()), || {
            let Ok(file) = OffsetIndexFile::decode(base_offset, input) else { return };
            assert_eq!(file.end_bytes() + file.room_bytes, input.len());
            assert_eq!(file.encode(), input);
            file.check().ok();
        });
    }
});
