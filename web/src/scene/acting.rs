//! Changing something: each act forks the run at the moment that is shown. The lesson stays as it is.

use kafka_lab::command::Command;
use kafka_lab::frame::{Frame, ReplicaRole, TapeId};
use kafka_lab::ids::{ConsumerIndex, Endpoint, EventId, ProducerIndex};
use kafka_lab::timeline::Run;
use kafka_lab::words as core_words;

use super::lab::Lab;
use super::sentence::sentence_view;
use crate::markup::{El, Item, Markup, button, each, el, live, many, text};
use crate::reactive::*;
use crate::words::acting as words;

/// Something that can be done now.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Act {
    label: String,
    commands: Vec<Command>,
}

impl Act {
    fn new(label: impl Into<String>, commands: Vec<Command>) -> Self {
        Act { label: label.into(), commands }
    }
}

/// Keys and amounts for records that the learner sends, in turn.
const RECORDS: [(&str, &str); 4] = [("dee", "+10"), ("ada", "-5"), ("bo", "+15"), ("cy", "-30")];

/// What one could do at this frame, before the engine is asked whether it can be done.
fn acts(frame: &Frame) -> Vec<Act> {
    let mut acts = Vec::new();
    for actor in &frame.actors {
        match actor.id {
            Endpoint::Producer(producer) => acts.push(send(frame, producer)),
            Endpoint::Consumer(consumer) => acts.extend(read(consumer)),
            Endpoint::Broker(_) => {}
        }
    }
    for tape in frame.tapes.iter().filter(|tape| tape.role == ReplicaRole::Follower) {
        if let TapeId::Broker(broker) = tape.id {
            acts.push(Act::new(
                format!("{} broker {broker} {}", words::LET, words::FETCH),
                vec![Command::Fetch { broker }],
            ));
        }
    }
    for message in &frame.messages {
        let named = format!("\u{201c}{}\u{201d}", message.label);
        let id = message.id;
        acts.push(Act::new(format!("{} {named}", words::DELIVER), vec![Command::Deliver { message: id }]));
        acts.push(Act::new(format!("{} {named}", words::DROP), vec![Command::Drop { message: id }]));
    }
    acts
}

fn send(frame: &Frame, producer: ProducerIndex) -> Act {
    let sent: usize = frame.tapes.first().map_or(0, |tape| tape.cells.len());
    let (key, value) = RECORDS[sent % RECORDS.len()];
    let send = Command::Send { producer, key: Some(key.to_owned()), value: Some(value.to_owned()) };
    Act::new(format!("{} {key} {value}", words::SEND), vec![send, Command::Flush { producer }])
}

fn read(consumer: ConsumerIndex) -> [Act; 2] {
    [
        Act::new(format!("{} {consumer} {}", words::LET, words::POLL), vec![Command::Poll { consumer }]),
        Act::new(format!("{} {consumer} {}", words::LET, words::COMMIT), vec![Command::Commit { consumer }]),
    ]
}

/// What can be done here, and, once something was, how the run now differs from the lesson.
pub(super) fn acting(lab: Lab) -> El {
    let frame = lab.playback.frame();
    let possible = memo(move || {
        let mut acts = acts(&frame.get());
        acts.retain(|act| lab.can(&act.commands).is_ok());
        acts
    });
    let buttons = move || {
        let items = possible.get().into_iter().map(|Act { label, commands }| {
            Item::new(label.clone(), move || {
                let commands = commands.clone();
                button("button", label.clone()).on_click(move || lab.act(&commands))
            })
        });
        items.collect()
    };
    let list = el("details")
        .class("acts")
        .child(el("summary").child(words::LABEL))
        .child(el("div").class("acts-list").child(each(buttons)));
    el("div").class("acting").child(live(move || lab.is_forked().then(|| forked(lab)))).child(list)
}

/// Where this run left the lesson, what differs first, and the way back.
fn forked(lab: Lab) -> El {
    let from = move || match lab.forked_at() {
        Some(moment) => format!("{}{}.", words::FORKED, moment.0),
        None => words::OWN_SCRIPT.to_owned(),
    };
    let differs = move || match lab.difference() {
        None => Markup::from(words::SAME),
        Some(difference) => many([
            Markup::from(words::DIFFERS),
            words::ONLY_LESSON.into(),
            side(&lab.lesson(), difference.left),
            " ".into(),
            words::ONLY_YOURS.into(),
            side(&lab.run(), difference.right),
        ]),
    };
    let back =
        button("button-plain", words::BACK).attr("aria-keyshortcuts", "F").on_click(move || lab.back_to_lesson());
    el("div")
        .class("forked")
        .attr("role", "status")
        .child(el("p").child(el("strong").child(text(from))).child(" ").child(live(differs)))
        .child(back)
}

/// What happens on one side: the event's sentence, or that it does not happen.
fn side(run: &Run, event: Option<EventId>) -> Markup {
    let event = event.and_then(|id| usize::try_from(id.0).ok()).and_then(|index| run.event(index).cloned());
    event.map_or_else(|| words::NOT_THERE.into(), |event| sentence_view(core_words::story(&event)))
}
