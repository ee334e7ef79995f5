//! The answer that is being given: a flag, a bracket or a frame around a cell that the learner moves, a row of a
//! table whose number the learner gives, or frames around the names of brokers.

use kafka_lab::frame::{Frame, Tape, TapeId};
use kafka_lab::goal::Fate;
use kafka_lab::ids::{ConsumerIndex, Offset, ProducerIndex};
use kafka_lab::words;

use super::marks::{self, Flag, Flies};
use super::{n, names, tables, tape_key};
use crate::stage::labels;
use crate::stage::layout::{Answer, Layout, SizeClass, TapeRow};
use crate::stage::question::{Asks, Place};
use crate::stage::shape::{Anchor, Bounds, Line, Shape, TextStyle, point};
use crate::stage::subject::Subject;
use crate::stage::text;

/// The key of the shape that is dragged.
pub const KEY: &str = "answer";

pub fn layer(frame: &Frame, layout: &Layout) -> Vec<Shape> {
    let Some(answer) = &layout.answer else { return Vec::new() };
    let shape = match &answer.question.place {
        Place::OnTape { tape, asks } => on_tape(answer, tape, *asks, frame, layout),
        Place::InTable { consumer, key } => in_table(answer, *consumer, key, frame, layout),
        Place::AtBrokers { .. } => return at_brokers(answer, frame, layout),
        Place::OfRecord { producer } => of_record(answer, *producer, layout),
    };
    shape.into_iter().collect()
}

fn on_tape(answer: &Answer, id: &TapeId, asks: Asks, frame: &Frame, layout: &Layout) -> Option<Shape> {
    let (tape, row) = layout.rows(frame).find(|(tape, _)| tape.id == *id)?;
    let shape = match asks {
        Asks::Cell => around_cell(answer, row, layout),
        Asks::HighWatermark => flag(answer, row, layout),
        Asks::LogEnd | Asks::Border => bracket(answer, tape, row, layout),
    };
    Some(shape.target(Subject::Tape(id.clone()), labels::answer(answer), hit(asks, layout)))
}

/// A frame around the row; the number itself stands in it, beside what the row says now.
fn in_table(answer: &Answer, consumer: ConsumerIndex, key: &str, frame: &Frame, layout: &Layout) -> Option<Shape> {
    let row = tables::row_bounds(consumer, key, frame, layout)?;
    let area = Bounds { x: 1.5, y: -1.5, width: row.width - 3.0, height: row.height + 3.0 };
    let shape = Shape::new(KEY.to_owned(), point(row.x, row.y), "answer").fixed().rect(area, 3.0, "answer-outline");
    Some(shape.target(Subject::Table(consumer), labels::answer(answer), area))
}

/// A frame around the producer's name, and the word that was chosen under it. The name itself is what is clicked.
fn of_record(answer: &Answer, producer: ProducerIndex, layout: &Layout) -> Option<Shape> {
    let row = layout.actors.iter().find(|row| row.id == producer.into())?;
    let named = labels::endpoint(row.id);
    let width = text::width_px(&named, TextStyle::Bold);
    let area = Bounds { x: -5.0, y: -15.0, width: width + 10.0, height: 21.0 };
    let at = point(layout.metrics.name_x, row.top + 17.0);
    let shape = Shape::new(format!("{KEY}/{producer}"), at, "answer-name").fixed().rect(area, 4.0, "answer-outline");
    let chosen = Fate::ALL.into_iter().find(|fate| fate.number() == answer.candidate);
    let fits = layout.size != SizeClass::Phone;
    Some(match chosen.filter(|_| fits) {
        Some(fate) => shape.text(Line {
            at: point(0.0, 17.0),
            anchor: Anchor::Start,
            style: TextStyle::SmallBold,
            class: "answer-words",
            text: words::fate(fate).to_owned(),
        }),
        None => shape,
    })
}

