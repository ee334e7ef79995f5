//! Control records: Kafka's own notes in a log, in batches with the control bit. The key says which kind.
//!
//! Sources: `ControlRecordType`, `EndTransactionMarker` (KIP-98), `ControlRecordUtils` and its messages (KIP-595,
//! KIP-630, KIP-853). All but the transaction markers are written in Kafka's flexible format: lengths and counts are
//! unsigned varints of one more than the number, and every struct ends with fields that newer versions may add.

use std::ops::RangeInclusive;

use bytes::Bytes;

use super::field::{FieldLog, FieldName, Unwatched, Watch};
use super::problem::{Fault, Problem};
use super::quorum::{LeaderChange, Voter};
use super::reader::Reader;
use super::record::Record;
use crate::ids::Offset;

/// What a control record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ControlRecord {
    /// The transaction of the batch's producer is aborted: its records are skipped by `read_committed`.
    Abort { coordinator_epoch: i32 },
    /// The transaction of the batch's producer is committed.
    Commit { coordinator_epoch: i32 },
    /// A voter became leader of the metadata quorum.
    LeaderChange(LeaderChange),
    /// A snapshot begins.
    SnapshotHeader { version: i16, last_contained_log_timestamp_ms: i64 },
    /// A snapshot is complete.
    SnapshotFooter { version: i16 },
    /// The quorum speaks this version of KRaft from here on.
    KraftVersion { version: i16, kraft_version: i16 },
    /// The quorum's voters from here on.
    KraftVoters { version: i16, voters: Vec<Voter> },
    /// A type that this version does not know.
    Unknown { type_id: i16 },
}

impl ControlRecord {
    /// The type in the key.
    #[must_use]
    pub fn type_id(&self) -> i16 {
        match self {
            ControlRecord::Abort { .. } => 0,
            ControlRecord::Commit { .. } => 1,
            ControlRecord::LeaderChange(_) => 2,
            ControlRecord::SnapshotHeader { .. } => 3,
            ControlRecord::SnapshotFooter { .. } => 4,
            ControlRecord::KraftVersion { .. } => 5,
            ControlRecord::KraftVoters { .. } => 6,
            ControlRecord::Unknown { type_id } => *type_id,
        }
    }

    /// Reads a record of a control batch.
    ///
    /// # Errors
    /// Key or value is missing, too short, or of a negative version. Places count from the start of
    /// the key or the value.
    pub fn decode(record: &Record) -> Result<ControlRecord, Problem> {
        let key = record.key.clone().unwrap_or_default();
        let value = record.value.clone();
        let type_id = read_key(&mut Reader::new(&key, 0, &mut Unwatched))?;
        if !KNOWN_TYPES.contains(&type_id) {
            return Ok(ControlRecord::Unknown { type_id });
        }
        let value = value.ok_or(Problem::new(0, Fault::ControlValue))?;
        read_value(type_id, &mut Reader::new(&value, 0, &mut Unwatched))
    }

    /// The record that says this, as Kafka writes it: nothing for an unknown type's body.
    #[must_use]
    pub fn record(&self, offset: Offset, timestamp_ms: i64) -> Record {
        let mut key = Vec::with_capacity(4);
        key.extend_from_slice(&0_i16.to_be_bytes());
        key.extend_from_slice(&self.type_id().to_be_bytes());
        Record::new(offset, timestamp_ms, Some(Bytes::from(key)), Some(Bytes::from(self.value())))
    }

    fn value(&self) -> Vec<u8> {
        let mut out = Vec::new();
        match self {
            ControlRecord::Abort { coordinator_epoch } | ControlRecord::Commit { coordinator_epoch } => {
                out.extend_from_slice(&0_i16.to_be_bytes());
                out.extend_from_slice(&coordinator_epoch.to_be_bytes());
            }
            ControlRecord::LeaderChange(change) => change.write(&mut out),
            ControlRecord::SnapshotHeader { version, last_contained_log_timestamp_ms } => {
                out.extend_from_slice(&version.to_be_bytes());
                out.extend_from_slice(&last_contained_log_timestamp_ms.to_be_bytes());
                out.push(NO_TAGGED_FIELDS);
            }
            ControlRecord::SnapshotFooter { version } => {
                out.extend_from_slice(&version.to_be_bytes());
                out.push(NO_TAGGED_FIELDS);
            }
            ControlRecord::KraftVersion { version, kraft_version } => {
                out.extend_from_slice(&version.to_be_bytes());
                out.extend_from_slice(&kraft_version.to_be_bytes());
                out.push(NO_TAGGED_FIELDS);
            }
            ControlRecord::KraftVoters { version, voters } => {
                out.extend_from_slice(&version.to_be_bytes());
                super::quorum::write_voters(&mut out, voters);
                out.push(NO_TAGGED_FIELDS);
            }
            ControlRecord::Unknown { .. } => {}
        }
        out
    }
}

