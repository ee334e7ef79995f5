//! Why: the chain of causes of an event, and the reason for what has not happened.

use std::sync::Arc;

use kafka_lab::event::Event;
use kafka_lab::explain::{Question, explain};
use kafka_lab::frame::{CellState, Frame, TapeId};
use kafka_lab::ids::{Endpoint, EventId};
use kafka_lab::timeline::Run;
use kafka_lab::words;
use leptos::prelude::*;

use crate::scene::{Lab, SentenceView, seconds};
use crate::stage::{MarkName, Subject};
use crate::words::drawer as say;

/// Longest chain that is printed; what lies before it can be clicked to.
const LINKS_MOST: usize = 12;

#[component]
pub(super) fn Why() -> impl IntoView {
    let lab = Lab::expect_context();
    let asked = Memo::new(move |_| lab.playback.selected.get());
    // Of a thing on the stage: who touched it last. Of nothing: the event at hand.
    let event = move || match (lab.chosen(), asked.get().and_then(|thing| touched(lab, &thing))) {
        (None, Some(event)) => Some(event),
        _ => lab.event(),
    };
    let chain = move || match event() {
        Some(event) => view! { <Chain run=lab.run() event/> }.into_any(),
        None => view! { <p class="note">{say::NOTHING_YET}</p> }.into_any(),
    };
    let questions = move || questions(&lab.playback.frame().get(), asked.get().as_ref());
    let reasons = move || {
        let world = lab.world();
        let asked = questions().into_iter().map(|question| {
            let explained = explain(&world, question);
            let touched = explained.last_touch.and_then(|id| event_at(&lab.run(), id));
            view! {
                <dt><SentenceView sentence=words::question(question)/></dt>
                <dd>
                    <SentenceView sentence=words::because(explained.reason)/>
                    {touched.map(|event| view! { " " <EventLink event/> })}
                </dd>
            }
        });
        asked.collect_view()
    };
    view! {
        {chain}
        <h3 class="why-not">{say::NOT}</h3>
        <dl class="reasons">{reasons}</dl>
        {move || asked.get().is_none().then(|| view! { <p class="note">{say::WHY_HINT}</p> })}
    }
}

/// An event, what set it off, and so on back to the command; beside each what it rested on.
#[component]
fn Chain(run: Arc<Run>, event: Event) -> impl IntoView {
    let links = std::iter::successors(Some(event), |event| event.trigger.and_then(|id| event_at(&run, id)));
    let links = links.take(LINKS_MOST).enumerate().map(|(place, event)| {
        let rests_on: Vec<Event> = event.rests_on.iter().filter_map(|id| event_at(&run, *id)).collect();
        let rests_on = (!rests_on.is_empty()).then(|| {
            let items = rests_on.into_iter().map(|event| view! { <li><EventLink event/></li> });
            view! {
                <p class="chain-word">{say::RESTS_ON}</p>
                <ul class="rests-on">{items.collect_view()}</ul>
            }
        });
        view! {
            <li>
                {(place > 0).then(|| view! { <span class="chain-word">{say::BECAUSE}</span> })}
                <EventLink event/>
                {rests_on}
            </li>
        }
    });
    view! { <ol class="chain">{links.collect_view()}</ol> }
}

/// An event's sentence; a click goes there.
#[component]
fn EventLink(event: Event) -> impl IntoView {
    let lab = Lab::expect_context();
    let id = event.id;
    view! {
        <button class="event-link" type="button" on:click=move |_| lab.choose(id)>
            <span class="story-time">{seconds(event.tick)}</span>
            <SentenceView sentence=words::story(&event)/>
        </button>
    }
}

fn event_at(run: &Run, id: EventId) -> Option<Event> {
    usize::try_from(id.0).ok().and_then(|index| run.event(index).cloned())
}

/// The event that last touched a thing on the stage.
fn touched(lab: Lab, thing: &Subject) -> Option<Event> {
    use kafka_lab::event::Subject as Of;
    let frame = lab.playback.frame().get();
    let subject = match thing {
        Subject::Tape(TapeId::Broker(id)) | Subject::Batch { tape: TapeId::Broker(id), .. } => Of::Log(*id),
        Subject::Mark { tape: TapeId::Broker(id), mark } => match mark {
            MarkName::HighWatermark => Of::HighWatermark(*id),
            MarkName::LogEnd | MarkName::LastStable => Of::Log(*id),
            MarkName::Position(consumer) => Of::Position(*consumer),
            MarkName::Committed(consumer) => Of::CommittedOffset(*consumer),
        },
        Subject::Cell { tape, offset } => {
            let tape = frame.tapes.iter().find(|other| other.id == *tape)?;
            Of::Record(tape.cells.iter().find(|cell| cell.offset == *offset)?.record?)
        }
        Subject::Actor(Endpoint::Producer(id)) => Of::Producer(*id),
        Subject::Actor(Endpoint::Consumer(id)) => Of::Position(*id),
        Subject::Message(id) => Of::Message(*id),
        Subject::Actor(Endpoint::Broker(id)) => Of::Log(*id),
        Subject::Tape(_) | Subject::Batch { .. } | Subject::Mark { .. } => return None,
    };
    lab.world().last_touch(subject).and_then(|id| event_at(&lab.run(), id))
}

/// What could be asked about a thing; about nothing in particular, why the mark stands and who waits.
fn questions(frame: &Frame, thing: Option<&Subject>) -> Vec<Question> {
    match thing {
        Some(Subject::Cell { tape, offset }) => {
            let tape = frame.tapes.iter().find(|other| other.id == *tape);
            let cell = tape.and_then(|tape| tape.cells.iter().find(|cell| cell.offset == *offset));
            let acknowledged = cell.and_then(|cell| cell.record).map(Question::NotAcknowledged);
            [Question::NotReadable(*offset)].into_iter().chain(acknowledged).collect()
        }
        Some(
            Subject::Mark { mark: MarkName::Position(consumer), .. } | Subject::Actor(Endpoint::Consumer(consumer)),
        ) => {
            vec![Question::ReadsNothing(*consumer)]
        }
        Some(Subject::Actor(Endpoint::Producer(producer))) => {
            let written = frame.tapes.iter().take(1).flat_map(|tape| &tape.cells);
            let waiting = written.filter(|cell| cell.state == CellState::NotCommitted).filter_map(|cell| cell.record);
            waiting.filter(|record| record.producer == *producer).map(Question::NotAcknowledged).collect()
        }
        _ => vec![Question::MarkStands],
    }
}
