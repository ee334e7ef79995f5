//! What consumers have folded out of the log: a table each, a row a key.

use kafka_lab::frame::{Frame, TableView};

use super::n;
use crate::stage::key_fill;
use crate::stage::labels;
use crate::stage::layout::{Layout, TablePlace};
use crate::stage::shape::{Anchor, Bounds, Ink, Line, Shape, TextStyle, point};
use crate::stage::subject::Subject;
use crate::stage::text;

const PADDING: f64 = 8.0;
const SWATCH: f64 = 9.0;
/// From a line's top to its baseline.
const BASELINE: f64 = 13.0;

pub fn layer(frame: &Frame, layout: &Layout) -> Vec<Shape> {
    let mut shapes = Vec::new();
    for place in &layout.tables {
        let actor = frame.actors.iter().find(|actor| actor.id == place.id.into());
        if let Some(table) = actor.and_then(|actor| actor.table.as_ref()) {
            shapes.push(head(table, place));
            shapes.extend(rows(table, place, layout));
        }
    }
    shapes
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

/// As many rows as there are lines; what has no line is counted. The row of the last record always has one.
fn rows(table: &TableView, place: &TablePlace, layout: &Layout) -> Vec<Shape> {
    let lines = layout.metrics.table_lines;
    let line_top = |line: usize| {
        #[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
        let above = line as f64 * layout.metrics.table_line;
        place.bounds.y + TablePlace::HEAD + above
    };
    if table.rows.is_empty() {
        return vec![note("empty".to_owned(), place, line_top(0))];
    }
    let all = table.rows.len();
    let shown = if all > lines { lines - 1 } else { all };
    let last = table.folded.as_ref();
    let at = last.and_then(|folded| table.rows.iter().position(|(key, _)| *key == folded.key));
    let mut shapes = Vec::new();
    for line in 0..shown {
        let index = if line + 1 == shown { at.filter(|at| *at > line).unwrap_or(line) } else { line };
        let set_off = last.filter(|_| at == Some(index)).map(|folded| folded.changed);
        let (key, value) = &table.rows[index];
        shapes.push(row(key, *value, set_off, place, line_top(line), layout));
    }
    if shown < all {
        shapes.push(note(format!("{} more", all - shown), place, line_top(shown)));
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

/// `set_off`: the last record was this key's; whether it changed the row. Told by an outline and by weight.
fn row(key: &str, value: i64, set_off: Option<bool>, place: &TablePlace, top: f64, layout: &Layout) -> Shape {
    let width = place.bounds.width;
    let style = if set_off.is_some() { TextStyle::Bold } else { TextStyle::Body };
    let value = text::elide(&value.to_string(), style, width * 0.6);
    let key_x = PADDING + SWATCH + 5.0;
    let key_room = width - key_x - PADDING - text::width_px(&value, style) - 8.0;
    let line = |x, anchor, text| Line { at: point(x, BASELINE), anchor, style, class: "table-row", text };
    let swatch = Bounds { x: PADDING, y: BASELINE - SWATCH, width: SWATCH, height: SWATCH };
    let mut shape = Shape::new(format!("table-row/{}/{key}", place.id), point(place.bounds.x, top), "table").fixed();
    if let Some(changed) = set_off {
        let class = if changed { "table-changed" } else { "table-left" };
        let bounds = Bounds { x: 3.5, y: 0.5, width: width - 7.0, height: layout.metrics.table_line - 1.0 };
        shape = shape.ink(Ink::Rect { bounds, radius: 2.0, class });
    }
    shape
        .rect(swatch, 1.5, key_fill::swatch(Some(key)))
        .text(line(key_x, Anchor::Start, text::elide(key, style, key_room)))
        .text(line(width - PADDING, Anchor::End, value))
}
