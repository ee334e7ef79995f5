//! The command language by hand: a line, what came of it, and how it may go on.

use kafka_lab::command::{Command, Known, Problem, Script, complete};
use kafka_lab::ids::Endpoint;
use kafka_lab::words::refused;
use web_sys::{HtmlInputElement, KeyboardEvent};

use super::lab::Lab;
use crate::markup::{El, Item, each, el, live, many};
use crate::reactive::*;
use crate::words::terminal as words;

/// What was typed, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Said {
    line: String,
    answer: String,
    /// Where the line is wrong, in characters from 0.
    wrong_at: Option<usize>,
}

#[derive(Clone, Copy)]
struct Terminal {
    lab: Lab,
    line: RwSignal<String>,
    said: RwSignal<Vec<Said>>,
    /// How the line may go on; shown when there is more than one way.
    ways: RwSignal<Vec<String>>,
    /// How many lines back in what was typed; 0 is the line that is being typed.
    back: RwSignal<usize>,
}

pub(super) fn terminal(lab: Lab) -> El {
    let new = Terminal {
        lab,
        line: RwSignal::new(String::new()),
        said: RwSignal::new(Vec::new()),
        ways: RwSignal::new(Vec::new()),
        back: RwSignal::new(0),
    };
    let items = move || {
        let said = new.said.get();
        let items = said.into_iter().enumerate();
        items.map(|(place, said)| Item::new(place.to_string(), move || entry(&said))).collect()
    };
    let field = el("input")
        .class("terminal-line")
        .attr("type", "text")
        .attr("aria-label", words::LABEL)
        .attr("aria-describedby", "terminal-help")
        .attr("autocapitalize", "off")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .value(move || new.line.get())
        .on("input", move |event: web_sys::Event| {
            new.line.set(event_target_value(&event));
            new.ways.set(Vec::new());
        })
        .on("keydown", move |event: KeyboardEvent| new.key(&event));
    let ways = move || {
        let ways = new.ways.get();
        (!ways.is_empty()).then(|| many(ways.into_iter().map(|way| el("code").child(way).child(" "))))
    };
    let said = el("ol").class("terminal-said").child(each(items));
    let prompt = el("span").class("terminal-prompt").attr("aria-hidden", "true").child(">");
    el("div")
        .class("terminal")
        .child(
            el("div")
                .class("terminal-log")
                .attr("role", "log")
                .attr("aria-label", words::LOG)
                // So that keys can scroll it.
                .live_attr("tabindex", move || (!new.said.with(Vec::is_empty)).then_some("0"))
                .child(said),
        )
        .child(el("p").class("terminal-typed").child(prompt).child(field))
        .child(el("p").class("terminal-ways").attr("role", "status").child(live(ways)))
        .child(el("p").class("note").attr("id", "terminal-help").child(words::HELP))
}

/// The line, and under it what came of it; a sign points at what is wrong.
fn entry(said: &Said) -> El {
    let points = said.wrong_at.map(|at| {
        el("span").class("terminal-points").attr("aria-hidden", "true").child(format!("{}^\n", " ".repeat(at)))
    });
    let class = if said.wrong_at.is_some() { "terminal-entry wrong" } else { "terminal-entry" };
    let typed = el("code").child(format!("{}\n", said.line)).child(points);
    el("li").class(class).child(typed).child(el("span").class("terminal-answer").child(said.answer.clone()))
}

impl Terminal {
    fn key(self, event: &KeyboardEvent) {
        // What is typed here plays nothing.
        event.stop_propagation();
        let done = match event.key().as_str() {
            "Enter" => {
                self.enter();
                true
            }
            "Tab" if !event.shift_key() => self.complete(),
            "ArrowUp" => self.recall(1),
            "ArrowDown" => self.recall(-1),
            "Escape" => {
                self.ways.set(Vec::new());
                self.line.set(String::new());
                true
            }
            _ => false,
        };
        if done {
            event.prevent_default();
            let field =
                event.target().and_then(|target| wasm_bindgen::JsCast::dyn_into::<HtmlInputElement>(target).ok());
            request_animation_frame(move || to_the_end(field));
        }
    }

