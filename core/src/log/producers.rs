//! What the batches of a log say of their producers, and what a snapshot keeps of it (Kafka: `ProducerStateManager`).

use crate::bytes::{ControlRecord, NO_SEQUENCE, Problem, RecordBatch};
use crate::files::{ProducerSnapshot, SnapshotEntry};
use crate::ids::{Offset, ProducerId};
use crate::rules::producer_entry::{CachedBatch, ProducerBatch, ProducerEntry};
use crate::rules::producer_state::{Content, LoggedBatch, ProducerState};

/// An offset that is none.
const NO_OFFSET: Offset = Offset(-1);

/// What a batch says of its producer; nothing if it has none.
///
/// # Errors
/// A control batch does not begin with a record that can be read as one.
pub(super) fn logged_batch(batch: &RecordBatch) -> Result<Option<LoggedBatch>, Problem> {
    if batch.producer_id.0 < 0 {
        return Ok(None);
    }
    let marker = batch.records.first().filter(|_| batch.attributes.is_control());
    let (timestamp_ms, content) = match marker {
        Some(record) => {
            let (coordinator_epoch, aborts) = match ControlRecord::decode(record)? {
                ControlRecord::Abort { coordinator_epoch } => (coordinator_epoch, true),
                ControlRecord::Commit { coordinator_epoch } => (coordinator_epoch, false),
                _ => return Ok(None),
            };
            (record.timestamp_ms, Content::Marker { epoch: batch.producer_epoch, coordinator_epoch, aborts })
        }
        None if batch.attributes.is_control() => return Ok(None),
        None => {
            let data = ProducerBatch {
                epoch: batch.producer_epoch,
                first_sequence: batch.base_sequence,
                last_sequence: batch.last_sequence(),
                transactional: batch.attributes.is_transactional(),
            };
            (batch.max_timestamp_ms, Content::Data(data))
        }
    };
    let (producer, first_offset, last_offset) = (batch.producer_id, batch.base_offset, batch.last_offset());
    Ok(Some(LoggedBatch { producer, first_offset, last_offset, timestamp_ms, content }))
}

/// The snapshot of what is known of the producers, in the order of their ids.
pub(super) fn snapshot(state: &ProducerState) -> ProducerSnapshot {
    ProducerSnapshot { entries: state.producers.iter().map(|(id, entry)| snapshot_entry(*id, entry)).collect() }
}

/// A producer as a snapshot has it: of its batches only the last one (Kafka: `ProducerStateManager.writeSnapshot`).
fn snapshot_entry(producer: ProducerId, entry: &ProducerEntry) -> SnapshotEntry {
    let last = entry.batches.back();
    SnapshotEntry {
        producer,
        epoch: entry.epoch,
        last_sequence: last.map_or(NO_SEQUENCE, |batch| batch.last_sequence),
        last_offset: last.map_or(NO_OFFSET, |batch| batch.last_offset),
        offset_delta: last.map_or(0, offset_delta),
        timestamp_ms: entry.last_timestamp_ms,
        coordinator_epoch: entry.coordinator_epoch,
        current_txn_first_offset: entry.txn_first_offset.unwrap_or(NO_OFFSET),
    }
}

/// A batch spans fewer than 2³¹ offsets: it would not have been appended otherwise.
fn offset_delta(batch: &CachedBatch) -> i32 {
    i32::try_from(batch.last_offset.0 - batch.first_offset.0).unwrap_or(i32::MAX)
}
