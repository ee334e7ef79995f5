//! The records of one batch, one after the other, unpacked first if the batch is compressed.

use bytes::Bytes;

use super::attributes::Compression;
use super::batch_header::{BatchHeader, HEADER_BYTES};
use super::codec;
use super::field::{FieldName, Unwatched, Watch};
use super::limit::UNPACKED_BYTES_MAX;
use super::problem::{Fault, Problem};
use super::reader::Reader;
use super::record::{Base, Record};

/// Reads a batch's records as Kafka's own iterator does (`DefaultRecordBatch.RecordIterator`): it stops at the first
/// problem, and it looks whether bytes are left over before it hands out the last record.
#[derive(Clone, Debug)]
pub struct Records {
    bytes: Bytes,
    at: usize,
    base: Base,
    read: u32,
    count: u32,
    /// Where the packed bytes stand in the batch, if it is compressed.
    packed_at: Option<usize>,
    /// What went wrong while unpacking: told when the records that could be unpacked have been read.
    unpacking_problem: Option<Problem>,
    memory_left_bytes: u64,
    over: bool,
}

impl Records {
    /// The records of the batch whose bytes, header included, are `batch`.
    ///
    /// # Errors
    /// The record count is negative, the compression unknown, or nothing could be unpacked.
    #[inline]
    pub fn new(header: &BatchHeader, batch: &Bytes) -> Result<Records, Problem> {
        let at_count = HEADER_BYTES - size_of::<i32>();
        let Ok(count) = u32::try_from(header.record_count) else {
            let (field, found) = (FieldName::RecordCount, header.record_count.into());
            return Err(Problem::new(at_count, Fault::TooSmall { field, found, least: 0 }));
        };
        let compression = header.attributes.compression();
        let compression = compression.map_err(|fault| Problem::new(super::batch_header::CRC_COVERS_FROM, fault))?;
        let records = Records {
            bytes: batch.clone(),
            at: HEADER_BYTES,
            base: Base { offset: header.base_offset, timestamp_ms: header.base_timestamp_ms },
            read: 0,
            count,
            packed_at: None,
            unpacking_problem: None,
            memory_left_bytes: u64::MAX,
            over: count == 0,
        };
        if compression == Compression::None || count == 0 {
            return Ok(records);
        }
        records.unpacked(compression, header.magic)
    }

    #[cold]
    fn unpacked(self, compression: Compression, magic: i8) -> Result<Records, Problem> {
        let packed = self.bytes.get(HEADER_BYTES..).unwrap_or_default();
        let packed = codec::Packed { compression, bytes: packed, magic };
        let unpacked = codec::unpack(packed).map_err(|problem| problem.further(HEADER_BYTES as u64))?;
        let spent_bytes = unpacked.bytes.len() as u64;
        Ok(Records {
            bytes: Bytes::from(unpacked.bytes),
            at: 0,
            packed_at: Some(HEADER_BYTES),
            unpacking_problem: unpacked.problem.map(|problem| problem.further(HEADER_BYTES as u64)),
            memory_left_bytes: UNPACKED_BYTES_MAX.saturating_sub(spent_bytes),
            ..self
        })
    }

    /// How many records the batch says it has.
    #[must_use]
    pub fn record_count(&self) -> u32 {
        self.count
    }

    /// Why a compressed batch did not unpack further, if it did not: readers meet it when they come to that place.
    #[must_use]
    pub fn unpacking_problem(&self) -> Option<&Problem> {
        self.unpacking_problem.as_ref()
    }

    pub(super) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Whether the batch is compressed: its records' places count in the unpacked bytes.
    #[must_use]
    pub fn is_packed(&self) -> bool {
        self.packed_at.is_some()
    }

    pub(super) fn memory_left_bytes(&mut self) -> &mut u64 {
        &mut self.memory_left_bytes
    }

    /// The next record, told to `watch` field by field.
    #[inline]
    pub(super) fn read_next<W: Watch>(&mut self, watch: &mut W) -> Option<Result<Record, Problem>> {
        if self.over {
            return None;
        }
        watch.record(self.read);
        let mut r = Reader::new(&self.bytes, self.at, watch);
        let mut outcome = Record::read(&mut r, self.base, &mut self.memory_left_bytes);
        self.at = r.at();
        let left_bytes = r.left_bytes();
        self.read += 1;
        if self.read == self.count {
            self.over = true;
            if outcome.is_ok() && (left_bytes > 0 || self.unpacking_problem.is_some()) {
                outcome = Err(Problem::new(self.at, Fault::LeftOver { bytes: left_bytes as u64 }));
            }
        }
        Some(outcome.map_err(|problem| self.stop(problem)))
    }

    #[cold]
    fn stop(&mut self, problem: Problem) -> Problem {
        self.over = true;
        match (self.packed_at, self.unpacking_problem.take()) {
            // The bytes ran out because no more could be unpacked.
            (Some(_), Some(unpacking)) if self.ran_out(&problem) => unpacking,
            (Some(packed_at), _) => problem.in_unpacked(packed_at),
            (None, _) => problem,
        }
    }
}

impl Records {
    /// Whether a problem comes from the end of the unpacked bytes, and not from what they say.
    fn ran_out(&self, problem: &Problem) -> bool {
        match problem.fault {
            Fault::CutOff { field: FieldName::RecordLength, .. } => true,
            Fault::LeftOver { bytes } => bytes == 0,
            _ => false,
        }
    }
}

impl Iterator for Records {
    type Item = Result<Record, Problem>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.read_next(&mut Unwatched)
    }
}
