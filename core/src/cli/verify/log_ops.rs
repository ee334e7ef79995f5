//! `log_ops.jsonl`: what can be done to a log, step by step (Kafka: `UnifiedLog`).

use serde_json::json;

use super::fields::Fields;
use super::row::Checks;
use crate::ids::{LeaderEpoch, Offset};
use crate::rules::append::assign_offsets;
use crate::rules::append_check::{AppendCheck, ArrivingRecord, TopicLimits, check_append};
use crate::rules::epoch_cache::{EndOffset, EpochCache, end_offset_for_epoch};
use crate::rules::fetch_size::{Portion, fetch_portion, whole_batches};
use crate::rules::high_watermark::{Learn, Raise, learn_high_watermark, raise_high_watermark};
use crate::rules::list_offsets::{
    Asked, TimedRecord, asked_by_timestamp, earliest_epoch, first_at_or_after, of_max_timestamp,
};
use crate::rules::log_start::{DeleteRecords, delete_records};
use crate::rules::read::{Read, Readable, read_at};
use crate::rules::roll::{ActiveSegment, NextBatch, Roll, should_roll};
use crate::rules::truncate::{Truncate, truncate_to};

/// `message.timestamp.after.max.ms`, which the file does not change.
const TIMESTAMP_AFTER_MAX_MS: i64 = 3_600_000;

#[derive(Clone, Copy)]
struct Batch {
    base: Offset,
    last: Offset,
    bytes: u64,
    /// Of each of its records.
    timestamp_ms: i64,
    epoch: LeaderEpoch,
}

#[derive(Default)]
struct Segment {
    base: Offset,
    batches: Vec<Batch>,
}

impl Segment {
    fn bytes(&self) -> u64 {
        self.batches.iter().map(|batch| batch.bytes).sum()
    }
}

struct Log {
    limits: TopicLimits,
    segment_ms: i64,
    segments: Vec<Segment>,
    epochs: EpochCache,
    log_start: Offset,
    high_watermark: Offset,
    log_end: Offset,
}

pub(super) fn check(line: &str) -> Checks {
    let mut row = Fields::of_line(line);
    let mut checks = Checks::new(row.take::<String>("id"));
    let limits = TopicLimits {
        segment_bytes: row.take("segment_bytes"),
        max_message_bytes: row.take("max_message_bytes"),
        compacted: row.take::<String>("cleanup_policy") == "compact",
        log_append_time: row.take::<String>("timestamp_type") == "LogAppendTime",
        timestamp_after_max_ms: TIMESTAMP_AFTER_MAX_MS,
    };
    let mut log = Log {
        limits,
        segment_ms: row.take("segment_ms"),
        segments: vec![Segment::default()],
        epochs: EpochCache::default(),
        log_start: Offset::ZERO,
        high_watermark: Offset::ZERO,
        log_end: Offset::ZERO,
    };
    for (op, mut step) in row.steps("ops") {
        log.perform(&op, &mut step);
        step.compare("log_start", log.log_start.0);
        step.compare("hw", log.high_watermark.0);
        // Nothing here is transactional.
        step.compare("lso", log.high_watermark.0);
        step.compare("leo", log.log_end.0);
        let epochs: Vec<_> = log.epochs.entries().iter().map(|entry| (entry.epoch.0, entry.start.0)).collect();
        step.compare("epochs", epochs);
        step.compare("segments", log.segments.iter().map(|segment| segment.base.0).collect::<Vec<_>>());
        if !step.finish(&mut checks) {
            return checks;
        }
    }
    row.finish(&mut checks);
    checks
}

