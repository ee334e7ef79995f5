//! The command-line program. What it does is in `kafka_lab::cli`.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut err = io::stderr().lock();
    let exit = kafka_lab::cli::run(std::env::args_os(), &mut out, &mut err);
    // Whoever closed the pipe early has read what they wanted.
    out.flush().ok();
    ExitCode::from(exit.code())
}
