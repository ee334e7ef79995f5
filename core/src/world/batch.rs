//! A batch in a world: Kafka's batch, and the names of the records in it.

use crate::bytes::{Record, RecordBatch};
use crate::event::PendingSend;
use crate::ids::{LeaderEpoch, Offset, RecordId};

/// Immutable once it is in a log; shared by every replica, every snapshot and every message that carries it.
///
/// Invariant: `names.len() == batch.records.len()`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredBatch {
    pub batch: RecordBatch,
    /// Which record of which producer each is; not part of the bytes.
    pub names: Vec<RecordId>,
}

impl StoredBatch {
    #[must_use]
    pub fn base_offset(&self) -> Offset {
        self.batch.base_offset
    }

    #[must_use]
    pub fn last_offset(&self) -> Offset {
        self.batch.last_offset()
    }

    #[must_use]
    pub fn next_offset(&self) -> Offset {
        self.batch.next_offset()
    }

    #[must_use]
    pub fn leader_epoch(&self) -> LeaderEpoch {
        self.batch.partition_leader_epoch
    }
}

/// A record as its producer serialises it: text as UTF-8.
pub(super) fn record(offset: Offset, send: &PendingSend) -> Record {
    let bytes = |text: &Option<String>| text.as_ref().map(|text| text.clone().into_bytes().into());
    Record {
        offset,
        timestamp_ms: send.timestamp.0,
        key: bytes(&send.key),
        value: bytes(&send.value),
        headers: Vec::new(),
        attributes: 0,
    }
}
