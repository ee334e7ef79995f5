//! `retention.jsonl`: a log of segments, and what retention deletes of it (Kafka: `UnifiedLog.deleteOldSegments`).

use super::fields::Fields;
use super::row::Checks;
use crate::ids::Offset;
use crate::rules::log_start::{DeleteRecords, delete_records};
use crate::rules::retention::{Retention, SegmentFacts, segments_to_delete};

/// A segment as the file describes it.
#[derive(Clone, Copy, Default)]
struct Segment {
    base: i64,
    bytes: u64,
    largest_timestamp_ms: Option<i64>,
}

pub(super) fn check(line: &str) -> Checks {
    let mut row = Fields::of_line(line);
    let mut checks = Checks::new(row.take::<String>("id"));
    let mut by = Retention {
        deletes: row.take::<String>("cleanup_policy").split(',').any(|policy| policy == "delete"),
        retention_ms: row.take("retention_ms"),
        retention_bytes: row.take("retention_bytes"),
        now_ms: 0,
        log_start: Offset::ZERO,
        high_watermark: Offset::ZERO,
    };
    let mut segments = vec![Segment::default()];
    let mut log_end = Offset::ZERO;
    for (op, mut step) in row.steps("ops") {
        match op.as_str() {
            "append" => {
                let (timestamp_ms, bytes): (i64, u64) = (step.take("timestamp"), step.take("bytes"));
                step.compare("offset", log_end.0);
                log_end = log_end.plus(step.take("count"));
                if let Some(active) = segments.last_mut() {
                    active.bytes = active.bytes.saturating_add(bytes);
                    active.largest_timestamp_ms = active.largest_timestamp_ms.max(Some(timestamp_ms));
                }
            }
            "roll" => {
                step.compare("base", log_end.0);
                segments.push(Segment { base: log_end.0, ..Segment::default() });
            }
            "high_watermark" => by.high_watermark = Offset(step.take("to")),
            "delete_records" => {
                match delete_records(Offset(step.take("to")), by.log_start, by.high_watermark) {
                    DeleteRecords::StartAt(start) => by.log_start = start,
                    DeleteRecords::Stays => {}
                    DeleteRecords::AboveHighWatermark => step.compare("error", "OFFSET_OUT_OF_RANGE"),
                }
                step.compare("log_start", by.log_start.0);
            }
            "retention" => delete_old_segments(&mut step, &mut segments, &mut by, log_end),
            _ => step.fail("op", "an operation of a log", op),
        }
        if !step.finish(&mut checks) {
            return checks;
        }
    }
    row.finish(&mut checks);
    checks
}

fn delete_old_segments(step: &mut Fields, segments: &mut Vec<Segment>, by: &mut Retention, log_end: Offset) {
    by.now_ms = step.take("now");
    step.compare("log_start_before", by.log_start.0);
    step.compare("hw", by.high_watermark.0);
    step.compare("leo", log_end.0);
    step.compare("segments_before", listed(segments));
    let ends = segments.iter().skip(1).map(|next| next.base).chain([log_end.0]);
    let facts: Vec<SegmentFacts> = segments
        .iter()
        .zip(ends)
        .enumerate()
        .map(|(number, (segment, end))| SegmentFacts {
            end: Offset(end),
            size_bytes: segment.bytes,
            largest_timestamp_ms: segment.largest_timestamp_ms,
            is_active: number + 1 == segments.len(),
        })
        .collect();
    let deleted = segments_to_delete(&facts, *by);
    segments.drain(..deleted);
    if segments.is_empty() {
        segments.push(Segment { base: log_end.0, ..Segment::default() });
    }
    if let Some(oldest) = segments.first() {
        by.log_start = by.log_start.max(Offset(oldest.base));
    }
    step.compare("deleted", deleted);
    step.compare("segments_after", listed(segments));
    step.compare("log_start", by.log_start.0);
    step.compare("hw_after", by.high_watermark.0);
    step.compare("leo_after", log_end.0);
}

fn listed(segments: &[Segment]) -> Vec<(i64, u64, Option<i64>)> {
    segments.iter().map(|segment| (segment.base, segment.bytes, segment.largest_timestamp_ms)).collect()
}
