//! A message of magic 0 or 1, alone or as a packed set.
#![no_main]

use kafka_lab::bytes::Bytes;
use kafka_lab::bytes::legacy::Message;
use kafka_lab_fuzz::{CountingAllocator, packed_limit_bytes, within};
use libfuzzer_sys::fuzz_target;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

fuzz_target!(|input: &[u8]| {
    let bytes = Bytes::copy_from_slice(input);
    within(packed_limit_bytes(input.len()), || {
        let Ok(message) = Message::decode(&bytes) else { return };
        for inner in message.messages().unwrap_or_default() {
            drop((inner.is_valid(), inner.key(), inner.value()));
        }
    });
});
