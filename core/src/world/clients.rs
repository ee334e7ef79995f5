//! What producers and consumers do, and what they make of the answers.

use super::{Acting, Body, Consumer, ErrorCode, Fetched, Message, StoredBatch};
use crate::event::{EventKind, PendingSend};
use crate::frame::readable;
use crate::ids::{BrokerId, ConsumerIndex, Endpoint, LeaderEpoch, MessageId, Offset, ProducerIndex, RecordId, Tick};
use crate::rules::fold::{Fold, Program, fold};
use crate::rules::linger::{OpenBatch, Ready, batch_is_ready};
use std::sync::Arc;

/// The most records that a fetch of a consumer asks for in one go: its limits in bytes, in effect.
const FETCH_RECORDS_MOST: u32 = 10_000;

impl Acting<'_> {
    /// Sends the open batch if it is full, flushed or has lingered.
    pub(super) fn send_if_ready(&mut self, id: ProducerIndex) {
        let Some(producer) = self.world.producers.get(&id) else { return };
        let Some(first) = producer.open.first() else { return };
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

    pub(super) fn send_open_batch(&mut self, id: ProducerIndex) {
        let Some(producer) = self.world.producers.get(&id) else { return };
        let Some((leader, _)) = self.world.leader() else { return };
        let batch = Arc::new(StoredBatch::of_sends(&producer.open));
        let acks = producer.settings.acks;
        let records = batch.names.clone();
        let to = Endpoint::Broker(leader.id);
        self.send(Endpoint::Producer(id), to, Body::Produce { batch, acks }, false);
        if acks == crate::command::Acks::None {
            self.emit(EventKind::SentWithoutAnswer { producer: id, records });
        }
    }

    /// The answer to a produce request, if the producer still waits for it.
    pub(super) fn produce_answered(
        &mut self,
        id: ProducerIndex,
        request: MessageId,
        answer: Result<Offset, ErrorCode>,
    ) {
        let asked = self.world.producers.get(&id).and_then(|producer| producer.asked.get(&request));
        let Some((_, records)) = asked.cloned() else { return };
        match answer {
            Ok(base) => {
                self.emit(EventKind::Acknowledged { producer: id, records, base });
            }
            Err(error) => {
                self.emit(EventKind::SendFailed { producer: id, records, error });
            }
        }
    }

    pub(super) fn produce_failed(&mut self, id: ProducerIndex, request: MessageId, error: ErrorCode) {
        self.produce_answered(id, request, Err(error));
    }

    /// Returns what is there, or asks the leader for more.
    pub(super) fn poll(&mut self, id: ConsumerIndex) {
        let Some(consumer) = self.world.consumers.get(&id) else { return };
        if consumer.next_records().is_empty() {
            let Some((leader, leading)) = self.world.leader() else { return };
            let routine = consumer.last_asked == Some(consumer.position);
            let body = Body::Fetch {
                offset: consumer.position,
                leader_epoch: leading.epoch,
                most_records: FETCH_RECORDS_MOST,
            };
            let to = Endpoint::Broker(leader.id);
            self.send(Endpoint::Consumer(id), to, body, routine);
        } else {
            self.return_records(id);
        }
    }

    /// `poll()` returns: the position moves behind the last record, whatever the program does with them.
    fn return_records(&mut self, id: ConsumerIndex) {
        let Some(consumer) = self.world.consumers.get(&id) else { return };
        let records = consumer.next_records();
        let Some((last, _)) = records.last() else { return };
        let position = last.plus(1);
        let work_ms = i64::from(consumer.settings.work_ms).saturating_mul(i64::try_from(records.len()).unwrap_or(0));
        let busy_until = self.world.tick.plus_ms(work_ms);
        let program = consumer.settings.program;
        let texts = if program.is_some() { consumer.texts_of(&records) } else { Vec::new() };
        self.emit_then(EventKind::RecordsRead { consumer: id, records, position, busy_until });
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
            Err(_) => {
                let reset = consumer.settings.auto_offset_reset;
                let (from, to) = (consumer.position, self.world.reset_offset(reset));
                self.emit(EventKind::PositionReset { consumer: id, from, to, reset });
            }
        }
    }

    /// Commits the position: the next offset to be read, not the last one that was.
    pub(super) fn commit(&mut self, id: ConsumerIndex) {
        let Some(consumer) = self.world.consumers.get(&id) else { return };
        let Some((leader, _)) = self.world.leader() else { return };
        let body = Body::OffsetCommit { offset: consumer.position };
        let to = Endpoint::Broker(leader.id);
        self.send(Endpoint::Consumer(id), to, body, false);
    }

    /// Hands a message that arrived to whoever it is for.
    pub(super) fn deliver(&mut self, id: MessageId) {
        let Some(travel) = self.world.network.on_the_way.get(&id) else { return };
        let message = Arc::clone(&travel.message);
        let awaited = self.world.awaits(&message);
        self.emit_then(EventKind::MessageDelivered { message: Arc::clone(&message) });
        match id.to {
            Endpoint::Broker(broker) => self.arrived_at_broker(broker, &message, awaited),
            Endpoint::Producer(producer) => {
                if let Body::ProduceResponse { request, answer } = &message.body {
                    self.produce_answered(producer, *request, *answer);
                }
            }
            Endpoint::Consumer(consumer) if awaited => match &message.body {
                Body::FetchResponse { answer, .. } => self.fetched_by_consumer(consumer, answer),
                Body::OffsetCommitResponse { offset, .. } => {
                    self.emit(EventKind::CommitConfirmed { consumer, offset: *offset });
                }
                Body::Produce { .. }
                | Body::ProduceResponse { .. }
                | Body::Fetch { .. }
                | Body::OffsetCommit { .. } => {}
            },
            Endpoint::Consumer(_) => {}
        }
    }

    fn arrived_at_broker(&mut self, broker: BrokerId, message: &Message, awaited: bool) {
        match &message.body {
            Body::Produce { batch, acks } => self.produce(broker, message.id, batch, *acks),
            Body::Fetch { offset, most_records, .. } => self.fetch(broker, message.id, *offset, *most_records),
            Body::OffsetCommit { offset } => self.offset_commit(broker, message.id, *offset),
            Body::FetchResponse { answer, .. } if awaited => self.fetched_by_follower(broker, answer),
            Body::FetchResponse { .. } | Body::ProduceResponse { .. } | Body::OffsetCommitResponse { .. } => {}
        }
    }
}

impl super::World {
    /// Whether the receiver still waits for this answer; a time-out or a restart may have come first.
    fn awaits(&self, message: &Message) -> bool {
        let (Body::FetchResponse { request, .. } | Body::OffsetCommitResponse { request, .. }) = &message.body else {
            return false;
        };
        match message.id.to {
            Endpoint::Broker(broker) => self.brokers.get(&broker).is_some_and(|broker| match &broker.role {
                super::Role::Follower(following) => {
                    matches!(following.fetch, super::Fetching::Asked(asked) if asked.request == *request)
                }
                super::Role::Leader(_) => false,
            }),
            Endpoint::Consumer(consumer) => self.consumers.get(&consumer).is_some_and(|consumer| {
                consumer.fetch.into_iter().chain(consumer.commit).any(|asked| asked.request == *request)
            }),
            Endpoint::Producer(_) => false,
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
