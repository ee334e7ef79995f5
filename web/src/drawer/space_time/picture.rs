//! The diagram as SVG: lines of the ends, times, messages, marks, and where the stage stands.

use kafka_lab::frame::{Line, Mark, Passed, SpaceTimeWindow};
use kafka_lab::ids::{Endpoint, EventId};
use kafka_lab::timeline::Run;
use kafka_lab::words;

use super::geometry::{At, Geometry, Time};
use crate::markup::{El, many, svg};
use crate::player::BeatKind;
use crate::scene::seconds;
use crate::stage::element::number;

/// Idle time from here on is said in the diagram, as on the stage.
const SAID_IDLE_MS: i64 = 1_000;
/// Two times nearer to each other are one.
const TIME_PX: f64 = 66.0;

/// One thing that can be pointed at and focused.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Thing {
    /// Its name in the document.
    pub(super) key: String,
    pub(super) what: What,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    Message(Line),
    Event(Mark),
}

impl Thing {
    /// Everything of a window, in the order in which it happened.
    pub(super) fn all(window: &SpaceTimeWindow) -> Vec<Thing> {
        let lines = window.lines.iter().map(|line| {
            let ended = line.ended.map_or_else(String::new, |ended| ended.event.0.to_string());
            Thing { key: format!("m{}-{ended}", line.sent.0), what: What::Message(line.clone()) }
        });
        let marks =
            window.marks.iter().map(|mark| Thing { key: format!("e{}", mark.event.0), what: What::Event(*mark) });
        let mut things: Vec<Thing> = lines.chain(marks).collect();
        things.sort_by_key(Thing::event);
        things
    }

    /// The event that it begins with.
    pub(super) fn event(&self) -> EventId {
        match &self.what {
            What::Message(line) => line.sent,
            What::Event(mark) => mark.event,
        }
    }

    /// The events that it is made of.
    pub(super) fn is_of(&self, event: EventId) -> bool {
        match &self.what {
            What::Message(line) => line.sent == event || line.ended.is_some_and(|ended| ended.event == event),
            What::Event(mark) => mark.event == event,
        }
    }

    /// Where a choice leads: a message first to where it leaves, then to where it ends.
    pub(super) fn choice(&self, chosen: Option<EventId>) -> EventId {
        match &self.what {
            What::Message(line) if chosen == Some(line.sent) => line.ended.map_or(line.sent, |ended| ended.event),
            _ => self.event(),
        }
    }

    /// On whose line it begins.
    pub(super) fn end(&self) -> Endpoint {
        match &self.what {
            What::Message(line) => line.message.from,
            What::Event(mark) => mark.at,
        }
    }

    pub(super) fn label(&self, run: &Run) -> String {
        match &self.what {
            What::Message(line) => words::line_words(line),
            What::Event(mark) => {
                let event = usize::try_from(mark.event.0).ok().and_then(|place| run.event(place));
                event.map(|event| words::story(event).to_string()).unwrap_or_default()
            }
        }
    }

    /// Its picture; what can be done with it is added by the panel.
    pub(super) fn draw(&self, geometry: &Geometry, label: String) -> El {
        let group =
            svg("g").attr("data-key", self.key.clone()).attr("role", "button").attr("aria-label", label.clone());
        let group = group.child(svg("title").child(label));
        match &self.what {
            What::Message(line) => message(group, line, geometry),
            What::Event(mark) => event(group, mark, geometry),
        }
    }
}

/// Whose colour a message and a mark wear.
fn of_end(end: Endpoint) -> &'static str {
    match end {
        Endpoint::Producer(_) => "producer",
        Endpoint::Consumer(_) => "consumer",
        _ => "broker",
    }
}

fn message(group: El, line: &Line, geometry: &Geometry) -> El {
    let (start, end) = geometry.way(line);
    let d = format!("M{}L{}", geometry.point(start), geometry.point(end));
    let (x, y) = geometry.xy(end);
    let (x, y) = (number(x), number(y));
    let tip = match line.ended {
        Some(ended) if ended.delivered => svg("circle").class("tip").attr("cx", x).attr("cy", y).attr("r", "3"),
        Some(_) => svg("path").class("cross").attr("d", format!("M{x} {y}m-5 -5l10 10m0 -10l-10 10")),
        None => svg("circle").class("tip open").attr("cx", x).attr("cy", y).attr("r", "4"),
    };
    let middle = At { along: f64::midpoint(start.along, end.along), across: f64::midpoint(start.across, end.across) };
    let (middle_x, middle_y) = geometry.xy(middle);
    let words = svg("text").class("said").attr("x", number(middle_x + 6.0)).attr("y", number(middle_y - 3.0));
    let class = format!("message {}", of_end(line.message.from));
    group
        .class(class)
        .child(svg("path").class("hit").attr("d", d.clone()))
        .child(svg("path").class("way").attr("d", d))
        .child(tip)
        .child(words.attr("aria-hidden", "true").child(line.label.clone()))
}

