//! Random scripts: the same number gives the same script on every machine.
//!
//! They are for tests that ask of thousands of runs what must hold in each one.

use crate::command::{Acks, ClusterSettings, Command, ConsumerSettings, ElectionType, Link, OffsetReset, Polls};
use crate::command::{ProducerSettings, Schedule, Script, TopicChange};
use crate::ids::{BrokerId, ConsumerIndex, ControllerId, Endpoint, MessageId, MessageKind, Offset, ProducerIndex};
use crate::random::{Purpose, draw};
use crate::rules::commit_rule::CommitRule;
use crate::rules::fold::Program;
use crate::rules::storage::StorageRule;
use crate::rules::truncation_rule::TruncationRule;
use crate::timeline::Run;
use crate::world::{Process, Recording, TopicSettings, World};

/// The draws of one script.
pub(crate) struct Draws {
    seed: u64,
    count: u64,
}

impl Draws {
    pub(crate) fn new(seed: u64) -> Self {
        Draws { seed, count: 0 }
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.count += 1;
        draw(self.seed, 0, Purpose::Script, self.count, bound)
    }

    pub(crate) fn small(&mut self, bound: u8) -> u8 {
        u8::try_from(self.below(u64::from(bound))).unwrap_or(0)
    }

    pub(crate) fn number(&mut self, bound: u32) -> u32 {
        u32::try_from(self.below(u64::from(bound))).unwrap_or(0)
    }
}

/// A script of `commands` commands after its set-up, among them some that must be refused.
#[must_use]
pub fn script(seed: u64, commands: usize) -> Script {
    let mut draws = Draws::new(seed);
    let mut world = World::new(seed);
    let mut recording = Recording::at_most(50_000);
    let mut lines = set_up(&mut draws);
    for command in &lines {
        world.perform(command, &mut recording);
    }
    for _ in 0..commands {
        let command = next(&mut draws, &world);
        world.perform(&command, &mut recording);
        lines.push(command);
    }
    Script::of(seed, lines)
}

/// The hash of the world at the end of such a script.
#[must_use]
pub fn end_hash(seed: u64, commands: usize) -> u64 {
    Run::play(&script(seed, commands)).end().hash()
}

fn set_up(draws: &mut Draws) -> Vec<Command> {
    let mut lines =
        vec![cluster(draws), Command::Network { latency_ms: draws.number(40), jitter_ms: draws.number(30) }];
    if draws.below(3) == 0 {
        lines.push(Command::TruncationRule(TruncationRule::ALL[usize::from(draws.small(4))]));
    }
    for id in 1..=1 + draws.small(2) {
        let acks = [Acks::None, Acks::Leader, Acks::All][usize::from(draws.small(3))];
        let (linger_ms, batch_size_bytes) = (draws.number(20), 70 + draws.number(300));
        let retries = draws.number(3);
        let settings = ProducerSettings { acks, linger_ms, batch_size_bytes, retries, ..ProducerSettings::default() };
        lines.push(Command::Producer { id: ProducerIndex(id), settings });
    }
    for id in 1..=2 {
        let polls = if draws.below(2) == 0 { Polls::InALoop } else { Polls::ByHand };
        let reset = if draws.below(2) == 0 { OffsetReset::Earliest } else { OffsetReset::Latest };
        let settings = ConsumerSettings {
            polls,
            auto_offset_reset: reset,
            max_poll_records: 1 + draws.number(5),
            work_ms: draws.number(30),
            program: (draws.below(2) == 0).then(|| program(draws)),
        };
        lines.push(Command::Consumer { id: ConsumerIndex(id), settings });
    }
    lines
}

/// Three in four have a controller, without which little can fail; one in four has three.
fn cluster(draws: &mut Draws) -> Command {
    let brokers = 1 + draws.small(3);
    let replication_factor = if draws.below(4) == 0 { 1 + draws.small(brokers) } else { brokers };
    let default = ClusterSettings { replication_factor, ..ClusterSettings::of_brokers(brokers) };
    let controllers = [0, 1, 1, 3][usize::from(draws.small(4))];
    let storage = if controllers == 0 { storage(draws) } else { StorageRule::Keep };
    let topic = TopicSettings { min_in_sync: 1 + draws.small(2), unclean_elections: draws.below(4) == 0 };
    Command::Cluster(ClusterSettings { controllers, storage, topic, elr: draws.below(4) > 0, ..default })
}

/// Some of so many brokers, beginning with any.
pub(crate) fn some_brokers(draws: &mut Draws, brokers: u8) -> Vec<BrokerId> {
    let (first, count) = (draws.small(brokers), 1 + draws.small(brokers));
    (0..count).map(|next| BrokerId(1 + (first + next) % brokers)).collect()
}

