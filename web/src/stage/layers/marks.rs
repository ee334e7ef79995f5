//! Marks that touch a tape: high watermark (bar with a flag), last stable offset (dashed), log end (bracket).

use kafka_lab::frame::{Frame, ReplicaRole, Tape};

use super::{n, tape_key};
use crate::stage::labels;
use crate::stage::layout::{Layout, TapeRow};
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

/// A flag that flies to the right of its bar, from the top of the cells; and its width.
pub(super) fn flag_path(words: &str) -> (String, f64) {
    let width = text::width_px(words, TextStyle::SmallBold) + 12.0 + SWALLOWTAIL;
    let (top, right, tail, half) = (n(FLAG_HEIGHT), n(width), n(SWALLOWTAIL), n(FLAG_HEIGHT / 2.0));
    (format!("M-1.5 -{top}H{right}l-{tail} {half}l{tail} {half}H-1.5z"), width)
}

pub(super) fn flag_words(text: String, class: &'static str) -> Line {
    Line { at: point(5.5, -FLAG_BASELINE), anchor: Anchor::Start, style: TextStyle::SmallBold, class, text }
}

/// The bar below a flag, through the cells.
pub(super) fn bar(layout: &Layout) -> Bounds {
    Bounds { x: -1.5, y: -FLAG_HEIGHT, width: 3.0, height: FLAG_HEIGHT + layout.metrics.cell_height + 2.0 }
}

/// Where a flag is hit.
pub(super) fn flag_hit(width: f64) -> Bounds {
    Bounds { x: -6.0, y: -24.0, width: width + 6.0, height: 24.0 }
}

fn high_watermark(tape: &Tape, row: &TapeRow, layout: &Layout) -> Shape {
    let words = layout.flag_words(tape.role, tape.high_watermark);
    let (flag, width) = flag_path(&words);
    let at = point(layout.border_x(tape.high_watermark), row.cell_top);
    Shape::new(format!("high-watermark/{}", tape_key(&tape.id)), at, "high-watermark")
        .rect(bar(layout), 0.0, "high-watermark-fill")
        .path(flag, "high-watermark-fill")
        .text(flag_words(words, "flag-words"))
        .target(
            Subject::Mark { tape: tape.id.clone(), mark: MarkName::HighWatermark },
            labels::high_watermark(tape),
            flag_hit(width),
        )
}

/// Drawn only while an open transaction keeps it below the high watermark.
fn last_stable(tape: &Tape, row: &TapeRow, layout: &Layout) -> Option<Shape> {
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
    let width = text::width_px(&words, TextStyle::Small);
    let at = point(layout.border_x(tape.log_end), row.cell_top);
    Shape::new(format!("log-end/{}", tape_key(&tape.id)), at, "log-end")
        .path(format!("M3 -1.5H9V{}H3", n(height + 1.5)), "log-end-bracket")
        .text(Line {
            at: point(15.0, height / 2.0 + 4.0),
            anchor: Anchor::Start,
            style: TextStyle::Small,
            class: "log-end-words",
            text: words,
        })
        .target(
            Subject::Mark { tape: tape.id.clone(), mark: MarkName::LogEnd },
            labels::log_end(&tape.id, tape.log_end),
            Bounds { x: 2.0, y: 0.0, width: width + 15.0, height },
        )
}
