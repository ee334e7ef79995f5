//! The lines of Kafka's dump tool for a `.timeindex`: its entries, and what the log says else.

use std::io::{self, Read, Write};

use super::beside::{Beside, problem};
use super::log_beside::{IndexStops, LogBeside, last_offset, max_timestamp_ms, open, stated_max_timestamp_ms};
use super::problems::Report;
use crate::ids::Offset;
use crate::log::{OFFSET_ENTRY_BYTES, TIME_ENTRY_BYTES, TimeEntry, absolute, raw_entry};

/// So many entries at the end of an index are looked at first (Kafka: `AbstractIndex.warmEntries`).
const WARM_ENTRIES: usize = 8192 / OFFSET_ENTRY_BYTES;

/// What an entry says, beside what the log or the entry before it says.
type Pair<T> = (T, T);

/// What Kafka's tool lists behind the entries.
#[derive(Debug, Default)]
struct Errors {
    mismatches: Vec<Pair<i64>>,
    out_of_order: Vec<Pair<i64>>,
    not_found: Vec<Pair<Offset>>,
}

/// Prints an index.
pub(super) fn dump(
    base_offset: Offset,
    file: Beside<'_>,
    out: &mut dyn Write,
    report: &mut Report<'_>,
) -> io::Result<()> {
    let mut check = match Check::new(base_offset, file) {
        Ok(check) => check,
        Err(stops) => return report.tell(stops),
    };
    let mut errors = Errors::default();
    let mut before_ms = -1;
    let (entries, _) = file.bytes.as_chunks::<TIME_ENTRY_BYTES>();
    for (number, bytes) in entries.iter().enumerate() {
        let entry = TimeEntry::read(bytes, base_offset);
        // The first zero is taken for an entry, though it may be room; a later one ends the index.
        if entry.offset == base_offset && number > 0 {
            break;
        }
        let at = number * TIME_ENTRY_BYTES;
        let complaint = match check.entry(at, entry, before_ms, &mut errors) {
            Ok(complaint) => complaint,
            Err(stops) => return report.tell(stops),
        };
        if let Some(complaint) = complaint.filter(|_| *bytes != [0; TIME_ENTRY_BYTES]) {
            report.tell(complaint)?;
        }
        writeln!(out, "timestamp: {} offset: {}", entry.timestamp_ms, entry.offset)?;
        before_ms = entry.timestamp_ms;
    }
    errors.print(report.name, out)?;
    problem(file).map_or(Ok(()), |problem| report.tell(problem))
}

/// The other files of the segment.
struct Check {
    base_offset: Offset,
    log: LogBeside,
    offset_index: Vec<u8>,
}

impl Check {
    fn new(base_offset: Offset, file: Beside<'_>) -> Result<Check, IndexStops> {
        let log = LogBeside::open(file.path)?;
        let mut offset_index = Vec::new();
        let read = open(file.path, ".index")?.read_to_end(&mut offset_index);
        read.map_err(|_| IndexStops::NoFile { suffix: ".index" })?;
        Ok(Check { base_offset, log, offset_index })
    }

    /// Compares an entry with the log. Says what is wrong with it.
    fn entry(
        &mut self,
        at: usize,
        entry: TimeEntry,
        before_ms: i64,
        errors: &mut Errors,
    ) -> Result<Option<String>, IndexStops> {
        let position = lookup(&self.offset_index, self.base_offset, entry.offset);
        let batch = self.log.find(at + 8, position, entry.offset)?;
        let found = batch.as_ref().map_or(Ok(Offset(-1)), last_offset)?;
        let Some(batch) = batch.filter(|_| found == entry.offset) else {
            errors.not_found.push((entry.offset, found));
            let place = at + 8;
            return Ok(Some(format!("byte {place}: offset: found {}, expected the last of a batch", entry.offset)));
        };
        let max_ms = max_timestamp_ms(&batch)?;
        if before_ms >= entry.timestamp_ms {
            errors.out_of_order.push((entry.timestamp_ms, before_ms));
        }
        if max_ms == entry.timestamp_ms {
            return Ok(None);
        }
        errors.mismatches.push((entry.timestamp_ms, max_ms));
        // Compaction takes records and leaves the header as it was: an index may be right where the tool complains.
        let (found, expected) = (entry.timestamp_ms, stated_max_timestamp_ms(&batch).unwrap_or(max_ms));
        let complaint = format!("byte {at}: timestamp: found {found}, expected {expected}, the largest of the batch");
        Ok(Some(complaint).filter(|_| found != expected))
    }
}

impl Errors {
    fn print(&self, name: &str, out: &mut dyn Write) -> io::Result<()> {
        if !self.mismatches.is_empty() {
            writeln!(out, "Found timestamp mismatch in :{name}")?;
        }
        for (index, log) in &self.mismatches {
            writeln!(out, "  Index timestamp: {index}, log timestamp: {log}")?;
        }
        if !self.out_of_order.is_empty() {
            writeln!(out, "Found out of order timestamp in :{name}")?;
        }
        for (index, before) in &self.out_of_order {
            writeln!(out, "  Index timestamp: {index}, Previously indexed timestamp: {before}")?;
        }
        if !self.not_found.is_empty() {
            writeln!(out, "The following indexed offsets are not found in :{name}")?;
        }
        for (index, log) in &self.not_found {
            writeln!(out, "Indexed offset: {index}, found log offset: {log}")?;
        }
        Ok(())
    }
}

/// The position that the offset index has for an offset (Kafka: `AbstractIndex.largestLowerBoundSlotFor`). With room
/// behind the entries, or in a wrong order, another search would find another one: so it is done step by step.
fn lookup(offset_index: &[u8], base_offset: Offset, target: Offset) -> i32 {
    let (entries, _) = offset_index.as_chunks::<OFFSET_ENTRY_BYTES>();
    let entry = |slot: usize| {
        let (above_base, position) = entries.get(slot).map_or((0, 0), raw_entry);
        (absolute(above_base, base_offset), position)
    };
    let Some(last) = entries.len().checked_sub(1) else { return 0 };
    let first_warm = last.saturating_sub(WARM_ENTRIES);
    let (mut low, mut high) = if entry(first_warm).0 < target {
        (first_warm, last)
    } else if entry(0).0 > target {
        return 0;
    } else {
        (0, first_warm)
    };
    while low < high {
        let middle = (low + high).div_ceil(2);
        let (found, position) = entry(middle);
        match found.cmp(&target) {
            std::cmp::Ordering::Greater => high = middle - 1,
            std::cmp::Ordering::Less => low = middle,
            std::cmp::Ordering::Equal => return position,
        }
    }
    entry(low).1
}
