//! Marks that touch a tape: high watermark (bar with a flag), last stable offset (dashed), log end (bracket).

use kafka_lab::frame::{Frame, ReplicaRole, Tape};

use super::{n, tape_key};
use crate::stage::labels;
use crate::stage::layout::{LOG_END_WORDS_X, Layout, TapeRow};
use crate::stage::question::Asks;
use crate::stage::shape::{Anchor, Bounds, Line, Shape, TextStyle, point};
use crate::stage::subject::{MarkName, Subject};
use crate::stage::text;

const FLAG_HEIGHT: f64 = 16.0;
const SWALLOWTAIL: f64 = 5.0;
/// From the foot of the flag up to the baseline of its words.
const FLAG_BASELINE: f64 = 4.0;

pub fn layer(frame: &Frame, layout: &Layout) -> Vec<Shape> {
    let mut shapes = Vec::new();
    for (tape, row) in layout.rows(frame) {
        if tape.role == ReplicaRole::None {
            continue;
        }
        shapes.push(log_end(tape, row, layout));
        shapes.extend(last_stable(tape, row, layout));
        shapes.push(high_watermark(tape, row, layout));
    }
    shapes
}

/// To which side of its bar a flag flies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flies {
    Left,
    Right,
}

/// A flag at the top of the cells, relative to the border that it marks.
pub(super) struct Flag {
    pub(super) path: String,
    pub(super) line: Line,
    pub(super) hit: Bounds,
}

pub(super) fn flag(words: String, class: &'static str, flies: Flies) -> Flag {
    let width = flag_width(&words);
    let (top, tail, half) = (n(FLAG_HEIGHT), n(SWALLOWTAIL), n(FLAG_HEIGHT / 2.0));
    let hit = Bounds { x: -6.0, y: -24.0, width: width + 6.0, height: 24.0 };
    let line =
        Line { at: point(5.5, -FLAG_BASELINE), anchor: Anchor::Start, style: TextStyle::SmallBold, class, text: words };
    match flies {
        Flies::Right => {
            Flag { path: format!("M-1.5 -{top}H{}l-{tail} {half}l{tail} {half}H-1.5z", n(width)), line, hit }
        }
        Flies::Left => Flag {
            path: format!("M1.5 -{top}H-{}l{tail} {half}l-{tail} {half}H1.5z", n(width)),
            line: Line { at: point(-5.5, -FLAG_BASELINE), anchor: Anchor::End, ..line },
            hit: Bounds { x: -width, ..hit },
        },
    }
}

pub(super) fn flag_width(words: &str) -> f64 {
    text::width_px(words, TextStyle::SmallBold) + 12.0 + SWALLOWTAIL
}

/// What the mark's own flag says, and where it flies: beside an answer that is being given it makes room, and
/// says only its number where there is room for no more.
pub(super) fn own_flag(tape: &Tape, layout: &Layout) -> (String, Flies) {
    let words = layout.flag_words(tape);
    let is_beside = layout.answer.as_ref().is_some_and(|answer| {
        let asked = answer.question.on_tape().filter(|(asked, asks)| *asked == &tape.id && *asks != Asks::Cell);
        asked.is_some() && answer.candidate >= tape.high_watermark.0
    });
    if !is_beside {
        return (words, Flies::Right);
    }
    let room = layout.border_x(tape.high_watermark) - layout.scroll_px - layout.metrics.tape_x;
    let number = tape.high_watermark.to_string();
    let fitting = [words.clone(), number].into_iter().find(|words| flag_width(words) <= room);
    fitting.map_or((words, Flies::Right), |words| (words, Flies::Left))
}

/// The bar below a flag, through the cells.
pub(super) fn bar(layout: &Layout) -> Bounds {
    Bounds { x: -1.5, y: -FLAG_HEIGHT, width: 3.0, height: FLAG_HEIGHT + layout.metrics.cell_height + 2.0 }
}

pub(crate) fn high_watermark(tape: &Tape, row: &TapeRow, layout: &Layout) -> Shape {
    let (words, flies) = own_flag(tape, layout);
    let Flag { path, line, hit } = flag(words, "flag-words", flies);
    let at = point(layout.border_x(tape.high_watermark), row.cell_top);
    // Under a veil the words of a filled flag could not be read.
    let is_down = tape.standing.as_ref().is_some_and(|standing| standing.health.is_down());
    let class = if is_down { "high-watermark is-down" } else { "high-watermark" };
    Shape::new(format!("high-watermark/{}", tape_key(&tape.id)), at, class)
        .rect(bar(layout), 0.0, "high-watermark-fill")
        .path(path, "high-watermark-fill")
        .text(line)
        .target(
            Subject::Mark { tape: tape.id.clone(), mark: MarkName::HighWatermark },
            labels::high_watermark(tape),
            hit,
        )
}

/// Drawn only while an open transaction keeps it below the high watermark.
pub(crate) fn last_stable(tape: &Tape, row: &TapeRow, layout: &Layout) -> Option<Shape> {
    let last_stable = tape.last_stable.filter(|offset| *offset < tape.high_watermark)?;
    let words = format!("last stable {last_stable}");
    let width = text::width_px(&words, TextStyle::Small);
    let at = point(layout.border_x(last_stable), row.cell_top);
    let shape = Shape::new(format!("last-stable/{}", tape_key(&tape.id)), at, "last-stable")
        .path(format!("M0 -{}V{}", n(FLAG_HEIGHT), n(layout.metrics.cell_height + 2.0)), "last-stable-bar")
        .text(Line {
            at: point(-5.0, -FLAG_BASELINE - 2.0),
            anchor: Anchor::End,
            style: TextStyle::Small,
            class: "last-stable-words",
            text: words.clone(),
        });
    Some(shape.target(
        Subject::Mark { tape: tape.id.clone(), mark: MarkName::LastStable },
        format!("{words} of {}", labels::tape(&tape.id)),
        Bounds { x: -width - 5.0, y: -24.0, width: width + 7.0, height: 24.0 },
    ))
}

/// An open bracket: the log goes on here.
fn log_end(tape: &Tape, row: &TapeRow, layout: &Layout) -> Shape {
    let height = layout.metrics.cell_height;
    let words = layout.log_end_words(tape.log_end);
    let parted = tape.parts_at.map(Layout::parted_words);
    let longest = parted.as_ref().map_or(0.0, |words| text::width_px(words, TextStyle::SmallBold));
    let width = text::width_px(&words, TextStyle::Small).max(longest);
    let at = point(layout.border_x(tape.log_end), row.cell_top);
    let x = LOG_END_WORDS_X + layout.log_end_gap_px(tape, width);
    // Two lines where there are two things to say.
    let baseline = height / 2.0 + if parted.is_some() { -5.0 } else { 4.0 };
    let shape = Shape::new(format!("log-end/{}", tape_key(&tape.id)), at, "log-end")
        .path(format!("M3 -1.5H9V{}H3", n(height + 1.5)), "log-end-bracket")
        .text(Line {
            at: point(x, baseline),
            anchor: Anchor::Start,
            style: TextStyle::Small,
            class: "log-end-words",
            text: words,
        })
        .target(
            Subject::Mark { tape: tape.id.clone(), mark: MarkName::LogEnd },
            labels::log_end(tape),
            Bounds { x: x - 13.0, y: 0.0, width: width + 15.0, height },
        );
    match parted {
        None => shape,
        Some(text) => shape.text(Line {
            at: point(x, baseline + 17.0),
            anchor: Anchor::Start,
            style: TextStyle::SmallBold,
            class: "danger-words",
            text,
        }),
    }
}
