//! `kafka-lab check l0`: the states of a published protocol, or the oracle's files row by row.

#![expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "a program may say how long it took")]

use super::count::Counted;
use super::oracle;
use crate::checker::spec::{Constants, Invariant, Protocol, Spec};
use crate::cli::{Exit, Streams};
use clap::Args;
use std::io;
use std::path::PathBuf;
use std::time::Instant;

/// Looks at every state that a protocol can reach, and says which invariants hold.
#[derive(Debug, Args)]
pub(super) struct L0Args {
    /// The module: `KafkaTruncateToHighWatermark`, `Kip101`, `Kip279`, `Kip320FirstTry`, `Kip320`.
    #[arg(long, value_parser = spec, required_unless_present = "oracle", requires = "constants")]
    spec: Option<Spec>,
    /// How large: `Replicas=3;LogSize=2;MaxRecords=2;MaxLeaderEpoch=2`, with `;SYMMETRY=Permutations(Replicas)` if
    /// states that differ only in which replica is which are to be one.
    #[arg(long, value_parser = constants, required_unless_present = "oracle", requires = "spec")]
    constants: Option<Constants>,
    /// Print a shortest run that breaks this invariant.
    #[arg(long, value_parser = invariant, value_name = "INVARIANT", requires = "spec")]
    trace: Option<Invariant>,
    /// Files of states or of levels that TLC has counted: every row is counted anew and compared.
    #[arg(long, num_args = 1.., value_name = "FILE", conflicts_with_all = ["spec", "constants"])]
    oracle: Vec<PathBuf>,
}

fn spec(name: &str) -> Result<Spec, String> {
    let known = || Spec::ALL.map(Spec::name).join(", ");
    Spec::parse(name).ok_or_else(|| format!("there is no such module; there are {}", known()))
}

fn constants(text: &str) -> Result<Constants, String> {
    Constants::parse(text).map_err(|problem| problem.to_string())
}

fn invariant(name: &str) -> Result<Invariant, String> {
    let known = || Invariant::ALL.map(Invariant::name).join(", ");
    Invariant::parse(name).ok_or_else(|| format!("there is no such invariant; there are {}", known()))
}

pub(super) fn run(args: &L0Args, streams: &mut Streams<'_>) -> io::Result<Exit> {
    match (args.spec, args.constants) {
        (Some(spec), Some(constants)) => tell(Protocol::new(spec, constants), args.trace, streams),
        _ => oracle::run(&args.oracle, streams),
    }
}

fn tell(protocol: Protocol, trace: Option<Invariant>, streams: &mut Streams<'_>) -> io::Result<Exit> {
    let began = Instant::now();
    let (spec, constants) = (protocol.spec, protocol.constants);
    let err = &mut *streams.err;
    let counted = Counted::new(protocol, |search| {
        // Progress is a courtesy: a reader who has gone away is no reason to stop.
        let (states, waiting, steps) = (search.states(), search.waiting(), search.cost().steps);
        writeln!(err, "{states} states found, {waiting} still to be looked at, {steps} steps deep").ok();
    });
    let out = &mut *streams.out;
    writeln!(out, "{spec}, {constants}")?;
    writeln!(out, "distinct states: {}", counted.states())?;
    writeln!(out, "depth: {}", counted.depth())?;
    writeln!(out, "states per level: {}", counted.levels.iter().map(usize::to_string).collect::<Vec<_>>().join(" "))?;
    for invariant in Invariant::ALL {
        writeln!(out, "{invariant:?}: {}", verdict(&counted, invariant))?;
    }
    let (ms, states) = (began.elapsed().as_millis().max(1), counted.states() as u128);
    let bytes = counted.bytes() / counted.states();
    writeln!(out, "{ms} ms, {} states a second, {bytes} bytes a state", states * 1000 / ms)?;
    if let Some(invariant) = trace {
        writeln!(out)?;
        match counted.violated(invariant) {
            None => writeln!(out, "{invariant:?} holds: there is no run to print.")?,
            Some(violated) => {
                for (number, (action, _)) in counted.run(violated).iter().enumerate() {
                    writeln!(out, "{:>3}  {action}", number + 1)?;
                }
            }
        }
    }
    Ok(Exit::Fine)
}

/// As the oracle's files say it.
pub(super) fn verdict(counted: &Counted, invariant: Invariant) -> String {
    counted.violated(invariant).map_or_else(
        || "holds".to_owned(),
        |violated| {
            let (states, level) = (violated.states, violated.level);
            format!("violated in {states} distinct states; shallowest at depth {level} ({} steps)", level - 1)
        },
    )
}
