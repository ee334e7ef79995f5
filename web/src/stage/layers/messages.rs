//! Messages: a capsule with its content in words, on a thin dotted way from sender to receiver.

use kafka_lab::frame::{FlyingMessage, Frame, ReplicaRole, TapeId};
use kafka_lab::ids::Endpoint;

use super::n;
use crate::stage::key_fill;
use crate::stage::labels;
use crate::stage::layout::Layout;
use crate::stage::route::Route;
use crate::stage::shape::{Anchor, Bounds, Line, Point, Shape, TextStyle, point};
use crate::stage::subject::Subject;
use crate::stage::text;

const HEIGHT: f64 = 26.0;
/// A capsule says at most this much; the rest is in its label.
const WORDS_PX: f64 = 160.0;
/// Small squares for the records it carries; more are not told apart at this size.
const SWATCHES: usize = 4;
const SWATCH: f64 = 9.0;

pub fn layer(frame: &Frame, layout: &Layout) -> Vec<Shape> {
    let drawn: Vec<(&FlyingMessage, Route)> = drawn(frame, layout).collect();
    let mut places: Vec<(Point, f64)> = drawn
        .iter()
        .map(|(message, route)| {
            let width = capsule_width(message, layout);
            (place(route, resting_progress(message, layout.tick), width, layout), width)
        })
        .collect();
    separate(&mut places);
    let class = |message: &FlyingMessage| role_class(frame, message.id.from);
    let mut shapes: Vec<Shape> = drawn.iter().map(|(message, route)| way(message, route, class(message))).collect();
    let capsules = drawn.iter().zip(&places);
    shapes.extend(capsules.map(|((message, _), (at, width))| capsule(message, *at, *width, class(message), layout)));
    shapes
}

/// The messages that are on the stage, each with its way.
pub fn drawn<'a>(frame: &'a Frame, layout: &'a Layout) -> impl Iterator<Item = (&'a FlyingMessage, Route)> {
    let seen = frame.messages.iter().filter(|message| !message.routine || layout.with_routine);
    seen.filter_map(|message| Some((message, Route::of(message.id, layout)?)))
}

/// What the keys of capsules begin with.
pub const KEY: &str = "message/";

/// The key of a message's capsule: its place is written once an animation frame.
#[must_use]
pub fn key(message: &FlyingMessage) -> String {
    format!("{KEY}{}", message.id)
}

/// A message wears the colour of its sender.
fn role_class(frame: &Frame, from: Endpoint) -> &'static str {
    match from {
        Endpoint::Producer(_) => "message producer",
        Endpoint::Consumer(_) => "message consumer",
        Endpoint::Controller(_) => "message controller",
        Endpoint::Broker(id) => {
            let leads =
                frame.tapes.iter().any(|tape| tape.id == TapeId::Broker(id) && tape.role == ReplicaRole::Leader);
            if leads { "message leader" } else { "message follower" }
        }
    }
}

fn way(message: &FlyingMessage, route: &Route, class: &'static str) -> Shape {
    let (from, to, bulge) = (route.from, route.to, n(route.bulge_x - route.from.x));
    let down = to.y - from.y;
    let d = format!("M0 0C{bulge} 0 {bulge} {0} 0 {0}", n(down));
    // The tip points to the left, into the tape.
    let tip = format!("M0 {}l9 -4.5v9z", n(down));
    let start = "M-2 0a2 2 0 1 0 4 0a2 2 0 1 0 -4 0z";
    let shape = Shape::new(format!("way/{}", message.id), from, class).fixed();
    shape.path(d, "message-way").path(format!("{start}{tip}"), "message-tip")
}

