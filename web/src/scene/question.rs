//! A question of a beat: answered on the stage or in the prose, judged by the run.

use kafka_lab::event::Event;
use kafka_lab::explain::deciding_event;
use kafka_lab::frame::{Frame, TapeId};
use kafka_lab::ids::Offset;
use kafka_lab::timeline::Run;
use kafka_lab::words;
use leptos::prelude::*;

use super::lab::Lab;
use super::quantity::Quantity;
use super::sentence::SentenceView;
use crate::player::Moment;
use crate::stage::{Asks, Question};
use crate::words::scene as say;

/// What came of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// None if the learner asked to be shown.
    answer: Option<Offset>,
    actual: Offset,
    /// The event that made it so, and whether it happened in this beat.
    decided: Option<(Event, bool)>,
}

impl Verdict {
    /// Judges an answer by the run: the value at the beat's end, and the event that decided it.
    pub(super) fn of(
        run: &Run,
        quantity: Quantity,
        start: Moment,
        end: &(Moment, Frame),
        answer: Option<Offset>,
    ) -> Option<Self> {
        let actual = quantity.read(&end.1)?;
        let event = deciding_event(run, quantity.subject(), end.0.0)
            .and_then(|id| usize::try_from(id.0).ok())
            .and_then(|index| run.event(index).map(|event| (event.clone(), index >= start.0)));
        Some(Verdict { answer, actual, decided: event })
    }

    fn is_right(&self) -> bool {
        self.answer == Some(self.actual)
    }
}

/// What the stage is asked: which mark of which tape is moved, and from where.
pub(super) fn stage_question(quantity: Quantity, asked_at: &Frame) -> Option<Question> {
    let tape: TapeId = quantity.tape(asked_at)?.id.clone();
    let asks = match quantity {
        Quantity::HighWatermark(_) => Asks::HighWatermark,
        Quantity::LogEnd(_) => Asks::LogEnd,
        Quantity::LogStart(_) | Quantity::Position(_) | Quantity::Committed(_) => Asks::Cell,
    };
    Some(Question { tape, asks, start: quantity.read(asked_at)? })
}

/// The answer as a number, beside the one on the stage: the two are one.
#[component]
pub(super) fn AnswerControls(
    /// The learner would rather see it.
    on_skip: Callback<()>,
) -> impl IntoView {
    let playback = Lab::expect_context().playback;
    let candidate = playback.candidate();
    let value = move || candidate.get().map_or(0, |offset| offset.0);
    let set = move |offset: i64| playback.set_candidate(Offset(offset.max(0)));
    view! {
        <div class="ask-controls">
            <span class="ask-number">
                <button class="button" type="button" aria-label=say::LESS on:click=move |_| set(value() - 1)>
                    "\u{2212}"
                </button>
                <input
                    type="number"
                    min="0"
                    inputmode="numeric"
                    aria-label=say::ANSWER
                    prop:value=move || value().to_string()
                    on:input=move |event| {
                        if let Ok(offset) = event_target_value(&event).parse() {
                            set(offset);
                        }
                    }
                    on:keydown=move |event| {
                        if event.key() == "Enter" {
                            playback.commit_answer();
                        }
                    }
                />
                <button class="button" type="button" aria-label=say::MORE on:click=move |_| set(value() + 1)>
                    "+"
                </button>
            </span>
            <button class="button primary" type="button" on:click=move |_| playback.commit_answer()>
                {say::COMMIT}
            </button>
            <button class="button-plain" type="button" on:click=move |_| on_skip.run(())>{say::SHOW_ME}</button>
        </div>
    }
}

/// Right or wrong, and the event that decided it.
#[component]
pub(super) fn VerdictView(verdict: Verdict) -> impl IntoView {
    let lab = Lab::expect_context();
    let right = verdict.is_right();
    let actual = verdict.actual.to_string();
    let first = match verdict.answer {
        Some(_) if right => view! { {say::RIGHT} <b class="data">{actual}</b> "." }.into_any(),
        Some(answer) => view! {
            {say::WRONG.0} <b class="data">{answer.to_string()}</b> {say::WRONG.1} <b class="data">{actual}</b> "."
        }
        .into_any(),
        None => view! { {say::SHOWN} <b class="data">{actual}</b> "." }.into_any(),
    };
    let decided = match verdict.decided {
        Some((event, here)) => {
            let id = event.id;
            let lead = if here { say::DECIDED } else { say::NOT_TOUCHED };
            view! {
                <p>
                    {lead}
                    <button class="event-link" type="button" on:click=move |_| lab.look_at(id)>
                        <SentenceView sentence=words::story(&event)/>
                    </button>
                </p>
            }
            .into_any()
        }
        None => view! { <p>{say::NEVER_TOUCHED}</p> }.into_any(),
    };
    view! {
        <div class="verdict" class:right=right role="status">
            <p class="verdict-first">{first}</p>
            {decided}
        </div>
    }
}
