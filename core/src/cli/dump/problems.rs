//! What a dump tells on standard error.

use std::fmt;
use std::io::{self, Write};

use crate::bytes::Problem;
use crate::cli::Exit;
use crate::ids::Offset;
use crate::records;

/// Something that is wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum DumpProblem {
    /// Kafka's tool stops here with an exception.
    Stops(Problem),
    /// A reader that needs the batch would refuse it; the dump goes on.
    Batch(Problem),
    /// Bytes behind the last whole batch.
    Tail { at: u64, bytes: u64 },
    /// The file's bytes can't be had from here on.
    Unreadable { at: u64, why: io::ErrorKind },
    /// A record's offset is not above the one before it.
    OffsetBack { at: u64, found: Offset, after: Offset },
    /// A record of an internal topic is not what it should be; `at` is where its batch begins.
    Record { at: u64, offset: Offset, problem: records::Problem },
}

impl DumpProblem {
    /// Whether nothing of the file is read behind it.
    pub(in crate::cli) fn is_the_last(&self) -> bool {
        match self {
            DumpProblem::Stops(_) | DumpProblem::Tail { .. } | DumpProblem::Unreadable { .. } => true,
            DumpProblem::Batch(_) | DumpProblem::OffsetBack { .. } | DumpProblem::Record { .. } => false,
        }
    }
}

impl fmt::Display for DumpProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DumpProblem::Stops(problem) | DumpProblem::Batch(problem) => problem.fmt(f),
            DumpProblem::Tail { at, bytes } => {
                write!(f, "byte {at}: tail: found {bytes} bytes that are no whole batch, expected the end of the file")
            }
            DumpProblem::Unreadable { at, why } => write!(f, "byte {at}: cannot read on: {why}"),
            DumpProblem::OffsetBack { at, found, after } => {
                write!(f, "byte {at}: offset: found {found}, expected one above {after}")
            }
            DumpProblem::Record { at, offset, problem } => write!(f, "byte {at}, offset {offset}, {problem}"),
        }
    }
}

/// Tells a file's problems as they come up: a file may have millions.
pub(in crate::cli) struct Report<'a> {
    pub(in crate::cli) name: &'a str,
    pub(in crate::cli) err: &'a mut dyn Write,
    pub(in crate::cli) exit: Exit,
}

impl Report<'_> {
    pub(in crate::cli) fn tell(&mut self, problem: impl fmt::Display) -> io::Result<()> {
        self.exit = Exit::Problems;
        writeln!(self.err, "kafka-lab: {}: {problem}", self.name)
    }

    /// Ends the line that Kafka's tool, and so ours, stopped within.
    pub(in crate::cli) fn break_line(&mut self) -> io::Result<()> {
        writeln!(self.err)
    }
}
