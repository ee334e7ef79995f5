//! Who is in sync (Kafka: `Partition.maybeExpandIsr`, `maybeShrinkIsr`, `PartitionState`; KIP-497, KIP-841, KIP-903).
//!
//! The leader proposes, the controller decides. While a change is in flight the leader plays safe: a replica that is
//! about to join holds the mark back already (the maximal ISR), one that is about to leave still does, and what counts
//! as enough replicas for acks=all is what the controller has confirmed (the committed ISR).

use crate::ids::{BrokerId, BrokerSet, Offset};

/// The ISR of a partition, as its leader has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Isr {
    /// As the controller last said.
    pub committed: BrokerSet,
    /// Proposed to the controller, which has not answered.
    pub in_flight: Option<BrokerSet>,
}

impl Isr {
    /// The committed ISR and whoever is about to join it.
    #[must_use]
    pub fn maximal(self) -> BrokerSet {
        self.in_flight.map_or(self.committed, |proposed| self.committed.union(proposed))
    }
}

/// A broker, as the metadata of this one has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BrokerFacts {
    pub fenced: bool,
    pub shutting_down: bool,
    /// Which start of the broker has registered.
    pub epoch: i64,
}

impl BrokerFacts {
    /// The epoch of a broker that is alive: of a fenced one there is none.
    #[must_use]
    pub fn alive_epoch(&self) -> Option<i64> {
        (!self.fenced).then_some(self.epoch)
    }

    /// May the controller accept it into an ISR, given the epoch with which it fetched? The log that an earlier start
    /// of the broker had may be gone (KIP-903).
    #[must_use]
    pub fn is_eligible(&self, fetched_with: Option<i64>) -> bool {
        !self.shutting_down && fetched_with.is_some() && fetched_with == self.alive_epoch()
    }
}

/// Whether a follower that has just fetched joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// Its leader proposes it.
    Propose,
    MemberAlready,
    /// One change at a time.
    ChangeInFlight,
    /// Its broker is fenced, shutting down, or has started anew.
    NotEligible,
    /// It lacks records that are committed.
    BelowHighWatermark,
    /// It lacks records from before this leadership, which the mark may not show yet.
    BelowEpochStart,
}

/// May `follower`, all of whose records are below `log_end`, join the ISR?
#[must_use]
pub fn may_join(
    isr: Isr,
    follower: BrokerId,
    eligible: bool,
    log_end: Offset,
    high_watermark: Offset,
    epoch_start: Offset,
) -> Join {
    if isr.in_flight.is_some() {
        Join::ChangeInFlight
    } else if isr.committed.contains(follower) {
        Join::MemberAlready
    } else if !eligible {
        Join::NotEligible
    } else if log_end < high_watermark {
        Join::BelowHighWatermark
    } else if log_end < epoch_start {
        Join::BelowEpochStart
    } else {
        Join::Propose
    }
}

/// What the leader's regular look at its ISR comes to: every half of `replica.lag.time.max.ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shrink {
    /// The ISR without those who have not been caught up for too long.
    Propose(BrokerSet),
    /// One change at a time.
    ChangeInFlight,
    AllInTime,
}

/// Who has to leave? The leader itself is never among those who are `late`.
#[must_use]
pub fn shrink(isr: Isr, late: BrokerSet) -> Shrink {
    if isr.in_flight.is_some() {
        Shrink::ChangeInFlight
    } else if isr.committed.minus(late) == isr.committed {
        Shrink::AllInTime
    } else {
        Shrink::Propose(isr.committed.minus(late))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::broker_set;
    use super::*;

    #[test]
    fn the_maximal_isr_has_whoever_may_be_in_it() {
        let grows = Isr { committed: broker_set(&[1, 2]), in_flight: Some(broker_set(&[1, 2, 3])) };
        assert_eq!(grows.maximal(), broker_set(&[1, 2, 3]));
        let shrinks = Isr { committed: broker_set(&[1, 2]), in_flight: Some(broker_set(&[1])) };
        assert_eq!(shrinks.maximal(), broker_set(&[1, 2]));
    }

    #[test]
    fn a_follower_joins_once_it_has_what_is_committed_and_what_came_before_this_leader() {
        let isr = Isr { committed: broker_set(&[1]), in_flight: None };
        let join = |log_end| may_join(isr, BrokerId(2), true, Offset(log_end), Offset(5), Offset(7));
        assert_eq!([join(4), join(6), join(7)], [Join::BelowHighWatermark, Join::BelowEpochStart, Join::Propose]);
    }

    #[test]
    fn a_broker_that_started_anew_has_to_fetch_first() {
        let broker = BrokerFacts { epoch: 8, ..BrokerFacts::default() };
        assert!(broker.is_eligible(Some(8)) && !broker.is_eligible(Some(7)) && !broker.is_eligible(None));
        assert!(!BrokerFacts { fenced: true, ..broker }.is_eligible(Some(8)));
    }

    #[test]
    fn who_is_late_leaves() {
        let isr = Isr { committed: broker_set(&[1, 2, 3]), in_flight: None };
        assert_eq!(shrink(isr, broker_set(&[3, 4])), Shrink::Propose(broker_set(&[1, 2])));
        assert_eq!(shrink(isr, broker_set(&[4])), Shrink::AllInTime);
    }
}
