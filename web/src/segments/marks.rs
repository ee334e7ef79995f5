//! What stands on a file's tape beside its records: index entries, what differs from the other log, the high watermark
//! and the last stable offset where they are known, and which of two logs it is.

use kafka_lab::ids::Offset;
use kafka_lab::inspect::{Part, Window, side_name};

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
