//! A run as a space-time diagram: who there is, what travels between them, and what happens at each, as plain values.
//!
//! It goes by messages sent, delivered and dropped, and by where an event's trigger happened; it knows no kind of
//! message and no role. Where a moment stands along time is the drawer's business: here are the events, in order.

use crate::event::{Event, EventKind, Subject};
use crate::ids::{Endpoint, EventId, MessageId, Tick};
use crate::timeline::{Moment, Run};
use crate::words::message_label;
use std::sync::Arc;

/// The whole run. Made once; what is drawn of it is a [`SpaceTimeWindow`].
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SpaceTime {
    /// In the order in which they are drawn: who writes, then brokers and all others, then who reads.
    pub endpoints: Vec<Endpoint>,
    /// Ascending by the event that sent them.
    pub lines: Vec<Line>,
    /// Ascending by event.
    pub marks: Vec<Mark>,
}

/// A message from its sender's line to its receiver's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub message: MessageId,
    /// Its content in words: "fetch from 8".
    pub label: String,
    pub sent: EventId,
    pub sent_at: Tick,
    /// None while it is on its way or held.
    pub ended: Option<Ended>,
    /// The eye need not follow it.
    pub routine: bool,
}

/// How a message's way ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    pub event: EventId,
    pub at: Tick,
    /// False: it was dropped.
    pub delivered: bool,
}

/// An event of note that is no message, on the line of the end where it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub event: EventId,
    pub tick: Tick,
    pub at: Endpoint,
    pub routine: bool,
}

/// Virtual time that goes on before an event: `passed_ms` since what is drawn before it, to `tick`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed {
    pub event: EventId,
    pub tick: Tick,
    pub passed_ms: i64,
}

/// A part of the diagram that can be drawn. Nothing in it has happened at `to` or later.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SpaceTimeWindow {
    pub from: Moment,
    pub to: Moment,
    pub endpoints: Vec<Endpoint>,
    /// Some were sent before `from`. One that ends at `to` or later is still on its way here.
    pub lines: Vec<Line>,
    pub marks: Vec<Mark>,
    /// Each time that virtual time goes on between two things that are drawn.
    pub passed: Vec<Passed>,
    /// Whether there is something to draw before and after.
    pub more_before: bool,
    pub more_after: bool,
}

/// Messages from before a window that are still on their way in it: so many of the latest are drawn.
const OPEN_FROM_BEFORE_MOST: usize = 24;

impl SpaceTime {
    /// Costs what the run is long.
    #[must_use]
    pub fn of(run: &Run) -> Self {
        let mut diagram = SpaceTime { endpoints: endpoints(run), ..SpaceTime::default() };
        let places = places(run.events());
        // By message, the line that has not ended; what is on its way at one time is little.
        let mut open: Vec<(MessageId, usize)> = Vec::new();
        for (event, place) in run.events().iter().zip(places) {
            let delivered = matches!(event.kind, EventKind::MessageDelivered { .. });
            match &event.kind {
                EventKind::MessageSent { message, .. } => {
                    open.push((message.id, diagram.lines.len()));
                    diagram.lines.push(Line {
                        message: message.id,
                        label: message_label(message),
                        sent: event.id,
                        sent_at: event.tick,
                        ended: None,
                        routine: message.routine,
                    });
                }
                EventKind::MessageDelivered { message } | EventKind::MessageDropped { message } => {
                    if let Some(at) = open.iter().position(|(id, _)| *id == message.id) {
                        let (_, line) = open.swap_remove(at);
                        diagram.lines[line].ended = Some(Ended { event: event.id, at: event.tick, delivered });
                    }
                }
                kind => diagram.marks.extend(place.map(|at| Mark {
                    event: event.id,
                    tick: event.tick,
                    at,
                    routine: kind.is_bookkeeping(),
                })),
            }
        }
        diagram
    }

