//! The parts of a world. Plain values; only `apply.rs` changes them.

use super::batch::StoredBatch;
use super::message::{Body, Message};
use super::metadata::{Image, MetadataRecord};
use super::premise::Premises;
use crate::command::{ConsumerSettings, Link, ProducerSettings};
use crate::event::PendingSend;
use crate::ids::{
    BrokerId, ConsumerIndex, ControllerId, Endpoint, LeaderEpoch, MessageId, MessageKind, Offset, ProducerIndex,
    RecordId, Tick,
};
use crate::rules::commit_rule::CommitRule;
use crate::rules::epoch_cache::EpochCache;
use crate::rules::isr::Isr;
use crate::rules::quorum_voter::QuorumVoter;
use crate::rules::replica::Follower;
use crate::rules::storage::StorageRule;
use crate::rules::truncation_rule::TruncationRule;
use litemap::LiteMap;
use rpds::RedBlackTreeMapSync as Shared;
use std::sync::Arc;

/// A replica's log in memory: batches that are never changed, shared between replicas and snapshots.
/// A copy of the log shares all of it, so that a snapshot costs the same however long the log is.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ReplicaLog {
    /// By last offset.
    pub(super) batches: Shared<Offset, Arc<StoredBatch>>,
    pub log_start: Offset,
}

impl ReplicaLog {
    /// The first offset that is not in the log.
    #[must_use]
    pub fn log_end(&self) -> Offset {
        self.batches.last().map_or(self.log_start, |(last, _)| last.plus(1))
    }

    /// All batches, ascending.
    pub fn batches(&self) -> impl Iterator<Item = &Arc<StoredBatch>> {
        self.batches.values()
    }

    /// The batches from the one that holds `from` on (or the next one, in a gap), ascending.
    pub fn batches_from(&self, from: Offset) -> impl Iterator<Item = &Arc<StoredBatch>> {
        self.batches.range(from..).map(|(_, batch)| batch)
    }

    /// The batches from `from` on that end below `end`, with at most about `most_records` records:
    /// the first batch always comes whole.
    #[must_use]
    pub fn read(&self, from: Offset, end: Offset, most_records: u32) -> Vec<Arc<StoredBatch>> {
        let mut records = 0;
        let mut read = Vec::new();
        for batch in self.batches_from(from).take_while(|batch| batch.next_offset() <= end) {
            let more = batch.names.len();
            if !read.is_empty() && records + more > usize::try_from(most_records).unwrap_or(usize::MAX) {
                break;
            }
            records += more;
            read.push(Arc::clone(batch));
        }
        read
    }

    /// Records below `to` are no longer read; batches that lie wholly below are gone.
    pub(super) fn start_at(&mut self, to: Offset) {
        self.log_start = to;
        while let Some(last) = self.batches.first().map(|(last, _)| *last).filter(|last| *last < to) {
            self.batches.remove_mut(&last);
        }
    }

    /// Where the log ends if it is cut at `at`: a batch that reaches there goes whole.
    ///
    /// A broker's log would go on at `at` all the same, with a hole before it (`LocalLog.truncateTo`). It comes to that
    /// only where two logs were cut or counted by other rules than Kafka's.
    pub(super) fn end_if_cut(&self, at: Offset) -> Offset {
        let holds = self.batches_from(at).next().filter(|batch| batch.base_offset() < at);
        holds.map_or(at, |batch| batch.base_offset().max(self.log_start))
    }

    /// Nothing at `end` or above is left; a batch that reaches there goes whole.
    pub(super) fn truncate(&mut self, end: Offset) {
        while let Some(last) = self.batches.last().map(|(last, _)| *last).filter(|last| *last >= end) {
            self.batches.remove_mut(&last);
        }
    }

    pub(super) fn push(&mut self, batch: Arc<StoredBatch>) {
        self.batches.insert_mut(batch.last_offset(), batch);
    }
}

/// A process: whether it works, stands still, or is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Process {
    Up,
    /// It does nothing, and its connections stay open: what comes in waits.
    Frozen,
    /// Its memory is gone. `clean`: it has stopped of its own accord, with everything on disk.
    Down {
        clean: bool,
    },
}

/// A broker and its replica of the partition.
///
/// Invariant: `log.log_start <= high_watermark <= log.log_end()`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broker {
    pub id: BrokerId,
    pub process: Process,
    pub log: ReplicaLog,
    pub high_watermark: Offset,
    /// Where each leader epoch of the log begins (`leader-epoch-checkpoint`).
    pub epochs: EpochCache,
    pub role: Role,
    pub disk: Disk,
    /// How far its clock is ahead of the world's.
    pub clock_ahead_ms: i64,
    /// The metadata as far as it has replayed it.
    pub image: Image,
    pub duties: Duties,
}

