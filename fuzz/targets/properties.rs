//! Files of settings: any `.properties`, `meta.properties` and `partition.metadata`.
#![no_main]

use kafka_lab::files::{MetaProperties, PartitionMetadata, Properties};
use kafka_lab_fuzz::{CountingAllocator, plain_limit_bytes, within};
use libfuzzer_sys::fuzz_target;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

fuzz_target!(|input: &[u8]| {
    // More than what others take: an empty line of one byte is a line of 80 in memory.
    within(8 * plain_limit_bytes(input.len()), || {
        if let Ok(metadata) = PartitionMetadata::decode(input) {
            assert_eq!(metadata.encode(), input);
        }
        let Ok(mut properties) = Properties::decode(input) else { return };
        assert_eq!(properties.encode(), input);
        MetaProperties::of(&properties).ok();
        // What is added is read back, whatever stood there before.
        let value: String = String::from_utf8_lossy(input).chars().take(64).collect();
        properties.push("added", &value);
        let again = Properties::decode(&properties.encode());
        assert_eq!(
            again.as_ref().ok().and_then(|again| again.get("added")).map(|(value, _)| value),
            Some(value.as_str())
        );
    });
});
