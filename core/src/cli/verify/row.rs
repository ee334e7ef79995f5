//! One row, and what was found to differ in it.

use std::fmt;

/// The most characters of an input or a value that are printed.
const SHOWN_CHARS: usize = 200;

/// A column whose value is not what the lab computes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    column: String,
    expected: String,
    got: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, got {}", self.column, shortened(&self.expected), shortened(&self.got))
    }
}

/// A row's input, and its differing columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Checks {
    input: String,
    differences: Vec<Difference>,
}

impl Checks {
    pub(super) fn new(input: impl Into<String>) -> Checks {
        Checks { input: input.into(), differences: Vec::new() }
    }

    /// What was put in, shortened.
    pub(super) fn input(&self) -> String {
        shortened(&self.input)
    }

    pub(super) fn differences(&self) -> &[Difference] {
        &self.differences
    }

    /// Notes the column if the two differ.
    pub(super) fn compare(&mut self, column: &str, expected: impl ToString, got: impl ToString) {
        let (expected, got) = (expected.to_string(), got.to_string());
        if expected != got {
            self.differences.push(Difference { column: column.to_owned(), expected, got });
        }
    }

    /// Notes a row that could not be read, or not be computed.
    pub(super) fn fail(&mut self, column: &str, expected: impl ToString, got: impl ToString) {
        let (expected, got) = (expected.to_string(), got.to_string());
        self.differences.push(Difference { column: column.to_owned(), expected, got });
    }
}

/// A row of a CSV file, by column.
#[derive(Clone, Debug)]
pub(super) struct CsvRow {
    cells: Vec<(String, String)>,
}

impl CsvRow {
    pub(super) fn new(head: &str, line: &str) -> Result<CsvRow, Checks> {
        let (columns, values) = (split(head), split(line));
        if columns.len() != values.len() {
            let mut checks = Checks::new(line);
            checks.fail("columns", columns.len(), values.len());
            return Err(checks);
        }
        Ok(CsvRow { cells: columns.into_iter().zip(values).collect() })
    }

    /// The column's value; empty if there is no such column, which the file's first line has ruled out.
    pub(super) fn get(&self, column: &str) -> &str {
        self.cells.iter().find(|(name, _)| name == column).map_or("", |(_, value)| value)
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = (&str, &str)> {
        self.cells.iter().map(|(column, value)| (column.as_str(), value.as_str()))
    }

    /// Notes every column that nobody has compared.
    pub(super) fn only(&self, known: &[&str], checks: &mut Checks) {
        for (column, value) in self.cells().filter(|(column, _)| !known.contains(column)) {
            checks.fail(column, value, "a column that this version does not compare");
        }
    }
}

/// A line's cells, quoted ones too.
fn split(line: &str) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
    let record = reader.records().next().and_then(Result::ok).unwrap_or_default();
    record.iter().map(str::to_owned).collect()
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}… ({} characters)", text.get(..end).unwrap_or_default(), text.chars().count()),
        None => text.to_owned(),
    }
}