impl Log {
    fn perform(&mut self, op: &str, step: &mut Fields) {
        match op {
            "append" => self.append(step),
            "roll" => {
                let _: i64 = step.take("now");
                self.roll();
            }
            "update_high_watermark" => {
                self.learn(Offset(step.take("to")));
                step.compare("answer", self.high_watermark.0);
            }
            "maybe_update_high_watermark" => {
                let learnt = self.learn(Offset(step.take("to")));
                step.compare("answer", (learnt != Learn::Same).then_some(self.high_watermark.0));
            }
            "maybe_increment_high_watermark" => {
                let old = self.high_watermark;
                match raise_high_watermark(old, Offset(step.take("to")), self.log_end) {
                    Raise::To(mark) => {
                        self.high_watermark = mark;
                        step.compare("answer_old", old.0);
                    }
                    Raise::NotHigher => step.compare("answer_old", json!(null)),
                    Raise::AboveLogEnd => step.compare("error", "IllegalArgumentException"),
                }
            }
            "delete_records" => self.delete_records(step),
            "truncate" => self.truncate(step),
            "truncate_fully_and_start_at" => self.start_over(Offset(step.take("to"))),
            "read" => self.read(step),
            "offset_for_timestamp" => self.offset_for_timestamp(step),
            "end_offset_for_epoch" => {
                let asked = LeaderEpoch(step.take("epoch"));
                step.compare(
                    "answer",
                    match end_offset_for_epoch(self.epochs.entries(), asked, self.log_end) {
                        EndOffset::LogEnd(end) | EndOffset::BeforeFirst(end) => Some((asked.0, end.0)),
                        EndOffset::NextStarts { epoch, end } => Some((epoch.0, end.0)),
                        EndOffset::Undefined => None,
                    },
                );
            }
            _ => step.fail("op", "something that can be done to a log", op),
        }
    }

    fn append(&mut self, step: &mut Fields) {
        let (now_ms, count): (i64, u32) = (step.take("now"), step.take("count"));
        let (epoch, bytes) = (LeaderEpoch(step.take("epoch")), step.take("bytes"));
        let sent_ms: i64 = step.take("timestamp");
        // It is the first record that lacks its key.
        let null_key = step.take_if_given("null_key").unwrap_or(false);
        let record = |number| ArrivingRecord { timestamp_ms: sent_ms, has_key: number > 0 || !null_key };
        let records: Vec<_> = (0..count).map(record).collect();
        let error = match check_append(bytes, &records, self.limits, now_ms) {
            AppendCheck::Fits => None,
            AppendCheck::MessageTooLarge => Some("MESSAGE_TOO_LARGE"),
            AppendCheck::NullKey => Some("INVALID_RECORD"),
            AppendCheck::TooFarInTheFuture => Some("INVALID_TIMESTAMP"),
            AppendCheck::LargerThanASegment => Some("RECORD_LIST_TOO_LARGE"),
        };
        step.compare("error", error);
        if error.is_some() {
            return;
        }
        let timestamp_ms = if self.limits.log_append_time { now_ms } else { sent_ms };
        let assigned = assign_offsets(self.log_end, count);
        let (base, last) = (assigned.base, assigned.last);
        let next = NextBatch { size_bytes: bytes, last, max_timestamp_ms: timestamp_ms };
        if should_roll(self.active(), next, self.limits.segment_bytes, self.segment_ms) != Roll::Stay {
            self.roll();
        }
        self.epochs.assign(epoch, base);
        if let Some(active) = self.segments.last_mut() {
            active.batches.push(Batch { base, last, bytes, timestamp_ms, epoch });
        }
        self.log_end = assigned.log_end;
        step.compare("result", "appended");
        step.compare("first_offset", base.0);
        step.compare("last_offset", last.0);
    }

    fn active(&self) -> ActiveSegment {
        let active = self.segments.last();
        ActiveSegment {
            base: active.map_or(self.log_end, |segment| segment.base),
            size_bytes: active.map_or(0, Segment::bytes),
            first_timestamp_ms: active.and_then(|segment| segment.batches.first()).map(|batch| batch.timestamp_ms),
            index_full: false,
        }
    }

    fn roll(&mut self) {
        // An empty active segment is made anew, under the same name.
        self.segments.retain(|segment| segment.base != self.log_end);
        self.segments.push(Segment { base: self.log_end, batches: Vec::new() });
    }

    fn learn(&mut self, told: Offset) -> Learn {
        let learnt = learn_high_watermark(self.high_watermark, told, self.log_start, self.log_end);
        if let Learn::Take(mark) | Learn::UpToLogEnd(mark) = learnt {
            self.high_watermark = mark;
        }
        learnt
    }

    fn delete_records(&mut self, step: &mut Fields) {
        match delete_records(Offset(step.take("to")), self.log_start, self.high_watermark) {
            DeleteRecords::StartAt(start) => {
                self.log_start = start;
                self.epochs.truncate_from_start(start);
                step.compare("answer", true);
            }
            DeleteRecords::Stays => step.compare("answer", false),
            DeleteRecords::AboveHighWatermark => step.compare("error", "OFFSET_OUT_OF_RANGE"),
        }
    }