/// What is on a broker's disk, and how fast it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Disk {
    /// Records below this survive a loss of power; those above lie in the page cache.
    pub flushed: Offset,
    /// The high watermark in `replication-offset-checkpoint`.
    pub checkpointed: Offset,
    /// How long each write takes.
    pub slow_ms: u32,
}

/// What a broker owes the controller, and its regular work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duties {
    /// Which of its starts this is, 1 for the first.
    pub start: u32,
    /// Whether the process before this one stopped cleanly.
    pub clean_start: bool,
    /// The epoch with which this start is registered; none before it is.
    pub epoch: Option<i64>,
    /// It has replayed what was committed when it started, so it may take up its role.
    pub caught_up: bool,
    /// It wants to stop and waits for leave.
    pub stopping: bool,
    /// Whom it takes for the active controller.
    pub controller: ControllerId,
    pub registration: Asking,
    pub heartbeat: Asking,
    pub metadata: Asking,
    pub alter_partition: Asking,
    pub next_isr_check: Tick,
    pub next_checkpoint: Tick,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    Leader(Leading),
    Follower(Following),
    /// It has no part in the partition now: it is down, has not been told, or there is no leader.
    None,
}

/// What only a leader keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leading {
    pub epoch: LeaderEpoch,
    pub partition_epoch: i32,
    /// Where the log ended when this leader epoch began.
    pub epoch_start: Offset,
    pub isr: Isr,
    /// Of the followers in the ISR that is in flight: the broker epoch of the start that fetched, when it was proposed.
    /// Who has not fetched yet is not among them, and is not judged by it (KIP-903).
    pub proposed_epochs: Vec<(BrokerId, i64)>,
    pub followers: LiteMap<BrokerId, Follower>,
    /// Requests that wait for an answer, oldest first.
    pub waiting: Vec<Waiting>,
}

/// A request in purgatory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub request: MessageId,
    pub wants: Wants,
    /// Answered then, whatever there is.
    pub until: Tick,
}

/// What a waiting request waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// A fetch at the end: for something at `offset`.
    Records { offset: Offset, most_records: u32, last_fetched: Option<LeaderEpoch> },
    /// A produce with acks=all: for the mark to reach `mark`.
    HighWatermark { base: Offset, mark: Offset },
}

/// What only a follower keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Following {
    pub leader: BrokerId,
    pub epoch: LeaderEpoch,
    pub fetch: Asking,
    /// The offset of its last fetch.
    pub last_asked: Option<Offset>,
    /// Before it fetches it asks the leader where this epoch ended (KIP-101, KIP-279).
    pub asks_end_of: Option<LeaderEpoch>,
}

/// Where somebody is with a request that is sent again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    Idle,
    Asked(Asked),
    /// Not before this tick.
    BackOff {
        until: Tick,
    },
    /// Not before the metadata says something new.
    AwaitsMetadata,
}

/// A request whose answer is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    pub request: MessageId,
    pub give_up: Tick,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Producer {
    pub id: ProducerIndex,
    pub settings: ProducerSettings,
    /// Records given to `send()` so far.
    pub given: u32,
    /// The open batch of the partition.
    pub open: Vec<PendingSend>,
    pub flushing: bool,
    /// Requests that wait for an answer, with what they carry.
    pub asked: LiteMap<MessageId, Sent>,
    /// Batches that failed and are sent again, in the order in which they go.
    pub again: Vec<Again>,
    pub leader: LeaderKnown,
}

/// A batch in flight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub give_up: Tick,
    pub batch: Arc<StoredBatch>,
    /// How often it had failed before.
    pub attempts: u32,
}

/// A batch that failed, on its way into the log once more, if the first one is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Again {
    pub batch: Arc<StoredBatch>,
    /// How often it has failed.
    pub attempts: u32,
    pub not_before: Tick,
    /// The leader epoch that its producer knew when it failed.
    pub tried: LeaderEpoch,
}

/// What a client knows of who leads, and how it finds out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaderKnown {
    pub leader: Option<BrokerId>,
    pub epoch: LeaderEpoch,
    /// Its request for metadata, or how long it does not ask again.
    pub asks: Asking,
    /// Something went wrong: it asks before it does anything else.
    pub stale: bool,
    /// Which broker it asks next.
    pub next: BrokerId,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consumer {
    pub id: ConsumerIndex,
    pub settings: ConsumerSettings,
    /// The next offset that `poll()` returns.
    pub position: Offset,
    /// Fetched and not yet returned.
    pub buffer: Vec<Arc<StoredBatch>>,
    pub fetch: Option<Asked>,
    /// The offset of its last fetch.
    pub last_asked: Option<Offset>,
    pub commit: Option<Asked>,
    pub leader: LeaderKnown,
    /// The epoch of the last record it has read; none before the first.
    pub position_epoch: Option<LeaderEpoch>,
    /// The leader is new: where its epoch ended must be asked before the next fetch (KIP-320).
    pub validates: bool,
    /// What the consumer was last told of its committed offset.
    pub confirmed: Option<Offset>,
    /// What its program has folded so far; in memory, so a restart empties it.
    pub table: LiteMap<String, i64>,
    /// The last record that it has folded.
    pub folded: Option<Folded>,
    /// Records that polls have returned so far.
    pub read: u64,
    /// The program works on what the last poll returned.
    pub busy_until: Tick,
}

