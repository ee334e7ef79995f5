//! The one place where a world changes. A replay of a run is nothing but this, event after event.

use super::state::{Asked, Broker, Consumer, Fetching, Folded, Following, Leading, Network, OnTheWay, Producer};
use super::state::{ReplicaLog, Role};
use super::{Body, Message, REQUEST_TIMEOUT_MS, World};
use crate::command::{ConsumerSettings, Link, ProducerSettings, Schedule};
use crate::event::{Event, EventKind, PendingSend};
use crate::ids::{BrokerId, ConsumerIndex, Endpoint, LeaderEpoch, MessageId, Offset, ProducerIndex, RecordId, Tick};
use crate::rules::fold::Program;
use crate::rules::storage::StorageRule;
use litemap::LiteMap;
use std::sync::Arc;

impl World {
    /// Changes the world as the event says. Replaying the events of a run in order gives the same worlds.
    pub fn apply_event(&mut self, event: &Event) {
        self.tick = event.tick;
        self.history.next_event = event.id.0 + 1;
        for subject in event.kind.subjects() {
            self.history.touched.insert_mut(subject, event.id);
        }
        self.apply_kind(&event.kind);
    }

    /// Every event has its line here, so that none changes nothing unnoticed.
    fn apply_kind(&mut self, kind: &EventKind) {
        match kind {
            EventKind::Commanded(_) | EventKind::Refused(_) => {}
            EventKind::TimePassed { ms } => self.tick = self.tick.plus_ms(*ms),
            EventKind::ScheduleSet(schedule) => self.schedule = *schedule,
            EventKind::ClusterStarted { brokers, storage } => self.start_cluster(*brokers, *storage),

            EventKind::NetworkSet { latency_ms, jitter_ms } => self.network.set(*latency_ms, *jitter_ms),
            EventKind::LinkSet { link, latency_ms } => self.network.set_link(*link, *latency_ms),
            EventKind::LinkHeld { link } => self.network.hold(*link),
            EventKind::LinkReleased { link } => self.network.release(*link),
            EventKind::MessageSent { message, due } => self.send(message, *due),
            EventKind::MessageDelivered { message } => self.arrive(message),
            EventKind::MessageDropped { message } => self.network.forget(message.id),
            EventKind::RequestGivenUp { request, retry_at } => self.give_up(*request, *retry_at),

            EventKind::ProducerAdded { producer, settings } => self.add_producer(*producer, *settings),
            EventKind::RecordAccumulated { producer, record } => self.at_producer(*producer, |at| at.add(record)),
            EventKind::FlushAsked { producer } => self.at_producer(*producer, |at| at.flushing = !at.open.is_empty()),
            EventKind::Acknowledged { producer, records, base } => self.acknowledge(*producer, records, *base),
            EventKind::SendFailed { producer, records, .. } | EventKind::SentWithoutAnswer { producer, records } => {
                self.at_producer(*producer, |at| at.forget(records));
            }

            EventKind::BatchAppended { broker, batch } | EventKind::BatchCopied { broker, batch } => {
                self.at_broker(*broker, |at| at.log.push(Arc::clone(batch)));
            }
            EventKind::HighWatermarkAdvanced { broker, to, .. }
            | EventKind::HighWatermarkLearned { broker, to, .. } => {
                self.at_broker(*broker, |at| at.high_watermark = *to);
            }
            EventKind::StorageSet(rule) => self.set_storage(*rule),
            EventKind::LogStartMoved { broker, to, .. } => {
                self.at_broker(*broker, |at| at.log.start_at(*to));
                self.at_leader(*broker, |at| at.note_deletion(*to));
            }
            EventKind::FollowerNoted { leader, follower, log_end } => {
                self.at_leader(*leader, |at| at.note(*follower, *log_end));
            }
            EventKind::RequestParked { broker, waiting } => self.at_leader(*broker, |at| at.waiting.push(*waiting)),
            EventKind::OffsetCommitted { broker, consumer, offset } => {
                self.at_leader(*broker, |at| at.commit(*consumer, *offset));
            }
            EventKind::BackOffEnded { broker } => self.at_follower(*broker, |at| at.fetch = Fetching::Idle),

            EventKind::ConsumerAdded { consumer, settings, position } => {
                self.add_consumer(*consumer, *settings, *position);
            }
            EventKind::RecordsFetched { consumer, batches } => {
                self.at_consumer(*consumer, |at| at.buffer.clone_from(batches));
            }
            EventKind::RecordsRead { consumer, records, position, busy_until } => {
                self.at_consumer(*consumer, |at| at.take(records.len(), *position, *busy_until));
            }
            EventKind::RowChanged { consumer, offset, key, to, .. } => self.at_consumer(*consumer, |at| {
                at.set_row(key, *to);
                at.folded = Some(Folded { offset: *offset, key: key.clone(), changed: true });
            }),
            EventKind::RowLeft { consumer, offset, key, .. } => self.at_consumer(*consumer, |at| {
                at.folded = Some(Folded { offset: *offset, key: key.clone(), changed: false });
            }),
            EventKind::ProgramDeployed { consumer, program, to } => {
                self.at_consumer(*consumer, |at| at.deploy(*program, *to));
            }
            EventKind::PositionReset { consumer, to, .. } | EventKind::PositionSought { consumer, to, .. } => {
                self.at_consumer(*consumer, |at| at.move_to(*to));
            }
            EventKind::CommitConfirmed { consumer, offset } => {
                self.at_consumer(*consumer, |at| at.confirmed = Some(*offset));
            }
            EventKind::ConsumerRestarted { consumer, to, .. } => self.at_consumer(*consumer, |at| at.start_anew(*to)),
        }
    }

