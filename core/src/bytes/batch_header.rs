//! The 61 bytes that every record batch begins with (Kafka: `DefaultRecordBatch`, magic 2), big-endian.
//!
//! The CRC covers what comes after it. Base offset and leader epoch come before it on purpose: the leader that
//! appends a batch stamps them without having to compute the CRC again.

use super::attributes::{Attributes, TimestampType};
use super::field::{FieldName, FieldValue, Unwatched, Watch};
use super::problem::{Fault, Problem};
use super::reader::Reader;
use super::record::Record;
use crate::ids::{LeaderEpoch, Offset, ProducerEpoch, ProducerId};

/// Bytes before the first record.
pub const HEADER_BYTES: usize = 61;
/// Bytes that the batch length does not count: base offset and the length itself (Kafka: `Records.LOG_OVERHEAD`).
pub const LOG_OVERHEAD_BYTES: usize = 12;
/// Where the magic stands.
pub const MAGIC_AT: usize = 16;
/// Where the CRC stands.
pub(super) const CRC_AT: usize = 17;
/// From here on the CRC covers.
pub(super) const CRC_COVERS_FROM: usize = 21;
/// The format that this module reads.
pub const MAGIC: i8 = 2;
/// Sequence of a batch without a producer id, and of markers.
pub const NO_SEQUENCE: i32 = -1;

/// A batch's header, field by field as it stands: nothing in it has been judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchHeader {
    pub base_offset: Offset,
    /// Bytes of the batch behind this field: the whole size less 12.
    pub batch_length_bytes: i32,
    pub partition_leader_epoch: LeaderEpoch,
    pub magic: i8,
    pub crc: u32,
    pub attributes: Attributes,
    pub last_offset_delta: i32,
    /// Of the first record as written; with the delete-horizon bit, the delete horizon.
    pub base_timestamp_ms: i64,
    pub max_timestamp_ms: i64,
    pub producer_id: ProducerId,
    pub producer_epoch: ProducerEpoch,
    pub base_sequence: i32,
    pub record_count: i32,
}

impl BatchHeader {
    /// Reads the first 61 of `bytes`.
    ///
    /// # Errors
    /// [`Fault::CutOff`] if there are fewer; every value is taken as it stands.
    #[inline]
    pub fn decode(bytes: &[u8]) -> Result<BatchHeader, Problem> {
        BatchHeader::read(&mut Reader::of_slice(bytes, &mut Unwatched))
    }

    #[inline]
    pub(super) fn read<W: Watch>(r: &mut Reader<'_, W>) -> Result<BatchHeader, Problem> {
        Ok(BatchHeader {
            base_offset: Offset(r.i64(FieldName::BaseOffset)?),
            batch_length_bytes: r.i32(FieldName::BatchLength)?,
            partition_leader_epoch: LeaderEpoch(r.i32(FieldName::PartitionLeaderEpoch)?),
            magic: r.i8(FieldName::Magic)?,
            crc: {
                let crc = u32::from_be_bytes(r.array(FieldName::Crc)?);
                r.saw(FieldName::Crc, 4, FieldValue::Crc(crc));
                crc
            },
            attributes: {
                let attributes = Attributes(i16::from_be_bytes(r.array(FieldName::Attributes)?));
                r.saw(FieldName::Attributes, 2, FieldValue::Attributes(attributes));
                attributes
            },
            last_offset_delta: r.i32(FieldName::LastOffsetDelta)?,
            base_timestamp_ms: r.i64(FieldName::BaseTimestamp)?,
            max_timestamp_ms: r.i64(FieldName::MaxTimestamp)?,
            producer_id: ProducerId(r.i64(FieldName::ProducerId)?),
            producer_epoch: ProducerEpoch(r.i16(FieldName::ProducerEpoch)?),
            base_sequence: r.i32(FieldName::BaseSequence)?,
            record_count: r.i32(FieldName::RecordCount)?,
        })
    }

