//! What a broker is to its controller: registered, fenced, unfenced, on its way out (kafka-truth 04a).

use kafka_lab::command::Script;
use kafka_lab::event::EventKind;
use kafka_lab::ids::{BrokerId, ControllerId};
use kafka_lab::timeline::Run;
use kafka_lab::world::{MetadataRecord, Process, RegisteredBroker, World};

const ONE: BrokerId = BrokerId(1);

/// Broker 1 leads, and what is said happens at 3 s.
fn play(text: &str) -> Run {
    let begin = "cluster brokers=3 controllers=1 min.insync.replicas=2\nnetwork latency.ms=10\nwait 3000";
    let parsed = Script::parse(&format!("{begin}\n{text}"));
    assert_eq!(parsed.problems, []);
    let run = Run::play(&parsed.script);
    let mut world = World::new(run.seed());
    for event in run.events() {
        world.apply_event(event);
        assert_eq!(world.broken_promise(), None, "after {event:?}");
    }
    run
}

fn at(run: &Run, mark: &str) -> World {
    run.world_at(run.moment_of_mark(mark).expect("marked"))
}

fn known(world: &World) -> RegisteredBroker {
    world.controllers[&ControllerId(1)].image.brokers[&ONE]
}

#[test]
fn a_broker_that_stops_hands_over_first_and_its_id_stays_taken_until_its_session_has_ended() {
    let run = play(
        "stop 1\nwait 100\nmark handed-over\nwait 3000\nmark stopped\nstart 1\nwait 3000\nmark refused\nwait 12000",
    );
    let partition = |world: &World| world.controllers[&ControllerId(1)].image.partition.clone();
    let handed_over = at(&run, "handed-over");
    assert_eq!(handed_over.brokers[&ONE].process, Process::Up);
    assert_ne!(partition(&handed_over).leader, Some(ONE));
    let stopped = at(&run, "stopped");
    assert_eq!(stopped.brokers[&ONE].process, Process::Down { clean: true });
    assert!(known(&stopped).fenced && !partition(&stopped).isr.contains(&ONE));
    assert_eq!(at(&run, "refused").brokers[&ONE].duties.epoch, None);
    assert_eq!(run.end().brokers[&ONE].duties.epoch, Some(known(run.end()).epoch));
    assert!(!known(run.end()).fenced && partition(run.end()).isr.contains(&ONE));
}

#[test]
fn a_broker_that_leads_nothing_may_stop_at_once() {
    let run = play("stop 3\nwait 100\nmark stopped");
    assert_eq!(at(&run, "stopped").brokers[&BrokerId(3)].process, Process::Down { clean: true });
}

#[test]
fn a_broker_that_dies_is_fenced_when_its_session_is_over() {
    let run = play("crash 1\nwait 6500\nmark valid\nwait 4000\nmark over");
    assert!(!known(&at(&run, "valid")).fenced);
    assert!(known(&at(&run, "over")).fenced);
}

/// The controller looks each 1,125 ms, from the moment at which it became active.
#[test]
fn a_session_that_is_over_is_seen_at_the_next_look() {
    let run = play("crash 1\nwait 12000");
    let is_fence = |record: &MetadataRecord| {
        matches!(record, MetadataRecord::BrokerRegistrationChange { broker: ONE, fenced: true, .. })
    };
    let fenced = run.events().iter().find_map(|event| match &event.kind {
        EventKind::MetadataAppended { record, .. } if is_fence(record) => Some(event.tick.0),
        _ => None,
    });
    let heard = run.events().iter().filter_map(|event| match event.kind {
        EventKind::HeartbeatNoted { broker: ONE, .. } => Some(event.tick.0),
        _ => None,
    });
    let (fenced, heard) = (fenced.expect("it is fenced"), heard.max().expect("it was heard of"));
    assert_eq!((fenced % 1_125, fenced - (heard + 9_000) <= 1_125, fenced > heard + 9_000), (0, true, true));
}
