//! `kafka-lab verify FILE…`: rows of inputs and of what Kafka's own classes answered, compared with what the lab
//! computes. A file is known by its columns.

mod batches;
mod checksums;
mod config;
mod election;
mod epoch_cache;
mod fetch;
mod fields;
mod index;
mod keys;
mod log_ops;
mod partition;
mod producer;
mod retention;
mod row;
mod varints;

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use super::{Exit, Streams};
use row::{Checks, CsvRow};

/// How many differing rows are printed unless all are asked for.
const PRINTED_ROWS: usize = 3;

/// The command's arguments.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Files of inputs and answers. What each is, its columns tell.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Print every row that differs, not only the first three.
    #[arg(long)]
    all: bool,
}

pub(super) fn run(args: &VerifyArgs, streams: &mut Streams<'_>) -> io::Result<Exit> {
    let mut exit = Exit::Fine;
    for path in &args.files {
        exit = exit.max(verify_file(path, args.all, streams)?);
    }
    Ok(exit)
}

/// A kind of vector file that this version knows.
#[derive(Debug)]
struct Table {
    /// The file's name in the documentation of the vectors.
    name: &'static str,
    /// It is known by having these columns, or fields in its first row.
    columns: &'static [&'static str],
    check: Check,
}

/// How a row is judged: a JSON object a line, or a row of a CSV file whose first line names the columns.
#[derive(Clone, Copy, Debug)]
enum Check {
    Json(fn(&str) -> Checks),
    Csv(fn(&CsvRow) -> Checks),
}

const TABLES: &[Table] = &[
    json("batches.jsonl", &["what", "hex", "records", "crc"], batches::check),
    json("epoch_cache.jsonl", &["ops", "end_offset_for", "epoch_for_offset", "prev_next"], epoch_cache::check),
    csv("election.csv", &["replicas", "isr", "elr", "last_known_elr", "election"], election::check),
    json("retention.jsonl", &["ops", "cleanup_policy", "retention_ms", "retention_bytes"], retention::check),
    json("index.jsonl", &["index_interval_bytes", "batches", "lookup", "translate"], index::check),
    json("partition.jsonl", &["ops", "replicas", "min_insync_replicas", "log_end_at_start"], partition::check),
    json("fetch.jsonl", &["segments", "batches", "epoch_ends", "fetches"], fetch::check),
    json("producer.jsonl", &["ops", "verification", "state", "aborted"], producer::check),
    json(
        "log_ops.jsonl",
        &["ops", "segment_bytes", "segment_ms", "max_message_bytes", "timestamp_type"],
        log_ops::check,
    ),
    json("config.jsonl", &["kind", "set", "props", "accepted"], config::check),
    csv("varints.csv", &["kind", "value", "bytes_hex", "size"], varints::check),
    csv("crc32c.csv", &["bytes_hex", "crc32c"], checksums::check),
    csv("murmur2.csv", &["key_hex", "murmur2", "to_positive"], keys::check),
];

const fn json(name: &'static str, columns: &'static [&'static str], check: fn(&str) -> Checks) -> Table {
    Table { name, columns, check: Check::Json(check) }
}

const fn csv(name: &'static str, columns: &'static [&'static str], check: fn(&CsvRow) -> Checks) -> Table {
    Table { name, columns, check: Check::Csv(check) }
}

impl Table {
    /// By the first line: a JSON object's names, or a CSV header.
    fn of_first_line(line: &str) -> Option<&'static Table> {
        let object = match serde_json::from_str(line) {
            Ok(Value::Object(object)) => Some(object),
            _ => None,
        };
        let columns: Vec<&str> = line.trim().split(',').collect();
        TABLES.iter().find(|table| match (table.check, &object) {
            (Check::Json(_), Some(object)) => table.columns.iter().all(|name| object.contains_key(*name)),
            (Check::Csv(_), None) => table.columns.iter().all(|name| columns.contains(name)),
            (Check::Json(_), None) | (Check::Csv(_), Some(_)) => false,
        })
    }
}

fn verify_file(path: &Path, all: bool, streams: &mut Streams<'_>) -> io::Result<Exit> {
    let shown = path.display();
    let text = match read_lines(path) {
        Ok(text) => text,
        Err(error) => {
            writeln!(streams.err, "kafka-lab: {shown}: cannot read: {error}")?;
            return Ok(Exit::Usage);
        }
    };
    let Some(table) = text.first().and_then(|line| Table::of_first_line(line)) else {
        let known = TABLES.iter().map(|table| table.name).collect::<Vec<_>>().join(", ");
        writeln!(streams.err, "kafka-lab: {shown}: its columns are not known yet; known are those of {known}")?;
        return Ok(Exit::Usage);
    };
    let mut rows = 0_usize;
    let mut differing = 0_usize;
    for (number, line) in rows_of(table.check, &text) {
        rows += 1;
        let checks = check_row(table.check, &text, line);
        if checks.differences().is_empty() {
            continue;
        }
        differing += 1;
        if all || differing <= PRINTED_ROWS {
            writeln!(streams.out, "{shown}:{number}: {} differs", checks.input())?;
            for difference in checks.differences() {
                writeln!(streams.out, "  {difference}")?;
            }
        }
    }
    if differing > PRINTED_ROWS && !all {
        writeln!(streams.out, "{shown}: {} more rows differ (--all prints them)", differing - PRINTED_ROWS)?;
    }
    writeln!(streams.out, "{shown}: {} of {rows}", rows - differing)?;
    Ok(if differing == 0 { Exit::Fine } else { Exit::Problems })
}

/// The file's lines; a column may be empty, so only lines of nothing at the end are dropped.
fn read_lines(path: &Path) -> io::Result<Vec<String>> {
    let mut lines = BufReader::new(File::open(path)?).lines().collect::<io::Result<Vec<String>>>()?;
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    Ok(lines)
}

/// The rows with their line numbers, 1 for the first line.
fn rows_of(check: Check, text: &[String]) -> impl Iterator<Item = (usize, &str)> {
    let head = usize::from(matches!(check, Check::Csv(_)));
    text.iter().enumerate().skip(head).map(|(index, line)| (index + 1, line.as_str()))
}

fn check_row(check: Check, text: &[String], line: &str) -> Checks {
    match check {
        Check::Json(check) => check(line),
        Check::Csv(check) => match CsvRow::new(text.first().map_or("", String::as_str), line) {
            Ok(row) => check(&row),
            Err(checks) => checks,
        },
    }
}
