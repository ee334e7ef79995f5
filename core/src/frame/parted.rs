//! Where two replicas part: the first offset at which both hold a record, and not the same one.

use crate::ids::Offset;
use crate::world::{ReplicaLog, StoredBatch};
use std::sync::Arc;

/// The first offset from `from` on at which `log` holds another record than `other`, or the same one written in another
/// leader epoch. A log that merely ends sooner does not part.
pub(super) fn parts_at(log: &ReplicaLog, other: &ReplicaLog, from: Offset) -> Option<Offset> {
    let mut theirs = other.batches_from(from).peekable();
    for batch in log.batches_from(from) {
        while theirs.next_if(|their| their.last_offset() < batch.base_offset()).is_some() {}
        let their = theirs.peek()?;
        // Replicas share a batch that one has copied from the other.
        if !Arc::ptr_eq(batch, their)
            && let Some(at) = differ_at(batch, their)
        {
            return Some(at);
        }
    }
    None
}

fn differ_at(batch: &StoredBatch, their: &StoredBatch) -> Option<Offset> {
    let same_epoch = batch.leader_epoch() == their.leader_epoch();
    let mut records = batch.offsets_and_names();
    let differs = |(offset, name)| {
        let mut same_place = their.offsets_and_names().filter(move |(at, _)| *at == offset);
        same_place.any(|(_, other)| !same_epoch || name != other)
    };
    records.find(|record| differs(*record)).map(|(offset, _)| offset)
}
