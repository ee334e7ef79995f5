//! The fields that a batch is made of: their names, and what the byte inspector shows of each.

use std::fmt;
use std::ops::Range;

use bytes::Bytes;

use super::attributes::Attributes;

/// Every field that a decoder reads, by the name that Kafka's sources use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldName {
    BaseOffset,
    BatchLength,
    PartitionLeaderEpoch,
    Magic,
    Crc,
    Attributes,
    LastOffsetDelta,
    BaseTimestamp,
    MaxTimestamp,
    ProducerId,
    ProducerEpoch,
    BaseSequence,
    RecordCount,
    /// All records of a compressed batch, as they lie packed.
    PackedRecords,
    RecordLength,
    RecordAttributes,
    TimestampDelta,
    OffsetDelta,
    KeyLength,
    Key,
    ValueLength,
    Value,
    HeaderCount,
    HeaderKeyLength,
    HeaderKey,
    HeaderValueLength,
    HeaderValue,
    /// Of a control record's key.
    ControlKeyVersion,
    ControlType,
    /// Of a control record's value, whatever its type.
    ControlVersion,
    CoordinatorEpoch,
    LeaderId,
    VoterCount,
    VoterId,
    VoterDirectoryId,
    LastContainedLogTimestamp,
    KraftVersion,
    EndpointCount,
    EndpointName,
    EndpointHost,
    EndpointPort,
    MinSupportedVersion,
    MaxSupportedVersion,
    /// Fields that a newer version of Kafka may have added, with their tags.
    TaggedFields,
    /// Of a message set of magic 0 or 1, before batches (KIP-32).
    MessageOffset,
    MessageSize,
    MessageTimestamp,
    /// Of an index entry.
    RelativeOffset,
    Position,
    IndexTimestamp,
}

impl FieldName {
    /// The name in words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            FieldName::BaseOffset => "base offset",
            FieldName::BatchLength => "batch length",
            FieldName::PartitionLeaderEpoch => "partition leader epoch",
            FieldName::Magic => "magic",
            FieldName::Crc => "CRC",
            FieldName::Attributes => "attributes",
            FieldName::LastOffsetDelta => "last offset delta",
            FieldName::BaseTimestamp => "base timestamp",
            FieldName::MaxTimestamp => "max timestamp",
            FieldName::ProducerId => "producer id",
            FieldName::ProducerEpoch => "producer epoch",
            FieldName::BaseSequence => "base sequence",
            FieldName::RecordCount => "record count",
            FieldName::PackedRecords => "packed records",
            FieldName::RecordLength => "record length",
            FieldName::RecordAttributes => "record attributes",
            FieldName::TimestampDelta => "timestamp delta",
            FieldName::OffsetDelta => "offset delta",
            FieldName::KeyLength => "key length",
            FieldName::Key => "key",
            FieldName::ValueLength => "value length",
            FieldName::Value => "value",
            FieldName::HeaderCount => "header count",
            FieldName::HeaderKeyLength => "header key length",
            FieldName::HeaderKey => "header key",
            FieldName::HeaderValueLength => "header value length",
            FieldName::HeaderValue => "header value",
            FieldName::ControlKeyVersion => "control key version",
            FieldName::ControlType => "control type",
            FieldName::ControlVersion => "version",
            FieldName::CoordinatorEpoch => "coordinator epoch",
            FieldName::LeaderId => "leader id",
            FieldName::VoterCount => "voter count",
            FieldName::VoterId => "voter id",
            FieldName::VoterDirectoryId => "voter directory id",
            FieldName::LastContainedLogTimestamp => "last contained log timestamp",
            FieldName::KraftVersion => "kraft version",
            FieldName::EndpointCount => "endpoint count",
            FieldName::EndpointName => "endpoint name",
            FieldName::EndpointHost => "endpoint host",
            FieldName::EndpointPort => "endpoint port",
            FieldName::MinSupportedVersion => "min supported version",
            FieldName::MaxSupportedVersion => "max supported version",
            FieldName::TaggedFields => "tagged fields",
            FieldName::MessageOffset => "offset",
            FieldName::MessageSize => "message size",
            FieldName::MessageTimestamp => "timestamp",
            FieldName::RelativeOffset => "relative offset",
            FieldName::Position => "position",
            FieldName::IndexTimestamp => "index timestamp",
        }
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a field says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue {
    Int(i64),
    /// A CRC: 32 bits, shown in hexadecimal.
    Crc(u32),
    /// The attribute bits of a batch.
    Attributes(Attributes),
    /// The bytes are what the field says: a key, a value, a packed stream.
    Bytes,
    /// A length of −1: there is no such thing.
    Null,
}

/// One field of a batch, as the byte inspector shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: FieldName,
    /// Which record of the batch it belongs to: 0 for the first. None for the batch's own fields.
    pub record: Option<u32>,
    /// Which header of that record it belongs to: 0 for the first.
    pub header: Option<u32>,
    /// Where it stands: in the batch, or in what the batch's records unpack to.
    pub range: Range<usize>,
    /// True if `range` counts in the unpacked records of a compressed batch.
    pub in_unpacked: bool,
    pub value: FieldValue,
    /// The field's own bytes, as they stand.
    pub raw: Bytes,
}

/// Someone who looks on while a decoder reads. The decoders are written once: `Unwatched` costs nothing, a
/// [`FieldLog`] writes the inspector's table.
pub(super) trait Watch {
    /// The decoder begins record number `index` of the batch.
    fn record(&mut self, index: u32);
    /// The decoder begins header number `index` of the record, or leaves the headers.
    fn header(&mut self, index: Option<u32>);
    /// The decoder has read a field.
    fn field(&mut self, name: FieldName, range: Range<usize>, value: FieldValue);
}

/// Nobody looks on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Unwatched;

impl Watch for Unwatched {
    #[inline]
    fn record(&mut self, _: u32) {}
    #[inline]
    fn header(&mut self, _: Option<u32>) {}
    #[inline]
    fn field(&mut self, _: FieldName, _: Range<usize>, _: FieldValue) {}
}

/// Writes down every field that is read, of the records that are wanted.
#[derive(Clone, Debug)]
pub(super) struct FieldLog {
    pub(super) bytes: Bytes,
    pub(super) in_unpacked: bool,
    pub(super) wanted: Range<u32>,
    pub(super) record: Option<u32>,
    pub(super) header: Option<u32>,
    pub(super) fields: Vec<Field>,
}

impl Watch for FieldLog {
    fn record(&mut self, index: u32) {
        self.record = Some(index);
        self.header = None;
    }

    fn header(&mut self, index: Option<u32>) {
        self.header = index;
    }

    fn field(&mut self, name: FieldName, range: Range<usize>, value: FieldValue) {
        if self.record.is_some_and(|record| !self.wanted.contains(&record)) {
            return;
        }
        let raw = self.bytes.get(range.clone()).map_or_else(Bytes::new, |part| self.bytes.slice_ref(part));
        let (record, header, in_unpacked) = (self.record, self.header, self.in_unpacked);
        self.fields.push(Field { name, record, header, range, in_unpacked, value, raw });
    }
}
