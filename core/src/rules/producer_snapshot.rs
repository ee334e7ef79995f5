//! How the state of producers survives a restart and a truncation (Kafka: `ProducerStateManager.takeSnapshot`,
//! `UnifiedLog.rebuildProducerState`).
//!
//! The state can be had again from the log, batch by batch; so that not all of it has to be read, a snapshot is written
//! whenever a segment is rolled and at a clean stop. A snapshot keeps one batch of each producer, not five: a duplicate
//! that is older is out of order after a restart.

use super::last_stable_offset::OpenTransactions;
use super::producer_entry::ProducerEntry;
use super::producer_expiry::{Expiry, expiry};
use super::producer_state::{LoggedBatch, ProducerState};
use crate::ids::Offset;

impl ProducerState {
    /// Writes a snapshot, unless nothing has come since the last one.
    pub fn take_snapshot(&mut self) {
        if self.map_end > self.snapshot_end {
            let only_last = |entry: &ProducerEntry| {
                let batches = entry.batches.back().copied().into_iter().collect();
                ProducerEntry { batches, ..entry.clone() }
            };
            let producers = self.producers.iter().map(|(id, entry)| (*id, only_last(entry))).collect();
            self.snapshots.insert(self.map_end, producers);
            self.snapshot_end = self.map_end;
        }
    }

    /// The state of a broker that has just started: snapshots alone. Those that no segment begins at are deleted, but
    /// for the latest, if it is later than the last segment's beginning.
    #[must_use]
    pub fn restarted(&self, segment_bases: &[Offset]) -> ProducerState {
        let mut snapshots = self.snapshots.clone();
        let last_base = segment_bases.iter().max().copied().unwrap_or_default();
        let latest = snapshots.keys().max().copied().filter(|latest| *latest > last_base);
        snapshots.retain(|end, _| segment_bases.contains(end) || Some(*end) == latest);
        ProducerState { snapshots, ..ProducerState::default() }
    }

    /// Makes the state that of a log which ends at `log_end`, from the latest snapshot and the `batches` after it
    /// (Kafka: `UnifiedLog.rebuildProducerState`).
    pub fn rebuild<'a>(
        &mut self,
        batches: impl IntoIterator<Item = &'a LoggedBatch>,
        log_end: Offset,
        now_ms: i64,
        limit_ms: i64,
    ) {
        let nobody = self.producers.is_empty() && self.open.is_replicated() && self.map_end >= log_end;
        self.snapshots.retain(|end, _| *end <= log_end && *end > Offset::ZERO);
        if self.map_end != log_end {
            self.load_latest(now_ms, limit_ms);
        }
        if !nobody {
            let from = self.map_end;
            let missing = |batch: &&LoggedBatch| batch.first_offset >= from && batch.last_offset < log_end;
            for batch in batches.into_iter().filter(missing) {
                self.update(batch);
            }
        }
        self.map_end = log_end;
        self.take_snapshot();
    }

    fn load_latest(&mut self, now_ms: i64, limit_ms: i64) {
        let (end, mut producers) =
            self.snapshots.last_key_value().map(|(end, producers)| (*end, producers.clone())).unwrap_or_default();
        producers.retain(|_, entry| expiry(entry, now_ms, limit_ms) != Expiry::Forget);
        self.open = OpenTransactions::default();
        for (id, entry) in &producers {
            entry.txn_first_offset.into_iter().for_each(|first| self.open.begin(first, *id));
        }
        (self.producers, self.map_end, self.snapshot_end) = (producers, end, end);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{LIMIT_MS, batch, remembered};
    use super::*;

    #[test]
    fn a_restart_leaves_one_batch_of_each_producer() {
        let mut state = ProducerState::default();
        (0..7).for_each(|offset| assert_eq!(state.update(&batch(offset, false)), None));
        state.take_snapshot();
        let mut again = state.restarted(&[Offset(0)]);
        again.rebuild(&[], Offset(7), 8, LIMIT_MS);
        assert_eq!(remembered(&again), [6]);
    }

    #[test]
    fn a_truncated_log_is_read_again_from_the_latest_snapshot() {
        let log: Vec<LoggedBatch> = (0..6).map(|offset| batch(offset, false)).collect();
        let mut state = ProducerState::default();
        for logged in &log {
            if logged.first_offset == Offset(2) {
                state.take_snapshot();
            }
            state.update(logged);
        }
        state.rebuild(&log, Offset(4), 10, LIMIT_MS);
        assert_eq!(remembered(&state), [1, 2, 3]);
    }

    /// Six records, and what is remembered of them up to `log_end` once they were forgotten or not.
    fn rebuilt(forgotten: bool, log_end: i64) -> Vec<i64> {
        let log: Vec<LoggedBatch> = (0..6).map(|offset| batch(offset, false)).collect();
        let mut state = ProducerState::default();
        log.iter().for_each(|logged| assert_eq!(state.update(logged), None));
        if forgotten {
            state.remove_expired(2 * LIMIT_MS, LIMIT_MS);
        } else {
            state.take_snapshot();
        }
        state.rebuild(&log, Offset(log_end), 10, LIMIT_MS);
        remembered(&state)
    }

    #[test]
    fn a_snapshot_from_above_the_log_end_is_not_believed() {
        assert_eq!(rebuilt(false, 3), [0, 1, 2]);
    }

    #[test]
    fn a_state_that_has_forgotten_everybody_reads_nothing_again() {
        assert!(rebuilt(true, 3).is_empty());
    }

    #[test]
    fn a_snapshot_is_written_once_for_a_log_end() {
        let mut state = ProducerState::default();
        state.update(&batch(0, false));
        state.take_snapshot();
        state.remove_expired(2 * LIMIT_MS, LIMIT_MS);
        state.take_snapshot();
        let mut again = state.restarted(&[Offset(0)]);
        again.rebuild(&[], Offset(1), 1, LIMIT_MS);
        assert_eq!(remembered(&again), [0]);
    }
}
