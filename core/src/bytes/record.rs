//! One record inside a batch (Kafka: `DefaultRecord`): its offset and timestamp stand as differences to the batch's.

use bytes::Bytes;

use super::field::{FieldName, Watch};
use super::problem::{Fault, Problem};
use super::reader::Reader;
use super::varint;
use crate::ids::Offset;

/// The fewest bytes a record can take: its length, its attributes, two deltas, no key, no value, no headers.
pub(super) const RECORD_BYTES_MIN: usize = 7;
/// The fewest bytes a header can take: an empty key and no value.
const HEADER_BYTES_MIN: usize = 2;

/// A key with a value, beside the record's own (KIP-82). Names may repeat.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Header {
    /// UTF-8 wherever a producer wrote it; kept as it stands.
    pub key: Bytes,
    pub value: Option<Bytes>,
}

impl Header {
    #[must_use]
    pub fn new(key: impl Into<Bytes>, value: Option<Bytes>) -> Header {
        Header { key: key.into(), value }
    }
}

/// One record.
///
/// A record with a key and no value is a tombstone; an empty value is none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Record {
    pub offset: Offset,
    /// As written. In a LogAppendTime batch readers are told another: see [`super::RecordBatch::timestamp_ms`].
    pub timestamp_ms: i64,
    pub key: Option<Bytes>,
    pub value: Option<Bytes>,
    pub headers: Vec<Header>,
    /// Kafka writes 0 and gives no bit of it a meaning.
    pub attributes: i8,
}

/// What a record's deltas count from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Base {
    pub(super) offset: Offset,
    pub(super) timestamp_ms: i64,
}

impl Record {
    /// A record without headers.
    #[must_use]
    pub fn new(offset: Offset, timestamp_ms: i64, key: Option<Bytes>, value: Option<Bytes>) -> Record {
        Record { offset, timestamp_ms, key, value, ..Record::default() }
    }

    /// A key without a value: compaction takes the key's older records out, and later the tombstone too.
    #[must_use]
    pub fn is_tombstone(&self) -> bool {
        self.key.is_some() && self.value.is_none()
    }

    /// Reads one record. Bytes for its list of headers are taken out of `memory_left_bytes` before they are asked for.
    #[inline]
    pub(super) fn read<W: Watch>(
        r: &mut Reader<'_, W>,
        base: Base,
        memory_left_bytes: &mut u64,
    ) -> Result<Record, Problem> {
        let at = r.at();
        let length = r.varint(FieldName::RecordLength)?;
        let Ok(stated_bytes) = usize::try_from(length) else {
            let fault = Fault::TooSmall { field: FieldName::RecordLength, found: length.into(), least: 0 };
            return Err(Problem::new(at, fault));
        };
        let mut r = r.part(FieldName::RecordLength, stated_bytes)?;
        let record = Record {
            attributes: r.i8(FieldName::RecordAttributes)?,
            timestamp_ms: base.timestamp_ms.wrapping_add(r.varlong(FieldName::TimestampDelta)?),
            offset: Offset(base.offset.0.wrapping_add(r.varint(FieldName::OffsetDelta)?.into())),
            key: r.nullable(FieldName::KeyLength, FieldName::Key)?,
            value: r.nullable(FieldName::ValueLength, FieldName::Value)?,
            headers: read_headers(&mut r, memory_left_bytes)?,
        };
        if r.left_bytes() > 0 {
            let (stated_bytes, read_bytes) = (stated_bytes as u64, (stated_bytes - r.left_bytes()) as u64);
            return Err(Problem::new(at, Fault::RecordLength { stated_bytes, read_bytes }));
        }
        Ok(record)
    }

    /// Appends the record.
    #[inline]
    pub(super) fn write(&self, out: &mut Vec<u8>, base: Base) {
        let timestamp_delta_ms = self.timestamp_ms.wrapping_sub(base.timestamp_ms);
        let offset_delta = self.offset_delta(base.offset);
        let length = self.body_len(timestamp_delta_ms, offset_delta);
        varint::write_varint(out, as_length(length));
        out.push(self.attributes.cast_unsigned());
        varint::write_varlong(out, timestamp_delta_ms);
        varint::write_varint(out, offset_delta);
        write_nullable(out, self.key.as_deref());
        write_nullable(out, self.value.as_deref());
        if self.headers.is_empty() {
            out.push(0);
            return;
        }
        varint::write_varint(out, as_length(self.headers.len()));
        for header in &self.headers {
            varint::write_varint(out, as_length(header.key.len()));
            out.extend_from_slice(&header.key);
            write_nullable(out, header.value.as_deref());
        }
    }

