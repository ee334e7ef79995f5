//! A segment: one file of batches, with its two indexes (Kafka: `LogSegment`).

use bytes::Bytes;

use super::offset_index::{OffsetEntry, OffsetIndex};
use super::scan::{BatchSummary, Scan};
use super::time_index::{TimeEntry, TimeIndex};
use crate::bytes::{BatchHeader, Problem, RecordBatch, Records};
use crate::ids::Offset;

/// The settings that a segment goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentConfig {
    /// `index.interval.bytes`: an entry is made when more than this was appended since the last one.
    pub index_interval_bytes: u32,
}

impl Default for SegmentConfig {
    fn default() -> SegmentConfig {
        SegmentConfig { index_interval_bytes: 4096 }
    }
}

/// Why a batch was not appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppendRefused {
    /// Its last offset does not lie between the base offset and 2³¹ − 1 above it, so no index entry could say it
    /// (Kafka: `LogSegmentOffsetOverflowException`).
    OffsetOutOfRange { base_offset: Offset, last_offset: Offset },
    /// The file would be longer than 2 GiB.
    FileTooLong { bytes: u64 },
}

/// A segment in memory.
#[derive(Clone, Debug)]
pub struct Segment {
    base_offset: Offset,
    config: SegmentConfig,
    /// The `.log` file.
    file: Vec<u8>,
    offset_index: OffsetIndex,
    time_index: TimeIndex,
    bytes_since_last_entry: u64,
    /// The largest timestamp of a batch, and that batch's last offset; time −1 before the first.
    max_timestamp: TimeEntry,
}

impl Segment {
    #[must_use]
    pub fn new(base_offset: Offset, config: SegmentConfig) -> Segment {
        let time_index = TimeIndex::new(base_offset);
        Segment {
            base_offset,
            config,
            file: Vec::new(),
            offset_index: OffsetIndex::new(base_offset),
            max_timestamp: time_index.last(),
            time_index,
            bytes_since_last_entry: 0,
        }
    }

