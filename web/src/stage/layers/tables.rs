//! What consumers have folded out of the log: a table each, a row a key.

use kafka_lab::frame::{Frame, TableView};
use kafka_lab::ids::ConsumerIndex;

use super::n;
use crate::stage::key_fill;
use crate::stage::labels;
use crate::stage::layout::{Layout, TablePlace};
use crate::stage::shape::{Anchor, Bounds, Ink, Line, Shape, TextStyle, point};
use crate::stage::subject::Subject;
use crate::stage::text;

const PADDING: f64 = 8.0;
const SWATCH: f64 = 9.0;
/// What a long number leaves of a row to its key.
const KEY_LEAST: f64 = 34.0;
/// From a line's top to its baseline.
const BASELINE: f64 = 13.0;

pub fn layer(frame: &Frame, layout: &Layout) -> Vec<Shape> {
    let mut shapes = Vec::new();
    for place in &layout.tables {
        if let Some(table) = table_of(place.id, frame) {
            shapes.push(head(table, place));
            shapes.extend(rows(table, place, layout));
        }
    }
    shapes
}

fn table_of(consumer: ConsumerIndex, frame: &Frame) -> Option<&TableView> {
    frame.actors.iter().find(|actor| actor.id == consumer.into())?.table.as_ref()
}

/// Where the row of a key is drawn, if it is.
pub(super) fn row_bounds(consumer: ConsumerIndex, key: &str, frame: &Frame, layout: &Layout) -> Option<Bounds> {
    let table = table_of(consumer, frame)?;
    let place = layout.tables.iter().find(|place| place.id == consumer)?;
    let line = shown(table, layout).position(|index| table.rows[index].0 == key)?;
    let (y, height) = (line_top(line, place, layout), layout.metrics.table_line);
    Some(Bounds { y, height, ..place.bounds })
}

/// The paper, the program's name, and up to which record it has folded.
fn head(table: &TableView, place: &TablePlace) -> Shape {
    let Bounds { x, y, width, height } = place.bounds;
    let program = table.program.word();
    let beside = width - 2.0 * PADDING - text::width_px(program, TextStyle::Bold) - 8.0;
    let reader = place.id.to_string();
    let folded =
        table.folded.as_ref().map_or_else(|| reader.clone(), |folded| format!("{reader} to {}", folded.offset));
    let line = |x, anchor, style, class, text| Line { at: point(x, 15.0), anchor, style, class, text };
    let area = Bounds { x: 0.5, y: 0.5, width: width - 1.0, height: height - 1.0 };
    let rule = format!("M.5 {0}H{1}", n(TablePlace::HEAD - 1.5), n(width - 0.5));
    Shape::new(format!("table/{}", place.id), point(x, y), "table")
        .fixed()
        .rect(area, 2.5, "table-paper")
        .path(rule, "table-rule")
        .text(line(PADDING, Anchor::Start, TextStyle::Bold, "table-name", program.to_owned()))
        .text(line(
            width - PADDING,
            Anchor::End,
            TextStyle::Small,
            "consumer-words",
            text::elide(&folded, TextStyle::Small, beside),
        ))
        .target(Subject::Table(place.id), labels::table(place.id, table), Bounds { x: 0.0, y: 0.0, width, height })
}

/// The rows that have a line; where there are too few lines, the last one is left for how many more there are.
/// The row of the last record always has one.
fn shown(table: &TableView, layout: &Layout) -> impl Iterator<Item = usize> {
    let (all, lines) = (table.rows.len(), layout.metrics.table_lines);
    let shown = if all > lines { lines - 1 } else { all };
    let at = changed_row(table);
    (0..shown).map(move |line| if line + 1 == shown { at.filter(|at| *at > line).unwrap_or(line) } else { line })
}

fn changed_row(table: &TableView) -> Option<usize> {
    let folded = table.folded.as_ref()?;
    table.rows.iter().position(|(key, _)| *key == folded.key)
}

fn line_top(line: usize, place: &TablePlace, layout: &Layout) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
    let above = line as f64 * layout.metrics.table_line;
    place.bounds.y + TablePlace::HEAD + above
}

fn rows(table: &TableView, place: &TablePlace, layout: &Layout) -> Vec<Shape> {
    if table.rows.is_empty() {
        return vec![note("empty".to_owned(), place, line_top(0, place, layout))];
    }
    let set_off = changed_row(table).zip(table.folded.as_ref());
    let mut shapes: Vec<Shape> = shown(table, layout)
        .enumerate()
        .map(|(line, index)| {
            let changed = set_off.filter(|(at, _)| *at == index).map(|(_, folded)| folded.changed);
            row(&table.rows[index], changed, place, line_top(line, place, layout), layout)
        })
        .collect();
    let (lines, all) = (shapes.len(), table.rows.len());
    if lines < all {
        shapes.push(note(format!("{} more", all - lines), place, line_top(lines, place, layout)));
    }
    shapes
}

fn note(words: String, place: &TablePlace, top: f64) -> Shape {
    let at = point(place.bounds.x + PADDING, top + BASELINE);
    Shape::new(format!("table-note/{}", place.id), at, "table").fixed().text(Line {
        at: point(0.0, 0.0),
        anchor: Anchor::Start,
        style: TextStyle::Small,
        class: "quiet",
        text: words,
    })
}

/// `changed`: the last record was this key's; whether it changed the row. Told by an outline and by weight.
fn row(row: &(String, i64), changed: Option<bool>, place: &TablePlace, top: f64, layout: &Layout) -> Shape {
    let (key, value) = row;
    let width = place.bounds.width;
    let style = if changed.is_some() { TextStyle::Bold } else { TextStyle::Body };
    let key_x = PADDING + SWATCH + 5.0;
    let room = width - key_x - PADDING - 8.0;
    let asked = layout.answer.as_ref().filter(|answer| answer.question.is_about_row(place.id, key));
    let value = match asked {
        Some(answer) => text::elide(&format!("{value}, then {}", answer.candidate), style, room),
        None => text::elide(&value.to_string(), style, room - KEY_LEAST),
    };
    let key_room = room - text::width_px(&value, style);
    let line = |x, anchor, text| Line { at: point(x, BASELINE), anchor, style, class: "table-row", text };
    let swatch = Bounds { x: PADDING, y: BASELINE - SWATCH, width: SWATCH, height: SWATCH };
    let mut shape = Shape::new(format!("table-row/{}/{key}", place.id), point(place.bounds.x, top), "table").fixed();
    if let Some(changed) = changed.filter(|_| asked.is_none()) {
        let class = if changed { "table-changed" } else { "table-left" };
        let bounds = Bounds { x: 3.5, y: 0.5, width: width - 7.0, height: layout.metrics.table_line - 1.0 };
        shape = shape.ink(Ink::Rect { bounds, radius: 2.0, class });
    }
    shape
        .rect(swatch, 1.5, key_fill::swatch(Some(key)))
        .text(line(key_x, Anchor::Start, text::elide(key, style, key_room)))
        .text(line(width - PADDING, Anchor::End, value))
}