fn capsule(message: &FlyingMessage, at: Point, width: f64, class: &'static str, layout: &Layout) -> Shape {
    let words = text::elide(&message.label, TextStyle::SmallBold, words_px(layout));
    let area = Bounds { x: -width / 2.0, y: -HEIGHT / 2.0, width, height: HEIGHT };
    let mut shape = Shape::new(key(message), at, class).fixed().rect(area, HEIGHT / 2.0, "message-capsule");
    let mut x = area.x + 11.0;
    for record in message.records.iter().take(SWATCHES) {
        let square = Bounds { x, y: -SWATCH / 2.0, width: SWATCH, height: SWATCH };
        shape = shape.rect(square, 1.5, key_fill::swatch(record.key.as_deref()));
        x += SWATCH + 2.0;
    }
    if !message.records.is_empty() {
        x += 3.0;
    }
    shape
        .text(Line {
            at: point(x, 4.0),
            anchor: Anchor::Start,
            style: TextStyle::SmallBold,
            class: "message-words",
            text: words,
        })
        .target(Subject::Message(message.id), labels::message(message), area)
}

fn words_px(layout: &Layout) -> f64 {
    WORDS_PX.min(layout.width_px / 3.0)
}

/// How wide a message's capsule is.
#[must_use]
pub fn capsule_width(message: &FlyingMessage, layout: &Layout) -> f64 {
    let words = text::elide(&message.label, TextStyle::SmallBold, words_px(layout));
    #[expect(clippy::cast_precision_loss, reason = "at most SWATCHES")]
    let squares = message.records.len().min(SWATCHES) as f64;
    let swatches = if message.records.is_empty() { 0.0 } else { squares * (SWATCH + 2.0) + 3.0 };
    text::width_px(&words, TextStyle::SmallBold) + swatches + 22.0
}

/// Where a capsule stands when it has come `progress` of its way: always whole on the stage.
#[must_use]
pub fn place(route: &Route, progress: f64, width: f64, layout: &Layout) -> Point {
    // It never covers its sender or receiver: the ends of the way stay free.
    const FREE: f64 = 0.14;
    let on_way = route.at(FREE + (1.0 - 2.0 * FREE) * progress);
    let furthest = layout.width_px - width / 2.0 - 6.0;
    point(on_way.x.min(furthest), on_way.y)
}

/// How far a message has come by virtual time alone: what a picture without a player shows.
fn resting_progress(message: &FlyingMessage, now: kafka_lab::ids::Tick) -> f64 {
    let Some(due) = message.due else { return 0.5 };
    #[expect(clippy::cast_precision_loss, reason = "a share of a flight, for drawing only")]
    let (passed, flight) = ((now.0 - message.sent.0) as f64, (due.0 - message.sent.0) as f64);
    if flight > 0.0 { (passed / flight).clamp(0.0, 1.0) } else { 0.5 }
}

/// Moves capsules that would lie on each other apart, downwards, in the order they are given.
pub fn separate(capsules: &mut [(Point, f64)]) {
    const GAP: f64 = 4.0;
    // From the highest to the lowest; there are few, and a library's sort is large.
    let mut order: Vec<usize> = Vec::with_capacity(capsules.len());
    for capsule in 0..capsules.len() {
        let y = capsules[capsule].0.y;
        let place = order.iter().position(|other| capsules[*other].0.y > y).unwrap_or(order.len());
        order.insert(place, capsule);
    }
    for position in 1..order.len() {
        let (here, here_width) = capsules[order[position]];
        for before in 0..position {
            let (there, there_width) = capsules[order[before]];
            let beside = (here.x - there.x).abs() >= f64::midpoint(here_width, there_width) + GAP;
            let current = &mut capsules[order[position]].0;
            if !beside && current.y < there.y + HEIGHT + GAP {
                current.y = there.y + HEIGHT + GAP;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capsules_at_one_place_are_moved_apart() {
        let mut capsules = vec![(point(10.0, 50.0), 80.0), (point(12.0, 50.0), 80.0), (point(400.0, 50.0), 80.0)];
        separate(&mut capsules);
        assert!((capsules[1].0.y - capsules[0].0.y).abs() >= HEIGHT, "{capsules:?}");
        assert_eq!(capsules[2].0, point(400.0, 50.0), "what lies beside stays");
    }
}
