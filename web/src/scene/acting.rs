//! Changing something: each act forks the run at the moment that is shown. The lesson stays as it is.

use kafka_lab::command::Command;
use kafka_lab::frame::{Frame, ReplicaRole, TapeId};
use kafka_lab::ids::{ConsumerIndex, Endpoint, EventId, ProducerIndex};
use kafka_lab::timeline::Run;
use kafka_lab::words as core_words;
use leptos::prelude::*;

use super::lab::Lab;
use super::sentence::SentenceView;
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
#[component]
pub(super) fn Acting() -> impl IntoView {
    let lab = Lab::expect_context();
    let frame = lab.playback.frame();
    let possible = Memo::new(move |_| {
        let mut acts = acts(&frame.get());
        acts.retain(|act| lab.can(&act.commands).is_ok());
        acts
    });
    let buttons = move || {
        let acts = possible.get().into_iter().map(|Act { label, commands }| {
            view! { <button class="button" type="button" on:click=move |_| lab.act(&commands)>{label}</button> }
        });
        acts.collect_view()
    };
    view! {
        <div class="acting">
            {move || lab.is_forked().then(|| view! { <Forked/> })}
            <details class="acts">
                <summary>{words::LABEL}</summary>
                <div class="acts-list">{buttons}</div>
            </details>
        </div>
    }
}

/// Where this run left the lesson, what differs first, and the way back.
#[component]
fn Forked() -> impl IntoView {
    let lab = Lab::expect_context();
    let from = move || match lab.forked_at() {
        Some(moment) => format!("{}{}.", words::FORKED, moment.0),
        None => words::OWN_SCRIPT.to_owned(),
    };
    let differs = move || match lab.difference() {
        None => words::SAME.into_any(),
        Some(difference) => view! {
            {words::DIFFERS} {words::ONLY_LESSON} {side(&lab.lesson(), difference.left)} " " {words::ONLY_YOURS}
            {side(&lab.run(), difference.right)}
        }
        .into_any(),
    };
    view! {
        <div class="forked" role="status">
            <p><strong>{from}</strong> " " {differs}</p>
            <button class="button-plain" type="button" aria-keyshortcuts="F" on:click=move |_| lab.back_to_lesson()>
                {words::BACK}
            </button>
        </div>
    }
}

/// What happens on one side: the event's sentence, or that it does not happen.
fn side(run: &Run, event: Option<EventId>) -> AnyView {
    let event = event.and_then(|id| usize::try_from(id.0).ok()).and_then(|index| run.event(index).cloned());
    match event {
        Some(event) => view! { <SentenceView sentence=core_words::story(&event)/> }.into_any(),
        None => words::NOT_THERE.into_any(),
    }
}
