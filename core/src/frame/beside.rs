//! Two frames beside each other: what one shows otherwise than the other, tape by tape.
//!
//! A pure function of two frames, be they of a fork and its parent or of two worlds that differ by a rule. Whether a
//! record is committed is not said cell by cell: the high watermark that decides it is a mark that differs.

use super::{Cell, CellKind, CellState, Frame, ReaderMarkKind, ReplicaRole, Tape, TapeId};
use crate::ids::{ConsumerIndex, Endpoint, MessageId, Offset};
use crate::timeline::Side;

/// One thing that two frames show otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FrameDifference {
    /// A log that one side alone has.
    Tape {
        tape: TapeId,
        on: Side,
    },
    Role {
        tape: TapeId,
        left: ReplicaRole,
        right: ReplicaRole,
    },
    InSync {
        tape: TapeId,
        left: bool,
        right: bool,
    },
    /// Another record at the same offset, or one on one side only. Never both absent.
    Cell {
        tape: TapeId,
        offset: Offset,
        left: Option<Box<Cell>>,
        right: Option<Box<Cell>>,
    },
    /// A mark at another offset, or on one side only. Never both absent.
    Mark {
        tape: TapeId,
        mark: TapeMark,
        left: Option<Offset>,
        right: Option<Offset>,
    },
    /// A row of a table that holds another number, or that one side alone has.
    Row {
        consumer: ConsumerIndex,
        key: String,
        left: Option<i64>,
        right: Option<i64>,
    },
    /// A message that is on its way on one side only.
    Message {
        message: MessageId,
        label: String,
        on: Side,
    },
}

impl FrameDifference {
    /// The log that it is about, if it is about one.
    #[must_use]
    pub fn tape(&self) -> Option<&TapeId> {
        match self {
            FrameDifference::Tape { tape, .. }
            | FrameDifference::Role { tape, .. }
            | FrameDifference::InSync { tape, .. }
            | FrameDifference::Cell { tape, .. }
            | FrameDifference::Mark { tape, .. } => Some(tape),
            FrameDifference::Row { .. } | FrameDifference::Message { .. } => None,
        }
    }
}

/// The marks of a tape that stand at an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TapeMark {
    LogStart,
    HighWatermark,
    LastStable,
    LogEnd,
    Reader(ConsumerIndex, ReaderMarkKind),
}

/// What two frames show otherwise: logs in the order of the left frame, then those that only the right one has; in a
/// log roles, cells by offset, marks; then tables and messages.
#[must_use]
pub fn frame_differences(left: &Frame, right: &Frame) -> Vec<FrameDifference> {
    let mut found = Vec::new();
    let beside = |tapes: &[Tape], id: &TapeId| tapes.iter().position(|other| other.id == *id);
    for tape in &left.tapes {
        match beside(&right.tapes, &tape.id) {
            Some(other) => in_tape(tape, &right.tapes[other], &mut found),
            None => found.push(FrameDifference::Tape { tape: tape.id.clone(), on: Side::Left }),
        }
    }
    let alone = right.tapes.iter().filter(|tape| beside(&left.tapes, &tape.id).is_none());
    found.extend(alone.map(|tape| FrameDifference::Tape { tape: tape.id.clone(), on: Side::Right }));
    in_tables(left, right, &mut found);
    for (side, here, there) in [(Side::Left, left, right), (Side::Right, right, left)] {
        let alone = here.messages.iter().filter(|message| there.messages.iter().all(|other| other.id != message.id));
        found.extend(alone.map(|message| FrameDifference::Message {
            message: message.id,
            label: message.label.clone(),
            on: side,
        }));
    }
    found
}

/// Both frames at one virtual time and on one ruler; and what they show otherwise.
#[must_use]
pub fn beside(mut left: Frame, mut right: Frame) -> (Frame, Frame, Vec<FrameDifference>) {
    let differences = frame_differences(&left, &right);
    let tapes = || left.tapes.iter().chain(&right.tapes);
    let first_of = |tape: &Tape| tape.cells.first().map_or(tape.log_start, |cell| cell.offset.min(tape.log_start));
    let first = tapes().map(first_of).min().unwrap_or_default();
    let log_end = tapes().map(Tape::drawn_end).max().unwrap_or_default();
    (left.ruler, right.ruler) = (Some((first, log_end)), Some((first, log_end)));
    // A run in which nothing happens meanwhile has come to the same time.
    let tick = left.tick.max(right.tick);
    (left.tick, right.tick) = (tick, tick);
    (left, right, differences)
}

