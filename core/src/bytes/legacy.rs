//! Messages of magic 0 and 1, as brokers kept them before Kafka 0.11 (Kafka: `LegacyRecord`,
//! `AbstractLegacyRecordBatch`; KIP-31 and KIP-32 brought magic 1). Read only.
//!
//! There were no batches: a message stood alone, or its value was a packed set of messages.

use bytes::Bytes;
use flate2::Crc;

use super::attributes::{Compression, TimestampType};
use super::batch_header::LOG_OVERHEAD_BYTES;
use super::codec;
use super::field::{FieldName, Unwatched};
use super::limit::{UNPACKED_BYTES_MAX, charge};
use super::problem::{Fault, Problem};
use super::reader::Reader;
use crate::ids::Offset;

/// The fewest bytes a message has behind its size field: CRC, magic, attributes, two sizes.
pub const MESSAGE_BYTES_MIN: usize = 14;
/// Where the message's magic stands, counted from its offset field.
const MAGIC_AT: usize = 16;

/// A message of magic 0 or 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub offset: Offset,
    pub crc: u32,
    /// The CRC-32 of the bytes from the magic on.
    pub computed_crc: u32,
    pub magic: i8,
    pub attributes: i8,
    /// −1 in magic 0, which has none.
    pub timestamp_ms: i64,
    /// None in magic 0.
    pub timestamp_type: Option<TimestampType>,
    /// Where the key's size stands in the bytes that were read.
    key_size_at: usize,
    bytes: Bytes,
}

impl Message {
    /// Reads a message that begins with its offset and its size; `bytes` end where it ends.
    ///
    /// # Errors
    /// The bytes end before the key's size. Key and value are looked at when they are asked for.
    pub fn decode(bytes: &Bytes) -> Result<Message, Problem> {
        let watch = &mut Unwatched;
        let mut r = Reader::new(bytes, 0, watch);
        let offset = Offset(r.i64(FieldName::MessageOffset)?);
        r.i32(FieldName::MessageSize)?;
        let crc = u32::from_be_bytes(r.array(FieldName::Crc)?);
        let mut crc_of_rest = Crc::new();
        crc_of_rest.update(bytes.get(r.at()..).unwrap_or_default());
        let magic = r.i8(FieldName::Magic)?;
        let attributes = r.i8(FieldName::Attributes)?;
        let timestamp_ms = if magic == 0 { -1 } else { r.i64(FieldName::MessageTimestamp)? };
        Ok(Message {
            offset,
            crc,
            computed_crc: crc_of_rest.sum(),
            magic,
            attributes,
            timestamp_ms,
            timestamp_type: timestamp_type(magic, attributes),
            key_size_at: r.at(),
            bytes: bytes.clone(),
        })
    }

