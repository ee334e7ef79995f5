//! Where records without a key go (Kafka: `BuiltInPartitioner`, KIP-480, KIP-794).
//!
//! A producer sticks to one partition until it has sent a batch's worth of bytes there, then draws another one.
//! Partitions that many batches wait for are drawn less often, so a slow broker gets less.

/// Whether the producer draws another partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stick {
    Stay,
    /// A batch's worth of bytes has gone there, and nothing is torn by leaving now.
    Switch,
    /// Twice that: it leaves though a batch is still open there.
    SwitchAtLast,
}

/// After `produced_bytes` to one partition: stay? `batch_bytes` is `batch.size`; `may_switch` says that the batch which
/// was last written to is full or just begun.
#[must_use]
pub fn stick(produced_bytes: u64, batch_bytes: u64, may_switch: bool) -> Stick {
    if produced_bytes >= batch_bytes && may_switch {
        Stick::Switch
    } else if produced_bytes >= batch_bytes.saturating_mul(2) {
        Stick::SwitchAtLast
    } else {
        Stick::Stay
    }
}

/// By what the next partition is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Odds {
    /// Each partition is as likely as another.
    Even,
    /// Sums of the weights up to each partition: a number below the last sum draws the first with a larger one.
    Weighted(Vec<u32>),
}

/// The odds by how many batches wait for each partition: one more than the longest queue has over it. Partitions that
/// have no leader are not in the list. Source: `BuiltInPartitioner.updatePartitionLoadStats`.
#[must_use]
pub fn odds(queues: &[u32]) -> Odds {
    let longest = queues.iter().max().copied().unwrap_or(0);
    if queues.len() < 2 || queues.iter().all(|queue| *queue == longest) {
        return Odds::Even;
    }
    let mut sum = 0_u32;
    let up_to = |queue: &u32| {
        sum = sum.saturating_add(longest - queue).saturating_add(1);
        sum
    };
    Odds::Weighted(queues.iter().map(up_to).collect())
}

/// The partition that the number `random` draws; none if there are no partitions. `partitions` are those with a leader;
/// `all` is the number of partitions, for when none has one.
#[must_use]
pub fn draw_partition(odds: &Odds, partitions: &[u32], all: u32, random: u32) -> Option<u32> {
    match odds {
        Odds::Weighted(sums) => {
            let below = random.checked_rem(*sums.last()?)?;
            partitions.get(sums.partition_point(|sum| *sum <= below)).copied()
        }
        Odds::Even if partitions.is_empty() => random.checked_rem(all),
        Odds::Even => {
            let count = u32::try_from(partitions.len()).ok()?;
            partitions.get(random.checked_rem(count)? as usize).copied()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_of_bytes_then_another_partition() {
        assert_eq!([stick(99, 100, true), stick(100, 100, true)], [Stick::Stay, Stick::Switch]);
        assert_eq!([stick(199, 100, false), stick(200, 100, false)], [Stick::Stay, Stick::SwitchAtLast]);
    }

    #[test]
    fn long_queues_are_drawn_less_often() {
        let weighted = odds(&[0, 3, 1]);
        assert_eq!(weighted, Odds::Weighted(vec![4, 5, 8]));
        let drawn: Vec<_> = (0..9).filter_map(|random| draw_partition(&weighted, &[0, 2, 5], 6, random)).collect();
        assert_eq!(drawn, [0, 0, 0, 0, 2, 5, 5, 5, 0]);
        assert_eq!([odds(&[7]), odds(&[2, 2]), odds(&[])], [Odds::Even, Odds::Even, Odds::Even]);
    }

    #[test]
    fn partitions_without_a_leader_are_drawn_only_if_there_are_no_others() {
        let drawn = |partitions: &[u32], random| draw_partition(&Odds::Even, partitions, 3, random);
        assert_eq!([drawn(&[0, 2], 1), drawn(&[0, 2], 2), drawn(&[], 4)], [Some(2), Some(0), Some(1)]);
        assert_eq!(draw_partition(&Odds::Even, &[], 0, 4), None);
    }
}
