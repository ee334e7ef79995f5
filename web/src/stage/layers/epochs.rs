//! Leader epochs: a band under the cells that one leadership wrote, with its number (KIP-101).

use kafka_lab::frame::{Frame, Tape};
use kafka_lab::ids::Offset;

use super::{n, readers, tape_key};
use crate::stage::layout::{Layout, SizeClass, TapeRow};
use crate::stage::shape::{Anchor, Bounds, Line, Shape, TextStyle, point};
use crate::stage::text;

pub fn layer(frame: &Frame, layout: &Layout) -> Vec<Shape> {
    layout.rows(frame).flat_map(|(tape, row)| bands(tape, row, layout)).collect()
}

fn bands(tape: &Tape, row: &TapeRow, layout: &Layout) -> Vec<Shape> {
    let taken = readers::taken(tape, row, layout);
    let drop = baseline(layout);
    // A band that begins out of sight has its number where it can be seen.
    let seen_from = if layout.scroll_px > 0.0 { layout.scroll_px + layout.metrics.tape_x } else { f64::MIN };
    let ends = tape.epochs.iter().skip(1).map(|band| band.start).chain([tape.log_end]);
    let mut shapes = Vec::new();
    for (band, end) in tape.epochs.iter().zip(ends) {
        let start = band.start.max(Offset(layout.visible.start));
        if end <= start {
            continue;
        }
        let left = layout.x_from_offset(start);
        let right = layout.x_from_offset(end) - (layout.metrics.pitch - layout.metrics.cell_width);
        let key = format!("epoch/{}/{}", tape_key(&tape.id), band.epoch);
        let mut shape = Shape::new(key, point(left, row.epoch_top), "epoch")
            .path(format!("M0 {}H{}", n(drop - 11.5), n(right - left)), "epoch-band");
        // A band of one narrow cell has room for less.
        for words in [format!("epoch {}", band.epoch), format!("ep. {}", band.epoch), band.epoch.to_string()] {
            if let Some(x) = free_place(&words, left.max(seen_from), right, row.epoch_top + drop, &taken) {
                shape = shape.text(line(words, x - left, drop));
                break;
            }
        }
        shapes.push(shape);
    }
    shapes
}

/// From the row's top to the baseline of its words.
fn baseline(layout: &Layout) -> f64 {
    if layout.size == SizeClass::Phone { 14.0 } else { 17.0 }
}

fn line(text: String, x: f64, y: f64) -> Line {
    Line { at: point(x, y), anchor: Anchor::Start, style: TextStyle::Small, class: "epoch-number", text }
}

/// The first place in the band at which the words touch no reader's mark; `None` if there is none.
fn free_place(words: &str, left: f64, right: f64, y: f64, taken: &[Bounds]) -> Option<f64> {
    let mut x = left;
    // Each mark can push the words on once.
    for _ in 0..=taken.len() {
        let here = text::bounds(&line(words.to_owned(), x, y));
        match taken.iter().find(|mark| mark.overlaps(here)) {
            None => break,
            Some(mark) => x = mark.right() + 5.0,
        }
    }
    // Words wider than their band would run into the next one's.
    (x + text::width_px(words, TextStyle::Small) <= right + 2.0).then_some(x)
}
