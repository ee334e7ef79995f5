//! Three controllers: what goes on while one is gone, and what can't happen whatever is lost.

use kafka_lab::command::Script;
use kafka_lab::event::EventKind;
use kafka_lab::ids::{BrokerId, ControllerId, LeaderEpoch, Tick};
use kafka_lab::random::{Purpose, draw};
use kafka_lab::timeline::Run;
use kafka_lab::world::World;

const BEGIN: &str = "cluster brokers=3 controllers=3 min.insync.replicas=2\nnetwork latency.ms=10\n\
    producer p1 acks=all linger.ms=0\nwait 3000\n";

fn play(seed: u64, text: &str) -> Run {
    let parsed = Script::parse(&format!("seed {seed}\n{BEGIN}{text}"));
    assert_eq!(parsed.problems, []);
    checked(Run::play(&parsed.script))
}

/// No promise is broken at any moment.
fn checked(run: Run) -> Run {
    let mut world = World::new(run.seed());
    for event in run.events() {
        world.apply_event(event);
        assert_eq!(world.broken_promise(), None, "seed {}, after {event:?}", run.seed());
    }
    run
}

fn active(world: &World) -> Option<(ControllerId, LeaderEpoch)> {
    world.active_controller().map(|active| (active.id, active.voter.epoch))
}

/// When somebody became active after `after`.
fn activated(run: &Run, after: Tick) -> Vec<(i64, ControllerId)> {
    let activated = run.events().iter().filter_map(|event| match event.kind {
        EventKind::ControllerActivated { controller } if event.tick > after => {
            Some((event.tick.0 - after.0, controller))
        }
        _ => None,
    });
    activated.collect()
}

#[test]
fn three_controllers_that_work_keep_their_leader() {
    let run = play(1, "wait 60000");
    assert_eq!(active(run.end()), Some((ControllerId(1), LeaderEpoch(1))));
    let turned = run.events().iter().filter(|event| matches!(event.kind, EventKind::ControllerActivated { .. }));
    assert_eq!(turned.count(), 0);
}

/// kafka-truth 04a-S2.
#[test]
fn a_dead_controller_is_replaced_and_the_data_plane_goes_on() {
    for seed in 0..30 {
        let run = play(seed, "crash k1\nsend p1 key=a value=1\nwait 1000\nmark written\nwait 8000");
        let written = run.world_at(run.moment_of_mark("written").expect("marked"));
        assert_eq!(written.ledger.acknowledged.size(), 1, "seed {seed}: a producer does not notice");
        assert_eq!(active(&written), None);
        let elected = activated(&run, Tick(3_000));
        let [(took, new)] = elected.as_slice() else { panic!("seed {seed}: {elected:?}") };
        assert!((1_800..=6_000).contains(took) && *new != ControllerId(1), "seed {seed}: {elected:?}");
        let known = run.end().brokers.values().map(|broker| broker.duties.controller);
        assert!(known.into_iter().all(|known| known == *new), "seed {seed}: every broker has found it");
        assert!(run.end().brokers.values().all(|broker| !run.end().controllers[new].image.brokers[&broker.id].fenced));
    }
}

/// A broker that dies with the controller is fenced by the next one, a whole session after that became active.
#[test]
fn elections_of_partitions_wait_for_a_controller() {
    let run = play(4, "crash k1\ncrash 1\nwait 9000\nmark waits\nwait 9000");
    let waits = run.world_at(run.moment_of_mark("waits").expect("marked"));
    assert_eq!(waits.controllers[&ControllerId(2)].image.partition.leader, Some(BrokerId(1)));
    let (_, new) = activated(&run, Tick(3_000))[0];
    assert_ne!(run.end().controllers[&new].image.partition.leader, Some(BrokerId(1)));
}

#[test]
fn two_controllers_can_not_both_commit() {
    for seed in 0..20 {
        let text = "cut k1-k2 both=true\ncut k1-k3 both=true\nconfig min.insync.replicas=1\nmark alone\nwait 2000\n\
            mark still\nwait 7000\nmark apart\nheal k1-k2 both=true\nheal k1-k3 both=true\nwait 6000";
        let run = play(seed, text);
        let at = |mark| run.world_at(run.moment_of_mark(mark).expect("marked"));
        let (alone, still, apart) = (at("alone"), at("still"), at("apart"));
        let old = |world: &World| {
            (world.controllers[&ControllerId(1)].log_end(), world.controllers[&ControllerId(1)].committed)
        };
        assert!(old(&alone).0 > old(&alone).1, "seed {seed}: it has written");
        assert_eq!(old(&still), old(&alone), "seed {seed}: and commits nothing");
        let (new, epoch) = active(&apart).expect("the others have elected one");
        assert!(new != ControllerId(1) && epoch > LeaderEpoch(1), "seed {seed}");
        let truncated =
            |kind: &EventKind| matches!(kind, EventKind::MetadataTruncated { controller: ControllerId(1), .. });
        assert!(run.events().iter().any(|event| truncated(&event.kind)), "seed {seed}: what it wrote is dropped");
        let logs = run.end().controllers.values().map(|controller| &controller.log);
        assert!(logs.into_iter().all(|log| log == &run.end().controllers[&new].log), "seed {seed}");
        assert_eq!(run.end().controllers[&new].image.topic.min_in_sync, 2);
    }
}