fn in_tape(left: &Tape, right: &Tape, found: &mut Vec<FrameDifference>) {
    let tape = || left.id.clone();
    if left.role != right.role {
        found.push(FrameDifference::Role { tape: tape(), left: left.role, right: right.role });
    }
    if left.in_sync != right.in_sync {
        found.push(FrameDifference::InSync { tape: tape(), left: left.in_sync, right: right.in_sync });
    }
    in_cells(left, right, found);
    let mut mark = |mark, left, right| {
        if left != right {
            found.push(FrameDifference::Mark { tape: tape(), mark, left, right });
        }
    };
    mark(TapeMark::LogStart, Some(left.log_start), Some(right.log_start));
    mark(TapeMark::HighWatermark, Some(left.high_watermark), Some(right.high_watermark));
    mark(TapeMark::LastStable, left.last_stable, right.last_stable);
    mark(TapeMark::LogEnd, Some(left.log_end), Some(right.log_end));
    let mut readers: Vec<_> = left.marks.iter().chain(&right.marks).map(|mark| (mark.consumer, mark.kind)).collect();
    readers.sort_unstable();
    readers.dedup();
    for (consumer, kind) in readers {
        let of = |tape: &Tape| {
            let of_reader = tape.marks.iter().find(|mark| (mark.consumer, mark.kind) == (consumer, kind));
            of_reader.map(|mark| mark.offset)
        };
        mark(TapeMark::Reader(consumer, kind), of(left), of(right));
    }
}

/// Cells of both sides, in step by offset.
fn in_cells(left: &Tape, right: &Tape, found: &mut Vec<FrameDifference>) {
    let (mut here, mut there) = (left.cells.iter().peekable(), right.cells.iter().peekable());
    while let Some(offset) = here.peek().into_iter().chain(there.peek()).map(|cell| cell.offset).min() {
        let left_cell = here.next_if(|cell| cell.offset == offset);
        let right_cell = there.next_if(|cell| cell.offset == offset);
        let is_same = left_cell.zip(right_cell).is_some_and(|(left, right)| is_same_record(left, right));
        if !is_same {
            let boxed = |cell: Option<&Cell>| cell.cloned().map(Box::new);
            let (left_cell, right_cell) = (boxed(left_cell), boxed(right_cell));
            found.push(FrameDifference::Cell { tape: left.id.clone(), offset, left: left_cell, right: right_cell });
        }
    }
}

fn is_same_record(left: &Cell, right: &Cell) -> bool {
    let is_lost = |cell: &Cell| cell.state == CellState::Lost;
    let of = |cell: &Cell| -> (CellKind, bool) { (cell.kind, is_lost(cell)) };
    of(left) == of(right) && (left.record, &left.key, &left.value) == (right.record, &right.key, &right.value)
}

