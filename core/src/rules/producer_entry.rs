//! What a partition remembers of one producer (Kafka: `ProducerStateEntry`, KIP-98).
//!
//! Its epoch, its open transaction, and its last batches: enough to know a batch that comes again, and which one comes
//! next.

use std::collections::VecDeque;

use crate::ids::{Offset, ProducerEpoch};

/// How many batches a partition remembers of a producer: as many as may be in flight
/// (`max.in.flight.requests.per.connection`).
pub const BATCHES_TO_RETAIN: usize = 5;

/// A batch that was appended. Sequences go on with 0 after 2³¹ − 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CachedBatch {
    pub first_sequence: i32,
    pub last_sequence: i32,
    pub first_offset: Offset,
    pub last_offset: Offset,
}

/// What a partition knows of a producer id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProducerEntry {
    pub epoch: ProducerEpoch,
    /// The epoch of the transaction coordinator that wrote the last marker; −1 before the first.
    pub coordinator_epoch: i32,
    pub last_timestamp_ms: i64,
    /// Where its open transaction begins.
    pub txn_first_offset: Option<Offset>,
    /// Of this epoch, the oldest first, [`BATCHES_TO_RETAIN`] at most.
    pub batches: VecDeque<CachedBatch>,
}

/// A batch that a producer sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProducerBatch {
    pub epoch: ProducerEpoch,
    pub first_sequence: i32,
    pub last_sequence: i32,
    pub transactional: bool,
}

impl ProducerEntry {
    /// A producer of which nothing has come yet.
    #[must_use]
    pub fn unheard_of() -> ProducerEntry {
        ProducerEntry {
            epoch: ProducerEpoch::NONE,
            coordinator_epoch: -1,
            last_timestamp_ms: -1,
            txn_first_offset: None,
            batches: VecDeque::new(),
        }
    }

    /// The remembered batch of the same epoch and sequences.
    #[must_use]
    pub fn duplicate_of(&self, batch: ProducerBatch) -> Option<CachedBatch> {
        let sequences = (batch.first_sequence, batch.last_sequence);
        let same = |cached: &&CachedBatch| (cached.first_sequence, cached.last_sequence) == sequences;
        self.batches.iter().find(same).filter(|_| self.epoch == batch.epoch).copied()
    }

    /// Takes a batch that was appended; the oldest one that is remembered makes room for it.
    pub fn remember(&mut self, data: ProducerBatch, first_offset: Offset, last_offset: Offset) {
        self.change_epoch(data.epoch);
        if self.batches.len() == BATCHES_TO_RETAIN {
            self.batches.pop_front();
        }
        let (first_sequence, last_sequence) = (data.first_sequence, data.last_sequence);
        self.batches.push_back(CachedBatch { first_sequence, last_sequence, first_offset, last_offset });
    }

    /// Sequences begin anew with an epoch. A replicated batch may even take it back.
    pub fn change_epoch(&mut self, epoch: ProducerEpoch) {
        if self.epoch != epoch {
            self.epoch = epoch;
            self.batches.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two records a batch, from this sequence on.
    fn batch(epoch: i16, first_sequence: i32) -> ProducerBatch {
        let last_sequence = first_sequence + 1;
        ProducerBatch { epoch: ProducerEpoch(epoch), first_sequence, last_sequence, transactional: false }
    }

    fn remembered(epoch: i16, batches: i32) -> ProducerEntry {
        let mut entry = ProducerEntry::unheard_of();
        for number in 0..batches {
            let first = Offset(10 + 2 * i64::from(number));
            entry.remember(batch(epoch, 2 * number), first, first.plus(1));
        }
        entry
    }

    #[test]
    fn a_duplicate_has_the_same_epoch_and_both_sequences() {
        let entry = remembered(3, 6);
        let found = |batch| entry.duplicate_of(batch).map(|cached| cached.first_offset.0);
        assert_eq!([found(batch(3, 0)), found(batch(3, 2)), found(batch(3, 10))], [None, Some(12), Some(20)]);
        assert_eq!([found(batch(2, 2)), found(batch(4, 2)), found(batch(3, 3))], [None; 3]);
        assert_eq!(found(ProducerBatch { last_sequence: 2, ..batch(3, 2) }), None);
    }

    #[test]
    fn a_new_epoch_forgets_the_batches_of_the_old_one() {
        let mut entry = remembered(3, 2);
        entry.change_epoch(ProducerEpoch(3));
        assert_eq!(entry.batches.len(), 2);
        entry.remember(batch(4, 0), Offset(30), Offset(31));
        assert_eq!((entry.epoch, entry.batches.len()), (ProducerEpoch(4), 1));
    }

    #[test]
    fn of_an_unheard_of_producer_every_number_is_none() {
        let entry = ProducerEntry::unheard_of();
        assert_eq!((entry.epoch, entry.coordinator_epoch, entry.last_timestamp_ms), (ProducerEpoch::NONE, -1, -1));
    }
}
