//! What a reader takes away: the overview, the findings and the records that were in view, as text or as JSON.

use std::fmt::Write;

use super::answer::{Told, Totals};
use super::folder::{Outcome, Overview, Sequence, SideView};
use super::records::RecordRow;
use super::time::iso_time;
use crate::ids::Offset;
use crate::words::counted;

/// Everything that is exported.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "json", derive(serde::Serialize))]
pub struct Report<'a> {
    pub sides: &'a [SideView],
    pub findings: &'a [Told],
    pub records: &'a [RecordRow],
}

impl<'a> Report<'a> {
    #[must_use]
    pub fn new(overview: &'a Overview, findings: &'a [Told], records: &'a [RecordRow]) -> Report<'a> {
        Report { sides: &overview.sides, findings, records }
    }

    /// As JSON, indented.
    #[cfg(feature = "json")]
    #[must_use]
    pub fn json(&self) -> String {
        // Names are texts and numbers are finite: it always can be written.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// As text, a fact a line.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        for side in self.sides {
            self.side(side, &mut out);
        }
        let _ = writeln!(out, "findings: {}", self.findings.len());
        for told in self.findings {
            let _ = writeln!(out, "  {}", self.finding(told));
        }
        if !self.records.is_empty() {
            let _ = writeln!(out, "records in view: {}", self.records.len());
        }
        for row in self.records {
            let null = || "null".to_owned();
            let (key, value) = (row.key.clone().unwrap_or_else(null), row.value.clone().unwrap_or_else(null));
            let _ = writeln!(out, "  {}\t{}\t{key}\t{value}", row.place.offset, iso_time(row.timestamp_ms));
        }
        out
    }

    /// "B/00000000000000000000.index: byte 8, offset 75: index out of order: …"
    #[must_use]
    pub fn finding(&self, told: &Told) -> String {
        let Told { kind, what, then, side, file, position, offset, .. } = told;
        let letter = super::side_name(*side);
        let place = match (file.as_str(), self.sides.len() > 1) {
            ("", _) => String::new(),
            (file, true) => format!("{letter}/{file}: byte {position}{}: ", at(*offset)),
            (file, false) => format!("{file}: byte {position}{}: ", at(*offset)),
        };
        format!("{place}{kind}: {what} {then}").trim_end().to_owned()
    }

    fn side(&self, side: &SideView, out: &mut String) {
        let Totals { batches, records, offsets, .. } = side.totals;
        let range = offsets.map_or_else(String::new, |(low, high)| format!(", offsets {low} to {high}"));
        let _ = writeln!(
            out,
            "{}: {} segments, {} bytes, {} batches, {} records{range}",
            side.name,
            side.segment_count,
            counted(side.size_bytes),
            counted(batches),
            counted(records)
        );
        let marks = [
            ("log start", side.log_start),
            ("recovery point", side.recovery_point),
            ("high watermark", side.high_watermark),
            ("last stable offset", side.last_stable),
            ("log end", side.log_end),
        ];
        for (name, offset) in marks {
            if let Some(offset) = offset {
                let _ = writeln!(out, "  {name}: {offset}");
            }
        }
        for row in &side.epochs {
            let offsets = row.offsets.map_or_else(|| ", no batch".to_owned(), |(a, b)| format!(", offsets {a} to {b}"));
            let checkpoint = row.checkpoint.map_or_else(String::new, |start| format!(", checkpoint {start}"));
            let _ = writeln!(out, "  leader epoch {}{offsets}{checkpoint}", row.epoch);
        }
        for row in &side.transactions {
            let (ended, last) = match row.outcome {
                Outcome::Committed => ("committed", row.last),
                Outcome::Aborted => ("aborted", row.last),
                Outcome::Open => ("open", None),
            };
            let last = last.map_or_else(String::new, |last| format!(" at {last}"));
            let _ = writeln!(out, "  transaction of producer {} from {}: {ended}{last}", row.producer, row.first);
        }
        for row in &side.producers {
            let log = row.log.map_or_else(|| "not in this log".to_owned(), sequence);
            let snapshot = row.snapshot.map(|snapshot| format!("; snapshot: {}", sequence(snapshot)));
            let _ = writeln!(out, "  producer {}: {log}{}", row.producer, snapshot.unwrap_or_default());
        }
        if side.left_out > 0 {
            let _ = writeln!(out, "  {} more rows are left out", counted(side.left_out));
        }
        for name in &side.passed_over {
            let _ = writeln!(out, "  not read: {name}");
        }
    }
}

fn at(offset: Option<Offset>) -> String {
    offset.map_or_else(String::new, |offset| format!(", offset {offset}"))
}

fn sequence(Sequence { epoch, last_sequence, last_offset }: Sequence) -> String {
    format!("epoch {epoch}, last sequence {last_sequence} at offset {last_offset}")
}
