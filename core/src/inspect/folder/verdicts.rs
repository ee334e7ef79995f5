//! What only the whole of a folder can tell: the log against its checkpoint, its transaction indexes, its snapshot.

use std::collections::BTreeSet;

use super::answer::{Outcome, Sequence};
use super::reading::{Folder, Found};
use crate::files::ABORTED_TXN_BYTES;
use crate::ids::{Offset, ProducerId};
use crate::inspect::finding::{Finding, Says, Wrong};

impl Folder {
    /// The log must go as far as the files beside it say, and have a file for each index.
    pub(super) fn check_end(&mut self) {
        let log_end = self.history.log_end.unwrap_or_else(|| self.start());
        let indexes = self.beside.offset_indexes.iter().chain(&self.beside.time_indexes);
        let mut found: Vec<(usize, Offset, Wrong)> =
            indexes.map(|(base, (file, _))| (*file, *base, Wrong::NoLog)).collect();
        let checkpoint = self.beside.epochs.as_ref();
        let latest = checkpoint.and_then(|(file, entries)| Some((*file, entries.last()?.start, Says::LeaderEpoch)));
        let snapshot = self.beside.snapshot.as_ref().map(|snapshot| (snapshot.file, snapshot.at, Says::Snapshot));
        let mark = self.beside.high_watermark.map(|(file, mark)| (file, mark, Says::HighWatermark));
        for (file, offset, says) in [latest, snapshot, mark].into_iter().flatten() {
            if offset > log_end && self.files.len() > 1 {
                found.push((file, offset, Wrong::LogEndsBefore { says, log_end }));
            }
        }
        for (file, offset, wrong) in found {
            let finding = Finding { position: 0, offset: Some(offset), wrong };
            self.tell(Found { file: Some(file), segment: None, finding });
        }
    }

    /// The checkpoint must have each batch's epoch at its offset.
    pub(super) fn check_epochs(&mut self) {
        let Some((file, entries)) = self.beside.epochs.clone() else { return };
        for run in self.history.epochs.clone() {
            let floor =
                |offset: Offset| entries.iter().rev().find(|entry| entry.start <= offset).map(|entry| entry.epoch);
            for offset in [run.first, run.last] {
                let checkpoint = floor(offset);
                // What lies below the first entry was cut away, and may be on disk still.
                let is_missing = checkpoint.is_none()
                    && (entries.is_empty() || self.beside.log_start.is_some_and(|start| offset >= start));
                if is_missing || checkpoint.is_some_and(|epoch| epoch != run.epoch) {
                    let wrong = Wrong::EpochDiffers { batch: run.epoch, checkpoint };
                    let finding = Finding { position: 0, offset: Some(offset), wrong };
                    self.tell(Found { file: Some(file), segment: None, finding });
                    break;
                }
            }
        }
    }

    /// The transaction indexes list what was aborted, and nothing else.
    pub(super) fn check_transactions(&mut self) {
        if self.files.len() == 1 {
            return;
        }
        let listed: BTreeSet<(ProducerId, Offset)> =
            self.history.signs.aborted.iter().map(|txn| (txn.producer, txn.last_offset)).collect();
        for aborted in self.history.aborted.by_marker() {
            if !listed.contains(&(aborted.producer, aborted.last_offset)) {
                let wrong = Wrong::AbortNotListed { producer: aborted.producer, marker: aborted.last_offset };
                self.find_in_log(aborted.first_offset, wrong);
            }
        }
        let committed: BTreeSet<(i64, Offset)> = (self.history.ended.iter())
            .filter(|row| row.outcome == Outcome::Committed)
            .filter_map(|row| Some((row.producer, row.last?)))
            .collect();
        let mut found = Vec::new();
        for (file, all) in self.beside.aborted.values() {
            for (number, txn) in all.iter().enumerate() {
                if committed.contains(&(txn.producer.0, txn.last_offset)) {
                    let wrong = Wrong::ListedNotAborted { producer: txn.producer, marker: txn.last_offset };
                    let position = (number * ABORTED_TXN_BYTES) as u64;
                    let finding = Finding { position, offset: Some(txn.first_offset), wrong };
                    found.push(Found { file: Some(*file), segment: None, finding });
                }
            }
        }
        found.into_iter().for_each(|found| self.tell(found));
    }

    /// A snapshot that was taken at the log's end says what the log says, of all producers that it has not forgotten.
    pub(super) fn check_snapshot(&mut self) {
        let Some(snapshot) = self.beside.snapshot.as_ref().filter(|snapshot| Some(snapshot.at) == self.history.log_end)
        else {
            return;
        };
        let mut found = Vec::new();
        let first = self.totals().offsets.map_or(i64::MAX, |(first, _)| first.0);
        for (producer, remembered) in &snapshot.producers {
            let (log, snap) = (self.sequence(*producer), remembered.sequence);
            // What it wrote last may have been deleted since; else the cleaner keeps a batch of it.
            let is_on_disk = snap.last_offset >= first;
            if is_on_disk && log != Some(snap) {
                let numbers = |sequence: Sequence| (sequence.epoch, sequence.last_sequence, sequence.last_offset);
                let (snapshot_says, log_says) = (numbers(snap), log.map(numbers));
                let wrong = Wrong::SnapshotDiffers { producer: *producer, snapshot: snapshot_says, log: log_says };
                let finding = Finding { position: 0, offset: None, wrong };
                found.push(Found { file: Some(snapshot.file), segment: None, finding });
            }
        }
        found.into_iter().for_each(|found| self.tell(found));
    }

    /// What the log says of a producer.
    pub(super) fn sequence(&self, producer: ProducerId) -> Option<Sequence> {
        let entry = self.history.producers.producers.get(&producer)?;
        let last = entry.batches.back();
        Some(Sequence {
            epoch: entry.epoch.0,
            last_sequence: last.map_or(-1, |batch| batch.last_sequence),
            last_offset: last.map_or(-1, |batch| batch.last_offset.0),
        })
    }
}
