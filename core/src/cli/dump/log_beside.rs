//! The log that an index belongs to, read where the index says.

use std::fmt;
use std::fs::File;
use std::io;
use std::path::Path;

use super::entries::{Entries, Entry, Step};
use super::name::stem;
use crate::bytes::legacy::Message;
use crate::bytes::{BatchHeader, MAGIC, Problem, Records};
use crate::ids::Offset;

/// A log's batches from any position on.
#[derive(Debug)]
pub(super) struct LogBeside {
    entries: Entries,
    /// From here on, a batch's beginning, all of the log is known to be batches or a tail that is passed over.
    sound_from: Option<u64>,
}

/// Why an index was not printed to its end: Kafka's tool throws here. `at` is the place in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IndexStops {
    /// A file that is needed is not there.
    NoFile {
        suffix: &'static str,
    },
    /// The position lies outside of the log.
    OutsideLog {
        at: usize,
        position: i32,
        log_bytes: u64,
    },
    /// No whole batch begins at the position.
    NoBatch {
        at: usize,
        position: i32,
    },
    /// The log itself is broken.
    InLog(Problem),
    Unreadable {
        at: u64,
        why: io::ErrorKind,
    },
}

impl fmt::Display for IndexStops {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IndexStops::NoFile { suffix } => {
                write!(f, "folder: found no {suffix} beside it, expected the segment's own")
            }
            IndexStops::OutsideLog { at, position, log_bytes } => {
                write!(f, "byte {at}: position: found {position}, expected 0 to {log_bytes}, the size of the log")
            }
            IndexStops::NoBatch { at, position } => {
                write!(f, "byte {at}: position: found {position}, expected where a whole batch of the log begins")
            }
            IndexStops::InLog(problem) => write!(f, "in the log beside it: {problem}"),
            IndexStops::Unreadable { at, why } => write!(f, "in the log beside it: byte {at}: cannot read on: {why}"),
        }
    }
}

/// The file of the same segment with another suffix.
pub(super) fn open(path: &Path, suffix: &'static str) -> Result<File, IndexStops> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    File::open(path.with_file_name(format!("{}{suffix}", stem(&name)))).map_err(|_| IndexStops::NoFile { suffix })
}

impl LogBeside {
    /// Opens the log beside an index.
    pub(super) fn open(path: &Path) -> Result<LogBeside, IndexStops> {
        let unreadable = |error: io::Error| IndexStops::Unreadable { at: 0, why: error.kind() };
        Ok(LogBeside { entries: Entries::new(open(path, ".log")?).map_err(unreadable)?, sound_from: None })
    }

    /// The batch at the position that the index names at its byte `at`, if it is no longer than `most_bytes`.
    pub(super) fn batch_at(&mut self, at: usize, position: i32, most_bytes: u64) -> Result<Entry, IndexStops> {
        self.slice(at, position, most_bytes)?;
        self.next()?.ok_or(IndexStops::NoBatch { at, position })
    }

    /// The first batch from the position on whose last offset is at or above `offset`. Kafka's tool reads to the end
    /// of the log for it, and stops if that breaks off.
    pub(super) fn find(&mut self, at: usize, position: i32, offset: Offset) -> Result<Option<Entry>, IndexStops> {
        let start = self.slice(at, position, u64::MAX)?;
        let mut found = None;
        while let Some(entry) = self.next()? {
            if last_offset(&entry)? >= offset {
                found = Some(entry);
                break;
            }
        }
        self.read_to_the_end(start)?;
        Ok(found)
    }

    fn slice(&mut self, at: usize, position: i32, most_bytes: u64) -> Result<u64, IndexStops> {
        let log_bytes = self.entries.file_bytes();
        let inside = u64::try_from(position).ok().filter(|position| *position <= log_bytes);
        let start = inside.ok_or(IndexStops::OutsideLog { at, position, log_bytes })?;
        self.entries.slice(start, most_bytes);
        Ok(start)
    }

    fn next(&mut self) -> Result<Option<Entry>, IndexStops> {
        match self.entries.step() {
            Step::Entry(entry) => Ok(Some(entry)),
            Step::End { .. } => Ok(None),
            Step::Stop(problem) => Err(IndexStops::InLog(problem)),
            Step::Unreadable { at, why } => Err(IndexStops::Unreadable { at, why }),
        }
    }

    /// Index entries come in ascending order, so most of what is asked for here has been read before: batches follow
    /// from each other, and a start that is reached from a sound one is sound itself.
    fn read_to_the_end(&mut self, start: u64) -> Result<(), IndexStops> {
        if let Some(sound) = self.sound_from.filter(|sound| *sound <= start) {
            self.entries.slice(sound, u64::MAX);
            let mut at = sound;
            while at < start {
                match self.next()? {
                    Some(entry) => at = entry.at.saturating_add(entry.bytes.len() as u64),
                    None => break,
                }
            }
            if at == start {
                self.sound_from = Some(start);
                return Ok(());
            }
        }
        self.entries.slice(start, u64::MAX);
        while self.next()?.is_some() {}
        self.sound_from = Some(start);
        Ok(())
    }
}

/// A batch's last offset. Of a message of magic 0 or 1, or a packed set of them, that is the offset in front.
pub(super) fn last_offset(entry: &Entry) -> Result<Offset, IndexStops> {
    let in_log = |problem: Problem| IndexStops::InLog(problem.further(entry.at));
    if entry.magic < MAGIC {
        return Message::decode(&entry.bytes).map(|message| message.offset).map_err(in_log);
    }
    BatchHeader::decode(&entry.header).map(|header| header.last_offset()).map_err(in_log)
}

/// The largest timestamp that a batch's header says: of all records that it ever had, also those that compaction took.
pub(super) fn stated_max_timestamp_ms(entry: &Entry) -> Option<i64> {
    let is_batch = entry.magic >= MAGIC;
    is_batch.then(|| BatchHeader::decode(&entry.header).ok().map(|header| header.max_timestamp_ms)).flatten()
}

/// The largest timestamp of a batch's records, as a consumer is told them; −1 if it has none.
pub(super) fn max_timestamp_ms(entry: &Entry) -> Result<i64, IndexStops> {
    let in_log = |problem: Problem| IndexStops::InLog(problem.further(entry.at));
    let mut max_ms = -1;
    if entry.magic < MAGIC {
        let messages = Message::decode(&entry.bytes).and_then(|message| message.messages()).map_err(in_log)?;
        return Ok(messages.iter().fold(max_ms, |max_ms, message| max_ms.max(message.timestamp_ms)));
    }
    let header = BatchHeader::decode(&entry.header).map_err(in_log)?;
    for record in Records::new(&header, &entry.bytes).map_err(in_log)? {
        max_ms = max_ms.max(header.read_timestamp_ms(record.map_err(in_log)?.timestamp_ms));
    }
    Ok(max_ms)
}
