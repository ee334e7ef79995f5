//! How far the metadata log is committed (Kafka: `LeaderState.maybeUpdateHighWatermark`, KIP-595).
//!
//! A majority, not the in-sync replicas: the slowest of three voters holds nobody up. And only behind a record of the
//! leader's own epoch: an older record on a majority can still be lost to a voter whose last epoch is later, and that
//! voter can be elected until a majority has a record of this epoch.

use super::quorum_election::majority;
use crate::ids::Offset;

/// What the leader of the quorum knows when it decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuorumView<'a> {
    /// `None` until a first mark is known in this epoch.
    pub high_watermark: Option<Offset>,
    /// Where the leader's log ended when its epoch began; its first record stands there.
    pub epoch_start: Offset,
    /// The log ends of the voters, the leader's among them if it votes; `None` for one that has not fetched yet.
    pub ends: &'a [Option<Offset>],
}

/// The leader's decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuorumAdvance {
    /// Everything below this is committed now.
    To(Offset),
    /// Too few voters have fetched in this epoch.
    NoMajority,
    /// A majority holds the log up to here, but nothing of this epoch.
    EarlierEpochOnly(Offset),
    /// A majority holds the log up to here, and that is known.
    NotHigher(Offset),
}

/// May the metadata log's high watermark move, and how far? It never goes back.
#[must_use]
pub fn advance_quorum_mark(leader: QuorumView<'_>) -> QuorumAdvance {
    match held_by_majority(leader.ends) {
        None => QuorumAdvance::NoMajority,
        Some(end) if end <= leader.epoch_start => QuorumAdvance::EarlierEpochOnly(end),
        Some(end) if Some(end) <= leader.high_watermark => QuorumAdvance::NotHigher(end),
        Some(end) => QuorumAdvance::To(end),
    }
}

/// The largest log end that more than half of the voters have reached.
fn held_by_majority(ends: &[Option<Offset>]) -> Option<Offset> {
    let reached = |end: &Offset| ends.iter().flatten().filter(|other| *other >= end).count();
    ends.iter().flatten().filter(|end| reached(end) >= majority(ends.len())).max().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advance(mark: Option<i64>, epoch_start: i64, ends: &[Option<i64>]) -> QuorumAdvance {
        let ends: Vec<Option<Offset>> = ends.iter().map(|end| end.map(Offset)).collect();
        let view = QuorumView { high_watermark: mark.map(Offset), epoch_start: Offset(epoch_start), ends: &ends };
        advance_quorum_mark(view)
    }

    #[test]
    fn the_slower_half_does_not_count() {
        assert_eq!(advance(Some(5), 4, &[Some(9), Some(8), Some(1)]), QuorumAdvance::To(Offset(8)));
        assert_eq!(advance(None, 4, &[Some(9), Some(8), None, None]), QuorumAdvance::NoMajority);
        assert_eq!(advance(None, 4, &[Some(9), Some(8), Some(7), None]), QuorumAdvance::To(Offset(7)));
        assert_eq!(advance(Some(8), 4, &[Some(9), Some(8), Some(1)]), QuorumAdvance::NotHigher(Offset(8)));
        assert_eq!(advance(Some(8), 4, &[Some(9), Some(6), Some(7)]), QuorumAdvance::NotHigher(Offset(7)));
    }

    #[test]
    fn older_epochs_are_committed_with_the_first_record_of_this_one() {
        assert_eq!(advance(None, 7, &[Some(8), Some(7), Some(2)]), QuorumAdvance::EarlierEpochOnly(Offset(7)));
        assert_eq!(advance(None, 7, &[Some(8), Some(8), Some(2)]), QuorumAdvance::To(Offset(8)));
    }

    #[test]
    fn nobody_votes() {
        assert_eq!(advance(None, 0, &[]), QuorumAdvance::NoMajority);
    }
}