    fn start_cluster(&mut self, brokers: u8, storage: StorageRule) {
        let leader = BrokerId(1);
        for id in (1..=brokers).map(BrokerId) {
            let role = if id == leader {
                let followers = (2..=brokers).map(|n| (BrokerId(n), None)).collect();
                let (waiting, committed) = (Vec::new(), LiteMap::new());
                Role::Leader(Leading {
                    epoch: LeaderEpoch(0),
                    storage,
                    deleted_below: Offset::ZERO,
                    followers,
                    waiting,
                    committed,
                })
            } else {
                Role::Follower(Following { leader, fetch: Fetching::Idle, last_asked: None })
            };
            let log = ReplicaLog::default();
            self.brokers.insert(id, Broker { id, log, high_watermark: Offset::ZERO, role });
        }
    }

    fn set_storage(&mut self, rule: StorageRule) {
        if let Some(leader) = self.leader().map(|(broker, _)| broker.id) {
            self.at_leader(leader, |at| at.storage = rule);
        }
    }

    /// The message is on its way; whoever sent it remembers so.
    fn send(&mut self, message: &Arc<Message>, due: Tick) {
        let id = message.id;
        let sent = self.tick;
        self.network.counts.insert((id.kind, id.from, id.to), id.count);
        self.network.on_the_way.insert(id, OnTheWay { message: Arc::clone(message), sent, due });
        let asked = Asked { request: id, give_up: sent.plus_ms(REQUEST_TIMEOUT_MS) };
        match &message.body {
            Body::Produce { batch, .. } => {
                if let Endpoint::Producer(producer) = id.from {
                    self.at_producer(producer, |at| at.ask(asked, &batch.names));
                }
            }
            Body::Fetch { offset, .. } => match id.from {
                Endpoint::Broker(broker) => self.at_follower(broker, |at| {
                    at.fetch = Fetching::Asked(asked);
                    at.last_asked = Some(*offset);
                }),
                Endpoint::Consumer(consumer) => self.at_consumer(consumer, |at| {
                    at.fetch = Some(asked);
                    at.last_asked = Some(*offset);
                }),
                Endpoint::Producer(_) => {}
            },
            Body::OffsetCommit { .. } => {
                if let Endpoint::Consumer(consumer) = id.from {
                    self.at_consumer(consumer, |at| at.commit = Some(asked));
                }
            }
            Body::ProduceResponse { request, .. }
            | Body::FetchResponse { request, .. }
            | Body::OffsetCommitResponse { request, .. } => {
                if let Endpoint::Broker(broker) = id.from {
                    self.at_leader(broker, |at| at.waiting.retain(|waiting| waiting.request != *request));
                }
            }
        }
    }

    /// The message is there; an answer ends the waiting for it.
    fn arrive(&mut self, message: &Message) {
        self.network.forget(message.id);
        let request = match &message.body {
            Body::FetchResponse { request, .. } | Body::OffsetCommitResponse { request, .. } => *request,
            Body::ProduceResponse { .. } | Body::Produce { .. } | Body::Fetch { .. } | Body::OffsetCommit { .. } => {
                return;
            }
        };
        self.forget_request(request, Fetching::Idle);
    }

    fn give_up(&mut self, request: MessageId, retry_at: Tick) {
        self.forget_request(request, Fetching::BackOff { until: retry_at });
        if let Endpoint::Consumer(consumer) = request.from {
            self.at_consumer(consumer, |at| at.busy_until = at.busy_until.max(retry_at));
        }
    }

    fn forget_request(&mut self, request: MessageId, then: Fetching) {
        match request.from {
            Endpoint::Broker(broker) => self.at_follower(broker, |at| {
                if matches!(at.fetch, Fetching::Asked(asked) if asked.request == request) {
                    at.fetch = then;
                }
            }),
            Endpoint::Consumer(consumer) => self.at_consumer(consumer, |at| {
                for pending in [&mut at.fetch, &mut at.commit] {
                    if pending.is_some_and(|asked| asked.request == request) {
                        *pending = None;
                    }
                }
            }),
            Endpoint::Producer(_) => {}
        }
    }

    fn add_producer(&mut self, id: ProducerIndex, settings: ProducerSettings) {
        let (open, asked) = (Vec::new(), LiteMap::new());
        self.producers.insert(id, Producer { id, settings, given: 0, open, flushing: false, asked });
    }

