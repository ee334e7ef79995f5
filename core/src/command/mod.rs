//! The one command language: lessons, links, tests, the sandbox and counterexamples are all scripts in it.
//!
//! One command a line. [`Display`](std::fmt::Display) prints a command as [`parse`] reads it.

mod complete;
mod parse;
mod print;
mod words;

pub use complete::{Known, complete};
pub use parse::{Expected, Parsed, Problem};
pub use words::{COMMANDS, CommandHelp};

use crate::ids::{BrokerId, ConsumerIndex, Endpoint, MessageId, MessageKind, Offset, ProducerIndex};
use crate::rules::commit_rule::CommitRule;
use crate::rules::fold::Program;
use crate::rules::storage::StorageRule;
use crate::rules::truncation_rule::TruncationRule;
use crate::world::TopicSettings;

/// The version of the language that this engine speaks.
pub const VERSION: u32 = 1;

/// A parsed script: what a run is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Seeds every draw of the world.
    pub seed: u64,
    pub lines: Vec<ScriptLine>,
}

/// A command and where it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptLine {
    /// 1 for the first line of the text; 0 if it came from no text.
    pub number: u32,
    pub command: Command,
}

impl Script {
    /// A script of these commands, without a text behind it.
    #[must_use]
    pub fn of(seed: u64, commands: Vec<Command>) -> Self {
        let lines = commands.into_iter().map(|command| ScriptLine { number: 0, command }).collect();
        Script { seed, lines }
    }

    /// Adds a command. Steps that follow each other are one line.
    pub fn push(&mut self, command: Command) {
        let last = self.lines.last_mut().map(|line| &mut line.command);
        match (last, command) {
            (Some(Command::Step { count }), Command::Step { count: more }) => *count += more,
            (_, command) => self.lines.push(ScriptLine { number: 0, command }),
        }
    }

    /// Reads a text. Total: what was understood, and a list of problems with their places.
    #[must_use]
    pub fn parse(text: &str) -> Parsed {
        parse::script(text)
    }

    pub fn commands(&self) -> impl Iterator<Item = &Command> {
        self.lines.iter().map(|line| &line.command)
    }
}

