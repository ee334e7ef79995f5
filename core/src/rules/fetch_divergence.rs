//! Does a fetching replica's log agree with its leader's? (Kafka: `Partition.readRecords`, KIP-595.)
//!
//! A fetch names the epoch of the last record that the follower has. If the leader's log ends that epoch earlier, or
//! does not know it, what the follower has up there is not what the leader has. Lengths alone would not show it.

use super::epoch_cache::{EndOffset, EpochEntry, end_offset_for_epoch};
use crate::ids::{LeaderEpoch, Offset};

/// What the leader finds before it reads a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Divergence {
    /// The follower's log is the beginning of the leader's.
    Agrees,
    /// The logs part: of this epoch or an older one the leader has records up to `end` only. The answer has no records.
    Diverges { epoch: LeaderEpoch, end: Offset },
    /// `OFFSET_OUT_OF_RANGE`: the leader has never heard of the epoch.
    UnknownEpoch,
}

/// Holds a fetch at `offset`, whose sender's last record is of epoch `last_fetched`, against a log with these epochs
/// that ends at `log_end`.
#[must_use]
pub fn check_divergence(
    entries: &[EpochEntry],
    log_end: Offset,
    offset: Offset,
    last_fetched: LeaderEpoch,
) -> Divergence {
    let (epoch, end) = match end_offset_for_epoch(entries, last_fetched, log_end) {
        EndOffset::Undefined => return Divergence::UnknownEpoch,
        EndOffset::LogEnd(end) | EndOffset::BeforeFirst(end) => (last_fetched, end),
        EndOffset::NextStarts { epoch, end } => (epoch, end),
    };
    if epoch < last_fetched || end < offset { Divergence::Diverges { epoch, end } } else { Divergence::Agrees }
}

#[cfg(test)]
mod tests {
    use super::super::testing::epochs;
    use super::*;

    #[test]
    fn another_epoch_or_an_earlier_end_parts_the_logs() {
        let entries = epochs(&[(1, 0), (3, 21)]);
        let check = |epoch, offset| check_divergence(&entries, Offset(30), Offset(offset), LeaderEpoch(epoch));
        let parts = |epoch, end| Divergence::Diverges { epoch: LeaderEpoch(epoch), end: Offset(end) };
        assert_eq!([check(1, 21), check(3, 30)], [Divergence::Agrees; 2]);
        assert_eq!([check(1, 22), check(2, 16), check(3, 31)], [parts(1, 21), parts(1, 21), parts(3, 30)]);
        assert_eq!(check(4, 5), Divergence::UnknownEpoch);
    }
}
