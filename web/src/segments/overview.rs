//! What a folder holds, as tables: its segments, leader epochs, transactions, producers.

use kafka_lab::ids::Offset;
use kafka_lab::inspect::{EpochRow, Outcome, ProducerRow, SegmentRow, Sequence, SideView, TransactionRow, side_name};
use kafka_lab::words::counted;

use super::reading::Reading;
use super::words;
use crate::markup::{El, Markup, el, live, many};
use crate::reactive::*;

/// The tables of each folder, once all of it was read; what there is nothing of is left out.
pub(super) fn overview(reading: Reading) -> Markup {
    live(move || {
        let sides = reading.overview.get().map(|overview| overview.sides.clone()).unwrap_or_default();
        let are_two = sides.len() > 1;
        (0..).zip(sides).map(|(number, side)| folder(number, &side, are_two)).collect::<Vec<El>>()
    })
}

fn folder(number: u8, side: &SideView, are_two: bool) -> El {
    let title = |name: &str| if are_two { format!("{name}, {}", side_name(number)) } else { name.to_owned() };
    let table = |name: &str, columns: &[&'static str], rows: Vec<Vec<String>>| {
        (!rows.is_empty()).then(|| section(title(name), None, columns, rows))
    };
    // One segment is what the page begins with already.
    let segments = side.segments.iter().filter(|_| side.segments.len() > 1).map(segment).collect();
    let snapshot = side.snapshot_at.map(|at| format!("{} {at}.", words::SNAPSHOT_AT));
    let producers: Vec<Vec<String>> = side.producers.iter().map(producer).collect();
    let producers = (!producers.is_empty())
        .then(|| section(title(words::PRODUCERS), snapshot, &words::PRODUCER_COLUMNS, producers));
    let left_out = (side.left_out > 0).then(|| format!("{} {}", counted(side.left_out), words::ROWS_LEFT_OUT));
    let not_read =
        (!side.passed_over.is_empty()).then(|| format!("{} {}", words::NOT_READ, side.passed_over.join(", ")));
    el("div")
        .class("segments-page")
        .child(marks(side).map(|marks| el("p").class("note data").child(title(&marks))))
        .child(table(words::SEGMENTS, &words::SEGMENT_COLUMNS, segments))
        .child(table(words::EPOCHS, &words::EPOCH_COLUMNS, side.epochs.iter().map(epoch).collect()))
        .child(table(
            words::TRANSACTIONS,
            &words::TRANSACTION_COLUMNS,
            side.transactions.iter().map(transaction).collect(),
        ))
        .child(producers)
        .child(many([left_out, not_read].into_iter().flatten().map(|said| el("p").class("note").child(said))))
}

/// A heading and a table that scrolls sideways where it is too wide.
pub(super) fn section(title: String, note: Option<String>, columns: &[&'static str], rows: Vec<Vec<String>>) -> El {
    let heads = columns.iter().map(|name| el("th").attr("scope", "col").child(*name));
    let rows = rows.into_iter().map(|row| {
        let mut cells = row.into_iter();
        let first = el("th").attr("scope", "row").child(cells.next().unwrap_or_default());
        el("tr").child(first).child(many(cells.map(|cell| el("td").child(cell))))
    });
    let table = el("table")
        .class("fields data")
        .child(el("thead").child(el("tr").child(many(heads))))
        .child(el("tbody").child(many(rows)));
    el("section")
        .child(el("h2").child(title.clone()))
        .child(note.map(|note| el("p").class("note").child(note)))
        .child(wide(title, table))
}

pub(super) fn wide(label: String, table: El) -> El {
    let wide = el("div").class("segments-wide").attr("tabindex", "0").attr("role", "group");
    wide.attr("aria-label", label).child(table)
}

fn marks(side: &SideView) -> Option<String> {
    let offsets = [side.log_start, side.recovery_point, side.high_watermark, side.last_stable, side.log_end];
    let said: Vec<String> = words::MARKS
        .iter()
        .zip(offsets)
        .filter_map(|(name, offset)| offset.map(|offset| format!("{name} {offset}")))
        .collect();
    (!said.is_empty()).then(|| said.join(" \u{b7} "))
}

fn range((first, last): (Offset, Offset)) -> String {
    if first == last { first.to_string() } else { format!("{first}\u{2013}{last}") }
}

fn segment(row: &SegmentRow) -> Vec<String> {
    let entries = |entries: Option<u64>| match entries {
        Some(entries) => format!("{} {}", counted(entries), words::ENTRIES),
        None => words::NO_FILE.to_owned(),
    };
    let [offsets, times] = row.entries;
    vec![
        row.name.clone(),
        counted(row.size_bytes),
        counted(row.batches),
        counted(row.records),
        row.offsets.map(range).unwrap_or_default(),
        entries(offsets),
        entries(times),
    ]
}

fn epoch(row: &EpochRow) -> Vec<String> {
    let start = row.checkpoint.map_or_else(|| words::NO_PRODUCER.to_owned(), |start| start.to_string());
    vec![row.epoch.to_string(), row.offsets.map_or_else(|| words::NO_PRODUCER.to_owned(), range), start]
}

fn transaction(row: &TransactionRow) -> Vec<String> {
    let [committed, aborted, open] = words::OUTCOMES;
    let ended = match row.outcome {
        Outcome::Committed => committed,
        Outcome::Aborted => aborted,
        Outcome::Open => open,
    };
    let offsets = row.last.map_or_else(|| format!("{}\u{2013}", row.first), |last| range((row.first, last)));
    vec![row.producer.to_string(), offsets, ended.to_owned()]
}

fn producer(row: &ProducerRow) -> Vec<String> {
    let none = |number: i64| if number < 0 { words::NO_PRODUCER.to_owned() } else { number.to_string() };
    let parts = |sequence: Sequence| {
        [sequence.epoch.to_string(), none(sequence.last_sequence.into()), none(sequence.last_offset)]
    };
    let shown = row.log.or(row.snapshot).map(parts).unwrap_or_default();
    let snapshot = match (row.log, row.snapshot) {
        (_, None) => words::NO_PRODUCER.to_owned(),
        (None, Some(_)) => words::NOT_IN_LOG.to_owned(),
        (Some(log), Some(snapshot)) if log == snapshot => words::SAME.to_owned(),
        (_, Some(snapshot)) => parts(snapshot).join(", "),
    };
    let mut cells = vec![row.producer.to_string()];
    cells.extend(shown);
    cells.push(snapshot);
    cells
}
