//! Producers and consumers: who they are, what they hold and what they wait for.

use kafka_lab::frame::{Actor, Frame, PendingRecord};
use kafka_lab::ids::Endpoint;
use kafka_lab::words::Sentence;

use crate::stage::key_fill;
use crate::stage::labels;
use crate::stage::layout::{ActorRow, Layout, SizeClass};
use crate::stage::shape::{Anchor, Bounds, Line, Shape, TextStyle, point};
use crate::stage::subject::Subject;
use crate::stage::text;

const CHIP_HEIGHT: f64 = 22.0;
const CHIP_GAP: f64 = 4.0;
/// From one line of words to the next.
const LINE_PX: f64 = 15.0;
/// With less room than this nothing is said beside the chips.
const WORDS_LEAST: f64 = 40.0;

pub fn layer(frame: &Frame, layout: &Layout) -> Vec<Shape> {
    let mut shapes = Vec::new();
    for row in &layout.actors {
        if let Some(actor) = frame.actors.iter().find(|actor| actor.id == row.id) {
            let (chips, chips_right) = chips(actor, row, layout);
            shapes.push(name(actor, row, chips_right, layout));
            shapes.extend(chips);
        }
    }
    shapes
}

/// Where what an actor holds begins: beside its name.
fn held_x(actor: &Actor, layout: &Layout) -> f64 {
    let metrics = layout.metrics;
    match layout.size {
        SizeClass::Phone => metrics.name_x + text::width_px(longest_name(actor), TextStyle::Bold) + 10.0,
        _ => metrics.tape_x,
    }
}

/// Clients share one column, controllers another.
fn longest_name(actor: &Actor) -> &'static str {
    if matches!(actor.id, Endpoint::Controller(_)) { "controller k1" } else { "producer p1" }
}

/// Its name, and what is said of it: under the chips where the row has a line for that, else after the last of them.
fn name(actor: &Actor, row: &ActorRow, chips_right: f64, layout: &Layout) -> Shape {
    let words = labels::endpoint(actor.id);
    let class = match actor.id {
        Endpoint::Producer(_) => "producer-words",
        Endpoint::Consumer(_) => "consumer-words",
        Endpoint::Broker(_) => "leader-words",
        Endpoint::Controller(_) => "quiet",
    };
    let at = point(layout.metrics.name_x, row.top + 17.0);
    // Chips take the first line where there are any.
    let below = CHIP_HEIGHT + 2.0;
    let (x, lower) = match actor.pending.is_empty() {
        true => (held_x(actor, layout), 0.0),
        false if at.y + below < row.bottom => (held_x(actor, layout), below),
        false => (chips_right + 6.0, 0.0),
    };
    let room = layout.width_px - layout.metrics.lane - x - 4.0;
    let bold = Line { at: point(0.0, 0.0), anchor: Anchor::Start, style: TextStyle::Bold, class, text: words.clone() };
    let mut shape = Shape::new(format!("actor/{}", actor.id), at, "actor").fixed().text(bold);
    let mut y = lower;
    for shown in flowed(&actor.lines, room) {
        if at.y + y >= row.bottom || room < WORDS_LEAST {
            break;
        }
        shape = shape.text(Line {
            at: point(x - at.x, y),
            anchor: Anchor::Start,
            style: TextStyle::Small,
            class: "quiet",
            text: text::elide(&shown, TextStyle::Small, room),
        });
        y += LINE_PX;
    }
    let said = actor.lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(" · ");
    let label = if said.is_empty() { words } else { format!("{words}: {said}") };
    let width = text::width_px(longest_name(actor), TextStyle::Bold) + 8.0;
    shape.target(Subject::Actor(actor.id), label, Bounds { x: -4.0, y: -17.0, width, height: 24.0 })
}

/// What is said of an actor, one after the other in as few lines as have room for it.
fn flowed(said: &[Sentence], room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for words in said {
        let words = words.to_string();
        match lines.last_mut() {
            Some(line) if text::width_px(&format!("{line} \u{b7} {words}"), TextStyle::Small) <= room => {
                line.push_str(" \u{b7} ");
                line.push_str(&words);
            }
            _ => lines.push(words),
        }
    }
    lines
}

/// The records in a producer's accumulator: in nobody's log yet, hence without an offset. With them, where they end.
fn chips(actor: &Actor, row: &ActorRow, layout: &Layout) -> (Vec<Shape>, f64) {
    let mut shapes = Vec::new();
    let mut x = held_x(actor, layout);
    let right = layout.width_px - layout.metrics.lane - 8.0;
    for (index, pending) in actor.pending.iter().enumerate() {
        let words = chip_words(pending);
        let width = text::width_px(&words, TextStyle::Small) + 14.0;
        let left = actor.pending.len() - index;
        let more = format!("+{left} more");
        let tail = if left > 1 { text::width_px(&more, TextStyle::Small) + 8.0 } else { 0.0 };
        if x + width + tail > right {
            let key = format!("pending-more/{}", actor.id);
            shapes.push(Shape::new(key, point(x + 4.0, row.top + 17.0), "pending").fixed().text(Line {
                at: point(0.0, 0.0),
                anchor: Anchor::Start,
                style: TextStyle::Small,
                class: "quiet",
                text: more.clone(),
            }));
            x += text::width_px(&more, TextStyle::Small) + 8.0;
            break;
        }
        let area = Bounds { x: 0.5, y: 0.5, width: width - 1.0, height: CHIP_HEIGHT - 1.0 };
        let shape = Shape::new(format!("pending/{}", pending.record), point(x, row.top + 2.0), "pending").fixed();
        shapes.push(shape.rect(area, 2.5, key_fill::class(pending.key.as_deref())).text(Line {
            at: point(7.0, 15.0),
            anchor: Anchor::Start,
            style: TextStyle::Small,
            class: "cell-key",
            text: words,
        }));
        x += width + CHIP_GAP;
    }
    (shapes, x)
}

/// Long keys and values are cut: a chip is a reminder, not the record.
fn chip_words(pending: &PendingRecord) -> String {
    const ROOM: f64 = 80.0;
    let value = pending.value.as_deref().unwrap_or("null");
    let words = pending.key.as_deref().map_or_else(|| value.to_owned(), |key| format!("{key} {value}"));
    text::elide(&words, TextStyle::Small, ROOM)
}
