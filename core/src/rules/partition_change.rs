//! What changes with the leader of a partition (Kafka: `PartitionChangeBuilder`, KIP-704, KIP-966).
//!
//! What the controller decides is one record; the partition's registration after it is the registration before, with
//! what the record names replaced. Every record is a new partition epoch; only one that names the leader is a new
//! leader epoch, so replicas that come and go disturb nobody.

use super::election::{BrokerList, Change, Elected, Registration, elect_leader};
use super::eligible_leader_replicas::{eligible_leader_replicas, last_known_leader};
use super::reassignment::{Assignment, complete_reassignment};
use crate::ids::{BrokerId, LeaderEpoch};

/// What the controller writes: `leader` is what the record names, none if it does not name the leader at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<List = Vec<BrokerId>> {
    /// Nothing would be different, so nothing is written.
    Unchanged,
    /// Lists change; the leader epoch does not.
    SameLeadership(Registration<List>),
    /// The record names the leader, or that there is none: a new leader epoch begins.
    NewLeaderEpoch(Registration<List>),
}

/// Builds the change, and the registration after it.
#[must_use]
pub fn change_partition<List: BrokerList>(partition: &Registration<List>, change: &Change<List>) -> Outcome<List> {
    let (assigned, change) = &reassigned(partition, change);
    let drops_a_replica = partition.replicas.iter().any(|replica| !assigned.replicas.contains(replica));
    let (mut elr, mut last_known_elr) = eligible_leader_replicas(assigned, change);
    let mut isr = change.target_isr.clone();
    let elected = elect_leader(assigned, change, &isr, &elr);
    let leader = elected.leader();
    let is_elected = leader != partition.leader;
    // Who loses its replica must not go on under the old epoch.
    let names_leader = is_elected || drops_a_replica;
    let unclean = is_elected && elected.is_unclean();
    if let Some(leader) = leader.filter(|leader| is_elected && (unclean || elr.contains(leader))) {
        isr = List::from_iter([leader]);
        elr = elr.iter().copied().filter(|node| *node != leader).collect();
    }
    if unclean || !change.elr_enabled {
        (elr, last_known_elr) = (List::default(), List::default());
    }
    // Without ELR a partition has somebody in its ISR always, live or not.
    if isr.is_empty() && !change.elr_enabled {
        isr.clone_from(&partition.isr);
    }
    if change.use_last_known_leader {
        last_known_elr = last_known_leader(assigned, change, names_leader, leader);
    }
    // An order to be done with recovery wins over the unclean election that begins one.
    let recovering = if change.target_recovering == partition.recovering {
        unclean || partition.recovering
    } else {
        change.target_recovering
    };
    let changed = Registration { isr, elr, last_known_elr, leader, recovering, ..assigned.clone() };
    if changed == *partition {
        return Outcome::Unchanged;
    }
    let changed = Registration { partition_epoch: partition.partition_epoch.saturating_add(1), ..changed };
    if !names_leader {
        return Outcome::SameLeadership(changed);
    }
    Outcome::NewLeaderEpoch(Registration {
        leader_epoch: LeaderEpoch(partition.leader_epoch.0.saturating_add(1)),
        ..changed
    })
}

/// How the change finds its leader.
#[must_use]
pub fn elected<List: BrokerList>(partition: &Registration<List>, change: &Change<List>) -> Elected {
    let (assigned, change) = &reassigned(partition, change);
    let (elr, _) = eligible_leader_replicas(assigned, change);
    elect_leader(assigned, change, &change.target_isr, &elr)
}

/// With the replicas that there will be, and the ISR: a reassignment begins, is under way, or is done with this change.
fn reassigned<List: BrokerList>(
    partition: &Registration<List>,
    change: &Change<List>,
) -> (Registration<List>, Change<List>) {
    let Registration { replicas, adding, removing, .. } = partition.clone();
    let wanted = change.reassign.clone().unwrap_or(Assignment { replicas, adding, removing });
    let done = complete_reassignment(&wanted, &change.target_isr);
    let (assignment, target_isr) = done.unwrap_or_else(|| (wanted, change.target_isr.clone()));
    let Assignment { replicas, adding, removing } = assignment;
    let assigned = Registration { replicas, adding, removing, ..partition.clone() };
    (assigned, Change { target_isr, ..change.clone() })
}

#[cfg(test)]
mod tests {
    use super::super::election::Election;
    use super::super::testing::{brokers, led_by_1};
    use super::*;
    use crate::ids::BrokerSet;

    /// The brokers that are given live, and only they stay in the ISR.
    fn after(partition: &Registration, live: &[u8], election: Election) -> Outcome {
        let change = Change {
            election,
            reassign: None,
            target_isr: partition.isr.iter().copied().filter(|node| live.contains(&node.0)).collect(),
            live: live.iter().copied().map(BrokerId).collect(),
            unclean_shutdown: BrokerSet::EMPTY,
            min_isr: 2,
            elr_enabled: true,
            use_last_known_leader: true,
            target_recovering: partition.recovering,
        };
        change_partition(partition, &change)
    }

    #[test]
    fn a_dead_leader_is_followed_by_the_next_in_the_list() {
        let next = Registration {
            isr: brokers(&[2, 3]),
            leader: Some(BrokerId(2)),
            leader_epoch: LeaderEpoch(5),
            partition_epoch: 11,
            ..led_by_1()
        };
        assert_eq!(after(&led_by_1(), &[2, 3], Election::Online), Outcome::NewLeaderEpoch(next));
    }

    #[test]
    fn a_follower_that_leaves_the_isr_changes_the_partition_epoch_alone() {
        let smaller = Registration { isr: brokers(&[1, 3]), partition_epoch: 11, ..led_by_1() };
        assert_eq!(after(&led_by_1(), &[1, 3], Election::Online), Outcome::SameLeadership(smaller));
        assert_eq!(after(&led_by_1(), &[1, 2, 3], Election::Preferred), Outcome::Unchanged);
    }

    /// KIP-966, the last replica standing: broker 2 left an ISR that could not commit without it, so it may lead.
    #[test]
    fn an_eligible_replica_is_elected_cleanly() {
        let alone = Registration { isr: brokers(&[1]), elr: brokers(&[2]), ..led_by_1() };
        let offline = Registration {
            isr: vec![],
            elr: brokers(&[1, 2]),
            last_known_elr: brokers(&[1]),
            leader: None,
            leader_epoch: LeaderEpoch(5),
            partition_epoch: 11,
            ..led_by_1()
        };
        assert_eq!(after(&alone, &[], Election::Online), Outcome::NewLeaderEpoch(offline.clone()));
        let Outcome::NewLeaderEpoch(back) = after(&offline, &[2], Election::Online) else { panic!("no leader") };
        assert_eq!((back.leader, &back.isr, &back.elr), (Some(BrokerId(2)), &brokers(&[2]), &brokers(&[1])));
        assert!(!back.recovering && back.last_known_elr.is_empty());
    }

    #[test]
    fn an_unclean_leader_is_alone_and_recovering() {
        let Outcome::NewLeaderEpoch(unclean) =
            after(&Registration { isr: brokers(&[1]), ..led_by_1() }, &[3], Election::Unclean)
        else {
            panic!("no leader")
        };
        assert_eq!((unclean.leader, unclean.isr, unclean.elr), (Some(BrokerId(3)), brokers(&[3]), vec![]));
        assert!(unclean.recovering);
    }
}
