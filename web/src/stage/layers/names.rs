//! Whose tape it is, what it does, and who is in sync: the bracket at the left holds the ISR together.

use kafka_lab::frame::{Frame, Membership, Tape};
use kafka_lab::words::{Noun, Sentence, Span, in_sync_floor, in_sync_set, standing_lines};

use super::{n, ruler, tape_key};
use crate::stage::labels;
use crate::stage::layout::{Layout, Metrics, SizeClass, TapeRow};
use crate::stage::shape::{Anchor, Bounds, Line, Point, Shape, TextStyle, point};
use crate::stage::subject::Subject;
use crate::stage::text;

pub fn layer(frame: &Frame, layout: &Layout) -> Vec<Shape> {
    let mut shapes: Vec<Shape> = ruler::gutter(layout).into_iter().collect();
    let mut taken = 0.0;
    if let Some(set) = in_sync_set(frame) {
        let said = in_sync_floor(frame).map_or_else(|| set.clone(), |floor| format!("{set}, {floor}"));
        // While the set changes there may be no room for its floor beside the tapes; the label has it.
        let is_cramped = layout.size != SizeClass::Phone
            && text::width_px(&said, TextStyle::Small) > layout.metrics.tape_x - bracket_x(layout);
        let words = if is_cramped { &set } else { &said };
        taken = text::width_px(words, TextStyle::Small);
        shapes.extend(bracket(words, &said, frame, layout));
    }
    for (tape, row) in layout.rows(frame) {
        shapes.push(if layout.size == SizeClass::Phone {
            name_above(tape, row, std::mem::take(&mut taken), layout)
        } else {
            name_beside(tape, row, layout)
        });
    }
    shapes
}

/// From one line under a name to the next.
const LINE_PX: f64 = 15.0;
/// More would run into the next tape; the label says all.
const LINES_MOST: usize = 4;

/// Lines under each other, in the column at the left.
fn name_beside(tape: &Tape, row: &TapeRow, layout: &Layout) -> Shape {
    let room = layout.metrics.tape_x - layout.metrics.name_x - 6.0;
    let (at, hit) = place_and_hit(tape, row, layout);
    let mut shape = named(tape, at);
    let shown = text::elide(&labels::tape(&tape.id), TextStyle::Bold, room);
    shape = shape.text(line(point(0.0, 0.0), TextStyle::Bold, "name-words", shown));
    let mut y = 18.0;
    for words in standing_lines(tape).iter().take(LINES_MOST) {
        let shown = text::elide(&words.to_string(), TextStyle::Small, room);
        shape = shape.text(line(point(0.0, y), TextStyle::Small, class_of(words), shown));
        y += LINE_PX;
    }
    shape.target(Subject::Tape(tape.id.clone()), labels::standing(tape), hit)
}

/// One row over the tape. What has no room is said in the label. At the right end of the first row so much is `taken`:
/// the set stands there.
fn name_above(tape: &Tape, row: &TapeRow, taken: f64, layout: &Layout) -> Shape {
    const GAP: f64 = 9.0;
    let left = layout.metrics.name_x;
    let (at, hit) = place_and_hit(tape, row, layout);
    let mut shape = named(tape, at);
    // Links begin where the lane does.
    let mut right = layout.width_px - layout.metrics.lane - left - 4.0;
    if taken > 0.0 {
        right = right.min(layout.width_px - 2.0 * left - taken - GAP);
    }
    let shown = text::elide(&labels::tape(&tape.id), TextStyle::Bold, right);
    let mut x = text::width_px(&shown, TextStyle::Bold);
    shape = shape.text(line(point(0.0, 0.0), TextStyle::Bold, "name-words", shown));
    for words in standing_lines(tape) {
        let said = words.to_string();
        let width = text::width_px(&said, TextStyle::Small);
        if x + GAP + width <= right {
            shape = shape.text(line(point(x + GAP, 0.0), TextStyle::Small, class_of(&words), said));
            x += GAP + width;
        }
    }
    shape.target(Subject::Tape(tape.id.clone()), labels::standing(tape), hit)
}

/// Where a tape's name stands, and what around it is its own.
pub(super) fn place_and_hit(tape: &Tape, row: &TapeRow, layout: &Layout) -> (Point, Bounds) {
    let Metrics { name_x, tape_x, .. } = *layout.metrics;
    if layout.size == SizeClass::Phone {
        let width = text::width_px(&labels::tape(&tape.id), TextStyle::Bold);
        let hit = Bounds { x: 0.0, y: -16.0, width: width + 70.0, height: 24.0 };
        return (point(name_x, baseline_above(row)), hit);
    }
    let lines = standing_lines(tape).len().clamp(1, LINES_MOST);
    let height = 27.0 + LINE_PX * f64::from(u8::try_from(lines).unwrap_or(u8::MAX));
    let hit = Bounds { x: -4.0, y: -16.0, width: tape_x - name_x - 6.0, height };
    (point(name_x, row.cell_top + 18.0), hit)
}