fn in_tables(left: &Frame, right: &Frame, found: &mut Vec<FrameDifference>) {
    let mut rows: Vec<(ConsumerIndex, String)> = Vec::new();
    let tables = |frame: &Frame| -> Vec<(ConsumerIndex, Vec<(String, i64)>)> {
        let of_consumer = frame.actors.iter().filter_map(|actor| match actor.id {
            Endpoint::Consumer(id) => Some((id, actor.table.as_ref()?.rows.clone())),
            _ => None,
        });
        of_consumer.collect()
    };
    let (left, right) = (tables(left), tables(right));
    for (consumer, table) in left.iter().chain(&right) {
        rows.extend(table.iter().map(|(key, _)| (*consumer, key.clone())));
    }
    rows.sort_unstable();
    rows.dedup();
    for (consumer, key) in rows {
        let row = |tables: &[(ConsumerIndex, Vec<(String, i64)>)]| {
            let (_, table) = tables.iter().find(|(id, _)| *id == consumer)?;
            table.iter().find(|(other, _)| *other == key).map(|(_, row)| *row)
        };
        let (left, right) = (row(&left), row(&right));
        if left != right {
            found.push(FrameDifference::Row { consumer, key, left, right });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Script;
    use crate::frame::{Window, of_world};
    use crate::ids::BrokerId;
    use crate::timeline::Run;
    use crate::words::frame_difference;

    fn frame(text: &str) -> Frame {
        let parsed = Script::parse(text);
        assert_eq!(parsed.problems, []);
        of_world(Run::play(&parsed.script).end(), Window::ALL)
    }

    /// Two records on two brokers, read by one consumer.
    const START: &str = "cluster brokers=2\nproducer p1 acks=all\nconsumer c1 poll=hand auto.offset.reset=earliest\n\
        send p1 key=a value=1\nflush p1\nwait 200\npoll c1\n";

    fn said(left: &str, right: &str) -> Vec<String> {
        let differences = frame_differences(&frame(left), &frame(right));
        differences.iter().map(|difference| frame_difference(difference).to_string()).collect()
    }

    #[test]
    fn the_same_frame_differs_in_nothing() {
        let both = format!("{START}send p1 key=b value=2\nflush p1\nwait 5\n");
        assert_eq!(frame_differences(&frame(&both), &frame(&both)), []);
    }

    #[test]
    fn a_record_on_one_side_only_is_a_cell_and_the_marks_behind_it() {
        let more = format!("{START}send p1 key=b value=2\nflush p1\nwait 700\n");
        let said = said(&format!("{START}wait 700\n"), &more);
        let expected = expect_test::expect![[r#"
            [
                "broker 1, offset 1: nothing | b 2",
                "broker 1, high watermark: 1 | 2",
                "broker 1, log end: 1 | 2",
                "broker 2, offset 1: nothing | b 2",
                "broker 2, high watermark: 1 | 2",
                "broker 2, log end: 1 | 2",
            ]
        "#]];
        expected.assert_debug_eq(&said);
    }

    #[test]
    fn another_record_at_the_same_offset_is_one_difference() {
        let said = said(
            &format!("{START}send p1 key=b value=2\nflush p1\nwait 200\n"),
            &format!("{START}send p1 key=c value=3\nflush p1\nwait 200\n"),
        );
        assert_eq!(said, ["broker 1, offset 1: b 2 | c 3", "broker 2, offset 1: b 2 | c 3"]);
    }

    #[test]
    fn readers_marks_and_messages_differ_too() {
        let left = frame(&format!("{START}poll c1\nwait 200\n"));
        let right = frame(&format!("{START}commit c1\nseek c1 offset=0\nsend p1 key=b value=2\nflush p1\n"));
        let found = frame_differences(&left, &right);
        let position = TapeMark::Reader(ConsumerIndex(1), ReaderMarkKind::Position);
        let (tape, left_at, right_at) = (TapeId::Broker(BrokerId(1)), Some(Offset(1)), Some(Offset(0)));
        let mark = FrameDifference::Mark { tape, mark: position, left: left_at, right: right_at };
        assert!(found.contains(&mark), "{found:?}");
        let flies = |found: &FrameDifference| matches!(found, FrameDifference::Message { on: Side::Right, .. });
        assert!(found.iter().any(flies), "{found:?}");
    }

    #[test]
    fn a_log_that_one_side_alone_has_is_said_once() {
        let found = frame_differences(&frame("cluster brokers=1\n"), &frame("cluster brokers=2\n"));
        let tape = TapeId::Broker(BrokerId(2));
        assert!(found.contains(&FrameDifference::Tape { tape: tape.clone(), on: Side::Right }), "{found:?}");
        assert_eq!(found.iter().filter(|found| found.tape() == Some(&tape)).count(), 1);
    }

    #[test]
    fn both_frames_stand_at_one_time_on_one_ruler() {
        let longer = frame(&format!("{START}send p1 key=b value=2\nflush p1\nwait 300\n"));
        let (left, right, differences) = beside(frame(START), longer);
        assert_eq!(left.tick, right.tick);
        assert_eq!((left.ruler, right.ruler), (Some((Offset(0), Offset(2))), Some((Offset(0), Offset(2)))));
        assert_eq!(differences, frame_differences(&left, &right));
    }
}
