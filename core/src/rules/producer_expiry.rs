//! When a partition forgets a producer (Kafka: `ProducerStateManager.isProducerExpired`, `producer.id.expiration.ms`).
//!
//! What is remembered of producers is in memory, on every replica, and most of them never come back.

use super::producer_entry::ProducerEntry;

/// Whether a producer is forgotten.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Offset;

    #[test]
    fn silence_ends_it_at_the_limit_unless_a_transaction_is_open() {
        let silent = ProducerEntry { last_timestamp_ms: 100, ..ProducerEntry::unheard_of() };
        assert_eq!([expiry(&silent, 149, 50), expiry(&silent, 150, 50)], [Expiry::Active, Expiry::Forget]);
        let open = ProducerEntry { txn_first_offset: Some(Offset(3)), ..silent };
        assert_eq!(expiry(&open, 900, 50), Expiry::InTransaction);
    }
}
