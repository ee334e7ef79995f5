//! What clients and followers do, and time: the acts that are always at hand.

use kafka_lab::command::{Command, Schedule};
use kafka_lab::frame::{FlyingMessage, Frame, ReplicaRole, TapeId};
use kafka_lab::ids::{ConsumerIndex, Endpoint, ProducerIndex};
use kafka_lab::rules::fold::Program;
use kafka_lab::rules::storage::StorageRule;
use kafka_lab::world::World;

use super::Act;
use crate::words::acting as words;

/// Long enough for a question and its answer on links of 10 ms, and for linger.ms before it.
pub(super) const WHAT_COMES: Command = Command::Wait { ms: 60 };

/// Long enough for what is silent to be fenced: `broker.session.timeout.ms` is 9 s.
const LONG: Command = Command::Wait { ms: 10_000 };

/// Keys and amounts for records that the learner sends, in turn.
const RECORDS: [(&str, &str); 4] = [("dee", "+10"), ("ada", "-5"), ("bo", "+15"), ("cy", "-30")];

/// What one could do at this frame, before the engine is asked whether it can be done.
pub(super) fn acts(frame: &Frame, world: &World) -> Vec<Act> {
    let mut acts = Vec::new();
    for actor in &frame.actors {
        match actor.id {
            Endpoint::Producer(producer) => acts.push(send(frame, producer)),
            Endpoint::Consumer(consumer) => acts.extend(read(consumer, world)),
            Endpoint::Broker(_) | Endpoint::Controller(_) => {}
        }
    }
    for tape in frame.tapes.iter().filter(|tape| tape.role == ReplicaRole::Follower) {
        if let TapeId::Broker(broker) = tape.id {
            let who = format!("broker {broker}");
            let label = format!("{} {who} {}", words::LET, words::FETCH);
            acts.push(Act::new(who, words::FETCH, label, vec![Command::Fetch { broker }]));
        }
    }
    if !is_busy(world) {
        acts.extend(frame.messages.iter().flat_map(message));
    }
    if world.schedule == Schedule::Automatic {
        with_what_comes(&mut acts);
    }
    if !is_busy(world) {
        acts.push(rule(world));
    }
    acts.push(Act::new(words::TIME, words::PASSES, words::LET_PASS.to_owned(), vec![Command::Wait { ms: 100 }]));
    // As long as it takes the controller to miss a broker.
    let long = Act::new(words::TIME, words::PASSES_LONG, words::LET_PASS_LONG.to_owned(), vec![LONG]);
    acts.extend(is_busy(world).then_some(long));
    acts
}

/// With controllers so much is under way that messages are shown when they are asked for.
pub(super) fn is_busy(world: &World) -> bool {
    !world.controllers.is_empty()
}

/// Where messages arrive by themselves, an act is shown with what comes of it.
pub(super) fn with_what_comes(acts: &mut [Act]) {
    acts.iter_mut().for_each(|act| act.commands.push(WHAT_COMES));
}

pub(super) fn message(message: &FlyingMessage) -> Vec<Act> {
    let named = format!("\u{201c}{}\u{201d}", message.label);
    let id = message.id;
    let act = |(label, does): (&str, &'static str), command| {
        Act::new(message.label.clone(), does, format!("{label} {named}"), vec![command])
    };
    vec![act(words::DELIVER, Command::Deliver { message: id }), act(words::DROP, Command::Drop { message: id })]
}

fn send(frame: &Frame, producer: ProducerIndex) -> Act {
    let sent: usize = frame.tapes.first().map_or(0, |tape| tape.cells.len());
    let (key, value) = RECORDS[sent % RECORDS.len()];
    let send = Command::Send { producer, key: Some(key.to_owned()), value: Some(value.to_owned()) };
    let (label, does) = words::SEND;
    let (label, does) = (format!("{label} {key} {value}"), format!("{does} {key} {value}"));
    Act::new(format!("producer {producer}"), does, label, vec![send, Command::Flush { producer }])
}

fn read(consumer: ConsumerIndex, world: &World) -> Vec<Act> {
    let act = |does: String, command| {
        let label = format!("{} {consumer} {does}", words::LET);
        Act::new(format!("consumer {consumer}"), does, label, vec![command])
    };
    let mut acts = vec![
        act(words::POLL.to_owned(), Command::Poll { consumer }),
        act(words::COMMIT.to_owned(), Command::Commit { consumer }),
    ];
    if let Some((leader, _)) = world.leader() {
        let offset = leader.log.log_start;
        acts.push(act(format!("{} {offset}", words::SEEK), Command::Seek { consumer, offset }));
    }
    acts.extend(
        Program::ALL
            .into_iter()
            .map(|program| act(format!("{} {}", words::RUN, program.word()), Command::Deploy { consumer, program })),
    );
    acts
}

/// The other of the two rules of what becomes of records that have been read.
pub(super) fn rule(world: &World) -> Act {
    match world.topic.storage {
        StorageRule::DeleteOnAcknowledge => ruled(words::KEEP, StorageRule::Keep),
        StorageRule::Keep => ruled(words::DELETE, StorageRule::DeleteOnAcknowledge),
    }
}

fn ruled(does: &str, rule: StorageRule) -> Act {
    Act::new(words::RULE, does, format!("{}: {does}", words::RULE), vec![Command::Storage(rule)])
}
