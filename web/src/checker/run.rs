//! A run, step by step, with what can be done with it.

use kafka_lab::command::Script;
use kafka_lab::link;
use kafka_lab::timeline::Run;
use kafka_lab::worst_case::{RunTold, StepTold};

use super::words;
use crate::markup::{El, Markup, button, el, many};
use crate::reactive::*;
use crate::route::{Query, Route};
use crate::scene::Lab;

/// The steps in order. Faults, the promise and the point of no return are said in words, beside the steps.
pub(super) fn told(run: &RunTold) -> El {
    let record = run.record.map(|record| format!("m{record}")).unwrap_or_default();
    let items = (0_u64..).zip(&run.steps).map(|(place, step)| {
        let is_last_way_out = run.no_return == Some(place);
        let no_return = is_last_way_out.then(|| {
            let (from, on) = words::NO_RETURN;
            el("p").class("no-return").child(format!("{from}{record}{on}"))
        });
        item(step).child(no_return)
    });
    el("ol").class("checker-run").attr("aria-label", words::RUN).child(many(items))
}

fn item(step: &StepTold) -> El {
    let (class, sign) = match step {
        StepTold { is_fault: true, .. } => ("fault", Some(words::FAULT)),
        StepTold { acknowledges: true, .. } => ("promised", Some(words::PROMISED)),
        StepTold { .. } => ("", None),
    };
    let mut clauses = step.says.split("; ");
    let first = clauses.next().unwrap_or_default().to_owned();
    let rest: Vec<El> = clauses.map(|clause| el("span").class("step-then").child(clause.to_owned())).collect();
    let sign = sign.map(|sign| el("span").class("step-sign").child(sign));
    let does = el("span").class("step-does").child(sentence_case(&first));
    el("li")
        .class(class)
        .child(sign)
        .child(" ")
        .child(does)
        .child(many(rest.into_iter().map(|then| many([Markup::from(" "), then.into()]))))
}

fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Playing it here, and taking it to the sandbox.
pub(super) fn actions(lab: Lab, script: Option<&str>, play: &'static str) -> El {
    let Some(script) = script.map(str::to_owned) else {
        return el("p").class("note").child(words::NOT_PLAYED);
    };
    let (here, there) = (script.clone(), script);
    let play = button("button primary", play).on_click(move || {
        lab.open(&here, true);
    });
    let sandbox = button("button-plain", words::SANDBOX).on_click(move || to_sandbox(&there));
    el("p").class("checker-controls").child(play).child(sandbox)
}

/// Leaves for the sandbox with the run, at its end. The browser's way back leads here again.
fn to_sandbox(script: &str) {
    let run = Run::play(&Script::parse(script).script);
    let query = Query(vec![("run".to_owned(), link::write(&run, run.len()))]);
    // Where the address can't be set the reader stays.
    let _ = window().location().set_hash(&Route::Sandbox { query }.to_string());
}