    #[must_use]
    pub fn base_offset(&self) -> Offset {
        self.base_offset
    }

    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.file.len()
    }

    /// The `.log` file's bytes.
    #[must_use]
    pub fn file(&self) -> &[u8] {
        &self.file
    }

    #[must_use]
    pub fn offset_index(&self) -> &OffsetIndex {
        &self.offset_index
    }

    #[must_use]
    pub fn time_index(&self) -> &TimeIndex {
        &self.time_index
    }

    /// The largest timestamp of a batch, and that batch's last offset; time −1 before the first.
    #[must_use]
    pub fn max_timestamp(&self) -> TimeEntry {
        self.max_timestamp
    }

    /// Appends a batch, and before that an entry to each index if enough bytes have come since the last one: it
    /// points to the batch that is being appended.
    ///
    /// # Errors
    /// The batch's last offset or the file's size would be out of range; then nothing has changed.
    pub fn append(&mut self, batch: &RecordBatch) -> Result<BatchSummary, AppendRefused> {
        let bytes = Bytes::from(batch.encode());
        // What has just been encoded has a header.
        let header = BatchHeader::decode(&bytes).unwrap_or_else(|_| batch.encoded_header());
        self.append_encoded(&header, &bytes)
    }

    pub(super) fn append_encoded(&mut self, header: &BatchHeader, bytes: &[u8]) -> Result<BatchSummary, AppendRefused> {
        let (base_offset, last_offset) = (self.base_offset, header.last_offset());
        let above_base = last_offset.0.checked_sub(base_offset.0);
        if above_base.is_none_or(|above_base| i32::try_from(above_base).is_err() || above_base < 0) {
            return Err(AppendRefused::OffsetOutOfRange { base_offset, last_offset });
        }
        let end = self.file.len().saturating_add(bytes.len());
        let (Ok(position), true) = (u32::try_from(self.file.len()), i32::try_from(end).is_ok()) else {
            return Err(AppendRefused::FileTooLong { bytes: end as u64 });
        };
        if header.max_timestamp_ms > self.max_timestamp.timestamp_ms {
            self.max_timestamp = TimeEntry { timestamp_ms: header.max_timestamp_ms, offset: last_offset };
        }
        if self.bytes_since_last_entry > self.config.index_interval_bytes.into() {
            self.offset_index.append(OffsetEntry { offset: last_offset, position });
            self.time_index.maybe_append(self.max_timestamp);
            self.bytes_since_last_entry = 0;
        }
        self.bytes_since_last_entry += bytes.len() as u64;
        self.file.extend_from_slice(bytes);
        Ok(BatchSummary { position: position.into(), size_bytes: bytes.len() as u64, header: *header })
    }

    /// What rolling to the next segment, or a clean shutdown, does to this one: the time index gets the largest
    /// timestamp, the offset index nothing.
    pub fn close(&mut self) {
        self.time_index.maybe_append(self.max_timestamp);
    }

    /// The log end: one more than the last offset.
    #[must_use]
    pub fn end(&self) -> Offset {
        let from = self.offset_index.entries().last().map_or(0, |entry| entry.position);
        self.batches_at(from.into()).last().map_or(self.base_offset, |batch| batch.last_offset().plus(1))
    }

    /// All batches, from the first on.
    pub fn batches(&self) -> impl Iterator<Item = BatchSummary> {
        self.batches_at(0)
    }

    /// The batches from `position` on, where one begins.
    pub(super) fn batches_at(&self, position: u64) -> impl Iterator<Item = BatchSummary> {
        Scan::new(&self.file, position).map_while(Result::ok)
    }

    /// The first batch whose last offset is at or above `offset`: found by index, then by a scan. None at the end.
    /// It may begin before `offset`, and, where compaction left a gap, after it (Kafka: `translateOffset`).
    #[must_use]
    pub fn find(&self, offset: Offset) -> Option<BatchSummary> {
        let from = self.offset_index.lookup(offset).position;
        self.batches_at(from.into()).find(|batch| batch.last_offset() >= offset)
    }

    /// Bytes from the batch that holds `offset` on: `max_bytes` of them, so the last batch may be cut; but the first
    /// one comes whole, however long it is (Kafka: `LogSegment.read` with `minOneMessage`). None at the end.
    #[must_use]
    pub fn read(&self, offset: Offset, max_bytes: u32) -> Option<Bytes> {
        let first = self.find(offset)?;
        let start = usize::try_from(first.position).ok()?;
        let len = u64::from(max_bytes).max(first.size_bytes);
        let end = start.saturating_add(usize::try_from(len).unwrap_or(usize::MAX)).min(self.file.len());
        self.file.get(start..end).map(Bytes::copy_from_slice)
    }

    /// The first record of time `timestamp_ms` or later: its timestamp and offset, as a reader is told them (Kafka:
    /// `findOffsetByTimestamp`). None if there is none.
    ///
    /// # Errors
    /// The records of a batch that could hold it can't be read.
    pub fn find_by_timestamp(&self, timestamp_ms: i64) -> Result<Option<TimeEntry>, Problem> {
        let from = self.offset_index.lookup(self.time_index.lookup(timestamp_ms).offset).position;
        for batch in self.batches_at(from.into()) {
            if batch.header.max_timestamp_ms < timestamp_ms {
                continue;
            }
            let bytes = Bytes::copy_from_slice(Scan::new(&self.file, 0).bytes_of(&batch));
            for record in Records::new(&batch.header, &bytes).map_err(|problem| problem.further(batch.position))? {
                let record = record.map_err(|problem| problem.further(batch.position))?;
                let read_ms = batch.header.read_timestamp_ms(record.timestamp_ms);
                if read_ms >= timestamp_ms {
                    return Ok(Some(TimeEntry { timestamp_ms: read_ms, offset: record.offset }));
                }
            }
        }
        Ok(None)
    }

    /// Takes away the batch that holds `offset` and all after it; index entries at `offset` and above go too (Kafka:
    /// `LogSegment.truncateTo`). Says how many bytes went.
    pub fn truncate_to(&mut self, offset: Offset) -> usize {
        let before = self.file.len();
        let end = self.find(offset).map_or(before, |batch| usize::try_from(batch.position).unwrap_or(before));
        self.offset_index.truncate_to(offset);
        self.time_index.truncate_to(offset);
        self.file.truncate(end);
        self.bytes_since_last_entry = 0;
        self.max_timestamp = self.read_max_timestamp();
        before - self.file.len()
    }

    /// The largest timestamp by the time index, and by the batches after its last entry.
    fn read_max_timestamp(&self) -> TimeEntry {
        let indexed = self.time_index.last();
        let from = self.offset_index.lookup(indexed.offset).position;
        self.batches_at(from.into()).fold(indexed, |largest, batch| {
            let timestamp_ms = batch.header.max_timestamp_ms;
            if timestamp_ms > largest.timestamp_ms {
                TimeEntry { timestamp_ms, offset: batch.last_offset() }
            } else {
                largest
            }
        })
    }
}
