//! May this batch of this producer be appended? (Kafka: `ProducerAppendInfo`; KIP-98, KIP-360, KIP-890.)
//!
//! A producer with an id numbers its records, for each partition, from 0 on. The partition remembers the last batches:
//! what comes again is answered and not appended, what leaves a gap is refused. The producer's epoch tells one
//! incarnation of it from the next, which fences it.

use super::producer_entry::{CachedBatch, ProducerBatch, ProducerEntry};
use super::verification::{Verification, continues_transaction};

/// From where something is appended. What is replicated, the leader has judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Client,
    Coordinator,
    Replication,
}

/// What becomes of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Append,
    /// It is there already: the answer is a success, with the offsets that it has.
    Duplicate(CachedBatch),
    /// `INVALID_PRODUCER_EPOCH`: a newer incarnation of the producer has written.
    InvalidProducerEpoch,
    /// `INVALID_TXN_STATE`: nobody knows that this partition is in the producer's transaction.
    NotVerified,
    /// `OUT_OF_ORDER_SEQUENCE_NUMBER`: something before it is missing.
    OutOfOrderSequence,
    /// `INVALID_TXN_STATE`: a plain batch amid a transaction of the same producer.
    NotTransactional,
}

/// Judges a batch. `verification` is what a transactional batch needs where brokers verify; `None` where they do not
/// or need not. `verified` is whether it has been asked for on behalf of this batch.
#[must_use]
pub fn check_batch(
    entry: Option<&ProducerEntry>,
    batch: ProducerBatch,
    origin: Origin,
    verification: Option<Verification>,
    verified: bool,
) -> Verdict {
    let from_client = origin == Origin::Client;
    let open = entry.is_some_and(|entry| entry.txn_first_offset.is_some());
    if let Some(cached) = entry.and_then(|entry| entry.duplicate_of(batch)).filter(|_| from_client) {
        Verdict::Duplicate(cached)
    } else if from_client && entry.is_some_and(|entry| batch.epoch < entry.epoch) {
        Verdict::InvalidProducerEpoch
    } else if from_client && batch.transactional && !verified && !continues_transaction(entry, batch) {
        Verdict::NotVerified
    } else if from_client && !is_in_sequence(entry, batch, verification) {
        Verdict::OutOfOrderSequence
    } else if open && !batch.transactional {
        Verdict::NotTransactional
    } else {
        Verdict::Append
    }
}

/// Whether the batch is the next one of its producer, as far as the partition can know.
fn is_in_sequence(entry: Option<&ProducerEntry>, batch: ProducerBatch, verification: Option<Verification>) -> bool {
    let first = batch.first_sequence;
    let last = entry.and_then(|entry| entry.batches.back()).map(|cached| cached.last_sequence);
    let fits_verification = verification.is_none_or(|verification| {
        let begins = verification.supports_epoch_bump && last.is_none();
        first <= verification.lowest_sequence && (first == 0 || !begins)
    });
    fits_verification
        && match entry {
            // Of an unknown producer any sequence is taken: retention may have deleted what came before.
            None => true,
            Some(entry) if entry.epoch != batch.epoch => first == 0,
            // One more than the last one; 0 after none, and after the greatest.
            Some(_) => last.and_then(|last| last.checked_add(1)).unwrap_or(0) == first,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{Offset, ProducerEpoch};

    fn batch(epoch: i16, first_sequence: i32) -> ProducerBatch {
        let last_sequence = first_sequence.wrapping_add(1) & i32::MAX;
        ProducerBatch { epoch: ProducerEpoch(epoch), first_sequence, last_sequence, transactional: false }
    }

    /// Epoch 3, with sequences 0 and 1 at offsets 10 and 11.
    fn entry(txn_first_offset: Option<Offset>) -> ProducerEntry {
        let cached =
            CachedBatch { first_sequence: 0, last_sequence: 1, first_offset: Offset(10), last_offset: Offset(11) };
        ProducerEntry {
            epoch: ProducerEpoch(3),
            coordinator_epoch: 6,
            last_timestamp_ms: 0,
            txn_first_offset,
            batches: [cached].into(),
        }
    }

    fn check(entry: &ProducerEntry, batch: ProducerBatch) -> Verdict {
        check_batch(Some(entry), batch, Origin::Client, None, true)
    }

    #[test]
    fn again_next_gap_and_epochs() {
        let entry = entry(None);
        assert!(matches!(check(&entry, batch(3, 0)), Verdict::Duplicate(cached) if cached.first_offset == Offset(10)));
        assert_eq!(check(&entry, batch(3, 2)), Verdict::Append);
        assert_eq!(check(&entry, batch(3, 3)), Verdict::OutOfOrderSequence);
        assert_eq!(check(&entry, batch(2, 2)), Verdict::InvalidProducerEpoch);
        assert_eq!(
            [check(&entry, batch(4, 0)), check(&entry, batch(4, 2))],
            [Verdict::Append, Verdict::OutOfOrderSequence]
        );
        assert_eq!(check_batch(None, batch(3, 9), Origin::Client, None, true), Verdict::Append);
    }

    #[test]
    fn sequences_begin_again_after_the_greatest() {
        let mut entry = entry(None);
        entry.batches[0].last_sequence = i32::MAX;
        assert_eq!(check(&entry, batch(3, 0)), Verdict::Append);
    }

    #[test]
    fn a_transaction_is_verified_before_its_first_batch() {
        let transactional = ProducerBatch { transactional: true, ..batch(3, 2) };
        let unasked = |entry: &ProducerEntry| check_batch(Some(entry), transactional, Origin::Client, None, false);
        assert_eq!(unasked(&entry(None)), Verdict::NotVerified);
        assert_eq!(unasked(&entry(Some(Offset(10)))), Verdict::Append);
        assert_eq!(check(&entry(Some(Offset(10))), batch(3, 2)), Verdict::NotTransactional);
    }

    #[test]
    fn nothing_comes_before_what_was_verified_first() {
        let verification = |lowest_sequence, supports_epoch_bump| {
            Some(Verification { since_ms: 0, epoch: ProducerEpoch(3), lowest_sequence, supports_epoch_bump })
        };
        let unknown = |sequence, verification| {
            let transactional = ProducerBatch { transactional: true, ..batch(3, sequence) };
            check_batch(None, transactional, Origin::Client, verification, true)
        };
        assert_eq!([unknown(4, verification(4, false)), unknown(0, verification(4, true))], [Verdict::Append; 2]);
        assert_eq!(unknown(5, verification(4, false)), Verdict::OutOfOrderSequence);
        assert_eq!(unknown(4, verification(4, true)), Verdict::OutOfOrderSequence, "each transaction begins with 0");
        let next = ProducerBatch { transactional: true, ..batch(3, 2) };
        let known = |verification| check_batch(Some(&entry(None)), next, Origin::Client, verification, true);
        assert_eq!(known(verification(2, true)), Verdict::Append);
        assert_eq!(known(verification(1, false)), Verdict::OutOfOrderSequence);
    }

    #[test]
    fn what_is_replicated_the_leader_has_judged() {
        let replicated = |batch| check_batch(Some(&entry(None)), batch, Origin::Replication, None, false);
        assert_eq!([replicated(batch(3, 0)), replicated(batch(2, 9))], [Verdict::Append; 2]);
        assert_eq!(replicated(ProducerBatch { transactional: true, ..batch(3, 9) }), Verdict::Append);
    }
}
