//! A world as a frame.

use super::links::wires;
use super::parted::parts_at;
use super::standing::Current;
use super::{
    Actor, BatchSpan, Cell, CellKind, CellState, EpochBand, FlyingMessage, Frame, PendingRecord, ReaderMark,
    ReaderMarkKind, ReplicaRole, SegmentBorder, TableView, Tape, TapeId,
};
use crate::bytes::Record;
use crate::command::Schedule;
use crate::event::PendingSend;
use crate::ids::{BrokerId, Endpoint, Offset, RecordId};
use crate::words;
use crate::world::{Body, Broker, Consumer, Controller, OnTheWay, Producer, Role, StoredBatch, World};

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
    let current = Current::of(world);
    let producers = world.producers.values().map(|producer| writer(world, producer));
    let consumers = world.consumers.values().map(|consumer| reader(world, consumer));
    let controllers = world.controllers.values().map(controller);
    // In order of departure; what leaves together is in order of its id, as it is kept.
    let mut travels: Vec<&OnTheWay> = Vec::new();
    for travel in world.network.on_the_way.values() {
        travels.insert(travels.partition_point(|other| other.sent <= travel.sent), travel);
    }
    Frame {
        tick: world.tick,
        tapes: world.brokers.values().map(|broker| tape(world, broker, &current, window)).collect(),
        actors: producers.chain(consumers).chain(controllers).collect(),
        wires: wires(world),
        topic: current.topic(),
        messages: travels.into_iter().map(|travel| flying(world, travel)).collect(),
        caption: words::caption(world),
        ruler: None,
    }
}

fn tape(world: &World, broker: &Broker, current: &Current<'_>, window: Window) -> Tape {
    let shown = || broker.log.batches_from(window.from).take_while(|batch| window.shows(batch));
    let cells = shown().flat_map(|batch| cells(batch, broker));
    let leads = matches!(broker.role, Role::Leader(_));
    let standing = current.standing(broker);
    let reference = current.reference();
    let is_reference = reference.is_some_and(|other| other.id == broker.id);
    let mut cells: Vec<Cell> = cells.filter(|cell| cell.offset >= window.from && cell.offset < window.to).collect();
    if is_reference {
        cells.extend(lost(world, broker).into_iter().filter(|cell| cell.offset < window.to));
    }
    Tape {
        id: TapeId::Broker(broker.id),
        role: if leads { ReplicaRole::Leader } else { ReplicaRole::Follower },
        in_sync: standing.membership.is_in(),
        standing: Some(standing),
        parts_at: reference.and_then(|other| parts_at(&broker.log, &other.log, window.from)),
        cells,
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
        marks: reader_marks(world, broker.id, reference.map(|other| other.id)),
    }
}

/// Acknowledged records that would stand where this log, the leader's, has ended: they are gone.
fn lost(world: &World, leader: &Broker) -> Vec<Cell> {
    let mut lost: Vec<Cell> = Vec::new();
    for (record, offset) in world.ledger.acknowledged.iter().filter(|(_, offset)| **offset >= leader.log.log_end()) {
        let place = lost.partition_point(|cell| cell.offset < *offset);
        // Of two that were promised the same offset one is enough to see that it is lost.
        if lost.get(place).is_none_or(|cell| cell.offset != *offset) {
            let (kind, state) = (CellKind::Record, CellState::Lost);
            lost.insert(place, Cell { offset: *offset, kind, state, record: Some(*record), key: None, value: None });
        }
    }
    lost
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

/// The consumers that read from this broker, or take nobody for the leader while this one is held to be it.
fn reader_marks(world: &World, broker: BrokerId, reference: Option<BrokerId>) -> Vec<ReaderMark> {
    let committed = &world.topic.committed;
    let mut marks = Vec::new();
    for consumer in world.consumers.values() {
        let reads_from = consumer.leader.leader.or(reference);
        if reads_from != Some(broker) {
            continue;
        }
        let mark = |kind, offset| ReaderMark { consumer: consumer.id, kind, offset };
        marks.push(mark(ReaderMarkKind::Position, consumer.position));
        if let Some(offset) = committed.get(&consumer.id) {
            marks.push(mark(ReaderMarkKind::Committed, *offset));
        }
    }
    marks
}

fn writer(world: &World, producer: &Producer) -> Actor {
    Actor {
        id: Endpoint::Producer(producer.id),
        lines: words::producer_lines(world, producer),
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

fn controller(controller: &Controller) -> Actor {
    let id = Endpoint::Controller(controller.id);
    Actor { id, lines: words::controller_lines(controller), pending: Vec::new(), table: None }
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
