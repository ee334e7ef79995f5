//! Why: the chain of causes of an event, and the reason for what has not happened.

use kafka_lab::event::Event;
use kafka_lab::explain::{Question, explain};
use kafka_lab::frame::{CellState, Frame, TapeId};
use kafka_lab::ids::{Endpoint, EventId};
use kafka_lab::timeline::Run;
use kafka_lab::words;
use kafka_lab::world::World;
use std::sync::Arc;

use crate::markup::{El, Markup, el, live, many};
use crate::reactive::*;
use crate::scene::{Lab, seconds, sentence_view};
use crate::stage::{MarkName, Subject};
use crate::words::drawer as say;

/// Longest chain that is printed; what lies before it can be clicked to.
const LINKS_MOST: usize = 12;

pub(super) fn why(lab: Lab) -> Markup {
    let asked = memo(move || lab.playback.selected.get());
    // Of a thing on the stage: who touched it last. Of nothing: the event at hand.
    let event = move || match (lab.chosen(), asked.get().and_then(|thing| touched(lab, &thing))) {
        (None, Some(event)) => Some(event),
        _ => lab.event(),
    };
    let note = |words| el("p").class("note").child(words);
    let chained = move || event().map_or_else(|| note(say::NOTHING_YET), |event| chain(lab, event));
    let reasons = move || {
        let world = lab.world();
        let questions = questions(&lab.playback.frame().get(), asked.get().as_ref());
        many(questions.into_iter().map(|question| reason(lab, &world, question)))
    };
    many([
        live(chained),
        el("h3").class("why-not").child(say::NOT).into(),
        el("dl").class("reasons").child(live(reasons)).into(),
        live(move || asked.get().is_none().then(|| note(say::WHY_HINT))),
    ])
}

/// Why something has not happened, and the event that it waits on since.
fn reason(lab: Lab, world: &World, question: Question) -> Markup {
    let explained = explain(world, question);
    let touched = explained.last_touch.and_then(|id| event_at(&lab.run(), id));
    let because = el("dd").child(sentence_view(words::because(explained.reason)));
    let because = match touched {
        Some(event) => because.child(" ").child(event_link(lab, &event)),
        None => because,
    };
    many([el("dt").child(sentence_view(words::question(question))), because])
}

/// An event, what set it off, and so on back to the command; beside each what it rested on.
fn chain(lab: Lab, event: Arc<Event>) -> El {
    let run = lab.run();
    let links = std::iter::successors(Some(event), |event| event.trigger.and_then(|id| event_at(&run, id)));
    let links = links.take(LINKS_MOST).enumerate().map(|(place, event)| {
        let because = (place > 0).then(|| el("span").class("chain-word").child(say::BECAUSE));
        let link = el("li").child(because).child(event_link(lab, &event));
        let rests_on: Vec<Arc<Event>> = event.rests_on.iter().filter_map(|id| event_at(&run, *id)).collect();
        if rests_on.is_empty() {
            return link;
        }
        let items = rests_on.iter().map(|event| el("li").child(event_link(lab, event)));
        link.child(el("p").class("chain-word").child(say::RESTS_ON))
            .child(el("ul").class("rests-on").child(many(items)))
    });
    el("ol").class("chain").child(many(links))
}

/// An event's sentence; a click goes there.
fn event_link(lab: Lab, event: &Event) -> El {
    let id = event.id;
    el("button")
        .class("event-link")
        .attr("type", "button")
        .on_click(move || lab.choose(id))
        .child(el("span").class("story-time").child(seconds(event.tick)))
        .child(sentence_view(words::story(event)))
}

fn event_at(run: &Run, id: EventId) -> Option<Arc<Event>> {
    usize::try_from(id.0).ok().and_then(|index| run.event(index).cloned())
}

/// The event that last touched a thing on the stage.
fn touched(lab: Lab, thing: &Subject) -> Option<Arc<Event>> {
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
        Subject::Table(id) => Of::Table(*id),
        Subject::Message(id) => Of::Message(*id),
        Subject::Actor(Endpoint::Broker(id)) => Of::Log(*id),
        Subject::Actor(Endpoint::Controller(_)) => Of::Partition,
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
            Subject::Mark { mark: MarkName::Position(consumer), .. }
            | Subject::Actor(Endpoint::Consumer(consumer))
            | Subject::Table(consumer),
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
