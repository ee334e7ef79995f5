//! Who leads a partition (Kafka: `PartitionChangeBuilder.electLeader`, KIP-966).
//!
//! No one votes. The controller goes through the replica list and takes the first live one of which it knows that it
//! has everything committed: a member of the ISR, or, once that is empty, of the ELR.

use std::ops::Deref;

use super::reassignment::Assignment;
use crate::ids::{BrokerId, BrokerSet, LeaderEpoch};

/// A list of brokers whose order matters. A world's are vectors; who asks the rules millions of times keeps them in
/// place.
pub trait BrokerList: Clone + Default + PartialEq + Deref<Target = [BrokerId]> + FromIterator<BrokerId> {}

impl BrokerList for Vec<BrokerId> {}

/// What is registered of a partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration<List = Vec<BrokerId>> {
    /// Their order is the order of preference.
    pub replicas: List,
    /// Of the replicas: those that a reassignment adds, until it is done.
    pub adding: List,
    /// Of the replicas: those that a reassignment will take out.
    pub removing: List,
    pub isr: List,
    /// Eligible leader replicas: they left an ISR that was too small to commit without them, so they miss nothing.
    pub elr: List,
    /// With balanced recovery: the last leader of a partition that has none.
    pub last_known_elr: List,
    pub leader: Option<BrokerId>,
    /// The leader was elected uncleanly, and has not said yet that it is done with that.
    pub recovering: bool,
    /// One more whenever a record names the leader, be it the same.
    pub leader_epoch: LeaderEpoch,
    /// One more at every record.
    pub partition_epoch: i32,
}

/// Which leader is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Election {
    /// The first in the replica list, else as for `Online`.
    Preferred,
    /// The leader may stay; else the first that misses nothing.
    Online,
    /// As `Online`; else any that lives (`unclean.leader.election.enable`).
    Unclean,
}

/// What is asked of the controller.
#[derive(Clone, Debug)]
pub struct Change<List = Vec<BrokerId>> {
    pub election: Election,
    /// A reassignment that begins with it.
    pub reassign: Option<Assignment<List>>,
    /// The ISR from now on, before an election changes it again.
    pub target_isr: List,
    /// Brokers that have registered, are not fenced, and are not shutting down.
    pub live: BrokerSet,
    /// Brokers that came back without having stopped cleanly: what they had not flushed is gone.
    pub unclean_shutdown: BrokerSet,
    /// `min.insync.replicas`.
    pub min_isr: usize,
    /// `eligible.leader.replicas.version` is 1.
    pub elr_enabled: bool,
    /// Balanced recovery: the last known leader may be elected when nobody else may.
    pub use_last_known_leader: bool,
    pub target_recovering: bool,
}

/// How the leader was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elected {
    /// The first of the replica list is fit to lead, and was asked for.
    Preferred(BrokerId),
    /// Who leads is fit to.
    Stays(BrokerId),
    /// The first fit one of the replica list.
    InListOrder(BrokerId),
    /// Nobody is fit; who led last is back, perhaps with less than it had. Unclean.
    LastKnownLeader(BrokerId),
    /// Nobody is fit; the first live one leads with what it has. Unclean.
    AnyLive(BrokerId),
    /// The partition is offline.
    Nobody,
}

/// Elects a leader, given the ISR and the ELR that there will be.
#[must_use]
pub fn elect_leader<List: BrokerList>(
    partition: &Registration<List>,
    change: &Change<List>,
    isr: &[BrokerId],
    elr: &[BrokerId],
) -> Elected {
    let is_fit = |node: BrokerId| change.live.contains(node) && if isr.is_empty() { elr } else { isr }.contains(&node);
    let preferred = partition.replicas.first().copied().filter(|node| is_fit(*node));
    if let (Election::Preferred, Some(preferred)) = (change.election, preferred) {
        return Elected::Preferred(preferred);
    }
    if let Some(leader) = partition.leader.filter(|leader| is_fit(*leader)) {
        return Elected::Stays(leader);
    }
    if let Some(first) = partition.replicas.iter().copied().find(|node| is_fit(*node)) {
        return Elected::InListOrder(first);
    }
    let balanced = change.elr_enabled && change.use_last_known_leader && isr.is_empty() && elr.is_empty();
    if let (true, [last]) = (balanced, &*partition.last_known_elr)
        && change.live.contains(*last)
    {
        return Elected::LastKnownLeader(*last);
    }
    let live = partition.replicas.iter().copied().find(|node| change.live.contains(*node));
    if let (Election::Unclean, Some(live)) = (change.election, live) {
        return Elected::AnyLive(live);
    }
    Elected::Nobody
}

