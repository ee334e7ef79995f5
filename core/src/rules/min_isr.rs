//! How a partition's ISR compares with `min.insync.replicas` (Kafka: `Partition.isUnderMinIsr`, `isAtMinIsr`).

/// What is counted as under-min-ISR and at-min-ISR partitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MinIsr {
    /// It can lose a replica and still take acks=all.
    Above,
    /// One less, and acks=all is refused.
    At,
    /// acks=all is refused, and nothing commits.
    Under,
}

/// Compares the committed ISR; `min_in_sync` is never more than there are replicas.
#[must_use]
pub fn compare_min_isr(in_sync: usize, min_in_sync: usize) -> MinIsr {
    match in_sync.cmp(&min_in_sync) {
        std::cmp::Ordering::Greater => MinIsr::Above,
        std::cmp::Ordering::Equal => MinIsr::At,
        std::cmp::Ordering::Less => MinIsr::Under,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way() {
        let compared: Vec<MinIsr> = (1..=3).map(|in_sync| compare_min_isr(in_sync, 2)).collect();
        assert_eq!(compared, [MinIsr::Under, MinIsr::At, MinIsr::Above]);
    }
}
