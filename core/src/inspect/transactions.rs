//! Which transactions of a file were aborted, as far as it has been read. A broker keeps the same in `.txnindex`.

use std::collections::BTreeMap;

use super::batch::{Batch, Content};
use crate::frame::CellKind;
use crate::ids::{Offset, ProducerId};

/// Aborted transactions that are kept; the records of later ones are shown as if theirs had not been aborted.
const ABORTED_MAX: usize = 1 << 16;

#[derive(Clone, Debug, Default)]
pub(super) struct Transactions {
    /// The first offset of each that has no marker yet.
    open: BTreeMap<ProducerId, Offset>,
    /// The first offset, and that of the marker.
    aborted: BTreeMap<ProducerId, Vec<(Offset, Offset)>>,
    kept: usize,
}

impl Transactions {
    /// Notes the next batch of the file.
    pub(super) fn note(&mut self, batch: &Batch) {
        let Content::Batch(header) = &batch.content else { return };
        let (producer, base) = (header.producer_id, header.base_offset);
        if !header.attributes.is_transactional() {
            return;
        }
        if !header.attributes.is_control() {
            self.open.entry(producer).or_insert(base);
            return;
        }
        let mut is_abort = false;
        batch.records(|record| {
            is_abort |= record.kind == CellKind::AbortMarker;
            true
        });
        let first = self.open.remove(&producer);
        if let Some(first) = first.filter(|_| is_abort && self.kept < ABORTED_MAX) {
            self.aborted.entry(producer).or_default().push((first, base));
            self.kept += 1;
        }
    }

    /// Whether a batch's records are skipped by who reads committed ones only.
    pub(super) fn has_aborted(&self, batch: &Batch) -> bool {
        let Content::Batch(header) = &batch.content else { return false };
        let attributes = header.attributes;
        let aborted = self.aborted.get(&header.producer_id).filter(|_| attributes.is_transactional());
        let base = header.base_offset;
        !attributes.is_control() && aborted.is_some_and(|all| all.iter().any(|(from, to)| (from..to).contains(&&base)))
    }
}
