//! What ListOffsets answers to "latest" (Kafka: `Partition.fetchOffsetForTimestamp`, KIP-207).
//!
//! A new leader's high watermark may be lower than what its predecessor had exposed. Until it has caught up with the
//! beginning of this leadership, a consumer gets no answer rather than one that goes back.

use crate::ids::Offset;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    Replica,
    /// A consumer with `isolation.level` `read_uncommitted`.
    ReadUncommitted,
    ReadCommitted,
}

/// The leader's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaderLog {
    pub log_end: Offset,
    pub high_watermark: Offset,
    pub last_stable_offset: Offset,
    /// Where the log ended when this leader epoch began.
    pub epoch_start: Offset,
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LatestOffset {
    /// The first offset that the asker can't have yet.
    At(Offset),
    /// `OFFSET_NOT_AVAILABLE`: ask again soon.
    NotAvailable,
}

/// Which offset is the latest for the one who asks?
#[must_use]
pub fn latest_offset(asker: Asker, log: LeaderLog) -> LatestOffset {
    match asker {
        Asker::Replica => LatestOffset::At(log.log_end),
        _ if log.high_watermark < log.epoch_start => LatestOffset::NotAvailable,
        Asker::ReadUncommitted => LatestOffset::At(log.high_watermark),
        Asker::ReadCommitted => LatestOffset::At(log.last_stable_offset),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_that_lags_behind_this_leadership_is_not_told() {
        let at = |high_watermark, asker| {
            let high_watermark = Offset(high_watermark);
            let (log_end, last_stable_offset, epoch_start) = (Offset(9), Offset(4), Offset(5));
            latest_offset(asker, LeaderLog { log_end, high_watermark, last_stable_offset, epoch_start })
        };
        assert_eq!(at(4, Asker::Replica), LatestOffset::At(Offset(9)));
        assert_eq!([at(4, Asker::ReadUncommitted), at(4, Asker::ReadCommitted)], [LatestOffset::NotAvailable; 2]);
        assert_eq!(at(5, Asker::ReadUncommitted), LatestOffset::At(Offset(5)));
        assert_eq!(at(5, Asker::ReadCommitted), LatestOffset::At(Offset(4)));
    }
}
