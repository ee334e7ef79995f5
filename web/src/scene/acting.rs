//! Changing something: each act forks the run at the moment that is shown. The lesson stays as it is.

use kafka_lab::command::{Command, Schedule};
use kafka_lab::frame::{Frame, ReplicaRole, TapeId};
use kafka_lab::ids::{ConsumerIndex, Endpoint, EventId, ProducerIndex};
use kafka_lab::rules::fold::Program;
use kafka_lab::rules::storage::StorageRule;
use kafka_lab::timeline::{Run, first_difference};
use kafka_lab::words as core_words;
use kafka_lab::world::World;
use wasm_bindgen::JsCast;

use super::lab::Lab;
use super::sentence::sentence_view;
use super::terminal::terminal;
use crate::markup::{El, Item, Markup, button, each, el, live, many, text};
use crate::reactive::*;
use crate::words::acting as words;

/// Something that can be done now.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Act {
    /// Who does it, or what it is done to.
    who: String,
    /// What stands on the button, beside `who`.
    does: String,
    /// The whole of it, for who hears the button alone.
    label: String,
    commands: Vec<Command>,
}

impl Act {
    fn new(who: impl Into<String>, does: impl Into<String>, label: String, commands: Vec<Command>) -> Self {
        Act { who: who.into(), does: does.into(), label, commands }
    }
}

/// Long enough for a question and its answer on links of 10 ms, and for linger.ms before it.
const COMES_OF_IT_MS: u32 = 60;

/// Keys and amounts for records that the learner sends, in turn.
const RECORDS: [(&str, &str); 4] = [("dee", "+10"), ("ada", "-5"), ("bo", "+15"), ("cy", "-30")];

/// What one could do at this frame, before the engine is asked whether it can be done.
fn acts(frame: &Frame, world: &World) -> Vec<Act> {
    let mut acts = Vec::new();
    for actor in &frame.actors {
        match actor.id {
            Endpoint::Producer(producer) => acts.push(send(frame, producer)),
            Endpoint::Consumer(consumer) => acts.extend(read(consumer, world)),
            Endpoint::Broker(_) | Endpoint::Controller(_) => {}
        }
    }
    for tape in frame.tapes.iter().filter(|tape| tape.role == ReplicaRole::Follower) {
        if let TapeId::Broker(broker) = tape.id {
            let who = format!("broker {broker}");
            let label = format!("{} {who} {}", words::LET, words::FETCH);
            acts.push(Act::new(who, words::FETCH, label, vec![Command::Fetch { broker }]));
        }
    }
    for message in &frame.messages {
        let named = format!("\u{201c}{}\u{201d}", message.label);
        let id = message.id;
        for ((label, does), command) in
            [(words::DELIVER, Command::Deliver { message: id }), (words::DROP, Command::Drop { message: id })]
        {
            acts.push(Act::new(message.label.clone(), does, format!("{label} {named}"), vec![command]));
        }
    }
    if world.schedule == Schedule::Automatic {
        // Where messages arrive by themselves, an act is shown with what comes of it.
        acts.iter_mut().for_each(|act| act.commands.push(Command::Wait { ms: COMES_OF_IT_MS }));
    }
    acts.push(rule(world));
    acts.push(Act::new(words::TIME, words::PASSES, words::LET_PASS.to_owned(), vec![Command::Wait { ms: 100 }]));
    acts
}

fn send(frame: &Frame, producer: ProducerIndex) -> Act {
    let sent: usize = frame.tapes.first().map_or(0, |tape| tape.cells.len());
    let (key, value) = RECORDS[sent % RECORDS.len()];
    let send = Command::Send { producer, key: Some(key.to_owned()), value: Some(value.to_owned()) };
    let (label, does) = words::SEND;
    let (label, does) = (format!("{label} {key} {value}"), format!("{does} {key} {value}"));
    Act::new(format!("producer {producer}"), does, label, vec![send, Command::Flush { producer }])
}

fn read(consumer: ConsumerIndex, world: &World) -> Vec<Act> {
    let act = |does: String, command| {
        let label = format!("{} {consumer} {does}", words::LET);
        Act::new(format!("consumer {consumer}"), does, label, vec![command])
    };
    let mut acts = vec![
        act(words::POLL.to_owned(), Command::Poll { consumer }),
        act(words::COMMIT.to_owned(), Command::Commit { consumer }),
    ];
    if let Some((leader, _)) = world.leader() {
        let offset = leader.log.log_start;
        acts.push(act(format!("{} {offset}", words::SEEK), Command::Seek { consumer, offset }));
    }
    acts.extend(
        Program::ALL
            .into_iter()
            .map(|program| act(format!("{} {}", words::RUN, program.word()), Command::Deploy { consumer, program })),
    );
    acts
}

