//! What goes by when a partition's batches are read in order: leader epochs, producers, transactions, signs of the
//! cleaner, and, where two logs are compared, every record's fingerprint.

use super::aborted::Aborted;
use super::answer::{Outcome, TransactionRow};
use super::gaps::Signs;
use super::snapshots::Snapshots;
use crate::bytes::BatchHeader;
use crate::fingerprint::Fingerprint;
use crate::frame::CellKind;
use crate::ids::{LeaderEpoch, Offset, ProducerId};
use crate::inspect::batch::{Batch, Content, FileRecord};
use crate::inspect::inspector::Witness;
use crate::rules::producer_entry::ProducerBatch;
use crate::rules::producer_state::{Content as Logged, LoggedBatch, ProducerState};

/// Records whose fingerprints are kept for a comparison; what follows is not compared.
pub(super) const ROWS_MAX: usize = 1 << 20;
/// Producers and runs of epochs that are kept.
pub(super) const PRODUCERS_MAX: usize = 1 << 16;
const EPOCHS_MAX: usize = 1 << 14;
const TRANSACTIONS_MAX: usize = 1 << 12;
/// Offsets above this are no log's.
const OFFSET_MAX: i64 = i64::MAX / 2;

/// A run of batches of one leader epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::inspect) struct EpochRun {
    pub(in crate::inspect) epoch: LeaderEpoch,
    pub(in crate::inspect) first: Offset,
    pub(in crate::inspect) last: Offset,
}

/// What a comparison needs of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::inspect) struct Row {
    pub(in crate::inspect) offset: Offset,
    pub(in crate::inspect) kind: CellKind,
    /// Of the key, where there is one.
    pub(in crate::inspect) key: Option<u64>,
    /// Who wrote it in a transaction.
    producer: Option<ProducerId>,
    /// Of everything that the record says, with its leader epoch.
    pub(in crate::inspect) digest: u64,
}

/// What has been seen of one log.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    pub(super) ended: Vec<TransactionRow>,
    pub(super) producers: ProducerState,
    pub(super) aborted: Aborted,
    pub(super) snapshots: Snapshots,
    pub(super) epochs: Vec<EpochRun>,
    pub(super) signs: Signs,
    /// None if nothing is compared.
    pub(super) rows: Option<Vec<Row>>,
    /// The first record that there was no room for.
    pub(super) full_at: Option<Offset>,
    /// Producers, runs and transactions that there was no room for.
    pub(super) left_out: u64,
    pub(super) log_end: Option<Offset>,
    /// The first record of the batch that goes by is a marker that commits, or one that aborts.
    marker: Option<(bool, i32)>,
}

impl History {
    pub(super) fn new(is_compared: bool) -> History {
        History { rows: is_compared.then(Vec::new), ..History::default() }
    }

    fn epoch(&mut self, epoch: LeaderEpoch, first: Offset, last: Offset) {
        let has_room = self.epochs.len() < EPOCHS_MAX;
        match self.epochs.last_mut() {
            Some(run) if run.epoch == epoch => run.last = last,
            _ if has_room => self.epochs.push(EpochRun { epoch, first, last }),
            _ => self.left_out += 1,
        }
    }

    /// Has the producer's state take the batch, as a broker that reads its log again does.
    fn producer(&mut self, header: &BatchHeader) {
        let is_known = self.producers.producers.contains_key(&header.producer_id);
        if !is_known && self.producers.producers.len() >= PRODUCERS_MAX {
            self.left_out += 1;
            return;
        }
        let content = match self.marker {
            Some((aborts, coordinator_epoch)) => {
                Logged::Marker { epoch: header.producer_epoch, coordinator_epoch, aborts }
            }
            None if header.attributes.is_control() => return,
            None => Logged::Data(ProducerBatch {
                epoch: header.producer_epoch,
                first_sequence: header.base_sequence,
                last_sequence: header.last_sequence(),
                transactional: header.attributes.is_transactional(),
            }),
        };
        let open_since = self.open_since(header.producer_id);
        let aborted = self.producers.update(&LoggedBatch {
            producer: header.producer_id,
            first_offset: header.base_offset,
            last_offset: header.last_offset(),
            timestamp_ms: header.max_timestamp_ms,
            content,
        });
        let Logged::Marker { aborts, .. } = content else { return };
        // No reader of this log waits for a mark.
        self.producers.open.high_watermark_updated(header.last_offset().plus(1));
        if aborts && open_since.is_none() {
            self.signs.lone_aborts.push(header.base_offset);
        }
        if let Some(first) = open_since {
            let outcome = if aborts { Outcome::Aborted } else { Outcome::Committed };
            let row = TransactionRow { producer: header.producer_id.0, first, last: Some(header.base_offset), outcome };
            if self.ended.len() < TRANSACTIONS_MAX { self.ended.push(row) } else { self.left_out += 1 }
        }
        if let Some(aborted) = aborted {
            self.aborted.note(aborted);
        }
    }