/// What can be asked of a world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Puts up the brokers and their one partition, which broker 1 leads in epoch 0. The first command of a script.
    Cluster(ClusterSettings),
    /// Latency of every link, one way; each message draws up to `jitter_ms` more.
    Network {
        latency_ms: u32,
        jitter_ms: u32,
    },
    /// Latency of one link, in one direction.
    Link {
        link: Link,
        latency_ms: u32,
    },
    /// Adds a producer.
    Producer {
        id: ProducerIndex,
        settings: ProducerSettings,
    },
    /// Adds a consumer, a group of its own. Its start is looked up without a message.
    Consumer {
        id: ConsumerIndex,
        settings: ConsumerSettings,
    },
    /// Who decides when messages arrive and followers fetch.
    Schedule(Schedule),
    /// `KafkaProducer.send`: the record goes into the accumulator's open batch.
    Send {
        producer: ProducerIndex,
        key: Option<String>,
        value: Option<String>,
    },
    /// `KafkaProducer.flush`: the open batch goes now, whatever linger.ms says.
    Flush {
        producer: ProducerIndex,
    },
    /// Lets a follower fetch now.
    Fetch {
        broker: BrokerId,
    },
    /// `KafkaConsumer.poll`, once.
    Poll {
        consumer: ConsumerIndex,
    },
    /// Commits the consumer's position.
    Commit {
        consumer: ConsumerIndex,
    },
    /// `KafkaConsumer.seek`.
    Seek {
        consumer: ConsumerIndex,
        offset: Offset,
    },
    /// The consumer's process ends and starts again: the position is gone, the committed offset is not.
    Restart {
        consumer: ConsumerIndex,
    },
    /// Another program takes the consumer over: an empty table, from the log start on.
    Deploy {
        consumer: ConsumerIndex,
        program: Program,
    },
    /// Changes settings of the topic (`kafka-configs --alter`), through the controller.
    Config(TopicChange),
    /// When a record counts as committed. All but in-sync replicas are famous wrong versions.
    CommitRule(CommitRule),
    /// Where a replica cuts its log when it begins to follow. All but KIP-320 are Kafka's past.
    TruncationRule(TruncationRule),
    /// A process dies. With `keep` the machine loses power: of what was not flushed, only what lies below stays.
    Crash {
        at: Endpoint,
        keep: Option<Offset>,
    },
    /// A broker stops of its own accord: it hands over what it leads first (`SIGTERM`).
    Stop {
        broker: BrokerId,
    },
    /// A process that is down starts.
    Start {
        at: Endpoint,
    },
    /// A process stands still; its connections stay open.
    Freeze {
        at: Endpoint,
    },
    Thaw {
        at: Endpoint,
    },
    /// Everything on the disk of a broker that is down is gone.
    Wipe {
        broker: BrokerId,
    },
    /// What a broker has written so far is forced to its disk (`fsync`).
    Sync {
        broker: BrokerId,
    },
    /// Each write of this broker takes so long.
    SlowDisk {
        broker: BrokerId,
        ms: u32,
    },
    /// The broker's clock is so far ahead of the others'.
    Clock {
        broker: BrokerId,
        ahead_ms: i64,
    },
    /// Messages on this link are lost until it is healed.
    Cut {
        link: Link,
        both_ways: bool,
    },
    Heal {
        link: Link,
        both_ways: bool,
    },
    /// The next message of this kind on this link will be lost.
    DropNext {
        kind: MessageKind,
        link: Link,
    },
    /// Gives the partition to these brokers, in this order of preference: `kafka-reassign-partitions`.
    Reassign {
        replicas: Vec<BrokerId>,
    },
    /// The controller elects (`kafka-leader-election`).
    Elect(ElectionType),
    /// The controller takes a broker for dead, as when its session has run out.
    Fence {
        broker: BrokerId,
    },
    /// Lets a broker fetch the metadata now.
    Learn {
        broker: BrokerId,
    },
    /// Lets a broker send its heartbeat now.
    Heartbeat {
        broker: BrokerId,
    },
    /// Lets a broker that has started ask for its registration now.
    Register {
        broker: BrokerId,
    },
    /// Lets a leader look for replicas that are late now.
    CheckIsr {
        broker: BrokerId,
    },
    /// Lets a broker write its high watermark down now.
    Checkpoint {
        broker: BrokerId,
    },
    /// Messages on this link wait until it is released.
    Hold {
        link: Link,
    },
    Release {
        link: Link,
    },
    /// What becomes of records that have been read, from now on. Not a setting of Kafka's, which always keeps them.
    Storage(StorageRule),
    /// Lets one message arrive now.
    Deliver {
        message: MessageId,
    },
    /// Loses one message.
    Drop {
        message: MessageId,
    },
    /// Virtual time passes; what is due in it happens.
    Wait {
        ms: u32,
    },
    /// The next due things happen, this many of them, however far away they are.
    Step {
        count: u32,
    },
    /// Names this place of the script. Changes nothing.
    Mark {
        name: String,
    },
}

/// What a cluster is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClusterSettings {
    pub brokers: u8,
    /// None: nobody changes the metadata, so the leader stays and all replicas are in sync for good.
    pub controllers: u8,
    /// How many of the brokers have a replica of the partition: the first ones.
    pub replication_factor: u8,
    pub storage: StorageRule,
    pub topic: TopicSettings,
    /// `eligible.leader.replicas.version` is 1.
    pub elr: bool,
    /// `replica.lag.time.max.ms`.
    pub lag_max_ms: u32,
}

impl ClusterSettings {
    /// So many brokers and no controller, everything else by default.
    #[must_use]
    pub fn of_brokers(brokers: u8) -> Self {
        ClusterSettings {
            brokers,
            controllers: 0,
            replication_factor: brokers,
            storage: StorageRule::Keep,
            topic: TopicSettings::default(),
            elr: true,
            lag_max_ms: LAG_MAX_MS,
        }
    }
}