/// The other of the two rules of what becomes of records that have been read.
fn rule(world: &World) -> Act {
    match world.topic.storage {
        StorageRule::DeleteOnAcknowledge => ruled(words::KEEP, StorageRule::Keep),
        StorageRule::Keep => ruled(words::DELETE, StorageRule::DeleteOnAcknowledge),
    }
}

fn ruled(does: &str, rule: StorageRule) -> Act {
    Act::new(words::RULE, does, format!("{}: {does}", words::RULE), vec![Command::Storage(rule)])
}

/// The acts of one actor, in a row.
fn row(lab: Lab, acts: &[Act]) -> El {
    let buttons = acts.iter().map(|act| {
        let commands = act.commands.clone();
        button("button", act.does.clone()).attr("aria-label", act.label.clone()).on_click(move || {
            lab.act(&commands);
        })
    });
    let who = acts.first().map(|act| act.who.clone());
    el("div").class("acts-row").child(el("span").class("acts-who").child(who)).child(many(buttons))
}

/// What can be done here, and, once something was, how the run now differs from what it was forked from.
pub(super) fn acting(lab: Lab, back_label: &'static str) -> El {
    let frame = lab.playback.frame();
    let is_open = RwSignal::new(false);
    // What is folded away asks nothing of the engine, frame for frame.
    let possible = memo(move || {
        if !is_open.get() {
            return Vec::new();
        }
        let mut acts = acts(&frame.get(), &lab.world());
        acts.retain(|act| lab.can(&act.commands).is_ok());
        acts
    });
    let rows = move || {
        let acts = possible.get();
        let rows = acts.chunk_by(|one, next| one.who == next.who).map(|acts| {
            let (acts, labels): (Vec<Act>, Vec<&str>) =
                acts.iter().map(|act| (act.clone(), act.label.as_str())).unzip();
            Item::new(labels.join("\n"), move || row(lab, &acts))
        });
        rows.collect()
    };
    let undo = move || lab.can_undo().then(|| button("button-plain", words::UNDO).on_click(move || lab.undo()));
    let list = el("details")
        .class("acts")
        .on("toggle", move |event: web_sys::Event| {
            let list = event.target().and_then(|list| list.dyn_into::<web_sys::Element>().ok());
            is_open.set(list.is_some_and(|list| list.has_attribute("open")));
        })
        .child(el("summary").child(words::LABEL))
        .child(el("div").class("acts-list").child(each(rows)).child(live(undo)))
        .child(terminal(lab));
    el("div").class("acting").child(live(move || lab.is_forked().then(|| forked(lab, back_label)))).child(list)
}

/// Where this run parted from the one it was forked from, what differs first, and the way back.
fn forked(lab: Lab, back_label: &'static str) -> El {
    let from = move || match lab.forked_at() {
        Some(moment) => format!("{}{}.", words::FORKED, moment.0),
        None => words::OWN_SCRIPT.to_owned(),
    };
    let differs = move || {
        let Some(before) = lab.compared_with() else { return Markup::from("") };
        let Some(difference) = first_difference(&before, &lab.run()) else { return words::SAME.into() };
        many([
            Markup::from(words::DIFFERS),
            words::ONLY_BEFORE.into(),
            side(&before, difference.left),
            " ".into(),
            words::ONLY_YOURS.into(),
            side(&lab.run(), difference.right),
        ])
    };
    let back = button("button-plain", back_label).attr("aria-keyshortcuts", "F").on_click(move || lab.back_to_lesson());
    let compare = move || {
        lab.compared_with().map(|_| {
            button("button", words::COMPARE)
                .attr("aria-keyshortcuts", "C")
                .live_attr("aria-pressed", move || lab.is_comparing())
                .on_click(move || lab.compare(!untrack(|| lab.is_comparing())))
        })
    };
    el("div")
        .class("forked")
        .attr("role", "status")
        .child(el("p").child(el("strong").child(text(from))).child(" ").child(live(differs)))
        .child(el("p").class("forked-ways").child(live(compare)).child(back))
}

/// What happens on one side: the event's sentence, or that it does not happen.
fn side(run: &Run, event: Option<EventId>) -> Markup {
    let event = event.and_then(|id| usize::try_from(id.0).ok()).and_then(|index| run.event(index).cloned());
    event.map_or_else(|| words::NOT_THERE.into(), |event| sentence_view(core_words::story(&event)))
}
