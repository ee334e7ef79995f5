//! A partition's folder as a broker leaves it after a clean stop (Kafka: `UnifiedLog`, `LogSegment`, `LogLoader`).
//!
//! All files but the logs can be had again from the batches, which is what a broker does after a crash. So they are
//! made here from the batches too: what goes into which segment, its indexes, and what was known of the producers at
//! each roll.

use super::producers::{logged_batch, snapshot};
use super::segment::{AppendRefused, Segment, SegmentConfig};
use crate::bytes::{BatchHeader, Bytes, Fault, Problem, RecordBatch};
use crate::files::{PartitionMetadata, TransactionIndex, Uuid};
use crate::ids::Offset;
use crate::rules::epoch_cache::EpochCache;
use crate::rules::last_stable_offset::AbortedTxn;
use crate::rules::producer_state::ProducerState;
use crate::rules::roll::{ActiveSegment, NextBatch, Roll, should_roll};

/// What a folder is written by besides its batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FolderSettings {
    pub topic_id: Uuid,
    pub segment: SegmentConfig,
    /// `segment.bytes`.
    pub segment_bytes: u64,
    /// `segment.ms`.
    pub segment_ms: i64,
    /// Records below are no longer read. It may lie in the middle of a batch.
    pub log_start: Offset,
}

/// A file of the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderFile {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Why no folder was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FolderFault {
    /// A batch's offsets do not come after those of the batch before it.
    NotAscending {
        base_offset: Offset,
        log_end: Offset,
    },
    /// A batch's attributes name a compression that Kafka has not.
    Batch {
        base_offset: Offset,
        fault: Fault,
    },
    /// A transactional control batch does not begin with a marker that can be read.
    Marker {
        base_offset: Offset,
        problem: Problem,
    },
    Refused(AppendRefused),
}

/// Writes the folder of a log with these batches, in the order of their names. Compressed batches are packed.
///
/// Index files are taken to have room for every entry: with Kafka's default of 4096 bytes between entries and 10 MiB of
/// room, a segment is full before its index is.
///
/// # Errors
/// The first batch that can't stand where it is.
pub fn partition_folder(settings: &FolderSettings, batches: &[RecordBatch]) -> Result<Vec<FolderFile>, FolderFault> {
    let mut folder = Folder::new(settings, batches.first().map_or(Offset::ZERO, |batch| batch.base_offset));
    for batch in batches {
        folder.append(batch)?;
    }
    Ok(folder.close())
}

struct Folder<'a> {
    settings: &'a FolderSettings,
    files: Vec<FolderFile>,
    active: Segment,
    /// The largest timestamp of the active segment's first batch.
    first_timestamp_ms: Option<i64>,
    /// Rows of the active segment's transaction index.
    aborted: Vec<AbortedTxn>,
    log_end: Offset,
    producers: ProducerState,
    epochs: EpochCache,
}

