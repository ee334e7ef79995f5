//! What two frames show otherwise, in words: the thing, then what it is on the left and on the right.

use super::names::{broker, endpoint, high_watermark, key_and_value, offset};
use super::{Noun, Sentence, Span, describe_cell};
use crate::frame::{Cell, CellKind, CellState, FrameDifference, ReaderMarkKind, ReplicaRole, TapeId, TapeMark};
use crate::ids::{Endpoint, Offset};
use crate::timeline::Side;
use std::fmt;

/// A difference as a row: what it is about, and how it stands on each side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DifferenceRow {
    pub about: Sentence,
    pub left: Sentence,
    pub right: Sentence,
}

impl fmt::Display for DifferenceRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} | {}", self.about, self.left, self.right)
    }
}

/// "broker 2, high watermark: 3 | 4".
#[must_use]
pub fn frame_difference(difference: &FrameDifference) -> DifferenceRow {
    match difference {
        FrameDifference::Tape { tape: id, on } => sides(tape(id).say(", its log"), *on, "there", "not there"),
        FrameDifference::Role { tape: id, left, right } => {
            row(tape(id).say(", role"), Sentence::new().say(role(*left)), Sentence::new().say(role(*right)))
        }
        FrameDifference::InSync { tape: id, left, right } => {
            let said = |in_sync: bool| Sentence::new().say(if in_sync { "in sync" } else { "not in sync" });
            row(tape(id), said(*left), said(*right))
        }
        FrameDifference::Cell { tape: id, offset: at, left, right } => {
            let about = tape(id).say(", offset ").span(offset(*at));
            row(about, cell(left.as_deref()), cell(right.as_deref()))
        }
        FrameDifference::Mark { tape: id, mark, left, right } => {
            let about = named(tape(id).say(", "), *mark);
            row(about, number(left.map(|Offset(at)| at)), number(right.map(|Offset(at)| at)))
        }
        FrameDifference::Row { consumer, key, left, right } => {
            let table = Sentence::new().span(endpoint(Endpoint::Consumer(*consumer))).say(", its row of ");
            row(table.noun(Noun::Data, key), number(*left), number(*right))
        }
        FrameDifference::Message { message, label, on } => {
            let about = Sentence::new().noun(Noun::Data, label).say(", from ").span(endpoint(message.from));
            sides(about.say(" to ").span(endpoint(message.to)), *on, "on its way", "not on its way")
        }
    }
}

fn row(about: Sentence, left: Sentence, right: Sentence) -> DifferenceRow {
    DifferenceRow { about, left, right }
}

fn sides(about: Sentence, on: Side, here: &str, elsewhere: &str) -> DifferenceRow {
    let said = |side| Sentence::new().say(if side == on { here } else { elsewhere });
    row(about, said(Side::Left), said(Side::Right))
}

fn tape(id: &TapeId) -> Sentence {
    Sentence::new().span(match id {
        TapeId::Broker(id) => broker(*id),
        TapeId::File(name) => Span::Plain(name.clone()),
    })
}

fn role(role: ReplicaRole) -> &'static str {
    match role {
        ReplicaRole::Leader => "leader",
        ReplicaRole::Follower => "follower",
        ReplicaRole::None => "none",
    }
}

fn named(say: Sentence, mark: TapeMark) -> Sentence {
    match mark {
        TapeMark::LogStart => say.say("log start"),
        TapeMark::HighWatermark => say.span(high_watermark()),
        TapeMark::LastStable => say.say("last stable offset"),
        TapeMark::LogEnd => say.say("log end"),
        TapeMark::Reader(consumer, kind) => {
            let kind = if kind == ReaderMarkKind::Position { "position of " } else { "committed offset of " };
            say.say(kind).span(endpoint(Endpoint::Consumer(consumer)))
        }
    }
}

fn number(number: Option<i64>) -> Sentence {
    number.map_or_else(nothing, |number| Sentence::new().noun(Noun::Data, number))
}

fn nothing() -> Sentence {
    Sentence::new().say("nothing")
}

fn cell(cell: Option<&Cell>) -> Sentence {
    let Some(cell) = cell else { return nothing() };
    let said = match cell.kind {
        CellKind::Record => key_and_value(cell.key.as_deref(), cell.value.as_deref()),
        // "4: commit marker": the offset is said already.
        _ => {
            let said = describe_cell(cell);
            said.split_once(": ").map_or(said.clone(), |(_, what)| what.to_owned())
        }
    };
    let said = Sentence::new().noun(Noun::Data, said);
    if cell.state == CellState::Lost { said.say(", ").noun(Noun::Danger, "lost") } else { said }
}
