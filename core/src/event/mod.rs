//! What happened. A world changes by events and by nothing else, so a run *is* its list of events:
//! the story, "why?", metrics, the picture and the tests are all read off it.

mod subject;

pub use subject::Subject;

use crate::command::{Command, ConsumerSettings, Link, OffsetReset, ProducerSettings, Schedule};
use crate::ids::{BrokerId, ConsumerIndex, EventId, MessageId, Offset, ProducerIndex, RecordId, Tick};
use crate::rules::fold::{Fold, Program};
use crate::rules::storage::StorageRule;
use crate::world::{ErrorCode, Message, StoredBatch, Waiting, Wants};
use std::sync::Arc;

/// Something that happened, when, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its place in the run.
    pub id: EventId,
    pub tick: Tick,
    pub kind: EventKind,
    /// What set it off; none for a command.
    pub trigger: Option<EventId>,
    /// What it rested on besides: who last touched the things it was decided by.
    pub rests_on: Vec<EventId>,
}

/// Every kind of thing that can happen in a world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A script or a person asked for this. Changes nothing by itself.
    Commanded(Command),
    /// The command before could not be done; nothing changed.
    Refused(Refusal),

    /// The brokers are up; broker 1 leads the partition in epoch 0 and all are in sync.
    ClusterStarted {
        brokers: u8,
        storage: StorageRule,
    },
    /// The latency of every link was set.
    NetworkSet {
        latency_ms: u32,
        jitter_ms: u32,
    },
    /// The latency of one direction was set.
    LinkSet {
        link: Link,
        latency_ms: u32,
    },
    /// Someone else moves the messages from now on.
    ScheduleSet(Schedule),
    StorageSet(StorageRule),
    ProducerAdded {
        producer: ProducerIndex,
        settings: ProducerSettings,
    },
    /// A consumer without a committed offset begins where auto.offset.reset says.
    ConsumerAdded {
        consumer: ConsumerIndex,
        settings: ConsumerSettings,
        position: Offset,
    },
    /// Messages of this direction wait.
    LinkHeld {
        link: Link,
    },
    LinkReleased {
        link: Link,
    },

    /// `send()` put a record into the open batch; no broker has it yet.
    RecordAccumulated {
        producer: ProducerIndex,
        record: PendingSend,
    },
    /// `flush()`: the open batch need not linger.
    FlushAsked {
        producer: ProducerIndex,
    },
    /// A message left its sender.
    MessageSent {
        message: Arc<Message>,
        due: Tick,
    },
    MessageDelivered {
        message: Arc<Message>,
    },
    MessageDropped {
        message: Arc<Message>,
    },

    /// The leader gave a batch its offsets and wrote it at the end of its log.
    BatchAppended {
        broker: BrokerId,
        batch: Arc<StoredBatch>,
    },
    /// A follower wrote a batch that it fetched, at the same offsets.
    BatchCopied {
        broker: BrokerId,
        batch: Arc<StoredBatch>,
    },
    /// A fetch told the leader how much a follower holds.
    FollowerNoted {
        leader: BrokerId,
        follower: BrokerId,
        log_end: Offset,
    },
    /// The leader moved the high watermark; `ends` are the log ends it took the smallest of.
    HighWatermarkAdvanced {
        broker: BrokerId,
        from: Offset,
        to: Offset,
        ends: Vec<(BrokerId, Offset)>,
    },
    /// A follower was told the mark; it may go back.
    HighWatermarkLearned {
        broker: BrokerId,
        from: Offset,
        to: Offset,
    },
    /// Records below `to` are gone from this log.
    LogStartMoved {
        broker: BrokerId,
        from: Offset,
        to: Offset,
    },
    /// A request waits at the broker: a fetch for something new, a produce for the mark.
    RequestParked {
        broker: BrokerId,
        waiting: Waiting,
    },

    /// The producer heard that its batch is stored as its acks asked.
    Acknowledged {
        producer: ProducerIndex,
        records: Vec<RecordId>,
        base: Offset,
    },
    /// The producer gave up on a batch, or was refused; whether the records are in a log it can't know.
    SendFailed {
        producer: ProducerIndex,
        records: Vec<RecordId>,
        error: ErrorCode,
    },
    /// acks=0: the producer forgets the batch as it leaves.
    SentWithoutAnswer {
        producer: ProducerIndex,
        records: Vec<RecordId>,
    },

    /// Batches came and lie in the consumer's memory.
    RecordsFetched {
        consumer: ConsumerIndex,
        batches: Vec<Arc<StoredBatch>>,
    },
    /// `poll()` returned records; the position moves behind the last of them.
    RecordsRead {
        consumer: ConsumerIndex,
        records: Vec<(Offset, RecordId)>,
        position: Offset,
        busy_until: Tick,
    },
    /// A program folded a record into its table: the row of this key changed, or went.
    RowChanged {
        consumer: ConsumerIndex,
        offset: Offset,
        key: String,
        from: Option<i64>,
        to: Option<i64>,
    },
    /// A program looked at a record and left its table as it was.
    RowLeft {
        consumer: ConsumerIndex,
        offset: Offset,
        key: String,
        why: Fold,
    },
    /// Another program took over: its table is empty, and it reads from the log start.
    ProgramDeployed {
        consumer: ConsumerIndex,
        program: Program,
        to: Offset,
    },
    /// The position lay outside the log; auto.offset.reset moved it.
    PositionReset {
        consumer: ConsumerIndex,
        from: Offset,
        to: Offset,
        reset: OffsetReset,
    },
    PositionSought {
        consumer: ConsumerIndex,
        from: Offset,
        to: Offset,
    },
    /// The broker noted the group's committed offset.
    OffsetCommitted {
        broker: BrokerId,
        consumer: ConsumerIndex,
        offset: Offset,
    },
    CommitConfirmed {
        consumer: ConsumerIndex,
        offset: Offset,
    },
    /// The process is new: the position comes from the committed offset, or from auto.offset.reset.
    ConsumerRestarted {
        consumer: ConsumerIndex,
        from: Offset,
        to: Offset,
    },

    /// No answer came within the time-out; the follower waits a little and asks again, a consumer asks again.
    RequestGivenUp {
        request: MessageId,
        retry_at: Tick,
    },
    /// The follower may ask again.
    BackOffEnded {
        broker: BrokerId,
    },
    /// Nothing happened until now.
    TimePassed {
        ms: i64,
    },
}

