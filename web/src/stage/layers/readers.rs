//! Readers: a pin where a consumer reads next, a bookmark ribbon where it has committed.

use kafka_lab::frame::{Frame, ReaderMarkKind, Tape};
use kafka_lab::ids::{ConsumerIndex, Offset};

use super::{n, tape_key};
use crate::stage::layout::{Layout, SizeClass, TapeRow};
use crate::stage::shape::{Anchor, Bounds, Line, Shape, TextStyle, point};
use crate::stage::subject::{MarkName, Subject};
use crate::stage::text;

pub fn layer(frame: &Frame, layout: &Layout) -> Vec<Shape> {
    let mut shapes = Vec::new();
    for (tape, row) in layout.rows(frame) {
        for place in places(tape, row, layout) {
            shapes.extend(ribbons(tape, &place, row, layout));
            shapes.extend(pins(tape, &place, row, layout));
            shapes.extend(words(tape, &place));
        }
    }
    shapes
}

/// What pins, ribbons and their words cover under a tape, so that epochs can keep clear.
pub(super) fn taken(tape: &Tape, row: &TapeRow, layout: &Layout) -> Vec<Bounds> {
    let mut boxes = Vec::new();
    for place in places(tape, row, layout) {
        boxes.extend(place.glyphs(row, layout));
        boxes.extend(place.line.iter().map(text::bounds));
    }
    boxes
}

/// The readers that stand at one offset, and where their words stand.
#[derive(Debug)]
struct Place {
    offset: Offset,
    at: Vec<ConsumerIndex>,
    committed: Vec<ConsumerIndex>,
    /// On the plane, not relative; `None` where there was no room at all.
    line: Option<Line>,
}

impl Place {
    fn glyphs(&self, row: &TapeRow, layout: &Layout) -> Vec<Bounds> {
        let mut boxes = Vec::new();
        let foot = foot(row, layout);
        if !self.at.is_empty() {
            let x = pin_x(self.offset, layout) - PIN_HALF;
            boxes.push(Bounds { x, y: row.epoch_top, width: 2.0 * PIN_HALF, height: foot });
        }
        if !self.committed.is_empty() {
            let x = ribbon_x(self.offset, layout);
            boxes.push(Bounds { x, y: row.epoch_top, width: RIBBON_WIDTH, height: foot });
        }
        boxes
    }
}

/// Words keep this clear of the stage's edge.
const EDGE: f64 = 4.0;
const PIN_HALF: f64 = 5.0;
const PIN_HEAD: f64 = 9.0;
const RIBBON_WIDTH: f64 = 9.0;

fn pin_x(offset: Offset, layout: &Layout) -> f64 {
    layout.x_from_offset(offset) + layout.metrics.cell_width / 2.0
}

fn ribbon_x(offset: Offset, layout: &Layout) -> f64 {
    layout.x_from_offset(offset) + 3.0
}

/// How far pins and ribbons reach down from the cells.
fn foot(row: &TapeRow, layout: &Layout) -> f64 {
    if layout.size == SizeClass::Phone { 14.0 } else { row.reader_top - row.epoch_top + 13.0 }
}

fn places(tape: &Tape, row: &TapeRow, layout: &Layout) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for mark in tape.marks.iter().filter(|mark| layout.shows(mark.offset)) {
        let here = places.iter().position(|place| place.offset >= mark.offset).unwrap_or(places.len());
        if places.get(here).is_none_or(|place| place.offset != mark.offset) {
            places.insert(here, Place { offset: mark.offset, at: Vec::new(), committed: Vec::new(), line: None });
        }
        match mark.kind {
            ReaderMarkKind::Position => places[here].at.push(mark.consumer),
            ReaderMarkKind::Committed => places[here].committed.push(mark.consumer),
        }
    }
    let mut taken: Vec<Bounds> = places.iter().flat_map(|place| place.glyphs(row, layout)).collect();
    for place in &mut places {
        place.line = free_line(place, row, layout, &taken);
        taken.extend(place.line.iter().map(text::bounds));
    }
    places
}

