//! The answer: what was found or not, the run, what would have saved the record, whether the partition stops.

use std::sync::Arc;

use kafka_lab::checker::durability::Harm;
use kafka_lab::words::counted;
use kafka_lab::worst_case::{Asked, Outcome, RunTold, StopTold, Turned, Verdict};
use web_sys::{Element, HtmlElement};

use super::form::{bounds, changed, count, seconds};
use super::run::{actions, told};
use super::search::Search;
use super::words;
use crate::markup::{El, Item, button, each, el, live, many, text};
use crate::reactive::*;
use crate::scene::Lab;

/// What is known so far of the answer.
pub(super) fn result(lab: Lab, search: Search) -> El {
    let answer = move || {
        let (verdict, asked) = (search.verdict.get()?, search.answered.get_untracked()?);
        Some(untrack(|| answer(lab, search, &verdict, asked)))
    };
    el("div").child(live(answer))
}

fn answer(lab: Lab, search: Search, verdict: &Arc<Verdict>, asked: Asked) -> El {
    let headline = el("h2").attr("tabindex", "-1").child(headline(verdict, asked.harm)).made(move |heading| {
        let is_wanted = search.takes_focus.try_update_value(std::mem::take).unwrap_or_default();
        if is_wanted && !is_late(search) {
            focus_when_shown(heading);
        }
    });
    let took = seconds(search.took_ms.get_untracked());
    let rests_on = el("p").class("note").child(format!("{} {took}.", rests_on(verdict, &asked)));
    let run = verdict.run.clone().map(|run| {
        many([
            actions(lab, run.script.as_deref(), words::PLAY),
            told(&run),
            el("div").child(live(move || saved(search, asked))),
        ])
    });
    let stops = live(move || search.stop.get().map(|stop| stops(lab, stop, asked)));
    el("section")
        .class("checker-answer")
        .attr("aria-label", words::RESULT)
        .child(headline)
        .child(rests_on)
        .child(changed(search))
        .child(run)
        .child(stops)
        .child(states(verdict))
}

/// The answer in a sentence, in the learner's terms.
fn headline(verdict: &Verdict, harm: Harm) -> String {
    match verdict.outcome {
        Outcome::Found { faults, steps } => {
            let record = verdict.run.as_ref().and_then(|run| run.record);
            words::found(harm, &record.map(|record| format!("m{record}")).unwrap_or_default(), &cost(faults, steps))
        }
        Outcome::NotFound => words::not_found(harm),
        Outcome::Cancelled => words::CANCELLED.to_owned(),
        Outcome::MemoryFull { bytes_most } => words::memory_full(bytes_most >> 20),
    }
}

pub(super) fn cost(faults: u8, steps: u8) -> String {
    format!("{}, {}", count(faults.into(), "fault"), count(steps.into(), "step"))
}

/// What the headline rests on.
fn rests_on(verdict: &Verdict, asked: &Asked) -> String {
    let (looked, seen) = (verdict.looked, counted(verdict.looked_at()));
    match verdict.outcome {
        Outcome::Found { .. } => words::nothing_cheaper(&seen, &bounds(asked)),
        Outcome::NotFound => words::all_seen(&seen, &bounds(asked)),
        Outcome::Cancelled | Outcome::MemoryFull { .. } => {
            words::seen_so_far(&counted(looked.states), &seen, &cost(looked.faults, looked.steps))
        }
    }
}

/// What was searched again: a line for each knob that was turned, those first that save the record, and one for each
/// kind of fault in the run.
fn saved(search: Search, asked: Asked) -> El {
    let harm = asked.harm;
    let lines = move |is_listed: fn(&Turned) -> bool| {
        each(move || {
            let all = search.turned.get().into_iter().filter(is_listed);
            all.map(|turned| Item::new(turned.says.clone(), move || line(search, &turned, harm))).collect()
        })
    };
    let list = move |is_listed| el("ul").class("checker-turns").child(lines(is_listed));
    let how_many = move |is_listed: fn(&Turned) -> bool| {
        search.turned.with(|all| all.iter().filter(|turned| is_listed(turned)).count() as u64)
    };
    let waits = move || search.is_working.get().then(|| el("p").class("note").child(words::SEARCHING));
    let is_over = memo(move || !search.is_working.get());
    let nothing = move || (is_over.get() && how_many(is_saved) == 0).then(|| el("p").child(words::SAVED_BY_NONE));
    let some_do_not = memo(move || how_many(is_not_saved) > 0);
    let not = move || {
        let many = text(move || format!("{}: {}", words::SAVED_NOT, counted(how_many(is_not_saved))));
        let not = || el("details").class("checker-not").child(el("summary").child(many)).child(list(is_not_saved));
        some_do_not.get().then(not)
    };
    let part = |heading, note| {
        el("div").class("checker-part").child(el("h3").child(heading)).child(el("p").class("note").child(note))
    };
    el("div")
        .class("checker-part")
        .child(part(words::SAVED, words::SAVED_NOTE).child(list(is_saved)).child(live(nothing)).child(live(not)))
        .child(part(words::WITHOUT, words::WITHOUT_NOTE).child(list(is_without)))
        .child(live(waits))
}

