//! Frames made by hand: for tests, and for looking at a stage without a run.

use kafka_lab::command::Link;
use kafka_lab::frame::{
    Actor, BatchSpan, Belief, Cell, CellKind, CellState, Direction, EpochBand, FlyingMessage, Frame, Health,
    Membership, PendingRecord, ReaderMark, ReaderMarkKind, ReplicaRole, SegmentBorder, Standing, TableView, Tape,
    TapeId, Wire,
};
use kafka_lab::ids::{
    BrokerId, ConsumerIndex, ControllerId, Endpoint, LeaderEpoch, MessageId, MessageKind, Offset, ProducerIndex,
    RecordId, Tick,
};
use kafka_lab::rules::fold::Program;
use kafka_lab::words::{Noun, Sentence};
use kafka_lab::world::Folded;

const RECORDS: [(&str, &str); 9] = [
    ("ada", "+50"),
    ("bo", "+20"),
    ("ada", "−5"),
    ("cy", "+70"),
    ("bo", "−20"),
    ("dee", "+10"),
    ("ada", "+8"),
    ("cy", "−30"),
    ("bo", "+15"),
];

/// A replica's ends, as numbers.
#[derive(Clone, Copy, Debug)]
pub struct Ends {
    pub high_watermark: i64,
    pub log_end: i64,
}

/// A broker's tape whose records come from a small ledger.
#[must_use]
pub fn tape(broker: u8, role: ReplicaRole, ends: Ends) -> Tape {
    let cells = (0..ends.log_end).map(|offset| {
        let (key, value) = RECORDS[usize::try_from(offset).unwrap_or(0) % RECORDS.len()];
        let state = if offset < ends.high_watermark { CellState::Committed } else { CellState::NotCommitted };
        Cell {
            offset: Offset(offset),
            kind: CellKind::Record,
            state,
            record: Some(RecordId { producer: ProducerIndex(1), count: u32::try_from(offset).unwrap_or(0) + 1 }),
            key: Some(key.to_owned()),
            value: Some(value.to_owned()),
        }
    });
    let batches = (0..ends.log_end).step_by(2).map(|base| BatchSpan {
        base: Offset(base),
        last: Offset((base + 1).min(ends.log_end - 1)),
        size_bytes: 90,
    });
    Tape {
        id: TapeId::Broker(BrokerId(broker)),
        role,
        in_sync: true,
        standing: None,
        parts_at: None,
        cells: cells.collect(),
        batches: batches.collect(),
        segments: vec![SegmentBorder { base: Offset(0), file_name: "00000000000000000000.log".to_owned() }],
        epochs: [(4, 0), (5, 4)]
            .into_iter()
            .filter(|(_, start)| *start < ends.log_end)
            .map(|(epoch, start)| EpochBand { epoch: LeaderEpoch(epoch), start: Offset(start) })
            .collect(),
        log_start: Offset(0),
        high_watermark: Offset(ends.high_watermark),
        last_stable: None,
        log_end: Offset(ends.log_end),
        marks: Vec::new(),
    }
}

#[must_use]
pub fn reader(consumer: u8, kind: ReaderMarkKind, offset: i64) -> ReaderMark {
    ReaderMark { consumer: ConsumerIndex(consumer), kind, offset: Offset(offset) }
}

fn message(kind: MessageKind, from: Endpoint, to: Endpoint, label: &str) -> FlyingMessage {
    FlyingMessage {
        id: MessageId { kind, from, to, count: 1 },
        label: label.to_owned(),
        sent: Tick(1_235),
        due: Some(Tick(1_245)),
        routine: false,
        records: Vec::new(),
    }
}

fn pending(count: u32, key: &str, value: &str) -> PendingRecord {
    PendingRecord {
        record: RecordId { producer: ProducerIndex(1), count },
        key: Some(key.to_owned()),
        value: Some(value.to_owned()),
    }
}

const LEADER: Endpoint = Endpoint::Broker(BrokerId(1));
const FOLLOWER: Endpoint = Endpoint::Broker(BrokerId(2));
const PRODUCER: Endpoint = Endpoint::Producer(ProducerIndex(1));

fn consumer(number: u8) -> Endpoint {
    Endpoint::Consumer(ConsumerIndex(number))
}

