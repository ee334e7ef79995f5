//! The controller, who leads, and who has not heard of it (truth sheet 04a).

use crate::told::tell;
use kafka_lab::event::EventKind;
use kafka_lab::ids::{BrokerId, BrokerSet, ConsumerIndex, LeaderEpoch, Offset};
use kafka_lab::rules::election::Registration;
use kafka_lab::world::World;

fn partition(world: &World) -> &Registration {
    &world.active_controller().expect("a controller leads").image.partition
}

/// Leader, ISR, leader epoch and partition epoch.
fn at(world: &World) -> (u8, Vec<u8>, i32, i32) {
    let known = partition(world);
    let mut isr: Vec<u8> = known.isr.iter().map(|id| id.0).collect();
    isr.sort_unstable();
    (known.leader.map_or(0, |id| id.0), isr, known.leader_epoch.0, known.partition_epoch)
}

/// 04a-S1: the ISR grows without a new leader epoch; each change is a partition epoch.
#[test]
fn a_dead_leader_is_replaced_and_leads_again_when_it_is_preferred() {
    let told = tell("04a-s1");
    assert_eq!(at(&told.at("nobody-knows")), (1, vec![1, 2, 3], 0, 0));
    let elected = told.first_after("dead", |kind| matches!(kind, EventKind::BecameLeader { .. }));
    assert!(elected.is_some_and(|ms| (7_000..=9_100).contains(&ms)), "{elected:?}");
    assert_eq!(at(&told.at("elected")), (2, vec![2, 3], 1, 1));
    assert_eq!(at(&told.at("restarted")), (2, vec![2, 3], 1, 1));
    assert_eq!(at(&told.at("joined")), (2, vec![1, 2, 3], 1, 2));
    assert_eq!(at(&told.at("leads-again")), (1, vec![1, 2, 3], 2, 3));
    let joined = told.after("restarted").iter().find_map(|event| match &event.kind {
        EventKind::IsrCommitted { isr, .. } if isr.contains(BrokerId(1)) => Some(event.tick),
        _ => None,
    });
    let unfenced = told.first_after("restarted", |kind| matches!(kind, EventKind::Registered { .. }));
    assert!(
        joined.map(|tick| tick.0 - told.tick("restarted").0) > unfenced,
        "it registers, catches up, and joins then"
    );
    assert_eq!(told.ends("leads-again"), [(2, 2); 3]);
}

/// A reassignment: who comes is added first, who goes leaves with the record that ends it, and only that is a new
/// leader epoch. Another order of the same replicas is a new partition epoch alone (both seen on 4.3.1).
#[test]
fn a_partition_moves_to_another_broker_without_having_fewer_copies() {
    let told = tell("04a-reassign");
    let replicas = |mark: &str| {
        let world = told.at(mark);
        let partition = partition(&world);
        let numbers = |list: &[BrokerId]| list.iter().map(|id| id.0).collect::<Vec<u8>>();
        (numbers(&partition.replicas), numbers(&partition.adding), numbers(&partition.removing))
    };
    assert_eq!(replicas("on-1-2-3"), (vec![1, 2, 3], vec![], vec![]));
    assert_eq!(at(&told.at("on-1-2-3")), (1, vec![1, 2, 3], 0, 0));
    assert_eq!(replicas("waits-for-4"), (vec![4, 2, 3, 1], vec![4], vec![1]));
    assert_eq!(at(&told.at("waits-for-4")), (1, vec![1, 2, 3], 0, 1));
    assert_eq!(replicas("on-4-2-3"), (vec![4, 2, 3], vec![], vec![]));
    assert_eq!(at(&told.at("on-4-2-3")), (4, vec![2, 3, 4], 1, 2));
    let deleted = EventKind::ReplicaDeleted { broker: BrokerId(1) };
    assert!(told.after("waits-for-4").iter().any(|event| event.kind == deleted));
    assert_eq!(told.at("written").brokers[&BrokerId(1)].log.log_end(), Offset::ZERO);
    assert_eq!(told.at("written").ledger.acknowledged.size(), 4);
    assert_eq!(at(&told.at("another-order")), (4, vec![2, 3, 4], 1, 3));
    assert_eq!(at(&told.at("led-by-2")), (2, vec![2, 3, 4], 2, 4));
}

/// 04a-S2: 2 to 4 s without a controller. Writes and reads go on; the ISR and a dead leader have to wait.
#[test]
fn while_no_controller_is_active_the_data_plane_goes_on_and_the_isr_stays() {
    let told = tell("04a-s2");
    let world = told.at("data-goes-on");
    assert!(world.active_controller().is_none());
    assert_eq!(told.ends("data-goes-on"), [(2, 2); 3]);
    assert_eq!(world.consumers[&ConsumerIndex(1)].position, Offset(2));
    assert_eq!(world.ledger.acknowledged.size(), 2);

    let world = told.at("isr-waits");
    assert!(world.active_controller().is_none());
    let (_, leading) = world.leading(BrokerId(1)).expect("it leads");
    assert_eq!((leading.isr.committed.len(), leading.isr.in_flight.map(BrokerSet::len)), (3, Some(2)));
    assert_eq!(told.ends("isr-waits")[0], (3, 2));
    assert_eq!(world.ledger.acknowledged.size(), 2, "r2 waits for broker 3, which is in sync still");

    let took = told.first_after("controller-dead", |kind| matches!(kind, EventKind::ControllerActivated { .. }));
    assert!(took.is_some_and(|ms| (2_000..=4_000).contains(&ms)), "{took:?}");
    assert_eq!(at(&told.at("another-leads")), (1, vec![1, 2], 0, 1));
    assert_eq!(told.ends("another-leads")[..2], [(3, 3); 2]);
    assert_eq!(told.at("another-leads").ledger.acknowledged.size(), 3);
    assert_eq!([at(&told.at("leader-dead")).0, at(&told.at("elected")).0], [1, 2]);
    assert_eq!(told.run.end().broken_promise(), None);
}

/// Two lead at once, in different epochs. What the older one answered under acks=1 is gone when it hears of the other.
#[test]
fn a_leader_that_is_cut_off_answers_a_write_that_will_be_lost() {
    let told = tell("05-stale-leader");
    let world = told.at("stale-answered");
    let leading: Vec<(u8, LeaderEpoch)> = world
        .brokers
        .keys()
        .filter_map(|id| world.leading(*id))
        .map(|(at, leading)| (at.id.0, leading.epoch))
        .collect();
    assert_eq!(leading, [(1, LeaderEpoch(0)), (2, LeaderEpoch(1))]);
    assert_eq!(world.broken_promise(), None);
    assert_eq!(told.values("stale-answered", 1), ["r0", "stale"]);
    let answered = told.first_after("two-leaders", |kind| matches!(kind, EventKind::Acknowledged { .. }));
    assert_eq!(answered, Some(20));
    // Its mark has not moved: the followers that would have had to fetch belong to another.
    assert_eq!(told.ends("stale-answered")[0], (2, 1));
    assert_eq!(told.cuts(1), [(2, 1)]);
    for broker in 1..=3 {
        assert_eq!(told.values("healed", broker), ["r0", "r1"]);
    }
    assert_eq!(told.run.end().broken_promise(), None);
}
