//! Cells: one an offset. The kind is told by shape, the key by colour and text, the state by filling.

use kafka_lab::frame::{Cell, CellKind, CellState, Frame, ReplicaRole, Tape};
use kafka_lab::ids::Offset;

use super::{n, tape_key};
use crate::stage::key_fill;
use crate::stage::labels;
use crate::stage::layout::{Layout, SizeClass, TapeRow};
use crate::stage::shape::{Anchor, Bounds, Ink, Line, Shape, TextStyle, point};
use crate::stage::subject::Subject;
use crate::stage::text;

const RADIUS: f64 = 2.5;

pub fn layer(frame: &Frame, layout: &Layout) -> Vec<Shape> {
    let mut shapes = Vec::new();
    for (tape, row) in layout.rows(frame) {
        let seen = tape.cells.iter().filter(|cell| layout.shows(cell.offset));
        shapes.extend(seen.map(|cell| draw(tape, cell, row, layout)));
        // Where a file's log begins is not known.
        let is_known = tape.role != ReplicaRole::None;
        if is_known && tape.log_start > Offset::ZERO && layout.shows(tape.log_start) {
            shapes.push(torn_edge(tape, row, layout));
        }
    }
    shapes
}

fn draw(tape: &Tape, cell: &Cell, row: &TapeRow, layout: &Layout) -> Shape {
    let bounds = layout.cell_bounds(row, cell.offset);
    let key = format!("cell/{}/{}", tape_key(&tape.id), cell.offset);
    let class = match cell.state {
        CellState::Committed => "cell",
        CellState::NotCommitted => "cell uncommitted",
        CellState::BelowLogStart => "cell below-start",
        CellState::Lost => "cell is-lost",
    };
    let area = Bounds { x: 0.0, y: 0.0, ..bounds };
    let shape = Shape::new(key, point(bounds.x, bounds.y), class).from_lane().target(
        Subject::Cell { tape: tape.id.clone(), offset: cell.offset },
        labels::cell(&tape.id, cell),
        area,
    );
    if cell.state == CellState::Lost {
        return lost(shape, area);
    }
    match cell.kind {
        CellKind::Record => record(shape, cell, area, layout),
        CellKind::Tombstone => tombstone(shape, cell, area, layout),
        CellKind::Aborted => {
            let strike = format!("M4 {}H{}", n(area.height / 2.0 + 1.0), n(area.width - 4.0));
            record(shape, cell, area, layout).path(strike, "aborted-strike")
        }
        CellKind::CommitMarker => marker(shape, "C", area),
        CellKind::AbortMarker => marker(shape, "A", area),
        CellKind::OtherControl => marker(shape, "·", area),
        CellKind::EmptyBatch => shape.rect(inset(area), RADIUS, "cell-outline"),
        CellKind::Gap => shape.rect(inset(area), RADIUS, "cell-gap"),
    }
}

/// Half a pixel in, so that a hairline lies on whole pixels.
fn inset(area: Bounds) -> Bounds {
    Bounds { x: 0.5, y: 0.5, width: area.width - 1.0, height: area.height - 1.0 }
}

/// Within the hairline, which the hatching must not cut.
fn inside(area: Bounds) -> Bounds {
    Bounds { x: 1.0, y: 1.0, width: area.width - 2.0, height: area.height - 2.0 }
}

fn record(shape: Shape, cell: &Cell, area: Bounds, layout: &Layout) -> Shape {
    let mut shape = shape.rect(inset(area), RADIUS, key_fill::class(cell.key.as_deref()));
    if cell.state == CellState::NotCommitted {
        shape = shape.ink(Ink::Hatch { bounds: inside(area), radius: RADIUS - 0.5 });
    }
    let value = cell.value.as_deref().unwrap_or("null");
    key_text(shape, cell, area, layout).text(Line {
        at: point(area.width - padding(layout), area.height - 9.0),
        anchor: Anchor::End,
        style: TextStyle::Bold,
        class: "cell-value",
        text: text::elide(value, TextStyle::Bold, area.width - 2.0 * padding(layout)),
    })
}

fn key_text(shape: Shape, cell: &Cell, area: Bounds, layout: &Layout) -> Shape {
    let Some(key) = cell.key.as_deref() else { return shape };
    shape.text(Line {
        at: point(padding(layout), 16.0),
        anchor: Anchor::Start,
        style: TextStyle::Small,
        class: "cell-key",
        text: text::elide(key, TextStyle::Small, area.width - 2.0 * padding(layout)),
    })
}

fn padding(layout: &Layout) -> f64 {
    if layout.size == SizeClass::Phone { 4.0 } else { 6.5 }
}

/// Hollow and slashed: the key stays, its value is said to be none.
fn tombstone(shape: Shape, cell: &Cell, area: Bounds, layout: &Layout) -> Shape {
    let slash = format!("M8 {}L{} 22", n(area.height - 5.0), n(area.width - 5.0));
    let shape = shape.rect(inset(area), RADIUS, "cell-outline").path(slash, "tombstone-slash");
    key_text(shape, cell, area, layout)
}

/// A narrow diamond with a letter: a transaction's end, not a record.
fn marker(shape: Shape, letter: &str, area: Bounds) -> Shape {
    let (middle_x, middle_y) = (area.width / 2.0, area.height / 2.0);
    let (half_width, half_height) = (14, n(area.height / 2.0 - 2.0));
    let diamond = format!(
        "M{} 2l{half_width} {half_height}l-{half_width} {half_height}l-{half_width} -{half_height}z",
        n(middle_x)
    );
    shape.path(diamond, "marker-diamond").text(Line {
        at: point(middle_x, middle_y + 4.5),
        anchor: Anchor::Middle,
        style: TextStyle::SmallBold,
        class: "marker-letter",
        text: letter.to_owned(),
    })
}

fn lost(shape: Shape, area: Bounds) -> Shape {
    let outline = Bounds { x: 1.0, y: 1.0, width: area.width - 2.0, height: area.height - 2.0 };
    shape.rect(outline, RADIUS, "cell-lost").text(Line {
        at: point(area.width / 2.0, area.height / 2.0 + 4.5),
        anchor: Anchor::Middle,
        style: TextStyle::SmallBold,
        class: "lost-word",
        text: "lost".to_owned(),
    })
}

/// The log start: what lies left of it is torn off, though it may still be on disk.
fn torn_edge(tape: &Tape, row: &TapeRow, layout: &Layout) -> Shape {
    const TEETH: u8 = 6;
    let tooth = n((layout.metrics.cell_height + 8.0) / f64::from(TEETH));
    let zigzag: String = (0..TEETH).map(|index| format!("l{} {tooth}", if index % 2 == 0 { 4 } else { -4 })).collect();
    let key = format!("log-start/{}", tape_key(&tape.id));
    let at = point(layout.border_x(tape.log_start), row.cell_top);
    Shape::new(key, at, "log-start").path(format!("M-2 -4{zigzag}"), "torn-edge")
}
