//! Questions to the checker, and its answers as text: whoever searches has to print the same bytes.

use kafka_lab::checker::Model;
use kafka_lab::checker::durability::{Bounds, Harm, Inquiry, Knobs, Question, in_causal_order, play, sentence, stop};
use kafka_lab::command::Acks;
use kafka_lab::rules::truncation_rule::TruncationRule;
use std::fmt::Write;

/// How many questions there are.
pub(crate) const QUESTIONS: u32 = 50;

/// A search goes on for so long at most: a browser answers all questions in some seconds.
const MOST_STATES: usize = 10_000;

/// Settings that differ in every knob; each third question has three replicas.
fn knobs(number: u32) -> Knobs {
    let bit = |place: u32| number >> place & 1 == 1;
    let replicas = if number.is_multiple_of(3) { 3 } else { 2 };
    Knobs {
        replicas,
        acks: [Acks::All, Acks::Leader, Acks::All, Acks::All, Acks::None][number as usize % 5],
        min_isr: if bit(1) { 1 } else { 2 },
        unclean: bit(2),
        truncation: TruncationRule::ALL[number as usize / 7 % 4],
        elr: bit(0),
        power_loss: bit(3),
        initial_isr: if bit(4) { replicas } else { replicas - 1 },
        bounds: Bounds { records: if bit(5) { 2 } else { 1 }, epochs: 4, faults: 3 },
        ..Knobs::default()
    }
}

/// The answer: what was found, among how many states, and the run in causal order with the script that a world plays.
pub(crate) fn answer(number: u32) -> String {
    let mut text = format!("{number}: {:?}\n", knobs(number));
    tell(number, &mut text).unwrap_or_else(|problem| text.push_str(&problem));
    text
}

fn tell(number: u32, text: &mut String) -> Result<(), String> {
    let question = Question::new(knobs(number)).map_err(|wrong| format!("{wrong:?}\n"))?;
    let stops = stop(&question).map(|stop| (stop.cost, stop.run.iter().map(|(action, _)| *action).collect::<Vec<_>>()));
    let mut inquiry = Inquiry::new(question, Harm::Lost).map_err(|wrong| format!("{wrong:?}\n"))?;
    inquiry.advance(MOST_STATES);
    let (states, waiting, levels) = (inquiry.states(), inquiry.waiting(), inquiry.levels());
    // Writing to a string cannot fail.
    writeln!(text, "{states} states, {waiting} waiting, {levels:?}\nstops: {stops:?}").ok();
    for harm in Harm::ALL {
        let Some(found) = inquiry.found(harm) else { continue };
        writeln!(text, "{harm}: {:?}", found.cost).ok();
        let run = in_causal_order(inquiry.question(), &inquiry.run_to(found));
        let mut before = inquiry.question().initial();
        for (action, after) in &run {
            writeln!(text, "{action}: {}", sentence(*action, &before, after)).ok();
            before = *after;
        }
        match play(inquiry.question(), &run) {
            Ok(played) => writeln!(text, "{}", played.script).ok(),
            Err(stuck) => writeln!(text, "{stuck:?}").ok(),
        };
    }
    Ok(())
}