    /// How many bytes [`Record::write`] appends.
    pub(super) fn encoded_len(&self, base: Base) -> usize {
        let length = self.body_len(self.timestamp_ms.wrapping_sub(base.timestamp_ms), self.offset_delta(base.offset));
        varint::varint_len(as_length(length)) + length
    }

    /// How far the record stands behind the batch's base offset.
    pub(super) fn offset_delta(&self, base_offset: Offset) -> i32 {
        #[expect(clippy::cast_possible_truncation, reason = "a batch spans fewer than 2^31 offsets (Kafka's limit)")]
        let delta = self.offset.0.wrapping_sub(base_offset.0) as i32;
        delta
    }

    #[inline]
    fn body_len(&self, timestamp_delta_ms: i64, offset_delta: i32) -> usize {
        let mut len = 1 + varint::varlong_len(timestamp_delta_ms) + varint::varint_len(offset_delta);
        len += nullable_len(self.key.as_deref()) + nullable_len(self.value.as_deref());
        len += varint::varint_len(as_length(self.headers.len()));
        for header in &self.headers {
            len += nullable_len(Some(&header.key)) + nullable_len(header.value.as_deref());
        }
        len
    }
}

#[inline]
fn read_headers<W: Watch>(r: &mut Reader<'_, W>, memory_left_bytes: &mut u64) -> Result<Vec<Header>, Problem> {
    let at = r.at();
    let stated = r.varint(FieldName::HeaderCount)?;
    if stated == 0 {
        return Ok(Vec::new());
    }
    let (field, found) = (FieldName::HeaderCount, i64::from(stated));
    let Ok(count) = usize::try_from(stated) else {
        return Err(Problem::new(at, Fault::TooSmall { field, found, least: 0 }));
    };
    let most = r.left_bytes() / HEADER_BYTES_MIN;
    if count > most {
        return Err(Problem::new(at, Fault::TooLarge { field, found, most: most as i64 }));
    }
    super::limit::charge(memory_left_bytes, count * size_of::<Header>()).map_err(|fault| Problem::new(at, fault))?;
    let mut headers = Vec::with_capacity(count);
    for index in 0..stated.unsigned_abs() {
        r.watch.header(Some(index));
        headers.push(read_header(r)?);
    }
    r.watch.header(None);
    Ok(headers)
}

fn read_header<W: Watch>(r: &mut Reader<'_, W>) -> Result<Header, Problem> {
    let at = r.at();
    let length = r.varint(FieldName::HeaderKeyLength)?;
    let Ok(len) = usize::try_from(length) else {
        let fault = Fault::TooSmall { field: FieldName::HeaderKeyLength, found: length.into(), least: 0 };
        return Err(Problem::new(at, fault));
    };
    let key = r.take(FieldName::HeaderKey, len)?;
    let value = r.nullable(FieldName::HeaderValueLength, FieldName::HeaderValue)?;
    Ok(Header { key, value })
}

#[inline]
fn write_nullable(out: &mut Vec<u8>, bytes: Option<&[u8]>) {
    match bytes {
        Some(bytes) => {
            varint::write_varint(out, as_length(bytes.len()));
            out.extend_from_slice(bytes);
        }
        None => varint::write_varint(out, -1),
    }
}

#[inline]
fn nullable_len(bytes: Option<&[u8]>) -> usize {
    bytes.map_or(1, |bytes| varint::varint_len(as_length(bytes.len())) + bytes.len())
}

/// A length as the wire has it. The lab builds no batch of 2 GiB; one that long would be cut by the length field.
#[inline]
fn as_length(len: usize) -> i32 {
    i32::try_from(len).unwrap_or(i32::MAX)
}
