//! What the small files beside a log say: read whole, each by its own decoder.

use std::collections::BTreeMap;

use super::answer::Sequence;
use super::name::{Kind, offset_in, partition_in};
use crate::files::{
    FileProblem, LeaderEpochCheckpoint, OffsetCheckpoint, PartitionMetadata, ProducerSnapshot, TransactionIndex, Uuid,
};
use crate::ids::{Offset, ProducerId};
use crate::rules::epoch_cache::EpochEntry;
use crate::rules::last_stable_offset::AbortedTxn;

/// A producer as a snapshot has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Remembered {
    pub(super) sequence: Sequence,
    pub(super) timestamp_ms: i64,
    pub(super) open_since: Option<Offset>,
}

/// The state of all producers, taken when the log ended at `at`.
#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    pub(super) file: usize,
    pub(super) at: Offset,
    pub(super) producers: BTreeMap<ProducerId, Remembered>,
}

/// What was read of the small files. Files are named by their place in the folder's list.
#[derive(Clone, Debug, Default)]
pub(super) struct Beside {
    /// By base offset: the file and its bytes.
    pub(super) offset_indexes: BTreeMap<Offset, (usize, Vec<u8>)>,
    pub(super) time_indexes: BTreeMap<Offset, (usize, Vec<u8>)>,
    pub(super) aborted: BTreeMap<Offset, (usize, Vec<AbortedTxn>)>,
    pub(super) epochs: Option<(usize, Vec<EpochEntry>)>,
    /// The latest one that could be read.
    pub(super) snapshot: Option<Snapshot>,
    pub(super) high_watermark: Option<(usize, Offset)>,
    pub(super) topic_id: Option<Uuid>,
    pub(super) log_start: Option<Offset>,
    pub(super) cleaned_to: Option<Offset>,
}

impl Beside {
    /// Takes a file of the partition `folder`, as `orders-0`.
    ///
    /// # Errors
    /// What is wrong with the file by itself; of an index that is found later, when its log is read.
    pub(super) fn take(
        &mut self,
        (file, name): (usize, &str),
        kind: Kind,
        bytes: Vec<u8>,
        folder: &str,
    ) -> Result<(), FileProblem> {
        let base = offset_in(name).unwrap_or_default();
        match kind {
            Kind::OffsetIndex => _ = self.offset_indexes.insert(base, (file, bytes)),
            Kind::TimeIndex => _ = self.time_indexes.insert(base, (file, bytes)),
            Kind::TxnIndex => _ = self.aborted.insert(base, (file, TransactionIndex::decode(&bytes)?.entries)),
            Kind::Snapshot => {
                let snapshot = ProducerSnapshot::decode(&bytes)?;
                if self.snapshot.as_ref().is_none_or(|known| known.at <= base) {
                    self.snapshot = Some(Snapshot { file, at: base, producers: remembered(&snapshot) });
                }
            }
            Kind::LeaderEpochs => {
                self.epochs = LeaderEpochCheckpoint::decode(&bytes)?.map(|checkpoint| (file, checkpoint.entries));
            }
            Kind::Metadata => self.topic_id = Some(PartitionMetadata::decode(&bytes)?.topic_id),
            Kind::HighWatermarks => self.high_watermark = offset_of(&bytes, folder)?.map(|mark| (file, mark)),
            Kind::LogStarts => self.log_start = offset_of(&bytes, folder)?,
            Kind::Cleaned => self.cleaned_to = offset_of(&bytes, folder)?,
            Kind::Log | Kind::Other => {}
        }
        Ok(())
    }
}

/// What a broker's checkpoint says of a partition.
fn offset_of(bytes: &[u8], folder: &str) -> Result<Option<Offset>, FileProblem> {
    let checkpoint = OffsetCheckpoint::decode(bytes)?;
    let partition = partition_in(folder);
    Ok(checkpoint.zip(partition).and_then(|(all, (topic, partition))| all.offset_of(topic, partition)))
}

fn remembered(snapshot: &ProducerSnapshot) -> BTreeMap<ProducerId, Remembered> {
    let entries = snapshot.entries.iter().map(|entry| {
        let sequence =
            Sequence { epoch: entry.epoch.0, last_sequence: entry.last_sequence, last_offset: entry.last_offset.0 };
        let open_since = Some(entry.current_txn_first_offset).filter(|first| first.0 >= 0);
        (entry.producer, Remembered { sequence, timestamp_ms: entry.timestamp_ms, open_since })
    });
    entries.collect()
}