/// Of words in the row above a tape, clear of the flags under it.
fn baseline_above(row: &TapeRow) -> f64 {
    const CLEAR: f64 = 5.0;
    row.flag_top - CLEAR
}

fn named(tape: &Tape, at: Point) -> Shape {
    Shape::new(format!("name/{}", tape_key(&tape.id)), at, "name").fixed()
}

fn line(at: Point, style: TextStyle, class: &'static str, text: String) -> Line {
    Line { at, anchor: Anchor::Start, style, class, text }
}

/// The colour of what a line says.
fn class_of(words: &Sentence) -> &'static str {
    match words.spans.first() {
        Some(Span::Noun(Noun::Leader, _)) => "leader-words",
        Some(Span::Noun(Noun::Follower, _)) => "follower-words",
        Some(Span::Noun(Noun::Danger, _)) => "danger-words",
        _ => "quiet",
    }
}

/// How a replica is held by the bracket.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hold {
    Whole,
    /// It is about to be taken in or left out.
    Dashed,
}

/// A run of neighbours that are held alike, from the first one's top to the last one's bottom.
struct Arm {
    hold: Hold,
    top: f64,
    bottom: f64,
    next_row: usize,
}

fn bracket_x(layout: &Layout) -> f64 {
    if layout.size == SizeClass::Phone { 4.5 } else { layout.metrics.name_x - 18.0 }
}

/// Around the replicas in sync, with a dotted line past those that stand outside; dashed around who comes or goes.
/// `words` stand over it, `said` is what is said of it.
fn bracket(words: &str, said: &str, frame: &Frame, layout: &Layout) -> Option<Shape> {
    let is_phone = layout.size == SizeClass::Phone;
    let mut arms: Vec<Arm> = Vec::new();
    let mut eligible = String::new();
    for (place, (tape, row)) in frame.tapes.iter().zip(&layout.tapes).enumerate() {
        let Some(standing) = tape.standing.as_ref() else { continue };
        let hold = match standing.membership {
            Membership::InSync => Hold::Whole,
            Membership::Joining | Membership::Leaving => Hold::Dashed,
            Membership::Eligible => {
                eligible.push_str(&format!("M-3.5 {}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0", n(row.middle())));
                continue;
            }
            Membership::Outside | Membership::NoReplica => continue,
        };
        let reach = if is_phone { 2.0 } else { 8.0 };
        let (top, bottom) = (row.cell_top - reach, row.cell_bottom + reach);
        match arms.last_mut().filter(|arm| arm.hold == hold && arm.next_row == place) {
            Some(arm) => (arm.bottom, arm.next_row) = (bottom, place + 1),
            None => arms.push(Arm { hold, top, bottom, next_row: place + 1 }),
        }
    }
    let top = layout.tapes.first()?;
    let (first, last) =
        arms.first().zip(arms.last()).map_or((top.cell_top - 8.0, top.cell_top), |(a, b)| (a.top, b.bottom));
    let x = bracket_x(layout);
    let mut shape = Shape::new("isr".to_owned(), point(x, 0.0), "isr").fixed();
    if is_phone {
        // Tapes scroll under it.
        let paper = Bounds { x: -x, y: first, width: 12.0, height: last - first };
        shape = shape.rect(paper, 0.0, "gutter-back");
    }
    let hook = if is_phone { 5 } else { 7 };
    let of = |wanted: Hold| -> String {
        let held = arms.iter().filter(|arm| arm.hold == wanted);
        held.map(|arm| format!("M{hook} {}H0V{}H{hook}", n(arm.top), n(arm.bottom))).collect()
    };
    let past = arms.windows(2).map(|pair| format!("M0 {}V{}", n(pair[0].bottom), n(pair[1].top)));
    for (d, class) in [
        (of(Hold::Whole), "isr-bracket"),
        (of(Hold::Dashed), "isr-bracket changing"),
        (past.collect(), "isr-past"),
        (eligible, "isr-eligible"),
    ] {
        if !d.is_empty() {
            shape = shape.path(d, class);
        }
    }
    let width = text::width_px(words, TextStyle::Small);
    let (words_at, anchor, left) = if is_phone {
        let edge = layout.width_px - layout.metrics.name_x - x;
        (point(edge, baseline_above(top)), Anchor::End, edge - width)
    } else {
        (point(0.0, first - 4.0), Anchor::Start, 0.0)
    };
    let shape = shape.text(Line { anchor, ..line(words_at, TextStyle::Small, "quiet", words.to_owned()) });
    let hit = Bounds { x: left - 6.0, y: words_at.y - 16.0, width: words_at.x - left + width + 12.0, height: 24.0 };
    let hit = if is_phone { Bounds { width: width + 12.0, ..hit } } else { hit };
    Some(shape.target(Subject::Isr, labels::in_sync(said), hit))
}
