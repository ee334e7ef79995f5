//! What a follower does whose fetch is answered `OFFSET_OUT_OF_RANGE` (Kafka:
//! `AbstractFetcherThread.fetchOffsetAndTruncate`).
//!
//! It asks the leader where its log starts and ends, and there are two ways to be outside of it.

use crate::ids::Offset;

/// Which of the two it is.
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

    #[test]
    fn out_of_range_on_either_side() {
        let compare = |start, end| out_of_range(Offset(5), Offset(start), Offset(end));
        assert_eq!([compare(0, 4), compare(6, 9)], [OutOfRange::CutTo(Offset(4)), OutOfRange::StartOverAt(Offset(6))]);
        assert_eq!([compare(0, 5), compare(5, 9)], [OutOfRange::FetchAgain; 2]);
    }
}
