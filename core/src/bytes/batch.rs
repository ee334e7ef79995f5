//! A record batch: what is written, replicated, packed, checked and fetched as one piece (Kafka:
//! `DefaultRecordBatch`, `MemoryRecordsBuilder`; format since KIP-98).

use bytes::Bytes;

use super::attributes::{Attributes, Compression};
use super::batch_header::{
    BatchHeader, CRC_AT, CRC_COVERS_FROM, HEADER_BYTES, LOG_OVERHEAD_BYTES, MAGIC, NO_SEQUENCE, sequence_after,
};
#[cfg(feature = "codecs")]
use super::codec;
use super::limit;
#[cfg(feature = "codecs")]
use super::problem::Fault;
use super::problem::Problem;
use super::record::{Base, RECORD_BYTES_MIN, Record};
use super::records::Records;
use crate::ids::{LeaderEpoch, Offset, ProducerEpoch, ProducerId};

/// A decoded batch. It is not changed once it is in a log; share it.
///
/// ```
/// # use kafka_lab::bytes::{Bytes, Record, RecordBatch};
/// # use kafka_lab::ids::Offset;
/// let record = Record::new(Offset(7), 1_000, Some(Bytes::from("key")), Some(Bytes::from("value")));
/// let batch = RecordBatch::of_records(vec![record]);
/// let bytes = batch.encode();
/// assert_eq!(RecordBatch::decode(&bytes), Ok(batch));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordBatch {
    /// The first offset the batch was appended at; it stays when compaction takes the first record out.
    pub base_offset: Offset,
    pub partition_leader_epoch: LeaderEpoch,
    pub attributes: Attributes,
    /// Invariant: no record's offset is above `base_offset + last_offset_delta`, in batches that Kafka wrote.
    pub last_offset_delta: i32,
    /// Of the first record as written; with the delete-horizon bit, the delete horizon.
    pub base_timestamp_ms: i64,
    /// The largest of the records'; the broker's clock in a LogAppendTime batch.
    pub max_timestamp_ms: i64,
    pub producer_id: ProducerId,
    pub producer_epoch: ProducerEpoch,
    /// Sequence of the first record; −1 without a producer id, and in markers.
    pub base_sequence: i32,
    /// Fewer than the offsets the batch spans, or none, after compaction.
    pub records: Vec<Record>,
}

impl RecordBatch {
    /// A plain batch of these records: no producer id, leader epoch −1 as before an append, the base offset and time
    /// of the first record, the last offset of the last, the largest time. Without records: offset 0, times −1.
    #[must_use]
    pub fn of_records(records: Vec<Record>) -> RecordBatch {
        let base_offset = records.first().map_or(Offset::ZERO, |record| record.offset);
        let last_offset = records.last().map_or(base_offset, |record| record.offset);
        RecordBatch {
            base_offset,
            partition_leader_epoch: LeaderEpoch(-1),
            attributes: Attributes::PLAIN,
            last_offset_delta: i32::try_from(last_offset.0.saturating_sub(base_offset.0)).unwrap_or(i32::MAX),
            base_timestamp_ms: records.first().map_or(-1, |record| record.timestamp_ms),
            max_timestamp_ms: records.iter().map(|record| record.timestamp_ms).max().unwrap_or(-1),
            producer_id: ProducerId::NONE,
            producer_epoch: ProducerEpoch::NONE,
            base_sequence: NO_SEQUENCE,
            records,
        }
    }

    /// Reads one whole batch; `bytes` must end where it ends. The bytes are copied once; keys and values share them.
    ///
    /// # Errors
    /// The first problem: too few bytes, another magic, a wrong CRC, an unknown compression, a record that does not
    /// fit, bytes left over.
    pub fn decode(bytes: &[u8]) -> Result<RecordBatch, Problem> {
        RecordBatch::decode_shared(&Bytes::copy_from_slice(bytes))
    }

    /// Like [`RecordBatch::decode`], without the copy.
    ///
    /// # Errors
    /// As there.
    pub fn decode_shared(bytes: &Bytes) -> Result<RecordBatch, Problem> {
        let header = BatchHeader::decode(bytes)?;
        header.check(bytes)?;
        let mut records = Records::new(&header, bytes)?;
        let mut decoded = Vec::with_capacity(room_for(&records));
        while let Some(record) = records.next() {
            let record = record?;
            let charged = limit::charge(records.memory_left_bytes(), size_of::<Record>());
            charged.map_err(|fault| Problem::new(HEADER_BYTES, fault))?;
            decoded.push(record);
        }
        Ok(RecordBatch {
            base_offset: header.base_offset,
            partition_leader_epoch: header.partition_leader_epoch,
            attributes: header.attributes,
            last_offset_delta: header.last_offset_delta,
            base_timestamp_ms: header.base_timestamp_ms,
            max_timestamp_ms: header.max_timestamp_ms,
            producer_id: header.producer_id,
            producer_epoch: header.producer_epoch,
            base_sequence: header.base_sequence,
            records: decoded,
        })
    }