    /// What is drawn around a moment: the last `most` things before it and a quarter as many after it, and nothing
    /// from the moment `end` on.
    #[must_use]
    pub fn window(&self, around: Moment, end: Moment, most: usize, with_routine: bool) -> SpaceTimeWindow {
        let (before, more_before) = self.places_before(around.min(end), most, with_routine);
        let (after, more_after) = self.places_from(around.min(end), end, most / 4, with_routine);
        let from = if more_before { before } else { 0 };
        let to = if more_after { after } else { end };
        let is_in = |event: EventId| (from..to).contains(&place_of(event));
        let mut window = SpaceTimeWindow {
            from,
            to,
            endpoints: self.endpoints.clone(),
            lines: self.lines_in(from, to, with_routine),
            marks: self
                .marks
                .iter()
                .filter(|mark| is_in(mark.event) && (with_routine || !mark.routine))
                .copied()
                .collect(),
            passed: Vec::new(),
            more_before,
            more_after,
        };
        window.passed = passed(&window);
        window
    }

    /// The place of the `most`-th thing before a moment, or of the first, and whether there are more before it.
    fn places_before(&self, moment: Moment, most: usize, with_routine: bool) -> (usize, bool) {
        let lines = self.lines.partition_point(|line| place_of(line.sent) < moment);
        let marks = self.marks.partition_point(|mark| place_of(mark.event) < moment);
        let mut lines = places_of_lines(&self.lines[..lines], with_routine).rev().peekable();
        let mut marks = places_of_marks(&self.marks[..marks], with_routine).rev().peekable();
        let mut place = moment;
        for _ in 0..most {
            let next = if lines.peek() > marks.peek() { lines.next() } else { marks.next() };
            let Some(next) = next else { return (place, false) };
            place = next;
        }
        (place, lines.peek().is_some() || marks.peek().is_some())
    }

    /// The place behind the `most`-th thing from a moment on, and whether there are more before `end`.
    fn places_from(&self, moment: Moment, end: Moment, most: usize, with_routine: bool) -> (usize, bool) {
        let lines = self.lines.partition_point(|line| place_of(line.sent) < moment);
        let marks = self.marks.partition_point(|mark| place_of(mark.event) < moment);
        let mut lines = places_of_lines(&self.lines[lines..], with_routine).peekable();
        let mut marks = places_of_marks(&self.marks[marks..], with_routine).peekable();
        let mut place = moment;
        for left in (0..=most).rev() {
            let line_first = match (lines.peek(), marks.peek()) {
                (Some(line), Some(mark)) => line < mark,
                (line, _) => line.is_some(),
            };
            let next = if line_first { lines.next() } else { marks.next() };
            match next.filter(|next| *next < end) {
                None => return (place, false),
                Some(_) if left == 0 => return (place, true),
                Some(next) => place = next + 1,
            }
        }
        (place, false)
    }

    fn lines_in(&self, from: Moment, to: Moment, with_routine: bool) -> Vec<Line> {
        let begun = self.lines.iter().take_while(|line| place_of(line.sent) < to);
        let cut = |line: &Line| {
            let ended = line.ended.filter(|ended| place_of(ended.event) < to);
            Line { ended, ..line.clone() }
        };
        let reaches_in =
            |line: &Line| place_of(line.sent) >= from || line.ended.is_none_or(|ended| place_of(ended.event) >= from);
        let shown = begun.filter(|line| (with_routine || !line.routine) && reaches_in(line)).map(cut);
        let mut lines: Vec<Line> = shown.collect();
        let is_old = |line: &Line| place_of(line.sent) < from && line.ended.is_none();
        let mut too_many = lines.iter().filter(|line| is_old(line)).count().saturating_sub(OPEN_FROM_BEFORE_MOST);
        lines.retain(|line| {
            let leaves = too_many > 0 && is_old(line);
            too_many -= usize::from(leaves);
            !leaves
        });
        lines
    }
}

