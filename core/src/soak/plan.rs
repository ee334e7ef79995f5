//! What a run of the soak is like: the cluster it begins with, who moves the messages, what it gives up, and what
//! happens next in it.

use super::faults::{fault, pick};
use crate::command::{
    Acks, ClusterSettings, Command, ConsumerSettings, OffsetReset, Polls, ProducerSettings, Schedule,
};
use crate::ids::{BrokerId, ConsumerIndex, MessageId, ProducerIndex};
use crate::rules::commit_rule::CommitRule;
use crate::rules::storage::StorageRule;
use crate::rules::truncation_rule::TruncationRule;
use crate::sample::Draws;
use crate::world::{Premise, Premises, Process, TopicSettings, World};

/// Three, so that one can be lost with two in sync.
pub(super) const BROKERS: u8 = 3;

/// What a run may give up. Another truncation rule stands here twice: it takes many of its runs for one to go wrong.
const MAY_BE_GIVEN_UP: [Premise; 10] = [
    Premise::AcksAll,
    Premise::MinInSyncTwo,
    Premise::CleanElections,
    Premise::EligibleLeaderReplicas,
    Premise::NoPowerLoss,
    Premise::NoWipedDisk,
    Premise::KafkasCommitRule,
    Premise::KafkasTruncation,
    Premise::KafkasTruncation,
    Premise::KeptRecords,
];

/// Who moves the messages of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mover {
    /// The clock: what a cluster does when left alone.
    Clock,
    /// The draws: any message may take for ever.
    Chance,
    /// Now one, now the other.
    Both,
}

/// How a run is made up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    mover: Mover,
    /// One, or a quorum of three.
    controllers: u8,
    /// The premises that the run may give up.
    gives_up: Premises,
    /// One command in so many is a fault.
    faults_one_in: u64,
}

impl Plan {
    pub(super) fn drawn(draws: &mut Draws) -> Self {
        let mover = [Mover::Clock, Mover::Chance, Mover::Chance, Mover::Both][usize::from(draws.small(4))];
        // By hand a quorum stands still: its timers are what moves it.
        let controllers = if mover != Mover::Chance && draws.below(2) == 0 { 3 } else { 1 };
        // Half of the runs keep all; most others give up one, since it takes two for some losses.
        let how_many = [0, 0, 0, 1, 1, 2][usize::from(draws.small(6))];
        let mut gives_up = Premises::default();
        (0..how_many).for_each(|_| gives_up.insert(MAY_BE_GIVEN_UP[usize::from(draws.small(10))]));
        Plan { mover, controllers, gives_up, faults_one_in: 4 + draws.below(16) }
    }

    pub(super) fn gives_up(&self, premise: Premise) -> bool {
        self.gives_up.contains(premise)
    }

    pub(super) fn set_up(&self, draws: &mut Draws) -> Vec<Command> {
        let topic = self.topic(draws);
        let elr = !self.gives_up(Premise::EligibleLeaderReplicas);
        let lag_max_ms = [200, 1_000, 5_000, 30_000][usize::from(draws.small(4))];
        let replication_factor = BROKERS - u8::from(draws.below(4) == 0);
        let default = ClusterSettings { replication_factor, ..ClusterSettings::of_brokers(BROKERS) };
        let cluster = ClusterSettings { controllers: self.controllers, topic, elr, lag_max_ms, ..default };
        let network = Command::Network { latency_ms: 1 + draws.number(40), jitter_ms: draws.number(30) };
        let mut lines = vec![Command::Cluster(cluster), network];
        if self.mover != Mover::Clock {
            lines.push(Command::Schedule(Schedule::ByHand));
        }
        if self.gives_up(Premise::KafkasCommitRule) {
            let wrong = [CommitRule::LeaderOnly, CommitRule::Majority, CommitRule::AllReplicas];
            lines.push(Command::CommitRule(wrong[usize::from(draws.small(3))]));
        }
        if self.gives_up(Premise::KafkasTruncation) {
            let wrong = [TruncationRule::ToHighWatermark, TruncationRule::Kip101, TruncationRule::Kip279];
            lines.push(Command::TruncationRule(wrong[usize::from(draws.small(3))]));
        }
        if self.gives_up(Premise::KeptRecords) {
            lines.push(Command::Storage(StorageRule::DeleteOnAcknowledge));
        }
        lines.extend(self.clients(draws));
        lines
    }

    fn clients(&self, draws: &mut Draws) -> Vec<Command> {
        let mut lines = Vec::new();
        for id in 1..=1 + draws.small(2) {
            let leader_alone = self.gives_up(Premise::AcksAll) && id == 1;
            let acks = if leader_alone { Acks::Leader } else { Acks::All };
            let (linger_ms, retries) = (draws.number(2) * 5, [0, 0, 5][usize::from(draws.small(3))]);
            let settings = ProducerSettings { acks, linger_ms, retries, ..ProducerSettings::default() };
            lines.push(Command::Producer { id: ProducerIndex(id), settings });
        }
        let settings = ConsumerSettings {
            polls: if self.mover == Mover::Clock { Polls::InALoop } else { Polls::ByHand },
            auto_offset_reset: OffsetReset::Earliest,
            max_poll_records: 1 + draws.number(5),
            ..ConsumerSettings::default()
        };
        lines.push(Command::Consumer { id: ConsumerIndex(1), settings });
        lines
    }

