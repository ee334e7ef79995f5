//! A space-time diagram in words: what a screen reader reads, and what the tests compare.

use super::story::duration;
use super::{Sentence, names::endpoint, story};
use crate::frame::{Ended, Line, SpaceTimeWindow};
use crate::ids::{EventId, Tick};
use crate::timeline::Run;
use std::fmt::Write;

/// "fetch from 8: broker 2 to broker 1, sent at 1.200 s, arrives at 1.210 s".
#[must_use]
pub fn line_words(line: &Line) -> String {
    let (from, to) = (endpoint(line.message.from), endpoint(line.message.to));
    let way = Sentence::new().span(from).say(" to ").span(to);
    let sent = clock(line.sent_at);
    match line.ended {
        Some(Ended { at, delivered: true, .. }) => {
            format!("{}: {way}, sent at {sent}, arrives at {}", line.label, clock(at))
        }
        Some(Ended { at, delivered: false, .. }) => {
            format!("{}: {way}, sent at {sent}, lost at {}", line.label, clock(at))
        }
        None => format!("{}: {way}, sent at {sent}, has not arrived", line.label),
    }
}

/// Who there is, then line by line what happens, with the time that passes in between.
#[must_use]
pub fn describe_space_time(window: &SpaceTimeWindow, run: &Run) -> String {
    let names: Vec<String> =
        window.endpoints.iter().map(|end| Sentence::new().span(endpoint(*end)).to_string()).collect();
    let mut text = format!("Between {}.\n", names.join(", "));
    if window.more_before {
        text.push_str("What came before is left out.\n");
    }
    let lines = window.lines.iter().map(|line| (line.sent, line_words(line) + "."));
    let marks = window.marks.iter().map(|mark| (mark.event, said(run, mark.event)));
    let mut told: Vec<(EventId, String)> = lines.chain(marks).collect();
    told.sort();
    let mut passed = window.passed.iter().peekable();
    for (event, words) in told {
        // What was sent before the window stands before its first time.
        while let Some(now) = passed.next_if(|passed| passed.event <= event) {
            let _ = match now.passed_ms {
                0 => writeln!(text, "At {}:", clock(now.tick)),
                ms => writeln!(text, "{} later, at {}:", duration(ms), clock(now.tick)),
            };
        }
        let _ = writeln!(text, "  {words}");
    }
    if window.more_after {
        text.push_str("What came after is left out.\n");
    }
    text
}

/// "1.240 s": two messages are often less than a tenth of a second apart.
fn clock(tick: Tick) -> String {
    format!("{}.{:03} s", tick.0.div_euclid(1_000), tick.0.rem_euclid(1_000))
}

fn said(run: &Run, event: EventId) -> String {
    let event = usize::try_from(event.0).ok().and_then(|place| run.event(place));
    event.map(|event| story(event).to_string()).unwrap_or_default()
}