    fn truncate(&mut self, step: &mut Fields) {
        let to = Offset(step.take("to"));
        let first_base = self.segments.first().map_or(self.log_start, |segment| segment.base);
        let cut = truncate_to(to, first_base, self.log_end);
        match cut {
            Truncate::Nothing => self.epochs.truncate_from_end(self.log_end),
            Truncate::Cut => {
                self.segments.retain(|segment| segment.base <= to);
                self.segments.iter_mut().for_each(|segment| segment.batches.retain(|batch| batch.last < to));
                self.epochs.truncate_from_end(to);
                self.log_end = to;
                self.log_start = self.log_start.min(to);
                self.high_watermark = self.high_watermark.min(to);
            }
            Truncate::StartOver => self.start_over(to),
        }
        step.compare("answer", cut != Truncate::Nothing);
    }

    fn start_over(&mut self, at: Offset) {
        self.segments = vec![Segment { base: at, batches: Vec::new() }];
        self.epochs = EpochCache::default();
        (self.log_start, self.high_watermark, self.log_end) = (at, at, at);
    }

    fn read(&self, step: &mut Fields) {
        let (offset, max_bytes, whole_first) =
            (Offset(step.take("offset")), step.take("max_bytes"), step.take("min_one"));
        let readable_end = match step.take::<String>("isolation").as_str() {
            "LOG_END" => self.log_end,
            _ => self.high_watermark,
        };
        let readable = Readable { log_start: self.log_start, readable_end, log_end: self.log_end };
        let end = match read_at(offset, readable) {
            Read::OutOfRange => return step.compare("error", "OFFSET_OUT_OF_RANGE"),
            Read::NothingYet => None,
            Read::Records { end, .. } => Some(end),
        };
        // The segment that holds the offset, or the first above it that has batches.
        let readable = |batch: &&Batch| batch.last >= offset && end.is_some_and(|end| batch.base < end);
        let batches = self.segments.iter().map(|segment| segment.batches.iter().filter(readable).collect::<Vec<_>>());
        let batches = batches.into_iter().find(|batches| !batches.is_empty()).unwrap_or_default();
        let all = batches.iter().map(|batch| batch.bytes).sum();
        let first = batches.first().map_or(0, |batch| batch.bytes);
        let portion = fetch_portion(all, first, max_bytes, whole_first);
        let (whole, left_bytes) = whole_batches(batches.iter().map(|batch| batch.bytes), portion.bytes());
        let whole = batches.iter().take(whole).map(|batch| (batch.base.0, batch.last.0));
        step.compare("batches", whole.collect::<Vec<_>>());
        step.compare("bytes", portion.bytes());
        step.compare("partial_bytes", left_bytes);
        step.compare("first_incomplete", matches!(portion, Portion::TornFirstBatch(_)));
    }

    fn offset_for_timestamp(&self, step: &mut Fields) {
        const NO_TIMESTAMP: i64 = -1;
        let records = |segment: &Segment| {
            let of = |batch: &Batch| {
                let (timestamp_ms, epoch) = (batch.timestamp_ms, batch.epoch);
                let record = move |offset| TimedRecord { timestamp_ms, offset: Offset(offset), epoch };
                (batch.base.0..=batch.last.0).map(record)
            };
            segment.batches.iter().flat_map(of).collect::<Vec<_>>()
        };
        let segments: Vec<_> = self.segments.iter().map(records).collect();
        let record = |found: TimedRecord| (found.timestamp_ms, found.offset.0, Some(found.epoch.0));
        let entries = self.epochs.entries();
        let asked = asked_by_timestamp(step.take("timestamp"));
        step.compare(
            "answer",
            match asked {
                Asked::Latest => Some((NO_TIMESTAMP, self.log_end.0, entries.last().map(|latest| latest.epoch.0))),
                Asked::Earliest => {
                    let epoch = earliest_epoch(entries, self.log_start).map(|epoch| epoch.0);
                    Some((NO_TIMESTAMP, self.log_start.0, epoch))
                }
                Asked::MaxTimestamp => of_max_timestamp(&segments).map(record),
                Asked::AtOrAfter(timestamp_ms) => {
                    first_at_or_after(&segments, timestamp_ms, self.log_start).map(record)
                }
            },
        );
    }
}
