//! A log as it grows, and beside it what readers must be told of it. What a reader gets is known here from what was
//! done, not from reading the log.

use std::collections::BTreeMap;

use kafka_lab::bytes::{Bytes, Compression, ControlRecord, Header, Record, RecordBatch, TimestampType, sequence_after};
use kafka_lab::ids::{LeaderEpoch, Offset, ProducerEpoch, ProducerId};

use crate::lines::Told;

/// The transaction coordinator that writes the markers.
const COORDINATOR_EPOCH: i32 = 0;

/// What becomes of a record for those who read committed ones only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Kept,
    Open(ProducerId),
    Aborted,
}

#[derive(Clone, Copy, Debug)]
struct Producer {
    epoch: ProducerEpoch,
    next_sequence: i32,
}

/// The log of one partition.
#[derive(Clone, Debug)]
pub(crate) struct Story {
    pub(crate) batches: Vec<RecordBatch>,
    told: Vec<(Told, Fate)>,
    producers: BTreeMap<ProducerId, Producer>,
    epoch: LeaderEpoch,
    compression: Compression,
    timestamp_type: TimestampType,
    now_ms: i64,
}

impl Story {
    pub(crate) fn new(now_ms: i64) -> Story {
        Story {
            batches: Vec::new(),
            told: Vec::new(),
            producers: BTreeMap::new(),
            epoch: LeaderEpoch(0),
            compression: Compression::None,
            timestamp_type: TimestampType::CreateTime,
            now_ms,
        }
    }

    pub(crate) fn log_end(&self) -> Offset {
        self.batches.last().map_or(Offset::ZERO, RecordBatch::next_offset)
    }

    /// The batches from here on are packed so.
    pub(crate) fn packed(mut self, compression: Compression) -> Story {
        self.compression = compression;
        self
    }

    /// The batches from here on have the broker's timestamp.
    pub(crate) fn stamped_by_the_broker(mut self) -> Story {
        self.timestamp_type = TimestampType::LogAppendTime;
        self
    }

    /// Batches from here on are of this leader's epoch.
    pub(crate) fn lead(&mut self, epoch: LeaderEpoch) {
        self.epoch = epoch;
    }

    /// A producer whose next record has this sequence.
    pub(crate) fn join(&mut self, id: i64, epoch: i16, next_sequence: i32) -> ProducerId {
        self.producers.insert(ProducerId(id), Producer { epoch: ProducerEpoch(epoch), next_sequence });
        ProducerId(id)
    }

    /// A batch without a producer id.
    pub(crate) fn plain(&mut self, records: Vec<Draft>) {
        let batch = self.batch(records);
        self.append(batch, Fate::Kept);
    }

    /// A batch of an idempotent producer.
    pub(crate) fn idempotent(&mut self, id: ProducerId, records: Vec<Draft>) {
        let batch = self.batch(records);
        let batch = self.numbered(id, batch);
        self.append(batch, Fate::Kept);
    }

    /// A batch within the producer's transaction, which it begins if there is none.
    pub(crate) fn transactional(&mut self, id: ProducerId, records: Vec<Draft>) {
        let batch = self.batch(records);
        let mut batch = self.numbered(id, batch);
        batch.attributes = batch.attributes.with_transactional();
        self.append(batch, Fate::Open(id));
    }

    pub(crate) fn commit(&mut self, id: ProducerId) {
        self.marker(id, &ControlRecord::Commit { coordinator_epoch: COORDINATOR_EPOCH }, Fate::Kept);
    }

    pub(crate) fn abort(&mut self, id: ProducerId) {
        self.marker(id, &ControlRecord::Abort { coordinator_epoch: COORDINATOR_EPOCH }, Fate::Aborted);
    }

    /// What readers that begin at `log_start` are told.
    pub(crate) fn uncommitted(&self, log_start: Offset) -> Vec<&Told> {
        self.told.iter().map(|(told, _)| told).filter(|told| told.offset >= log_start).collect()
    }

    /// The same for those who read committed records: none behind the first open transaction, none that was aborted.
    pub(crate) fn committed(&self, log_start: Offset) -> Vec<&Told> {
        let decided = self.told.iter().take_while(|(_, fate)| !matches!(fate, Fate::Open(_)));
        let kept = decided.filter(|(_, fate)| *fate == Fate::Kept).map(|(told, _)| told);
        kept.filter(|told| told.offset >= log_start).collect()
    }

    /// A tenth of a second goes by with each batch.
    fn batch(&mut self, drafts: Vec<Draft>) -> RecordBatch {
        self.now_ms += 100;
        let records = drafts.into_iter().zip(self.log_end().0..).map(|(draft, offset)| Record {
            headers: draft.headers,
            ..Record::new(Offset(offset), self.now_ms + draft.later_ms, draft.key, draft.value)
        });
        let mut batch = RecordBatch::of_records(records.collect());
        batch.partition_leader_epoch = self.epoch;
        batch.attributes = batch.attributes.with_compression(self.compression).with_timestamp_type(self.timestamp_type);
        if self.timestamp_type == TimestampType::LogAppendTime {
            batch.max_timestamp_ms = self.now_ms + 50;
        }
        batch
    }

    fn numbered(&mut self, id: ProducerId, batch: RecordBatch) -> RecordBatch {
        let producer = self.producers.get_mut(&id).expect("a producer that joined");
        let (base_sequence, count) = (producer.next_sequence, batch.last_offset_delta + 1);
        producer.next_sequence = sequence_after(base_sequence, count);
        RecordBatch { producer_id: id, producer_epoch: producer.epoch, base_sequence, ..batch }
    }

    fn append(&mut self, batch: RecordBatch, fate: Fate) {
        for record in &batch.records {
            self.told.push((Told::of(&batch, record), fate));
        }
        self.batches.push(batch);
    }

    /// transaction.version 2: the marker has the next epoch, and sequences begin again.
    fn marker(&mut self, id: ProducerId, what: &ControlRecord, fate: Fate) {
        self.now_ms += 100;
        let producer = self.producers.get_mut(&id).expect("a producer that joined");
        *producer = Producer { epoch: ProducerEpoch(producer.epoch.0 + 1), next_sequence: 0 };
        let mut batch = RecordBatch::of_records(vec![what.record(self.log_end(), self.now_ms)]);
        batch.partition_leader_epoch = self.epoch;
        batch.attributes = batch.attributes.with_transactional().with_control();
        batch.producer_id = id;
        batch.producer_epoch = self.producers[&id].epoch;
        self.batches.push(batch);
        for (_, open) in self.told.iter_mut().filter(|(_, open)| *open == Fate::Open(id)) {
            *open = fate;
        }
    }
}

/// A record before it has an offset.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub(crate) key: Option<Bytes>,
    pub(crate) value: Option<Bytes>,
    pub(crate) headers: Vec<Header>,
    /// How much later than its batch; it may be earlier.
    pub(crate) later_ms: i64,
}

impl Draft {
    pub(crate) fn new(key: &str, value: &str) -> Draft {
        let bytes = |text: &str| Some(Bytes::from(text.to_owned()));
        Draft { key: bytes(key), value: bytes(value), ..Draft::default() }
    }

    pub(crate) fn header(mut self, key: &str, value: Option<&str>) -> Draft {
        let value = value.map(|value| Bytes::from(value.to_owned()));
        self.headers.push(Header::new(key.to_owned(), value));
        self
    }

    pub(crate) fn later(mut self, ms: i64) -> Draft {
        self.later_ms = ms;
        self
    }
}
