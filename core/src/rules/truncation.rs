//! Where a replica cuts its log before it copies on (Kafka: `AbstractFetcherThread.getOffsetTruncationState`, KIP-101,
//! KIP-279).
//!
//! The leader has said where an epoch ends in its log. The follower looks where the same epoch ends in its own, and
//! cuts at the earlier of the two. If it does not have that epoch at all, it cuts back to what it has before it, and
//! asks again from there. Without an answer all it has to go by is its high watermark, which is told late.

use super::epoch_cache::{EndOffset, EpochEntry, end_offset_for_epoch};
use super::offset_for_leader_epoch::LeaderAnswer;
use crate::ids::Offset;

/// Where the replica cuts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TruncationPoint {
    /// At its own high watermark: nobody was asked, or the leader has never heard of the epoch.
    HighWatermark(Offset),
    /// Where the leader's log ends the epoch.
    LeaderEnd(Offset),
    /// Where its own log ends the epoch; of what comes behind the leader knows nothing.
    OwnEnd(Offset),
    /// The leader named an older epoch, which this log lacks: where the one before that ends. It asks about that next.
    AskAgain(Offset),
    /// Nowhere: the leader has all of its log.
    LogEnd(Offset),
}

/// Where does a replica cut that has these epochs, and whose log ends at `log_end`, given the leader's answer? None is
/// of one that did not ask, or has no epoch to ask about.
#[must_use]
pub fn truncation_point(
    entries: &[EpochEntry],
    log_end: Offset,
    high_watermark: Offset,
    answer: Option<LeaderAnswer>,
) -> TruncationPoint {
    let (epoch, end) = match answer {
        Some(LeaderAnswer::Ends { epoch, end }) => (Some(epoch), end),
        Some(LeaderAnswer::EndsAt(end)) => (None, end),
        Some(LeaderAnswer::Undefined) | None => return TruncationPoint::HighWatermark(high_watermark),
    };
    let own_end = match epoch.map(|epoch| (epoch, end_offset_for_epoch(entries, epoch, log_end))) {
        Some((epoch, EndOffset::NextStarts { epoch: own, end })) if own != epoch => {
            return TruncationPoint::AskAgain(end.min(log_end));
        }
        Some((_, EndOffset::NextStarts { end, .. } | EndOffset::BeforeFirst(end))) => end.min(log_end),
        Some((_, EndOffset::LogEnd(_) | EndOffset::Undefined)) | None => log_end,
    };
    if end < own_end {
        TruncationPoint::LeaderEnd(end)
    } else if own_end < log_end {
        TruncationPoint::OwnEnd(own_end)
    } else {
        TruncationPoint::LogEnd(log_end)
    }
}

impl TruncationPoint {
    /// Where the log ends afterwards.
    #[must_use]
    pub fn offset(self) -> Offset {
        match self {
            TruncationPoint::HighWatermark(at) | TruncationPoint::LeaderEnd(at) | TruncationPoint::OwnEnd(at) => at,
            TruncationPoint::AskAgain(at) | TruncationPoint::LogEnd(at) => at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::epochs;
    use super::*;
    use crate::ids::LeaderEpoch;

    /// Epochs 1 from 0 and 4 from 11, up to 16; the mark is at 7.
    fn cut(answer: Option<LeaderAnswer>) -> TruncationPoint {
        truncation_point(&epochs(&[(1, 0), (4, 11)]), Offset(16), Offset(7), answer)
    }

    fn ends(epoch: i32, end: i64) -> Option<LeaderAnswer> {
        Some(LeaderAnswer::Ends { epoch: LeaderEpoch(epoch), end: Offset(end) })
    }

    #[test]
    fn the_earlier_end_of_an_epoch_that_both_have() {
        let own = TruncationPoint::OwnEnd(Offset(11));
        assert_eq!([cut(ends(1, 21)), cut(ends(1, 11))], [own; 2]);
        assert_eq!(cut(ends(1, 9)), TruncationPoint::LeaderEnd(Offset(9)));
        assert_eq!(cut(ends(4, 12)), TruncationPoint::LeaderEnd(Offset(12)));
        assert_eq!(cut(ends(0, 3)), TruncationPoint::OwnEnd(Offset(0)));
    }

    #[test]
    fn nothing_is_cut_that_the_leader_has() {
        let all = TruncationPoint::LogEnd(Offset(16));
        assert_eq!([cut(ends(4, 40)), cut(ends(4, 16)), cut(ends(5, 40))], [all; 3]);
        assert_eq!(cut(Some(LeaderAnswer::EndsAt(Offset(21)))), all);
    }

    /// By KIP-101 an end is an end, of whatever epoch.
    #[test]
    fn an_end_without_an_epoch_or_of_a_newer_one_is_taken_as_it_is() {
        let there = TruncationPoint::LeaderEnd(Offset(12));
        assert_eq!([cut(Some(LeaderAnswer::EndsAt(Offset(12)))), cut(ends(5, 12))], [there; 2]);
    }

    #[test]
    fn without_an_answer_the_mark_has_to_do() {
        let mark = TruncationPoint::HighWatermark(Offset(7));
        assert_eq!([cut(None), cut(Some(LeaderAnswer::Undefined))], [mark; 2]);
    }

    #[test]
    fn an_epoch_that_the_follower_lacks_is_asked_about_again() {
        assert_eq!(cut(ends(3, 40)), TruncationPoint::AskAgain(Offset(11)));
        assert_eq!(cut(ends(3, 40)).offset(), Offset(11));
    }
}
