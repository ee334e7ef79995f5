//! Which partition a key goes to (Kafka: `BuiltInPartitioner.partitionForKey`, `Utils.murmur2`).
//!
//! Equal keys go to the same partition for as long as the number of partitions stays the same. Add a partition, and
//! most keys move: their older records stay where they were.

/// The partition, 0 and up, for a key among `partitions`; none if there are no partitions.
///
/// ```
/// # use kafka_lab::rules::partition_for_key::partition_for_key;
/// assert_eq!(partition_for_key(b"alice", 6), Some(3));
/// assert_eq!(partition_for_key(b"alice", 7), Some(1));
/// ```
#[must_use]
pub fn partition_for_key(key: &[u8], partitions: u32) -> Option<u32> {
    to_positive(murmur2(key)).checked_rem(partitions)
}

/// The hash without its sign bit. It is not the absolute value: −1 becomes 2147483647.
#[must_use]
pub fn to_positive(hash: i32) -> u32 {
    hash.cast_unsigned() & 0x7fff_ffff
}

/// MurmurHash2 by Austin Appleby, 32 bits, with the seed that Kafka chose.
#[must_use]
pub fn murmur2(bytes: &[u8]) -> i32 {
    const SEED: u32 = 0x9747_b28c;
    // The low 32 bits of the length, as Java's int has them.
    let length = bytes.len().to_le_bytes();
    let mut hash = SEED ^ length.first_chunk().map_or(0, |low| u32::from_le_bytes(*low));
    let (words, tail) = bytes.as_chunks::<4>();
    for word in words {
        hash = hash.wrapping_mul(FACTOR) ^ mixed(u32::from_le_bytes(*word));
    }
    // One to three bytes are left over: they are folded in as the low bytes of a word.
    if !tail.is_empty() {
        let word = tail.iter().rev().fold(0, |word, &byte| (word << 8) | u32::from(byte));
        hash = (hash ^ word).wrapping_mul(FACTOR);
    }
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(FACTOR);
    hash ^= hash >> 15;
    hash.cast_signed()
}

const FACTOR: u32 = 0x5bd1_e995;

/// Spreads the bits of four bytes over the word.
fn mixed(word: u32) -> u32 {
    let word = word.wrapping_mul(FACTOR);
    (word ^ (word >> 24)).wrapping_mul(FACTOR)
}
