//! Elections, eligible leader replicas, and what a controller takes from a leader (ELE, ELR, APR; Kafka:
//! `PartitionChangeBuilder`, `ReplicationControlManager`).

use kafka_lab::ids::{BrokerId, BrokerSet, LeaderEpoch};
use kafka_lab::rules::alter_partition::Proposal;
use kafka_lab::rules::alter_partition_check::{AlterCheck, check_alter_partition};
use kafka_lab::rules::election::{Change, Elected, Election, Registration, elect_leader};
use kafka_lab::rules::partition_change::{Outcome, change_partition};

fn brokers(numbers: &[u8]) -> Vec<BrokerId> {
    numbers.iter().copied().map(BrokerId).collect()
}

fn set(numbers: &[u8]) -> BrokerSet {
    brokers(numbers).into_iter().collect()
}

fn partition(replicas: &[u8], isr: &[u8], leader: Option<u8>) -> Registration {
    Registration {
        replicas: brokers(replicas),
        adding: Vec::new(),
        removing: Vec::new(),
        isr: brokers(isr),
        elr: vec![],
        last_known_elr: vec![],
        leader: leader.map(BrokerId),
        recovering: false,
        leader_epoch: LeaderEpoch(100),
        partition_epoch: 200,
    }
}

/// With eligible leader replicas, without balanced recovery.
fn change(election: Election, target_isr: &[u8], live: &[u8], min_isr: usize) -> Change {
    Change {
        election,
        reassign: None,
        target_isr: brokers(target_isr),
        live: set(live),
        unclean_shutdown: BrokerSet::EMPTY,
        min_isr,
        elr_enabled: true,
        use_last_known_leader: false,
        target_recovering: false,
    }
}

fn after(partition: &Registration, change: &Change) -> Registration {
    match change_partition(partition, change) {
        Outcome::Unchanged => partition.clone(),
        Outcome::SameLeadership(after) | Outcome::NewLeaderEpoch(after) => after,
    }
}

/// Replicas 2, 1, 3, led by 1; 3 is down.
fn elect(election: Election, isr: &[u8]) -> Elected {
    let change = Change { elr_enabled: false, ..change(election, isr, &[1, 2], 1) };
    elect_leader(&partition(&[2, 1, 3], &[2, 1, 3], Some(1)), &change, &change.target_isr, &[])
}

#[test]
fn ele_01_the_first_of_the_list_is_preferred() {
    let elected = elect(Election::Preferred, &[2, 1, 3]);
    assert_eq!((elected.leader(), elected.is_unclean()), (Some(BrokerId(2)), false));
}

#[test]
fn ele_02_who_leads_may_stay() {
    let elected = elect(Election::Online, &[2, 1, 3]);
    assert_eq!((elected.leader(), elected.is_unclean()), (Some(BrokerId(1)), false));
}

#[test]
fn ele_03_nobody_is_left() {
    assert_eq!(elect(Election::Online, &[3]).leader(), None);
}

#[test]
fn elr_01_who_leaves_below_min_isr_is_eligible() {
    let before = partition(&[1, 2, 3, 4], &[1, 2, 3, 4], Some(1));
    let outcome = change_partition(&before, &change(Election::Preferred, &[1, 2], &[1, 2, 4], 3));
    let Outcome::SameLeadership(after) = outcome else { panic!("the leader epoch rose: {outcome:?}") };
    assert_eq!((after.isr, after.elr, after.last_known_elr), (brokers(&[1, 2]), brokers(&[3, 4]), vec![]));
    assert_eq!((after.leader, after.leader_epoch), (Some(BrokerId(1)), LeaderEpoch(100)));
}

#[test]
fn elr_02_with_enough_in_sync_nobody_is_eligible() {
    let before = Registration {
        elr: brokers(&[3]),
        last_known_elr: brokers(&[4]),
        ..partition(&[1, 2, 3, 4], &[1, 2], Some(1))
    };
    let after = after(&before, &change(Election::Preferred, &[1, 2, 3], &[1, 2, 4], 3));
    assert_eq!((after.isr, after.elr, after.last_known_elr), (brokers(&[1, 2, 3]), vec![], vec![]));
}

