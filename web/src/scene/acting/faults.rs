//! What goes wrong, what an operator does, and how it is put right again. Each is offered only while the engine would
//! do it, so of a fault and its opposite there is always one.

use kafka_lab::command::{Command, ElectionType, Link, Schedule};
use kafka_lab::explain::{Question, Remedy, explain};
use kafka_lab::frame::Frame;
use kafka_lab::ids::{BrokerId, Endpoint, MessageKind};
use kafka_lab::rules::commit_rule::CommitRule;
use kafka_lab::rules::truncation_rule::TruncationRule;
use kafka_lab::world::World;

use super::everyday::{message, rule};
use super::who::Who;
use super::{Act, knobs};
use crate::words::acting as words;

/// How slow a slow disk is.
const SLOW_DISK_MS: u32 = 400;

/// What can be done to it, before the engine is asked.
pub(super) fn acts(who: Who, frame: &Frame, world: &World) -> Vec<Act> {
    let name = who.name(frame);
    let act = |does: String, commands| {
        let label = format!("{name}: {does}");
        Act::new(name.clone(), does, label, commands)
    };
    let one = |(does, command): (&str, Command)| act(does.to_owned(), vec![command]);
    match who {
        Who::Machine(Endpoint::Broker(id)) => {
            let mut acts: Vec<Act> = at_broker(id, world).into_iter().map(one).collect();
            let links = links_of(id.into(), world);
            let is_cut = |link: &Link| world.network.cut.contains_key(link);
            let (cut, whole): (Vec<Link>, Vec<Link>) = links.into_iter().partition(is_cut);
            acts.extend((!whole.is_empty()).then(|| act(words::CUT_OFF.to_owned(), cuts(whole))));
            acts.extend((!cut.is_empty()).then(|| act(words::CONNECT.to_owned(), heals(cut))));
            acts
        }
        Who::Machine(at) => {
            let unclean = knobs::unclean_elections(world).into_iter().map(|(does, command)| act(does, vec![command]));
            unclean.chain(at_machine(at).into_iter().chain(elections()).map(one)).collect()
        }
        Who::Isr => knobs::min_in_sync(world).map(|(does, command)| act(does, vec![command])).collect(),
        Who::Producer(id) => knobs::acks(id, world).map(|(does, command)| act(does, vec![command])).collect(),
        Who::Link(link) => on_link(link, world).into_iter().map(|(does, command)| act(does, vec![command])).collect(),
        Who::Message(id) => {
            let chosen = frame.messages.iter().filter(|message| message.id == id);
            chosen.flat_map(message).chain(on_next(id.kind, Link { from: id.from, to: id.to }).map(one)).collect()
        }
        Who::Messages => frame.messages.iter().flat_map(message).collect(),
        Who::Mark(_) => {
            let helps = explain(world, Question::MarkStands).remedies.into_iter();
            let helps = helps.filter_map(|remedy| match remedy {
                Remedy::Do(command) => Some(act(command.to_string(), vec![command])),
                Remedy::Until(_) => None,
            });
            helps.chain(commit_rules(world).map(|(does, command)| act(does, vec![command]))).collect()
        }
        Who::Rules => {
            let settings = knobs::min_in_sync(world).chain(knobs::unclean_elections(world));
            let rules = settings.chain(commit_rules(world)).chain(truncation_rules(world));
            rules.map(|(does, command)| act(does, vec![command])).chain([rule(world)]).collect()
        }
    }
}

fn at_machine(at: Endpoint) -> Vec<(&'static str, Command)> {
    vec![
        (words::CRASH, Command::Crash { at, keep: None }),
        (words::START, Command::Start { at }),
        (words::FREEZE, Command::Freeze { at }),
        (words::THAW, Command::Thaw { at }),
    ]
}

