//! One batch of a file, whatever its magic: what its header says, and its records.

use bytes::Bytes;

use super::answer::{BatchRow, Place};
use super::field_row::attribute_words;
use super::framer::Entry;
use crate::bytes::legacy::Message;
use crate::bytes::{
    BatchHeader, ControlRecord, Fault, Field, FieldName, FieldValue, Header, MAGIC, Problem, Records, fields_of_records,
};
use crate::frame::CellKind;
use crate::ids::{LeaderEpoch, Offset, ProducerId};

/// What an index and a list keep of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Summary {
    pub(super) position: u64,
    pub(super) size_bytes: u64,
    pub(super) base: Offset,
    pub(super) last: Offset,
    /// The largest; −1 is none.
    pub(super) timestamp_ms: i64,
}

/// A record, of whatever magic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileRecord {
    pub(super) offset: Offset,
    /// As a reader is told it.
    pub(super) timestamp_ms: i64,
    pub(super) key: Option<Bytes>,
    pub(super) value: Option<Bytes>,
    pub(super) headers: Vec<Header>,
    pub(super) kind: CellKind,
}

/// A batch of magic 2, or a message of magic 0 or 1, whose header could be read.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    pub(super) summary: Summary,
    pub(super) content: Content,
    bytes: Bytes,
}

#[derive(Clone, Debug)]
pub(super) enum Content {
    Batch(BatchHeader),
    Messages(Message),
}

impl Batch {
    /// None if its magic is unknown, or it is too long to be read.
    pub(super) fn of(entry: &Entry) -> Option<Batch> {
        let bytes = entry.bytes.clone()?;
        let (content, base, last, timestamp_ms) = match entry.magic {
            MAGIC => {
                let header = BatchHeader::decode(&bytes).ok()?;
                (Content::Batch(header), header.base_offset, header.last_offset(), header.max_timestamp_ms)
            }
            0 | 1 => {
                let message = Message::decode(&bytes).ok()?;
                // The offset of a packed set is that of its last message.
                let first = message.messages().ok().and_then(|all| all.first().map(|first| first.offset));
                let (last, time) = (message.offset, message.timestamp_ms);
                (Content::Messages(message), first.unwrap_or(last), last, time)
            }
            _ => return None,
        };
        let (position, size_bytes) = (entry.position, entry.size_bytes);
        Some(Batch { summary: Summary { position, size_bytes, base, last, timestamp_ms }, content, bytes })
    }

    /// What is wrong with the stored CRC, if anything is; its place counts from the batch's beginning.
    pub(super) fn crc_problem(&self) -> Option<Problem> {
        match &self.content {
            Content::Batch(header) => header.check_crc(&self.bytes).err(),
            Content::Messages(message) => message.crc_problem(),
        }
    }

    pub(super) fn producer(&self) -> Option<ProducerId> {
        match &self.content {
            Content::Batch(header) => Some(header.producer_id).filter(|id| *id != ProducerId::NONE),
            Content::Messages(_) => None,
        }
    }

    pub(super) fn is_transactional(&self) -> bool {
        matches!(&self.content, Content::Batch(header) if header.attributes.is_transactional())
    }

    pub(super) fn leader_epoch(&self) -> Option<LeaderEpoch> {
        match &self.content {
            Content::Batch(header) => Some(header.partition_leader_epoch),
            Content::Messages(_) => None,
        }
    }

    /// Hands out record after record until there are no more, `see` says false, or one can't be read. Says how many
    /// were handed out, and what stopped it.
    pub(super) fn records(&self, mut see: impl FnMut(FileRecord) -> bool) -> (u32, Option<Problem>) {
        let mut seen = 0;
        let mut hand_out = |record: Result<FileRecord, Problem>| match record {
            Ok(record) => {
                seen += 1;
                if see(record) { Ok(()) } else { Err(None) }
            }
            Err(problem) => Err(Some(problem)),
        };
        let stopped = match &self.content {
            Content::Batch(header) => match Records::new(header, &self.bytes) {
                Ok(mut all) => all.try_for_each(|record| hand_out(record.map(|record| of_batch(header, record)))),
                Err(problem) => Err(Some(problem)),
            },
            Content::Messages(message) => match message.messages() {
                Ok(all) => all.iter().try_for_each(|message| hand_out(of_message(message))),
                Err(problem) => Err(Some(problem)),
            },
        };
        (seen, stopped.err().flatten())
    }

