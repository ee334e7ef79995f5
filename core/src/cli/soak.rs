//! `kafka-lab soak`: random runs full of faults, checked after every step.

#![expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "a program may say how fast it is")]

use super::{Exit, Streams};
use crate::soak::{Found, Reached, Soaked, Tally, shorten, soak};
use crate::words::{premise_words, property_words, violation_words};
use crate::world::Premise;
use clap::Args;
use std::io::{self, Write};
use std::ops::Range;
use std::time::Instant;

/// Plays the run of each seed and checks every step. Half of the runs give a premise up; what breaks there is counted.
#[derive(Debug, Args)]
pub struct SoakArgs {
    /// The seeds, the last one not among them: 0..1000.
    #[arg(long, value_name = "A..B", value_parser = seeds)]
    seeds: Range<u64>,
    /// Steps of each run: a step is one handler.
    #[arg(long, default_value_t = 200)]
    steps: u32,
    /// Says how far it is each time so many runs are done, and the seed to go on from.
    #[arg(long, value_name = "RUNS", default_value_t = 10_000)]
    progress: u64,
}

fn seeds(text: &str) -> Result<Range<u64>, String> {
    let ends = text.split_once("..").and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    ends.filter(|ends: &Range<u64>| !ends.is_empty()).ok_or_else(|| "expected two numbers, as in 0..1000".to_owned())
}

pub(super) fn run(args: &SoakArgs, streams: &mut Streams<'_>) -> io::Result<Exit> {
    let began = Instant::now();
    let mut tally = Tally::default();
    for seed in args.seeds.clone() {
        let soaked = soak(seed, args.steps);
        tally.add(&soaked);
        if let Some(found) = soaked.broken() {
            tell_broken(&soaked, found, streams.out)?;
            tell_tally(&tally, began, streams.out)?;
            return Ok(Exit::Problems);
        }
        let next = seed + 1;
        if tally.runs.is_multiple_of(args.progress.max(1)) && next < args.seeds.end {
            let (steps, pace) = (tally.steps, pace(&tally, began));
            writeln!(
                streams.err,
                "{} runs, {steps} steps, {pace} a second. To go on from here: --seeds {next}..{}",
                tally.runs, args.seeds.end
            )?;
        }
    }
    tell_tally(&tally, began, streams.out)?;
    writeln!(streams.out, "Every property held inside its premises.")?;
    Ok(Exit::Fine)
}

fn pace(tally: &Tally, began: Instant) -> u128 {
    u128::from(tally.steps) * 1_000 / began.elapsed().as_millis().max(1)
}

/// What broke, where, and the shortest script that was found to break it.
fn tell_broken(soaked: &Soaked, found: &Found, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "seed {}, step {}: {}", soaked.seed, found.step, violation_words(found.violation))?;
    let given_up: Vec<Premise> = found.given_up.iter().collect();
    writeln!(out, "given up, and no reason for it: {}", listed(&given_up))?;
    let script = shorten(&soaked.script, found.violation.of(), true);
    writeln!(out, "this script does it:\n\n{script}")
}

fn listed(premises: &[Premise]) -> String {
    if premises.is_empty() {
        return "nothing".to_owned();
    }
    premises.iter().map(|premise| premise_words(*premise)).collect::<Vec<_>>().join(" and ")
}

fn tell_tally(tally: &Tally, began: Instant, out: &mut dyn Write) -> io::Result<()> {
    let (seconds, pace) = (began.elapsed().as_secs(), pace(tally, began));
    writeln!(out, "{} runs, {} steps checked in {seconds} s, {pace} a second", tally.runs, tally.steps)?;
    let Reached { leaders, appended, acknowledged, read, truncated, isr_changes, crashes, controllers } = tally.reached;
    writeln!(
        out,
        "in them {leaders} times a broker took the lead, {controllers} times another controller, {crashes} processes \
        crashed,\nthe ISR changed {isr_changes} times, {appended} batches were written, {acknowledged} acknowledged,\n\
        {read} polls read something, {truncated} times a replica cut its log"
    )?;
    if !tally.counts.is_empty() {
        writeln!(out, "\nOutside the premises:")?;
        writeln!(out, "{:>9}  {:>9}  {:<58}  given up", "runs", "first", "did not hold")?;
    }
    for count in &tally.counts {
        let (property, because) = (property_words(count.property), listed(&count.because));
        writeln!(out, "{:>9}  {:>9}  {property:<58}  {because}", count.runs, count.seed)?;
    }
    Ok(())
}
