//! The ruler: one axis of offsets for all tapes, and a faint column line at each.

use kafka_lab::frame::Frame;
use kafka_lab::ids::Offset;

use super::n;
use crate::stage::layout::{Layout, SizeClass};
use crate::stage::shape::{Anchor, Bounds, Line, Shape, TextStyle, point};
use crate::stage::text;

/// From the ruler's bottom up to the baseline of its numbers.
const BASELINE_UP: f64 = 9.0;

pub fn layer(frame: &Frame, layout: &Layout) -> Vec<Shape> {
    if frame.tapes.is_empty() {
        return Vec::new();
    }
    let mut shapes = vec![columns(layout)];
    shapes.extend(numbers(layout));
    shapes
}

fn last_row_bottom(layout: &Layout) -> f64 {
    layout.tapes.last().map_or(layout.ruler_y, |row| row.bottom)
}

fn drawn_offsets(layout: &Layout) -> impl Iterator<Item = Offset> {
    let last_column = layout.offset_from_x(layout.content_width_px).0;
    (layout.visible.start..layout.visible.end.min(last_column)).map(Offset)
}

fn columns(layout: &Layout) -> Shape {
    let top = n(layout.ruler_y + layout.metrics.ruler - 3.0);
    let bottom = n(last_row_bottom(layout));
    let d: String =
        drawn_offsets(layout).map(|offset| format!("M{} {top}V{bottom}", n(layout.border_x(offset)))).collect();
    Shape::new("columns".to_owned(), point(0.0, 0.0), "ruler").path(d, "column-line")
}

/// Every offset has its number, or every second, fifth, tenth when they are too long for a column.
fn numbers(layout: &Layout) -> Vec<Shape> {
    let every = label_step(layout);
    let baseline = layout.ruler_y + layout.metrics.ruler - BASELINE_UP;
    drawn_offsets(layout)
        .filter(|offset| offset.0.rem_euclid(every) == 0)
        .map(|offset| {
            let at = point(layout.x_from_offset(offset) + layout.metrics.cell_width / 2.0, baseline);
            Shape::new(format!("offset/{offset}"), at, "ruler").text(Line {
                at: point(0.0, 0.0),
                anchor: Anchor::Middle,
                style: TextStyle::Small,
                class: "ruler-number",
                text: offset.to_string(),
            })
        })
        .collect()
}

fn label_step(layout: &Layout) -> i64 {
    let widest = text::width_px(&layout.visible.end.to_string(), TextStyle::Small) + 6.0;
    [1_u8, 2, 5, 10, 20, 50]
        .into_iter()
        .find(|step| f64::from(*step) * layout.metrics.pitch >= widest)
        .map_or(100, i64::from)
}

/// At the left of a wide stage the names stand on paper of their own: tapes scroll under it.
pub(super) fn gutter(layout: &Layout) -> Option<Shape> {
    if layout.size == SizeClass::Phone || layout.tapes.is_empty() {
        return None;
    }
    let (top, bottom) = (layout.ruler_y, last_row_bottom(layout));
    let right = layout.metrics.tape_x - 4.0;
    let back = Bounds { x: 0.0, y: top, width: right, height: bottom - top };
    let line = format!("M{} {}V{}", n(right - 0.5), n(top + layout.metrics.ruler - 3.0), n(bottom));
    let word = Line {
        at: point(right - 12.0, top + layout.metrics.ruler - BASELINE_UP),
        anchor: Anchor::End,
        style: TextStyle::Small,
        class: "ruler-number",
        text: "offset".to_owned(),
    };
    let shape = Shape::new("gutter".to_owned(), point(0.0, 0.0), "ruler").fixed();
    Some(shape.rect(back, 0.0, "gutter-back").path(line, "gutter-line").text(word))
}