    /// Settings that keep the premises of this run.
    pub(super) fn topic(&self, draws: &mut Draws) -> TopicSettings {
        let min_in_sync = if self.gives_up(Premise::MinInSyncTwo) { 1 } else { 2 + u8::from(draws.below(8) == 0) };
        TopicSettings { min_in_sync, unclean_elections: self.gives_up(Premise::CleanElections) }
    }

    /// What happens next.
    pub(super) fn next(&self, draws: &mut Draws, world: &World) -> Command {
        if draws.below(self.faults_one_in) == 0 {
            return fault(self, draws, world);
        }
        if self.mover == Mover::Both && draws.below(30) == 0 {
            let schedule = if world.schedule == Schedule::ByHand { Schedule::Automatic } else { Schedule::ByHand };
            return Command::Schedule(schedule);
        }
        match world.schedule {
            Schedule::Automatic => by_the_clock(draws, world),
            Schedule::ByHand => by_chance(draws, world),
        }
    }
}

fn by_the_clock(draws: &mut Draws, world: &World) -> Command {
    match draws.below(24) {
        0 | 1 => send(draws, world),
        2 => Command::Commit { consumer: ConsumerIndex(1) },
        3 => Command::Poll { consumer: ConsumerIndex(1) },
        _ => Command::Step { count: 1 },
    }
}

/// The command for something that goes wrong at a broker.
type FaultAt = fn(BrokerId) -> Command;

/// Any message may be next, anybody may act; a timer rings now and then.
fn by_chance(draws: &mut Draws, world: &World) -> Command {
    let broker = BrokerId(1 + draws.small(BROKERS));
    match draws.below(32) {
        0..=13 => match message(draws, world) {
            Some(message) => Command::Deliver { message },
            None => needed(draws, world, broker),
        },
        14..=18 => match follower(draws, world) {
            Some(broker) => Command::Fetch { broker },
            None => needed(draws, world, broker),
        },
        19..=21 => send(draws, world),
        22..=25 => needed(draws, world, broker),
        26 => Command::CheckIsr { broker: leader(world).unwrap_or(broker) },
        27 => Command::Checkpoint { broker },
        28 => Command::Poll { consumer: ConsumerIndex(1) },
        29 => Command::Step { count: 1 },
        30 => wait(draws, world),
        _ => Command::Heartbeat { broker },
    }
}

/// A message that is on its way; if the first that is drawn brings nothing new, another is drawn.
fn message(draws: &mut Draws, world: &World) -> Option<MessageId> {
    let first = pick(draws, world.network.on_the_way.values())?;
    let chosen = if first.message.routine { pick(draws, world.network.on_the_way.values())? } else { first };
    Some(chosen.message.id)
}

/// Who takes itself for the leader in the latest epoch.
pub(super) fn leader(world: &World) -> Option<BrokerId> {
    world.leader().map(|(broker, _)| broker.id)
}

/// What some broker needs most to take part: it registers, is heard, learns.
fn needed(draws: &mut Draws, world: &World, broker: BrokerId) -> Command {
    let committed = world.controllers.values().map(|controller| controller.committed).max().unwrap_or_default();
    let up = || world.brokers.values().filter(|at| at.process == Process::Up);
    let behind: Vec<BrokerId> = up().filter(|at| at.image.end < committed).map(|at| at.id).collect();
    let new: Vec<BrokerId> = up().filter(|at| at.duties.epoch.is_none()).map(|at| at.id).collect();
    let fenced =
        |id: &BrokerId| world.brokers.get(id).and_then(|at| at.image.brokers.get(id)).is_some_and(|at| at.fenced);
    let fenced: Vec<BrokerId> = up().map(|at| at.id).filter(fenced).collect();
    let kinds: [(&[BrokerId], FaultAt); 3] = [
        (&behind, |broker| Command::Learn { broker }),
        (&new, |broker| Command::Register { broker }),
        (&fenced, |broker| Command::Heartbeat { broker }),
    ];
    let some = kinds.iter().filter(|(brokers, _)| !brokers.is_empty()).collect::<Vec<_>>();
    let Some((brokers, command)) = pick(draws, some.into_iter()) else { return Command::Learn { broker } };
    command(pick(draws, brokers.iter()).copied().unwrap_or(broker))
}

fn follower(draws: &mut Draws, world: &World) -> Option<BrokerId> {
    let followers: Vec<BrokerId> = world.brokers.keys().copied().filter(|id| world.following(*id).is_some()).collect();
    pick(draws, followers.iter()).copied()
}

fn send(draws: &mut Draws, world: &World) -> Command {
    let producer = pick(draws, world.producers.keys()).copied().unwrap_or(ProducerIndex(1));
    if world.producers.get(&producer).is_some_and(|at| at.open.len() > 1) {
        return Command::Flush { producer };
    }
    Command::Send { producer, key: None, value: Some("1".to_owned()) }
}

/// Time passes, but not over the head of anything that is due: that is a step of its own.
fn wait(draws: &mut Draws, world: &World) -> Command {
    let ms = [20, 300, 1_500, 31_000][usize::from(draws.small(4))];
    let until = world.tick.plus_ms(i64::from(ms));
    match world.next_due_at() {
        Some(at) if at <= until => Command::Step { count: 1 },
        _ => Command::Wait { ms },
    }
}
