//! A question of a beat: answered on the stage or in the prose, judged by the run.

use kafka_lab::event::Event;
use kafka_lab::explain::deciding_event;
use kafka_lab::frame::{Frame, ReplicaRole, Tape, TapeId, Window, of_world};
use kafka_lab::goal::{Fate, Quantity, Sight};
use kafka_lab::timeline::Run;
use kafka_lab::words;
use std::sync::Arc;

use super::lab::Lab;
use super::sentence::sentence_view;
use crate::markup::{El, button, el, many};
use crate::player::{Moment, Playback};
use crate::reactive::*;
use crate::stage::{Asks, Place, Question};
use crate::words::scene as say;

/// What came of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// What was asked.
    quantity: Quantity,
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
        let event = quantity.subject(&end.1.world).and_then(|subject| deciding_event(run, subject, end.0.0));
        let event = event
            .and_then(|id| usize::try_from(id.0).ok())
            .and_then(|index| run.event(index).map(|event| (event.clone(), index >= start.0)));
        Some(Verdict { quantity: quantity.clone(), answer, actual, decided: event })
    }

    pub(super) fn is_right(&self) -> bool {
        self.answer == Some(self.actual)
    }
}

/// What the stage is asked: which mark of which tape is moved, or which row, and from where; or which brokers. None for
/// what is on no tape and in no table.
pub(crate) fn stage_question(quantity: &Quantity, asked_at: &Sight) -> Option<Question> {
    let frame = of_world(&asked_at.world, Window::ALL);
    let on_tape = |asks| Some(Place::OnTape { tape: tape_of(quantity, &frame)?.id.clone(), asks });
    let place = match quantity {
        Quantity::HighWatermark(_) => on_tape(Asks::HighWatermark)?,
        Quantity::LogEnd(_) => on_tape(Asks::LogEnd)?,
        Quantity::LogStart(_) | Quantity::Position(_) | Quantity::Committed(_) => on_tape(Asks::Cell)?,
        // Where it stands now may be the answer: the border begins at the log's start.
        Quantity::EpochEnd(id, _) | Quantity::AgreeTo(id, _) => {
            let start = Quantity::LogStart(*id).read(asked_at)?;
            return Some(Question { place: on_tape(Asks::Border)?, start });
        }
        Quantity::Row(consumer, key) => Place::InTable { consumer: *consumer, key: key.clone() },
        Quantity::InSync => Place::AtBrokers { set: true },
        // Nobody is chosen at first: who leads now need not be there.
        Quantity::Leader => return Some(Question { place: Place::AtBrokers { set: false }, start: 0 }),
        // No word is chosen at first: what is so now need not be in the end.
        Quantity::Fate(producer) => {
            return Some(Question { place: Place::OfRecord { producer: *producer }, start: -1 });
        }
        _ => return None,
    };
    Some(Question { place, start: quantity.read(asked_at)? })
}

/// The tape that the quantity is drawn on. A reader's is one that is up: what it reads next stands there.
fn tape_of<'a>(quantity: &Quantity, frame: &'a Frame) -> Option<&'a Tape> {
    let carries = |tape: &&Tape| match quantity {
        Quantity::LogStart(id) | Quantity::HighWatermark(id) | Quantity::LogEnd(id) => tape.id == TapeId::Broker(*id),
        Quantity::EpochEnd(id, _) | Quantity::AgreeTo(id, _) => tape.id == TapeId::Broker(*id),
        Quantity::Position(consumer) | Quantity::Committed(consumer) => {
            tape.marks.iter().any(|mark| mark.consumer == *consumer)
        }
        _ => false,
    };
    let is_up = |tape: &&Tape| tape.standing.as_ref().is_none_or(|standing| !standing.health.is_down());
    let leads = |tape: &&Tape| tape.role == ReplicaRole::Leader && is_up(tape);
    let drawn_on = frame.tapes.iter().find(carries)?;
    let is_reader = matches!(quantity, Quantity::Position(_) | Quantity::Committed(_));
    if is_reader && !is_up(&drawn_on) { frame.tapes.iter().find(leads).or(Some(drawn_on)) } else { Some(drawn_on) }
}

/// The answer's controls, beside the stage: the two are one. `on_skip`: the learner would rather see it.
pub(super) fn answer_controls(playback: Playback, on_skip: impl Fn() + 'static) -> El {
    let question = untrack(|| playback.question().get());
    let given = match question {
        Some(question) if matches!(question.place, Place::AtBrokers { .. }) => broker_choice(playback, question),
        Some(question) if matches!(question.place, Place::OfRecord { .. }) => fate_choice(playback),
        question => number_field(playback, question.is_none_or(|question| question.on_tape().is_some())),
    };
    el("div")
        .class("ask-controls")
        .child(given)
        .child(button("button primary", say::COMMIT).on_click(move || playback.commit_answer()))
        .child(button("button-plain", say::SHOW_ME).on_click(on_skip))
}

/// A button for each broker of the stage, pressed if the answer names it.
fn broker_choice(playback: Playback, question: Question) -> El {
    let candidate = playback.candidate();
    let frame = untrack(|| playback.frame().get());
    let brokers = frame.tapes.iter().filter_map(|tape| match tape.id {
        TapeId::Broker(id) => Some(id),
        TapeId::File(_) => None,
    });
    let choice = brokers.map(|id| {
        let (asked, chosen) = (question.clone(), question.clone());
        let is_chosen = move || candidate.get().is_some_and(|number| chosen.names(number, id));
        button("button", id.to_string())
            .attr("aria-label", format!("{}{id}", say::BROKER))
            .live_attr("aria-pressed", move || Some(if is_chosen() { "true" } else { "false" }))
            .on_click(move || {
                let number = untrack(|| candidate.get()).and_then(|number| asked.with_broker(number, id));
                if let Some(number) = number {
                    playback.set_candidate(number);
                }
            })
    });
    let label =
        if question.place == (Place::AtBrokers { set: true }) { say::ANSWER_BROKERS } else { say::ANSWER_BROKER };
    el("span").class("ask-number").attr("role", "group").attr("aria-label", label).child(many(choice))
}

/// A button for each thing that may come of a record.
fn fate_choice(playback: Playback) -> El {
    let candidate = playback.candidate();
    let choice = Fate::ALL.map(|fate| {
        let is_chosen = move || candidate.get() == Some(fate.number());
        button("button", words::fate(fate))
            .live_attr("aria-pressed", move || Some(if is_chosen() { "true" } else { "false" }))
            .on_click(move || playback.set_candidate(fate.number()))
    });
    let group = el("span").class("ask-number ask-words").attr("role", "group");
    group.attr("aria-label", say::ANSWER_FATE).child(many(choice))
}

fn number_field(playback: Playback, is_offset: bool) -> El {
    let candidate = playback.candidate();
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
    el("span").class("ask-number").child(less).child(field).child(more)
}

/// Right or wrong, and the event that decided it.
pub(super) fn verdict_view(lab: Lab, verdict: &Verdict) -> El {
    let right = verdict.is_right();
    let number = |number: i64| el("b").class("data").child(words::value(&verdict.quantity, number));
    let [yes, you_said, it_is, shown] = match verdict.quantity {
        Quantity::InSync | Quantity::Leader | Quantity::Fate(_) => say::BROKERS_SAID,
        _ => say::NUMBER_SAID,
    };
    let first = el("p").class("verdict-first");
    let first = match verdict.answer {
        Some(_) if right => first.child(yes),
        Some(answer) => first.child(you_said).child(number(answer)).child(it_is),
        None => first.child(shown),
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
