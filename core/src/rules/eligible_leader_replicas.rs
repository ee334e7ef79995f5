//! Who may lead although it is not in sync (Kafka: `PartitionChangeBuilder.populateTargetElr`, KIP-966).
//!
//! Below `min.insync.replicas` the high watermark stands still, so who leaves the ISR then still has all below it. It
//! is an eligible leader replica (ELR) until the ISR is large enough again, or until it loses what it had.

use super::election::{BrokerList, Change, Registration};
use crate::ids::{BrokerId, BrokerSet};

/// Who will be in the ELR, and who was in sync once and is in neither list any more.
#[must_use]
pub fn eligible_leader_replicas<List: BrokerList>(
    partition: &Registration<List>,
    change: &Change<List>,
) -> (List, List) {
    if !change.elr_enabled {
        // Left over from when it was enabled: for this election they still count.
        return (partition.elr.clone(), List::default());
    }
    if change.target_isr.len() >= change.min_isr {
        return (List::default(), List::default());
    }
    let set = |brokers: &[BrokerId]| brokers.iter().copied().collect::<BrokerSet>();
    let were_in_sync = set(&partition.isr).union(set(&partition.elr));
    let stays = set(&change.target_isr);
    let elr = were_in_sync.minus(stays).minus(change.unclean_shutdown);
    let last_known = were_in_sync.union(set(&partition.last_known_elr)).minus(stays).minus(elr);
    (elr.iter().collect(), last_known.iter().collect())
}

/// With balanced recovery the last known ELR is one broker, who led last: written when the partition loses its leader,
/// and kept until a record names another one.
#[must_use]
pub fn last_known_leader<List: BrokerList>(
    partition: &Registration<List>,
    change: &Change<List>,
    names_leader: bool,
    leader: Option<BrokerId>,
) -> List {
    match leader {
        _ if !change.elr_enabled || !names_leader => partition.last_known_elr.clone(),
        Some(_) => List::default(),
        None if partition.last_known_elr.is_empty() => partition.leader.into_iter().collect(),
        None => partition.last_known_elr.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::election::Election;
    use super::super::testing::brokers;
    use super::*;
    use crate::ids::LeaderEpoch;

    /// Replicas 1 to 4, led by 1.
    fn partition(isr: &[u8], elr: &[u8], last_known_elr: &[u8]) -> Registration {
        Registration {
            replicas: brokers(&[1, 2, 3, 4]),
            adding: Vec::new(),
            removing: Vec::new(),
            isr: brokers(isr),
            elr: brokers(elr),
            last_known_elr: brokers(last_known_elr),
            leader: Some(BrokerId(1)),
            recovering: false,
            leader_epoch: LeaderEpoch(4),
            partition_epoch: 10,
        }
    }

    /// Two are enough.
    fn change(target_isr: &[u8], unclean_shutdown: &[u8]) -> Change {
        Change {
            election: Election::Online,
            reassign: None,
            target_isr: brokers(target_isr),
            live: BrokerSet::EMPTY,
            unclean_shutdown: unclean_shutdown.iter().copied().map(BrokerId).collect(),
            min_isr: 2,
            elr_enabled: true,
            use_last_known_leader: true,
            target_recovering: false,
        }
    }

    #[test]
    fn who_leaves_an_isr_that_is_too_small_then_is_eligible() {
        let eligible = |target: &[u8], unclean: &[u8]| {
            eligible_leader_replicas(&partition(&[1, 2], &[3], &[4]), &change(target, unclean))
        };
        assert_eq!(eligible(&[1], &[]), (brokers(&[2, 3]), brokers(&[4])));
        assert_eq!(eligible(&[1], &[3]), (brokers(&[2]), brokers(&[3, 4])));
        assert_eq!(eligible(&[1, 2], &[]), (vec![], vec![]));
        let off = Change { elr_enabled: false, ..change(&[1], &[]) };
        assert_eq!(eligible_leader_replicas(&partition(&[1, 2], &[3], &[4]), &off), (brokers(&[3]), vec![]));
    }

    #[test]
    fn who_led_last_is_written_down_once_and_crossed_out_by_the_next_leader() {
        let last = |known: &[u8], change: &Change, names_leader, leader: Option<u8>| {
            last_known_leader(&partition(&[1], &[], known), change, names_leader, leader.map(BrokerId))
        };
        let on = change(&[], &[]);
        assert_eq!(last(&[], &on, true, None), brokers(&[1]));
        assert_eq!(last(&[3], &on, true, None), brokers(&[3]));
        assert_eq!(last(&[3], &on, true, Some(2)), vec![]);
        assert_eq!(last(&[3], &on, false, Some(2)), brokers(&[3]));
        assert_eq!(last(&[3], &Change { elr_enabled: false, ..on }, true, Some(2)), brokers(&[3]));
    }
}