/// A record that a program has looked at, and what it did to the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    pub offset: Offset,
    pub key: String,
    /// False if the program left the table as it was.
    pub changed: bool,
}

/// Its maps are sorted vectors: a world has few of each thing, and a tree of each type would be a tenth of the wasm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    pub latency_ms: u32,
    pub jitter_ms: u32,
    /// Links with a latency of their own.
    pub links: LiteMap<Link, u32>,
    /// Links that deliver nothing.
    pub held: LiteMap<Link, ()>,
    /// Links on which everything is lost.
    pub cut: LiteMap<Link, ()>,
    /// The next message of this kind on this link will be lost.
    pub drop_next: LiteMap<(MessageKind, Endpoint, Endpoint), ()>,
    pub on_the_way: LiteMap<MessageId, OnTheWay>,
    /// How many messages of a kind went each way so far.
    pub counts: LiteMap<(MessageKind, Endpoint, Endpoint), u32>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnTheWay {
    pub message: Arc<Message>,
    pub sent: Tick,
    pub due: Tick,
}

/// A controller: its metadata log, and what it makes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Controller {
    pub id: ControllerId,
    pub process: Process,
    /// By offset, with the epoch of the controller that wrote it.
    pub log: Shared<Offset, (i32, Arc<MetadataRecord>)>,
    /// Records below this are on a majority of the controllers: nothing takes them back.
    pub committed: Offset,
    /// What all of its log comes to, committed or not.
    pub image: Image,
    /// Where each epoch of its log begins.
    pub epochs: EpochCache,
    /// Its part in the quorum.
    pub voter: QuorumVoter,
    /// Its fetch of the log of the controller that it follows.
    pub fetch: Asking,
    pub sessions: LiteMap<BrokerId, Session>,
    /// When it last became active. From then on it looks, eight times in a session, for those that are over.
    pub active_since: Tick,
    /// Requests that wait for a commit or for something new.
    pub waiting: Vec<MetadataWaiting>,
}

impl Controller {
    /// The first offset that is not in its log.
    #[must_use]
    pub fn log_end(&self) -> Offset {
        self.log.last().map_or(Offset::ZERO, |(last, _)| last.plus(1))
    }

    /// It leads the quorum, and a majority has a record of its epoch: so it knows all that was committed before.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.voter.leading.as_ref().is_some_and(|leading| leading.high_watermark.is_some())
    }
}

/// A broker in the eyes of the active controller. Source: `BrokerHeartbeatManager`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    pub heard: Tick,
    /// The broker has replayed the metadata below this.
    pub metadata_end: Offset,
    /// It may stop once every active broker has replayed the metadata below this.
    pub may_stop_at: Option<Offset>,
}

/// A request that waits at the active controller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetadataWaiting {
    pub request: MessageId,
    pub wants: MetadataWants,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetadataWants {
    /// A fetch: for a committed record at `offset`, or for the time to be up.
    Records { offset: Offset, until: Tick },
    /// A fetch by another controller: for any record at `offset`, a higher mark, or for the time to be up.
    Voter { offset: Offset, until: Tick },
    /// Its answer is known, and given when everything below `committed` is.
    Commit { committed: Offset, answer: Arc<Body> },
}

/// The topic beside its replicas.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Topic {
    pub storage: StorageRule,
    /// Below this a queue's rule has deleted; nothing else in this world deletes.
    pub deleted_below: Offset,
    /// The groups' committed offsets (`__consumer_offsets`, here without a log of its own).
    pub committed: LiteMap<ConsumerIndex, Offset>,
    pub commit_rule: CommitRule,
    pub truncation_rule: TruncationRule,
    /// `eligible.leader.replicas.version` is 1.
    pub elr: bool,
    /// `replica.lag.time.max.ms`.
    pub lag_max_ms: u32,
}

/// Kept beside the world for properties and stories: what was promised to whom, and what was given up.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Ledger {
    /// Acknowledged records and their offsets.
    pub acknowledged: Shared<RecordId, Offset>,
    /// What some consumer was the first to read at an offset.
    pub read: Shared<Offset, RecordId>,
    /// Premises of the promises that do not hold any more in this run.
    pub given_up: Premises,
}
