//! Which transactions of a log were aborted, as far as it has been read: the rows that a broker would write to
//! `.txnindex`.

use std::collections::BTreeMap;

use crate::ids::{Offset, ProducerId};
use crate::inspect::batch::{Batch, Content};
use crate::rules::last_stable_offset::AbortedTxn;

/// Rows that are kept; the records of later ones are shown as if their transactions had not been aborted.
const ABORTED_MAX: usize = 1 << 16;

/// Aborted transactions, by producer and first offset.
#[derive(Clone, Debug, Default)]
pub(in crate::inspect) struct Aborted {
    rows: BTreeMap<(ProducerId, Offset), AbortedTxn>,
}

impl Aborted {
    pub(super) fn note(&mut self, row: AbortedTxn) {
        if self.rows.len() < ABORTED_MAX {
            self.rows.insert((row.producer, row.first_offset), row);
        }
    }

    /// In the order of their markers.
    pub(super) fn by_marker(&self) -> Vec<AbortedTxn> {
        let mut rows: Vec<AbortedTxn> = self.rows.values().copied().collect();
        rows.sort_by_key(|row| row.last_offset);
        rows
    }

    /// Whether a batch's records are skipped by who reads committed ones only.
    pub(in crate::inspect) fn has(&self, batch: &Batch) -> bool {
        let Content::Batch(header) = &batch.content else { return false };
        let attributes = header.attributes;
        attributes.is_transactional()
            && !attributes.is_control()
            && self.has_record(header.producer_id, header.base_offset)
    }

    /// Whether what this producer wrote at an offset, in a transaction, was aborted.
    pub(super) fn has_record(&self, producer: ProducerId, offset: Offset) -> bool {
        let begun = self.rows.range((producer, Offset(i64::MIN))..=(producer, offset)).next_back();
        begun.is_some_and(|(_, row)| offset < row.last_offset)
    }
}
