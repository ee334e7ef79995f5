//! Which transactions of a log were aborted, as far as it has been read. A broker keeps the same in `.txnindex`.

use std::collections::BTreeMap;

use crate::ids::{Offset, ProducerId};
use crate::inspect::batch::{Batch, Content};

/// Aborted transactions that are kept; the records of later ones are shown as if theirs had not been aborted.
const ABORTED_MAX: usize = 1 << 16;

#[derive(Clone, Debug, Default)]
pub(in crate::inspect) struct Transactions {
    /// The first offset of each that has no marker yet.
    open: BTreeMap<ProducerId, Offset>,
    /// The first offset, and that of the marker; ascending.
    aborted: BTreeMap<ProducerId, Vec<(Offset, Offset)>>,
    kept: usize,
}

impl Transactions {
    /// Notes the next batch of the log; of a marker, whether it aborts.
    pub(super) fn note(&mut self, batch: &Batch, aborts: Option<bool>) {
        let Content::Batch(header) = &batch.content else { return };
        let (producer, base) = (header.producer_id, header.base_offset);
        if !header.attributes.is_transactional() {
            return;
        }
        if !header.attributes.is_control() {
            self.open.entry(producer).or_insert(base);
            return;
        }
        let first = self.open.remove(&producer);
        if let Some(first) = first.filter(|_| aborts == Some(true) && self.kept < ABORTED_MAX) {
            self.aborted.entry(producer).or_default().push((first, base));
            self.kept += 1;
        }
    }

    /// The open transactions: who, and since which offset.
    pub(in crate::inspect) fn open(&self) -> impl Iterator<Item = (ProducerId, Offset)> {
        self.open.iter().map(|(producer, first)| (*producer, *first))
    }

    /// Whether a batch's records are skipped by who reads committed ones only.
    pub(in crate::inspect) fn has_aborted(&self, batch: &Batch) -> bool {
        let Content::Batch(header) = &batch.content else { return false };
        let attributes = header.attributes;
        attributes.is_transactional()
            && !attributes.is_control()
            && self.is_aborted(header.producer_id, header.base_offset)
    }

    /// Whether what this producer wrote at an offset, in a transaction, was aborted.
    pub(super) fn is_aborted(&self, producer: ProducerId, offset: Offset) -> bool {
        let Some(aborted) = self.aborted.get(&producer) else { return false };
        // In a broken log they need not ascend, and then some may be missed.
        let begun = aborted.partition_point(|(first, _)| *first <= offset);
        begun.checked_sub(1).and_then(|last| aborted.get(last)).is_some_and(|(_, marker)| offset < *marker)
    }
}
