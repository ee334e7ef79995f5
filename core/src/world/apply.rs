//! The one place where a world changes. A replay of a run is nothing but this, event after event.

use super::state::{Asked, Broker, Consumer, Fetching, Following, Leading, OnTheWay, Producer, ReplicaLog, Role};
use super::{Body, Message, REQUEST_TIMEOUT_MS, World};
use crate::command::Schedule;
use crate::event::{Event, EventKind};
use crate::ids::{BrokerId, Endpoint, LeaderEpoch, MessageId, MessageKind, Offset, Tick};
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

    fn apply_kind(&mut self, kind: &EventKind) {
        match kind {
            EventKind::Commanded(_) | EventKind::Refused(_) => {}
            EventKind::TimePassed { ms } => self.tick = self.tick.plus_ms(*ms),
            EventKind::ClusterStarted { brokers, storage } => self.start_cluster(*brokers, *storage),
            EventKind::NetworkSet { latency_ms, jitter_ms } => {
                self.network.latency_ms = *latency_ms;
                self.network.jitter_ms = *jitter_ms;
            }
            EventKind::LinkSet { link, latency_ms } => {
                self.network.links.insert(*link, *latency_ms);
            }
            EventKind::LinkHeld { link } => {
                self.network.held.insert(*link, ());
            }
            EventKind::LinkReleased { link } => {
                self.network.held.remove(link);
            }
            EventKind::ScheduleSet(schedule) => self.schedule = *schedule,
            EventKind::MessageSent { message, due } => self.send(message, *due),
            EventKind::MessageDelivered { message } => self.arrive(message),
            EventKind::MessageDropped { message } => {
                self.network.on_the_way.remove(&message.id);
            }
            EventKind::RequestGivenUp { request, retry_at } => self.give_up(*request, *retry_at),
            EventKind::ProducerAdded { .. }
            | EventKind::RecordAccumulated { .. }
            | EventKind::FlushAsked { .. }
            | EventKind::Acknowledged { .. }
            | EventKind::SendFailed { .. }
            | EventKind::SentWithoutAnswer { .. } => self.apply_to_producer(kind),
            EventKind::BatchAppended { .. }
            | EventKind::BatchCopied { .. }
            | EventKind::FollowerNoted { .. }
            | EventKind::HighWatermarkAdvanced { .. }
            | EventKind::HighWatermarkLearned { .. }
            | EventKind::RequestParked { .. }
            | EventKind::LogStartMoved { .. }
            | EventKind::OffsetCommitted { .. }
            | EventKind::BackOffEnded { .. } => self.apply_to_broker(kind),
            EventKind::ConsumerAdded { .. }
            | EventKind::RecordsFetched { .. }
            | EventKind::RecordsRead { .. }
            | EventKind::RowChanged { .. }
            | EventKind::RowLeft { .. }
            | EventKind::ProgramDeployed { .. }
            | EventKind::PositionReset { .. }
            | EventKind::PositionSought { .. }
            | EventKind::CommitConfirmed { .. }
            | EventKind::ConsumerRestarted { .. } => self.apply_to_consumer(kind),
        }
    }

    fn start_cluster(&mut self, brokers: u8, storage: StorageRule) {
        let leader = BrokerId(1);
        for id in (1..=brokers).map(BrokerId) {
            let role = if id == leader {
                let followers = (2..=brokers).map(|n| (BrokerId(n), None)).collect();
                let (waiting, committed) = (Vec::new(), LiteMap::new());
                Role::Leader(Leading { epoch: LeaderEpoch(0), storage, followers, waiting, committed })
            } else {
                Role::Follower(Following { leader, fetch: Fetching::Idle, last_asked: None })
            };
            let log = ReplicaLog::default();
            self.brokers.insert(id, Broker { id, log, high_watermark: Offset::ZERO, role });
        }
    }

    /// The message is on its way; whoever sent it remembers so.
    fn send(&mut self, message: &Arc<Message>, due: Tick) {
        let id = message.id;
        let sent = self.tick;
        self.network.counts.insert((id.kind, id.from, id.to), id.count);
        self.network.on_the_way.insert(id, OnTheWay { message: Arc::clone(message), sent, due });
        let asked = Asked { request: id, give_up: sent.plus_ms(REQUEST_TIMEOUT_MS) };
        match (&message.body, id.from) {
            (Body::Produce { batch, .. }, Endpoint::Producer(producer)) => {
                if let Some(producer) = self.producers.get_mut(&producer) {
                    producer.open.clear();
                    producer.flushing = false;
                    producer.asked.insert(id, (asked.give_up, batch.names.clone()));
                }
            }
            (Body::Fetch { offset, .. }, Endpoint::Broker(broker)) => {
                if let Some(following) = self.following_mut(broker) {
                    following.fetch = Fetching::Asked(asked);
                    following.last_asked = Some(*offset);
                }
            }
            (Body::Fetch { offset, .. }, Endpoint::Consumer(consumer)) => {
                if let Some(consumer) = self.consumers.get_mut(&consumer) {
                    consumer.fetch = Some(asked);
                    consumer.last_asked = Some(*offset);
                }
            }
            (Body::OffsetCommit { .. }, Endpoint::Consumer(consumer)) => {
                if let Some(consumer) = self.consumers.get_mut(&consumer) {
                    consumer.commit = Some(asked);
                }
            }
            (
                Body::ProduceResponse { request, .. }
                | Body::FetchResponse { request, .. }
                | Body::OffsetCommitResponse { request, .. },
                Endpoint::Broker(broker),
            ) => {
                if let Some(leading) = self.leading_mut(broker) {
                    leading.waiting.retain(|waiting| waiting.request != *request);
                }
            }
            _ => {}
        }
    }

    /// The message is there; an answer ends the waiting for it.
    fn arrive(&mut self, message: &Message) {
        self.network.on_the_way.remove(&message.id);
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
        if let Endpoint::Consumer(id) = request.from
            && let Some(consumer) = self.consumers.get_mut(&id)
        {
            consumer.busy_until = consumer.busy_until.max(retry_at);
        }
    }

    fn forget_request(&mut self, request: MessageId, then: Fetching) {
        match request.from {
            Endpoint::Broker(broker) => {
                if let Some(following) = self.following_mut(broker)
                    && matches!(following.fetch, Fetching::Asked(asked) if asked.request == request)
                {
                    following.fetch = then;
                }
            }
            Endpoint::Consumer(consumer) => {
                let Some(consumer) = self.consumers.get_mut(&consumer) else { return };
                let pending = match request.kind {
                    MessageKind::OffsetCommit => &mut consumer.commit,
                    _ => &mut consumer.fetch,
                };
                if pending.is_some_and(|asked| asked.request == request) {
                    *pending = None;
                }
            }
            Endpoint::Producer(_) => {}
        }
    }

    fn apply_to_producer(&mut self, kind: &EventKind) {
        match kind {
            EventKind::ProducerAdded { producer, settings } => {
                let (open, asked) = (Vec::new(), LiteMap::new());
                let added = Producer { id: *producer, settings: *settings, given: 0, open, flushing: false, asked };
                self.producers.insert(*producer, added);
            }
            EventKind::RecordAccumulated { producer, record } => {
                if let Some(producer) = self.producers.get_mut(producer) {
                    producer.given = record.name.count;
                    producer.open.push(record.clone());
                }
            }
            EventKind::FlushAsked { producer } => {
                if let Some(producer) = self.producers.get_mut(producer) {
                    producer.flushing = !producer.open.is_empty();
                }
            }
            EventKind::Acknowledged { producer, records, base } => {
                for (offset, record) in (base.0..).zip(records) {
                    self.ledger.acknowledged.insert_mut(*record, Offset(offset));
                }
                self.forget_records(*producer, records);
            }
            EventKind::SendFailed { producer, records, .. } | EventKind::SentWithoutAnswer { producer, records } => {
                self.forget_records(*producer, records);
            }
            _ => {}
        }
    }

    fn forget_records(&mut self, producer: crate::ids::ProducerIndex, records: &[crate::ids::RecordId]) {
        if let Some(producer) = self.producers.get_mut(&producer) {
            producer.asked.retain(|_, (_, asked)| asked != records);
        }
    }

    fn apply_to_broker(&mut self, kind: &EventKind) {
        match kind {
            EventKind::BatchAppended { broker, batch } | EventKind::BatchCopied { broker, batch } => {
                if let Some(broker) = self.brokers.get_mut(broker) {
                    broker.log.push(Arc::clone(batch));
                }
            }
            EventKind::FollowerNoted { leader, follower, log_end } => {
                if let Some(leading) = self.leading_mut(*leader) {
                    leading.followers.insert(*follower, Some(*log_end));
                }
            }
            EventKind::HighWatermarkAdvanced { broker, to, .. }
            | EventKind::HighWatermarkLearned { broker, to, .. } => {
                if let Some(broker) = self.brokers.get_mut(broker) {
                    broker.high_watermark = *to;
                }
            }
            EventKind::LogStartMoved { broker, to, .. } => {
                if let Some(broker) = self.brokers.get_mut(broker) {
                    broker.log.start_at(*to);
                }
            }
            EventKind::RequestParked { broker, waiting } => {
                if let Some(leading) = self.leading_mut(*broker) {
                    leading.waiting.push(*waiting);
                }
            }
            EventKind::OffsetCommitted { broker, consumer, offset } => {
                if let Some(leading) = self.leading_mut(*broker) {
                    leading.committed.insert(*consumer, *offset);
                }
            }
            EventKind::BackOffEnded { broker } => {
                if let Some(following) = self.following_mut(*broker) {
                    following.fetch = Fetching::Idle;
                }
            }
            _ => {}
        }
    }

    fn apply_to_consumer(&mut self, kind: &EventKind) {
        if let EventKind::ConsumerAdded { consumer, settings, position } = kind {
            let added = Consumer {
                id: *consumer,
                settings: *settings,
                position: *position,
                buffer: Vec::new(),
                fetch: None,
                last_asked: None,
                commit: None,
                confirmed: None,
                table: LiteMap::new(),
                read: 0,
                busy_until: Tick::ZERO,
            };
            self.consumers.insert(*consumer, added);
            return;
        }
        let (EventKind::RecordsFetched { consumer: id, .. }
        | EventKind::RecordsRead { consumer: id, .. }
        | EventKind::RowChanged { consumer: id, .. }
        | EventKind::ProgramDeployed { consumer: id, .. }
        | EventKind::PositionReset { consumer: id, .. }
        | EventKind::PositionSought { consumer: id, .. }
        | EventKind::CommitConfirmed { consumer: id, .. }
        | EventKind::ConsumerRestarted { consumer: id, .. }) = kind
        else {
            return;
        };
        let Some(consumer) = self.consumers.get_mut(id) else { return };
        match kind {
            EventKind::RecordsFetched { batches, .. } => consumer.buffer.clone_from(batches),
            EventKind::RecordsRead { records, position, busy_until, .. } => {
                consumer.position = *position;
                consumer.read += u64::try_from(records.len()).unwrap_or(u64::MAX);
                consumer.busy_until = *busy_until;
                consumer.buffer.retain(|batch| batch.next_offset() > *position);
            }
            EventKind::PositionReset { to, .. } | EventKind::PositionSought { to, .. } => {
                consumer.move_to(*to);
            }
            EventKind::RowChanged { key, to: Some(to), .. } => {
                consumer.table.insert(key.clone(), *to);
            }
            EventKind::RowChanged { key, to: None, .. } => {
                consumer.table.remove(key);
            }
            EventKind::ProgramDeployed { program, to, .. } => {
                consumer.settings.program = Some(*program);
                consumer.start_anew(*to);
            }
            EventKind::CommitConfirmed { offset, .. } => consumer.confirmed = Some(*offset),
            EventKind::ConsumerRestarted { to, .. } => consumer.start_anew(*to),
            _ => {}
        }
    }

    pub(super) fn leading_mut(&mut self, broker: BrokerId) -> Option<&mut Leading> {
        match &mut self.brokers.get_mut(&broker)?.role {
            Role::Leader(leading) => Some(leading),
            Role::Follower(_) => None,
        }
    }

    pub(super) fn following_mut(&mut self, broker: BrokerId) -> Option<&mut Following> {
        match &mut self.brokers.get_mut(&broker)?.role {
            Role::Follower(following) => Some(following),
            Role::Leader(_) => None,
        }
    }

    /// Whether messages arrive and followers fetch by themselves.
    pub(super) fn runs_by_itself(&self) -> bool {
        self.schedule == Schedule::Automatic
    }
}

impl Consumer {
    /// A new process: what was only in memory is gone.
    fn start_anew(&mut self, at: Offset) {
        self.move_to(at);
        self.table.clear();
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