    fn acknowledge(&mut self, producer: ProducerIndex, records: &[RecordId], base: Offset) {
        for (offset, record) in (base.0..).zip(records) {
            self.ledger.acknowledged.insert_mut(*record, Offset(offset));
        }
        self.at_producer(producer, |at| at.forget(records));
    }

    fn add_consumer(&mut self, id: ConsumerIndex, settings: ConsumerSettings, position: Offset) {
        let added = Consumer {
            id,
            settings,
            position,
            buffer: Vec::new(),
            fetch: None,
            last_asked: None,
            commit: None,
            confirmed: None,
            table: LiteMap::new(),
            folded: None,
            read: 0,
            busy_until: Tick::ZERO,
        };
        self.consumers.insert(id, added);
    }

    fn at_producer(&mut self, id: ProducerIndex, change: impl FnOnce(&mut Producer)) {
        if let Some(producer) = self.producers.get_mut(&id) {
            change(producer);
        }
    }

    fn at_consumer(&mut self, id: ConsumerIndex, change: impl FnOnce(&mut Consumer)) {
        if let Some(consumer) = self.consumers.get_mut(&id) {
            change(consumer);
        }
    }

    fn at_broker(&mut self, id: BrokerId, change: impl FnOnce(&mut Broker)) {
        if let Some(broker) = self.brokers.get_mut(&id) {
            change(broker);
        }
    }

    /// Changes what only a leader keeps, if this broker leads.
    fn at_leader(&mut self, id: BrokerId, change: impl FnOnce(&mut Leading)) {
        self.at_broker(id, |broker| match &mut broker.role {
            Role::Leader(leading) => change(leading),
            Role::Follower(_) => {}
        });
    }

    /// Changes what only a follower keeps, if this broker follows.
    fn at_follower(&mut self, id: BrokerId, change: impl FnOnce(&mut Following)) {
        self.at_broker(id, |broker| match &mut broker.role {
            Role::Follower(following) => change(following),
            Role::Leader(_) => {}
        });
    }

    /// Whether messages arrive and followers fetch by themselves.
    pub(super) fn runs_by_itself(&self) -> bool {
        self.schedule == Schedule::Automatic
    }
}

impl Network {
    fn set(&mut self, latency_ms: u32, jitter_ms: u32) {
        self.latency_ms = latency_ms;
        self.jitter_ms = jitter_ms;
    }

    fn set_link(&mut self, link: Link, latency_ms: u32) {
        self.links.insert(link, latency_ms);
    }

    fn hold(&mut self, link: Link) {
        self.held.insert(link, ());
    }

    fn release(&mut self, link: Link) {
        self.held.remove(&link);
    }

    /// The message is no longer on its way.
    fn forget(&mut self, message: MessageId) {
        self.on_the_way.remove(&message);
    }
}

impl Producer {
    fn add(&mut self, record: &PendingSend) {
        self.given = record.name.count;
        self.open.push(record.clone());
    }

    /// The open batch is gone; these are the records in it.
    fn ask(&mut self, asked: Asked, records: &[RecordId]) {
        self.open.clear();
        self.flushing = false;
        self.asked.insert(asked.request, (asked.give_up, records.to_vec()));
    }

    /// No answer is waited for any more about these records.
    fn forget(&mut self, records: &[RecordId]) {
        self.asked.retain(|_, (_, asked)| asked != records);
    }
}

impl Leading {
    fn note_deletion(&mut self, below: Offset) {
        if self.storage == StorageRule::DeleteOnAcknowledge {
            self.deleted_below = below;
        }
    }

    fn note(&mut self, follower: BrokerId, log_end: Offset) {
        self.followers.insert(follower, Some(log_end));
    }

    fn commit(&mut self, consumer: ConsumerIndex, offset: Offset) {
        self.committed.insert(consumer, offset);
    }
}

impl Consumer {
    /// A poll returns so many records, and the program works on them.
    fn take(&mut self, records: usize, position: Offset, busy_until: Tick) {
        self.position = position;
        self.read += u64::try_from(records).unwrap_or(u64::MAX);
        self.busy_until = busy_until;
        self.buffer.retain(|batch| batch.next_offset() > position);
    }

    fn set_row(&mut self, key: &str, to: Option<i64>) {
        match to {
            Some(to) => self.table.insert(key.to_owned(), to),
            None => self.table.remove(key),
        };
    }

    fn deploy(&mut self, program: Program, to: Offset) {
        self.settings.program = Some(program);
        self.start_anew(to);
    }

    /// A new process: what was only in memory is gone.
    fn start_anew(&mut self, at: Offset) {
        self.move_to(at);
        self.table.clear();
        self.folded = None;
        self.fetch = None;
        self.commit = None;
        self.busy_until = Tick::ZERO;
    }

    /// Another place: what was fetched for the old one is of no use.
    fn move_to(&mut self, to: Offset) {
        self.position = to;
        self.buffer.clear();
    }
}