/// An event, what set it off and so on back to the command, and what each of them rested on: ascending.
#[must_use]
pub fn chain(run: &Run, event: EventId) -> Vec<EventId> {
    let at = |id: EventId| run.event(place_of(id));
    let mut chain = Vec::new();
    for event in std::iter::successors(at(event), |event| event.trigger.and_then(at)) {
        chain.push(event.id);
        chain.extend(&event.rests_on);
    }
    chain.sort_unstable();
    chain.dedup();
    chain
}

fn place_of(event: EventId) -> usize {
    usize::try_from(event.0).unwrap_or(usize::MAX)
}

/// Everybody at the end of the run, and whoever sent or was sent something on the way.
fn endpoints(run: &Run) -> Vec<Endpoint> {
    let end = run.end();
    let mut all: Vec<Endpoint> = end.brokers.keys().map(|id| Endpoint::Broker(*id)).collect();
    all.extend(end.producers.keys().map(|id| Endpoint::Producer(*id)));
    all.extend(end.consumers.keys().map(|id| Endpoint::Consumer(*id)));
    for event in run.events() {
        if let EventKind::MessageSent { message, .. } = &event.kind {
            for end in [message.id.from, message.id.to] {
                if !all.contains(&end) {
                    all.push(end);
                }
            }
        }
    }
    all.sort_unstable_by_key(|end| (rank(*end), *end));
    all
}

fn rank(end: Endpoint) -> u8 {
    match end {
        Endpoint::Producer(_) => 0,
        Endpoint::Consumer(_) => 2,
        _ => 1,
    }
}

/// Where each event happened: a message leaves at its sender and arrives at its receiver; all else happens where what
/// set it off happened, or else with whom it changed something.
fn places(events: &[Arc<Event>]) -> Vec<Option<Endpoint>> {
    let mut places: Vec<Option<Endpoint>> = Vec::with_capacity(events.len());
    for event in events {
        let place = match &event.kind {
            EventKind::MessageSent { message, .. } => Some(message.id.from),
            EventKind::MessageDelivered { message } | EventKind::MessageDropped { message } => Some(message.id.to),
            kind => {
                let triggered = event.trigger.and_then(|id| places.get(place_of(id)).copied().flatten());
                triggered.or_else(|| kind.subjects().into_iter().find_map(end_of))
            }
        };
        places.push(place);
    }
    places
}

/// Whose thing a subject is.
fn end_of(subject: Subject) -> Option<Endpoint> {
    match subject {
        Subject::Cluster | Subject::Network | Subject::Storage | Subject::Link(_) | Subject::Message(_) => None,
        Subject::CommitRule | Subject::TruncationRule | Subject::Isr => None,
        // The controller's.
        Subject::Partition | Subject::Registration(_) | Subject::Session(_) => None,
        Subject::MetadataCommit | Subject::TopicSettings => None,
        Subject::Process(end) | Subject::Leader(end) => Some(end),
        Subject::Quorum(id) => Some(Endpoint::Controller(id)),
        Subject::Log(id)
        | Subject::HighWatermark(id)
        | Subject::FollowerEnd(id)
        | Subject::Waiting(id)
        | Subject::Fetcher(id)
        | Subject::LogStart(id)
        | Subject::Disk(id)
        | Subject::Clock(id)
        | Subject::Role(id)
        | Subject::Image(id)
        | Subject::Duties(id) => Some(Endpoint::Broker(id)),
        Subject::Producer(id) => Some(Endpoint::Producer(id)),
        Subject::Record(record) => Some(Endpoint::Producer(record.producer)),
        Subject::Position(id) | Subject::CommittedOffset(id) | Subject::Table(id) => Some(Endpoint::Consumer(id)),
    }
}

fn places_of_lines(lines: &[Line], with_routine: bool) -> impl DoubleEndedIterator<Item = usize> {
    lines.iter().filter(move |line| with_routine || !line.routine).map(|line| place_of(line.sent))
}

