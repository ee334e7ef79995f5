//! A folder as tables.

use std::collections::BTreeSet;

use super::answer::{EpochRow, Outcome, ProducerRow, SegmentRow, SideView, TransactionRow};
use super::reading::{Folder, Segment};
use super::snapshots::sequence_of;
use crate::ids::ProducerId;

/// Rows of a kind that an overview has.
const ROWS_MAX: usize = 500;

impl Folder {
    pub(in crate::inspect) fn view(&self) -> SideView {
        let [high_watermark, log_start, last_stable] = self.marks();
        let mut left_out = self.history.left_out + self.history.snapshots.left_out;
        let mut first = |rows: usize| left_out += rows.saturating_sub(ROWS_MAX) as u64;
        let segments = self.segments.iter().map(|segment| self.segment_row(segment)).collect::<Vec<_>>();
        let epochs = self.epoch_rows();
        let open = self.history.open().map(|(producer, first)| TransactionRow {
            producer: producer.0,
            first,
            last: None,
            outcome: Outcome::Open,
        });
        let mut transactions: Vec<TransactionRow> = self.history.ended.iter().copied().chain(open).collect();
        transactions.sort_by_key(|row| row.first);
        let producers = self.producer_rows();
        [segments.len(), epochs.len(), transactions.len(), producers.len()].into_iter().for_each(&mut first);
        SideView {
            name: self.name.clone(),
            totals: self.totals(),
            segment_count: self.segments.len() as u64,
            size_bytes: self.segments.iter().filter_map(|s| self.files.get(s.file)).map(|file| file.size_bytes).sum(),
            segments: segments.into_iter().take(ROWS_MAX).collect(),
            epochs: epochs.into_iter().take(ROWS_MAX).collect(),
            transactions: transactions.into_iter().take(ROWS_MAX).collect(),
            producers: producers.into_iter().take(ROWS_MAX).collect(),
            snapshot_at: self.history.snapshots.latest().map(|snapshot| snapshot.at),
            log_start,
            recovery_point: self.beside.recovery_point.map(|(_, point)| point),
            high_watermark,
            last_stable,
            log_end: self.history.log_end,
            passed_over: self.passed_over.clone(),
            left_out,
        }
    }

    fn segment_row(&self, segment: &Segment) -> SegmentRow {
        let totals = segment.inspector.totals();
        let [offsets, times] = segment.checks.entries();
        let [has_offsets, has_times] = segment.indexes.map(|file| file.is_some());
        SegmentRow {
            name: self.file_name(Some(segment.file)).to_owned(),
            size_bytes: self.files.get(segment.file).map_or(0, |file| file.size_bytes),
            batches: totals.batches,
            records: totals.records,
            offsets: totals.offsets,
            entries: [has_offsets.then_some(offsets), has_times.then_some(times)],
        }
    }

    fn epoch_rows(&self) -> Vec<EpochRow> {
        let entries = self.beside.epochs.as_ref().map_or(&[][..], |(_, entries)| entries);
        let mut rows: Vec<EpochRow> = (self.history.epochs.iter())
            .map(|run| EpochRow { epoch: run.epoch.0, offsets: Some((run.first, run.last)), checkpoint: None })
            .collect();
        for entry in entries {
            match rows.iter_mut().find(|row| row.epoch == entry.epoch.0) {
                Some(row) => row.checkpoint = Some(entry.start),
                None => rows.push(EpochRow { epoch: entry.epoch.0, offsets: None, checkpoint: Some(entry.start) }),
            }
        }
        rows.sort_by_key(|row| row.epoch);
        rows
    }

    fn producer_rows(&self) -> Vec<ProducerRow> {
        let known = self.history.snapshots.latest();
        let ids: BTreeSet<ProducerId> = (self.history.producers.producers.keys())
            .chain(known.iter().flat_map(|snapshot| snapshot.producers.keys()))
            .copied()
            .collect();
        let row = |producer: ProducerId| {
            let snapshot = known.and_then(|snapshot| snapshot.producers.get(&producer));
            let log = self.history.producers.producers.get(&producer);
            ProducerRow {
                producer: producer.0,
                log: sequence_of(&self.history.producers, producer),
                snapshot: snapshot.map(|remembered| remembered.sequence),
                timestamp_ms: log
                    .map(|entry| entry.last_timestamp_ms)
                    .or(snapshot.map(|r| r.timestamp_ms))
                    .unwrap_or(-1),
                open_since: log.and_then(|e| e.txn_first_offset).or(snapshot.and_then(|r| r.open_since)),
            }
        };
        ids.into_iter().map(row).collect()
    }
}
