//! The same file as JSON Lines: an object for the file, one for each batch with its records, one for each problem.
//! Keys, values and header values are base64, null is null; header keys are text. A record of an internal topic has its
//! fields beside them, as `decoded`.

use std::io::{self, Write};

use bytes::Bytes;
use data_encoding::BASE64;
use serde_json::{Value, json};

use super::entries::{Entries, Entry, Step};
use super::name::FileKind;
use super::problems::{DumpProblem, Report};
use super::{control, internal};
use crate::bytes::legacy::Message;
use crate::bytes::{BatchHeader, ControlRecord, MAGIC, Problem, Record, Records, TimestampType};
use crate::cli::java_utf8;
use crate::ids::Offset;
use crate::records::{self, InternalTopic};

/// Prints one file.
pub(super) fn dump(
    kind: FileKind,
    topic: Option<InternalTopic>,
    mut entries: Entries,
    out: &mut dyn Write,
    report: &mut Report<'_>,
) -> io::Result<()> {
    writeln!(out, "{}", file(report.name, kind))?;
    loop {
        let problems = match entries.step() {
            Step::Entry(entry) if entry.magic < MAGIC => message_set(&entry, topic, out)?,
            Step::Entry(entry) => batch(&entry, topic, out)?,
            Step::End { left_bytes: 0, .. } => return Ok(()),
            Step::End { at, left_bytes: bytes } => vec![DumpProblem::Tail { at, bytes }],
            Step::Stop(problem) => vec![DumpProblem::Stops(problem)],
            Step::Unreadable { at, why } => vec![DumpProblem::Unreadable { at, why }],
        };
        for problem in &problems {
            writeln!(out, "{}", json!({"problem": problem.to_string()}))?;
            report.tell(*problem)?;
        }
        if problems.iter().any(DumpProblem::is_the_last) {
            return Ok(());
        }
    }
}

/// Writes an object whose last name is a list, item by item: a batch may have millions of records.
struct OpenObject<'a> {
    out: &'a mut dyn Write,
    is_first: bool,
}

impl<'a> OpenObject<'a> {
    fn new(object: &Value, list: &str, out: &'a mut dyn Write) -> io::Result<OpenObject<'a>> {
        let text = object.to_string();
        write!(out, "{},{}:[", text.strip_suffix('}').unwrap_or(&text), json!(list))?;
        Ok(OpenObject { out, is_first: true })
    }

    fn push(&mut self, item: &Value) -> io::Result<()> {
        let comma = if self.is_first { "" } else { "," };
        self.is_first = false;
        write!(self.out, "{comma}{item}")
    }

    fn close(self) -> io::Result<()> {
        writeln!(self.out, "]}}")
    }
}

fn file(name: &str, kind: FileKind) -> Value {
    match kind {
        FileKind::Segment { base_offset } => json!({"file": name, "baseOffset": base_offset}),
        FileKind::Snapshot { end_offset, epoch } => json!({"file": name, "endOffset": end_offset, "epoch": epoch}),
        FileKind::Bootstrap => json!({"file": name, "bootstrap": true}),
    }
}

fn batch(entry: &Entry, topic: Option<InternalTopic>, out: &mut dyn Write) -> io::Result<Vec<DumpProblem>> {
    let stops = |problem: Problem| DumpProblem::Stops(problem.further(entry.at));
    let header = match BatchHeader::decode(&entry.header) {
        Ok(header) => header,
        Err(problem) => return Ok(vec![stops(problem)]),
    };
    let check = header.check(&entry.bytes).err();
    let mut problems: Vec<_> = check.map(|problem| DumpProblem::Batch(problem.further(entry.at))).into_iter().collect();
    let mut object = OpenObject::new(&header_object(&header, entry), "records", out)?;
    match Records::new(&header, &entry.bytes) {
        Ok(records) => {
            for found in records {
                match found {
                    Ok(found) => {
                        let (json, problem) = record(&header, &found, topic);
                        object.push(&json)?;
                        problems.extend(problem.map(|problem| wrong_record(entry.at, found.offset, problem)));
                    }
                    Err(problem) => problems.push(stops(problem)),
                }
            }
        }
        Err(problem) => problems.push(stops(problem)),
    }
    object.close()?;
    Ok(problems)
}

fn header_object(header: &BatchHeader, entry: &Entry) -> Value {
    json!({
        "position": entry.at,
        "size": entry.bytes.len(),
        "magic": header.magic,
        "baseOffset": header.base_offset.0,
        "lastOffset": header.last_offset().0,
        "partitionLeaderEpoch": header.partition_leader_epoch.0,
        "crc": header.crc,
        "isValid": header.size_bytes().is_ok() && header.check_crc(&entry.bytes).is_ok(),
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
    })
}

fn record(header: &BatchHeader, record: &Record, topic: Option<InternalTopic>) -> (Value, RecordProblem) {
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
    if !header.attributes.is_control() {
        let problem = add_fields(&mut object, topic, record.key.as_ref(), record.value.as_ref());
        return (object, problem);
    }
    if let Ok(control) = ControlRecord::decode(record)
        && let Some(object) = object.as_object_mut()
    {
        object.insert("control".to_owned(), json!(control::words(&control).trim_start()));
    }
    (object, None)
}

/// What is wrong with a record of an internal topic.
type RecordProblem = Option<records::Problem>;

/// Adds what a record of an internal topic says.
fn add_fields(
    object: &mut Value,
    topic: Option<InternalTopic>,
    key: Option<&Bytes>,
    value: Option<&Bytes>,
) -> RecordProblem {
    let decoded = records::decode(topic?, key, value);
    object.as_object_mut()?.insert("decoded".to_owned(), internal::json(&decoded));
    decoded.problem()
}

fn wrong_record(at: u64, offset: Offset, problem: records::Problem) -> DumpProblem {
    DumpProblem::Record { at, offset, problem }
}

fn message_set(entry: &Entry, topic: Option<InternalTopic>, out: &mut dyn Write) -> io::Result<Vec<DumpProblem>> {
    let stops = |problem: Problem| DumpProblem::Stops(problem.further(entry.at));
    let message = match Message::decode(&entry.bytes) {
        Ok(message) => message,
        Err(problem) => return Ok(vec![stops(problem)]),
    };
    let crc = message.crc_problem();
    let mut problems: Vec<_> = crc.map(|problem| DumpProblem::Batch(problem.further(entry.at))).into_iter().collect();
    let described = json!({
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
    });
    let mut object = OpenObject::new(&described, "records", out)?;
    let inner = message.messages().unwrap_or_else(|problem| {
        problems.push(stops(problem));
        Vec::new()
    });
    for message in inner {
        match message.key().and_then(|key| message.value().map(|value| (key, value))) {
            Ok((key, value)) => {
                let mut record = json!({
                    "offset": message.offset.0,
                    "timestamp": message.timestamp_ms,
                    "crc": message.crc,
                    "isValid": message.is_valid(),
                    "key": base64(key.as_deref()),
                    "value": base64(value.as_deref()),
                });
                let problem = add_fields(&mut record, topic, key.as_ref(), value.as_ref());
                object.push(&record)?;
                problems.extend(problem.map(|problem| wrong_record(entry.at, message.offset, problem)));
            }
            Err(problem) => problems.push(stops(problem)),
        }
    }
    object.close()?;
    Ok(problems)
}

fn base64(bytes: Option<&[u8]>) -> Option<String> {
    bytes.map(|bytes| BASE64.encode(bytes))
}