    /// The open transactions: who, and since which offset.
    pub(super) fn open(&self) -> impl Iterator<Item = (ProducerId, Offset)> {
        let producers = self.producers.producers.iter();
        producers.filter_map(|(producer, entry)| Some((*producer, entry.txn_first_offset?)))
    }

    fn open_since(&self, producer: ProducerId) -> Option<Offset> {
        self.producers.producers.get(&producer)?.txn_first_offset
    }

    /// Notes of each record that is kept whether its transaction turned out to be aborted.
    pub(super) fn settle(&mut self) {
        for row in self.rows.iter_mut().flatten() {
            let is_data = matches!(row.kind, CellKind::Record | CellKind::Tombstone);
            let producer = row.producer.filter(|_| is_data);
            if producer.is_some_and(|producer| self.aborted.has_record(producer, row.offset)) {
                row.kind = CellKind::Aborted;
            }
        }
    }
}

impl Witness for History {
    fn record(&mut self, batch: &Batch, record: &FileRecord) {
        if self.marker.is_none() && matches!(record.kind, CellKind::CommitMarker | CellKind::AbortMarker) {
            self.marker = Some((record.kind == CellKind::AbortMarker, coordinator_epoch(record)));
        }
        let Some(rows) = self.rows.as_mut() else { return };
        if rows.last().is_some_and(|last| last.offset >= record.offset) {
            return;
        }
        if rows.len() >= ROWS_MAX {
            self.full_at.get_or_insert(record.offset);
            return;
        }
        rows.push(row(batch, record));
    }

    fn batch(&mut self, batch: &Batch, records: u32, is_sure: bool) {
        let (base, last) = (batch.summary.base, batch.summary.last);
        if let Content::Batch(header) = &batch.content
            && is_sure
            && (0..OFFSET_MAX).contains(&base.0)
            && last.0 < OFFSET_MAX
        {
            self.snapshots.come_to(last, &self.producers);
            self.snapshots.note(last);
            self.log_end = Some(last.plus(1));
            self.epoch(header.partition_leader_epoch, base, last);
            self.signs.is_thinned |= i64::from(records) < last.0 - base.0 + 1 || header.attributes.has_delete_horizon();
            if header.producer_id != ProducerId::NONE {
                self.producer(header);
            }
        }
        self.marker = None;
    }
}

fn coordinator_epoch(record: &FileRecord) -> i32 {
    let value = record.value.as_deref().and_then(|value| value.get(2..6)).and_then(|bytes| bytes.first_chunk::<4>());
    value.map_or(-1, |bytes| i32::from_be_bytes(*bytes))
}

fn row(batch: &Batch, record: &FileRecord) -> Row {
    let mut print = Fingerprint::default();
    let header = match &batch.content {
        Content::Batch(header) => {
            [i64::from(header.partition_leader_epoch.0), header.producer_id.0, i64::from(header.producer_epoch.0)]
        }
        Content::Messages(_) => [-1; 3],
    };
    header.into_iter().for_each(|number| print.number(number));
    print.number(record.timestamp_ms);
    print.flag(record.kind == CellKind::AbortMarker);
    print.optional_bytes(record.key.as_deref());
    print.optional_bytes(record.value.as_deref());
    for header in &record.headers {
        print.bytes(&header.key);
        print.optional_bytes(header.value.as_deref());
    }
    let key = record.key.as_deref().map(|key| {
        let mut print = Fingerprint::default();
        print.bytes(key);
        print.finish()
    });
    let producer = batch.producer().filter(|_| batch.is_transactional());
    Row { offset: record.offset, kind: record.kind, key, producer, digest: print.finish() }
}
