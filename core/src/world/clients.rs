//! What producers and consumers do, and what they make of the answers.

use super::leader::FetchAsked;
use super::{
    Acting, Again, Asking, Body, CLIENT_BACKOFF_MS, Consumer, ErrorCode, Fetched, LeaderKnown, Message, Process,
    Producer, Sent, StoredBatch,
};
use crate::command::{Acks, ProducerSettings};
use crate::event::{EventKind, PendingSend};
use crate::frame::readable;
use crate::ids::{BrokerId, ConsumerIndex, Endpoint, LeaderEpoch, MessageId, Offset, ProducerIndex, RecordId, Tick};
use crate::rules::fold::{Fold, Program, fold};
use crate::rules::linger::{OpenBatch, Ready, batch_is_ready};
use crate::rules::offset_for_leader_epoch::LeaderAnswer;
use crate::rules::produce_retry::{AfterFailure, FailedBatch, after_failure};
use std::sync::Arc;

/// The most records that a fetch of a consumer asks for in one go: its limits in bytes, in effect.
const FETCH_RECORDS_MOST: u32 = 10_000;

impl Acting<'_> {
    /// Sends the open batch if it is full, flushed or has lingered.
    pub(super) fn send_if_ready(&mut self, id: ProducerIndex) {
        let Some(producer) = self.world.producers.get(&id) else { return };
        let Some(first) = producer.open.first().filter(|_| producer.again.is_empty()) else { return };
        let open = OpenBatch {
            size_bytes: u32::try_from(StoredBatch::of_sends(&producer.open).batch.encoded_len()).unwrap_or(u32::MAX),
            waited_ms: self.world.tick.0 - first.timestamp.0,
            flushing: producer.flushing,
        };
        match batch_is_ready(open, producer.settings.batch_size_bytes, producer.settings.linger_ms) {
            Ready::Full | Ready::Flushed | Ready::Lingered => self.send_open_batch(id),
            Ready::NotFor(_) => {}
        }
    }

    /// Sends the open batch to whom the producer takes for the leader. While it knows of none the batch stays open.
    pub(super) fn send_open_batch(&mut self, id: ProducerIndex) {
        let Some(producer) = self.world.producers.get(&id) else { return };
        let Some(leader) = producer.leader.usable() else { return self.ask_who_leads(Endpoint::Producer(id)) };
        let batch = Arc::new(StoredBatch::of_sends(&producer.open));
        self.produce_at(id, leader, batch);
    }

    fn produce_at(&mut self, id: ProducerIndex, leader: BrokerId, batch: Arc<StoredBatch>) {
        let Some(producer) = self.world.producers.get(&id) else { return };
        let (acks, timeout_ms) = (producer.settings.acks, producer.settings.request_timeout_ms);
        let records = batch.names.clone();
        self.send(Endpoint::Producer(id), Endpoint::Broker(leader), Body::Produce { batch, acks, timeout_ms }, false);
        if acks == Acks::None {
            self.emit(EventKind::SentWithoutAnswer { producer: id, records });
        }
    }

    /// Batches that failed go again, one after the other, as soon as each may; the open batch waits behind them.
    pub(super) fn send_again(&mut self, id: ProducerIndex) {
        while let Some(producer) = self.world.producers.get(&id)
            && let Some(leader) = producer.leader.usable()
            && let Some(first) = producer.again.first()
            && producer.may_send_again_at(first) <= self.world.tick
        {
            let batch = Arc::clone(&first.batch);
            self.produce_at(id, leader, batch);
        }
        self.send_if_ready(id);
    }

    /// What `delivery.timeout.ms` is over for is given up, whether it was sent or not.
    pub(super) fn delivery_time_over(&mut self, id: ProducerIndex) {
        let Some(producer) = self.world.producers.get(&id) else { return };
        for records in producer.overdue(self.world.tick) {
            self.emit(EventKind::SendFailed { producer: id, records, error: ErrorCode::RequestTimedOut });
        }
        self.send_again(id);
    }

    /// Something went wrong at the one who should lead: the client asks anew.
    pub(super) fn doubt_leader(&mut self, client: Endpoint) {
        let Some(known) = self.world.leader_known(client) else { return };
        if !known.stale {
            self.emit(EventKind::LeaderDoubted { client });
        }
        self.ask_who_leads(client);
    }

    /// Asks one broker after the other who leads.
    pub(super) fn ask_who_leads(&mut self, client: Endpoint) {
        let Some(known) = self.world.leader_known(client) else { return };
        if known.asks == Asking::Idle {
            self.send(client, Endpoint::Broker(known.next), Body::Metadata, true);
        }
    }

    /// A broker says what it believes.
    fn metadata_for_client(&mut self, id: BrokerId, request: MessageId) {
        let Some(broker) = self.world.brokers.get(&id) else { return };
        let partition = &broker.image.partition;
        let (leader, leader_epoch) = (partition.leader, partition.leader_epoch);
        let body = Body::MetadataResponse { request, leader, leader_epoch };
        self.send(Endpoint::Broker(id), request.from, body, true);
    }

    /// The client takes what is not older than what it knows; else it asks another broker a little later.
    fn leader_told(&mut self, request: MessageId, leader: Option<BrokerId>, epoch: LeaderEpoch) {
        let client = request.from;
        let Some(known) = self.world.leader_known(client) else { return };
        if leader.is_some() && epoch >= known.epoch {
            self.emit_then(EventKind::LeaderLearnt { client, leader, epoch });
            if let Endpoint::Producer(id) = client {
                self.send_again(id);
            }
        } else {
            let until = Some(self.world.tick.plus_ms(CLIENT_BACKOFF_MS));
            self.emit(EventKind::AskLater { request, until });
        }
    }

    /// The answer to a produce request, if the producer still waits for it.
    pub(super) fn produce_answered(
        &mut self,
        id: ProducerIndex,
        request: MessageId,
        answer: Result<Offset, ErrorCode>,
    ) {
        let Some(producer) = self.world.producers.get(&id) else { return };
        let Some(Sent { batch, attempts, .. }) = producer.asked.get(&request).cloned() else { return };
        let records = batch.names.clone();
        let error = match answer {
            Ok(base) => {
                self.emit(EventKind::Acknowledged { producer: id, records, base });
                return;
            }
            Err(error) => error,
        };
        let ProducerSettings { retries, delivery_timeout_ms, .. } = producer.settings;
        let age_ms = self.world.tick.0 - batch.created().0;
        match after_failure(FailedBatch { attempts, age_ms, retries, delivery_timeout_ms }) {
            AfterFailure::SendAgain { after_ms } => {
                let not_before = self.world.tick.plus_ms(after_ms);
                let again = Again { batch, attempts: attempts + 1, not_before, tried: producer.leader.epoch };
                self.emit(EventKind::SendWillBeRetried { producer: id, again, error });
            }
            AfterFailure::RetriesSpent | AfterFailure::TooOld => {
                self.emit(EventKind::SendFailed { producer: id, records, error });
            }
        }
    }

    /// Returns what is there, or asks the leader for more.
    pub(super) fn poll(&mut self, id: ConsumerIndex) {
        let Some(consumer) = self.world.consumers.get(&id) else { return };
        if !consumer.next_records().is_empty() {
            return self.return_records(id);
        }
        let Some(leader) = consumer.leader.usable() else { return self.ask_who_leads(Endpoint::Consumer(id)) };
        let fences = self.world.topic.truncation_rule.fetch_names_epochs();
        let leader_epoch = fences.then_some(consumer.leader.epoch);
        let (body, routine) = match consumer.position_epoch.filter(|_| consumer.validates) {
            Some(asked) => (Body::OffsetForLeaderEpoch { leader_epoch, asked }, false),
            None => {
                let (offset, most_records) = (consumer.position, FETCH_RECORDS_MOST);
                let (last_fetched, broker_epoch) = (None, -1);
                let fetch = Body::Fetch { offset, leader_epoch, last_fetched, broker_epoch, most_records };
                (fetch, consumer.last_asked == Some(consumer.position))
            }
        };
        self.send(Endpoint::Consumer(id), Endpoint::Broker(leader), body, routine);
    }

    /// `poll()` returns: the position moves behind the last record, whatever the program does with them.
    fn return_records(&mut self, id: ConsumerIndex) {
        let Some(consumer) = self.world.consumers.get(&id) else { return };
        let records = consumer.next_records();
        let Some((last, _)) = records.last() else { return };
        let position = last.plus(1);
        let holds = |batch: &&Arc<StoredBatch>| batch.base_offset() <= *last && *last <= batch.last_offset();
        let epoch = consumer.buffer.iter().find(holds).map_or(LeaderEpoch(-1), |batch| batch.leader_epoch());
        let work_ms = i64::from(consumer.settings.work_ms).saturating_mul(i64::try_from(records.len()).unwrap_or(0));
        let busy_until = self.world.tick.plus_ms(work_ms);
        let program = consumer.settings.program;
        let texts = if program.is_some() { consumer.texts_of(&records) } else { Vec::new() };
        self.emit_then(EventKind::RecordsRead { consumer: id, records, position, epoch, busy_until });
        if let Some(program) = program {
            for (offset, key, value) in texts {
                self.fold_record(id, program, offset, key, value.as_deref());
            }
        }
    }

    /// The program takes one record into its table.
    fn fold_record(&mut self, id: ConsumerIndex, program: Program, offset: Offset, key: String, value: Option<&str>) {
        let from = self.world.consumers.get(&id).and_then(|consumer| consumer.table.get(&key).copied());
        let changed = |key, to| EventKind::RowChanged { consumer: id, offset, key, from, to };
        let kind = match fold(program, from, value) {
            Fold::Set(to) => changed(key, Some(to)),
            Fold::Remove => changed(key, None),
            why @ (Fold::DropRefund | Fold::NotAnAmount) => EventKind::RowLeft { consumer: id, offset, key, why },
        };
        self.emit(kind);
    }

    /// The answer to a consumer's fetch.
    pub(super) fn fetched_by_consumer(&mut self, id: ConsumerIndex, answer: &Result<Fetched, ErrorCode>) {
        let Some(consumer) = self.world.consumers.get(&id) else { return };
        match answer {
            Ok(fetched) => {
                let position = consumer.position;
                let useful = fetched.batches.iter().filter(|batch| batch.next_offset() > position);
                let batches: Vec<Arc<StoredBatch>> = useful.cloned().collect();
                if !batches.is_empty() {
                    self.emit(EventKind::RecordsFetched { consumer: id, batches });
                    self.return_records(id);
                }
            }
            Err(ErrorCode::OffsetOutOfRange) => {
                let reset = consumer.settings.auto_offset_reset;
                let (from, to) = (consumer.position, self.world.reset_offset(reset));
                self.emit(EventKind::PositionReset { consumer: id, from, to, reset });
            }
            Err(_) => self.doubt_leader(Endpoint::Consumer(id)),
        }
    }

    /// The new leader has said where the epoch of the last record that was read ended (KIP-320).
    fn position_judged(&mut self, id: ConsumerIndex, answer: Result<LeaderAnswer, ErrorCode>) {
        let Some(consumer) = self.world.consumers.get(&id) else { return };
        let (from, reset) = (consumer.position, consumer.settings.auto_offset_reset);
        match answer {
            Ok(LeaderAnswer::Ends { end, .. } | LeaderAnswer::EndsAt(end)) if end < from => {
                self.emit(EventKind::TruncationDetected { consumer: id, from, to: end });
            }
            Ok(LeaderAnswer::Ends { .. } | LeaderAnswer::EndsAt(_)) => {
                self.emit(EventKind::PositionValidated { consumer: id });
            }
            Ok(LeaderAnswer::Undefined) => {
                let to = self.world.reset_offset(reset);
                self.emit(EventKind::PositionReset { consumer: id, from, to, reset });
            }
            Err(_) => self.doubt_leader(Endpoint::Consumer(id)),
        }
    }

    /// Commits the position: the next offset to be read, not the last one that was.
    pub(super) fn commit(&mut self, id: ConsumerIndex) {
        let Some(consumer) = self.world.consumers.get(&id) else { return };
        let Some(leader) = consumer.leader.usable() else { return self.ask_who_leads(Endpoint::Consumer(id)) };
        let body = Body::OffsetCommit { offset: consumer.position };
        self.send(Endpoint::Consumer(id), Endpoint::Broker(leader), body, false);
    }

    /// Hands a message that arrived to whoever it is for. On a cut link nothing arrives, nor does what was
    /// chosen to be lost; and nobody is there at a process that is down.
    pub(super) fn deliver(&mut self, id: MessageId) {
        let Some(travel) = self.world.network.on_the_way.get(&id) else { return };
        let message = Arc::clone(&travel.message);
        let network = &self.world.network;
        let is_to_be_lost = network.drop_next.contains_key(&(id.kind, id.from, id.to));
        if is_to_be_lost || network.cut.contains_key(&message.link()) {
            self.emit(EventKind::MessageDropped { message });
            return;
        }
        if let Process::Down { .. } = self.world.process(id.to) {
            self.emit_then(EventKind::MessageDropped { message });
            self.connection_lost(id);
            return;
        }
        let request = message.body.request();
        let in_vain = request.is_some_and(|request| !self.world.awaits(request));
        self.emit_then(EventKind::MessageDelivered { message: Arc::clone(&message) });
        if in_vain {
            return;
        }
        match id.to {
            Endpoint::Broker(broker) => self.arrived_at_broker(broker, &message),
            Endpoint::Controller(controller) => self.arrived_at_controller(controller, id, &message.body),
            Endpoint::Producer(producer) => self.arrived_at_producer(producer, &message.body),
            Endpoint::Consumer(consumer) => self.arrived_at_consumer(consumer, &message.body),
        }
    }

    fn arrived_at_producer(&mut self, producer: ProducerIndex, body: &Body) {
        match body {
            Body::ProduceResponse { request, answer } => {
                self.produce_answered(producer, *request, *answer);
                if matches!(answer, Err(ErrorCode::NotLeaderOrFollower)) {
                    self.doubt_leader(Endpoint::Producer(producer));
                }
            }
            Body::MetadataResponse { request, leader, leader_epoch } => {
                self.leader_told(*request, *leader, *leader_epoch);
            }
            _ => {}
        }
    }

    fn arrived_at_consumer(&mut self, consumer: ConsumerIndex, body: &Body) {
        match body {
            Body::FetchResponse { answer, .. } => self.fetched_by_consumer(consumer, answer),
            Body::OffsetCommitResponse { offset, .. } => {
                self.emit(EventKind::CommitConfirmed { consumer, offset: *offset });
            }
            Body::OffsetForLeaderEpochResponse { answer, .. } => self.position_judged(consumer, *answer),
            Body::MetadataResponse { request, leader, leader_epoch } => {
                self.leader_told(*request, *leader, *leader_epoch);
            }
            _ => {}
        }
    }

    fn arrived_at_broker(&mut self, broker: BrokerId, message: &Message) {
        match &message.body {
            Body::Produce { batch, acks, timeout_ms } => self.produce(broker, message.id, batch, *acks, *timeout_ms),
            Body::Fetch { offset, leader_epoch, last_fetched, broker_epoch, most_records } => {
                let asked = FetchAsked {
                    offset: *offset,
                    leader_epoch: *leader_epoch,
                    last_fetched: *last_fetched,
                    broker_epoch: *broker_epoch,
                    most_records: *most_records,
                };
                self.fetch(broker, message.id, asked);
            }
            Body::OffsetCommit { offset } => self.offset_commit(broker, message.id, *offset),
            Body::OffsetForLeaderEpoch { leader_epoch, asked } => {
                self.offset_for_leader_epoch(broker, message.id, *leader_epoch, *asked);
            }
            Body::Metadata => self.metadata_for_client(broker, message.id),
            Body::FetchResponse { request, answer } => self.fetched_by_follower(broker, *request, answer),
            Body::OffsetForLeaderEpochResponse { request, answer } => {
                self.epoch_end_told(broker, *request, *answer);
            }
            Body::BrokerRegistrationResponse { request, answer } => {
                self.registration_answered(broker, *request, *answer);
            }
            Body::BrokerHeartbeatResponse { request, answer } => self.heartbeat_answered(broker, *request, *answer),
            Body::FetchMetadataResponse { request, answer } => self.metadata_fetched(broker, *request, answer),
            Body::AlterPartitionResponse { request, proposal, answer } => {
                self.alter_partition_answered(broker, *request, *proposal, *answer);
            }
            _ => {}
        }
    }
}