/// A leader, a follower behind it, a producer, two consumers, messages between them.
#[must_use]
pub fn replication() -> Frame {
    let mut leader = tape(1, ReplicaRole::Leader, Ends { high_watermark: 7, log_end: 9 });
    leader.marks = vec![
        reader(1, ReaderMarkKind::Position, 5),
        reader(1, ReaderMarkKind::Committed, 3),
        reader(2, ReaderMarkKind::Position, 0),
    ];
    let follower = tape(2, ReplicaRole::Follower, Ends { high_watermark: 6, log_end: 8 });
    let mut produce = message(MessageKind::Produce, PRODUCER, LEADER, "produce 2");
    produce.records = vec![pending(10, "dee", "+10"), pending(11, "cy", "−30")];
    Frame {
        tick: Tick(1_240),
        tapes: vec![leader, follower],
        actors: vec![
            Actor {
                id: PRODUCER,
                lines: vec![Sentence::new().say("2 sent, no answer yet")],
                pending: vec![pending(12, "ada", "+8"), pending(13, "bo", "+15")],
                table: None,
            },
            Actor {
                id: consumer(1),
                lines: vec![Sentence::new().say("read 5, committed 3")],
                pending: Vec::new(),
                table: None,
            },
            Actor {
                id: consumer(2),
                lines: vec![Sentence::new().say("read nothing yet")],
                pending: Vec::new(),
                table: None,
            },
        ],
        messages: vec![produce, message(MessageKind::Fetch, FOLLOWER, LEADER, "fetch from 8")],
        wires: Vec::new(),
        topic: None,
        ruler: None,
        caption: Sentence::new()
            .say("The ")
            .noun(Noun::HighWatermark, "mark")
            .say(" is min(9, 7) = 7 until broker 1 sees broker 2 ask for 8."),
    }
}

/// Before anything was written.
#[must_use]
pub fn empty() -> Frame {
    let ends = Ends { high_watermark: 0, log_end: 0 };
    let mut frame = replication();
    frame.tapes = vec![tape(1, ReplicaRole::Leader, ends), tape(2, ReplicaRole::Follower, ends)];
    frame.tapes[0].marks = vec![reader(1, ReaderMarkKind::Position, 0), reader(2, ReaderMarkKind::Position, 0)];
    frame.messages.clear();
    frame.actors[0].pending.clear();
    frame
}

/// Everything stands at the same place: the hardest case for labels.
#[must_use]
pub fn crowded() -> Frame {
    let mut frame = replication();
    frame.tapes = vec![
        tape(1, ReplicaRole::Leader, Ends { high_watermark: 5, log_end: 5 }),
        tape(2, ReplicaRole::Follower, Ends { high_watermark: 4, log_end: 5 }),
        tape(3, ReplicaRole::Follower, Ends { high_watermark: 0, log_end: 1 }),
    ];
    frame.tapes[0].last_stable = Some(Offset(4));
    frame.tapes[2].in_sync = false;
    frame.tapes[0].marks = [1, 2]
        .into_iter()
        .flat_map(|number| {
            let position = reader(number, ReaderMarkKind::Position, 3 + i64::from(number));
            [position, reader(number, ReaderMarkKind::Committed, 4)]
        })
        .collect();
    frame.messages.push(message(MessageKind::FetchResponse, LEADER, consumer(2), "3 records from 2"));
    frame.messages.push(FlyingMessage {
        due: None,
        ..message(MessageKind::OffsetCommit, consumer(1), LEADER, "commit 5 for group readers")
    });
    frame
}

/// One cell of each kind and state, with texts too long for a cell.
#[must_use]
pub fn kinds() -> Frame {
    let mut frame = replication();
    let mut drawn = tape(1, ReplicaRole::Leader, Ends { high_watermark: 11, log_end: 13 });
    drawn.log_start = Offset(2);
    let kinds = [
        (0, CellKind::Record),
        (3, CellKind::Tombstone),
        (4, CellKind::CommitMarker),
        (5, CellKind::Aborted),
        (6, CellKind::AbortMarker),
        (7, CellKind::EmptyBatch),
        (8, CellKind::Gap),
        (9, CellKind::OtherControl),
    ];
    for (offset, kind) in kinds {
        drawn.cells[offset].kind = kind;
    }
    for cell in &mut drawn.cells[..2] {
        cell.state = CellState::BelowLogStart;
    }
    drawn.cells[3].value = None;
    drawn.cells[10].key = Some("customer-000194".to_owned());
    drawn.cells[10].value = Some("{\"balance\": 1250}".to_owned());
    drawn.cells[11].key = None;
    drawn.cells[12].state = CellState::Lost;
    drawn.segments.push(SegmentBorder { base: Offset(9), file_name: "00000000000000000009.log".to_owned() });
    frame.tapes = vec![drawn];
    frame.messages.clear();
    frame
}

/// As many records as asked for, on tapes of `columns` cells. From one event to the next the ruler begins one
/// offset further on, so every record moves.
#[must_use]
pub fn procession(records: usize, columns: i64, event: usize) -> Frame {
    // Far enough from 0 that the ruler begins where the log does, some columns before it.
    const BASE: i64 = 4;
    let shift = i64::try_from(event % 2).unwrap_or(0);
    let tapes = records.div_ceil(usize::try_from(columns).unwrap_or(1).max(1));
    let one = |index: usize| {
        let broker = u8::try_from(index + 1).unwrap_or(u8::MAX);
        let ends = Ends { high_watermark: BASE + columns, log_end: BASE + columns + 1 };
        let mut tape = tape(broker, ReplicaRole::Follower, ends);
        // Offset 0 or 1 is the first on the ruler: the same cell stands one column further left.
        tape.cells.retain(|cell| cell.offset > Offset(BASE));
        tape.cells.truncate(usize::try_from(columns).unwrap_or(0));
        tape.batches.clear();
        tape.log_start = Offset(BASE + shift);
        tape
    };
    Frame { tapes: (0..tapes).map(one).collect(), ..Frame::default() }
}

