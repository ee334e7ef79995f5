//! What stands on a file's tape beside its records: index entries, what differs from the other log, the high watermark
//! and the last stable offset where they are known, and which of two logs it is.

use kafka_lab::ids::Offset;
use kafka_lab::inspect::{Outcome, Part, TransactionRow, Window, side_name};

use crate::stage::Layout;
use crate::stage::element::number;
use crate::stage::layers::marks::{high_watermark, last_stable};
use crate::stage::layout::TapeRow;
use crate::stage::shape::{Anchor, Bounds, Line, Shape, TextStyle, point};

/// The height of the row of entries and differences, which lies under the epochs.
pub(super) const ROW_PX: f64 = 18.0;
/// The room before the first cell where two logs have their names.
pub(super) const NAME_PX: f64 = 24.0;

pub(super) fn marks(window: &Window, layout: &Layout) -> Vec<Shape> {
    let mut shapes = Vec::new();
    for part in &window.parts {
        let Some(row) = layout.tape_row(&part.tape.id) else { continue };
        if window.parts.len() > 1 {
            shapes.push(name(part, row, layout, window.first));
        }
        let side = part.side;
        let at = |offset: Offset| point(layout.x_from_offset(offset), row.epoch_top + layout.metrics.epoch_row);
        let [offsets, times] = &part.indexed;
        let middle = number(layout.metrics.cell_width / 2.0);
        shapes.extend(offsets.iter().map(|offset| {
            let key = format!("offset-entry/{side}/{offset}");
            Shape::new(key, at(*offset), "index-entry").path(format!("M{middle} 2V9"), "index-tick")
        }));
        shapes.extend(times.iter().map(|offset| {
            let ring = format!("M{middle} 3a3 3 0 1 1 0 6a3 3 0 1 1 0 -6z");
            let beside = point(at(*offset).x + 8.0, at(*offset).y);
            Shape::new(format!("time-entry/{side}/{offset}"), beside, "index-entry").path(ring, "index-ring")
        }));
        shapes.extend(part.differs.iter().map(|offset| {
            let bounds = Bounds { x: 0.0, y: 12.0, width: layout.metrics.cell_width, height: 4.0 };
            Shape::new(format!("differs/{side}/{offset}"), at(*offset), "differs").rect(bounds, 0.0, "differs-bar")
        }));
        let shows = |offset: Offset| window.first < offset && offset <= part.tape.log_end;
        let is_below = part.tape.high_watermark < part.tape.log_end && shows(part.tape.high_watermark);
        shapes.extend(is_below.then(|| high_watermark(&part.tape, row, layout)));
        let is_shown = part.tape.last_stable.is_some_and(|offset| window.first <= offset && offset < part.tape.log_end);
        shapes.extend(is_shown.then(|| last_stable(&part.tape, row, layout)).flatten());
    }
    // They are read in the table of the folder, and lead nowhere.
    shapes.iter_mut().for_each(|shape| shape.target = None);
    shapes
}

/// The lanes that transactions lie in under a tape, and how high each is. What finds no lane is in the table alone.
const LANES: usize = 3;
const LANE_PX: f64 = 6.0;

/// How much room the transactions of a window need.
pub(super) fn transactions_px(transactions: &[TransactionRow]) -> f64 {
    if transactions.is_empty() { 0.0 } else { LANES as f64 * LANE_PX }
}

/// Transactions as lines under their offsets, from the first record to the marker: those that overlap lie under each
/// other.
pub(super) fn transactions(window: &Window, rows: &[TransactionRow], layout: &Layout) -> Vec<Shape> {
    let Some(row) = window.parts.first().and_then(|part| layout.tape_row(&part.tape.id)) else { return Vec::new() };
    let mut ends = [Offset(i64::MIN); LANES];
    let mut shapes = Vec::new();
    for transaction in rows {
        let last = transaction.last.unwrap_or(Offset(i64::MAX));
        let Some(lane) = ends.iter().position(|end| *end < transaction.first) else { continue };
        ends[lane] = last;
        if last < window.first || window.end <= transaction.first {
            continue;
        }
        let from = layout.x_from_offset(transaction.first.max(window.first));
        let end = if last < window.end { Offset(last.0 + 1) } else { window.end };
        let y = row.epoch_top + layout.metrics.epoch_row + ROW_PX + lane as f64 * LANE_PX;
        let class = match transaction.outcome {
            Outcome::Committed => "transaction-committed",
            Outcome::Aborted => "transaction-aborted",
            Outcome::Open => "transaction-open",
        };
        let width = layout.border_x(end) - from - 3.0;
        let key = format!("transaction/{}/{}", transaction.producer, transaction.first);
        shapes.push(Shape::new(key, point(from, y), "transaction-line").path(format!("M0 2H{}", number(width)), class));
    }
    shapes
}

/// Which of two logs it is, before its first cell.
fn name(part: &Part, row: &TapeRow, layout: &Layout, first: Offset) -> Shape {
    let at = point(layout.x_from_offset(first), (row.cell_top + row.cell_bottom) / 2.0);
    let line = Line {
        at: point(-NAME_PX / 2.0, 5.0),
        anchor: Anchor::Middle,
        style: TextStyle::Bold,
        class: "tape-name",
        text: side_name(part.side).to_owned(),
    };
    Shape::new(format!("name/{}", part.side), at, "tape-name").text(line)
}
