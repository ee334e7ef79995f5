//! The question as a form: a row for each knob. Nothing is searched until it is sent.

use kafka_lab::checker::durability::Fault;
use kafka_lab::words::counted;
use kafka_lab::worst_case::{Asked, Knob};
use web_sys::Event;

use super::link;
use super::result::announced;
use super::search::Search;
use super::words;
use crate::markup::{El, Markup, button, el, live, many, text};
use crate::reactive::*;
use crate::route::Route;

/// Those that say what the topic is.
const SETTINGS: [Knob; 7] =
    [Knob::Acks, Knob::MinIsr, Knob::Replicas, Knob::Unclean, Knob::Elr, Knob::PowerLoss, Knob::Truncation];
/// Those that say how far the search goes, and what for.
const BOUNDS: [Knob; 6] = [Knob::Faults, Knob::Records, Knob::Epochs, Knob::InSync, Knob::Without, Knob::Harm];

/// The form with its buttons, and how far the search is. `shown`: only these knobs, or all if there are none.
pub(super) fn form(search: Search, base: Route, shown: &[Knob]) -> El {
    let is_shown = |knob: &Knob| shown.is_empty() || shown.contains(knob);
    let rows = |knobs: &[Knob]| many(knobs.iter().filter(|knob| is_shown(knob)).map(|knob| row(search, *knob)));
    let has_bounds = BOUNDS.iter().any(is_shown);
    let far = el("summary").child(words::HOW_FAR).child(": ").child(text(move || bounds(&search.asked.get())));
    let far = el("details").class("checker-far").child(far).child(el("div").class("knobs").child(rows(&BOUNDS)));
    let send = move |event: Event| {
        // The page stays.
        event.prevent_default();
        search.takes_focus.set_value(true);
        search.begin();
    };
    el("form")
        .class("checker-form")
        .attr("aria-label", words::QUESTION)
        .child(
            el("div").class("knobs").attr("role", "group").attr("aria-label", words::SETTINGS).child(rows(&SETTINGS)),
        )
        .child(has_bounds.then_some(far))
        .child(controls(search, base))
        .child(progress(search))
        .on("submit", send)
}

/// A knob: its name, what it is, and what it can be set to.
fn row(search: Search, knob: Knob) -> El {
    let (name, about) = words::of_knob(knob);
    let values = memo(move || search.asked.with(|asked| knob.values(asked)));
    let choices = move || match knob {
        Knob::Without => left_out(search),
        _ => many(values.get().into_iter().map(|value| choice(search, knob, value))),
    };
    let class = match knob {
        Knob::Truncation => "knob knob-wide",
        Knob::Without | Knob::Harm => "knob knob-wide knob-listed",
        _ => "knob",
    };
    el("fieldset")
        .class(class)
        .child(el("legend").child(el("span").class("knob-name").child(name)))
        .child(el("p").class("knob-about").child(about))
        .child(el("div").class("knob-values").child(live(choices)))
}

fn choice(search: Search, knob: Knob, value: String) -> El {
    let (label, at) = (words::of_value(knob, &value), value.clone());
    let input = el("input")
        .attr("type", "radio")
        .attr("name", format!("knob.{}", knob.name()))
        .attr("value", value.clone())
        .checked(move || search.asked.with(|asked| knob.value(asked) == at))
        .on("change", move |_: Event| {
            search.asked.update(|asked| {
                // The choices are the knob's own values.
                let _ = asked.set(knob, &value);
            });
        });
    el("label").class("knob-value").child(input).child(el("span").child(label))
}

/// A box for each fault that can be left out.
fn left_out(search: Search) -> Markup {
    many(Fault::ALL.into_iter().filter(|fault| *fault != Fault::PowerLoss).map(|fault| {
        let input = el("input")
            .attr("type", "checkbox")
            .attr("name", format!("knob.{}", Knob::Without.name()))
            .attr("value", fault.word())
            .checked(move || search.asked.with(|asked| asked.without.contains(fault)))
            .on("change", move |_: Event| {
                search.asked.update(|asked| {
                    let others = asked.without.iter().filter(|other| *other != fault);
                    let was_in = asked.without.contains(fault);
                    asked.without = others.chain((!was_in).then_some(fault)).collect();
                });
            });
        let label = words::of_value(Knob::Without, fault.word());
        el("label").class("knob-value").child(input).child(el("span").child(label))
    }))
}

fn controls(search: Search, base: Route) -> El {
    let cancel = move || {
        let under_way = search.is_working.get();
        under_way.then(|| button("button", words::CANCEL).on_click(move || search.cancel()))
    };
    el("div")
        .class("checker-controls")
        .child(el("button").class("button primary").attr("type", "submit").child(words::SEARCH))
        .child(live(cancel))
        .child(link::button_of(search, base))
}

/// How far it is. The ears are told only that it searches, and what came of it.
fn progress(search: Search) -> El {
    let far = move || {
        let (looked, took_ms) = (search.looked.get(), search.took_ms.get());
        let cost = format!("{}, {}", count(looked.faults.into(), "fault"), count(looked.steps.into(), "step"));
        format!("{} states \u{b7} {cost} \u{b7} {}", counted(looked.states), seconds(took_ms))
    };
    let shown = move || {
        let bar = || el("progress").attr("aria-label", words::SEARCHING);
        search.is_searching.get().then(|| el("p").class("checker-progress data").child(bar()).child(text(far)))
    };
    let failed = move || {
        let again = || button("button", words::AGAIN).on_click(move || search.begin());
        search
            .failed
            .get()
            .map(|said| el("p").class("note").attr("role", "alert").child(said).child(" ").child(again()))
    };
    el("div")
        .child(el("p").class("unseen").attr("role", "status").child(text(move || announced(search))))
        .child(live(shown))
        .child(live(failed))
}

/// How far a question looks, in words.
pub(super) fn bounds(asked: &Asked) -> String {
    let bounds = asked.knobs.bounds;
    let (faults, records, epochs) = (bounds.faults.into(), bounds.records.into(), bounds.epochs.into());
    let left_out = asked.without.iter().map(|fault| words::of_value(Knob::Without, fault.word()));
    let left_out: String = left_out.map(|faults| format!(", no {faults}")).collect();
    format!("{}, {}, {}{left_out}", count(faults, "fault"), count(records, "record"), count(epochs, "leader epoch"))
}

/// "1 fault", "2 faults".
pub(super) fn count(of: u64, thing: &str) -> String {
    format!("{} {thing}{}", counted(of), if of == 1 { "" } else { "s" })
}

/// "0.4 s".
pub(super) fn seconds(ms: f64) -> String {
    format!("{:.1} s", ms / 1_000.0)
}

/// Nothing, or that the form has been changed since the answer.
pub(super) fn changed(search: Search) -> Markup {
    let is_other = memo(move || search.answered.get().is_some_and(|answered| answered != search.asked.get()));
    live(move || is_other.get().then(|| el("p").class("note").child(words::CHANGED)))
}