    /// As a line of a list; `at` says which log it stands in.
    pub(super) fn row(&self, at: Place) -> BatchRow {
        let Summary { position, size_bytes, base, last, timestamp_ms } = self.summary;
        let records = self.stated_records();
        let (magic, producer, attributes) = match &self.content {
            Content::Batch(header) => {
                let producer = (header.producer_id.0, header.producer_epoch.0, header.base_sequence);
                let producer = Some(producer).filter(|(id, _, _)| *id != ProducerId::NONE.0);
                (header.magic, producer, attribute_words(header.attributes))
            }
            Content::Messages(message) => {
                let compression = message.compression().map_or("unknown", |kind| kind.name());
                (message.magic, None, format!("compression {compression}"))
            }
        };
        let place = Place { position, offset: base, ..at };
        BatchRow { place, size_bytes, last, records, magic, timestamp_ms, producer, attributes }
    }

    /// The fields of its header and of its first records, and what stopped the decoder.
    pub(super) fn fields(&self, most_records: u32) -> (Vec<Field>, Option<Problem>) {
        match &self.content {
            Content::Batch(_) => {
                let inspection = fields_of_records(&self.bytes, 0..most_records);
                (inspection.fields, inspection.problems.into_iter().next())
            }
            Content::Messages(message) => (self.message_fields(message), message.messages().err()),
        }
    }

    /// The fields that every message has; what is packed in it is not taken apart.
    fn message_fields(&self, message: &Message) -> Vec<Field> {
        let time = (message.magic == 1).then_some((FieldName::MessageTimestamp, 18..26, message.timestamp_ms));
        let numbers = [
            (FieldName::MessageOffset, 0..8, message.offset.0),
            (FieldName::MessageSize, 8..12, i64::try_from(self.bytes.len()).unwrap_or(0) - 12),
            (FieldName::Crc, 12..16, i64::from(message.crc)),
            (FieldName::Magic, 16..17, i64::from(message.magic)),
            (FieldName::RecordAttributes, 17..18, i64::from(message.attributes)),
        ];
        let field = |(name, range, value): (FieldName, std::ops::Range<usize>, FieldValue)| Field {
            name,
            record: None,
            header: None,
            raw: self.bytes.get(range.clone()).map_or_else(Bytes::new, |part| self.bytes.slice_ref(part)),
            range,
            in_unpacked: false,
            value,
        };
        let mut fields: Vec<Field> = numbers
            .into_iter()
            .chain(time)
            .map(|(name, range, number)| field((name, range, FieldValue::Int(number))))
            .collect();
        let mut at = fields.last().map_or(0, |last| last.range.end);
        for (length, content, bytes) in [
            (FieldName::KeyLength, FieldName::Key, message.key()),
            (FieldName::ValueLength, FieldName::Value, message.value()),
        ] {
            let Ok(bytes) = bytes else { break };
            let len = bytes.as_ref().map_or(0, Bytes::len);
            let stated = if bytes.is_some() { i64::try_from(len).unwrap_or(i64::MAX) } else { -1 };
            fields.push(field((length, at..at + 4, FieldValue::Int(stated))));
            let value = if bytes.is_some() { FieldValue::Bytes } else { FieldValue::Null };
            fields.push(field((content, at + 4..at + 4 + len, value)));
            at += 4 + len;
        }
        fields
    }

    /// How many records the header says; of old messages, how many there are.
    pub(super) fn stated_records(&self) -> u32 {
        match &self.content {
            Content::Batch(header) => u32::try_from(header.record_count).unwrap_or(0),
            Content::Messages(message) => message.messages().map_or(0, |all| u32::try_from(all.len()).unwrap_or(0)),
        }
    }

    pub(super) fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

fn of_batch(header: &BatchHeader, record: crate::bytes::Record) -> FileRecord {
    let kind = match (header.attributes.is_control(), record.is_tombstone()) {
        (true, _) => match ControlRecord::decode(&record) {
            Ok(ControlRecord::Commit { .. }) => CellKind::CommitMarker,
            Ok(ControlRecord::Abort { .. }) => CellKind::AbortMarker,
            _ => CellKind::OtherControl,
        },
        (false, true) => CellKind::Tombstone,
        (false, false) => CellKind::Record,
    };
    let timestamp_ms = header.read_timestamp_ms(record.timestamp_ms);
    FileRecord {
        offset: record.offset,
        timestamp_ms,
        key: record.key,
        value: record.value,
        headers: record.headers,
        kind,
    }
}

fn of_message(message: &Message) -> Result<FileRecord, Problem> {
    let (key, value) = (message.key()?, message.value()?);
    let kind = if key.is_some() && value.is_none() { CellKind::Tombstone } else { CellKind::Record };
    let (offset, timestamp_ms) = (message.offset, message.timestamp_ms);
    Ok(FileRecord { offset, timestamp_ms, key, value, headers: Vec::new(), kind })
}

/// Whether a decoder stopped because the records ended before the batch's count was reached.
pub(super) fn ran_out(problem: &Problem) -> bool {
    matches!(problem.fault, Fault::CutOff { field: FieldName::RecordLength, left_bytes: 0, .. })
}