/// The default of `replica.lag.time.max.ms`.
pub const LAG_MAX_MS: u32 = 30_000;

/// Settings of the topic that are set; the others stay as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopicChange {
    /// `min.insync.replicas`.
    pub min_in_sync: Option<u8>,
    /// `unclean.leader.election.enable`.
    pub unclean_elections: Option<bool>,
}

impl TopicChange {
    /// Sets this one.
    #[must_use]
    pub fn min_in_sync(to: u8) -> Self {
        TopicChange { min_in_sync: Some(to), unclean_elections: None }
    }

    /// Sets this one.
    #[must_use]
    pub fn unclean_elections(to: bool) -> Self {
        TopicChange { min_in_sync: None, unclean_elections: Some(to) }
    }

    /// The settings afterwards.
    #[must_use]
    pub fn of(self, before: TopicSettings) -> TopicSettings {
        TopicSettings {
            min_in_sync: self.min_in_sync.unwrap_or(before.min_in_sync),
            unclean_elections: self.unclean_elections.unwrap_or(before.unclean_elections),
        }
    }
}

impl From<TopicSettings> for TopicChange {
    fn from(all: TopicSettings) -> Self {
        TopicChange { min_in_sync: Some(all.min_in_sync), unclean_elections: Some(all.unclean_elections) }
    }
}

/// What an operator asks the controller to elect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElectionType {
    /// The first of the replica list, if it is fit.
    Preferred,
    /// Any live replica, if there is no leader.
    Unclean,
}

/// One direction between two ends, written `2-1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    pub from: Endpoint,
    pub to: Endpoint,
}

impl Link {
    /// The other direction.
    #[must_use]
    pub fn back(self) -> Link {
        Link { from: self.to, to: self.from }
    }
}

/// Who moves the messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// Messages arrive when they are due; followers fetch in a loop.
    Automatic,
    /// Nothing arrives and nobody fetches unless a command says so.
    ByHand,
}

/// The producer's settings that the world models, with Kafka's defaults, but for `retries`.
/// There is no idempotence: a batch that is sent again may be in the log twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProducerSettings {
    pub acks: Acks,
    pub linger_ms: u32,
    /// A batch that has grown this large goes at once.
    pub batch_size_bytes: u32,
    /// How often a batch that failed is sent again. 0 unless it is chosen, so that one failure is one story; Kafka's
    /// default is as often as `delivery.timeout.ms` allows.
    pub retries: u32,
    /// How long a batch is tried, from its first record on.
    pub delivery_timeout_ms: u32,
    /// How long one request may take.
    pub request_timeout_ms: u32,
}

impl Default for ProducerSettings {
    fn default() -> Self {
        ProducerSettings {
            acks: Acks::All,
            linger_ms: 5,
            batch_size_bytes: 16_384,
            retries: 0,
            delivery_timeout_ms: 120_000,
            request_timeout_ms: 30_000,
        }
    }
}

/// Whose word a producer waits for (`acks`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Acks {
    None,
    Leader,
    /// All replicas that are in sync now.
    All,
}

/// The consumer's settings that the world models, with Kafka's defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsumerSettings {
    pub polls: Polls,
    /// Where to begin without a committed offset, or outside the log.
    pub auto_offset_reset: OffsetReset,
    /// How many records one poll returns at most.
    pub max_poll_records: u32,
    /// How long the program works on each record before it polls again. Not a setting of Kafka's.
    pub work_ms: u32,
    /// What it folds the records into, if it does.
    pub program: Option<Program>,
}

impl Default for ConsumerSettings {
    fn default() -> Self {
        ConsumerSettings {
            polls: Polls::InALoop,
            auto_offset_reset: OffsetReset::Latest,
            max_poll_records: 500,
            work_ms: 0,
            program: None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Polls {
    InALoop,
    ByHand,
}

/// `auto.offset.reset`, without `none` and `by_duration`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OffsetReset {
    Earliest,
    Latest,
}
