//! An answer, printed: the verdict, what it rests on, and the run in words.

use crate::checker::durability::{
    Action, Found, Guard, Harm, Inquiry, Knobs, State, Stop, Turn, cost_if_turned, in_causal_order, play, sentence,
    stop,
};
use crate::checker::{Cost, Model};
use crate::cli::{Exit, Streams};
use crate::command::Acks;
use serde_json::{Value, json};
use std::io::{self, Write};

pub(super) struct Answer<'a> {
    inquiry: &'a Inquiry,
    stop: Option<Stop>,
}

impl<'a> Answer<'a> {
    /// Of an inquiry that is over.
    pub(super) fn new(inquiry: &'a Inquiry) -> Answer<'a> {
        Answer { inquiry, stop: stop(inquiry.question()) }
    }

    fn found(&self) -> Option<Found> {
        self.inquiry.found(self.inquiry.wanted())
    }

    fn knobs(&self) -> &Knobs {
        self.inquiry.question().knobs()
    }

    /// A state's most steps, with the fewest faults.
    fn depth(&self) -> usize {
        self.inquiry.levels().iter().map(Vec::len).max().unwrap_or(0).saturating_sub(1)
    }

    pub(super) fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", settings(self.knobs()))?;
        writeln!(out, "bounds: {}", bounds(self.knobs()))?;
        writeln!(out, "{}", self.verdict())?;
        for harm in Harm::ALL.into_iter().filter(|harm| *harm != self.inquiry.wanted()) {
            if let Some(found) = self.inquiry.found(harm) {
                writeln!(out, "met on the way: {harm}, {}", cost(found))?;
            }
        }
        writeln!(out, "{}", self.stops())?;
        writeln!(out, "states: {} found, {} steps deep", self.inquiry.states(), self.depth())?;
        for (faults, level) in self.inquiry.levels().iter().enumerate() {
            let steps: Vec<String> = level.iter().map(usize::to_string).collect();
            writeln!(out, "looked at with {}, by steps: {}", count(faults, "fault"), steps.join(" "))?;
        }
        if let Some(found) = self.found() {
            self.print_run(found, out)?;
        }
        Ok(())
    }

    fn verdict(&self) -> String {
        match self.found() {
            Some(found) => {
                format!("{}: {}; nothing cheaper among {} states", found.harm, cost(found), self.looked_at())
            }
            None => format!("not found within these bounds: {}", self.inquiry.wanted()),
        }
    }

    fn looked_at(&self) -> usize {
        self.inquiry.levels().iter().flatten().sum()
    }

    fn stops(&self) -> String {
        match &self.stop {
            Some(stop) => {
                let how = if stop.is_leaderless { "nobody can be elected" } else { "nobody can acknowledge" };
                format!("stops writing after {}: {how}", count(usize::from(stop.cost.faults), "fault"))
            }
            None => "goes on writing".to_owned(),
        }
    }

