//! A world as a frame.

use super::{
    Actor, BatchSpan, Cell, CellKind, CellState, EpochBand, FlyingMessage, Frame, PendingRecord, ReaderMark,
    ReaderMarkKind, ReplicaRole, SegmentBorder, TableView, Tape, TapeId,
};
use crate::bytes::Record;
use crate::command::Schedule;
use crate::event::PendingSend;
use crate::ids::{Endpoint, Offset, RecordId};
use crate::words;
use crate::world::{Body, Broker, Consumer, OnTheWay, Producer, Role, StoredBatch, World};

/// The offsets that a frame shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub from: Offset,
    /// The first offset not shown.
    pub to: Offset,
}

impl Window {
    /// Everything; for small worlds.
    pub const ALL: Window = Window { from: Offset(0), to: Offset(i64::MAX) };

    fn shows(self, batch: &StoredBatch) -> bool {
        batch.last_offset() >= self.from && batch.base_offset() < self.to
    }
}

/// The frame of this world. Costs what is inside the window, not what is in the logs.
#[must_use]
pub fn of_world(world: &World, window: Window) -> Frame {
    let tapes = world.brokers.values().map(|broker| tape(world, broker, window));
    let (leaders, followers): (Vec<Tape>, Vec<Tape>) = tapes.partition(|tape| tape.role == ReplicaRole::Leader);
    let producers = world.producers.values().map(producer);
    let consumers = world.consumers.values().map(|consumer| reader(world, consumer));
    // In order of departure; what leaves together is in order of its id, as it is kept.
    let mut travels: Vec<&OnTheWay> = Vec::new();
    for travel in world.network.on_the_way.values() {
        travels.insert(travels.partition_point(|other| other.sent <= travel.sent), travel);
    }
    Frame {
        tick: world.tick,
        tapes: leaders.into_iter().chain(followers).collect(),
        actors: producers.chain(consumers).collect(),
        messages: travels.into_iter().map(|travel| flying(world, travel)).collect(),
        caption: words::caption(world),
        ruler: None,
    }
}

fn tape(world: &World, broker: &Broker, window: Window) -> Tape {
    let shown = || broker.log.batches_from(window.from).take_while(|batch| window.shows(batch));
    let cells = shown().flat_map(|batch| cells(batch, broker));
    let leads = matches!(broker.role, Role::Leader(_));
    let in_sync = world.leader().is_some_and(|(_, leading)| leading.isr.committed.contains(broker.id));
    Tape {
        id: TapeId::Broker(broker.id),
        role: if leads { ReplicaRole::Leader } else { ReplicaRole::Follower },
        in_sync,
        cells: cells.filter(|cell| cell.offset >= window.from && cell.offset < window.to).collect(),
        batches: shown().map(|batch| span(batch)).collect(),
        segments: vec![SegmentBorder {
            base: broker.log.log_start,
            file_name: format!("{:020}.log", broker.log.log_start.0),
        }],
        epochs: epochs(shown().map(AsRef::as_ref)),
        log_start: broker.log.log_start,
        high_watermark: broker.high_watermark,
        last_stable: None,
        log_end: broker.log.log_end(),
        marks: if world.leader().is_some_and(|(leader, _)| leader.id == broker.id) {
            reader_marks(world)
        } else {
            Vec::new()
        },
    }
}

fn span(batch: &StoredBatch) -> BatchSpan {
    let size_bytes = u32::try_from(batch.batch.encoded_len()).unwrap_or(u32::MAX);
    BatchSpan { base: batch.base_offset(), last: batch.last_offset(), size_bytes }
}

fn cells(batch: &StoredBatch, broker: &Broker) -> impl Iterator<Item = Cell> {
    batch.batch.records.iter().zip(&batch.names).map(|(record, name)| cell(record, *name, broker))
}

fn cell(record: &Record, name: RecordId, broker: &Broker) -> Cell {
    let tombstone = record.key.is_some() && record.value.is_none();
    Cell {
        offset: record.offset,
        kind: if tombstone { CellKind::Tombstone } else { CellKind::Record },
        state: match record.offset {
            offset if offset < broker.log.log_start => CellState::BelowLogStart,
            offset if offset < broker.high_watermark => CellState::Committed,
            _ => CellState::NotCommitted,
        },
        record: Some(name),
        key: record.key.as_deref().map(readable),
        value: record.value.as_deref().map(readable),
    }
}

/// Bytes as a person reads them: UTF-8, what is none replaced.
#[must_use]
pub fn readable(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn epochs<'a>(batches: impl Iterator<Item = &'a StoredBatch>) -> Vec<EpochBand> {
    let mut bands: Vec<EpochBand> = Vec::new();
    for batch in batches {
        if bands.last().is_none_or(|band| band.epoch != batch.leader_epoch()) {
            bands.push(EpochBand { epoch: batch.leader_epoch(), start: batch.base_offset() });
        }
    }
    bands
}

fn reader_marks(world: &World) -> Vec<ReaderMark> {
    let committed = &world.topic.committed;
    let mut marks = Vec::new();
    for consumer in world.consumers.values() {
        let mark = |kind, offset| ReaderMark { consumer: consumer.id, kind, offset };
        marks.push(mark(ReaderMarkKind::Position, consumer.position));
        if let Some(offset) = committed.get(&consumer.id) {
            marks.push(mark(ReaderMarkKind::Committed, *offset));
        }
    }
    marks
}

fn producer(producer: &Producer) -> Actor {
    Actor {
        id: Endpoint::Producer(producer.id),
        lines: words::producer_lines(producer),
        pending: producer.open.iter().map(pending).collect(),
        table: None,
    }
}

fn reader(world: &World, consumer: &Consumer) -> Actor {
    let rows = || consumer.table.iter().map(|(key, row)| (key.clone(), *row)).collect();
    Actor {
        id: Endpoint::Consumer(consumer.id),
        lines: words::consumer_lines(world, consumer),
        pending: Vec::new(),
        table: consumer.settings.program.map(|program| TableView {
            program,
            rows: rows(),
            folded: consumer.folded.clone(),
        }),
    }
}

fn pending(send: &PendingSend) -> PendingRecord {
    PendingRecord { record: send.name, key: send.key.clone(), value: send.value.clone() }
}

fn flying(world: &World, travel: &OnTheWay) -> FlyingMessage {
    let message = &travel.message;
    let moves = world.schedule == Schedule::Automatic && !world.network.held.contains_key(&message.link());
    FlyingMessage {
        id: message.id,
        label: words::message_label(message),
        sent: travel.sent,
        due: moves.then_some(travel.due),
        routine: message.routine,
        records: carried(&message.body),
    }
}

/// The records that a message carries.
fn carried(body: &Body) -> Vec<PendingRecord> {
    let of_batch = |batch: &StoredBatch| -> Vec<PendingRecord> {
        let records = batch.batch.records.iter().zip(&batch.names);
        let named = |(record, name): (&Record, &RecordId)| PendingRecord {
            record: *name,
            key: record.key.as_deref().map(readable),
            value: record.value.as_deref().map(readable),
        };
        records.map(named).collect()
    };
    match body {
        Body::Produce { batch, .. } => of_batch(batch),
        Body::FetchResponse { answer: Ok(fetched), .. } => {
            fetched.batches.iter().flat_map(|batch| of_batch(batch)).collect()
        }
        _ => Vec::new(),
    }
}