impl<'a> Folder<'a> {
    fn new(settings: &'a FolderSettings, first: Offset) -> Folder<'a> {
        Folder {
            settings,
            files: Vec::new(),
            active: Segment::new(first, settings.segment),
            first_timestamp_ms: None,
            aborted: Vec::new(),
            log_end: first,
            producers: ProducerState::default(),
            epochs: EpochCache::default(),
        }
    }

    fn append(&mut self, batch: &RecordBatch) -> Result<(), FolderFault> {
        let base_offset = batch.base_offset;
        if base_offset < self.log_end || batch.last_offset() < base_offset {
            return Err(FolderFault::NotAscending { base_offset, log_end: self.log_end });
        }
        let at = |fault| FolderFault::Batch { base_offset, fault };
        let bytes = Bytes::from(batch.encode_packed().map_err(at)?);
        let header = BatchHeader::decode(&bytes).map_err(|problem| at(problem.fault))?;
        if self.must_roll(&header, bytes.len() as u64) {
            self.roll(base_offset);
        }
        self.active.append_encoded(&header, &bytes).map_err(FolderFault::Refused)?;
        self.first_timestamp_ms.get_or_insert(header.max_timestamp_ms);
        if batch.partition_leader_epoch.0 >= 0 {
            self.epochs.assign(batch.partition_leader_epoch, base_offset);
        }
        let marker = |problem| FolderFault::Marker { base_offset, problem };
        if let Some(logged) = logged_batch(batch).map_err(marker)? {
            self.aborted.extend(self.producers.update(&logged));
        }
        self.log_end = batch.next_offset();
        Ok(())
    }

    fn must_roll(&self, header: &BatchHeader, size_bytes: u64) -> bool {
        let active = ActiveSegment {
            base: self.active.base_offset(),
            size_bytes: self.active.size_bytes() as u64,
            first_timestamp_ms: self.first_timestamp_ms,
            index_full: false,
        };
        let next = NextBatch { size_bytes, last: header.last_offset(), max_timestamp_ms: header.max_timestamp_ms };
        // An empty segment takes a batch of any size.
        active.size_bytes > 0
            && should_roll(active, next, self.settings.segment_bytes, self.settings.segment_ms) != Roll::Stay
    }

    /// Begins a segment at `base_offset`. What is known of the producers by then is kept in a snapshot.
    fn roll(&mut self, base_offset: Offset) {
        self.finish_segment();
        self.snapshot(base_offset);
        self.active = Segment::new(base_offset, self.settings.segment);
        self.first_timestamp_ms = None;
    }

    fn finish_segment(&mut self) {
        self.active.close();
        let base_offset = self.active.base_offset();
        self.file(segment_file(base_offset, "index"), self.active.offset_index().encode());
        self.file(segment_file(base_offset, "log"), self.active.file().to_vec());
        self.file(segment_file(base_offset, "timeindex"), self.active.time_index().encode());
        let transactions = TransactionIndex { entries: std::mem::take(&mut self.aborted) };
        if !transactions.entries.is_empty() {
            self.file(segment_file(base_offset, "txnindex"), transactions.encode());
        }
    }

    fn snapshot(&mut self, log_end: Offset) {
        self.file(segment_file(log_end, "snapshot"), snapshot(&self.producers).encode());
    }

    fn close(mut self) -> Vec<FolderFile> {
        self.finish_segment();
        if self.log_end > Offset::ZERO {
            self.snapshot(self.log_end);
        }
        self.epochs.truncate_from_start(self.settings.log_start);
        self.file("leader-epoch-checkpoint".to_owned(), self.epochs.checkpoint().into_bytes());
        self.file("partition.metadata".to_owned(), PartitionMetadata::new(self.settings.topic_id).encode());
        self.files.sort_by(|one, other| one.name.cmp(&other.name));
        self.files
    }

    fn file(&mut self, name: String, bytes: Vec<u8>) {
        self.files.push(FolderFile { name, bytes });
    }
}

/// Files of a segment are named by its base offset, snapshots by the log end that they were taken at, in 20 digits.
fn segment_file(offset: Offset, suffix: &str) -> String {
    format!("{:020}.{suffix}", offset.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::{Attributes, Record};
    use crate::ids::{ProducerEpoch, ProducerId};

    fn settings(segment_bytes: u64) -> FolderSettings {
        FolderSettings {
            topic_id: Uuid([1; 16]),
            segment: SegmentConfig::default(),
            segment_bytes,
            segment_ms: 1_000,
            log_start: Offset::ZERO,
        }
    }

    fn batch(offset: i64, timestamp_ms: i64) -> RecordBatch {
        RecordBatch::of_records(vec![Record::new(Offset(offset), timestamp_ms, None, None)])
    }

    fn names(segment_bytes: u64, batches: &[RecordBatch]) -> Vec<String> {
        let files = partition_folder(&settings(segment_bytes), batches).expect("a folder");
        files.into_iter().map(|file| file.name).filter(|name| !name.ends_with("index")).collect()
    }

    #[test]
    fn a_batch_that_is_larger_than_a_segment_has_one_of_its_own() {
        let log = |offset| segment_file(Offset(offset), "log");
        let snapshot = |offset| segment_file(Offset(offset), "snapshot");
        let rest = ["leader-epoch-checkpoint".to_owned(), "partition.metadata".to_owned()];
        let two = [log(0), log(1), snapshot(1), snapshot(2)].into_iter().chain(rest.clone()).collect::<Vec<_>>();
        assert_eq!(names(10, &[batch(0, 0), batch(1, 0)]), two);
        assert_eq!(names(1_000, &[batch(0, 0), batch(1, 1_001)]), two);
        let one = [log(0), snapshot(2)].into_iter().chain(rest).collect::<Vec<_>>();
        assert_eq!(names(1_000, &[batch(0, 0), batch(1, 1_000)]), one);
    }

    #[test]
    fn an_empty_log_has_one_empty_segment_and_no_snapshot() {
        let files = partition_folder(&settings(1_000), &[]).expect("a folder");
        assert_eq!(files.iter().filter(|file| file.name.starts_with("0000")).count(), 3);
        assert!(files.iter().filter(|file| file.name.starts_with("0000")).all(|file| file.bytes.is_empty()));
        assert!(!files.iter().any(|file| file.name.ends_with("snapshot")));
    }

    #[test]
    fn batches_that_can_t_stand_where_they_are_are_refused() {
        let refused = |batches: &[RecordBatch]| partition_folder(&settings(1_000), batches).unwrap_err();
        let (base_offset, log_end) = (Offset(4), Offset(6));
        let not_ascending = FolderFault::NotAscending { base_offset, log_end };
        assert_eq!(refused(&[batch(5, 0), batch(4, 0)]), not_ascending);

        let unknown = RecordBatch { attributes: Attributes(7), ..batch(4, 0) };
        let fault = Fault::UnknownCompression { code: 7 };
        assert_eq!(refused(&[unknown]), FolderFault::Batch { base_offset, fault });

        let marker = RecordBatch {
            attributes: Attributes::PLAIN.with_transactional().with_control(),
            producer_id: ProducerId(1),
            producer_epoch: ProducerEpoch(0),
            ..batch(4, 0)
        };
        assert!(matches!(refused(&[marker]), FolderFault::Marker { base_offset: Offset(4), .. }));
    }
}
