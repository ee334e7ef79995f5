//! A record of an internal topic, decoded.
//!
//! A coordinator's key begins with two bytes that say the record's type, its value with two bytes of version; null for
//! a value deletes what the key names (`CoordinatorRecordSerde`). A record of the metadata log has no key, and a frame
//! of three varints in front of its value: frame version, API key, version (`AbstractApiMessageSerde`).

use std::fmt;

use bytes::Bytes;

use super::InternalTopic;
use super::consumer_protocol;
use super::problem::{Fault, Problem, Side};
use super::read::Reader;
use super::schema::RecordType;
use super::value::Struct;
use super::write;
use crate::bytes::varint::write_uvarint;

/// What a record says.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// None for a type that Kafka 4.3 does not know.
    pub record: Option<&'static RecordType>,
    pub key: Part,
    pub value: Part,
}

/// A record's key or value.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// It could be read. There may be bytes behind the last field: a problem that leaves the fields as they are.
    Fields { version: i16, fields: Struct, left_over: Option<Problem> },
    /// It could not be read, and is kept as it is.
    Bytes { bytes: Bytes, problem: Problem },
    /// It is not there; a problem if it has to be.
    Null { problem: Option<Problem> },
}

impl Part {
    /// What is wrong with it.
    #[must_use]
    pub fn problem(&self) -> Option<Problem> {
        match self {
            Part::Fields { left_over: problem, .. } | Part::Null { problem } => *problem,
            Part::Bytes { problem, .. } => Some(*problem),
        }
    }

    /// Its fields, if it could be read.
    #[must_use]
    pub fn fields(&self) -> Option<&Struct> {
        match self {
            Part::Fields { fields, .. } => Some(fields),
            Part::Bytes { .. } | Part::Null { .. } => None,
        }
    }

    fn of(read: Result<(i16, Struct, Option<Problem>), Problem>, bytes: &Bytes) -> Part {
        match read {
            Ok((version, fields, left_over)) => Part::Fields { version, fields, left_over },
            Err(problem) => Part::Bytes { bytes: bytes.clone(), problem },
        }
    }
}

/// The frame version of the metadata log.
const FRAME_VERSION: i32 = 1;

/// Reads a record's key and value. Whatever can't be read is kept as bytes, with the problem.
#[must_use]
pub fn decode(topic: InternalTopic, key: Option<&Bytes>, value: Option<&Bytes>) -> Decoded {
    match topic {
        InternalTopic::ClusterMetadata => metadata(key, value),
        InternalTopic::ConsumerOffsets | InternalTopic::TransactionState => coordinator(topic, key, value),
    }
}

fn coordinator(topic: InternalTopic, key: Option<&Bytes>, value: Option<&Bytes>) -> Decoded {
    let id = match key {
        Some(key) => Reader::new(Side::Key, key).i16("type"),
        None => Err(missing(Side::Key)),
    };
    let record = id.and_then(|id| topic.record_type(id).ok_or(unknown_type(Side::Key, 0, id)));
    let key = match (key, &record) {
        (None, _) => Part::Null { problem: record.as_ref().err().copied() },
        (Some(bytes), Ok(record)) => Part::of(read_key(record, bytes), bytes),
        (Some(bytes), Err(problem)) => Part::Bytes { bytes: bytes.clone(), problem: *problem },
    };
    let value = match (value, &record) {
        (None, _) => Part::Null { problem: None },
        (Some(bytes), Ok(record)) => Part::of(read_value(record, bytes), bytes),
        (Some(bytes), Err(problem)) => Part::Bytes { bytes: bytes.clone(), problem: *problem },
    };
    Decoded { record: record.ok(), key, value }
}

type Read = Result<(i16, Struct, Option<Problem>), Problem>;

fn read_key(record: &RecordType, bytes: &Bytes) -> Read {
    let mut reader = Reader::new(Side::Key, bytes);
    reader.i16("type")?;
    let fields = match &record.key {
        Some(message) => reader.message(message, 0)?,
        None => Struct::default(),
    };
    Ok((0, fields, reader.left_over()))
}

fn read_value(record: &RecordType, bytes: &Bytes) -> Read {
    let mut reader = Reader::new(Side::Value, bytes);
    let version = reader.i16("version")?;
    let fields = reader.message(&record.value, version)?;
    Ok((version, fields, reader.left_over()))
}

fn metadata(key: Option<&Bytes>, value: Option<&Bytes>) -> Decoded {
    let key = match key {
        None => Part::Null { problem: None },
        Some(bytes) => {
            let left_over = Fault::LeftOver { bytes: bytes.len() as u64 };
            Part::Bytes { bytes: bytes.clone(), problem: problem(Side::Key, 0, "metadata key", left_over) }
        }
    };
    let Some(bytes) = value else {
        return Decoded { record: None, key, value: Part::Null { problem: Some(missing(Side::Value)) } };
    };
    let mut reader = Reader::new(Side::Value, bytes);
    match read_frame(&mut reader) {
        Ok((record, version)) => {
            let fields = reader.message(&record.value, version);
            let read = fields.map(|fields| (version, fields, reader.left_over()));
            Decoded { record: Some(record), key, value: Part::of(read, bytes) }
        }
        Err(problem) => Decoded { record: None, key, value: Part::Bytes { bytes: bytes.clone(), problem } },
    }
}