    /// Appends the 61 bytes.
    pub fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.base_offset.0.to_be_bytes());
        out.extend_from_slice(&self.batch_length_bytes.to_be_bytes());
        out.extend_from_slice(&self.partition_leader_epoch.0.to_be_bytes());
        out.extend_from_slice(&self.magic.to_be_bytes());
        out.extend_from_slice(&self.crc.to_be_bytes());
        out.extend_from_slice(&self.attributes.0.to_be_bytes());
        out.extend_from_slice(&self.last_offset_delta.to_be_bytes());
        out.extend_from_slice(&self.base_timestamp_ms.to_be_bytes());
        out.extend_from_slice(&self.max_timestamp_ms.to_be_bytes());
        out.extend_from_slice(&self.producer_id.0.to_be_bytes());
        out.extend_from_slice(&self.producer_epoch.0.to_be_bytes());
        out.extend_from_slice(&self.base_sequence.to_be_bytes());
        out.extend_from_slice(&self.record_count.to_be_bytes());
    }

    /// The whole batch's size in bytes, as its length field says.
    ///
    /// # Errors
    /// [`Fault::TooSmall`] if that is less than a header.
    pub fn size_bytes(&self) -> Result<usize, Problem> {
        let least = HEADER_BYTES - LOG_OVERHEAD_BYTES;
        match usize::try_from(self.batch_length_bytes) {
            Ok(length) if length >= least => Ok(length + LOG_OVERHEAD_BYTES),
            _ => Err(Problem::new(
                8,
                Fault::TooSmall {
                    field: FieldName::BatchLength,
                    found: self.batch_length_bytes.into(),
                    least: least as i64,
                },
            )),
        }
    }

    /// Holds the header against the whole batch's bytes: magic, length, CRC.
    ///
    /// # Errors
    /// The first of them that does not fit.
    #[inline]
    pub fn check(&self, batch: &[u8]) -> Result<(), Problem> {
        if self.magic != MAGIC {
            return Err(Problem::new(MAGIC_AT, Fault::Magic { found: self.magic, expected: MAGIC }));
        }
        let size_bytes = self.size_bytes()?;
        if batch.len() < size_bytes {
            let (left_bytes, needed_bytes) = (batch.len() as u64, size_bytes as u64);
            let field = FieldName::BatchLength;
            return Err(Problem::new(batch.len(), Fault::CutOff { field, left_bytes, needed_bytes }));
        }
        if batch.len() > size_bytes {
            return Err(Problem::new(size_bytes, Fault::LeftOver { bytes: (batch.len() - size_bytes) as u64 }));
        }
        self.check_crc(batch)
    }

    /// Holds the stored CRC against the whole batch's bytes.
    ///
    /// # Errors
    /// [`Fault::Crc`].
    pub fn check_crc(&self, batch: &[u8]) -> Result<(), Problem> {
        let computed = crc32c::crc32c(batch.get(CRC_COVERS_FROM..).unwrap_or_default());
        if computed == self.crc { Ok(()) } else { Err(Problem::new(CRC_AT, Fault::Crc { stored: self.crc, computed })) }
    }

    /// The offset of the batch's last record, also where compaction has taken that record out.
    #[must_use]
    pub fn last_offset(&self) -> Offset {
        Offset(self.base_offset.0.wrapping_add(self.last_offset_delta.into()))
    }

    /// The sequence of the batch's last record; −1 if the batch has none.
    #[must_use]
    pub fn last_sequence(&self) -> i32 {
        if self.base_sequence == NO_SEQUENCE {
            return NO_SEQUENCE;
        }
        sequence_after(self.base_sequence, self.last_offset_delta)
    }

    /// The time from which tombstones and markers in this batch may go.
    #[must_use]
    pub fn delete_horizon_ms(&self) -> Option<i64> {
        self.attributes.has_delete_horizon().then_some(self.base_timestamp_ms)
    }

    /// What a reader is told as a record's timestamp, if `written_ms` stands in the record.
    #[must_use]
    pub fn read_timestamp_ms(&self, written_ms: i64) -> i64 {
        match self.attributes.timestamp_type() {
            TimestampType::CreateTime => written_ms,
            TimestampType::LogAppendTime => self.max_timestamp_ms,
        }
    }

    /// A record's sequence; −1 if the batch has none.
    #[must_use]
    pub fn sequence_of(&self, record: &Record) -> i32 {
        if self.base_sequence < 0 {
            return NO_SEQUENCE;
        }
        sequence_after(self.base_sequence, record.offset_delta(self.base_offset))
    }
}

/// Sequences are the numbers 0 to 2³¹ − 1; after the last comes 0 again (`DefaultRecordBatch.incrementSequence`).
#[must_use]
pub fn sequence_after(sequence: i32, by: i32) -> i32 {
    if sequence > i32::MAX.wrapping_sub(by) {
        by.wrapping_sub(i32::MAX.wrapping_sub(sequence)).wrapping_sub(1)
    } else {
        sequence.wrapping_add(by)
    }
}

/// The sequence that lies `by` before another one (`DefaultRecordBatch.decrementSequence`).
#[must_use]
pub fn sequence_before(sequence: i32, by: i32) -> i32 {
    if sequence < by {
        i32::MAX.wrapping_sub(by.wrapping_sub(sequence)).wrapping_add(1)
    } else {
        sequence.wrapping_sub(by)
    }
}
