//! A record of an internal topic: any topic, key and value.
#![no_main]

use kafka_lab::bytes::Bytes;
use kafka_lab::records::{Decoded, InternalTopic, decode};
use kafka_lab_fuzz::{CountingAllocator, fields_limit_bytes, within};
use libfuzzer_sys::fuzz_target;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

/// What says that there is no key, or no value.
const NULL: u8 = 0xff;

/// First the topic, then the key's length and the key; the rest is the value.
fn parts(input: &[u8]) -> Option<(InternalTopic, Option<Bytes>, Option<Bytes>)> {
    let (&topic, rest) = input.split_first()?;
    let (&key_bytes, rest) = rest.split_first()?;
    let (key, value) = match key_bytes {
        NULL => (None, rest),
        len => rest.split_at_checked(len.into()).map(|(key, value)| (Some(key), value))?,
    };
    let value = (value.first() != Some(&NULL)).then_some(value);
    let topic = InternalTopic::ALL[usize::from(topic) % InternalTopic::ALL.len()];
    Some((topic, key.map(Bytes::copy_from_slice), value.map(Bytes::copy_from_slice)))
}

fuzz_target!(|input: &[u8]| {
    let Some((topic, key, value)) = parts(input) else { return };
    let decoded = within(fields_limit_bytes(input.len()), || decode(topic, key.as_ref(), value.as_ref()));
    // Once more for the unfolded fields, once for the text.
    within(3 * fields_limit_bytes(input.len()), || {
        drop((decoded.to_string(), decoded.in_nearest_version(), decoded.problem().map(|problem| problem.to_string())));
    });
    // Once written, a record has the same bytes ever after, and says the same.
    let (key, value) = written(&decoded);
    let again = decode(topic, key.as_ref(), value.as_ref());
    assert_eq!(again.to_string(), decoded.to_string());
    assert_eq!(written(&again), (key, value));
});

fn written(decoded: &Decoded) -> (Option<Bytes>, Option<Bytes>) {
    (decoded.encode_key().map(Bytes::from), decoded.encode_value().map(Bytes::from))
}