    /// The batch's bytes, as Kafka would write them, not packed: of a batch that was read compressed this is the batch
    /// without compression, its attribute bits say so.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.encoded_len_most());
        let base = self.base();
        self.header(0, 0).encode(&mut out);
        for record in &self.records {
            record.write(&mut out, base);
        }
        let length = length_field(out.len());
        let crc = crc32c::crc32c(out.get(CRC_COVERS_FROM..).unwrap_or_default());
        patch(&mut out, LOG_OVERHEAD_BYTES - size_of::<i32>(), length.to_be_bytes());
        patch(&mut out, CRC_AT, crc.to_be_bytes());
        out
    }

    /// The batch's bytes with its records packed as its attributes say. A batch without records has nothing to pack.
    ///
    /// # Errors
    /// [`Fault::UnknownCompression`].
    #[cfg(feature = "codecs")]
    pub fn encode_packed(&self) -> Result<Vec<u8>, Fault> {
        let compression = self.attributes.compression()?;
        let plain = self.encode();
        if compression == Compression::None || self.records.is_empty() {
            return Ok(plain);
        }
        let mut out = Vec::with_capacity(plain.len());
        BatchHeader { attributes: self.attributes, ..self.header(0, 0) }.encode(&mut out);
        codec::pack(compression, plain.get(HEADER_BYTES..).unwrap_or_default(), &mut out);
        let length = length_field(out.len());
        patch(&mut out, LOG_OVERHEAD_BYTES - size_of::<i32>(), length.to_be_bytes());
        let crc = crc32c::crc32c(out.get(CRC_COVERS_FROM..).unwrap_or_default());
        patch(&mut out, CRC_AT, crc.to_be_bytes());
        Ok(out)
    }

    /// How many bytes [`RecordBatch::encode`] gives.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        let base = self.base();
        HEADER_BYTES + self.records.iter().map(|record| record.encoded_len(base)).sum::<usize>()
    }

    /// The header's fields, with the length and the CRC that the encoded batch has.
    #[must_use]
    pub fn encoded_header(&self) -> BatchHeader {
        let bytes = self.encode();
        let crc = crc32c::crc32c(bytes.get(CRC_COVERS_FROM..).unwrap_or_default());
        self.header(length_field(bytes.len()), crc)
    }

    /// The offset of the batch's last record, also where compaction has taken that record out.
    #[must_use]
    pub fn last_offset(&self) -> Offset {
        Offset(self.base_offset.0.wrapping_add(self.last_offset_delta.into()))
    }

    /// The offset that the next batch is appended at.
    #[must_use]
    pub fn next_offset(&self) -> Offset {
        Offset(self.last_offset().0.wrapping_add(1))
    }

    /// The sequence of the last record; −1 if the batch has none.
    #[must_use]
    pub fn last_sequence(&self) -> i32 {
        if self.base_sequence == NO_SEQUENCE {
            return NO_SEQUENCE;
        }
        sequence_after(self.base_sequence, self.last_offset_delta)
    }

    /// The timestamp that a reader is told for a record of this batch.
    #[must_use]
    pub fn timestamp_ms(&self, record: &Record) -> i64 {
        self.header(0, 0).read_timestamp_ms(record.timestamp_ms)
    }

    /// The time from which tombstones and markers in this batch may go.
    #[must_use]
    pub fn delete_horizon_ms(&self) -> Option<i64> {
        self.attributes.has_delete_horizon().then_some(self.base_timestamp_ms)
    }

    fn base(&self) -> Base {
        Base { offset: self.base_offset, timestamp_ms: self.base_timestamp_ms }
    }

    fn header(&self, batch_length_bytes: i32, crc: u32) -> BatchHeader {
        BatchHeader {
            base_offset: self.base_offset,
            batch_length_bytes,
            partition_leader_epoch: self.partition_leader_epoch,
            magic: MAGIC,
            crc,
            attributes: self.attributes.with_compression(Compression::None),
            last_offset_delta: self.last_offset_delta,
            base_timestamp_ms: self.base_timestamp_ms,
            max_timestamp_ms: self.max_timestamp_ms,
            producer_id: self.producer_id,
            producer_epoch: self.producer_epoch,
            base_sequence: self.base_sequence,
            record_count: i32::try_from(self.records.len()).unwrap_or(i32::MAX),
        }
    }

    /// Room that is enough for the encoded batch and takes little to work out.
    fn encoded_len_most(&self) -> usize {
        /// Length, attributes, both deltas, both lengths and the header count, each at its longest.
        const RECORD_OVERHEAD_BYTES_MAX: usize = 36;
        let body = |record: &Record| {
            let payload = record.key.as_deref().map_or(0, <[u8]>::len) + record.value.as_deref().map_or(0, <[u8]>::len);
            let header_len =
                |header: &super::Header| 10 + header.key.len() + header.value.as_deref().map_or(0, <[u8]>::len);
            RECORD_OVERHEAD_BYTES_MAX + payload + record.headers.iter().map(header_len).sum::<usize>()
        };
        HEADER_BYTES + self.records.iter().map(body).sum::<usize>()
    }
}

