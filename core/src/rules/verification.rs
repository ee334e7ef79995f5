//! Is the partition known to be in the producer's transaction? (Kafka: `VerificationStateEntry`, KIP-890.)
//!
//! A batch that waited in the network while its transaction ended would begin one that nobody ends. So before the first
//! batch of a transaction the leader asks the coordinator, and remembers that it has.

use super::producer_entry::{ProducerBatch, ProducerEntry};
use crate::ids::ProducerEpoch;

/// Made when the transaction coordinator is asked whether the partition is in the producer's transaction, until a
/// batch of it is appended (KIP-890).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verification {
    pub since_ms: i64,
    pub epoch: ProducerEpoch,
    /// The first batch to arrive need not be the first of the transaction: none may be appended before this one.
    pub lowest_sequence: i32,
    /// The producer takes a new epoch for each transaction, so each begins with sequence 0.
    pub supports_epoch_bump: bool,
}

impl Verification {
    /// After another batch that waits for the coordinator.
    #[must_use]
    pub fn and(self, epoch: ProducerEpoch, first_sequence: i32) -> Verification {
        let lowest_sequence = match epoch.cmp(&self.epoch) {
            std::cmp::Ordering::Less => self.lowest_sequence,
            std::cmp::Ordering::Equal => self.lowest_sequence.min(first_sequence),
            std::cmp::Ordering::Greater => first_sequence,
        };
        Verification { epoch: self.epoch.max(epoch), lowest_sequence, ..self }
    }
}

/// The producer's transaction is open here, in the batch's epoch. Then the coordinator need not be asked.
#[must_use]
pub fn continues_transaction(entry: Option<&ProducerEntry>, batch: ProducerBatch) -> bool {
    entry.is_some_and(|entry| entry.txn_first_offset.is_some() && entry.epoch == batch.epoch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Offset;

    #[test]
    fn the_lowest_sequence_of_the_newest_epoch_is_kept() {
        let first =
            Verification { since_ms: 5, epoch: ProducerEpoch(3), lowest_sequence: 4, supports_epoch_bump: true };
        let after = |epoch, sequence| {
            let and = first.and(ProducerEpoch(epoch), sequence);
            (and.epoch.0, and.lowest_sequence)
        };
        assert_eq!([after(3, 2), after(3, 6)], [(3, 2), (3, 4)]);
        assert_eq!([after(2, 0), after(4, 9)], [(3, 4), (4, 9)]);
        assert_eq!((first.and(ProducerEpoch(4), 9).since_ms, first.supports_epoch_bump), (5, true));
    }

    #[test]
    fn an_open_transaction_of_the_same_epoch_goes_on() {
        let batch = ProducerBatch { epoch: ProducerEpoch(3), first_sequence: 0, last_sequence: 0, transactional: true };
        let entry = |epoch, txn_first_offset| ProducerEntry {
            epoch: ProducerEpoch(epoch),
            txn_first_offset,
            ..ProducerEntry::unheard_of()
        };
        assert!(continues_transaction(Some(&entry(3, Some(Offset(7)))), batch));
        assert!(!continues_transaction(Some(&entry(2, Some(Offset(7)))), batch));
        assert!(!continues_transaction(Some(&entry(3, None)), batch));
        assert!(!continues_transaction(None, batch));
    }
}
