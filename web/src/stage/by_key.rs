//! Finding things by their key: one kind of index for the whole stage, which keeps the wasm small.

use std::collections::HashMap;

/// Where each key stands in a list.
pub(super) type Index<'a> = HashMap<&'a str, usize>;

/// Indexes keys in their order; a key that comes twice is found at its last place.
pub(super) fn index<'a>(keys: impl Iterator<Item = &'a String>) -> Index<'a> {
    keys.enumerate().map(|(place, key)| (key.as_str(), place)).collect()
}