impl Producer {
    /// When this batch goes again: after its pause, or at once if another leads than when it was tried (KIP-951).
    pub(crate) fn may_send_again_at(&self, again: &Again) -> Tick {
        if self.leader.epoch > again.tried { Tick::ZERO } else { again.not_before }
    }

    fn closed(&self) -> impl Iterator<Item = &StoredBatch> {
        let (sent, failed) = (self.asked.values().map(|at| &at.batch), self.again.iter().map(|at| &at.batch));
        sent.chain(failed).map(Arc::as_ref)
    }

    /// When `delivery.timeout.ms` is over for the oldest of its batches.
    pub(super) fn delivery_over_at(&self) -> Option<Tick> {
        let oldest =
            self.closed().map(StoredBatch::created).chain(self.open.first().map(|first| first.timestamp)).min();
        oldest.map(|created| created.plus_ms(i64::from(self.settings.delivery_timeout_ms)))
    }

    /// The records for which it is over.
    fn overdue(&self, now: Tick) -> Vec<Vec<RecordId>> {
        let is_over = |created: Tick| created.plus_ms(i64::from(self.settings.delivery_timeout_ms)) <= now;
        let closed = self.closed().filter(|batch| is_over(batch.created())).map(|batch| batch.names.clone());
        let open = self.open.first().filter(|first| is_over(first.timestamp));
        closed.chain(open.map(|_| self.open.iter().map(|send| send.name).collect())).collect()
    }
}