fn read_frame(reader: &mut Reader<'_>) -> Result<(&'static RecordType, i16), Problem> {
    let frame = frame_number(reader, "frame version")?;
    if i32::from(frame) != FRAME_VERSION {
        return Err(problem(Side::Value, 0, "frame version", Fault::Frame { found: frame.into() }));
    }
    let type_at = reader.at();
    let id = frame_number(reader, "type")?;
    let version = frame_number(reader, "version")?;
    let record = InternalTopic::ClusterMetadata.record_type(id);
    Ok((record.ok_or(unknown_type(Side::Value, type_at, id))?, version))
}

/// A varint in the frame. Kafka takes it for a signed int and cuts it to two bytes.
fn frame_number(reader: &mut Reader<'_>, field: &'static str) -> Result<i16, Problem> {
    let at = reader.at();
    let found = reader.uvarint(field)?.cast_signed();
    if found > i16::MAX.into() {
        return Err(problem(Side::Value, at, field, Fault::FrameNumber { found }));
    }
    #[expect(clippy::cast_possible_truncation, reason = "Kafka drops the upper half of a negative number")]
    Ok(found as i16)
}

fn problem(side: Side, at: u64, field: &'static str, fault: Fault) -> Problem {
    Problem { side, at, field, is_element: false, fault }
}

fn missing(side: Side) -> Problem {
    problem(side, 0, "record", Fault::Missing)
}

fn unknown_type(side: Side, at: u64, found: i16) -> Problem {
    problem(side, at, "type", Fault::UnknownType { found })
}

impl Decoded {
    /// What is wrong with the record: with its key, or else with its value.
    #[must_use]
    pub fn problem(&self) -> Option<Problem> {
        self.key.problem().or(self.value.problem())
    }

    /// The value of a metadata record whose version is not known, by the nearest one that is: Kafka's reader of that
    /// log does not look at versions. None for every other record.
    #[must_use]
    pub fn in_nearest_version(&self) -> Option<Part> {
        let record = self.record.filter(|record| record.key.is_none())?;
        let Part::Bytes { bytes, problem } = &self.value else { return None };
        let Fault::UnknownVersion { found, .. } = problem.fault else { return None };
        let mut reader = Reader::new(Side::Value, bytes);
        read_frame(&mut reader).ok()?;
        let fields = reader.message_in_nearest_version(&record.value, found);
        Some(Part::of(fields.map(|fields| (found, fields, reader.left_over())), bytes))
    }

    /// The value's fields as a reader wants them: what a consumer has put into its group's record is unfolded.
    #[must_use]
    pub fn readable_value(&self) -> Option<Struct> {
        let fields = self.value.fields()?;
        let is_group = self.record.is_some_and(|record| record.name == "GroupMetadata");
        Some(if is_group { consumer_protocol::unfolded(fields) } else { fields.clone() })
    }

    /// The key's bytes as Kafka writes them; none for null.
    #[must_use]
    pub fn encode_key(&self) -> Option<Vec<u8>> {
        let (version, fields) = match &self.key {
            Part::Fields { version, fields, .. } => (*version, fields),
            Part::Bytes { bytes, .. } => return Some(bytes.to_vec()),
            Part::Null { .. } => return None,
        };
        let record = self.record?;
        let mut out = record.id.to_be_bytes().to_vec();
        write::message(&mut out, record.key.as_ref()?, version, fields);
        Some(out)
    }

    /// The value's bytes as Kafka writes them; none for null.
    #[must_use]
    pub fn encode_value(&self) -> Option<Vec<u8>> {
        let (version, fields) = match &self.value {
            Part::Fields { version, fields, .. } => (*version, fields),
            Part::Bytes { bytes, .. } => return Some(bytes.to_vec()),
            Part::Null { .. } => return None,
        };
        let record = self.record?;
        let mut out = Vec::new();
        match record.key {
            Some(_) => out.extend(version.to_be_bytes()),
            None => {
                for number in [FRAME_VERSION, record.id.into(), version.into()] {
                    write_uvarint(&mut out, number.cast_unsigned());
                }
            }
        }
        write::message(&mut out, &record.value, version, fields);
        Some(out)
    }
}

/// One line: `OffsetCommit(group: "billing", topic: "orders", partition: 0) = (offset: 7, …)`; null deletes.
impl fmt::Display for Decoded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.record.map_or("unknown", |record| record.name))?;
        match (&self.key, self.record.is_some_and(|record| record.key.is_some())) {
            (Part::Fields { fields, .. }, _) => write!(f, "{fields} = ")?,
            (Part::Bytes { bytes, .. }, _) => write!(f, "({} bytes) = ", bytes.len())?,
            (Part::Null { .. }, true) => f.write_str("(null) = ")?,
            (Part::Null { .. }, false) => {}
        }
        match (&self.value, self.readable_value()) {
            (_, Some(fields)) => fields.fmt(f),
            (Part::Bytes { bytes, .. }, _) => write!(f, "({} bytes)", bytes.len()),
            _ => f.write_str("null"),
        }
    }
}
