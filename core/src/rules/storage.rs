//! What becomes of a record that has been read: the one rule in which a log is not a queue.
//!
//! Kafka keeps what was read; only retention, `DeleteRecords` and truncation move a log's start.
//! A queue deletes what its reader has acknowledged. Source: `UnifiedLog.maybeIncrementLogStartOffset`.

use crate::ids::Offset;

/// Who may make a record go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StorageRule {
    /// Kafka's: reading and committing change nothing in the log.
    #[default]
    Keep,
    /// A queue's: what one reader has acknowledged is gone for all.
    DeleteOnAcknowledge,
}

/// What a commit does to the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterCommit {
    /// The bookmark is written down; the records stay.
    Stay,
    /// Everything below this goes.
    Delete { below: Offset },
}

/// A reader has committed `committed`: does the log lose records?
#[must_use]
pub fn after_commit(rule: StorageRule, committed: Offset, log_start: Offset, high_watermark: Offset) -> AfterCommit {
    let below = committed.min(high_watermark);
    if rule == StorageRule::DeleteOnAcknowledge && below > log_start {
        return AfterCommit::Delete { below };
    }
    AfterCommit::Stay
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_queue_deletes_and_never_above_the_mark() {
        let after = |rule, committed, start, mark| after_commit(rule, Offset(committed), Offset(start), Offset(mark));
        assert_eq!(after(StorageRule::Keep, 5, 0, 9), AfterCommit::Stay);
        assert_eq!(after(StorageRule::DeleteOnAcknowledge, 5, 0, 9), AfterCommit::Delete { below: Offset(5) });
        assert_eq!(after(StorageRule::DeleteOnAcknowledge, 12, 0, 9), AfterCommit::Delete { below: Offset(9) });
        assert_eq!(after(StorageRule::DeleteOnAcknowledge, 3, 5, 9), AfterCommit::Stay);
    }
}
