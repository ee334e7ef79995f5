//! Which partition of `__consumer_offsets` holds a group, and so which broker coordinates it (Kafka:
//! `GroupCoordinatorService.partitionFor`, `Utils.abs`).

/// The partition, 0 and up, for a group id among `partitions`; none if there are no partitions.
///
/// ```
/// # use kafka_lab::rules::partition_for_group::partition_for_group;
/// assert_eq!(partition_for_group("orders", 50), Some(31));
/// ```
#[must_use]
pub fn partition_for_group(group_id: &str, partitions: u32) -> Option<u32> {
    absolute(java_hash(group_id)).checked_rem(partitions)
}

/// The absolute value, but 0 for −2³¹, which has none among the ints.
#[must_use]
pub fn absolute(hash: i32) -> u32 {
    if hash == i32::MIN { 0 } else { hash.unsigned_abs() }
}

/// What Java's `String.hashCode` gives: over UTF-16 units, times 31 for each.
#[must_use]
pub fn java_hash(text: &str) -> i32 {
    text.encode_utf16().fold(0, |hash: i32, unit| hash.wrapping_mul(31).wrapping_add(unit.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_java() {
        assert_eq!([java_hash(""), java_hash("a"), java_hash("ab")], [0, 97, 3105]);
        assert_eq!(java_hash("😀"), 0xd83d * 31 + 0xde00);
        assert_eq!([absolute(i32::MIN), absolute(-7), absolute(7)], [0, 7, 7]);
        assert_eq!(partition_for_group("a", 0), None);
    }
}
