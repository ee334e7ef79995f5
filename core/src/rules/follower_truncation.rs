//! Where a follower cuts its log before it copies on (Kafka: `AbstractFetcherThread.getOffsetTruncationState`, KIP-101,
//! KIP-279).
//!
//! The leader has said where an epoch ends in its log. The follower looks where the same epoch ends in its own, and
//! cuts at the earlier of the two. If it does not have that epoch at all, it cuts back to what it has before it, and
//! asks again from there.

use super::epoch_cache::{EndOffset, EpochEntry, end_offset_for_epoch};
use crate::ids::{LeaderEpoch, Offset};

/// What the leader answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaderAnswer {
    /// In its log this epoch, the asked one or the latest before it, ends here.
    Ends { epoch: LeaderEpoch, end: Offset },
    /// It knows of no such epoch.
    Undefined,
}

/// Where the follower cuts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FollowerTruncation {
    /// Below this both logs are the same.
    Done(Offset),
    /// The follower ends here with an older epoch than the leader said: it has to ask about that one next.
    AskAgain(Offset),
}

/// Where does a follower with these epochs, whose log ends at `log_end`, cut? Without any epoch that both know, its own
/// high watermark has to do.
#[must_use]
pub fn truncate_follower(
    entries: &[EpochEntry],
    log_end: Offset,
    high_watermark: Offset,
    answer: LeaderAnswer,
) -> FollowerTruncation {
    let LeaderAnswer::Ends { epoch, end } = answer else { return FollowerTruncation::Done(high_watermark) };
    match end_offset_for_epoch(entries, epoch, log_end) {
        EndOffset::Undefined => FollowerTruncation::Done(end.min(log_end)),
        EndOffset::NextStarts { epoch: own, end } if own != epoch => FollowerTruncation::AskAgain(end.min(log_end)),
        EndOffset::NextStarts { end: own_end, .. } | EndOffset::LogEnd(own_end) | EndOffset::BeforeFirst(own_end) => {
            FollowerTruncation::Done(own_end.min(end).min(log_end))
        }
    }
}

/// What a follower does whose fetch is answered `OFFSET_OUT_OF_RANGE`. Source: `fetchOffsetAndTruncate`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutOfRange {
    /// The leader has less than the follower: an unclean leader. The follower cuts down to it.
    CutTo(Offset),
    /// The leader has deleted what comes next: the follower drops all it has and begins where the leader does.
    StartOverAt(Offset),
    /// The leader's log has moved on meanwhile: the follower fetches again from its own log end.
    FetchAgain,
}

/// Compares the follower's log end with the leader's log.
#[must_use]
pub fn out_of_range(log_end: Offset, leader_start: Offset, leader_end: Offset) -> OutOfRange {
    if leader_end < log_end {
        OutOfRange::CutTo(leader_end)
    } else if leader_start > log_end {
        OutOfRange::StartOverAt(leader_start)
    } else {
        OutOfRange::FetchAgain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// KIP-279: B has epochs 1 from 0 and 2 from 11, and ends at 16.
    fn cut(answer: Option<(i32, i64)>) -> FollowerTruncation {
        let entry = |epoch, start| EpochEntry { epoch: LeaderEpoch(epoch), start: Offset(start) };
        let answer = answer.map_or(LeaderAnswer::Undefined, |(epoch, end)| LeaderAnswer::Ends {
            epoch: LeaderEpoch(epoch),
            end: Offset(end),
        });
        truncate_follower(&[entry(1, 0), entry(4, 11)], Offset(16), Offset(7), answer)
    }

    #[test]
    fn the_earlier_end_of_an_epoch_that_both_have() {
        let done = |at| FollowerTruncation::Done(Offset(at));
        assert_eq!([cut(Some((1, 21))), cut(Some((1, 9)))], [done(11), done(9)]);
        assert_eq!([cut(Some((4, 40))), cut(Some((4, 12)))], [done(16), done(12)]);
        assert_eq!([cut(Some((5, 40))), cut(Some((5, 12))), cut(None)], [done(16), done(12), done(7)]);
        assert_eq!(cut(Some((0, 3))), done(0));
    }

    #[test]
    fn an_epoch_that_the_follower_lacks_is_asked_about_again() {
        assert_eq!(cut(Some((3, 40))), FollowerTruncation::AskAgain(Offset(11)));
    }

    #[test]
    fn out_of_range_on_either_side() {
        let compare = |start, end| out_of_range(Offset(5), Offset(start), Offset(end));
        assert_eq!([compare(0, 4), compare(6, 9)], [OutOfRange::CutTo(Offset(4)), OutOfRange::StartOverAt(Offset(6))]);
        assert_eq!([compare(0, 5), compare(5, 9)], [OutOfRange::FetchAgain; 2]);
    }
}
