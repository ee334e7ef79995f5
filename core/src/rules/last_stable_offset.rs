//! Up to where the fate of every transaction is known (Kafka: `ProducerStateManager`, `UnifiedLog.lastStableOffset`,
//! KIP-98).
//!
//! Readers with `read_committed` get what lies below the last stable offset, and no further: one open transaction holds
//! back everything behind its first record, also what has nothing to do with it. A decided one holds them back until
//! its marker is replicated, since it could still be lost.

use std::collections::BTreeMap;

use crate::ids::{Offset, ProducerId};

/// The transactions of a partition that readers wait for, each by its first offset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenTransactions {
    ongoing: BTreeMap<Offset, ProducerId>,
    /// Decided, with the marker's offset at or above the high watermark.
    unreplicated: BTreeMap<Offset, Offset>,
}

/// A row of the transaction index (Kafka: `AbortedTxn`): readers skip what the producer wrote between the offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AbortedTxn {
    pub producer: ProducerId,
    pub first_offset: Offset,
    /// The marker's.
    pub last_offset: Offset,
    /// No reader that begins here or above needs to know of earlier rows.
    pub last_stable_offset: Offset,
}

impl OpenTransactions {
    pub fn begin(&mut self, first: Offset, producer: ProducerId) {
        self.ongoing.insert(first, producer);
    }

    /// A marker at `last` ends the producer's transaction. Says where the last stable offset will be then, at best.
    pub fn complete(&mut self, producer: ProducerId, first: Offset, last: Offset) -> Offset {
        self.ongoing.remove(&first);
        self.unreplicated.insert(first, last);
        let others = self.ongoing.iter().find(|(_, of)| **of != producer);
        others.map_or(last.plus(1), |(first, _)| *first)
    }

    /// Forgets the decided transactions whose markers are below the mark now.
    pub fn high_watermark_updated(&mut self, high_watermark: Offset) {
        self.unreplicated.retain(|_, marker| *marker >= high_watermark);
    }

    /// Nothing decided waits for the mark.
    #[must_use]
    pub fn is_replicated(&self) -> bool {
        self.unreplicated.is_empty()
    }

    /// The first offset of the earliest transaction that is open, or whose marker is not replicated.
    #[must_use]
    pub fn first_unstable_offset(&self) -> Option<Offset> {
        self.ongoing.keys().chain(self.unreplicated.keys()).min().copied()
    }
}

/// What bounds readers with `read_committed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stable {
    /// A transaction whose fate is not known, or not replicated, begins here.
    UpToTransaction(Offset),
    /// The high watermark, as for everybody.
    UpToHighWatermark(Offset),
}

/// Where do committed reads end?
#[must_use]
pub fn last_stable_offset(first_unstable: Option<Offset>, high_watermark: Offset) -> Stable {
    match first_unstable {
        Some(first) if first < high_watermark => Stable::UpToTransaction(first),
        _ => Stable::UpToHighWatermark(high_watermark),
    }
}

impl Stable {
    /// The last stable offset (LSO).
    #[must_use]
    pub fn offset(self) -> Offset {
        match self {
            Stable::UpToTransaction(offset) | Stable::UpToHighWatermark(offset) => offset,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two transactions, of producers 1 from 10 and 2 from 12; 2 ends first.
    #[test]
    fn the_earliest_open_transaction_holds_everybody_back() {
        let mut open = OpenTransactions::default();
        open.begin(Offset(10), ProducerId(1));
        open.begin(Offset(12), ProducerId(2));
        assert_eq!(open.complete(ProducerId(2), Offset(12), Offset(14)), Offset(10));
        assert_eq!(open.complete(ProducerId(1), Offset(10), Offset(16)), Offset(17));
        let stable = |open: &OpenTransactions, mark| last_stable_offset(open.first_unstable_offset(), Offset(mark));
        assert_eq!(stable(&open, 17), Stable::UpToTransaction(Offset(10)));
        open.high_watermark_updated(Offset(16));
        assert_eq!(stable(&open, 16), Stable::UpToTransaction(Offset(10)));
        open.high_watermark_updated(Offset(17));
        assert_eq!(stable(&open, 17), Stable::UpToHighWatermark(Offset(17)));
    }
}