fn places_of_marks(marks: &[Mark], with_routine: bool) -> impl DoubleEndedIterator<Item = usize> {
    marks.iter().filter(move |mark| with_routine || !mark.routine).map(|mark| place_of(mark.event))
}

/// Where virtual time goes on between two things of the window.
fn passed(window: &SpaceTimeWindow) -> Vec<Passed> {
    let sent = window.lines.iter().map(|line| (line.sent, line.sent_at));
    let ended = window.lines.iter().filter_map(|line| line.ended).map(|ended| (ended.event, ended.at));
    let marks = window.marks.iter().map(|mark| (mark.event, mark.tick));
    let is_in = |(event, _): &(EventId, Tick)| place_of(*event) >= window.from;
    let mut drawn: Vec<(EventId, Tick)> = sent.chain(ended).chain(marks).filter(is_in).collect();
    drawn.sort_unstable();
    let mut before: Option<Tick> = None;
    let mut passed = Vec::new();
    for (event, tick) in drawn {
        if before != Some(tick) {
            let passed_ms = before.map_or(0, |before| tick.0 - before.0);
            passed.push(Passed { event, tick, passed_ms });
        }
        before = Some(tick);
    }
    passed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Script;
    use crate::sample;
    use crate::words::describe_space_time;
    use expect_test::expect;

    fn run(text: &str) -> Run {
        let parsed = Script::parse(text);
        assert_eq!(parsed.problems, []);
        Run::play(&parsed.script)
    }

    const ONE_RECORD: &str =
        "cluster brokers=2\nproducer p1 acks=all\nsend p1 key=ada value=+50\nflush p1\nwait 1200\n";

    fn described(run: &Run, most: usize, with_routine: bool) -> String {
        let window = SpaceTime::of(run).window(run.len(), run.len(), most, with_routine);
        describe_space_time(&window, run)
    }

    #[test]
    fn one_record_on_its_way_through_two_brokers() {
        let expected = expect![[r#"
            Between producer p1, broker 1, broker 2.
            At 0.000 s:
              Producer p1 is there, with acks=all.
              Producer p1 puts ada +50 into its open batch. No broker has it yet.
              Producer p1 is told to flush.
              ada +50: producer p1 to broker 1, sent at 0.000 s, arrives at 0.010 s.
              fetch from 0: broker 2 to broker 1, sent at 0.000 s, arrives at 0.010 s.
            10 ms later, at 0.010 s:
              Broker 1 writes 1 record at the end of its log: offset 0.
              Producer p1 waits: acks=all is answered when the high watermark reaches 1.
              Broker 1 notes broker 2 at 0: it holds nothing yet.
              1 record, the mark: broker 1 to broker 2, sent at 0.010 s, arrives at 0.020 s.
            10 ms later, at 0.020 s:
              Broker 2 writes the same 1 record at the same offset 0.
              fetch from 1: broker 2 to broker 1, sent at 0.020 s, arrives at 0.030 s.
            10 ms later, at 0.030 s:
              Broker 1 notes broker 2 at 1: it holds everything below.
              Broker 1 moves the high watermark to 1, the smallest of the log ends 1, 1.
              stored at 0: broker 1 to producer p1, sent at 0.030 s, arrives at 0.040 s.
            10 ms later, at 0.040 s:
              Producer p1 learns that record p1.1 is stored at offset 0.
            490 ms later, at 0.530 s:
              the mark alone: broker 1 to broker 2, sent at 0.530 s, arrives at 0.540 s.
            10 ms later, at 0.540 s:
              Broker 2 is told the high watermark and takes 1.
        "#]];
        expected.assert_eq(&described(&run(ONE_RECORD), 60, false));
    }

    #[test]
    fn what_is_lost_ends_and_what_is_held_stays_open() {
        let run = run("cluster brokers=2\nproducer p1 acks=1\nschedule hand\nsend p1 key=ada value=+50\nflush p1\n\
            drop produce.p1-1.1\nsend p1 key=bo value=+20\nflush p1\n");
        let expected = expect![[r#"
            Between producer p1, broker 1, broker 2.
            At 0.000 s:
              Producer p1 is there, with acks=1.
              Producer p1 puts ada +50 into its open batch. No broker has it yet.
              Producer p1 is told to flush.
              ada +50: producer p1 to broker 1, sent at 0.000 s, lost at 0.000 s.
              Producer p1 puts bo +20 into its open batch. No broker has it yet.
              Producer p1 is told to flush.
              bo +20: producer p1 to broker 1, sent at 0.000 s, has not arrived.
        "#]];
        expected.assert_eq(&described(&run, 60, false));
    }

    #[test]
    fn routine_messages_are_left_out_unless_asked_for() {
        let run = run(ONE_RECORD);
        let (few, all) = (described(&run, 400, false), described(&run, 400, true));
        assert!(all.lines().count() > few.lines().count(), "{all}");
    }

    #[test]
    fn a_window_is_small_however_long_the_run_is_and_tells_nothing_of_what_comes() {
        let run = Run::play(&sample::script(11, 600));
        assert!(run.len() > 1_500, "{} events", run.len());
        let diagram = SpaceTime::of(&run);
        for moment in (0..=run.len()).step_by(97) {
            let window = diagram.window(moment, moment, 100, true);
            assert!(window.lines.len() + window.marks.len() <= 100 + OPEN_FROM_BEFORE_MOST + 40, "at {moment}");
            let ends = window.lines.iter().filter_map(|line| line.ended).map(|ended| ended.event);
            let events = window.marks.iter().map(|mark| mark.event).chain(ends);
            let mut events = events.chain(window.lines.iter().map(|line| line.sent));
            assert!(events.all(|event| place_of(event) < moment), "at {moment}");
        }
        let whole = diagram.window(run.len(), run.len(), usize::MAX / 2, true);
        assert_eq!(whole.lines.len(), diagram.lines.len());
        assert!(!whole.more_before && !whole.more_after);
    }

    #[test]
    fn every_message_ends_as_the_run_says_and_stands_between_two_ends_that_are_there() {
        for seed in 0..30 {
            let run = Run::play(&sample::script(seed, 60));
            let diagram = SpaceTime::of(&run);
            let count = |is: fn(&EventKind) -> bool| run.events().iter().filter(|event| is(&event.kind)).count();
            let ended = |delivered| {
                diagram.lines.iter().filter_map(|line| line.ended).filter(|ended| ended.delivered == delivered).count()
            };
            assert_eq!(diagram.lines.len(), count(|kind| matches!(kind, EventKind::MessageSent { .. })));
            assert_eq!(ended(true), count(|kind| matches!(kind, EventKind::MessageDelivered { .. })));
            assert_eq!(ended(false), count(|kind| matches!(kind, EventKind::MessageDropped { .. })));
            let known = |end: &Endpoint| diagram.endpoints.contains(end);
            assert!(diagram.lines.iter().all(|line| known(&line.message.from) && known(&line.message.to)));
            assert!(diagram.marks.iter().all(|mark| known(&mark.at)));
        }
    }

    #[test]
    fn a_chain_leads_back_to_a_command_and_holds_what_its_links_rested_on() {
        let run = run(ONE_RECORD);
        let moved = run.events().iter().find(|event| matches!(event.kind, EventKind::HighWatermarkAdvanced { .. }));
        let moved = moved.expect("the mark moves");
        let chain = chain(&run, moved.id);
        assert!(chain.windows(2).all(|pair| pair[0] < pair[1]), "{chain:?}");
        let first = run.event(place_of(chain[0])).expect("it is in the run");
        assert_eq!(first.trigger, None);
        assert!(moved.rests_on.iter().all(|rest| chain.contains(rest)), "{chain:?}");
    }
}