/// Its own process went on, but by its clock nobody has fetched for long: it resigns, and learns that it was replaced.
#[test]
fn a_frozen_controller_comes_back_as_a_follower() {
    let run = play(2, "freeze k1\nwait 10000\nmark frozen\nthaw k1\nwait 5000");
    let frozen = run.world_at(run.moment_of_mark("frozen").expect("marked"));
    let (new, epoch) = active(&frozen).expect("elected");
    assert_ne!(new, ControllerId(1));
    assert_eq!(active(run.end()), Some((new, epoch)));
    assert_eq!(run.end().controllers[&ControllerId(1)].voter.leader(), Some(new));
}

#[test]
fn without_a_majority_the_metadata_stands_still() {
    let run = play(3, "crash k2\ncrash k3\ncrash 3\nwait 30000\nmark alone\nstart k2\nwait 25000");
    let alone = run.world_at(run.moment_of_mark("alone").expect("marked"));
    assert_eq!(active(&alone), None);
    assert!(alone.controllers.values().all(|controller| controller.image.partition.isr.len() == 3));
    let (new, _) = active(run.end()).expect("two of three are a majority");
    assert_eq!(run.end().controllers[&new].image.partition.isr.len(), 2);
}

#[test]
fn a_quorum_of_one_is_back_when_its_process_is() {
    let parsed = Script::parse("cluster brokers=3 controllers=1\nwait 1000\ncrash k1\nwait 20000\nstart k1\nwait 5000");
    assert_eq!(parsed.problems, []);
    let run = checked(Run::play(&parsed.script));
    assert_eq!(active(run.end()), Some((ControllerId(1), LeaderEpoch(2))));
    assert!(run.end().controllers[&ControllerId(1)].image.brokers.values().all(|known| !known.fenced));
}

/// Controllers die, stand still, are cut off and come back, while brokers come and go: no committed record changes, and
/// in the end somebody leads and all have the same log.
#[test]
fn committed_metadata_is_never_lost() {
    let (mut elections, mut dropped) = (0, 0);
    for seed in 0..60 {
        let pick = |step: u64, what: u64, bound: u64| draw(seed, what, Purpose::Script, step, bound);
        let mut text = String::new();
        for step in 0..30 {
            let k = 1 + pick(step, 1, 3);
            let other = 1 + (k + pick(step, 2, 2)) % 3;
            let broker = 1 + pick(step, 3, 3);
            text.push_str(&match pick(step, 4, 12) {
                0 => format!("crash k{k}\n"),
                1 | 2 => format!("start k{k}\n"),
                3 => format!("freeze k{k}\n"),
                4 => format!("thaw k{k}\n"),
                5 => format!("cut k{k}-k{other} both=true\n"),
                6 => format!("cut k{k}-k{other}\ncut k{k}-k{}\n", 6 - k - other),
                7 | 8 => (1..=3).map(|a| format!("heal k{a}-k{} both=true\n", a % 3 + 1)).collect(),
                9 => format!("crash {broker}\n"),
                10 => format!("start {broker}\n"),
                _ => format!("config min.insync.replicas={}\n", 1 + pick(step, 5, 2)),
            });
            text.push_str(&format!("wait {}\n", pick(step, 6, 2_500)));
        }
        for id in 1..=3 {
            text.push_str(&format!("heal k{id}-k{} both=true\nthaw k{id}\nstart k{id}\n", id % 3 + 1));
        }
        let run = play(seed, &(text + "wait 15000"));
        let leader = active(run.end()).unwrap_or_else(|| panic!("seed {seed}: nobody leads")).0;
        let log = &run.end().controllers[&leader].log;
        assert!(run.end().controllers.values().all(|controller| controller.log == *log), "seed {seed}");
        elections += activated(&run, Tick(0)).len();
        let truncated = |kind: &EventKind| matches!(kind, EventKind::MetadataTruncated { .. });
        dropped += run.events().iter().filter(|event| truncated(&event.kind)).count();
    }
    assert!(elections > 100 && dropped > 3, "{elections} elections, {dropped} logs cut");
}
