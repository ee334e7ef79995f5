//! What a leader answers to "where did this epoch end?" (Kafka: OffsetForLeaderEpoch,
//! `Partition.lastOffsetForLeaderEpoch`; KIP-101, KIP-279).
//!
//! The first version of the answer was an offset: whatever epoch begins there, the asked one has ended. If the leader
//! has never seen the asked epoch, that is not where the two logs part. So the second version names the epoch too.

use super::epoch_cache::{EndOffset, EpochEntry, end_offset_for_epoch};
use super::truncation_rule::TruncationRule;
use crate::ids::{LeaderEpoch, Offset};

/// What the leader answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaderAnswer {
    /// In its log this epoch, the asked one or the latest before it, ends here.
    Ends { epoch: LeaderEpoch, end: Offset },
    /// The asked epoch has ended here; which one the leader has before that, it does not say.
    EndsAt(Offset),
    /// It knows of no such epoch.
    Undefined,
}

/// Where does `asked` end in a leader's log with these epochs that ends at `log_end`? The high watermark plays no part.
#[must_use]
pub fn offset_for_leader_epoch(
    rule: TruncationRule,
    entries: &[EpochEntry],
    asked: LeaderEpoch,
    log_end: Offset,
) -> LeaderAnswer {
    let known = match end_offset_for_epoch(entries, asked, log_end) {
        EndOffset::LogEnd(end) | EndOffset::BeforeFirst(end) => Some((asked, end)),
        EndOffset::NextStarts { epoch, end } => Some((epoch, end)),
        EndOffset::Undefined => None,
    };
    match (rule, known) {
        (TruncationRule::ToHighWatermark, _) | (_, None) => LeaderAnswer::Undefined,
        (TruncationRule::Kip101, Some((_, end))) => LeaderAnswer::EndsAt(end),
        (TruncationRule::Kip279 | TruncationRule::Kip320, Some((epoch, end))) => LeaderAnswer::Ends { epoch, end },
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::epochs;
    use super::super::truncation::{TruncationPoint, truncation_point};
    use super::*;

    fn answers(entries: &[(i32, i64)], asked: i32, log_end: i64) -> [LeaderAnswer; 4] {
        let entries = epochs(entries);
        TruncationRule::ALL.map(|rule| offset_for_leader_epoch(rule, &entries, LeaderEpoch(asked), Offset(log_end)))
    }

    #[test]
    fn the_first_version_says_an_offset_and_the_second_an_epoch_too() {
        let with_epoch = |epoch, end| LeaderAnswer::Ends { epoch: LeaderEpoch(epoch), end: Offset(end) };
        let leader = [(1, 4), (3, 21)];
        let each = |end, epoch| {
            let ends = with_epoch(epoch, end);
            [LeaderAnswer::Undefined, LeaderAnswer::EndsAt(Offset(end)), ends, ends]
        };
        assert_eq!(answers(&leader, 3, 30), each(30, 3));
        assert_eq!(answers(&leader, 2, 30), each(21, 1));
        assert_eq!(answers(&leader, 0, 30), each(4, 0));
        assert_eq!([answers(&leader, 4, 30), answers(&[], 0, 0)], [[LeaderAnswer::Undefined; 4]; 2]);
    }

    /// KIP-101, loss: the follower has offsets 0 and 1, its mark is at 1. The leader has both too.
    #[test]
    fn a_follower_that_asks_keeps_what_is_committed_but_not_in_its_mark() {
        let cut = |answer| truncation_point(&epochs(&[(0, 0)]), Offset(2), Offset(1), answer).offset();
        let [none, kip_101, kip_279, _] = answers(&[(0, 0)], 0, 2);
        assert_eq!([cut(Some(none)), cut(None)], [Offset(1); 2]);
        assert_eq!([cut(Some(kip_101)), cut(Some(kip_279))], [Offset(2); 2]);
    }

    /// KIP-279: A leads epochs 1 and 3. B led epoch 2 unseen, and wrote 11 to 15. B's mark is at 11.
    #[test]
    fn by_an_offset_alone_b_keeps_what_only_it_has() {
        let b = epochs(&[(1, 0), (2, 11)]);
        let cuts = answers(&[(1, 0), (3, 21)], 2, 21).map(|a| truncation_point(&b, Offset(16), Offset(11), Some(a)));
        let kip_279 = TruncationPoint::OwnEnd(Offset(11));
        let kip_101 = TruncationPoint::LogEnd(Offset(16));
        assert_eq!(cuts, [TruncationPoint::HighWatermark(Offset(11)), kip_101, kip_279, kip_279]);
    }

    /// The leader is still in epoch 0 and the follower's last record of epoch 1: the mark has to do, by every rule.
    #[test]
    fn a_leader_that_is_behind_knows_nothing() {
        let follower = epochs(&[(0, 0), (1, 1)]);
        let cuts = answers(&[(0, 0)], 1, 1).map(|a| truncation_point(&follower, Offset(2), Offset(0), Some(a)));
        assert_eq!(cuts, [TruncationPoint::HighWatermark(Offset(0)); 4]);
    }
}
