//! Which offset belongs to a time (Kafka: `UnifiedLog.fetchOffsetByTimestamp`, ListOffsets, KIP-79, KIP-734).
//!
//! Timestamps need not ascend with offsets. So the answer is the first record that is of the time or later; records
//! behind it may be earlier.

use super::epoch_cache::EpochEntry;
use crate::ids::{LeaderEpoch, Offset};

/// What ListOffsets asks for, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// −1: the log end, for a consumer the mark.
    Latest,
    /// −2: the log start.
    Earliest,
    /// −3: the record with the largest timestamp, the first if there are several.
    MaxTimestamp,
    /// The first record of this time or later, in milliseconds.
    AtOrAfter(i64),
}

/// Reads the number. Other negative ones ask about tiered storage, which is not modelled.
#[must_use]
pub fn asked_by_timestamp(timestamp_ms: i64) -> Asked {
    match timestamp_ms {
        -1 => Asked::Latest,
        -2 => Asked::Earliest,
        -3 => Asked::MaxTimestamp,
        timestamp_ms => Asked::AtOrAfter(timestamp_ms),
    }
}

/// The epoch that goes with the log start, if the log knows it.
#[must_use]
pub fn earliest_epoch(entries: &[EpochEntry], log_start: Offset) -> Option<LeaderEpoch> {
    entries.first().filter(|first| first.start <= log_start).map(|first| first.epoch)
}

/// A record, as time look-ups see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimedRecord {
    pub timestamp_ms: i64,
    pub offset: Offset,
    pub epoch: LeaderEpoch,
}

/// The first record of `timestamp_ms` or later, from the log start on. It is looked for in one segment only: the first
/// that has such a record. If that one lies below the log start, there is no answer.
#[must_use]
pub fn first_at_or_after(segments: &[Vec<TimedRecord>], timestamp_ms: i64, log_start: Offset) -> Option<TimedRecord> {
    let late = |record: &&TimedRecord| record.timestamp_ms >= timestamp_ms;
    let segment = segments.iter().find(|segment| segment.iter().any(|record| late(&record)))?;
    segment.iter().filter(late).find(|record| record.offset >= log_start).copied()
}

/// The first of the records with the largest timestamp.
#[must_use]
pub fn of_max_timestamp(segments: &[Vec<TimedRecord>]) -> Option<TimedRecord> {
    let larger = |largest: TimedRecord, record: &TimedRecord| {
        if record.timestamp_ms > largest.timestamp_ms { *record } else { largest }
    };
    let mut records = segments.iter().flatten();
    let first = records.next()?;
    Some(records.fold(*first, larger))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_record_of_the_time_or_later() {
        let record = |offset, timestamp_ms| TimedRecord { timestamp_ms, offset: Offset(offset), epoch: LeaderEpoch(0) };
        let segments = [vec![record(0, 10), record(1, 30)], vec![record(2, 20), record(3, 30), record(4, 40)]];
        let at = |time, log_start| first_at_or_after(&segments, time, Offset(log_start)).map(|found| found.offset.0);
        assert_eq!([at(20, 0), at(31, 0), at(41, 0)], [Some(1), Some(4), None]);
        assert_eq!([at(20, 2), at(31, 3)], [None, Some(4)]);
        assert_eq!(of_max_timestamp(&segments[..1]).map(|found| found.offset.0), Some(1));
    }
}
