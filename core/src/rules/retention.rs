//! Which segments a log deletes because they are old, or because there is too much (Kafka:
//! `UnifiedLog.deleteOldSegments`).
//!
//! Whole segments go, oldest first, and nothing behind the first that stays. So data lives longer than `retention.ms`
//! says, and `retention.bytes` is what the log keeps at least. Who has read what plays no part.

use crate::ids::Offset;

/// What retention knows of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentFacts {
    /// The next segment's base offset; for the active one, the last, the log end.
    pub end: Offset,
    pub size_bytes: u64,
    /// The largest timestamp of its records, in milliseconds; none if it is empty.
    pub largest_timestamp_ms: Option<i64>,
    pub is_active: bool,
}

/// The settings, and where the log stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// `cleanup.policy` has `delete` in it.
    pub deletes: bool,
    /// `retention.ms`; negative for ever.
    pub retention_ms: i64,
    /// `retention.bytes`; negative for any size.
    pub retention_bytes: i64,
    pub now_ms: i64,
    pub log_start: Offset,
    pub high_watermark: Offset,
}

/// What becomes of the oldest segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All of it lies below the log start: `DeleteRecords` has moved that.
    BelowLogStart,
    /// Even its newest record is older than `retention.ms`.
    TooOld,
    /// Without it the log still has `retention.bytes`.
    TooLarge,
    /// It has offsets that are not committed yet, and the log may not start above the high watermark.
    NotCommitted,
    /// There is always an active segment; an empty one need not be replaced.
    ActiveAndEmpty,
    /// No setting asks for it to go.
    Kept,
}

impl Verdict {
    /// Does the segment go?
    #[must_use]
    pub fn deletes(self) -> bool {
        matches!(self, Verdict::BelowLogStart | Verdict::TooOld | Verdict::TooLarge)
    }
}

/// Judges the oldest segment of a log of `log_bytes`, all segments counted.
#[must_use]
pub fn judge_segment(segment: SegmentFacts, log_bytes: u64, by: Retention) -> Verdict {
    // What would be left, and what has to be: both fit, or the size asks for nothing.
    let left_bytes = log_bytes.checked_sub(segment.size_bytes);
    let keep_bytes = u64::try_from(by.retention_bytes).ok();
    if segment.end > by.high_watermark {
        Verdict::NotCommitted
    } else if segment.is_active && segment.size_bytes == 0 {
        Verdict::ActiveAndEmpty
    } else if !segment.is_active && segment.end <= by.log_start {
        Verdict::BelowLogStart
    } else if by.deletes && left_bytes.zip(keep_bytes).is_some_and(|(left, keep)| left >= keep) {
        Verdict::TooLarge
    } else if by.deletes && is_too_old(segment, by) {
        Verdict::TooOld
    } else {
        Verdict::Kept
    }
}

/// A record of just `retention.ms` is not too old.
fn is_too_old(segment: SegmentFacts, by: Retention) -> bool {
    let age_ms = segment.largest_timestamp_ms.map(|newest_ms| by.now_ms.saturating_sub(newest_ms));
    by.retention_ms >= 0 && age_ms.is_some_and(|age_ms| age_ms > by.retention_ms)
}

/// How many of the segments go, oldest first. If that is all of them, the log gets a new active one at its end.
#[must_use]
pub fn segments_to_delete(segments: &[SegmentFacts], by: Retention) -> usize {
    let mut log_bytes = segments.iter().map(|segment| segment.size_bytes).sum();
    let goes = |segment: &&SegmentFacts| {
        let deletes = judge_segment(**segment, log_bytes, by).deletes();
        log_bytes -= if deletes { segment.size_bytes } else { 0 };
        deletes
    };
    segments.iter().take_while(goes).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEVER: Retention = Retention {
        deletes: true,
        retention_ms: -1,
        retention_bytes: -1,
        now_ms: 10_000,
        log_start: Offset(0),
        high_watermark: Offset(15),
    };

    /// Three segments of five records and 100 bytes, the last one active.
    fn log() -> Vec<SegmentFacts> {
        let segment = |number: i64| SegmentFacts {
            end: Offset(number * 5),
            size_bytes: 100,
            largest_timestamp_ms: Some(number * 1000),
            is_active: number == 3,
        };
        (1..=3).map(segment).collect()
    }

    #[test]
    fn time_is_strict_and_takes_the_active_segment_too() {
        let after = |retention_ms| segments_to_delete(&log(), Retention { retention_ms, ..NEVER });
        assert_eq!([after(9_000), after(8_999), after(7_000), after(6_999), after(-1)], [0, 1, 2, 3, 0]);
    }

    #[test]
    fn at_least_retention_bytes_stay() {
        let after = |retention_bytes| segments_to_delete(&log(), Retention { retention_bytes, ..NEVER });
        assert_eq!([after(201), after(200), after(101), after(0), after(-1)], [0, 1, 1, 3, 0]);
    }

    #[test]
    fn a_young_segment_keeps_the_older_ones_behind_it() {
        let mut log = log();
        log[0].largest_timestamp_ms = Some(9_999);
        assert_eq!(segments_to_delete(&log, Retention { retention_ms: 100, ..NEVER }), 0);
    }

    #[test]
    fn nothing_above_the_mark_goes_and_below_the_log_start_even_compacted_logs_delete() {
        let old = Retention { retention_ms: 0, high_watermark: Offset(9), ..NEVER };
        assert_eq!(segments_to_delete(&log(), old), 1);
        let compacted = Retention { deletes: false, retention_ms: 0, log_start: Offset(12), ..NEVER };
        assert_eq!(segments_to_delete(&log(), compacted), 2);
    }
}