/// A record on its way into a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingSend {
    pub name: RecordId,
    pub key: Option<String>,
    pub value: Option<String>,
    /// CreateTime: the tick of the `send()`.
    pub timestamp: Tick,
}

/// Why a command could not be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `cluster` must come first.
    NoCluster,
    /// There is a cluster already.
    ClusterExists,
    NoSuchBroker(BrokerId),
    NoSuchProducer(ProducerIndex),
    NoSuchConsumer(ConsumerIndex),
    ProducerExists(ProducerIndex),
    ConsumerExists(ConsumerIndex),
    /// The leader does not fetch from itself.
    LeaderDoesNotFetch(BrokerId),
    /// It has asked and waits for the answer.
    AlreadyAsked(MessageId),
    /// The message was delivered, was dropped, or was never sent.
    NotOnTheWay(MessageId),
    /// The world has stood still since the last command and nothing will become due.
    NothingDue,
}

impl EventKind {
    /// Whether the eye may skip it: set-up, passing time, messages that bring nothing new.
    #[must_use]
    pub fn is_bookkeeping(&self) -> bool {
        match self {
            EventKind::Commanded(_)
            | EventKind::NetworkSet { .. }
            | EventKind::LinkSet { .. }
            | EventKind::ScheduleSet(_)
            | EventKind::RecordsFetched { .. }
            | EventKind::SentWithoutAnswer { .. }
            | EventKind::BackOffEnded { .. }
            | EventKind::TimePassed { .. } => true,
            EventKind::MessageSent { message, .. } | EventKind::MessageDelivered { message } => message.routine,
            EventKind::RequestParked { waiting, .. } => matches!(waiting.wants, Wants::Records { .. }),
            _ => false,
        }
    }
}
