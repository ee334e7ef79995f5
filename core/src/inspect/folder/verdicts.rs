//! What only the whole of a folder can tell: the log against its checkpoint, its transaction indexes, its snapshots.

use std::collections::BTreeSet;

use super::answer::{Outcome, Sequence};
use super::reading::{Folder, Found};
use super::snapshots::Differing;
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
        let snapshot = self.history.snapshots.latest().map(|snapshot| (snapshot.file, snapshot.at, Says::Snapshot));
        let flushed = self.beside.recovery_point.map(|(file, point)| (file, point, Says::RecoveryPoint));
        let mark = self.beside.high_watermark.map(|(file, mark)| (file, mark, Says::HighWatermark));
        for (file, offset, says) in [latest, snapshot, flushed, mark].into_iter().flatten() {
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

    /// A snapshot says what the log says below its offset, of all producers that it has not forgotten.
    pub(super) fn check_snapshots(&mut self) {
        let log_end = self.history.log_end.unwrap_or_default();
        self.history.snapshots.come_to(log_end, &self.history.producers);
        let first = self.totals().offsets.map_or(i64::MAX, |(first, _)| first.0);
        for differing in self.history.snapshots.differing.clone() {
            let Differing { file, at, producer, snapshot, log, is_on_disk } = differing;
            let below = Some(at).filter(|at| *at < log_end);
            // At the log's end the cleaner keeps the last batch of each producer; below it, it may have removed what
            // was the last one then.
            let may_be_cleaned =
                below.is_some() && !is_on_disk && log.is_none_or(|log| log.last_offset < snapshot.last_offset);
            // What it wrote last may have been deleted since.
            if snapshot.last_offset < first || may_be_cleaned {
                continue;
            }
            let numbers = |sequence: Sequence| (sequence.epoch, sequence.last_sequence, sequence.last_offset);
            let wrong = Wrong::SnapshotDiffers { producer, snapshot: numbers(snapshot), log: log.map(numbers), below };
            let finding = Finding { position: 0, offset: below, wrong };
            self.tell(Found { file: Some(file), segment: None, finding });
        }
    }
}