/// Something goes wrong, or right again; or an operator does something.
fn fault(draws: &mut Draws, world: &World) -> Command {
    let brokers = u8::try_from(world.brokers.len()).unwrap_or(1).max(1);
    let broker = BrokerId(1 + draws.small(brokers));
    let controller = ControllerId(1 + draws.small(u8::try_from(world.controllers.len()).unwrap_or(1).max(1)));
    let at = if draws.below(6) == 0 { Endpoint::Controller(controller) } else { Endpoint::Broker(broker) };
    let link = link(draws, world);
    match draws.below(27) {
        0 | 1 => Command::Crash { at, keep: None },
        2 => {
            let end = world.brokers.get(&broker).map_or(0, |broker| broker.log.log_end().0);
            let keep = Offset(i64::try_from(draws.below(u64::try_from(end).unwrap_or(0) + 1)).unwrap_or(0));
            Command::Crash { at: Endpoint::Broker(broker), keep: Some(keep) }
        }
        3..=6 => {
            let down = world.brokers.values().find(|broker| matches!(broker.process, Process::Down { .. }));
            Command::Start { at: down.map_or(at, |broker| Endpoint::Broker(broker.id)) }
        }
        7 => Command::Stop { broker },
        8 => Command::Freeze { at },
        9 | 10 => {
            let frozen = world.brokers.values().find(|broker| broker.process == Process::Frozen);
            Command::Thaw { at: frozen.map_or(at, |broker| Endpoint::Broker(broker.id)) }
        }
        11 if draws.below(4) == 0 => Command::Wipe { broker },
        11 | 12 => Command::Sync { broker },
        13 => Command::SlowDisk { broker, ms: draws.number(3) * 400 },
        14 => Command::Clock { broker, ahead_ms: i64::from(draws.number(3)) * 20_000 },
        15 => Command::Cut { link, both_ways: draws.below(2) == 0 },
        16 => Command::Heal { link, both_ways: draws.below(2) == 0 },
        17 => {
            let kind = MessageKind::ALL[usize::from(draws.small(22))];
            Command::DropNext { kind, link }
        }
        18 => Command::Elect(if draws.below(2) == 0 { ElectionType::Preferred } else { ElectionType::Unclean }),
        19 => Command::Fence { broker },
        20 => Command::Learn { broker },
        21 => Command::Heartbeat { broker },
        22 => Command::Register { broker },
        23 => Command::CheckIsr { broker },
        24 => Command::Checkpoint { broker },
        25 => Command::Reassign { replicas: some_brokers(draws, brokers) },
        _ if draws.below(3) > 0 => Command::Wait { ms: 3_000 + draws.number(20_000) },
        _ => match draws.below(3) {
            0 => Command::CommitRule(CommitRule::ALL[usize::from(draws.small(4))]),
            1 => Command::TruncationRule(TruncationRule::ALL[usize::from(draws.small(4))]),
            _ => Command::Config(TopicChange {
                min_in_sync: Some(1 + draws.small(3)),
                unclean_elections: Some(draws.below(2) == 0),
            }),
        },
    }
}

fn next(draws: &mut Draws, world: &World) -> Command {
    if draws.below(3) == 0 {
        return fault(draws, world);
    }
    let producer = ProducerIndex(1 + draws.small(2));
    let consumer = ConsumerIndex(1 + draws.small(2));
    let brokers = u8::try_from(world.brokers.len()).unwrap_or(1);
    let broker = BrokerId(1 + draws.small(brokers.max(1)));
    match draws.below(20) {
        0..=5 => {
            let key = (draws.below(4) > 0).then(|| ["ada", "bo", "cy", "dee"][usize::from(draws.small(4))].to_owned());
            let value = (draws.below(8) > 0).then(|| amount(draws));
            Command::Send { producer, key, value }
        }
        6 => Command::Flush { producer },
        7..=9 => Command::Wait { ms: draws.number(400) },
        10 => Command::Step { count: 1 + draws.number(6) },
        11 => Command::Fetch { broker },
        12 => Command::Poll { consumer },
        13 => Command::Commit { consumer },
        14 => match draws.below(3) {
            0 => Command::Seek { consumer, offset: Offset(i64::from(draws.number(12))) },
            1 => Command::Deploy { consumer, program: program(draws) },
            _ => Command::Restart { consumer },
        },
        15 if draws.below(12) == 0 => Command::Storage(storage(draws)),
        15 if draws.below(3) == 0 => Command::Link { link: link(draws, world), latency_ms: draws.number(200) },
        15 => Command::Hold { link: link(draws, world) },
        16 => Command::Release { link: link(draws, world) },
        17 => message(draws, world).map_or(Command::Step { count: 1 }, |message| Command::Drop { message }),
        18 => message(draws, world).map_or(Command::Step { count: 1 }, |message| Command::Deliver { message }),
        _ => Command::Schedule(if draws.below(3) == 0 { Schedule::ByHand } else { Schedule::Automatic }),
    }
}

fn storage(draws: &mut Draws) -> StorageRule {
    if draws.below(4) == 0 { StorageRule::DeleteOnAcknowledge } else { StorageRule::Keep }
}

fn program(draws: &mut Draws) -> Program {
    Program::ALL[usize::from(draws.small(3))]
}

/// "+50", "-20", now and then no amount at all.
fn amount(draws: &mut Draws) -> String {
    let number = draws.number(90);
    match draws.below(8) {
        0 => format!("order-{number}"),
        1 | 2 => format!("-{number}"),
        _ => format!("+{number}"),
    }
}

fn message(draws: &mut Draws, world: &World) -> Option<MessageId> {
    let count = u64::try_from(world.network.on_the_way.len()).ok()?;
    let at = usize::try_from(draws.below(count)).ok()?;
    world.network.on_the_way.keys().nth(at).copied()
}

fn link(draws: &mut Draws, world: &World) -> Link {
    let from = message(draws, world).map(|message| (message.from, message.to));
    let (from, to) = from.unwrap_or((Endpoint::Broker(BrokerId(2)), Endpoint::Broker(BrokerId(1))));
    Link { from, to }
}
