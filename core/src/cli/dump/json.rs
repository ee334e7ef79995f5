//! The same file as JSON Lines: an object for the file, one for each batch with its records, one for each problem.
//! Keys, values and header values are base64, null is null; header keys are text.

use std::io::{self, Write};

use data_encoding::BASE64;
use serde_json::{Value, json};

use super::Found;
use super::control;
use super::entries::{Entries, Entry, Step};
use super::name::FileKind;
use super::problems::DumpProblem;
use crate::bytes::legacy::Message;
use crate::bytes::{BatchHeader, ControlRecord, MAGIC, Problem, Record, Records, TimestampType};
use crate::cli::java_utf8;

/// Prints one file.
pub(super) fn dump(name: &str, kind: FileKind, mut entries: Entries, out: &mut dyn Write) -> io::Result<Found> {
    writeln!(out, "{}", file(name, kind))?;
    let mut found = Found::default();
    loop {
        match entries.step()? {
            Step::Entry(entry) => {
                let (object, mut problems) = if entry.magic < MAGIC { message_set(&entry) } else { batch(&entry) };
                writeln!(out, "{object}")?;
                let stops = problems.iter().any(|problem| matches!(problem, DumpProblem::Stops(_)));
                found.problems.append(&mut problems);
                if stops {
                    break;
                }
            }
            Step::End { left_bytes: 0, .. } => break,
            Step::End { at, left_bytes: bytes } => {
                found.problems.push(DumpProblem::Tail { at, bytes });
                break;
            }
            Step::Stop(problem) => {
                found.problems.push(DumpProblem::Stops(problem));
                break;
            }
        }
    }
    for problem in &found.problems {
        writeln!(out, "{}", json!({"problem": problem.to_string()}))?;
    }
    Ok(found)
}

fn file(name: &str, kind: FileKind) -> Value {
    match kind {
        FileKind::Segment { base_offset } => json!({"file": name, "baseOffset": base_offset}),
        FileKind::Snapshot { end_offset, epoch } => json!({"file": name, "endOffset": end_offset, "epoch": epoch}),
        FileKind::Bootstrap => json!({"file": name, "bootstrap": true}),
    }
}

fn batch(entry: &Entry) -> (Value, Vec<DumpProblem>) {
    let stops = |problem: Problem| DumpProblem::Stops(problem.further(entry.at));
    let header = match BatchHeader::decode(&entry.header) {
        Ok(header) => header,
        Err(problem) => return (json!({"position": entry.at}), vec![stops(problem)]),
    };
    let check = header.check(&entry.bytes);
    let mut problems: Vec<DumpProblem> =
        check.err().map(|problem| DumpProblem::Batch(problem.further(entry.at))).into_iter().collect();
    let mut records = Vec::new();
    match Records::new(&header, &entry.bytes) {
        Ok(found) => {
            for found in found {
                match found {
                    Ok(found) => records.push(record(&header, &found)),
                    Err(problem) => problems.push(stops(problem)),
                }
            }
        }
        Err(problem) => problems.push(stops(problem)),
    }
    let object = json!({
        "position": entry.at,
        "size": entry.bytes.len(),
        "magic": header.magic,
        "baseOffset": header.base_offset.0,
        "lastOffset": header.last_offset().0,
        "partitionLeaderEpoch": header.partition_leader_epoch.0,
        "crc": header.crc,
        "isValid": check.is_ok(),
        "attributes": header.attributes.0,
        "compression": header.attributes.compression().map_or(Value::Null, |compression| json!(compression.name())),
        "timestampType": header.attributes.timestamp_type().name(),
        "isTransactional": header.attributes.is_transactional(),
        "isControl": header.attributes.is_control(),
        "deleteHorizonMs": header.delete_horizon_ms(),
        "baseTimestamp": header.base_timestamp_ms,
        "maxTimestamp": header.max_timestamp_ms,
        "producerId": header.producer_id.0,
        "producerEpoch": header.producer_epoch.0,
        "baseSequence": header.base_sequence,
        "lastSequence": header.last_sequence(),
        "count": header.record_count,
        "records": records,
    });
    (object, problems)
}

fn record(header: &BatchHeader, record: &Record) -> Value {
    let headers: Vec<Value> = record
        .headers
        .iter()
        .map(|header| json!({"key": java_utf8(&header.key), "value": base64(header.value.as_deref())}))
        .collect();
    let mut object = json!({
        "offset": record.offset.0,
        "timestamp": header.read_timestamp_ms(record.timestamp_ms),
        "sequence": header.sequence_of(record),
        "key": base64(record.key.as_deref()),
        "value": base64(record.value.as_deref()),
        "headers": headers,
    });
    if header.attributes.is_control()
        && let Ok(control) = ControlRecord::decode(record)
        && let Some(object) = object.as_object_mut()
    {
        object.insert("control".to_owned(), json!(control::words(&control).trim_start()));
    }
    object
}

fn message_set(entry: &Entry) -> (Value, Vec<DumpProblem>) {
    let stops = |problem: Problem| DumpProblem::Stops(problem.further(entry.at));
    let message = match Message::decode(&entry.bytes) {
        Ok(message) => message,
        Err(problem) => return (json!({"position": entry.at}), vec![stops(problem)]),
    };
    let mut problems = Vec::new();
    if let Some(problem) = message.crc_problem() {
        problems.push(DumpProblem::Batch(problem.further(entry.at)));
    }
    let mut records = Vec::new();
    let inner = message.messages().unwrap_or_else(|problem| {
        problems.push(stops(problem));
        Vec::new()
    });
    for message in inner {
        match message.key().and_then(|key| message.value().map(|value| (key, value))) {
            Ok((key, value)) => records.push(json!({
                "offset": message.offset.0,
                "timestamp": message.timestamp_ms,
                "crc": message.crc,
                "isValid": message.is_valid(),
                "key": base64(key.as_deref()),
                "value": base64(value.as_deref()),
            })),
            Err(problem) => problems.push(stops(problem)),
        }
    }
    let object = json!({
        "position": entry.at,
        "size": entry.bytes.len(),
        "magic": message.magic,
        "lastOffset": message.offset.0,
        "crc": message.crc,
        "isValid": message.is_valid(),
        "attributes": message.attributes,
        "compression": message.compression().map_or(Value::Null, |compression| json!(compression.name())),
        "timestampType": message.timestamp_type.map(TimestampType::name),
        "maxTimestamp": message.timestamp_ms,
        "records": records,
    });
    (object, problems)
}

fn base64(bytes: Option<&[u8]>) -> Option<String> {
    bytes.map(|bytes| BASE64.encode(bytes))
}
