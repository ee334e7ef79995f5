//! Goes through a segment's bytes from batch to batch, by their lengths alone.

use crate::bytes::{BatchHeader, Fault, FieldName, MAGIC, MAGIC_AT, Problem};
use crate::ids::Offset;

/// A batch as an index of batches knows it: where it stands and what its header says. Its records are not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchSummary {
    /// Where it begins in the segment's file.
    pub position: u64,
    pub size_bytes: u64,
    pub header: BatchHeader,
}

impl BatchSummary {
    /// Where the next batch begins.
    #[must_use]
    pub fn end_position(&self) -> u64 {
        self.position.saturating_add(self.size_bytes)
    }

    #[must_use]
    pub fn base_offset(&self) -> Offset {
        self.header.base_offset
    }

    #[must_use]
    pub fn last_offset(&self) -> Offset {
        self.header.last_offset()
    }
}

/// The batches of a segment held in memory, one after the other. After a problem there is no way on: a batch's length
/// is all that tells where the next one begins.
#[derive(Clone, Debug)]
pub struct Scan<'a> {
    file: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    /// Starts at `position`, where a batch begins.
    #[must_use]
    pub fn new(file: &'a [u8], position: u64) -> Scan<'a> {
        Scan { file, at: usize::try_from(position).unwrap_or(usize::MAX).min(file.len()) }
    }

    /// The bytes of a batch that this scan named.
    #[must_use]
    pub fn bytes_of(&self, batch: &BatchSummary) -> &'a [u8] {
        let place = |position: u64| usize::try_from(position).unwrap_or(usize::MAX);
        self.file.get(place(batch.position)..place(batch.end_position())).unwrap_or_default()
    }

    fn step(&self) -> Result<BatchSummary, Problem> {
        let rest = self.file.get(self.at..).unwrap_or_default();
        let header = BatchHeader::decode(rest)?;
        if header.magic != MAGIC {
            return Err(Problem::new(MAGIC_AT, Fault::Magic { found: header.magic, expected: MAGIC }));
        }
        let size = header.size_bytes()?;
        if size > rest.len() {
            let (left_bytes, needed_bytes) = (rest.len() as u64, size as u64);
            let field = FieldName::BatchLength;
            return Err(Problem::new(0, Fault::CutOff { field, left_bytes, needed_bytes }));
        }
        Ok(BatchSummary { position: self.at as u64, size_bytes: size as u64, header })
    }
}

impl Iterator for Scan<'_> {
    type Item = Result<BatchSummary, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.file.len() {
            return None;
        }
        let outcome = self.step().map_err(|problem| problem.further(self.at as u64));
        self.at = match &outcome {
            Ok(batch) => usize::try_from(batch.end_position()).unwrap_or(usize::MAX),
            Err(_) => self.file.len(),
        };
        Some(outcome)
    }
}
