//! Links: a faint line between two brokers; what is amiss on one is a mark in its middle, and bars where nothing
//! arrives.

use kafka_lab::frame::{Frame, Wire};
use kafka_lab::words::wire_words;

use super::n;
use crate::stage::labels;
use crate::stage::layout::Layout;
use crate::stage::route::Route;
use crate::stage::shape::{Anchor, Bounds, Line, Shape, TextStyle, point};
use crate::stage::subject::Subject;
use crate::stage::text;

/// From a link's mark to its words, and from them to the stage's edge.
const ROOM: f64 = 10.0;

pub fn layer(frame: &Frame, layout: &Layout) -> Vec<Shape> {
    frame.wires.iter().filter_map(|wire| draw(wire, layout)).collect()
}

fn draw(wire: &Wire, layout: &Layout) -> Option<Shape> {
    let route = Route::of_link(wire.link, layout)?;
    let (middle, down) = (route.at(0.5), route.to.y - route.from.y);
    let bulge = n(route.bulge_x - route.from.x);
    let is_cut = wire.there.cut || wire.back.cut;
    let class = match (is_cut, wire.there.is_whole() && wire.back.is_whole()) {
        (true, _) => "wire cut",
        (false, false) => "wire amiss",
        (false, true) => "wire",
    };
    let key = format!("wire/{}-{}", wire.link.from, wire.link.to);
    let line = format!("M0 0C{bulge} 0 {bulge} {0} 0 {0}", n(down));
    let mut shape = Shape::new(key, route.from, class).fixed().path(line, "wire-line");
    let (x, y) = (middle.x - route.from.x, middle.y - route.from.y);
    let at = |d: &str| format!("M{} {}{d}", n(x), n(y));
    shape = match (is_cut, wire.there.held || wire.back.held) {
        (true, _) => shape.path(at("m-5 -5l10 10m0 -10l-10 10"), "wire-mark"),
        (false, true) => shape.path(at("m-2.5 -5v10m5 0v-10"), "wire-mark"),
        (false, false) => shape.path(at("m-2.5 0a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0z"), "wire-dot"),
    };
    // Nothing arrives here.
    for (stops, end) in [(wire.there.cut, down), (wire.back.cut, 0.0)] {
        if stops {
            shape = shape.path(format!("M5 {}v12", n(end - 6.0)), "wire-mark");
        }
    }
    let words = wire_words(wire);
    let room = layout.width_px - middle.x - 2.0 * ROOM;
    // Where there is no room the bars say which way.
    let short = words.split(' ').next().unwrap_or_default();
    let words = if text::width_px(&words, TextStyle::Small) <= room { &words } else { short };
    if !words.is_empty() {
        shape = shape.text(Line {
            at: point(x + ROOM, y + 4.0),
            anchor: Anchor::Start,
            style: TextStyle::Small,
            class: "wire-words",
            text: text::elide(words, TextStyle::Small, room),
        });
    }
    let hit = Bounds { x: x - 12.0, y: y - 12.0, width: 24.0, height: 24.0 };
    Some(shape.target(Subject::Link(wire.link), labels::wire(wire), hit))
}
