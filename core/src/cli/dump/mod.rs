//! `kafka-lab dump FILE…`: what Kafka's `DumpLogSegments` prints for each file when it is run on that file alone with
//! `--deep-iteration --print-data-log`, line for line, under the file's base name.
//!
//! Where Kafka's tool throws an exception, the lines up to there are equal, and the problem is told on standard error
//! with its place, what was found and what was expected.
//!
//! Segments that lie in a folder of an internal topic, and snapshots, are printed with that topic's decoder.

mod beside;
mod control;
mod entries;
mod findings;
mod gaps;
mod index;
mod internal;
mod jackson;
mod json;
mod lines;
mod log_beside;
mod name;
mod problems;
mod time_index;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Exit, Streams};
use beside::Beside;
use entries::Entries;
use name::Kind;
use problems::{DumpProblem, Report};

/// The command's arguments.
#[derive(Debug, Args)]
pub struct DumpArgs {
    /// Log segments (.log) with their indexes (.index, .timeindex, .txnindex), producer snapshots (.snapshot) and KRaft
    /// snapshots (.checkpoint).
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Print one JSON object a line instead: a file, a batch with its records, or a problem.
    #[arg(long)]
    json: bool,
    /// Print instead what is wrong with each file: where, what, and what a broker makes of it.
    #[arg(long, conflicts_with = "json")]
    findings: bool,
}

/// How a file is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Lines,
    Json,
    Findings,
}

pub(super) fn run(args: &DumpArgs, streams: &mut Streams<'_>) -> io::Result<Exit> {
    let mut exit = Exit::Fine;
    let manner = match (args.json, args.findings) {
        (true, _) => Manner::Json,
        (_, true) => Manner::Findings,
        _ => Manner::Lines,
    };
    for path in &args.files {
        exit = exit.max(dump_file(path, manner, streams)?);
        streams.out.flush()?;
    }
    Ok(exit)
}

fn dump_file(path: &Path, manner: Manner, streams: &mut Streams<'_>) -> io::Result<Exit> {
    let base_name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let file = match open(path) {
        Ok(file) => file,
        Err(error) => {
            writeln!(streams.err, "kafka-lab: {}: cannot read: {error}", path.display())?;
            return Ok(Exit::Usage);
        }
    };
    let kind = match name::kind_of(&base_name) {
        Ok(kind) => kind,
        Err(refusal) => {
            // Kafka's tool names every file before it looks what it is.
            if manner == Manner::Lines {
                writeln!(streams.out, "Dumping {base_name}")?;
            }
            writeln!(streams.err, "kafka-lab: {base_name}: {refusal}")?;
            return Ok(refusal.exit());
        }
    };
    let mut report = Report { name: &base_name, err: streams.err, exit: Exit::Fine };
    match (kind, manner) {
        (Kind::Log(kind), Manner::Lines) => {
            let topic = internal::topic_of(path, kind);
            lines::dump(kind, topic, Entries::new(file)?, streams.out, &mut report)?;
        }
        (Kind::Log(kind), Manner::Json) => {
            let topic = internal::topic_of(path, kind);
            json::dump(kind, topic, Entries::new(file)?, streams.out, &mut report)?;
        }
        (Kind::Log(_), Manner::Findings) => findings::dump(&file, streams.out, &mut report)?,
        (Kind::Beside(kind), manner) => {
            let bytes = match read(file) {
                Ok(bytes) => bytes,
                Err(error) => {
                    report.tell(DumpProblem::Unreadable { at: 0, why: error.kind() })?;
                    return Ok(report.exit);
                }
            };
            beside::dump(Beside { kind, path, bytes: &bytes }, manner, streams.out, &mut report)?;
        }
    }
    Ok(report.exit)
}

fn read(mut file: File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Opens a file, and not a folder.
fn open(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    Ok(file)
}