fn event(group: El, mark: &Mark, geometry: &Geometry) -> El {
    let (x, y) = geometry.xy(geometry.mark(mark));
    let (hit_x, hit_y) = (number(x - 12.0), number(y - 12.0));
    let (class, form) = form(geometry.kind(mark.event));
    let at = format!("M{} {}{form}", number(x), number(y));
    let class = format!("event {}", class.unwrap_or(of_end(mark.at)));
    let hit = svg("rect").class("hit").attr("x", hit_x).attr("y", hit_y).attr("width", "24").attr("height", "24");
    group.class(class).child(hit).child(svg("path").class("form").attr("d", at))
}

/// What a mark looks like, by form and not by colour alone: a square for an append, a flag for a mark that moved, a
/// diamond for what a client was told or did, a small bar for the rest.
fn form(kind: BeatKind) -> (Option<&'static str>, &'static str) {
    match kind {
        BeatKind::Append => (None, "m-4.5 -4.5h9v9h-9z"),
        BeatKind::MarkMoved => (Some("high-watermark"), "m-1 6v-13l9 4.5l-7.5 4v4.5z"),
        BeatKind::Acknowledged | BeatKind::Read | BeatKind::Committed | BeatKind::Leadership => {
            (None, "m0 -6l5 6l-5 6l-5 -6z")
        }
        BeatKind::Dropped | BeatKind::Fault => (Some("lost"), "m-5 -5l10 10m0 -10l-10 10"),
        BeatKind::Command | BeatKind::Sent | BeatKind::Arrived | BeatKind::Other => (None, "m-1.5 -5h3v10h-3z"),
    }
}

/// The lines of the ends, from edge to edge.
pub(super) fn lanes(geometry: &Geometry) -> El {
    let size = geometry.size();
    let lanes = geometry.ends.iter().map(|end| {
        let across = geometry.across(*end);
        let to = |along| geometry.point(At { along, across });
        let d = format!("M{}L{}", to(0.0), to(size.along));
        svg("path").class(format!("lane {}", of_end(*end))).attr("d", d)
    });
    svg("g").attr("aria-hidden", "true").child(many(lanes))
}

/// When virtual time goes on, and how much of it passes where it is much.
pub(super) fn times(window: &SpaceTimeWindow, geometry: &Geometry) -> El {
    let mut free_from = f64::MIN;
    let size = geometry.size();
    let times = window.passed.iter().filter_map(|passed| {
        let along = geometry.of_event(passed.event);
        let is_long = passed.passed_ms >= SAID_IDLE_MS;
        let room = if geometry.time == Time::Across { TIME_PX } else { TIME_PX / 3.0 };
        if along < free_from && !is_long {
            return None;
        }
        free_from = along + room;
        Some(time(passed, along, is_long, size.across, geometry))
    });
    svg("g").attr("aria-hidden", "true").child(many(times))
}

fn time(passed: &Passed, along: f64, is_long: bool, to: f64, geometry: &Geometry) -> El {
    let (first, anchor) = match geometry.time {
        Time::Across => (16.0, "middle"),
        Time::Down => (0.0, "start"),
    };
    let head = if geometry.time == Time::Across { 20.0 } else { 54.0 };
    let edge = |across| geometry.point(At { along, across });
    let (x, y) = geometry.xy(At { along, across: first });
    let y = if geometry.time == Time::Down { y + 4.0 } else { y - 4.0 };
    let line = svg("path").class("time").attr("d", format!("M{}L{}", edge(head), edge(to)));
    let text = svg("text").attr("x", number(x)).attr("y", number(y)).attr("text-anchor", anchor);
    let group = svg("g").class("time-of").child(line).child(text.child(seconds(passed.tick)));
    if !is_long {
        return group;
    }
    // The time before it was skipped: a gap in all lines.
    let gap = geometry.point(At { along: along - 16.0, across: head });
    let down = if geometry.time == Time::Across { "v" } else { "h" };
    group.child(svg("path").class("skipped").attr("d", format!("M{gap}{down}{}", number(to - head))))
}
