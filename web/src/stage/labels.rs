//! What the things on a stage are called: for screen readers, and for a mouse that rests on them.

use kafka_lab::frame::{
    BatchSpan, Cell, CellKind, CellState, FlyingMessage, ReplicaRole, TableView, Tape, TapeId, Wire,
};
use kafka_lab::ids::{ConsumerIndex, Endpoint};
use kafka_lab::words::{describe_table, standing_lines, wire_words};

use super::layout::Answer;
use super::question::{Asks, Place};

#[must_use]
pub fn tape(id: &TapeId) -> String {
    match id {
        TapeId::Broker(broker) => format!("broker {broker}"),
        TapeId::File(name) => name.clone(),
    }
}

#[must_use]
pub fn endpoint(end: Endpoint) -> String {
    match end {
        Endpoint::Broker(broker) => format!("broker {broker}"),
        Endpoint::Producer(producer) => format!("producer {producer}"),
        Endpoint::Consumer(consumer) => format!("consumer {consumer}"),
        Endpoint::Controller(controller) => format!("controller {controller}"),
    }
}

/// A broker with its role and all that is not as usual; a file by its name.
#[must_use]
pub fn standing(tape_drawn: &Tape) -> String {
    let mut words = tape(&tape_drawn.id);
    for line in standing_lines(tape_drawn) {
        words.push_str(", ");
        words.push_str(&line.to_string());
    }
    if tape_drawn.in_sync && tape_drawn.role != ReplicaRole::None {
        words.push_str(", in sync");
    }
    words
}

/// Who is in sync, and how few may be.
#[must_use]
pub fn in_sync(set: &str) -> String {
    format!("replicas in sync: {set}")
}

#[must_use]
pub fn wire(wire: &Wire) -> String {
    let amiss = wire_words(wire);
    let amiss = if amiss.is_empty() { String::new() } else { format!(": {amiss}") };
    format!("link between {} and {}{amiss}", endpoint(wire.link.from), endpoint(wire.link.to))
}

#[must_use]
pub fn cell(id: &TapeId, cell: &Cell) -> String {
    let kind = match cell.kind {
        CellKind::Record => "record",
        CellKind::Tombstone => "tombstone",
        CellKind::CommitMarker => "commit marker",
        CellKind::AbortMarker => "abort marker",
        CellKind::OtherControl => "control record",
        CellKind::Aborted => "aborted record",
        CellKind::EmptyBatch => "empty batch",
        CellKind::Gap => "gap left by compaction",
    };
    let state = match cell.state {
        CellState::Committed => "committed",
        CellState::NotCommitted => "not committed yet",
        CellState::BelowLogStart => "below the log start",
        CellState::Lost => "lost",
    };
    let mut words = format!("{kind} at offset {} on {}", cell.offset, tape(id));
    match cell.kind {
        _ if cell.state == CellState::Lost => {}
        CellKind::Record | CellKind::Aborted | CellKind::Tombstone => {
            let key = cell.key.as_deref().unwrap_or("null");
            let value = cell.value.as_deref().unwrap_or("null");
            words.push_str(&format!(": key {key}, value {value}"));
        }
        _ => {}
    }
    // A file does not say what is committed.
    if cell.kind != CellKind::Gap && !matches!(id, TapeId::File(_)) {
        words.push_str(&format!(", {state}"));
    }
    words
}

#[must_use]
pub fn batch(id: &TapeId, batch: &BatchSpan) -> String {
    let offsets = if batch.base == batch.last {
        format!("offset {}", batch.base)
    } else {
        format!("offsets {} to {}", batch.base, batch.last)
    };
    format!("batch on {}: {offsets}, {} bytes", tape(id), batch.size_bytes)
}

/// Its broker's process is gone: what is drawn is what is on the disk.
#[must_use]
pub fn is_down(tape_drawn: &Tape) -> bool {
    tape_drawn.standing.as_ref().is_some_and(|standing| standing.health.is_down())
}

#[must_use]
pub fn high_watermark(tape_drawn: &Tape) -> String {
    let who = tape(&tape_drawn.id);
    match tape_drawn.role {
        _ if is_down(tape_drawn) => format!("high watermark {} on the disk of {who}", tape_drawn.high_watermark),
        ReplicaRole::Follower => format!("{who} knows of high watermark {}", tape_drawn.high_watermark),
        _ => format!("high watermark {} of {who}", tape_drawn.high_watermark),
    }
}

#[must_use]
pub fn log_end(tape_drawn: &Tape) -> String {
    let end = format!("log end {} of {}", tape_drawn.log_end, tape(&tape_drawn.id));
    let parted = tape_drawn.parts_at.map(|at| format!(", another history than the leader's from offset {at} on"));
    format!("{end}{}", parted.unwrap_or_default())
}

#[must_use]
pub fn table(consumer: ConsumerIndex, table: &TableView) -> String {
    format!("consumer {consumer}, {}", describe_table(table))
}

#[must_use]
pub fn message(message: &FlyingMessage) -> String {
    let held = if message.due.is_none() { ", held" } else { "" };
    format!("{}: {} to {}{held}", message.label, endpoint(message.id.from), endpoint(message.id.to))
}

#[must_use]
pub fn answer(answer: &Answer) -> String {
    match &answer.question.place {
        Place::OnTape { tape: id, asks } => {
            let what = match asks {
                Asks::Cell => "record",
                Asks::HighWatermark => "high watermark",
                Asks::LogEnd => "log end",
                Asks::Border => "an offset",
            };
            format!("your answer: {what} of {}", tape(id))
        }
        Place::InTable { consumer, key } => {
            format!("your answer: the row of {key} in the table of consumer {consumer}")
        }
        Place::AtBrokers { .. } => "your answer: brokers".to_owned(),
        Place::OfRecord { producer } => format!("your answer: what producer {producer} hears"),
    }
}
