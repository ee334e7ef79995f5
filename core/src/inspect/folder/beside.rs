//! What the small files beside a log say: read whole, each by its own decoder.

use std::collections::BTreeMap;

use super::name::{Kind, offset_in, partition_in};
use super::snapshots::Snapshots;
use crate::files::{
    FileProblem, LeaderEpochCheckpoint, OffsetCheckpoint, PartitionMetadata, ProducerSnapshot, TransactionIndex, Uuid,
};
use crate::ids::Offset;
use crate::rules::epoch_cache::EpochEntry;
use crate::rules::last_stable_offset::AbortedTxn;

/// What was read of the small files. Files are named by their place in the folder's list.
#[derive(Clone, Debug, Default)]
pub(super) struct Beside {
    /// By base offset: the file and its bytes.
    pub(super) offset_indexes: BTreeMap<Offset, (usize, Vec<u8>)>,
    pub(super) time_indexes: BTreeMap<Offset, (usize, Vec<u8>)>,
    pub(super) aborted: BTreeMap<Offset, (usize, Vec<AbortedTxn>)>,
    pub(super) epochs: Option<(usize, Vec<EpochEntry>)>,
    pub(super) snapshots: Snapshots,
    pub(super) high_watermark: Option<(usize, Offset)>,
    /// Below it everything was flushed to disk.
    pub(super) recovery_point: Option<(usize, Offset)>,
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
            Kind::Snapshot => self.snapshots.take(file, base, &ProducerSnapshot::decode(&bytes)?),
            Kind::LeaderEpochs => {
                self.epochs = LeaderEpochCheckpoint::decode(&bytes)?.map(|checkpoint| (file, checkpoint.entries));
            }
            Kind::Metadata => self.topic_id = Some(PartitionMetadata::decode(&bytes)?.topic_id),
            Kind::HighWatermarks => self.high_watermark = offset_of(&bytes, folder)?.map(|mark| (file, mark)),
            Kind::RecoveryPoints => {
                // A partition that the file does not name was never flushed, for all the broker knows.
                let points = OffsetCheckpoint::decode(&bytes)?.zip(partition_in(folder));
                let point =
                    |(all, (topic, partition)): (OffsetCheckpoint, (&str, i32))| all.offset_of(topic, partition);
                self.recovery_point = points.map(|of| (file, point(of).unwrap_or(Offset::ZERO)));
            }
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