/// How many records to make room for. The count can say anything: the bytes can't hold more than this, and what a
/// few packed bytes unpacked to is no promise either.
fn room_for(records: &Records) -> usize {
    const PACKED_MOST: usize = 256;
    let room = (records.record_count() as usize).min(records.bytes().len() / RECORD_BYTES_MIN);
    if records.is_packed() { room.min(PACKED_MOST) } else { room }
}

fn length_field(size_bytes: usize) -> i32 {
    i32::try_from(size_bytes.saturating_sub(LOG_OVERHEAD_BYTES)).unwrap_or(i32::MAX)
}

fn patch<const N: usize>(out: &mut [u8], at: usize, bytes: [u8; N]) {
    if let Some(place) = out.get_mut(at..at + N) {
        place.copy_from_slice(&bytes);
    }
}

#[cfg(all(test, feature = "codecs"))]
mod tests {
    use super::super::record::Header;
    use super::*;

    #[test]
    fn a_packed_batch_reads_as_the_plain_one() {
        let value = Bytes::from(vec![b'v'; 500]);
        let record = |n: i64| Record::new(Offset(40 + n), 1_000 - n, None, Some(value.clone()));
        let plain = RecordBatch::of_records((0..20).map(record).collect());
        for compression in Compression::ALL {
            let batch = RecordBatch { attributes: plain.attributes.with_compression(compression), ..plain.clone() };
            let bytes = batch.encode_packed().expect("a compression that is known");
            assert_eq!(bytes.len() < plain.encoded_len(), compression != Compression::None, "{compression}");
            assert_eq!(RecordBatch::decode(&bytes), Ok(batch));
        }
    }

    #[test]
    fn an_unknown_compression_is_not_written() {
        let batch = RecordBatch { attributes: Attributes(5), ..RecordBatch::of_records(Vec::new()) };
        assert_eq!(batch.encode_packed(), Err(Fault::UnknownCompression { code: 5 }));
        let empty = RecordBatch { attributes: Attributes(1), ..batch };
        assert_eq!(empty.encode_packed(), Ok(empty.encode()), "there is nothing to pack");
    }

    fn bytes(len: usize) -> Option<Bytes> {
        Some(Bytes::from(vec![b'x'; len]))
    }

    #[test]
    fn there_is_room_for_every_number_at_its_longest() {
        let mut record = Record::new(Offset(0), 0, bytes(3), bytes(4));
        record.headers = vec![Header::new(vec![b'x'; 2], bytes(5)), Header::new(vec![b'x'; 6], None)];
        let batch = RecordBatch::of_records(vec![record, Record::default()]);
        assert_eq!(batch.encoded_len_most(), 61 + (36 + 3 + 4) + (10 + 2 + 5) + (10 + 6) + 36);
        assert!(batch.encoded_len() <= batch.encoded_len_most());
    }

    #[test]
    fn room_is_made_for_as_many_records_as_the_bytes_can_hold() {
        let batch = RecordBatch::of_records(vec![Record::default(), Record::default()]);
        let encoded = Bytes::from(batch.encode());
        let header = BatchHeader::decode(&encoded).expect("a header");
        let room = |record_count| Records::new(&BatchHeader { record_count, ..header }, &encoded).map(|r| room_for(&r));
        assert_eq!([room(2), room(i32::MAX)], [Ok(2), Ok(encoded.len() / 7)]);
    }
}
