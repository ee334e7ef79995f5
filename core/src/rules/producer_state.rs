//! What a partition remembers of its producers (Kafka: `ProducerStateManager`).
//!
//! Every replica keeps it, from the batches in its log alone. So whoever leads next knows what the last leader knew.

use std::collections::BTreeMap;

use super::last_stable_offset::{AbortedTxn, OpenTransactions};
use super::producer_entry::{ProducerBatch, ProducerEntry};
use super::producer_expiry::{Expiry, expiry};
use super::verification::Verification;
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
    pub(super) snapshots: BTreeMap<Offset, Producers>,
    /// Batches below this are in the state.
    pub(super) map_end: Offset,
    /// The log end of the latest snapshot that was taken or loaded.
    pub(super) snapshot_end: Offset,
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
        let entry = self.producers.entry(batch.producer).or_insert_with(ProducerEntry::unheard_of);
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
}

#[cfg(test)]
mod tests {
    use super::super::testing::{LIMIT_MS, batch, remembered};
    use super::*;

    #[test]
    fn five_batches_are_remembered() {
        let mut state = ProducerState::default();
        (0..7).for_each(|offset| assert_eq!(state.update(&batch(offset, false)), None));
        assert_eq!(remembered(&state), [2, 3, 4, 5, 6]);
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

    #[test]
    fn a_plain_batch_opens_no_transaction() {
        let mut state = ProducerState::default();
        state.update(&batch(0, false));
        assert_eq!(state.open.first_unstable_offset(), None);
        state.update(&batch(1, true));
        state.update(&batch(2, true));
        assert_eq!(state.open.first_unstable_offset(), Some(Offset(1)));
    }

    #[test]
    fn a_verification_waits_for_its_batch_or_expires() {
        let Content::Data(first) = batch(4, true).content else { panic!("a marker") };
        let mut state = ProducerState::default();
        state.begin_verification(ProducerId(7), first, true, 100);
        state.begin_verification(ProducerId(7), ProducerBatch { first_sequence: 3, ..first }, true, 200);
        let expected =
            Verification { since_ms: 100, epoch: ProducerEpoch(0), lowest_sequence: 3, supports_epoch_bump: true };
        assert_eq!(state.verifications.get(&ProducerId(7)), Some(&expected));
        state.remove_expired(149, 50);
        assert_eq!(state.verifications.len(), 1);
        let mut expired = state.clone();
        expired.remove_expired(150, 50);
        assert_eq!(expired.verifications.len(), 0);
        state.update(&batch(4, true));
        assert_eq!(state.verifications.len(), 0);
    }
}
