//! What a partition remembers of its producers, and how that survives a restart (Kafka: `ProducerStateManager`).
//!
//! The state can be had again from the log, batch by batch; so that not all of it has to be read, a snapshot is written
//! whenever a segment is rolled and at a clean stop. A snapshot keeps one batch of each producer, not five: a duplicate
//! that is older is out of order after a restart.

use std::collections::BTreeMap;

use super::last_stable_offset::{AbortedTxn, OpenTransactions};
use super::producer_append::{BATCHES_TO_RETAIN, CachedBatch, ProducerBatch, ProducerEntry, Verification};
use crate::ids::{Offset, ProducerEpoch, ProducerId};

/// A batch of a producer as it stands in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoggedBatch {
    pub producer: ProducerId,
    pub first_offset: Offset,
    pub last_offset: Offset,
    pub timestamp_ms: i64,
    pub content: Content,
}

/// What a batch says of its producer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    Data(ProducerBatch),
    Marker { epoch: ProducerEpoch, coordinator_epoch: i32, aborts: bool },
}

type Producers = BTreeMap<ProducerId, ProducerEntry>;

/// The producers of one partition.
#[derive(Clone, Debug, Default)]
pub struct ProducerState {
    pub producers: Producers,
    pub open: OpenTransactions,
    pub verifications: BTreeMap<ProducerId, Verification>,
    /// On disk, by the log end that they were taken at.
    snapshots: BTreeMap<Offset, Producers>,
    /// Batches below this are in the state.
    map_end: Offset,
    /// The log end of the latest snapshot that was taken or loaded.
    snapshot_end: Offset,
}

/// Whether a producer is forgotten. Source: `ProducerStateManager.isProducerExpired`, `producer.id.expiration.ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    Forget,
    /// It has written lately.
    Active,
    /// It may be silent for long: its transaction has to end first.
    InTransaction,
}

/// Has the producer been silent for as long as `limit_ms`?
#[must_use]
pub fn expiry(entry: &ProducerEntry, now_ms: i64, limit_ms: i64) -> Expiry {
    if entry.txn_first_offset.is_some() {
        Expiry::InTransaction
    } else if now_ms.saturating_sub(entry.last_timestamp_ms) < limit_ms {
        Expiry::Active
    } else {
        Expiry::Forget
    }
}

impl ProducerState {
    /// Notes that the coordinator is asked about the transaction of a batch.
    pub fn begin_verification(&mut self, producer: ProducerId, batch: ProducerBatch, bumps: bool, now_ms: i64) {
        let new = Verification {
            since_ms: now_ms,
            epoch: batch.epoch,
            lowest_sequence: batch.first_sequence,
            supports_epoch_bump: bumps,
        };
        let known = self.verifications.entry(producer).or_insert(new);
        *known = known.and(batch.epoch, batch.first_sequence);
    }

    /// Takes a batch that was appended, or that is read again. Gives the row of the transaction index that it makes.
    pub fn update(&mut self, batch: &LoggedBatch) -> Option<AbortedTxn> {
        let entry = self.producers.entry(batch.producer).or_insert_with(|| ProducerEntry {
            epoch: ProducerEpoch::NONE,
            coordinator_epoch: -1,
            last_timestamp_ms: -1,
            txn_first_offset: None,
            batches: Default::default(),
        });
        entry.last_timestamp_ms = batch.timestamp_ms;
        self.map_end = batch.last_offset.plus(1);
        match batch.content {
            Content::Data(data) => {
                entry.remember(data, batch.first_offset, batch.last_offset);
                if data.transactional {
                    self.verifications.remove(&batch.producer);
                }
                if data.transactional && entry.txn_first_offset.is_none() {
                    entry.txn_first_offset = Some(batch.first_offset);
                    self.open.begin(batch.first_offset, batch.producer);
                }
                None
            }
            Content::Marker { epoch, coordinator_epoch, aborts } => {
                entry.change_epoch(epoch);
                entry.coordinator_epoch = coordinator_epoch;
                self.verifications.remove(&batch.producer);
                let first_offset = entry.txn_first_offset.take()?;
                let last_stable_offset = self.open.complete(batch.producer, first_offset, batch.last_offset);
                let (producer, last_offset) = (batch.producer, batch.last_offset);
                aborts.then_some(AbortedTxn { producer, first_offset, last_offset, last_stable_offset })
            }
        }
    }

    /// Forgets producers, and verifications that came to nothing.
    pub fn remove_expired(&mut self, now_ms: i64, limit_ms: i64) {
        self.producers.retain(|_, entry| expiry(entry, now_ms, limit_ms) != Expiry::Forget);
        self.verifications.retain(|_, verification| now_ms.saturating_sub(verification.since_ms) < limit_ms);
    }

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

impl ProducerEntry {
    fn remember(&mut self, data: ProducerBatch, first_offset: Offset, last_offset: Offset) {
        self.change_epoch(data.epoch);
        if self.batches.len() == BATCHES_TO_RETAIN {
            self.batches.pop_front();
        }
        let (first_sequence, last_sequence) = (data.first_sequence, data.last_sequence);
        self.batches.push_back(CachedBatch { first_sequence, last_sequence, first_offset, last_offset });
    }

    /// Sequences begin anew with an epoch. A replicated batch may even take it back.
    fn change_epoch(&mut self, epoch: ProducerEpoch) {
        if self.epoch != epoch {
            self.epoch = epoch;
            self.batches.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT_MS: i64 = 86_400_000;

    /// One record of producer 7 at each offset.
    fn batch(offset: i64, transactional: bool) -> LoggedBatch {
        let sequence = i32::try_from(offset).expect("small");
        LoggedBatch {
            producer: ProducerId(7),
            first_offset: Offset(offset),
            last_offset: Offset(offset),
            timestamp_ms: offset,
            content: Content::Data(ProducerBatch {
                epoch: ProducerEpoch(0),
                first_sequence: sequence,
                last_sequence: sequence,
                transactional,
            }),
        }
    }

    fn remembered(state: &ProducerState) -> Vec<i64> {
        let batches = state.producers.values().flat_map(|entry| &entry.batches);
        batches.map(|cached| cached.first_offset.0).collect()
    }

    #[test]
    fn five_batches_are_remembered_and_one_after_a_restart() {
        let mut state = ProducerState::default();
        (0..7).for_each(|offset| assert_eq!(state.update(&batch(offset, false)), None));
        assert_eq!(remembered(&state), [2, 3, 4, 5, 6]);
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

    #[test]
    fn a_day_of_silence_ends_it_unless_a_transaction_is_open() {
        let mut state = ProducerState::default();
        state.update(&batch(0, true));
        state.remove_expired(LIMIT_MS, LIMIT_MS);
        assert_eq!(remembered(&state), [0]);
        let marker = Content::Marker { epoch: ProducerEpoch(0), coordinator_epoch: 0, aborts: true };
        let aborted = state.update(&LoggedBatch { content: marker, ..batch(1, true) });
        assert_eq!(aborted.map(|row| (row.first_offset, row.last_stable_offset)), Some((Offset(0), Offset(2))));
        state.remove_expired(LIMIT_MS, LIMIT_MS);
        assert_eq!(remembered(&state), [0]);
        state.remove_expired(LIMIT_MS + 1, LIMIT_MS);
        assert!(state.producers.is_empty());
    }
}
