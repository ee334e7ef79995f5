//! The files beside a log, as Kafka's dump tool prints them. An index is checked against the log beside it.

use std::io::{self, Write};
use std::path::Path;

use serde_json::{Value, json};

use super::Manner;
use super::name::BesideKind;
use super::problems::Report;
use super::{index, time_index};
use crate::bytes::sequence_before;
use crate::files::{FileProblem, OffsetIndexFile, ProducerSnapshot, SnapshotEntry, TimeIndexFile, TransactionIndex};
use crate::ids::Offset;
use crate::rules::last_stable_offset::AbortedTxn;

/// A file beside a log, in memory: indexes are small.
#[derive(Clone, Copy, Debug)]
pub(super) struct Beside<'a> {
    pub(super) kind: BesideKind,
    pub(super) path: &'a Path,
    pub(super) bytes: &'a [u8],
}

/// Prints one file.
pub(super) fn dump(file: Beside<'_>, manner: Manner, out: &mut dyn Write, report: &mut Report<'_>) -> io::Result<()> {
    match manner {
        Manner::Lines => lines(file, out, report),
        Manner::Json => as_json(file, out, report),
        Manner::Findings => match problem(file) {
            Some(problem) => {
                report.exit = crate::cli::Exit::Problems;
                writeln!(out, "{}: {problem}", report.name)
            }
            None => Ok(()),
        },
    }
}

fn lines(file: Beside<'_>, out: &mut dyn Write, report: &mut Report<'_>) -> io::Result<()> {
    writeln!(out, "Dumping {}", report.name)?;
    match file.kind {
        BesideKind::OffsetIndex { base_offset } => index::dump(Offset(base_offset), file, out, report),
        BesideKind::TimeIndex { base_offset } => time_index::dump(Offset(base_offset), file, out, report),
        BesideKind::TransactionIndex => transactions(file.bytes, out, report),
        BesideKind::ProducerSnapshot => producers(file.bytes, out, report),
    }
}

/// A cut entry at the end is passed over by Kafka's tool without a word.
fn transactions(bytes: &[u8], out: &mut dyn Write, report: &mut Report<'_>) -> io::Result<()> {
    let (index, problem) = match TransactionIndex::decode(bytes) {
        Ok(index) => (index, None),
        Err(problem) => (TransactionIndex::whole_entries(bytes).unwrap_or_default(), Some(problem)),
    };
    for AbortedTxn { producer, first_offset, last_offset, last_stable_offset } in &index.entries {
        writeln!(
            out,
            "version: 0 producerId: {producer} firstOffset: {first_offset} lastOffset: {last_offset} \
             lastStableOffset: {last_stable_offset}"
        )?;
    }
    problem.map_or(Ok(()), |problem| report.tell(problem))
}

fn producers(bytes: &[u8], out: &mut dyn Write, report: &mut Report<'_>) -> io::Result<()> {
    let snapshot = match ProducerSnapshot::decode(bytes) {
        Ok(snapshot) => snapshot,
        Err(problem) => return report.tell(problem),
    };
    for entry in &snapshot.entries {
        write!(
            out,
            "producerId: {} producerEpoch: {} coordinatorEpoch: {} currentTxnFirstOffset: {} lastTimestamp: {}",
            entry.producer,
            entry.epoch,
            entry.coordinator_epoch,
            optional_long(entry.current_txn_first_offset),
            entry.timestamp_ms,
        )?;
        if entry.last_offset >= Offset::ZERO {
            let SnapshotEntry { last_sequence, last_offset, offset_delta, timestamp_ms, .. } = entry;
            let first_sequence = sequence_before(*last_sequence, *offset_delta);
            write!(
                out,
                " firstSequence: {first_sequence} lastSequence: {last_sequence} lastOffset: {last_offset} \
                 offsetDelta: {offset_delta} timestamp: {timestamp_ms}"
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// As Java prints an `OptionalLong`; below 0 there is none.
fn optional_long(offset: Offset) -> String {
    if offset >= Offset::ZERO { format!("OptionalLong[{offset}]") } else { "OptionalLong.empty".to_owned() }
}

/// The first thing that is wrong with the file, taken alone.
pub(super) fn problem(file: Beside<'_>) -> Option<FileProblem> {
    match file.kind {
        BesideKind::OffsetIndex { base_offset } => {
            OffsetIndexFile::decode(Offset(base_offset), file.bytes).and_then(|index| index.check()).err()
        }
        BesideKind::TimeIndex { base_offset } => {
            TimeIndexFile::decode(Offset(base_offset), file.bytes).and_then(|index| index.check()).err()
        }
        BesideKind::TransactionIndex => TransactionIndex::decode(file.bytes).err(),
        BesideKind::ProducerSnapshot => ProducerSnapshot::decode(file.bytes).err(),
    }
}

fn as_json(file: Beside<'_>, out: &mut dyn Write, report: &mut Report<'_>) -> io::Result<()> {
    let (kind, entries) = entries(file);
    writeln!(out, "{}", json!({"file": report.name, "kind": kind}))?;
    for entry in entries {
        writeln!(out, "{entry}")?;
    }
    match problem(file) {
        Some(problem) => {
            writeln!(out, "{}", json!({"problem": problem.to_string()}))?;
            report.tell(problem)
        }
        None => Ok(()),
    }
}

/// What the file is, and its entries as objects; none of a file that can't be read.
fn entries(file: Beside<'_>) -> (&'static str, Vec<Value>) {
    match file.kind {
        BesideKind::OffsetIndex { base_offset } => {
            let index = OffsetIndexFile::decode(Offset(base_offset), file.bytes).map(|file| file.index);
            let entry = |entry: &crate::log::OffsetEntry| json!({"offset": entry.offset.0, "position": entry.position});
            ("offset index", index.iter().flat_map(|index| index.entries()).map(entry).collect())
        }
        BesideKind::TimeIndex { base_offset } => {
            let index = TimeIndexFile::decode(Offset(base_offset), file.bytes).map(|file| file.index);
            let entry =
                |entry: &crate::log::TimeEntry| json!({"timestamp": entry.timestamp_ms, "offset": entry.offset.0});
            ("time index", index.iter().flat_map(|index| index.entries()).map(entry).collect())
        }
        BesideKind::TransactionIndex => {
            let index = TransactionIndex::decode(file.bytes).unwrap_or_default();
            ("transaction index", index.entries.iter().map(aborted).collect())
        }
        BesideKind::ProducerSnapshot => {
            let snapshot = ProducerSnapshot::decode(file.bytes).unwrap_or_default();
            ("producer snapshot", snapshot.entries.iter().map(producer).collect())
        }
    }
}

fn aborted(entry: &AbortedTxn) -> Value {
    json!({
        "producerId": entry.producer.0,
        "firstOffset": entry.first_offset.0,
        "lastOffset": entry.last_offset.0,
        "lastStableOffset": entry.last_stable_offset.0,
    })
}

fn producer(entry: &SnapshotEntry) -> Value {
    json!({
        "producerId": entry.producer.0,
        "producerEpoch": entry.epoch.0,
        "lastSequence": entry.last_sequence,
        "lastOffset": entry.last_offset.0,
        "offsetDelta": entry.offset_delta,
        "timestamp": entry.timestamp_ms,
        "coordinatorEpoch": entry.coordinator_epoch,
        "currentTxnFirstOffset": entry.current_txn_first_offset.0,
    })
}
