//! A whole cluster as a value: brokers and their logs, a network with messages in flight, producers, consumers,
//! a virtual clock. `Clone` is a snapshot; the same script and seed give the same world on every machine.
//!
//! What it has: one partition, its replicas, a controller with the metadata log, clients that write and read, and all
//! that can go wrong with them. Not modelled yet: retries, idempotence, transactions, groups.
//!
//! A world changes in one place only, [`World::apply_event`]; handlers read it and emit events.

mod acting;
mod apply;
mod batch;
mod changes;
mod check;
mod clients;
mod controller;
mod due;
mod faults;
mod follower;
mod hash;
mod leader;
mod machines;
mod message;
mod metadata;
mod premise;
mod quorum;
mod requests;
mod roles;
mod sending;
mod session;
mod state;
mod transit;
mod watch;

pub use crate::rules::broker_session::{HEARTBEAT_INTERVAL_MS, SESSION_TIMEOUT_MS};
pub use batch::StoredBatch;
pub use check::{Property, Violation};
pub use message::{
    Body, ControllerError, ErrorCode, Fetched, HeartbeatAnswer, Message, MetadataFetched, QuorumFetched, QuorumRefusal,
};
pub use metadata::{Image, MetadataRecord, RegisteredBroker, TopicSettings};
pub use premise::{Premise, Premises};
pub use state::{
    Again, Asked, Asking, Broker, Consumer, Controller, Disk, Duties, Folded, Following, LeaderKnown, Leading, Ledger,
    MetadataWaiting, MetadataWants, Network, OnTheWay, Process, Producer, ReplicaLog, Role, Sent, Session, Topic,
    Waiting, Wants,
};
pub use watch::Watch;

use crate::command::Schedule;
use crate::event::{Event, EventKind, Subject};
use crate::ids::{BrokerId, ConsumerIndex, ControllerId, EventId, ProducerIndex, Tick};
use litemap::LiteMap;
use rpds::RedBlackTreeMapSync;
use std::sync::Arc;

/// How long a client or a follower waits for an answer: `request.timeout.ms`, `replica.socket.timeout.ms`.
pub const REQUEST_TIMEOUT_MS: i64 = 30_000;
/// How long a fetch waits at the broker: `fetch.max.wait.ms`, `replica.fetch.wait.max.ms`.
pub const FETCH_WAIT_MS: i64 = 500;
/// How long a follower waits after a fetch that failed: `replica.fetch.backoff.ms`.
pub const FETCH_BACKOFF_MS: i64 = 1_000;
/// How long a client waits before it asks again who leads: `retry.backoff.ms`.
pub const CLIENT_BACKOFF_MS: i64 = 100;
/// How long a client waits before it connects again to where nobody was: `reconnect.backoff.max.ms`.
pub const RECONNECT_BACKOFF_MS: i64 = 1_000;
/// How long a broker waits for a controller's answer: half of a session.
pub const CONTROLLER_TIMEOUT_MS: i64 = 4_500;
/// How long a fetch of the metadata waits at the controller.
pub const METADATA_FETCH_WAIT_MS: i64 = 500;
/// `replica.high.watermark.checkpoint.interval.ms`.
pub const MARK_CHECKPOINT_INTERVAL_MS: i64 = 5_000;
/// The latency of a link that was never set.
pub const LATENCY_MS: u32 = 10;

/// How many events lie between two snapshots of a recording.
pub const SNAPSHOT_EVERY: usize = 64;

/// One moment of a cluster.
#[derive(Clone, Debug)]
pub struct World {
    pub seed: u64,
    pub tick: Tick,
    pub schedule: Schedule,
    pub topic: Topic,
    pub brokers: LiteMap<BrokerId, Broker>,
    /// Without one the metadata never changes.
    pub controllers: LiteMap<ControllerId, Controller>,
    pub producers: LiteMap<ProducerIndex, Producer>,
    pub consumers: LiteMap<ConsumerIndex, Consumer>,
    pub network: Network,
    pub ledger: Ledger,
    history: History,
}

/// What is remembered of how the world came to be. Not part of its hash.
#[derive(Clone, Debug, Default)]
struct History {
    next_event: u32,
    /// Shared between snapshots, as the logs are: it grows with the run.
    touched: RedBlackTreeMapSync<Subject, EventId>,
}

