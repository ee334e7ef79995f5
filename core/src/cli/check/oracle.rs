//! `kafka-lab check l0 --oracle FILE…`: rows of what TLC counted, each counted anew.
//!
//! Two kinds of file: one with `spec,constants,invariant,result,distinct_states,depth` among its columns, and one with
//! `spec,constants,level,new_distinct_states`.

use super::count::Counted;
use super::l0::verdict;
use crate::checker::spec::{Constants, Invariant, Protocol, Spec};
use crate::cli::{Exit, Streams};
use csv::StringRecord;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A row that could not be judged, or is not equal: what was found, and what was expected.
type Differs = String;

/// The counts of the models that rows have asked for.
#[derive(Debug, Default)]
struct Counts {
    known: Vec<(Spec, Constants, Counted)>,
}

impl Counts {
    fn of(&mut self, spec: Spec, constants: Constants, err: &mut dyn Write) -> &Counted {
        let at = self.known.iter().position(|(known, size, _)| (*known, *size) == (spec, constants));
        let at = at.unwrap_or_else(|| {
            writeln!(err, "{spec}, {constants}").ok();
            let counted = Counted::new(Protocol::new(spec, constants), |search| {
                writeln!(err, "  {} states found, {} still to be looked at", search.states(), search.waiting()).ok();
            });
            self.known.push((spec, constants, counted));
            self.known.len() - 1
        });
        &self.known[at].2
    }
}

/// The columns of a file, by their place in a row.
#[derive(Clone, Copy, Debug)]
enum Columns {
    States { spec: usize, constants: usize, invariant: usize, result: usize, states: usize, depth: usize },
    Levels { spec: usize, constants: usize, level: usize, states: usize },
}

impl Columns {
    fn of(header: &StringRecord) -> Option<Columns> {
        let column = |name: &str| header.iter().position(|known| known.trim() == name);
        let (spec, constants) = (column("spec")?, column("constants")?);
        if let (Some(level), Some(states)) = (column("level"), column("new_distinct_states")) {
            return Some(Columns::Levels { spec, constants, level, states });
        }
        Some(Columns::States {
            spec,
            constants,
            invariant: column("invariant")?,
            result: column("result")?,
            states: column("distinct_states")?,
            depth: column("depth")?,
        })
    }

    fn model(self, row: &StringRecord) -> Result<(Spec, Constants), Differs> {
        let (Columns::States { spec, constants, .. } | Columns::Levels { spec, constants, .. }) = self;
        let (name, text) = (field(row, spec), field(row, constants));
        let spec = Spec::parse(name).ok_or_else(|| format!("there is no module '{name}'"))?;
        Ok((spec, Constants::parse(text).map_err(|problem| problem.to_string())?))
    }
}

fn field(row: &StringRecord, column: usize) -> &str {
    row.get(column).unwrap_or_default().trim()
}

pub(super) fn run(files: &[PathBuf], streams: &mut Streams<'_>) -> io::Result<Exit> {
    let (mut rows, mut equal) = (0_usize, 0_usize);
    let mut exit = Exit::Fine;
    let mut counts = Counts::default();
    for file in files {
        match judge(file, &mut counts, streams)? {
            Ok((in_file, equal_in_file)) => {
                rows += in_file;
                equal += equal_in_file;
            }
            Err(problem) => {
                writeln!(streams.err, "kafka-lab: {}: {problem}", file.display())?;
                exit = Exit::Usage;
            }
        }
    }
    writeln!(streams.out, "{equal} of {rows} rows equal")?;
    Ok(if equal < rows { exit.max(Exit::Problems) } else { exit })
}