impl Elected {
    /// None if the partition has no leader.
    #[must_use]
    pub fn leader(self) -> Option<BrokerId> {
        match self {
            Elected::Preferred(node) | Elected::Stays(node) | Elected::InListOrder(node) => Some(node),
            Elected::LastKnownLeader(node) | Elected::AnyLive(node) => Some(node),
            Elected::Nobody => None,
        }
    }

    /// The leader may lack records that were committed.
    #[must_use]
    pub fn is_unclean(self) -> bool {
        matches!(self, Elected::LastKnownLeader(_) | Elected::AnyLive(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Replicas 1, 2, 3, with these in the ISR and the ELR, led by 1, elected among these live ones.
    fn elect(election: Election, isr: &[u8], elr: &[u8], last: &[u8], live: &[u8]) -> Elected {
        let (partition, change) = case(election, isr, elr, last, live);
        elect_leader(&partition, &change, &partition.isr, &partition.elr)
    }

    fn case(election: Election, isr: &[u8], elr: &[u8], last: &[u8], live: &[u8]) -> (Registration, Change) {
        let brokers = |numbers: &[u8]| numbers.iter().copied().map(BrokerId).collect::<Vec<_>>();
        let partition = Registration {
            replicas: brokers(&[1, 2, 3]),
            adding: Vec::new(),
            removing: Vec::new(),
            isr: brokers(isr),
            elr: brokers(elr),
            last_known_elr: brokers(last),
            leader: Some(BrokerId(1)),
            recovering: false,
            leader_epoch: LeaderEpoch(4),
            partition_epoch: 10,
        };
        let change = Change {
            election,
            reassign: None,
            target_isr: brokers(isr),
            live: live.iter().copied().map(BrokerId).collect(),
            unclean_shutdown: BrokerSet::EMPTY,
            min_isr: 2,
            elr_enabled: true,
            use_last_known_leader: true,
            target_recovering: false,
        };
        (partition, change)
    }

    #[test]
    fn the_leader_stays_unless_the_first_of_the_list_is_asked_for() {
        assert_eq!(elect(Election::Online, &[1, 2], &[], &[], &[1, 2]), Elected::Stays(BrokerId(1)));
        assert_eq!(elect(Election::Preferred, &[1, 2], &[], &[], &[1, 2]), Elected::Preferred(BrokerId(1)));
        assert_eq!(elect(Election::Online, &[2, 3], &[], &[], &[3, 2]), Elected::InListOrder(BrokerId(2)));
    }

    #[test]
    fn who_misses_nothing_comes_before_who_led_last_and_before_anybody() {
        assert_eq!(elect(Election::Unclean, &[], &[3], &[1], &[2, 3]), Elected::InListOrder(BrokerId(3)));
        assert_eq!(elect(Election::Online, &[], &[], &[1], &[1, 2]), Elected::LastKnownLeader(BrokerId(1)));
        assert_eq!(elect(Election::Unclean, &[3], &[], &[], &[2]), Elected::AnyLive(BrokerId(2)));
        assert_eq!(elect(Election::Online, &[3], &[], &[], &[2]), Elected::Nobody);
    }

    #[test]
    fn who_led_last_is_elected_only_by_balanced_recovery_and_only_if_nobody_is_in_either_list() {
        let elect_with = |elr_enabled, use_last_known_leader| {
            let (partition, change) = case(Election::Online, &[], &[], &[1], &[1, 2]);
            let change = Change { elr_enabled, use_last_known_leader, ..change };
            elect_leader(&partition, &change, &[], &[])
        };
        assert_eq!(elect_with(true, true), Elected::LastKnownLeader(BrokerId(1)));
        assert_eq!([elect_with(false, true), elect_with(true, false)], [Elected::Nobody; 2]);
        assert_eq!(elect(Election::Online, &[3], &[], &[1], &[1]), Elected::Nobody);
        assert_eq!(elect(Election::Online, &[], &[3], &[1], &[1]), Elected::Nobody);
        assert_eq!(elect(Election::Online, &[], &[], &[1], &[2]), Elected::Nobody);
    }
}
