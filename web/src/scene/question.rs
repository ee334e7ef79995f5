//! A question of a beat: answered on the stage or in the prose, judged by the run.

use kafka_lab::event::Event;
use kafka_lab::explain::deciding_event;
use kafka_lab::frame::{Frame, Tape, TapeId, Window, of_world};
use kafka_lab::goal::{Quantity, Sight};
use kafka_lab::timeline::Run;
use kafka_lab::words;
use std::sync::Arc;

use super::lab::Lab;
use super::sentence::sentence_view;
use crate::markup::{El, button, el};
use crate::player::{Moment, Playback};
use crate::reactive::*;
use crate::stage::{Asks, Place, Question};
use crate::words::scene as say;

/// What came of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// None if the learner asked to be shown.
    answer: Option<i64>,
    actual: i64,
    /// The event that made it so, and whether it happened in this beat.
    decided: Option<(Arc<Event>, bool)>,
}

impl Verdict {
    /// Judges an answer by the run: the value at the beat's end, and the event that decided it.
    pub(super) fn of(
        run: &Run,
        quantity: &Quantity,
        start: Moment,
        end: &(Moment, Sight),
        answer: Option<i64>,
    ) -> Option<Self> {
        let actual = quantity.read(&end.1)?;
        let event = quantity.subject().and_then(|subject| deciding_event(run, subject, end.0.0));
        let event = event
            .and_then(|id| usize::try_from(id.0).ok())
            .and_then(|index| run.event(index).map(|event| (event.clone(), index >= start.0)));
        Some(Verdict { answer, actual, decided: event })
    }

    pub(super) fn is_right(&self) -> bool {
        self.answer == Some(self.actual)
    }
}

/// What the stage is asked: which mark of which tape is moved, or which row, and from where. None for what is on no
/// tape and in no table.
pub(crate) fn stage_question(quantity: &Quantity, asked_at: &Sight) -> Option<Question> {
    let frame = of_world(&asked_at.world, Window::ALL);
    let on_tape = |asks| Some(Place::OnTape { tape: tape_of(quantity, &frame)?.id.clone(), asks });
    let place = match quantity {
        Quantity::HighWatermark(_) => on_tape(Asks::HighWatermark)?,
        Quantity::LogEnd(_) => on_tape(Asks::LogEnd)?,
        Quantity::LogStart(_) | Quantity::Position(_) | Quantity::Committed(_) => on_tape(Asks::Cell)?,
        Quantity::Row(consumer, key) => Place::InTable { consumer: *consumer, key: key.clone() },
        _ => return None,
    };
    Some(Question { place, start: quantity.read(asked_at)? })
}

/// The tape that the quantity is drawn on.
fn tape_of<'a>(quantity: &Quantity, frame: &'a Frame) -> Option<&'a Tape> {
    let carries = |tape: &&Tape| match quantity {
        Quantity::LogStart(id) | Quantity::HighWatermark(id) | Quantity::LogEnd(id) => tape.id == TapeId::Broker(*id),
        Quantity::Position(consumer) | Quantity::Committed(consumer) => {
            tape.marks.iter().any(|mark| mark.consumer == *consumer)
        }
        _ => false,
    };
    frame.tapes.iter().find(carries)
}

/// The answer as a number, beside the one on the stage: the two are one. `on_skip`: the learner would rather see it.
pub(super) fn answer_controls(playback: Playback, on_skip: impl Fn() + 'static) -> El {
    let candidate = playback.candidate();
    let is_offset = untrack(|| playback.question().get()).is_none_or(|question| question.on_tape().is_some());
    let least = if is_offset { 0 } else { i64::MIN };
    let value = move || candidate.get().unwrap_or(0);
    let set = move |number: i64| playback.set_candidate(number.max(least));
    let field = el("input")
        .attr("type", "number")
        .attr("min", is_offset.then_some("0"))
        .attr("inputmode", "numeric")
        .attr("aria-label", if is_offset { say::ANSWER } else { say::ANSWER_NUMBER })
        .value(move || value().to_string())
        .on("input", move |event: web_sys::Event| {
            if let Ok(number) = event_target_value(&event).parse() {
                set(number);
            }
        })
        .on("keydown", move |event: web_sys::KeyboardEvent| {
            if event.key() == "Enter" {
                playback.commit_answer();
            }
        });
    let less = button("button", "\u{2212}")
        .attr("aria-label", if is_offset { say::LESS } else { say::NUMBER_LESS })
        .on_click(move || set(value() - 1));
    let more = button("button", "+")
        .attr("aria-label", if is_offset { say::MORE } else { say::NUMBER_MORE })
        .on_click(move || set(value() + 1));
    el("div")
        .class("ask-controls")
        .child(el("span").class("ask-number").child(less).child(field).child(more))
        .child(button("button primary", say::COMMIT).on_click(move || playback.commit_answer()))
        .child(button("button-plain", say::SHOW_ME).on_click(on_skip))
}

/// Right or wrong, and the event that decided it.
pub(super) fn verdict_view(lab: Lab, verdict: &Verdict) -> El {
    let right = verdict.is_right();
    let number = |number: i64| el("b").class("data").child(number.to_string());
    let first = el("p").class("verdict-first");
    let first = match verdict.answer {
        Some(_) if right => first.child(say::RIGHT),
        Some(answer) => first.child(say::WRONG.0).child(number(answer)).child(say::WRONG.1),
        None => first.child(say::SHOWN),
    };
    let decided = match &verdict.decided {
        Some((event, here)) => {
            let id = event.id;
            let link = el("button")
                .class("event-link")
                .attr("type", "button")
                .on_click(move || lab.look_at(id))
                .child(sentence_view(words::story(event)));
            el("p").child(if *here { say::DECIDED } else { say::NOT_TOUCHED }).child(link)
        }
        None => el("p").child(say::NEVER_TOUCHED),
    };
    el("div")
        .class(if right { "verdict right" } else { "verdict" })
        .attr("role", "status")
        .child(first.child(number(verdict.actual)).child("."))
        .child(decided)
}