#[test]
fn elr_05_an_eligible_one_is_elected_cleanly() {
    let before =
        Registration { elr: brokers(&[3]), last_known_elr: brokers(&[2]), ..partition(&[1, 2, 3, 4], &[1], Some(1)) };
    let after = after(&before, &change(Election::Preferred, &[], &[2, 3, 4], 3));
    assert_eq!((after.leader, after.isr, after.elr), (Some(BrokerId(3)), brokers(&[3]), brokers(&[1])));
    assert!(!after.recovering);
}

#[test]
fn elr_07_who_led_last_is_elected_uncleanly() {
    let before = Registration { last_known_elr: brokers(&[1]), ..partition(&[1, 2, 3, 4], &[], None) };
    let balanced = Change { use_last_known_leader: true, ..change(Election::Preferred, &[], &[1, 2, 3, 4], 3) };
    let after = after(&before, &balanced);
    assert_eq!((after.leader, after.isr, after.last_known_elr), (Some(BrokerId(1)), brokers(&[1]), vec![]));
    assert!(after.recovering);
}

#[test]
fn elr_08_the_isr_shrinks_and_grows() {
    let online = |isr: &[u8]| change(Election::Online, isr, &[0, 1, 2], 2);
    let shrunk = after(&partition(&[0, 1, 2], &[0, 1, 2], Some(0)), &online(&[0]));
    assert_eq!((&shrunk.isr, &shrunk.elr), (&brokers(&[0]), &brokers(&[1, 2])));
    assert_eq!(after(&shrunk, &online(&[0, 1])).elr, vec![]);
}

/// Brokers 1, 2 and 3 are fenced one after the other; 3, then the last in sync, come back without a clean stop.
#[test]
fn elr_11_an_unclean_stop_ends_eligibility() {
    let mut now = partition(&[0, 1, 2, 3], &[0, 1, 2, 3], Some(0));
    let online = |isr: &[u8], live: &[u8], unclean: &[u8]| Change {
        unclean_shutdown: set(unclean),
        use_last_known_leader: true,
        ..change(Election::Online, isr, live, 3)
    };
    now = after(&now, &online(&[0, 2, 3], &[0, 2, 3], &[]));
    now = after(&now, &online(&[0, 3], &[0, 3], &[]));
    now = after(&now, &online(&[0], &[0], &[]));
    assert_eq!(now.elr, brokers(&[2, 3]));
    now = after(&now, &online(&[0], &[0], &[3]));
    assert_eq!(now.elr, brokers(&[2]));
    now = after(&now, &online(&[], &[], &[0]));
    assert_eq!((now.elr, now.last_known_elr), (brokers(&[2]), brokers(&[0])));
}

/// Of broker `sender` to replicas 0, 1, 2, led by 0.
fn alter(sender: u8, epochs: (i32, i32), isr: &[u8]) -> AlterCheck {
    let proposal = Proposal { isr: set(isr), leader_epoch: LeaderEpoch(epochs.0), partition_epoch: epochs.1 };
    let before = partition(&[0, 1, 2], &[0, 1, 2], Some(0));
    check_alter_partition(&before, BrokerId(sender), proposal, false, set(&[0, 1, 2]))
}

#[test]
fn apr_01_an_older_leader_epoch() {
    assert_eq!(alter(0, (99, 200), &[0, 1]), AlterCheck::FencedLeaderEpoch);
}

#[test]
fn apr_03_an_older_partition_epoch() {
    assert_eq!(alter(0, (100, 199), &[0, 1]), AlterCheck::InvalidUpdateVersion);
}

#[test]
fn apr_05_requests_that_make_no_sense() {
    let verdicts = [alter(0, (100, 200), &[0, 3]), alter(0, (100, 200), &[1, 2]), alter(1, (100, 200), &[0, 1])];
    assert_eq!(verdicts, [AlterCheck::NotReplicas, AlterCheck::WithoutLeader, AlterCheck::NotTheLeader]);
    assert_eq!(alter(0, (100, 200), &[0, 1]), AlterCheck::Accept);
}