impl LeaderKnown {
    /// Whom to send to, unless that is in doubt.
    #[must_use]
    pub fn usable(&self) -> Option<BrokerId> {
        self.leader.filter(|_| !self.stale)
    }
}

impl super::World {
    /// What a client knows of who leads.
    #[must_use]
    pub fn leader_known(&self, client: Endpoint) -> Option<&LeaderKnown> {
        match client {
            Endpoint::Producer(id) => self.producers.get(&id).map(|producer| &producer.leader),
            Endpoint::Consumer(id) => self.consumers.get(&id).map(|consumer| &consumer.leader),
            Endpoint::Broker(_) | Endpoint::Controller(_) => None,
        }
    }
}

impl Consumer {
    /// What a poll would return now: fetched records from the position on, at most max.poll.records.
    #[must_use]
    pub fn next_records(&self) -> Vec<(Offset, RecordId)> {
        let most = usize::try_from(self.settings.max_poll_records).unwrap_or(usize::MAX);
        let records = self.buffer.iter().flat_map(|batch| batch.offsets_and_names());
        records.filter(|(offset, _)| *offset >= self.position).take(most).collect()
    }
}

impl Consumer {
    /// Offset, key and value of these records, which must be in the buffer. A null key is the text "null".
    fn texts_of(&self, records: &[(Offset, RecordId)]) -> Vec<(Offset, String, Option<String>)> {
        let asked = |offset: Offset| records.iter().any(|(wanted, _)| *wanted == offset);
        let buffered = self.buffer.iter().flat_map(|batch| &batch.batch.records);
        let text = |bytes: &crate::bytes::Bytes| readable(bytes);
        buffered
            .filter(|record| asked(record.offset))
            .map(|record| {
                let key = record.key.as_ref().map_or_else(|| String::from("null"), text);
                (record.offset, key, record.value.as_ref().map(text))
            })
            .collect()
    }
}

impl StoredBatch {
    /// A batch as a producer makes it: its offsets begin at 0, the leader will give it others.
    #[must_use]
    pub fn of_sends(sends: &[PendingSend]) -> StoredBatch {
        let records = (0i64..).zip(sends).map(|(offset, send)| super::batch::record(Offset(offset), send)).collect();
        let names = sends.iter().map(|send| send.name).collect();
        StoredBatch { batch: crate::bytes::RecordBatch::of_records(records), names }
    }

    /// The same records where the leader puts them.
    #[must_use]
    pub fn placed(&self, base: Offset, epoch: LeaderEpoch) -> StoredBatch {
        let mut placed = self.clone();
        let by = base.0 - self.base_offset().0;
        placed.batch.base_offset = base;
        placed.batch.partition_leader_epoch = epoch;
        for record in &mut placed.batch.records {
            record.offset = record.offset.plus(by);
        }
        placed
    }

    pub fn offsets_and_names(&self) -> impl Iterator<Item = (Offset, RecordId)> {
        self.batch.records.iter().map(|record| record.offset).zip(self.names.iter().copied())
    }

    /// CreateTime of the first record.
    #[must_use]
    pub fn created(&self) -> Tick {
        Tick(self.batch.base_timestamp_ms)
    }
}