/// The first wording, at the right of the marks or at their left, that touches nothing.
fn free_line(place: &Place, row: &TapeRow, layout: &Layout, taken: &[Bounds]) -> Option<Line> {
    let baseline = row.reader_top + if layout.size == SizeClass::Phone { 13.0 } else { 12.0 };
    let glyphs = place.glyphs(row, layout);
    let right = glyphs.iter().map(|glyph| glyph.right()).fold(f64::MIN, f64::max) + 4.0;
    let left = glyphs.iter().map(|glyph| glyph.x).fold(f64::MAX, f64::min) - 4.0;
    for wording in wordings(place) {
        for (x, anchor) in [(right, Anchor::Start), (left, Anchor::End)] {
            let line = Line {
                at: point(x, baseline),
                anchor,
                style: TextStyle::Small,
                class: "consumer-words",
                text: wording.clone(),
            };
            let bounds = text::bounds(&line);
            let on_tape = bounds.x >= layout.metrics.tape_x && bounds.right() <= layout.content_width_px - EDGE;
            if on_tape && !taken.iter().any(|other| other.overlaps(bounds)) {
                return Some(line);
            }
        }
    }
    None
}

/// What can be said at one offset, longest first.
fn wordings(place: &Place) -> Vec<String> {
    let at = names(&place.at);
    let committed = names(&place.committed);
    let offset = place.offset;
    match (place.at.is_empty(), place.committed.is_empty()) {
        (false, true) => vec![format!("{at} at {offset}"), at],
        (true, false) => vec![format!("{committed} committed {offset}"), committed],
        (false, false) if place.at == place.committed => {
            vec![format!("{at} at {offset}, committed"), format!("{at} at {offset}"), at]
        }
        (false, false) => {
            vec![format!("{at} at {offset}, {committed} committed"), format!("{at} at {offset}"), at]
        }
        (true, true) => Vec::new(),
    }
}

fn names(consumers: &[ConsumerIndex]) -> String {
    consumers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// A head that touches the cell, on a stem that leads to the words.
fn pins(tape: &Tape, place: &Place, row: &TapeRow, layout: &Layout) -> Vec<Shape> {
    let foot = foot(row, layout);
    let head = format!("M0 .5L{half} {top}H-{half}z", half = n(PIN_HALF), top = n(PIN_HEAD));
    let shapes = place.at.iter().map(|consumer| {
        let key = format!("position/{}/{consumer}", tape_key(&tape.id));
        Shape::new(key, point(pin_x(place.offset, layout), row.epoch_top), "reader")
            .path(format!("M0 {}V{}", n(PIN_HEAD), n(foot)), "pin-stem")
            .path(head.clone(), "pin-head")
            .target(
                Subject::Mark { tape: tape.id.clone(), mark: MarkName::Position(*consumer) },
                format!("consumer {consumer} reads offset {} next", place.offset),
                Bounds { x: -PIN_HALF, y: 0.0, width: 2.0 * PIN_HALF, height: foot },
            )
    });
    shapes.collect()
}

fn ribbons(tape: &Tape, place: &Place, row: &TapeRow, layout: &Layout) -> Vec<Shape> {
    let foot = foot(row, layout);
    let ribbon =
        format!("M0 0H{}V{}L{} {}L0 {}z", n(RIBBON_WIDTH), n(foot), n(RIBBON_WIDTH / 2.0), n(foot - 5.0), n(foot));
    let shapes = place.committed.iter().map(|consumer| {
        let key = format!("committed/{}/{consumer}", tape_key(&tape.id));
        Shape::new(key, point(ribbon_x(place.offset, layout), row.epoch_top), "reader")
            .path(ribbon.clone(), "ribbon")
            .target(
                Subject::Mark { tape: tape.id.clone(), mark: MarkName::Committed(*consumer) },
                format!("consumer {consumer} has committed offset {}", place.offset),
                Bounds { x: 0.0, y: 0.0, width: RIBBON_WIDTH, height: foot },
            )
    });
    shapes.collect()
}

/// The words move with the first reader that they name.
fn words(tape: &Tape, place: &Place) -> Option<Shape> {
    let line = place.line.clone()?;
    let first = place.at.iter().chain(&place.committed).next()?;
    let key = format!("reader-words/{}/{first}/{}", tape_key(&tape.id), place.at.is_empty());
    let at = line.at;
    Some(Shape::new(key, at, "reader").text(Line { at: point(0.0, 0.0), ..line }))
}