fn elections() -> [(&'static str, Command); 2] {
    [
        (words::ELECT_PREFERRED, Command::Elect(ElectionType::Preferred)),
        (words::ELECT_UNCLEAN, Command::Elect(ElectionType::Unclean)),
    ]
}

fn at_broker(id: BrokerId, world: &World) -> Vec<(&'static str, Command)> {
    let mut acts = at_machine(id.into());
    let disk = world.brokers.get(&id).map(|broker| (broker.disk, broker.log.log_end()));
    let unflushed = disk.filter(|(disk, log_end)| disk.flushed < *log_end).map(|(disk, _)| disk.flushed);
    if let Some(keep) = unflushed {
        acts.push((words::LOSE_POWER, Command::Crash { at: id.into(), keep: Some(keep) }));
    }
    let is_slow = disk.is_some_and(|(disk, _)| disk.slow_ms > 0);
    let (does, ms) = if is_slow { (words::FAST_DISK, 0) } else { (words::SLOW_DISK, SLOW_DISK_MS) };
    acts.extend([
        (words::STOP, Command::Stop { broker: id }),
        (words::FENCE, Command::Fence { broker: id }),
        (does, Command::SlowDisk { broker: id, ms }),
        (words::WIPE, Command::Wipe { broker: id }),
    ]);
    acts.extend(replicas_with_or_without(id, world).map(|replicas| {
        let does = if replicas.contains(&id) { words::ADD_REPLICA } else { words::REMOVE_REPLICA };
        (does, Command::Reassign { replicas })
    }));
    if unflushed.is_some() {
        acts.push((words::SYNC, Command::Sync { broker: id }));
    }
    if world.schedule == Schedule::ByHand {
        acts.extend([
            (words::LEARN, Command::Learn { broker: id }),
            (words::HEARTBEAT, Command::Heartbeat { broker: id }),
            (words::REGISTER, Command::Register { broker: id }),
            (words::CHECK_ISR, Command::CheckIsr { broker: id }),
        ]);
    }
    acts
}

/// The replicas with one at this broker too, or without the one that it has.
fn replicas_with_or_without(id: BrokerId, world: &World) -> Option<Vec<BrokerId>> {
    let mut replicas = world.active_controller()?.image.partition.replicas.clone();
    let before = replicas.len();
    replicas.retain(|replica| *replica != id);
    if replicas.len() == before {
        replicas.push(id);
    }
    Some(replicas).filter(|replicas| !replicas.is_empty())
}

/// Every direction between an end and all others.
fn links_of(end: Endpoint, world: &World) -> Vec<Link> {
    let brokers = world.brokers.keys().copied().map(Endpoint::Broker);
    let controllers = world.controllers.keys().copied().map(Endpoint::Controller);
    let producers = world.producers.keys().copied().map(Endpoint::Producer);
    let consumers = world.consumers.keys().copied().map(Endpoint::Consumer);
    let others = brokers.chain(controllers).chain(producers).chain(consumers).filter(|other| *other != end);
    others.map(|to| Link { from: end, to }).flat_map(|link| [link, link.back()]).collect()
}

fn cuts(links: Vec<Link>) -> Vec<Command> {
    links.into_iter().map(|link| Command::Cut { link, both_ways: false }).collect()
}

fn heals(links: Vec<Link>) -> Vec<Command> {
    links.into_iter().map(|link| Command::Heal { link, both_ways: false }).collect()
}

/// Both directions of a link, and both at once.
fn on_link(link: Link, world: &World) -> Vec<(String, Command)> {
    let network = &world.network;
    let (there, back) = (network.cut.contains_key(&link), network.cut.contains_key(&link.back()));
    let mut acts = Vec::new();
    if there == back {
        let both_ways = true;
        acts.push(if there {
            (words::HEAL_BOTH.to_owned(), Command::Heal { link, both_ways })
        } else {
            (words::CUT_BOTH.to_owned(), Command::Cut { link, both_ways })
        });
    }
    for (link, is_cut) in [(link, there), (link.back(), back)] {
        let way = format!("{}\u{2192}{}", link.from, link.to);
        acts.push(if is_cut {
            (format!("{} {way}", words::HEAL), Command::Heal { link, both_ways: false })
        } else {
            (format!("{} {way}", words::CUT), Command::Cut { link, both_ways: false })
        });
        let kinds: &[MessageKind] = match (link.from, link.to) {
            (Endpoint::Broker(_), Endpoint::Broker(_)) => &[MessageKind::Fetch, MessageKind::FetchResponse],
            _ => &[],
        };
        for kind in kinds {
            let does = format!("{} {} {way}", words::LOSE_NEXT, kind.word());
            acts.push((does, Command::DropNext { kind: *kind, link }));
        }
    }
    acts
}

/// The next one of its kind can be lost, too.
fn on_next(kind: MessageKind, link: Link) -> impl Iterator<Item = (&'static str, Command)> {
    [(words::LOSE_NEXT_TOO, Command::DropNext { kind, link })].into_iter()
}

fn commit_rules(world: &World) -> impl Iterator<Item = (String, Command)> {
    let others = CommitRule::ALL.into_iter().filter(|rule| *rule != world.topic.commit_rule);
    others.map(|rule| (format!("{} {}", words::COMMIT_RULE, rule.word()), Command::CommitRule(rule)))
}

fn truncation_rules(world: &World) -> impl Iterator<Item = (String, Command)> {
    let others = TruncationRule::ALL.into_iter().filter(|rule| *rule != world.topic.truncation_rule);
    others.map(|rule| (format!("{} {}", words::TRUNCATION_RULE, rule.word()), Command::TruncationRule(rule)))
}