/// The types that Kafka 4 writes.
const KNOWN_TYPES: RangeInclusive<i16> = 0..=6;

/// A struct of the flexible format ends with a count of added fields; there are none.
pub(super) const NO_TAGGED_FIELDS: u8 = 0;

fn read_key<W: Watch>(r: &mut Reader<'_, W>) -> Result<i16, Problem> {
    if r.left_bytes() < 4 {
        return Err(Problem::new(r.at(), Fault::ControlKey { found_bytes: r.left_bytes() as u64 }));
    }
    let at = r.at();
    let version = r.i16(FieldName::ControlKeyVersion)?;
    if version < 0 {
        return Err(Problem::new(at, Fault::ControlVersion { found: version }));
    }
    r.i16(FieldName::ControlType)
}

fn read_value<W: Watch>(type_id: i16, r: &mut Reader<'_, W>) -> Result<ControlRecord, Problem> {
    match type_id {
        0 => Ok(ControlRecord::Abort { coordinator_epoch: read_end_txn(r)? }),
        1 => Ok(ControlRecord::Commit { coordinator_epoch: read_end_txn(r)? }),
        2 => LeaderChange::read(r).map(ControlRecord::LeaderChange),
        3 => {
            let version = r.i16(FieldName::ControlVersion)?;
            let last_contained_log_timestamp_ms = r.i64(FieldName::LastContainedLogTimestamp)?;
            read_tagged_fields(r)?;
            Ok(ControlRecord::SnapshotHeader { version, last_contained_log_timestamp_ms })
        }
        4 => {
            let version = r.i16(FieldName::ControlVersion)?;
            read_tagged_fields(r)?;
            Ok(ControlRecord::SnapshotFooter { version })
        }
        5 => {
            let version = r.i16(FieldName::ControlVersion)?;
            let kraft_version = r.i16(FieldName::KraftVersion)?;
            read_tagged_fields(r)?;
            Ok(ControlRecord::KraftVersion { version, kraft_version })
        }
        6 => {
            let version = r.i16(FieldName::ControlVersion)?;
            let voters = super::quorum::read_voters(r)?;
            read_tagged_fields(r)?;
            Ok(ControlRecord::KraftVoters { version, voters })
        }
        _ => Ok(ControlRecord::Unknown { type_id }),
    }
}

/// Newer versions are read as version 0, since they may only add at the end.
fn read_end_txn<W: Watch>(r: &mut Reader<'_, W>) -> Result<i32, Problem> {
    let at = r.at();
    let version = r.i16(FieldName::ControlVersion)?;
    if version < 0 {
        return Err(Problem::new(at, Fault::ControlVersion { found: version }));
    }
    r.i32(FieldName::CoordinatorEpoch)
}

/// Passes over the fields that a newer version has added: a count, then each with tag and size.
pub(super) fn read_tagged_fields<W: Watch>(r: &mut Reader<'_, W>) -> Result<(), Problem> {
    let count = r.uvarint(FieldName::TaggedFields)?;
    for _ in 0..count {
        r.uvarint(FieldName::TaggedFields)?;
        let size = r.uvarint(FieldName::TaggedFields)?;
        r.take(FieldName::TaggedFields, size as usize)?;
    }
    Ok(())
}

/// Adds the fields of a control record's key and value to the inspector's table, right after those of the record.
pub(super) fn log_fields(record: &Record, log: &mut FieldLog) -> Result<(), Problem> {
    let bytes = log.bytes.clone();
    let place = |log: &FieldLog, name| {
        let here = log.fields.iter().rev().take_while(|field| field.record == log.record);
        here.filter(|field| field.name == name).map(|field| field.range.clone()).last()
    };
    let (Some(key), Some(value)) = (place(log, FieldName::Key), place(log, FieldName::Value)) else { return Ok(()) };
    let type_id = read_key(&mut Reader::new(&bytes, key.start, log).part(FieldName::Key, key.len())?)?;
    if !KNOWN_TYPES.contains(&type_id) {
        return Ok(());
    }
    if record.value.is_none() {
        return Err(Problem::new(value.start, Fault::ControlValue));
    }
    read_value(type_id, &mut Reader::new(&bytes, value.start, log).part(FieldName::Value, value.len())?)?;
    Ok(())
}