fn is_saved(turned: &Turned) -> bool {
    turned.is_turn && turned.outcome == Outcome::NotFound
}

fn is_not_saved(turned: &Turned) -> bool {
    turned.is_turn && turned.outcome != Outcome::NotFound
}

fn is_without(turned: &Turned) -> bool {
    !turned.is_turn
}

fn line(search: Search, turned: &Turned, harm: Harm) -> El {
    let faults = search.verdict.with_untracked(|verdict| match verdict.as_ref().map(|verdict| &verdict.outcome) {
        Some(Outcome::Found { faults, .. }) => *faults,
        _ => 0,
    });
    let states = counted(turned.states);
    let (class, said) = match turned.outcome {
        Outcome::Found { faults, steps } => ("harmed", format!("{}{}", words::SAVES_NOT, cost(faults, steps))),
        Outcome::NotFound => {
            let what = words::SAVES[usize::from(harm == Harm::Diverged)];
            ("saved", format!("{what}{}, {states} states", count(faults.into(), "fault")))
        }
        Outcome::Cancelled | Outcome::MemoryFull { .. } => ("", words::NOT_KNOWN.to_owned()),
    };
    let no = turned.no.as_ref().map(|no| {
        let said = format!("{}{} {}", words::AT_STEP, no.step + 1, no.says);
        el("span").class("turn-no").child(said)
    });
    let (asked, _) = Asked::read(&turned.asked, &Asked::default());
    let again = button("button-plain", words::ASK_THIS)
        .attr("aria-label", format!("{}: {}", words::ASK_THIS, turned.says))
        .on_click(move || search.ask(asked));
    el("li")
        .class(class)
        .child(el("span").class("data").child(turned.says.clone()))
        .child(" ")
        .child(el("span").class("turn-said").child(said))
        .child(" ")
        .child(no)
        .child(again)
}

/// Whether the partition can be brought to stand still.
fn stops(lab: Lab, stop: Option<Arc<StopTold>>, asked: Asked) -> El {
    let part = el("div").class("checker-part").child(el("h3").child(words::STOPS));
    let Some(stop) = stop else {
        let within = count(asked.knobs.bounds.faults.into(), "fault");
        return part.child(el("p").child(format!("{}{within}. {}", words::NOT_WITHIN, words::GOES_ON)));
    };
    let how = if stop.is_leaderless { words::LEADERLESS } else { words::NOBODY_ACKNOWLEDGES };
    let said = format!("{}{}{how}", words::STOPS_AFTER, count(stop.faults.into(), "fault"));
    part.child(el("p").child(said))
        .child(actions(lab, stop.run.script.as_deref(), words::PLAY_STOP))
        .child(short(&stop.run))
}

/// A run that stands behind its heading.
fn short(run: &RunTold) -> El {
    let summary = el("summary").child(format!("{}, {}", words::RUN, count(run.steps.len() as u64, "step")));
    el("details").child(summary).child(told(run))
}

fn states(verdict: &Verdict) -> El {
    let line = |(faults, steps): (usize, &Vec<u64>)| {
        let numbers: Vec<String> = steps.iter().map(|states| counted(*states)).collect();
        let head = el("th").attr("scope", "row").child(count(faults as u64, "fault"));
        el("tr").child(head).child(el("td").child(numbers.join(" \u{b7} ")))
    };
    let rows = verdict.levels.iter().enumerate().map(line);
    let table = el("table").class("checker-levels data").child(el("tbody").child(many(rows)));
    let met = verdict.met.iter().map(|met| {
        let said = format!("{}{}, {}.", words::MET, met.harm, cost(met.faults, met.steps));
        el("p").class("note").child(said)
    });
    let summary = el("summary").child(format!("{}: {}", words::STATES, counted(verdict.looked_at())));
    el("details")
        .class("checker-states")
        .child(summary)
        .child(el("p").class("note").child(words::STATES_NOTE))
        .child(table)
        .child(many(met))
}

/// Whoever has waited longer than this may be reading elsewhere: the answer is announced, and takes no focus.
const LATE_MS: f64 = 2_500.0;

fn is_late(search: Search) -> bool {
    search.took_ms.get_untracked() > LATE_MS
}

/// What is announced of a search: that it goes on, and an answer that does not take the focus.
pub(super) fn announced(search: Search) -> String {
    if search.is_searching.get() {
        return words::SEARCHING.to_owned();
    }
    let verdict = search.verdict.get().filter(|_| is_late(search));
    let harm = search.answered.get_untracked().map(|asked| asked.harm);
    verdict.zip(harm).map(|(verdict, harm)| headline(&verdict, harm)).unwrap_or_default()
}

/// What is announced, and gone on from.
fn focus_when_shown(heading: &Element) {
    use wasm_bindgen::JsCast;
    let heading: HtmlElement = heading.clone().unchecked_into();
    // A heading that can't be focused is still there to be read.
    request_animation_frame(move || {
        let _ = heading.focus();
    });
}
