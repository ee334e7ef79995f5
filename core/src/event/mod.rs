//! What happened. A world changes by events and by nothing else, so a run *is* its list of events:
//! the story, "why?", metrics, the picture and the tests are all read off it.

mod subject;

pub use subject::Subject;

use crate::command::{ClusterSettings, Command, ConsumerSettings, Link, OffsetReset, ProducerSettings, Schedule};
use crate::ids::{
    BrokerId, BrokerSet, ConsumerIndex, ControllerId, Endpoint, EventId, LeaderEpoch, MessageId, MessageKind, Offset,
    ProducerIndex, RecordId, Tick,
};
use crate::rules::alter_partition_check::AlterCheck;
use crate::rules::commit_rule::CommitRule;
use crate::rules::fold::{Fold, Program};
use crate::rules::quorum_voter::QuorumVoter;
use crate::rules::quorum_voting::QuorumTurn;
use crate::rules::replica::Follower;
use crate::rules::storage::StorageRule;
use crate::rules::truncation::TruncationPoint;
use crate::rules::truncation_rule::TruncationRule;
use crate::world::{
    Again, ErrorCode, Following, Leading, Message, MetadataRecord, MetadataWaiting, Session, StoredBatch, Waiting,
    Wants,
};
use std::sync::Arc;

