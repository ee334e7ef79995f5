//! The parts of a world. Plain values; only `apply.rs` changes them.

use super::batch::StoredBatch;
use super::message::Message;
use crate::command::{ConsumerSettings, Link, ProducerSettings};
use crate::event::PendingSend;
use crate::ids::{
    BrokerId, ConsumerIndex, Endpoint, LeaderEpoch, MessageId, MessageKind, Offset, ProducerIndex, RecordId, Tick,
};
use crate::rules::storage::StorageRule;
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

    pub(super) fn push(&mut self, batch: Arc<StoredBatch>) {
        self.batches.insert_mut(batch.last_offset(), batch);
    }
}

/// A broker and its replica of the partition.
///
/// Invariant: `log.log_start <= high_watermark <= log.log_end()`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broker {
    pub id: BrokerId,
    pub log: ReplicaLog,
    pub high_watermark: Offset,
    pub role: Role,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    Leader(Leading),
    Follower(Following),
}

/// What only a leader keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leading {
    pub epoch: LeaderEpoch,
    pub storage: StorageRule,
    /// Below this a queue's rule has deleted; nothing else in this world deletes.
    pub deleted_below: Offset,
    /// Everything below this is on the follower; `None` until it has fetched. All are in sync in this world.
    pub followers: LiteMap<BrokerId, Option<Offset>>,
    /// Requests that wait for an answer, oldest first.
    pub waiting: Vec<Waiting>,
    /// The groups' committed offsets (`__consumer_offsets`, here without a log of its own).
    pub committed: LiteMap<ConsumerIndex, Offset>,
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
    Records { offset: Offset, most_records: u32 },
    /// A produce with acks=all: for the mark to reach `mark`.
    HighWatermark { base: Offset, mark: Offset },
}

/// What only a follower keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Following {
    pub leader: BrokerId,
    pub fetch: Fetching,
    /// The offset of its last fetch.
    pub last_asked: Option<Offset>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fetching {
    Idle,
    Asked(Asked),
    /// Not before this tick.
    BackOff {
        until: Tick,
    },
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
    /// Requests that wait for an answer, with the records they carry.
    pub asked: LiteMap<MessageId, (Tick, Vec<RecordId>)>,
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

/// Kept beside the world for properties and stories: what was promised to whom.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Ledger {
    /// Acknowledged records and their offsets.
    pub acknowledged: Shared<RecordId, Offset>,
}
