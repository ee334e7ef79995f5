//! `kafka-lab run`: plays a script and prints what came of it.

use super::{Exit, Streams};
use crate::command::{Parsed, Script};
use crate::event::Event;
use crate::frame::{Window, of_world};
use crate::timeline::{Moment, Run};
use crate::words::{describe, story};
use clap::Args;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Plays a script. Without `--story`, `--frame`, `--hash` or `--events` it prints the story.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// The script; `-` reads it from standard input.
    script: PathBuf,
    /// What happened, a sentence an event.
    #[arg(long)]
    story: bool,
    /// The moment as text: the screen reader's view.
    #[arg(long)]
    frame: bool,
    /// The world's hash at the moment.
    #[arg(long)]
    hash: bool,
    /// Every event with its tick, its causes and its sentence.
    #[arg(long)]
    events: bool,
    /// A moment: how many events have happened, or the name of a mark. The end, if it is not given.
    #[arg(long, value_name = "MOMENT")]
    at: Option<String>,
}

pub(super) fn run(args: &RunArgs, streams: &mut Streams<'_>) -> io::Result<Exit> {
    let text = match read(&args.script) {
        Ok(text) => text,
        Err(error) => {
            writeln!(streams.err, "kafka-lab: {}: {error}", args.script.display())?;
            return Ok(Exit::Usage);
        }
    };
    let Parsed { script, problems } = Script::parse(&text);
    for problem in &problems {
        writeln!(streams.err, "{}: {problem}", args.script.display())?;
    }
    let run = Run::play(&script);
    let Some(moment) = moment(&run, args.at.as_deref()) else {
        let wanted = args.at.as_deref().unwrap_or_default();
        writeln!(streams.err, "kafka-lab: no moment `{wanted}`: expected a mark, or 0 to {}", run.len())?;
        return Ok(Exit::Usage);
    };
    print(args, &run, moment, streams.out)?;
    if run.is_cut() {
        writeln!(streams.err, "kafka-lab: the run is cut after {} events", run.len())?;
    }
    Ok(if problems.is_empty() && !run.is_cut() { Exit::Fine } else { Exit::Problems })
}

fn read(path: &Path) -> io::Result<String> {
    let mut text = Vec::new();
    if path.as_os_str() == "-" {
        io::stdin().read_to_end(&mut text)?;
    } else {
        text = std::fs::read(path)?;
    }
    String::from_utf8(text).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "a script is UTF-8 text"))
}

fn moment(run: &Run, wanted: Option<&str>) -> Option<Moment> {
    let Some(wanted) = wanted else { return Some(run.len()) };
    match wanted.parse::<Moment>() {
        Ok(moment) => (moment <= run.len()).then_some(moment),
        Err(_) => run.moment_of_mark(wanted),
    }
}

fn print(args: &RunArgs, run: &Run, moment: Moment, out: &mut dyn Write) -> io::Result<()> {
    let happened = || run.events().iter().take(moment);
    if args.story || !(args.frame || args.hash || args.events) {
        for event in happened().filter(|event| !event.kind.is_bookkeeping()) {
            writeln!(out, "{:>10}  {}", event.tick.to_string(), story(event))?;
        }
    }
    if args.events {
        for event in happened() {
            writeln!(out, "{:<6} {:>8}  {}{}", event.id.0, event.tick.to_string(), story(event), causes(event))?;
        }
    }
    if args.frame {
        write!(out, "{}", describe(&of_world(&run.world_at(moment), Window::ALL)))?;
    }
    if args.hash {
        writeln!(out, "{:016x}", run.world_at(moment).hash())?;
    }
    Ok(())
}

/// " [by 12, on 7 9]": what set it off, and what it rested on.
fn causes(event: &Event) -> String {
    let Some(trigger) = event.trigger else { return String::new() };
    let rests_on: Vec<String> = event.rests_on.iter().map(|cause| cause.0.to_string()).collect();
    let on = if rests_on.is_empty() { String::new() } else { format!(", on {}", rests_on.join(" ")) };
    format!(" [by {}{on}]", trigger.0)
}
