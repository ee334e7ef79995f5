//! `kafka-lab check`: searches all schedules of a model of replication.

mod answer;
mod count;
mod l0;
mod oracle;
mod question;

use super::{Exit, Streams};
use clap::{Args, Subcommand};
use std::io;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct CheckArgs {
    #[command(subcommand)]
    level: Option<Level>,
    #[command(flatten)]
    question: question::QuestionArgs,
}

#[derive(Debug, Subcommand)]
enum Level {
    /// The five published protocols, exactly as their TLA+ modules have them.
    L0(l0::L0Args),
}

pub(super) fn run(args: &CheckArgs, streams: &mut Streams<'_>) -> io::Result<Exit> {
    match &args.level {
        Some(Level::L0(args)) => l0::run(args, streams),
        None => question::run(&args.question, streams),
    }
}