    /// Whether the stored CRC is that of the bytes.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.bytes.len() >= MESSAGE_BYTES_MIN + LOG_OVERHEAD_BYTES && self.crc == self.computed_crc
    }

    /// What is wrong with the stored CRC, if anything is.
    #[must_use]
    pub fn crc_problem(&self) -> Option<Problem> {
        let fault = Fault::Crc { stored: self.crc, computed: self.computed_crc };
        (self.crc != self.computed_crc).then_some(Problem::new(LOG_OVERHEAD_BYTES, fault))
    }

    /// How the value is packed, if it is a set of messages.
    ///
    /// # Errors
    /// [`Fault::UnknownCompression`].
    pub fn compression(&self) -> Result<Compression, Fault> {
        Compression::from_code(self.attributes.cast_unsigned() & 0x07)
    }

    /// The key's size as it stands; negative is null.
    ///
    /// # Errors
    /// The message ends before it.
    pub fn key_size_bytes(&self) -> Result<i32, Problem> {
        Reader::new(&self.bytes, self.key_size_at, &mut Unwatched).i32(FieldName::KeyLength)
    }

    /// The value's size as it stands; negative is null.
    ///
    /// # Errors
    /// The message ends before it.
    pub fn value_size_bytes(&self) -> Result<i32, Problem> {
        Reader::new(&self.bytes, self.value_size_at()?, &mut Unwatched).i32(FieldName::ValueLength)
    }

    /// The key, none if it is null.
    ///
    /// # Errors
    /// It reaches beyond the message.
    pub fn key(&self) -> Result<Option<Bytes>, Problem> {
        self.sized(FieldName::KeyLength, FieldName::Key, self.key_size_at)
    }

    /// The value, none if it is null.
    ///
    /// # Errors
    /// It reaches beyond the message.
    pub fn value(&self) -> Result<Option<Bytes>, Problem> {
        self.sized(FieldName::ValueLength, FieldName::Value, self.value_size_at()?)
    }

    fn value_size_at(&self) -> Result<usize, Problem> {
        let key_len = usize::try_from(self.key_size_bytes()?).unwrap_or(0);
        Ok(self.key_size_at.saturating_add(size_of::<i32>()).saturating_add(key_len))
    }

    /// A size, and that many bytes.
    fn sized(&self, size: FieldName, content: FieldName, at: usize) -> Result<Option<Bytes>, Problem> {
        let watch = &mut Unwatched;
        let mut r = Reader::new(&self.bytes, at, watch);
        match usize::try_from(r.i32(size)?) {
            Ok(len) => r.take(content, len).map(Some),
            Err(_) => Ok(None),
        }
    }

    /// The messages that a reader is given: this one, or those packed in its value (Kafka: `DeepRecordsIterator`).
    ///
    /// In magic 1 the inner offsets count from the set's first, and the outer offset is the last one's.
    ///
    /// # Errors
    /// The set does not unpack, is empty, or its offsets contradict each other.
    pub fn messages(&self) -> Result<Vec<Message>, Problem> {
        let compression = self.compression().map_err(|fault| Problem::new(MAGIC_AT + 1, fault))?;
        if compression == Compression::None {
            return Ok(vec![self.clone()]);
        }
        if compression == Compression::Zstd {
            return Err(Problem::new(MAGIC_AT + 1, Fault::CompressionTooNew { compression }));
        }
        let value_at = self.value_size_at()?.saturating_add(size_of::<i32>());
        let too_small = |field, found, least| Problem::new(value_at, Fault::TooSmall { field, found, least });
        let Some(packed) = self.value()? else { return Err(too_small(FieldName::ValueLength, -1, 0)) };
        let packed = codec::Packed { compression, bytes: &packed, magic: self.magic };
        let unpacked = codec::unpack(packed)?;
        if let Some(problem) = unpacked.problem {
            return Err(problem.further(value_at as u64));
        }
        let mut inner = read_set(&Bytes::from(unpacked.bytes)).map_err(|p| p.in_unpacked(value_at))?;
        let Some(last) = inner.last().map(|message| message.offset) else {
            return Err(too_small(FieldName::RecordCount, 0, 1));
        };
        if self.magic == 1 {
            let base = if self.offset.0 == 0 { 0 } else { self.offset.0.wrapping_sub(last.0) };
            if base < 0 {
                return Err(too_small(FieldName::MessageOffset, self.offset.0, last.0));
            }
            for message in &mut inner {
                message.offset = Offset(base.wrapping_add(message.offset.0));
                if message.magic == 1 && self.timestamp_type == Some(TimestampType::LogAppendTime) {
                    message.timestamp_ms = self.timestamp_ms;
                }
            }
        }
        Ok(inner)
    }
}

/// One message after the other; one that is cut off at the end is left out, as Kafka does.
fn read_set(bytes: &Bytes) -> Result<Vec<Message>, Problem> {
    let mut messages = Vec::new();
    let mut memory_left_bytes = UNPACKED_BYTES_MAX.saturating_sub(bytes.len() as u64);
    let mut at = 0;
    while let Some(head) = bytes.get(at..).and_then(|rest| rest.first_chunk::<LOG_OVERHEAD_BYTES>()) {
        let [.., s0, s1, s2, s3] = *head;
        let stated = i32::from_be_bytes([s0, s1, s2, s3]);
        let least = MESSAGE_BYTES_MIN;
        let size = match usize::try_from(stated) {
            Ok(size) if size >= least => size,
            _ => {
                let (field, found, least) = (FieldName::MessageSize, stated.into(), least as i64);
                return Err(Problem::new(at + 8, Fault::TooSmall { field, found, least }));
            }
        };
        let end = at + LOG_OVERHEAD_BYTES + size;
        if end > bytes.len() {
            break;
        }
        charge(&mut memory_left_bytes, size_of::<Message>()).map_err(|fault| Problem::new(at, fault))?;
        messages.push(Message::decode(&bytes.slice(at..end)).map_err(|problem| problem.further(at as u64))?);
        at = end;
    }
    Ok(messages)
}

fn timestamp_type(magic: i8, attributes: i8) -> Option<TimestampType> {
    match (magic, attributes & 0x08) {
        (0, _) => None,
        (_, 0) => Some(TimestampType::CreateTime),
        (_, _) => Some(TimestampType::LogAppendTime),
    }
}