/// How many rows a file has, and how many are equal; or why it can't be read.
fn judge(file: &Path, counts: &mut Counts, streams: &mut Streams<'_>) -> io::Result<Result<(usize, usize), String>> {
    let mut reader = match csv::Reader::from_path(file) {
        Ok(reader) => reader,
        Err(error) => return Ok(Err(format!("cannot read: {error}"))),
    };
    let columns = match reader.headers() {
        Ok(header) => Columns::of(header),
        Err(error) => return Ok(Err(format!("cannot read: {error}"))),
    };
    let Some(columns) = columns else {
        let states = "spec, constants, invariant, result, distinct_states, depth";
        return Ok(Err(format!("expected the columns {states}, or spec, constants, level, new_distinct_states")));
    };
    let (mut rows, mut equal) = (0, 0);
    let mut levels: Vec<(Spec, Constants, usize)> = Vec::new();
    for (index, row) in reader.records().enumerate() {
        rows += 1;
        let differs = match &row {
            Ok(row) => compare(columns, row, &mut levels, counts, streams.err).err(),
            Err(error) => Some(format!("cannot read: {error}")),
        };
        match differs {
            None => equal += 1,
            Some(differs) => {
                let line = row.ok().and_then(|row| row.position().map(csv::Position::line)).unwrap_or(index as u64 + 2);
                writeln!(streams.out, "{}:{line}: {differs}", file.display())?;
            }
        }
    }
    // A level that no row names is a level that TLC did not find.
    for (spec, constants, last) in levels {
        let depth = counts.of(spec, constants, streams.err).depth();
        if last < depth {
            rows += 1;
            let file = file.display();
            writeln!(streams.out, "{file}: {spec}, {constants}: expected {last} levels, got {depth}")?;
        }
    }
    Ok(Ok((rows, equal)))
}

fn compare(
    columns: Columns,
    row: &StringRecord,
    levels: &mut Vec<(Spec, Constants, usize)>,
    counts: &mut Counts,
    err: &mut dyn Write,
) -> Result<(), Differs> {
    let (spec, constants) = columns.model(row)?;
    let counted = counts.of(spec, constants, err);
    match columns {
        Columns::Levels { level, states, .. } => {
            let number = whole(row, level)?;
            match levels.iter_mut().find(|known| (known.0, known.1) == (spec, constants)) {
                Some(known) => known.2 = known.2.max(number),
                None => levels.push((spec, constants, number)),
            }
            let found = number.checked_sub(1).and_then(|index| counted.levels.get(index)).copied().unwrap_or(0);
            same("new_distinct_states", field(row, states), found)
        }
        Columns::States { invariant, result, states, depth, .. } => {
            let (name, result) = (field(row, invariant), field(row, result));
            if let Some(name) = name.strip_suffix("(stop at first)") {
                // What TLC had counted when it stopped depends on its order; how long the run is does not.
                return same("result", result, first(counted, invariant_of(name.trim())?));
            }
            if name.starts_with("(none") {
                same("result", result, "state space exhausted")?;
            } else {
                same("result", result, verdict(counted, invariant_of(name)?))?;
            }
            same("distinct_states", field(row, states), counted.states())?;
            same("depth", field(row, depth), counted.depth())
        }
    }
}

/// What TLC says when it stops at the first state that breaks an invariant.
fn first(counted: &Counted, invariant: Invariant) -> String {
    counted.violated(invariant).map_or_else(
        || "holds".to_owned(),
        |violated| format!("violated; TLC trace of {} states ({} steps)", violated.level, violated.level - 1),
    )
}

fn invariant_of(name: &str) -> Result<Invariant, Differs> {
    Invariant::parse(name).ok_or_else(|| format!("there is no invariant '{name}'"))
}

fn whole(row: &StringRecord, column: usize) -> Result<usize, Differs> {
    let text = field(row, column);
    text.parse().map_err(|_| format!("expected a whole number, found '{text}'"))
}

fn same(column: &str, expected: &str, got: impl ToString) -> Result<(), Differs> {
    let got = got.to_string();
    if expected == got { Ok(()) } else { Err(format!("{column}: expected {expected}, got {got}")) }
}