    /// Carries the line out. A line that is wrong stays, so that it can be mended.
    fn enter(self) {
        let line = self.line.get_untracked();
        if line.trim().is_empty() {
            return;
        }
        self.lab.finish_act();
        let parsed = Script::parse(&line);
        let commands: Vec<Command> = parsed.script.commands().cloned().collect();
        let (answer, wrong_at) = match (parsed.problems.first(), self.lab.can_all(&commands)) {
            (Some(problem), _) => (said_of(problem), Some(usize::try_from(problem.column).unwrap_or(1).max(1) - 1)),
            (None, Err(refusal)) => (refused(refusal), Some(0)),
            (None, Ok(())) => {
                let events = self.lab.act(&commands);
                (format!("{events} {}", if events == 1 { words::EVENT } else { words::EVENTS }), None)
            }
        };
        if wrong_at.is_none() {
            self.line.set(String::new());
        }
        self.said.update(|said| said.push(Said { line, answer, wrong_at }));
        self.back.set(0);
        self.ways.set(Vec::new());
    }

    /// Adds what all ways of going on have in common, and lists them if there are several. False if there is none.
    fn complete(self) -> bool {
        let line = self.line.get_untracked();
        if line.is_empty() {
            return false;
        }
        let ways = complete(&line, &self.known());
        let Some(first) = ways.first() else { return false };
        let common = ways.iter().fold(first.as_str(), |common, way| in_common(common, way));
        let begun = line.rsplit_once(' ').map_or(0, |(before, _)| before.len() + 1);
        let goes_on = ways.len() == 1 && !common.ends_with('=');
        self.line.set(format!("{}{common}{}", &line[..begun], if goes_on { " " } else { "" }));
        self.ways.set(if ways.len() > 1 { ways } else { Vec::new() });
        true
    }

    fn known(self) -> Known {
        let frame = self.lab.playback.frame().get_untracked();
        let client = |id: Endpoint| match id {
            Endpoint::Producer(id) => Some(id.to_string()),
            Endpoint::Consumer(id) => Some(id.to_string()),
            Endpoint::Broker(_) | Endpoint::Controller(_) => None,
        };
        Known {
            clients: frame.actors.iter().filter_map(|actor| client(actor.id)).collect(),
            messages: frame.messages.iter().map(|message| message.id.to_string()).collect(),
        }
    }

    /// Further back in what was typed, or on again.
    fn recall(self, by: isize) -> bool {
        let said = self.said.get_untracked();
        let back = self.back.get_untracked().saturating_add_signed(by).min(said.len());
        self.back.set(back);
        let line = said.len().checked_sub(back).and_then(|at| said.get(at)).map(|said| said.line.clone());
        self.line.set(line.unwrap_or_default());
        true
    }
}

fn said_of(problem: &Problem) -> String {
    let found = match problem.found.as_str() {
        "" => words::ENDS.to_owned(),
        found => format!("{} \u{201c}{found}\u{201d}", words::FOUND),
    };
    format!("{} {}: {found}; {} {}", words::COLUMN, problem.column, words::EXPECTED, problem.expected)
}

/// The beginning that two words share.
fn in_common<'a>(one: &'a str, other: &str) -> &'a str {
    let same = one.char_indices().zip(other.chars()).take_while(|((_, a), b)| a == b);
    let end = same.last().map_or(0, |((at, letter), _)| at + letter.len_utf8());
    &one[..end]
}

fn to_the_end(field: Option<HtmlInputElement>) {
    if let Some(field) = field {
        let end = u32::try_from(field.value().chars().count()).ok();
        // Where the cursor can't be set it stays where the browser puts it.
        let _ = field.set_selection_start(end);
        let _ = field.set_selection_end(end);
    }
}