/// Something that happened, when, and why.
#[derive(Debug, PartialEq, Eq)]
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
#[derive(Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A script or a person asked for this. Changes nothing by itself.
    Commanded(Command),
    /// The command before could not be done; nothing changed.
    Refused(Refusal),

    /// The brokers are up and registered; broker 1 leads the partition in epoch 0 and all are in sync.
    ClusterStarted(ClusterSettings),
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
    CommitRuleSet(CommitRule),
    TruncationRuleSet(TruncationRule),
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
    /// Messages of this direction are lost from now on.
    LinkCut {
        link: Link,
    },
    LinkHealed {
        link: Link,
    },
    /// The next message of this kind in this direction will be lost.
    NextWillBeLost {
        kind: MessageKind,
        link: Link,
    },

    /// A process died. Its memory is gone; the log ends where `log_end` says, earlier if power was lost too.
    Crashed {
        at: Endpoint,
        log_end: Offset,
        lost_power: bool,
    },
    /// A broker has handed over, written all down, and stopped.
    Stopped {
        broker: BrokerId,
    },
    Started {
        at: Endpoint,
    },
    Froze {
        at: Endpoint,
    },
    Thawed {
        at: Endpoint,
    },
    /// A broker was told to stop; it asks the controller for leave.
    StopAsked {
        broker: BrokerId,
    },
    DiskWiped {
        broker: BrokerId,
    },
    /// The metadata says that the partition has no replica here any more.
    ReplicaDeleted {
        broker: BrokerId,
    },
    DiskSlowed {
        broker: BrokerId,
        ms: u32,
    },
    /// All that was written so far is on the disk.
    Flushed {
        broker: BrokerId,
        to: Offset,
    },
    /// The high watermark was written to `replication-offset-checkpoint`.
    MarkCheckpointed {
        broker: BrokerId,
        to: Offset,
    },
    ClockSet {
        broker: BrokerId,
        ahead_ms: i64,
    },

    /// The active controller wrote a record at the end of the metadata log.
    MetadataAppended {
        controller: ControllerId,
        offset: Offset,
        epoch: i32,
        record: Arc<MetadataRecord>,
    },
    /// Metadata below this is on a majority of the controllers.
    MetadataCommitted {
        controller: ControllerId,
        to: Offset,
    },
    /// A controller that follows wrote down a record of the one that leads.
    MetadataCopied {
        controller: ControllerId,
        offset: Offset,
        epoch: i32,
        record: Arc<MetadataRecord>,
    },
    /// A controller dropped what the log of the one that leads has not.
    MetadataTruncated {
        controller: ControllerId,
        from: Offset,
        to: Offset,
    },
    /// A controller that follows was told that the metadata below this is committed.
    MetadataMarkLearned {
        controller: ControllerId,
        to: Offset,
    },
    /// A controller's part in the quorum changed; from here on it is this.
    QuorumTurned {
        controller: ControllerId,
        turn: QuorumTurn,
        voter: Arc<QuorumVoter>,
    },
    /// A controller that was elected is active: a majority has the first record of its epoch.
    ControllerActivated {
        controller: ControllerId,
    },
    /// A broker replayed a record: from here on it believes what the record says.
    MetadataReplayed {
        broker: BrokerId,
        offset: Offset,
        record: Arc<MetadataRecord>,
    },
    /// The controller heard of a broker.
    HeartbeatNoted {
        controller: ControllerId,
        broker: BrokerId,
        session: Session,
    },
    /// A request waits at the controller.
    MetadataRequestParked {
        controller: ControllerId,
        waiting: MetadataWaiting,
    },
    /// A broker's start is registered.
    Registered {
        broker: BrokerId,
        epoch: i64,
    },
    /// A broker that has started has replayed what was committed: from here on it takes part.
    MetadataCaughtUp {
        broker: BrokerId,
    },
    /// A broker goes to another controller from now on.
    ControllerKnown {
        broker: BrokerId,
        controller: ControllerId,
    },
    /// The next regular look at the ISR, and the next checkpoint, are due then.
    DutiesPlanned {
        broker: BrokerId,
        next_isr_check: Tick,
        next_checkpoint: Tick,
    },

    /// A broker leads from now on, in a new epoch.
    BecameLeader {
        broker: BrokerId,
        leading: Arc<Leading>,
    },
    BecameFollower {
        broker: BrokerId,
        following: Following,
    },
    /// A broker has no part in the partition any more, until it is told of a leader.
    LostRole {
        broker: BrokerId,
    },
    /// A replica dropped what it had at `to` and above.
    LogTruncated {
        broker: BrokerId,
        from: Offset,
        to: Offset,
        /// How the place was found.
        point: TruncationPoint,
    },
    /// The leader asks the controller for this ISR.
    IsrProposed {
        broker: BrokerId,
        isr: BrokerSet,
    },
    /// The leader has this ISR from now on, as the controller has written it.
    IsrCommitted {
        broker: BrokerId,
        isr: BrokerSet,
        partition_epoch: i32,
    },
    /// The controller refused the ISR that was asked for; the leader keeps the one it has.
    IsrRefused {
        broker: BrokerId,
        error: AlterCheck,
        /// It may ask for another; else it waits for new metadata.
        falls_back: bool,
    },
    /// The leader said in which epoch its follower has to look for what both have.
    EpochEndTold {
        broker: BrokerId,
        ask_next: Option<LeaderEpoch>,
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
        known: Follower,
    },
    /// A follower fetched and is where it was.
    FollowerSeen {
        leader: BrokerId,
        follower: BrokerId,
        known: Follower,
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
    /// A batch failed, and the producer will send it again. Whether the records are in a log it can't know.
    SendWillBeRetried {
        producer: ProducerIndex,
        again: Again,
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
        /// The leader epoch of the last of them.
        epoch: LeaderEpoch,
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
    /// A client was told who leads.
    LeaderLearnt {
        client: Endpoint,
        leader: Option<BrokerId>,
        epoch: LeaderEpoch,
    },
    /// A client's request failed in a way that makes it doubt who leads.
    LeaderDoubted {
        client: Endpoint,
    },
    /// What the consumer has read is in the leader's log still.
    PositionValidated {
        consumer: ConsumerIndex,
    },
    /// What the consumer read last is not in the leader's log: it goes back to where the two part (KIP-320).
    TruncationDetected {
        consumer: ConsumerIndex,
        from: Offset,
        to: Offset,
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
        error: ErrorCode,
        retry_at: Tick,
    },
    /// The follower may ask again.
    BackOffEnded {
        broker: BrokerId,
    },
    /// An answer was an error: its sender asks again, not before `until`, or not before it hears of new metadata.
    AskLater {
        request: MessageId,
        until: Option<Tick>,
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
    /// There is no controller to do it, or none that leads.
    NoController,
    NoSuchController(ControllerId),
    /// It is down, or it stands still.
    NotRunning(Endpoint),
    /// It runs.
    Running(Endpoint),
    /// Only a leader can do that.
    DoesNotLead(BrokerId),
    /// It has been told of no leader to fetch from.
    HasNoLeader(BrokerId),
    /// What was flushed can't be lost, and what is not there can't be kept.
    CannotKeep {
        flushed: Offset,
        log_end: Offset,
    },
    /// It is registered.
    IsRegistered(BrokerId),
    /// The election would change nothing.
    NothingToElect,
    /// The partition is on these brokers, in this order, already.
    NothingToReassign,
    /// It counts as dead already.
    IsFenced(BrokerId),
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
            | EventKind::AskLater { .. }
            | EventKind::FollowerSeen { .. }
            | EventKind::HeartbeatNoted { .. }
            | EventKind::MetadataRequestParked { .. }
            | EventKind::MetadataCommitted { .. }
            | EventKind::MetadataCopied { .. }
            | EventKind::MetadataMarkLearned { .. }
            | EventKind::QuorumTurned {
                turn: QuorumTurn::NotedFetch { .. } | QuorumTurn::HeardLeader | QuorumTurn::Reminded,
                ..
            }
            | EventKind::DutiesPlanned { .. }
            | EventKind::MarkCheckpointed { .. }
            | EventKind::PositionValidated { .. }
            | EventKind::TimePassed { .. } => true,
            EventKind::MessageSent { message, .. } | EventKind::MessageDelivered { message } => message.routine,
            EventKind::RequestParked { waiting, .. } => matches!(waiting.wants, Wants::Records { .. }),
            _ => false,
        }
    }
}
