//! May this marker end a transaction? (Kafka: `ProducerAppendInfo.appendEndTxnMarker`, KIP-98, KIP-890.)
//!
//! A transaction ends on each of its partitions with a marker that its coordinator writes. A marker that comes late, of
//! an older transaction or from a coordinator that was replaced, must not end a newer one.

use super::producer_append::Origin;
use super::producer_entry::ProducerEntry;
use crate::ids::ProducerEpoch;

/// What becomes of a transaction's marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkerVerdict {
    /// It ends the producer's transaction, if there is one.
    Append,
    /// `INVALID_PRODUCER_EPOCH`: it belongs to an older transaction.
    InvalidProducerEpoch,
    /// `TRANSACTION_COORDINATOR_FENCED`: written by a coordinator that has been replaced.
    CoordinatorFenced,
}

/// Judges a marker. With version 2 of transactions each ends with a new epoch, so a marker's epoch is greater than what
/// the partition knows; an equal one is the marker sent again.
#[must_use]
pub fn check_marker(
    entry: Option<&ProducerEntry>,
    epoch: ProducerEpoch,
    coordinator_epoch: i32,
    transaction_version: i8,
    origin: Origin,
) -> MarkerVerdict {
    let entry = entry.filter(|_| origin != Origin::Replication);
    let is_old = |entry: &ProducerEntry| {
        let must_be_new = transaction_version >= 2 && entry.txn_first_offset.is_some();
        epoch < entry.epoch || must_be_new && epoch == entry.epoch
    };
    if entry.is_some_and(is_old) {
        MarkerVerdict::InvalidProducerEpoch
    } else if entry.is_some_and(|entry| coordinator_epoch < entry.coordinator_epoch) {
        MarkerVerdict::CoordinatorFenced
    } else {
        MarkerVerdict::Append
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Offset;

    /// Of a producer with epoch 3, whose last marker was written by coordinator epoch 6.
    fn check(open: bool, epoch: i16, coordinator_epoch: i32, transaction_version: i8) -> MarkerVerdict {
        let entry = ProducerEntry {
            epoch: ProducerEpoch(3),
            coordinator_epoch: 6,
            last_timestamp_ms: 0,
            txn_first_offset: open.then_some(Offset(10)),
            batches: [].into(),
        };
        check_marker(Some(&entry), ProducerEpoch(epoch), coordinator_epoch, transaction_version, Origin::Coordinator)
    }

    #[test]
    fn a_late_marker_is_fenced() {
        assert_eq!(check(true, 2, 6, 1), MarkerVerdict::InvalidProducerEpoch);
        assert_eq!(check(true, 3, 5, 1), MarkerVerdict::CoordinatorFenced);
        assert_eq!(check(true, 3, 6, 1), MarkerVerdict::Append);
    }

    #[test]
    fn with_version_two_an_equal_epoch_is_the_same_marker_again() {
        assert_eq!(check(true, 4, 6, 2), MarkerVerdict::Append);
        assert_eq!(check(true, 3, 6, 2), MarkerVerdict::InvalidProducerEpoch);
        assert_eq!(check(false, 3, 6, 2), MarkerVerdict::Append);
    }
}
