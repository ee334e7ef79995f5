//! Goes through a file batch by batch, as Kafka does (`FileLogInputStream`), holding one piece of it at a time.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use bytes::Bytes;

use crate::bytes::legacy::MESSAGE_BYTES_MIN;
use crate::bytes::{Fault, FieldName, HEADER_BYTES, LOG_OVERHEAD_BYTES, Problem};

/// Offset, size, four bytes, magic: what has to be there before a batch is looked at.
const HEAD_BYTES: usize = 17;
/// How much of the file is read at a time, at least.
const WINDOW_BYTES: usize = 256 * 1024;

/// A batch, or a message of magic 0 or 1, as it stands in the file.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Where it begins in the file.
    pub(super) at: u64,
    pub(super) magic: i8,
    /// The whole entry, as long as its size field says.
    pub(super) bytes: Bytes,
    /// The 61 bytes that a batch header takes, beyond the entry's end if it is shorter; fewer at the file's end.
    pub(super) header: Bytes,
}

/// How far a file could be read.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Entry(Entry),
    /// Nothing that could be a batch follows; so many bytes are left.
    End {
        at: u64,
        left_bytes: u64,
    },
    /// Kafka's reader throws here.
    Stop(Problem),
    /// The file is there, and its bytes can't be had.
    Unreadable {
        at: u64,
        why: io::ErrorKind,
    },
}

/// The entries of a file, one after the other.
#[derive(Debug)]
pub(super) struct Entries {
    file: File,
    file_bytes: u64,
    /// Where reading ends: at the file's end, or where a slice of it does.
    end: u64,
    at: u64,
    window: Bytes,
    window_at: u64,
}

impl Entries {
    pub(super) fn new(file: File) -> io::Result<Entries> {
        let file_bytes = file.metadata()?.len();
        Ok(Entries { file, file_bytes, end: file_bytes, at: 0, window: Bytes::new(), window_at: 0 })
    }

    pub(super) fn file_bytes(&self) -> u64 {
        self.file_bytes
    }

    /// Goes on at another place, as if the file ended `most_bytes` further on (Kafka: `FileRecords.slice`).
    pub(super) fn slice(&mut self, at: u64, most_bytes: u64) {
        self.at = at;
        self.end = self.file_bytes.min(at.saturating_add(most_bytes));
    }

    pub(super) fn step(&mut self) -> Step {
        let at = self.at;
        self.try_step().unwrap_or_else(|error| Step::Unreadable { at, why: error.kind() })
    }

    fn try_step(&mut self) -> io::Result<Step> {
        let at = self.at;
        let left_bytes = self.end.saturating_sub(at);
        let end = Step::End { at, left_bytes };
        if left_bytes <= HEAD_BYTES as u64 {
            return Ok(end);
        }
        let head = self.read(at, HEAD_BYTES)?;
        let Some(&[.., s0, s1, s2, s3, _, _, _, _, magic]) = head.first_chunk::<HEAD_BYTES>() else { return Ok(end) };
        let stated = i32::from_be_bytes([s0, s1, s2, s3]);
        let size = match usize::try_from(stated) {
            Ok(size) if size >= MESSAGE_BYTES_MIN => size + LOG_OVERHEAD_BYTES,
            _ => {
                let least = MESSAGE_BYTES_MIN as i64;
                let fault = Fault::TooSmall { field: FieldName::BatchLength, found: stated.into(), least };
                return Ok(Step::Stop(Problem::new(8, fault).further(at)));
            }
        };
        if size as u64 > left_bytes {
            return Ok(end);
        }
        let loaded = self.read(at, size.max(HEADER_BYTES))?;
        self.at += size as u64;
        Ok(Step::Entry(Entry {
            at,
            magic: i8::from_be_bytes([magic]),
            bytes: loaded.slice(..size.min(loaded.len())),
            header: loaded.slice(..HEADER_BYTES.min(loaded.len())),
        }))
    }

    /// `len` bytes of the file, fewer at its end; from the piece in memory if they are there.
    fn read(&mut self, at: u64, len: usize) -> io::Result<Bytes> {
        let len = len.min(usize::try_from(self.file_bytes.saturating_sub(at)).unwrap_or(usize::MAX));
        let from = at.checked_sub(self.window_at).and_then(|from| usize::try_from(from).ok());
        if let Some(from) = from
            && let Some(part) = self.window.get(from..from.saturating_add(len))
        {
            return Ok(self.window.slice_ref(part));
        }
        self.file.seek(SeekFrom::Start(at))?;
        let mut piece = Vec::new();
        (&self.file).take(len.max(WINDOW_BYTES) as u64).read_to_end(&mut piece)?;
        self.window = Bytes::from(piece);
        self.window_at = at;
        Ok(self.window.slice(..len.min(self.window.len())))
    }
}
