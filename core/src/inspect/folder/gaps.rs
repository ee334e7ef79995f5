//! Why an offset is missing: what the rest of the folder says of it.

use crate::ids::Offset;
use crate::inspect::finding::Why;
use crate::rules::last_stable_offset::AbortedTxn;

/// What was seen that explains gaps.
#[derive(Clone, Debug, Default)]
pub(super) struct Signs {
    /// A batch that has fewer records than offsets, none at all, or a delete horizon: only the cleaner makes these.
    pub(super) is_thinned: bool,
    /// Up to where the broker's checkpoint says that it was compacted.
    pub(super) cleaned_to: Option<Offset>,
    /// Transactions that were aborted, by the index beside the log.
    pub(super) aborted: Vec<AbortedTxn>,
    /// Abort markers of transactions that have no record left.
    pub(super) lone_aborts: Vec<Offset>,
}

impl Signs {
    /// Why the offsets from `first` to `last` are not there.
    pub(super) fn why(&self, first: Offset, last: Offset) -> Why {
        let was_cleaned = self.is_thinned || self.cleaned_to.is_some_and(|to| to > first);
        let aborted = self.aborted.iter().find(|txn| txn.first_offset <= first && last <= txn.last_offset);
        if let Some(txn) = aborted {
            return Why::Aborted { marker: txn.last_offset };
        }
        let next = last.plus(1);
        if was_cleaned && self.lone_aborts.binary_search(&next).is_ok() {
            return Why::Aborted { marker: next };
        }
        match self.cleaned_to {
            Some(to) if to > first => Why::CleanedTo { to },
            _ if was_cleaned => Why::Thinned,
            _ => Why::NoSign,
        }
    }
}
