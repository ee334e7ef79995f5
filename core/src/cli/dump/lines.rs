//! The lines of Kafka's dump tool.

use std::io::{self, Write};

use bytes::Bytes;

use super::entries::{Entries, Entry, Step};
use super::gaps::Gaps;
use super::name::FileKind;
use super::problems::{DumpProblem, Report};
use super::{control, internal};
use crate::bytes::legacy::Message;
use crate::bytes::{BatchHeader, ControlRecord, Fault, MAGIC, MAGIC_AT, Problem, Record, Records, TimestampType};
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
    writeln!(out, "Dumping {}", report.name)?;
    match kind {
        FileKind::Segment { base_offset } => writeln!(out, "Log starting offset: {base_offset}")?,
        FileKind::Snapshot { end_offset, epoch } => {
            writeln!(out, "Snapshot end offset: {end_offset}, epoch: {epoch}")?;
        }
        FileKind::Bootstrap => writeln!(out, "KRaft bootstrap snapshot")?,
    }
    let mut dump = Dump { out, report, topic, gaps: Gaps::default() };
    loop {
        match entries.step() {
            Step::Entry(entry) => {
                if let Some(problem) = dump.entry(&entry)? {
                    return dump.report.tell(problem);
                }
            }
            Step::End { at, left_bytes } => return dump.end(at, left_bytes),
            Step::Stop(problem) => return dump.report.tell(DumpProblem::Stops(problem)),
            Step::Unreadable { at, why } => return dump.report.tell(DumpProblem::Unreadable { at, why }),
        }
    }
}

struct Dump<'a, 'b> {
    out: &'a mut dyn Write,
    report: &'a mut Report<'b>,
    topic: Option<InternalTopic>,
    gaps: Gaps,
}

/// Why a batch was not printed to its end: a problem where Kafka's tool stops.
type Stopped = Option<DumpProblem>;

/// A problem in the bytes of the entry that begins at `at`.
fn stops(problem: Problem, at: u64) -> Stopped {
    Some(DumpProblem::Stops(problem.further(at)))
}

impl Dump<'_, '_> {
    fn entry(&mut self, entry: &Entry) -> io::Result<Stopped> {
        if entry.magic < MAGIC { self.message_set(entry) } else { self.batch(entry) }
    }

    fn batch(&mut self, entry: &Entry) -> io::Result<Stopped> {
        let header = match BatchHeader::decode(&entry.header) {
            Ok(header) => header,
            Err(problem) => return Ok(stops(problem, entry.at)),
        };
        write!(
            self.out,
            "baseOffset: {} lastOffset: {} count: {} baseSequence: {} lastSequence: {} producerId: {} \
             producerEpoch: {} partitionLeaderEpoch: {} isTransactional: {} isControl: {} deleteHorizonMs: {}",
            header.base_offset,
            header.last_offset(),
            header.record_count,
            header.base_sequence,
            header.last_sequence(),
            header.producer_id,
            header.producer_epoch,
            header.partition_leader_epoch,
            header.attributes.is_transactional(),
            header.attributes.is_control(),
            optional_long(header.delete_horizon_ms()),
        )?;
        let compression = match header.attributes.compression() {
            Ok(compression) => compression,
            Err(fault) => return self.stop_in_line(Problem::new(21, fault), entry.at),
        };
        let is_valid = header.size_bytes().is_ok() && header.check_crc(&entry.bytes).is_ok();
        writeln!(
            self.out,
            " position: {} {}: {} size: {} magic: {} compresscodec: {compression} crc: {} isvalid: {}",
            entry.at,
            header.attributes.timestamp_type(),
            header.max_timestamp_ms,
            entry.bytes.len(),
            header.magic,
            header.crc,
            is_valid,
        )?;
        if let Err(problem) = header.check(&entry.bytes) {
            self.report.tell(DumpProblem::Batch(problem.further(entry.at)))?;
        }
        self.records(&header, entry)
    }

    fn records(&mut self, header: &BatchHeader, entry: &Entry) -> io::Result<Stopped> {
        if let Err(problem) = header.size_bytes() {
            return Ok(stops(problem, entry.at));
        }
        let records = match Records::new(header, &entry.bytes) {
            Ok(records) => records,
            Err(problem) => return Ok(stops(problem, entry.at)),
        };
        // Kafka unpacks a compressed batch to its end before it prints anything of it.
        if records.is_packed()
            && let Some(problem) = records.clone().find_map(Result::err)
        {
            return Ok(stops(problem, entry.at));
        }
        for record in records {
            match record {
                Ok(record) => {
                    let stopped = self.record(header, &record, entry.at)?;
                    if stopped.is_some() {
                        return Ok(stopped);
                    }
                }
                Err(problem) => return Ok(stops(problem, entry.at)),
            }
        }
        Ok(None)
    }

    fn record(&mut self, header: &BatchHeader, record: &Record, at: u64) -> io::Result<Stopped> {
        self.follows(record.offset, at)?;
        let time = RecordTime {
            kind: header.attributes.timestamp_type().name(),
            timestamp_ms: header.read_timestamp_ms(record.timestamp_ms),
        };
        let (key_size, value_size) = (size(record.key.as_deref()), size(record.value.as_deref()));
        self.record_start(record.offset, time, key_size, value_size)?;
        let sequence = header.sequence_of(record);
        let keys: Vec<String> = record.headers.iter().map(|header| java_utf8(&header.key)).collect();
        write!(self.out, " sequence: {sequence} headerKeys: [{}]", keys.join(","))?;
        if header.attributes.is_control() {
            match ControlRecord::decode(record) {
                Ok(control) => write!(self.out, "{}", control::words(&control))?,
                Err(problem) => return self.stop_in_line(problem, at),
            }
        } else {
            return self.contents(record.offset, at, record.key.as_ref(), record.value.as_ref());
        }
        writeln!(self.out)?;
        Ok(None)
    }

