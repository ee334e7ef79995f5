//! Where a log starts (Kafka: `Partition.deleteRecordsOnLeader`, `UnifiedLog.maybeIncrementLogStartOffset`, KIP-107).
//!
//! The log start only ever goes up: by `DeleteRecords`, or because retention deleted what was below. Reading does not
//! move it. Records below it can't be read any more, though their segment may still be there.

use crate::ids::Offset;

/// What `DeleteRecords` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeleteRecords {
    /// The log starts here from now on.
    StartAt(Offset),
    /// It starts there or above already.
    Stays,
    /// `OFFSET_OUT_OF_RANGE`: what is not committed can't be deleted.
    AboveHighWatermark,
}

/// May the log start at `to`?
#[must_use]
pub fn delete_records(to: Offset, log_start: Offset, high_watermark: Offset) -> DeleteRecords {
    if to > high_watermark {
        DeleteRecords::AboveHighWatermark
    } else if to > log_start {
        DeleteRecords::StartAt(to)
    } else {
        DeleteRecords::Stays
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn up_to_the_mark_and_never_back() {
        let to = |to| delete_records(Offset(to), Offset(4), Offset(9));
        assert_eq!(to(9), DeleteRecords::StartAt(Offset(9)));
        assert_eq!(to(10), DeleteRecords::AboveHighWatermark);
        assert_eq!([to(4), to(1)], [DeleteRecords::Stays; 2]);
    }
}
