//! Why: the chain of causes of an event, and the reason for what has not happened.

use kafka_lab::event::Event;
use kafka_lab::explain::{About, Question, Remedy, explain, questions};
use kafka_lab::frame::{Frame, TapeId};
use kafka_lab::ids::{Endpoint, EventId};
use kafka_lab::timeline::Run;
use kafka_lab::words;
use kafka_lab::world::World;
use std::sync::Arc;

use crate::markup::{El, Markup, button, el, live, many};
use crate::reactive::*;
use crate::scene::{Lab, seconds, sentence_view, with_what_comes};
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
        let questions = about(&world, &lab.playback.frame().get(), asked.get().as_ref());
        if questions.is_empty() {
            return note(say::ALL_WELL);
        }
        el("dl").class("reasons").child(many(questions.into_iter().map(|question| reason(lab, &world, question))))
    };
    many([
        live(chained),
        el("h2").class("why-not").child(say::NOT).into(),
        live(reasons),
        live(move || asked.get().is_none().then(|| note(say::WHY_HINT))),
    ])
}

/// Why something has not happened, and the event that it waits on since.
fn reason(lab: Lab, world: &World, question: Question) -> Markup {
    let explained = explain(world, question);
    let touched = explained.last_touch.and_then(|id| event_at(&lab.run(), id));
    let because = el("dd").child(sentence_view(words::why_not(question, &explained)));
    let because = match touched {
        Some(event) => because.child(" ").child(event_link(lab, &event)),
        None => because,
    };
    let helping: Vec<Markup> = explained.remedies.into_iter().map(|remedy| helps(lab, remedy).into()).collect();
    let helping = (!helping.is_empty()).then(|| el("dd").class("helps").child(say::HELPS).child(many(helping)));
    let asked = el("dt").child(sentence_view(words::question(question)));
    many([Markup::from(asked), because.into(), helping.into()])
}

/// What would let it go on: a command that can be given at once, or the time at which it does so by itself.
fn helps(lab: Lab, remedy: Remedy) -> El {
    match remedy {
        Remedy::Do(command) => button("button", command.to_string()).on_click(move || {
            lab.act(&with_what_comes(lab, command.clone()));
        }),
        Remedy::Until(_) => el("span").child(sentence_view(words::remedy(&remedy))),
    }
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
        Subject::Link(link) => Of::Link(*link),
        Subject::Actor(Endpoint::Broker(id)) => Of::Log(*id),
        Subject::Actor(Endpoint::Controller(_)) => Of::Partition,
        Subject::Isr => Of::Isr,
        Subject::Tape(_) | Subject::Batch { .. } | Subject::Mark { .. } => return None,
    };
    lab.world().last_touch(subject).and_then(|id| event_at(&lab.run(), id))
}

/// What could be asked about a thing; of nothing in particular, about the cluster.
fn about(world: &World, frame: &Frame, thing: Option<&Subject>) -> Vec<Question> {
    let about = match thing {
        Some(Subject::Cell { tape: TapeId::Broker(at), offset }) => {
            let tape = frame.tapes.iter().find(|other| other.id == TapeId::Broker(*at));
            let cell = tape.and_then(|tape| tape.cells.iter().find(|cell| cell.offset == *offset));
            About::Record { at: *at, offset: *offset, record: cell.and_then(|cell| cell.record) }
        }
        Some(
            Subject::Mark { mark: MarkName::Position(consumer), .. }
            | Subject::Actor(Endpoint::Consumer(consumer))
            | Subject::Table(consumer),
        ) => About::Consumer(*consumer),
        Some(Subject::Actor(Endpoint::Producer(producer))) => About::Producer(*producer),
        Some(Subject::Tape(TapeId::Broker(id)) | Subject::Actor(Endpoint::Broker(id))) => About::Broker(*id),
        Some(Subject::Mark { mark: MarkName::HighWatermark, .. }) => About::Mark,
        Some(Subject::Message(id)) => match world.network.on_the_way.get(id) {
            Some(travel) => return questions(world, About::Message(&travel.message)),
            None => About::Cluster,
        },
        _ => About::Cluster,
    };
    questions(world, about)
}
