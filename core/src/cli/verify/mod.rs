//! `kafka-lab verify FILE…`: rows of inputs and of what Kafka's own classes answered, compared with what the lab
//! computes. A file is known by its columns.

mod batches;
mod checksums;
mod keys;
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
    /// Files with the columns of batches.jsonl, varints.csv, crc32c.csv or murmur2.csv.
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

/// The kinds of vector files that this version knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Table {
    Batches,
    Varints,
    Crc32c,
    Murmur2,
}

impl Table {
    /// By the first line: a JSON object's names, or a CSV header.
    fn of_first_line(line: &str) -> Option<Table> {
        if let Ok(Value::Object(object)) = serde_json::from_str(line) {
            let has = |name: &&str| object.contains_key(*name);
            return ["what", "hex", "records", "crc"].iter().all(has).then_some(Table::Batches);
        }
        let columns: Vec<&str> = line.trim().split(',').collect();
        let has = |name: &&str| columns.contains(name);
        if ["kind", "value", "bytes_hex", "size"].iter().all(has) {
            Some(Table::Varints)
        } else if ["bytes_hex", "crc32c"].iter().all(has) {
            Some(Table::Crc32c)
        } else if ["key_hex", "murmur2", "to_positive"].iter().all(has) {
            Some(Table::Murmur2)
        } else {
            None
        }
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
        let known = "batches.jsonl, varints.csv, crc32c.csv, murmur2.csv";
        writeln!(streams.err, "kafka-lab: {shown}: its columns are not known yet; known are those of {known}")?;
        return Ok(Exit::Usage);
    };
    let mut rows = 0_usize;
    let mut differing = 0_usize;
    for (number, line) in rows_of(table, &text) {
        rows += 1;
        let checks = check_row(table, &text, line);
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

/// The rows with their line numbers, 1 for the first line; a CSV file's first line names its columns.
fn rows_of(table: Table, text: &[String]) -> impl Iterator<Item = (usize, &str)> {
    let head = usize::from(table != Table::Batches);
    text.iter().enumerate().skip(head).map(|(index, line)| (index + 1, line.as_str()))
}

fn check_row(table: Table, text: &[String], line: &str) -> Checks {
    if table == Table::Batches {
        return batches::check(line);
    }
    let row = match CsvRow::new(text.first().map_or("", String::as_str), line) {
        Ok(row) => row,
        Err(checks) => return checks,
    };
    match table {
        Table::Varints => varints::check(&row),
        Table::Crc32c => checksums::check(&row),
        Table::Batches | Table::Murmur2 => keys::check(&row),
    }
}
