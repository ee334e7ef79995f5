//! An answer, printed: the verdict, what it rests on, and the run in words.

use crate::checker::durability::{
    Action, Found, Guard, Harm, Inquiry, Knobs, Otherwise, Parting, Question, State, Stop, cost_otherwise,
    in_causal_order, parting, play, sentence, stop,
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
        writeln!(out, "{}", settings(self.inquiry.question()))?;
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

    /// What would have been otherwise with each knob turned, and without each kind of fault in the run.
    pub(super) fn print_what_if(&self, out: &mut dyn Write) -> io::Result<()> {
        let faults = self.found().map_or(0, |found| found.cost.faults);
        for WhatIf { otherwise, cost, no } in self.what_if() {
            let with = if matches!(otherwise, Otherwise::Turned(_)) { "with " } else { "" };
            let said = cost.map_or_else(|| format!("none within {}", count(faults.into(), "fault")), cost_of);
            writeln!(out, "{with}{otherwise}: {said}")?;
            if let Some(parting) = no {
                writeln!(out, "  at step {} {parting}", parting.step + 1)?;
            }
        }
        Ok(())
    }

    fn what_if(&self) -> Vec<WhatIf> {
        let Some(found) = self.found() else { return Vec::new() };
        let (question, run) = (self.inquiry.question(), self.run_to(found));
        let what_if = |otherwise: Otherwise| {
            // The knobs of a question that has been asked go together, and turned they do.
            let cost = cost_otherwise(question, otherwise, found.harm, found.cost.faults).ok()?;
            let turned = otherwise.question(question, found.cost.faults).ok()?;
            let is_saved = cost.is_none() && matches!(otherwise, Otherwise::Turned(_));
            let no = is_saved.then(|| parting(question, &turned, &run)).flatten();
            Some(WhatIf { otherwise, cost, no })
        };
        Otherwise::of(question, &run).into_iter().filter_map(what_if).collect()
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

    /// `what_if`: with what would have been otherwise.
    pub(super) fn json(&self, what_if: bool) -> Value {
        let run = self.found().map(|found| self.steps(&self.run_to(found)));
        let run = run.map(|run| run.iter().map(Step::json).collect::<Vec<_>>());
        let harms = Harm::ALL.into_iter().filter_map(|harm| self.inquiry.found(harm));
        json!({
            "knobs": settings(self.inquiry.question()),
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
            "what_if": what_if.then(|| self.what_if().iter().map(WhatIf::json).collect::<Vec<_>>()),
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
                writeln!(streams.out, "# {}", settings(self.inquiry.question()))?;
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

/// The question put again with something otherwise.
struct WhatIf {
    otherwise: Otherwise,
    cost: Option<Cost>,
    no: Option<Parting>,
}

impl WhatIf {
    fn json(&self) -> Value {
        json!({
            "otherwise": self.otherwise.to_string(),
            "faults": self.cost.map(|cost| cost.faults),
            "steps": self.cost.map(|cost| cost.steps),
            "no": self.no.as_ref().map(|parting| json!({"step": parting.step + 1, "says": parting.to_string()})),
        })
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
    cost_of(found.cost)
}

fn cost_of(Cost { faults, steps }: Cost) -> String {
    let (faults, steps) = (faults.into(), steps.into());
    format!("{}, {}", count(faults, "fault"), count(steps, "step"))
}

fn count(of: usize, thing: &str) -> String {
    format!("{of} {thing}{}", if of == 1 { "" } else { "s" })
}

fn settings(question: &Question) -> String {
    let knobs = question.knobs();
    let acks = match knobs.acks {
        Acks::None => "0",
        Acks::Leader => "1",
        Acks::All => "all",
    };
    let on = |on: bool| if on { "on" } else { "off" };
    let removed = Guard::ALL.into_iter().filter(|guard| knobs.removed.contains(*guard));
    let left_out = removed.map(|guard| format!(", without {guard}"));
    let left_out: String =
        left_out.chain(question.forbidden().iter().map(|fault| format!(", no {}", fault.word()))).collect();
    let rule = knobs.truncation.word();
    let Knobs { replicas, min_isr, unclean, elr, power_loss, initial_isr, .. } = *knobs;
    format!(
        "rf {replicas}, {initial_isr} in sync, acks {acks}, min ISR {min_isr}, {rule}, unclean {}, ELR {}, power {}{}",
        on(unclean),
        on(elr),
        on(power_loss),
        left_out
    )
}

fn bounds(knobs: &Knobs) -> String {
    let bounds = knobs.bounds;
    let (records, epochs, faults) = (bounds.records.into(), bounds.epochs.into(), bounds.faults.into());
    format!("{}, {}, {}", count(records, "record"), count(epochs, "epoch"), count(faults, "fault"))
}
