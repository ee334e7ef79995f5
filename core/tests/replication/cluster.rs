//! The controller, who leads, and who has not heard of it (truth sheet 04a).

use crate::told::tell;
use kafka_lab::event::EventKind;
use kafka_lab::ids::{BrokerId, LeaderEpoch};
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