    fn print_run(&self, found: Found, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out)?;
        for (number, step) in (1..).zip(self.steps(&self.run_to(found))) {
            let mark = if step.is_fault { "FAULT" } else { "" };
            writeln!(out, "{number:3}. {mark:5} {}", step.says)?;
        }
        writeln!(out)
    }

    /// The cheapest run to a harm, in causal order.
    fn run_to(&self, found: Found) -> Vec<(Action, State)> {
        in_causal_order(self.inquiry.question(), &self.inquiry.run_to(found))
    }

    /// What each knob, turned alone, would have changed.
    pub(super) fn print_turns(&self, out: &mut dyn Write) -> io::Result<()> {
        let Some(found) = self.found() else { return Ok(()) };
        for turn in Turn::of(self.knobs()) {
            let said = match cost_if_turned(self.knobs(), turn, found.harm, found.cost.faults) {
                Ok(None) => format!("none within {}", count(found.cost.faults.into(), "fault")),
                Ok(Some(Cost { faults, steps })) => {
                    format!("{}, {}", count(faults.into(), "fault"), count(steps.into(), "step"))
                }
                Err(wrong) => format!("not asked: {} is {}", wrong.name, wrong.found),
            };
            writeln!(out, "with {turn}: {said}")?;
        }
        Ok(())
    }

    fn steps(&self, run: &[(Action, State)]) -> Vec<Step> {
        let mut before = self.inquiry.question().initial();
        let step = |(action, after): &(Action, State)| {
            let is_fault = action.faults(&before) > 0;
            let says = sentence(*action, &before, after);
            before = *after;
            Step { action: *action, is_fault, says }
        };
        run.iter().map(step).collect()
    }

    pub(super) fn json(&self) -> Value {
        let run = self.found().map(|found| self.steps(&self.run_to(found)));
        let run = run.map(|run| run.iter().map(Step::json).collect::<Vec<_>>());
        let harms = Harm::ALL.into_iter().filter_map(|harm| self.inquiry.found(harm));
        json!({
            "knobs": settings(self.knobs()),
            "bounds": bounds(self.knobs()),
            "verdict": self.verdict(),
            "harms": harms.map(harm_json).collect::<Vec<_>>(),
            "stops": self.stop.as_ref().map(|stop| json!({
                "faults": stop.cost.faults, "leaderless": stop.is_leaderless,
            })),
            "states": self.inquiry.states(),
            "depth": self.depth(),
            "levels": self.inquiry.levels(),
            "run": run,
        })
    }

    /// The run as a script, with what it shows said above it.
    pub(super) fn print_script(&self, streams: &mut Streams<'_>) -> io::Result<Exit> {
        let Some(found) = self.found() else {
            writeln!(streams.err, "{}", self.verdict())?;
            return Ok(Exit::Problems);
        };
        match play(self.inquiry.question(), &self.run_to(found)) {
            Ok(played) => {
                writeln!(streams.out, "# {}", settings(self.knobs()))?;
                writeln!(streams.out, "# {}: {}", found.harm, cost(found))?;
                write!(streams.out, "{}", played.script)?;
                Ok(Exit::Fine)
            }
            Err(stuck) => {
                writeln!(streams.err, "the world does not play this run: {stuck:?}")?;
                Ok(Exit::Problems)
            }
        }
    }
}

struct Step {
    action: Action,
    is_fault: bool,
    says: String,
}

impl Step {
    fn json(&self) -> Value {
        json!({"action": self.action.to_string(), "fault": self.is_fault, "says": self.says})
    }
}

fn harm_json(found: Found) -> Value {
    json!({"harm": found.harm.word(), "faults": found.cost.faults, "steps": found.cost.steps})
}

fn cost(found: Found) -> String {
    let (faults, steps) = (found.cost.faults.into(), found.cost.steps.into());
    format!("{}, {}", count(faults, "fault"), count(steps, "step"))
}

fn count(of: usize, thing: &str) -> String {
    format!("{of} {thing}{}", if of == 1 { "" } else { "s" })
}

fn settings(knobs: &Knobs) -> String {
    let acks = match knobs.acks {
        Acks::None => "0",
        Acks::Leader => "1",
        Acks::All => "all",
    };
    let on = |on: bool| if on { "on" } else { "off" };
    let removed = Guard::ALL.into_iter().filter(|guard| knobs.removed.contains(*guard));
    let removed: String = removed.map(|guard| format!(", without {guard}")).collect();
    let rule = knobs.truncation.word();
    let Knobs { replicas, min_isr, unclean, elr, power_loss, initial_isr, .. } = *knobs;
    format!(
        "rf {replicas}, {initial_isr} in sync, acks {acks}, min ISR {min_isr}, {rule}, unclean {}, ELR {}, power {}{}",
        on(unclean),
        on(elr),
        on(power_loss),
        removed
    )
}

fn bounds(knobs: &Knobs) -> String {
    let bounds = knobs.bounds;
    let (records, epochs, faults) = (bounds.records.into(), bounds.epochs.into(), bounds.faults.into());
    format!("{}, {}, {}", count(records, "record"), count(epochs, "epoch"), count(faults, "fault"))
}
