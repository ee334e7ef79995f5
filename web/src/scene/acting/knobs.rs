//! The settings that can be turned while a run plays, on the things that they turn.
//!
//! The topic's are changed as `kafka-configs --alter` does it, one at a time, through the controller: brokers go by
//! them once they have replayed that. `acks` is given to a producer when it starts, and stays: another value is
//! another producer.

use kafka_lab::command::{Acks, Command, ProducerSettings, TopicChange};
use kafka_lab::ids::ProducerIndex;
use kafka_lab::world::World;

/// `min.insync.replicas`, for each number of replicas that there are, but for what it is.
pub(super) fn min_in_sync(world: &World) -> impl Iterator<Item = (String, Command)> {
    let active = world.active_controller();
    let now = active.map(|active| active.image.topic);
    let replicas = active.and_then(|active| u8::try_from(active.image.partition.replicas.len()).ok()).unwrap_or(0);
    (1..=replicas).filter_map(move |min_in_sync| {
        now.filter(|now| now.min_in_sync != min_in_sync)?;
        Some((format!("min.insync.replicas={min_in_sync}"), Command::Config(TopicChange::min_in_sync(min_in_sync))))
    })
}

/// `unclean.leader.election.enable`, the other way round.
pub(super) fn unclean_elections(world: &World) -> Option<(String, Command)> {
    let to = !world.active_controller()?.image.topic.unclean_elections;
    Some((format!("unclean.leader.election.enable={to}"), Command::Config(TopicChange::unclean_elections(to))))
}

/// Another producer like this one, with another `acks`.
pub(super) fn acks(like: ProducerIndex, world: &World) -> impl Iterator<Item = (String, Command)> {
    let settings = world.producers.get(&like).map(|producer| producer.settings);
    let next = world.producers.keys().map(|id| id.0).max().unwrap_or(0).saturating_add(1);
    let id = ProducerIndex(next);
    [Acks::None, Acks::Leader, Acks::All].into_iter().filter_map(move |acks| {
        let settings = ProducerSettings { acks, ..settings.filter(|settings| settings.acks != acks)? };
        Some((format!("start {id} with acks={acks}"), Command::Producer { id, settings }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use kafka_lab::command::Script;
    use kafka_lab::timeline::Run;

    fn world(text: &str) -> World {
        let parsed = Script::parse(text);
        assert_eq!(parsed.problems, []);
        Run::play(&parsed.script).end().clone()
    }

    fn said(acts: impl IntoIterator<Item = (String, Command)>) -> Vec<String> {
        acts.into_iter().map(|(does, command)| format!("{does}: {command}")).collect()
    }

    #[test]
    fn each_knob_offers_what_it_is_not() {
        let world = world("cluster brokers=3 controllers=1 min.insync.replicas=2\nproducer p1 acks=1 linger.ms=0\n");
        let floor = said(min_in_sync(&world));
        let of = |to: u8| format!("min.insync.replicas={to}: config min.insync.replicas={to}");
        assert_eq!(floor, [of(1), of(3)]);
        let unclean = "unclean.leader.election.enable=true";
        assert_eq!(said(unclean_elections(&world)), [format!("{unclean}: config {unclean}")]);
        let started = said(acks(ProducerIndex(1), &world));
        assert_eq!(started.len(), 2);
        assert!(started[0].starts_with("start p2 with acks=0: producer p2 acks=0 linger.ms=0"), "{started:?}");
        assert!(started[1].starts_with("start p2 with acks=all: producer p2 acks=all linger.ms=0"), "{started:?}");
    }

    #[test]
    fn where_nobody_can_change_the_topic_nothing_is_offered() {
        let world = world("cluster brokers=2\n");
        assert_eq!(said(min_in_sync(&world)), Vec::<String>::new());
        assert_eq!(said(unclean_elections(&world)), Vec::<String>::new());
    }
}
