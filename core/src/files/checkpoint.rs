//! Checkpoints: small texts that a broker replaces as a whole (Kafka: `CheckpointFile`).
//!
//! The first line is the version, the second says how many entries follow, then comes an entry a line.

use super::problem::{FileFault, FileProblem, utf8};

/// The version that Kafka writes, and the only one.
const VERSION: &str = "0";

/// A line of a checkpoint.
pub trait CheckpointEntry: Sized {
    /// What such a line holds, in words.
    const EXPECTED: &'static str;

    /// Reads a line; none if it is no such entry.
    fn read(line: &str) -> Option<Self>;

    /// The line, without its end.
    fn line(&self) -> String;
}

/// A checkpoint file, with its entries in the file's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint<E> {
    pub entries: Vec<E>,
}

impl<E> Default for Checkpoint<E> {
    fn default() -> Checkpoint<E> {
        Checkpoint { entries: Vec::new() }
    }
}

impl<E: CheckpointEntry> Checkpoint<E> {
    /// The file.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = format!("{VERSION}\n{}\n", self.entries.len());
        for entry in &self.entries {
            out.push_str(&entry.line());
            out.push('\n');
        }
        out.into_bytes()
    }

    /// Reads a file. None if it is empty: so a broker makes it, before it writes it for the first time.
    ///
    /// # Errors
    /// Another version, a line that is not spelt as Kafka spells it, more lines than the count says, or fewer.
    pub fn decode(file: &[u8]) -> Result<Option<Checkpoint<E>>, FileProblem> {
        let text = utf8(file)?;
        if text.is_empty() {
            return Ok(None);
        }
        let mut lines = text.split_inclusive('\n').zip(1..);
        version(lines.next())?;
        let stated = count(lines.next())?;
        let mut entries = Vec::new();
        for (line, number) in lines {
            let whole = whole_line(line, number)?;
            if entries.len() >= stated {
                let found = text.lines().count().saturating_sub(2) as u64;
                return Err(FileProblem::in_line(number, "count", FileFault::Count { found, stated: stated as i64 }));
            }
            let entry = E::read(whole).filter(|entry| entry.line() == whole);
            entries.push(entry.ok_or_else(|| FileProblem::text(number, "entry", Some(whole), E::EXPECTED))?);
        }
        if entries.len() < stated {
            let (found, number) = (entries.len() as u64, entries.len() + 3);
            return Err(FileProblem::in_line(number, "count", FileFault::Count { found, stated: stated as i64 }));
        }
        Ok(Some(Checkpoint { entries }))
    }
}

fn version(line: Option<(&str, usize)>) -> Result<(), FileProblem> {
    let found = line.map_or(Ok(""), |(line, number)| whole_line(line, number))?;
    match (found, found.parse()) {
        (VERSION, _) => Ok(()),
        (_, Ok(found)) => Err(FileProblem::in_line(1, "version", FileFault::Version { found, known: VERSION })),
        (_, Err(_)) => Err(FileProblem::text(1, "version", Some(found), VERSION)),
    }
}

fn count(line: Option<(&str, usize)>) -> Result<usize, FileProblem> {
    const EXPECTED: &str = "how many entries follow";
    let Some((line, number)) = line else { return Err(FileProblem::text(2, "count", None, EXPECTED)) };
    let found = whole_line(line, number)?;
    let count: Option<i32> = found.parse().ok().filter(|count: &i32| count.to_string() == found);
    let count = count.and_then(|count| usize::try_from(count).ok());
    count.ok_or_else(|| FileProblem::text(2, "count", Some(found), EXPECTED))
}

/// A line without its end.
fn whole_line(line: &str, number: usize) -> Result<&str, FileProblem> {
    line.strip_suffix('\n').ok_or_else(|| FileProblem::text(number, "line", Some(line), "an end of the line"))
}
