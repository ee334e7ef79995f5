//! Changing something: each act forks the run at the moment that is shown. The lesson stays as it is.
//!
//! What clients do is always at hand. What can be done to a broker, a controller, a link, a message, the mark or the
//! rules is shown for one of them at a time: the one that is chosen on the stage, or here.

mod everyday;
mod faults;
mod knobs;
mod who;

use kafka_lab::command::{Command, Schedule};
use kafka_lab::frame::Frame;
use kafka_lab::ids::EventId;
use kafka_lab::timeline::{Run, first_difference};
use kafka_lab::words as core_words;
use kafka_lab::world::World;
use wasm_bindgen::JsCast;

use who::Who;

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

/// A command with what comes of it, where messages arrive by themselves.
pub(crate) fn with_what_comes(lab: Lab, command: Command) -> Vec<Command> {
    let by_itself = untrack(|| lab.world()).schedule == Schedule::Automatic;
    [command].into_iter().chain(by_itself.then_some(everyday::WHAT_COMES)).collect()
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
    let is_open = RwSignal::new(false);
    let undo = move || lab.can_undo().then(|| button("button-plain", words::UNDO).on_click(move || lab.undo()));
    let list = el("details")
        .class("acts")
        .live_attr("open", move || is_open.get().then_some(""))
        .on("toggle", move |event: web_sys::Event| {
            let list = event.target().and_then(|list| list.dyn_into::<web_sys::Element>().ok());
            is_open.set(list.is_some_and(|list| list.has_attribute("open")));
        })
        .child(el("summary").child(words::LABEL))
        .child(el("div").class("acts-list").child(Acting::new(lab, is_open).view()).child(live(undo)))
        .child(terminal(lab));
    el("div").class("acting").child(live(move || lab.is_forked().then(|| forked(lab, back_label)))).child(list)
}

/// A handle that is copied freely.
#[derive(Clone, Copy)]
struct Acting {
    lab: Lab,
    /// What is folded away asks nothing of the engine, frame for frame.
    is_open: RwSignal<bool>,
    /// Who is acted upon, besides clients.
    who: RwSignal<Option<Who>>,
}

impl Acting {
    fn new(lab: Lab, is_open: RwSignal<bool>) -> Self {
        let who = RwSignal::new(None);
        effect(move || {
            if let Some(subject) = lab.playback.selected.get() {
                let chosen = Who::of(&subject);
                if chosen.is_some_and(Who::has_knobs) {
                    is_open.set(true);
                }
                who.set(chosen);
            }
        });
        Acting { lab, is_open, who }
    }

    fn view(self) -> Markup {
        let everyday = memo(move || self.possible(everyday::acts));
        let faults = memo(move || {
            self.possible(|frame, world| {
                let mut acts = self.who.get().map(|who| faults::acts(who, frame, world)).unwrap_or_default();
                if world.schedule == Schedule::Automatic {
                    everyday::with_what_comes(&mut acts);
                }
                acts
            })
        });
        let none = move || {
            let none = self.who.get().is_some() && faults.with(Vec::is_empty);
            none.then(|| el("p").class("note").child(words::NOTHING))
        };
        many([
            each(move || self.rows(everyday.get())),
            live(move || self.is_open.get().then(|| self.choice())),
            each(move || self.rows(faults.get())),
            live(none),
        ])
    }

    /// Of these acts those that the engine would do.
    fn possible(self, acts: impl Fn(&Frame, &World) -> Vec<Act>) -> Vec<Act> {
        if !self.is_open.get() {
            return Vec::new();
        }
        let mut acts = acts(&self.lab.playback.frame().get(), &self.lab.world());
        acts.retain(|act| self.lab.can(&act.commands).is_ok());
        acts
    }

    fn rows(self, acts: Vec<Act>) -> Vec<Item> {
        let rows = acts.chunk_by(|one, next| one.who == next.who).map(|acts| {
            let (acts, labels): (Vec<Act>, Vec<&str>) =
                acts.iter().map(|act| (act.clone(), act.label.as_str())).unzip();
            Item::new(labels.join("\n"), move || row(self.lab, &acts))
        });
        rows.collect()
    }

    /// Whom one could act upon: one at a time.
    fn choice(self) -> El {
        let frame = self.lab.playback.frame();
        let all = memo(move || Who::all(&self.lab.world()));
        let one = move |who: Who| {
            let pressed = move || if self.who.get() == Some(who) { "true" } else { "false" };
            button("button-plain", who.name(&untrack(|| frame.get())))
                .live_attr("aria-pressed", move || Some(pressed()))
                .on_click(move || self.choose(who))
        };
        el("div")
            .class("acts-row acts-choice")
            .attr("role", "group")
            .attr("aria-label", words::UPON)
            .child(el("span").class("acts-who").child(words::UPON))
            .child(live(move || many(all.get().into_iter().map(one))))
    }

    /// The stage shows who is chosen; who is chosen already no longer is.
    fn choose(self, who: Who) {
        let chosen = (self.who.get_untracked() != Some(who)).then_some(who);
        self.lab.playback.selected.set(chosen.and_then(Who::subject));
        self.who.set(chosen);
    }
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
