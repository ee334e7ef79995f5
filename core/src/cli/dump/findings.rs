//! What is wrong with a file, a finding a line: the same that the page about segments says.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use super::problems::{DumpProblem, Report};
use crate::cli::Exit;
use crate::inspect::{Finding, Inspector, Recovery};
use crate::words::finding_words;

/// Prints one file's findings. What can't be read is told on standard error.
pub(super) fn dump(file: &File, out: &mut dyn Write, report: &mut Report<'_>) -> io::Result<()> {
    let mut inspector = Inspector::new(report.name, file.metadata()?.len());
    while let Some(range) = inspector.wants() {
        match read(file, range.start, range.end.saturating_sub(range.start)) {
            Ok(bytes) if !bytes.is_empty() => inspector.feed(&bytes),
            read => {
                let why = read.err().map_or(io::ErrorKind::UnexpectedEof, |error| error.kind());
                report.tell(DumpProblem::Unreadable { at: range.start, why })?;
                break;
            }
        }
    }
    for finding in inspector.findings() {
        if finding.wrong.is_wrong() {
            report.exit = Exit::Problems;
        }
        writeln!(out, "{}: {}", report.name, line(finding))?;
    }
    match inspector.totals().untold {
        0 => Ok(()),
        more => writeln!(out, "{}: and {more} more of the same kinds", report.name),
    }
}

fn line(finding: &Finding) -> String {
    let (what, then) = finding_words(finding, &[], Recovery::Last);
    let offset = finding.offset.map_or_else(String::new, |offset| format!(", offset {offset}"));
    format!("byte {}{offset}: {}: {what} {then}", finding.position, finding.wrong.name())
}

fn read(mut file: &File, at: u64, bytes: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(at))?;
    let mut piece = Vec::new();
    file.take(bytes).read_to_end(&mut piece)?;
    Ok(piece)
}