impl World {
    /// Before anything has happened.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        World {
            seed,
            tick: Tick::ZERO,
            schedule: Schedule::Automatic,
            topic: Topic::default(),
            brokers: LiteMap::new(),
            controllers: LiteMap::new(),
            producers: LiteMap::new(),
            consumers: LiteMap::new(),
            network: Network {
                latency_ms: LATENCY_MS,
                jitter_ms: 0,
                links: LiteMap::new(),
                held: LiteMap::new(),
                cut: LiteMap::new(),
                drop_next: LiteMap::new(),
                on_the_way: LiteMap::new(),
                counts: LiteMap::new(),
            },
            ledger: Ledger::default(),
            history: History::default(),
        }
    }

    /// The broker that leads the partition: of those that think so, the one with the latest epoch.
    #[must_use]
    pub fn leader(&self) -> Option<(&Broker, &Leading)> {
        let leading = self.brokers.keys().filter_map(|id| self.leading(*id));
        leading.max_by_key(|(_, leading)| leading.epoch)
    }

    /// The event that last changed this, if any did.
    #[must_use]
    pub fn last_touch(&self, subject: Subject) -> Option<EventId> {
        self.history.touched.get(&subject).copied()
    }
}

/// What came of a world's work: its events, and the places between two handlers.
#[derive(Clone, Debug)]
pub struct Recording {
    /// Shared, not copied, by whoever keeps one.
    pub events: Vec<Arc<Event>>,
    /// After so many events a handler had finished; ascending. Only there can a run be forked: a handler is atomic.
    pub steps: Vec<u32>,
    /// No further step is begun once there are this many events.
    pub events_most: usize,
    /// The world after 0, 1, 2 … times [`SNAPSHOT_EVERY`] events.
    pub snapshots: Vec<World>,
}

impl Recording {
    /// Nothing yet, of a run that ends after about so many events.
    #[must_use]
    pub fn at_most(events: usize) -> Self {
        Recording { events: Vec::new(), steps: Vec::new(), events_most: events, snapshots: Vec::new() }
    }

    /// Forgets what was recorded so far. Who judges each step as it goes by keeps no history.
    pub fn forget(&mut self) {
        self.events.clear();
        self.steps.clear();
        self.snapshots.clear();
    }
}

/// A world at work: handlers read the world and emit events, each of which changes it at once.
pub(crate) struct Acting<'a> {
    pub(crate) world: &'a mut World,
    recording: &'a mut Recording,
    /// What the next event is set off by.
    trigger: Option<EventId>,
}

impl<'a> Acting<'a> {
    pub(crate) fn new(world: &'a mut World, recording: &'a mut Recording) -> Self {
        Acting { world, recording, trigger: None }
    }

    /// Makes it happen: the event gets its causes, is kept, and changes the world.
    fn emit(&mut self, kind: EventKind) -> EventId {
        let id = EventId(self.world.history.next_event);
        // Ascending, each once: what set the event off is said apart.
        let mut rests_on: Vec<EventId> = Vec::new();
        for cause in kind.decided_by().into_iter().filter_map(|subject| self.world.last_touch(subject)) {
            if let (Err(place), false) = (rests_on.binary_search(&cause), Some(cause) == self.trigger) {
                rests_on.insert(place, cause);
            }
        }
        let event = Event { id, tick: self.world.tick, kind, trigger: self.trigger, rests_on };
        self.world.apply_event(&event);
        self.recording.events.push(Arc::new(event));
        if self.recording.events.len().is_multiple_of(SNAPSHOT_EVERY) {
            self.recording.snapshots.push(self.world.clone());
        }
        id
    }

    /// Emits, and makes the new event the trigger of what follows.
    fn emit_then(&mut self, kind: EventKind) {
        self.trigger = Some(self.emit(kind));
    }

    /// A handler has finished.
    fn end_step(&mut self) {
        let events = u32::try_from(self.recording.events.len()).unwrap_or(u32::MAX);
        if self.recording.steps.last() != Some(&events) {
            self.recording.steps.push(events);
        }
        self.trigger = None;
    }

    fn is_full(&self) -> bool {
        self.recording.events.len() >= self.recording.events_most
    }
}