/// A frame around the name of each broker that the answer names. The names themselves are what is clicked.
fn at_brokers(answer: &Answer, frame: &Frame, layout: &Layout) -> Vec<Shape> {
    let named = layout.rows(frame).filter(|(tape, _)| match tape.id {
        TapeId::Broker(id) => answer.question.names(answer.candidate, id),
        TapeId::File(_) => false,
    });
    named.map(|(tape, row)| around_name(tape, row, layout)).collect()
}

fn around_name(tape: &Tape, row: &TapeRow, layout: &Layout) -> Shape {
    let (at, hit) = names::place_and_hit(tape, row, layout);
    let narrow = layout.size == SizeClass::Phone;
    // Where the name stands in one row with much else, around it alone.
    let width = text::width_px(&labels::tape(&tape.id), TextStyle::Bold);
    let area = if narrow { Bounds { x: -4.0, y: -13.0, width: width + 8.0, height: 18.0 } } else { hit };
    Shape::new(format!("{KEY}/{}", tape_key(&tape.id)), at, "answer-name").fixed().rect(area, 4.0, "answer-outline")
}

/// Where the answer is taken hold of: its bar and its flag.
fn hit(asks: Asks, layout: &Layout) -> Bounds {
    let bar = Bounds { x: -14.0, y: -24.0, width: 28.0, height: layout.metrics.cell_height + 32.0 };
    if asks == Asks::HighWatermark { Bounds { width: HANDLE, ..bar } } else { bar }
}

/// As wide as a flag with its words.
const HANDLE: f64 = 130.0;

fn around_cell(answer: &Answer, row: &TapeRow, layout: &Layout) -> Shape {
    let cell = layout.cell_bounds(row, Offset(answer.candidate));
    let area = Bounds { x: -3.0, y: -3.0, width: cell.width + 6.0, height: cell.height + 6.0 };
    Shape::new(KEY.to_owned(), point(cell.x, cell.y), "answer").rect(area, 4.0, "answer-outline")
}

/// Hollow, so that it is never taken for the mark itself.
fn flag(answer: &Answer, row: &TapeRow, layout: &Layout) -> Shape {
    let words = format!("your answer {}", answer.candidate);
    let Flag { path, line, .. } = marks::flag(words, "answer-words", Flies::Right);
    let at = point(layout.border_x(Offset(answer.candidate)), row.cell_top);
    Shape::new(KEY.to_owned(), at, "answer")
        .path(format!("M0 0V{}", n(layout.metrics.cell_height + 3.0)), "answer-bar")
        .path(path, "answer-flag")
        .text(line)
}

/// Its words keep clear of the mark's flag, which flies to the left if the answer is to its right: they stand to the
/// left, or to the right, or behind the flag.
fn bracket(answer: &Answer, tape: &Tape, row: &TapeRow, layout: &Layout) -> Shape {
    let height = layout.metrics.cell_height;
    let text = format!("your answer {}", answer.candidate);
    let border = layout.border_x(Offset(answer.candidate));
    let room = border - layout.scroll_px - layout.metrics.tape_x;
    let width = text::width_px(&text, TextStyle::SmallBold);
    let mark_at = layout.border_x(tape.high_watermark) - border;
    let (mark_words, flies) = marks::own_flag(tape, layout);
    let (x, anchor) = if answer.candidate < tape.high_watermark.0 && width + 8.0 < room {
        (-8.0, Anchor::End)
    } else if flies == Flies::Right && mark_at < 12.0 + width + 4.0 {
        (12.0_f64.max(mark_at + marks::flag_width(&mark_words) + 6.0), Anchor::Start)
    } else {
        (12.0, Anchor::Start)
    };
    Shape::new(KEY.to_owned(), point(border, row.cell_top), "answer")
        .path(format!("M-4 -4H5V{}H-4", n(height + 4.0)), "answer-bar")
        .text(Line { at: point(x, -4.0), anchor, style: TextStyle::SmallBold, class: "answer-words", text })
}
