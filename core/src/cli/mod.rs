//! The command-line program `kafka-lab`: one module a subcommand.
//!
//! Results go to standard output, what is wrong with the input to standard error.

mod check;
mod dump;
mod inspect;
mod java_text;
mod run;
mod soak;
mod verify;

use std::ffi::OsString;
use std::io::{self, Write};

use clap::{Parser, Subcommand};

pub use check::CheckArgs;
pub use dump::DumpArgs;
pub use inspect::InspectArgs;
pub use java_text::java_utf8;
pub use run::RunArgs;
pub use soak::SoakArgs;
pub use verify::VerifyArgs;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// All is well.
    Fine,
    /// Something is wrong with the input.
    Problems,
    /// The command was not understood, or names a file that is not there or not of a kind it reads.
    Usage,
}

impl Exit {
    /// The process's exit code.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Exit::Fine => 0,
            Exit::Problems => 1,
            Exit::Usage => 2,
        }
    }
}

/// Where a command writes.
pub(crate) struct Streams<'a> {
    pub(crate) out: &'a mut dyn Write,
    pub(crate) err: &'a mut dyn Write,
}

/// Reads and checks what Kafka writes.
#[derive(Debug, Parser)]
#[command(name = "kafka-lab", version, about, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Search all schedules of a model of replication.
    Check(CheckArgs),
    /// Print log segments as Kafka's own dump tool does.
    Dump(DumpArgs),
    /// Say what is in a partition's folder and what is wrong with it, or how two folders differ.
    Inspect(InspectArgs),
    /// Play a script and print what happened.
    Run(RunArgs),
    /// Play random runs full of faults and check every step of them.
    Soak(SoakArgs),
    /// Compare what the lab computes with answers that Kafka's own classes gave.
    Verify(VerifyArgs),
}

/// Runs one command line, the program's name first.
pub fn run(args: impl IntoIterator<Item = OsString>, out: &mut dyn Write, err: &mut dyn Write) -> Exit {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(refusal) => return refuse(&refusal, out, err),
    };
    let mut streams = Streams { out, err };
    let outcome = match &cli.command {
        Command::Check(args) => check::run(args, &mut streams),
        Command::Dump(args) => dump::run(args, &mut streams),
        Command::Inspect(args) => inspect::run(args, &mut streams),
        Command::Run(args) => run::run(args, &mut streams),
        Command::Soak(args) => soak::run(args, &mut streams),
        Command::Verify(args) => verify::run(args, &mut streams),
    };
    match outcome {
        Ok(exit) => exit,
        // The reader of our output has gone away: nothing is left to do, and nothing is wrong.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Fine,
        Err(error) => {
            writeln!(streams.err, "kafka-lab: cannot write: {error}").ok();
            Exit::Problems
        }
    }
}

/// `--help` and `--version` are answered on standard output; everything else is wrong usage.
fn refuse(refusal: &clap::Error, out: &mut dyn Write, err: &mut dyn Write) -> Exit {
    if refusal.use_stderr() {
        write!(err, "{refusal}").ok();
        Exit::Usage
    } else {
        write!(out, "{refusal}").ok();
        Exit::Fine
    }
}