    /// Messages of magic 0 and 1: one, or a packed set.
    fn message_set(&mut self, entry: &Entry) -> io::Result<Stopped> {
        let message = match Message::decode(&entry.bytes) {
            Ok(message) => message,
            Err(problem) => return Ok(stops(problem, entry.at)),
        };
        write!(self.out, "offset: {}", message.offset)?;
        if message.magic < 0 {
            return self.stop_in_line(
                Problem::new(MAGIC_AT, Fault::Magic { found: message.magic, expected: MAGIC }),
                entry.at,
            );
        }
        let compression = match message.compression() {
            Ok(compression) => compression,
            Err(fault) => return self.stop_in_line(Problem::new(17, fault), entry.at),
        };
        let kind = legacy_time(message.timestamp_type);
        writeln!(
            self.out,
            " position: {} {kind}: {} size: {} magic: {} compresscodec: {compression} crc: {} isvalid: {}",
            entry.at,
            message.timestamp_ms,
            entry.bytes.len(),
            message.magic,
            message.crc,
            message.is_valid(),
        )?;
        if let Some(problem) = message.crc_problem() {
            self.report.tell(DumpProblem::Batch(problem.further(entry.at)))?;
        }
        let messages = match message.messages() {
            Ok(messages) => messages,
            Err(problem) => return Ok(stops(problem, entry.at)),
        };
        for inner in &messages {
            let stopped = self.message(inner, kind, entry.at)?;
            if stopped.is_some() {
                return Ok(stopped);
            }
        }
        Ok(None)
    }

    fn message(&mut self, message: &Message, kind: &'static str, at: u64) -> io::Result<Stopped> {
        self.follows(message.offset, at)?;
        let time = RecordTime { kind, timestamp_ms: message.timestamp_ms };
        match message.key_size_bytes().and_then(|key| message.value_size_bytes().map(|value| (key, value))) {
            Ok((key_size, value_size)) => self.record_start(message.offset, time, key_size, value_size)?,
            Err(problem) => return Ok(stops(problem, at)),
        }
        write!(self.out, " isValid: {} crc: {}", message.is_valid(), message.crc)?;
        match message.key().and_then(|key| message.value().map(|value| (key, value))) {
            Ok((key, value)) => self.contents(message.offset, at, key.as_ref(), value.as_ref()),
            Err(problem) => self.stop_in_line(problem, at),
        }
    }

    fn record_start(&mut self, offset: Offset, time: RecordTime, key_size: i32, value_size: i32) -> io::Result<()> {
        let RecordTime { kind, timestamp_ms } = time;
        write!(self.out, "| offset: {offset} {kind}: {timestamp_ms} keySize: {key_size} valueSize: {value_size}")
    }

    /// Ends a record's line with its key and value: through the topic's decoder if it has one.
    fn contents(&mut self, offset: Offset, at: u64, key: Option<&Bytes>, value: Option<&Bytes>) -> io::Result<Stopped> {
        if let Some(topic) = self.topic {
            let decoded = records::decode(topic, key, value);
            let problem = decoded.problem().map(|problem| DumpProblem::Record { at, offset, problem });
            let Some(contents) = internal::contents(topic, offset, &decoded) else {
                self.report.break_line()?;
                return Ok(problem);
            };
            write!(self.out, "{contents}")?;
            problem.map_or(Ok(()), |problem| self.report.tell(problem))?;
        } else {
            for (name, bytes) in [("key", key), ("payload", value)] {
                bytes.map_or(Ok(()), |bytes| write!(self.out, " {name}: {}", java_utf8(bytes)))?;
            }
        }
        writeln!(self.out)?;
        Ok(None)
    }

    /// Notes a record whose offset does not follow the last one.
    fn follows(&mut self, offset: Offset, at: u64) -> io::Result<()> {
        match self.gaps.follow(offset) {
            Some(after) => self.report.tell(DumpProblem::OffsetBack { at, found: offset, after }),
            None => Ok(()),
        }
    }

    fn stop_in_line(&mut self, problem: Problem, at: u64) -> io::Result<Stopped> {
        self.report.break_line()?;
        Ok(stops(problem, at))
    }

    fn end(&mut self, at: u64, left_bytes: u64) -> io::Result<()> {
        let name = self.report.name;
        if left_bytes > 0 {
            writeln!(self.out, "Found {left_bytes} invalid bytes at the end of {name}")?;
            self.report.tell(DumpProblem::Tail { at, bytes: left_bytes })?;
        }
        self.gaps.tell(name, self.out)
    }
}

/// What a record line says of time.
#[derive(Clone, Copy)]
struct RecordTime {
    kind: &'static str,
    timestamp_ms: i64,
}

fn legacy_time(timestamp_type: Option<TimestampType>) -> &'static str {
    timestamp_type.map_or("NoTimestampType", TimestampType::name)
}

/// As Java prints an `OptionalLong`.
fn optional_long(value: Option<i64>) -> String {
    value.map_or_else(|| "OptionalLong.empty".to_owned(), |value| format!("OptionalLong[{value}]"))
}

/// A key's or value's size in bytes; −1 for none.
fn size(bytes: Option<&[u8]>) -> i32 {
    bytes.map_or(-1, |bytes| i32::try_from(bytes.len()).unwrap_or(i32::MAX))
}