/// Both consumers have read everything on a tape that reaches the edge of a phone.
#[must_use]
pub fn caught_up() -> Frame {
    let mut frame = replication();
    let ends = Ends { high_watermark: 7, log_end: 7 };
    frame.tapes = vec![tape(1, ReplicaRole::Leader, ends), tape(2, ReplicaRole::Follower, ends)];
    frame.tapes[0].marks = vec![
        reader(1, ReaderMarkKind::Position, 7),
        reader(1, ReaderMarkKind::Committed, 7),
        reader(2, ReaderMarkKind::Position, 7),
    ];
    frame.messages.clear();
    frame
}

/// Three replicas of which each stands otherwise: a leader of an old epoch that is cut off, one that is about to be
/// taken in and has another history, and the leader, which has lost a record; a controller, and a broken link.
#[must_use]
pub fn cluster() -> Frame {
    let mut frame = replication();
    let standing = |leader: u8, epoch: i32| Standing {
        health: Health::Running,
        fenced: false,
        belief: Some(Belief {
            leader: BrokerId(leader),
            epoch: LeaderEpoch(epoch),
            is_current: epoch == 5,
            can_change: true,
        }),
        membership: Membership::InSync,
        disk_slow_ms: 0,
        clock_ahead_ms: 0,
        behind: None,
    };
    let mut stale = tape(1, ReplicaRole::Leader, Ends { high_watermark: 5, log_end: 7 });
    stale.in_sync = false;
    stale.standing = Some(Standing {
        health: Health::Frozen,
        fenced: true,
        membership: Membership::Outside,
        disk_slow_ms: 400,
        clock_ahead_ms: 60_000,
        ..standing(1, 4)
    });
    let mut joining = tape(2, ReplicaRole::Follower, Ends { high_watermark: 5, log_end: 6 });
    joining.in_sync = false;
    joining.parts_at = Some(Offset(5));
    joining.standing =
        Some(Standing { membership: Membership::Joining, behind: Some((Offset(12), Offset(14))), ..standing(3, 5) });
    let mut leader = tape(3, ReplicaRole::Leader, Ends { high_watermark: 5, log_end: 5 });
    leader.cells.push(Cell {
        offset: Offset(6),
        kind: CellKind::Record,
        state: CellState::Lost,
        record: None,
        key: None,
        value: None,
    });
    leader.standing = Some(standing(3, 5));
    let mut down = tape(4, ReplicaRole::Follower, Ends { high_watermark: 0, log_end: 3 });
    down.standing =
        Some(Standing { health: Health::Crashed, membership: Membership::Leaving, belief: None, ..standing(3, 5) });
    frame.tapes = vec![stale, joining, leader, down];
    frame.actors.push(Actor {
        id: Endpoint::Controller(ControllerId(1)),
        lines: vec![Sentence::new().say("active, epoch 1"), Sentence::new().say("14 records")],
        pending: Vec::new(),
        table: None,
    });
    let wire = |from, to, there, back| Wire { link: Link { from, to }, there, back };
    let cut = Direction { cut: true, ..Direction::default() };
    let broker = |id| Endpoint::Broker(BrokerId(id));
    frame.wires = vec![
        wire(broker(1), broker(2), cut, cut),
        wire(broker(1), broker(3), cut, Direction::default()),
        wire(broker(2), broker(3), Direction::default(), Direction { held: true, ..Direction::default() }),
    ];
    frame
}

/// Two programs have folded the same log; one table is longer than its place, with keys too long for it.
#[must_use]
pub fn folded() -> Frame {
    let mut frame = replication();
    let row = |(key, value): &(&str, i64)| ((*key).to_owned(), *value);
    let few = [("ada", 45), ("bo", 0), ("cy", 70)];
    let many =
        [("a-customer-with-a-very-long-name", 1), ("ada", i64::MIN), ("bo", 1), ("cy", 1), ("dee", 2), ("eve", 3)];
    let table = |program, rows: &[(&str, i64)], key: &str, changed| TableView {
        program,
        rows: rows.iter().map(row).collect(),
        folded: Some(Folded { offset: Offset(4), key: key.to_owned(), changed }),
    };
    frame.actors[1].table = Some(table(Program::BalancesV1, &few, "bo", false));
    frame.actors[2].table = Some(table(Program::Orders, &many, "eve", true));
    frame
}

/// Three tables, which a phone has no room for in one line; none has a row yet.
#[must_use]
pub fn tables() -> Frame {
    let mut frame = replication();
    frame.actors.push(Actor { id: consumer(3), ..frame.actors[2].clone() });
    for actor in frame.actors.iter_mut().skip(1) {
        actor.table = Some(TableView { program: Program::BalancesV2, rows: Vec::new(), folded: None });
    }
    frame
}

/// Every sample by its name.
#[must_use]
pub fn all() -> Vec<(&'static str, Frame)> {
    vec![
        ("replication", replication()),
        ("empty", empty()),
        ("crowded", crowded()),
        ("kinds", kinds()),
        ("caught-up", caught_up()),
        ("folded", folded()),
        ("tables", tables()),
        ("cluster", cluster()),
    ]
}
