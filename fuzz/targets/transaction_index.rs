//! A `.txnindex` file.
#![no_main]

use kafka_lab::files::TransactionIndex;
use kafka_lab_fuzz::{CountingAllocator, plain_limit_bytes, within};
use libfuzzer_sys::fuzz_target;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

fuzz_target!(|input: &[u8]| {
    within(plain_limit_bytes(input.len()), || {
        let whole = TransactionIndex::whole_entries(input);
        let Ok(index) = TransactionIndex::decode(input) else { return };
        assert_eq!(index.encode(), input);
        assert_eq!(whole, Ok(index));
    });
});
