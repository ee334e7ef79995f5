//! Where a replica parts from the leader: a bar through its tape, and a line around what the leader does not hold.

use kafka_lab::frame::{Frame, Tape};

use super::{n, tape_key};
use crate::stage::layout::{Layout, TapeRow};
use crate::stage::shape::{Bounds, Shape, point};

pub fn layer(frame: &Frame, layout: &Layout) -> Vec<Shape> {
    layout.rows(frame).filter_map(|(tape, row)| parted(tape, row, layout)).collect()
}

fn parted(tape: &Tape, row: &TapeRow, layout: &Layout) -> Option<Shape> {
    let at = tape.parts_at.filter(|at| *at < tape.log_end)?;
    let (left, height) = (layout.border_x(at), row.cell_bottom - row.cell_top);
    let around = Bounds { x: 0.0, y: -4.0, width: layout.border_x(tape.log_end) - left - 1.0, height: height + 8.0 };
    let shape = Shape::new(format!("parted/{}", tape_key(&tape.id)), point(left, row.cell_top), "parted");
    Some(shape.rect(around, 3.0, "parted-ring").path(format!("M0 -4V{}", n(height + 4.0)), "parted-bar"))
}
