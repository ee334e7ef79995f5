//! What retention deletes (RET; Kafka: `UnifiedLog.deleteOldSegments`).

use kafka_lab::ids::Offset;
use kafka_lab::rules::log_start::{DeleteRecords, delete_records};
use kafka_lab::rules::retention::{Retention, SegmentFacts, segments_to_delete};

const RECORD_BYTES: u64 = 70;
const NOW_MS: i64 = 1_700_000_000_000;

/// Records of time 10, five to a segment, all committed; nothing expires yet.
fn log(records: i64) -> (Vec<SegmentFacts>, Retention) {
    let segment = |end: i64| SegmentFacts {
        end: Offset(end),
        size_bytes: 5 * RECORD_BYTES,
        largest_timestamp_ms: Some(10),
        is_active: end == records,
    };
    let segments = (5..=records).step_by(5).map(segment).collect();
    let by = Retention {
        deletes: true,
        retention_ms: -1,
        retention_bytes: -1,
        now_ms: NOW_MS,
        log_start: Offset(0),
        high_watermark: Offset(records),
    };
    (segments, by)
}

/// How many segments the log has afterwards, and where it starts. There is always an active one.
fn after(segments: &[SegmentFacts], by: Retention) -> (usize, Offset) {
    let deleted = segments_to_delete(segments, by);
    let starts_at = deleted.checked_sub(1).map_or(Offset(0), |last| segments[last].end);
    ((segments.len() - deleted).max(1), by.log_start.max(starts_at))
}

#[test]
fn ret_01_by_size() {
    let (segments, by) = log(15);
    let ten_records = i64::try_from(10 * RECORD_BYTES).expect("small");
    assert_eq!(after(&segments, Retention { retention_bytes: ten_records, ..by }).0, 2);
}

#[test]
fn ret_02_by_time_the_active_one_too() {
    let (segments, by) = log(15);
    assert_eq!(after(&segments, Retention { retention_ms: 10_000, ..by }), (1, Offset(15)));
}

#[test]
fn ret_04_nothing_that_is_not_committed() {
    let (segments, by) = log(100);
    let by = Retention { retention_ms: 1, high_watermark: Offset(0), ..by };
    assert_eq!((segments_to_delete(&segments, by), after(&segments, by).1), (0, Offset(0)));
}

#[test]
fn ret_05_never_above_the_high_watermark() {
    let (segments, by) = log(100);
    for mark in 0..=100 {
        let by = Retention { retention_ms: 1, high_watermark: Offset(mark), ..by };
        let (left, log_start) = after(&segments, by);
        assert_eq!(log_start, Offset(mark - mark % 5), "mark {mark}");
        assert_eq!(segments_to_delete(&segments, by) == segments.len(), mark == 100);
        assert!(mark < 100 || left == 1);
    }
}

#[test]
fn ret_06_below_the_log_start() {
    let (segments, mut by) = log(15);
    for (to, left) in [(1, 3), (6, 2), (15, 1)] {
        let DeleteRecords::StartAt(start) = delete_records(Offset(to), by.log_start, by.high_watermark) else {
            panic!("{to} is committed")
        };
        by.log_start = start;
        assert_eq!(after(&segments, by).0, left, "log start {to}");
    }
}
