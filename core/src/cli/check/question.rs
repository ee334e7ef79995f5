//! `kafka-lab check`: a learner's settings, and the shortest run in which they lose a record.

#![expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "a program may say how long it took")]

use super::answer::Answer;
use crate::checker::durability::{Bounds, Fault, Guard, Harm, Inquiry, Knobs, OutOfRange, Question, Removed};
use crate::cli::{Exit, Streams};
use crate::command::Acks;
use crate::rules::truncation_rule::TruncationRule;
use clap::Args;
use std::io;
use std::time::Instant;

/// The knobs, and how far to look.
#[derive(Clone, Debug, Args)]
pub(super) struct QuestionArgs {
    /// Replicas of the partition.
    #[arg(long, default_value_t = 3)]
    rf: u8,
    /// 0, 1 or all.
    #[arg(long, value_parser = acks, default_value = "all")]
    acks: Acks,
    /// `min.insync.replicas`
    #[arg(long, default_value_t = 2)]
    min_isr: u8,
    /// `unclean.leader.election.enable`
    #[arg(long, default_value_t = false, action = clap::ArgAction::Set)]
    unclean: bool,
    /// How a replica gets rid of what its leader lacks: high-watermark, kip-101, kip-279 or kip-320.
    #[arg(long, value_parser = truncation, default_value = "kip-320")]
    truncation: TruncationRule,
    /// Eligible leader replicas (KIP-966).
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set)]
    elr: bool,
    /// A crash may take the end of a log with it.
    #[arg(long, default_value_t = false, action = clap::ArgAction::Set)]
    power_loss: bool,
    /// How many replicas are in sync at the start; all of them if it is not said.
    #[arg(long)]
    initial_isr: Option<u8>,
    #[arg(long, default_value_t = 3)]
    max_faults: u8,
    /// How many records are written at most.
    #[arg(long, default_value_t = 1)]
    records: u8,
    /// How many leader epochs there are at most.
    #[arg(long, default_value_t = 4)]
    epochs: u8,
    /// The harm that is looked for: lost, gone or diverged.
    #[arg(long, value_parser = harm, default_value = "lost")]
    find: Harm,
    /// Leave a guard of the protocol out, to see what it is for.
    #[arg(long, value_parser = guard, value_name = "GUARD")]
    without: Vec<Guard>,
    /// A kind of fault that does not happen: crash, power-loss, fence, drop-follower or elect-preferred.
    #[arg(long, value_parser = fault, value_name = "FAULT")]
    without_fault: Vec<Fault>,
    /// Search again with each knob turned, and without each kind of fault, for what would have saved the record.
    #[arg(long)]
    what_if: bool,
    /// Print the answer as JSON.
    #[arg(long, conflicts_with = "script")]
    json: bool,
    /// Print the run as a script of commands, as a world has played it.
    #[arg(long)]
    script: bool,
}

fn harm(word: &str) -> Result<Harm, String> {
    let known = || Harm::ALL.map(Harm::word).join(", ");
    Harm::ALL.into_iter().find(|harm| harm.word() == word).ok_or_else(|| format!("there are {}", known()))
}

fn guard(word: &str) -> Result<Guard, String> {
    let known = || Guard::ALL.map(Guard::word).join(", ");
    Guard::ALL.into_iter().find(|guard| guard.word() == word).ok_or_else(|| format!("there are {}", known()))
}

fn fault(word: &str) -> Result<Fault, String> {
    let known = || Fault::ALL.map(Fault::word).join(", ");
    Fault::ALL.into_iter().find(|fault| fault.word() == word).ok_or_else(|| format!("there are {}", known()))
}

fn acks(word: &str) -> Result<Acks, String> {
    match word {
        "0" => Ok(Acks::None),
        "1" => Ok(Acks::Leader),
        "all" | "-1" => Ok(Acks::All),
        _ => Err("there are 0, 1 and all".to_owned()),
    }
}

fn truncation(word: &str) -> Result<TruncationRule, String> {
    let known = || TruncationRule::ALL.map(TruncationRule::word).join(", ");
    let rule = TruncationRule::ALL.into_iter().find(|rule| rule.word() == word);
    rule.ok_or_else(|| format!("there are {}", known()))
}

impl QuestionArgs {
    fn knobs(&self) -> Knobs {
        Knobs {
            replicas: self.rf,
            acks: self.acks,
            min_isr: self.min_isr,
            unclean: self.unclean,
            truncation: self.truncation,
            elr: self.elr,
            power_loss: self.power_loss,
            initial_isr: self.initial_isr.unwrap_or(self.rf),
            removed: self.without.iter().fold(Removed::default(), |removed, guard| removed.with(*guard)),
            bounds: Bounds { records: self.records, epochs: self.epochs, faults: self.max_faults },
        }
    }

    fn question(&self) -> Result<Question, OutOfRange> {
        Ok(self.without_fault.iter().copied().fold(Question::new(self.knobs())?, Question::without))
    }
}

pub(super) fn run(args: &QuestionArgs, streams: &mut Streams<'_>) -> io::Result<Exit> {
    let began = Instant::now();
    let asked = args.question().and_then(|question| Inquiry::new(question, args.find));
    let mut inquiry = match asked {
        Ok(inquiry) => inquiry,
        Err(wrong) => {
            writeln!(streams.err, "--{} {}: expected {} to {}", wrong.name, wrong.found, wrong.from, wrong.to)?;
            return Ok(Exit::Problems);
        }
    };
    while inquiry.advance(1 << 18) {
        let (states, waiting, cost) = (inquiry.states(), inquiry.waiting(), inquiry.cost());
        // Progress is a courtesy: a reader who has gone away is no reason to stop.
        writeln!(streams.err, "{states} states, {waiting} waiting, {} faults, {} steps", cost.faults, cost.steps).ok();
    }
    let ms = began.elapsed().as_millis().max(1);
    let answer = Answer::new(&inquiry);
    if args.script {
        return answer.print_script(streams);
    }
    if args.json {
        writeln!(streams.out, "{}", answer.json(args.what_if))?;
        return Ok(Exit::Fine);
    }
    answer.print(streams.out)?;
    if args.what_if {
        answer.print_what_if(streams.out)?;
    }
    let states = inquiry.states() as u128;
    writeln!(
        streams.out,
        "{ms} ms, {} states a second, {} bytes a state",
        states * 1000 / ms,
        inquiry.bytes() as u128 / states
    )?;
    Ok(Exit::Fine)
}
