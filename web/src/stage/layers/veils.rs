//! A broker that does not work: its tape is dimmed, what was written is framed by a dashed line.

use kafka_lab::frame::{Frame, Health, Tape};

use super::tape_key;
use crate::stage::layout::{Layout, TapeRow};
use crate::stage::shape::{Bounds, Shape, point};

pub fn layer(frame: &Frame, layout: &Layout) -> Vec<Shape> {
    layout.rows(frame).filter_map(|(tape, row)| veil(tape, row, layout)).collect()
}

fn veil(tape: &Tape, row: &TapeRow, layout: &Layout) -> Option<Shape> {
    let class = match tape.standing.as_ref()?.health {
        Health::Running | Health::Stopping => return None,
        Health::Crashed | Health::Stopped => "veil down",
        Health::Frozen | Health::Starting => "veil",
    };
    let top = row.flag_top - 2.0;
    let paper = Bounds { x: 0.0, y: 0.0, width: layout.content_width_px, height: row.bottom - top };
    let shape =
        Shape::new(format!("veil/{}", tape_key(&tape.id)), point(0.0, top), class).rect(paper, 0.0, "veil-paper");
    if tape.cells.is_empty() {
        return Some(shape);
    }
    let left = layout.x_from_offset(tape.log_start.max(layout.origin)) - 3.5;
    let right = layout.x_from_offset(tape.log_end) - (layout.metrics.pitch - layout.metrics.cell_width) + 3.5;
    let around = Bounds {
        x: left,
        y: row.cell_top - top - 3.5,
        width: right - left,
        height: row.cell_bottom - row.cell_top + 7.0,
    };
    Some(if right > left { shape.rect(around, 5.0, "veil-line") } else { shape })
}
