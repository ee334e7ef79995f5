//! The lines of Kafka's dump tool for an `.index`: its entries, and where the log's batches end at other offsets.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::beside::{Beside, problem};
use super::log_beside::{IndexStops, LogBeside, last_offset};
use super::problems::Report;
use crate::ids::Offset;
use crate::log::{OFFSET_ENTRY_BYTES, absolute, raw_entry};

/// The tool's own limit, `--max-message-size`.
const BATCH_BYTES_MAX: u64 = 5 * 1024 * 1024;

/// Prints an index.
pub(super) fn dump(
    base_offset: Offset,
    file: Beside<'_>,
    out: &mut dyn Write,
    report: &mut Report<'_>,
) -> io::Result<()> {
    let (entries, _) = file.bytes.as_chunks::<OFFSET_ENTRY_BYTES>();
    let mut log = match LogBeside::open(file.path) {
        Ok(log) => log,
        Err(stops) => return report.tell(stops),
    };
    if entries.is_empty() {
        writeln!(out, "{} is empty.", report.name)?;
    }
    let mut mismatches = BTreeMap::new();
    for (number, entry) in entries.iter().enumerate() {
        let at = number * OFFSET_ENTRY_BYTES;
        let (above_base, position) = raw_entry(entry);
        // The first zero is taken for an entry, though it may be room; a later one ends the index.
        if above_base == 0 && number > 0 {
            break;
        }
        let offset = absolute(above_base, base_offset);
        let in_log = match last_offset_at(&mut log, at, position) {
            Ok(in_log) => in_log,
            Err(stops) => return report.tell(stops),
        };
        if in_log != offset {
            mismatches.insert(offset, in_log);
            if *entry != [0; OFFSET_ENTRY_BYTES] {
                let place = format!("the last of the batch at position {position}");
                report.tell(format_args!("byte {at}: offset: found {offset}, expected {in_log}, {place}"))?;
            }
        }
        writeln!(out, "offset: {offset} position: {position}")?;
    }
    if !mismatches.is_empty() {
        writeln!(out, "Mismatches in :{}", report.name)?;
    }
    for (offset, in_log) in mismatches.iter().rev() {
        writeln!(out, "  Index offset: {offset}, log offset: {in_log}")?;
    }
    problem(file).map_or(Ok(()), |problem| report.tell(problem))
}

fn last_offset_at(log: &mut LogBeside, at: usize, position: i32) -> Result<Offset, IndexStops> {
    last_offset(&log.batch_at(at + 4, position, BATCH_BYTES_MAX)?)
}
