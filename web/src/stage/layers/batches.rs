//! Batches: a thin bracket above the cells that were written together. Segment borders: a line with a file name.

use kafka_lab::frame::{Frame, Tape, TapeId};

use super::{n, tape_key};
use crate::stage::labels;
use crate::stage::layout::{Layout, TapeRow};
use crate::stage::shape::{Anchor, Bounds, Line, Shape, TextStyle, point};
use crate::stage::subject::Subject;

/// How far the bracket stands above the cells.
const LIFT: u8 = 5;

pub fn layer(frame: &Frame, layout: &Layout) -> Vec<Shape> {
    let mut shapes = Vec::new();
    for (tape, row) in layout.rows(frame) {
        shapes.extend(brackets(tape, row, layout));
        shapes.extend(borders(tape, row, layout));
    }
    shapes
}

fn brackets(tape: &Tape, row: &TapeRow, layout: &Layout) -> Vec<Shape> {
    let seen = tape.batches.iter().filter(|batch| layout.shows(batch.base) || layout.shows(batch.last));
    seen.map(|batch| {
        let left = layout.x_from_offset(batch.base);
        let width = layout.x_from_offset(batch.last) + layout.metrics.cell_width - left;
        let key = format!("batch/{}/{}", tape_key(&tape.id), batch.base);
        let inner = width - 2.0;
        Shape::new(key, point(left + 1.0, row.cell_top), "batch")
            .path(format!("M0 -2V-{LIFT}H{}V-2", n(inner)), "batch-bracket")
            .target(
                Subject::Batch { tape: tape.id.clone(), base: batch.base },
                labels::batch(&tape.id, batch),
                Bounds { x: 0.0, y: -24.0, width: inner, height: 24.0 },
            )
    })
    .collect()
}

/// Where a segment file begins. The first one begins the log, which is no border in a world.
fn borders(tape: &Tape, row: &TapeRow, layout: &Layout) -> Vec<Shape> {
    let is_file = matches!(tape.id, TapeId::File(_));
    let seen = tape.segments.iter().enumerate().filter(|(_, segment)| layout.shows(segment.base));
    seen.filter(|(index, _)| *index > 0 || is_file)
        .map(|(_, segment)| {
            let at = point(layout.border_x(segment.base), row.cell_top);
            let key = format!("segment/{}/{}", tape_key(&tape.id), segment.base);
            let down = layout.metrics.cell_height + layout.metrics.epoch_row;
            let shape = Shape::new(key, at, "segment")
                .path(format!("M0 -{}V{}", n(layout.metrics.flag_row), n(down)), "segment-border");
            if !is_file {
                return shape;
            }
            shape.text(Line {
                at: point(5.0, -9.0),
                anchor: Anchor::Start,
                style: TextStyle::Small,
                class: "quiet",
                text: segment.file_name.clone(),
            })
        })
        .collect()
}
