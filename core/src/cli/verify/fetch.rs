//! `fetch.jsonl`: a leader's log, and what fetches of it are answered (Kafka: Fetch, OffsetForLeaderEpoch).

use bytes::Bytes;

use super::fields::Fields;
use super::row::Checks;
use crate::ids::{LeaderEpoch, Offset, ProducerEpoch, ProducerId};
use crate::log::{SegmentFiles, collect_aborted};
use crate::rules::epoch_cache::EpochCache;
use crate::rules::fetch_answer::{FetchAnswer, FetchRequest, FetchedLog, Reader, fetch_answer};
use crate::rules::fetch_error::FetchError;
use crate::rules::fetch_size::{fetch_portion, whole_batches};
use crate::rules::last_stable_offset::last_stable_offset;
use crate::rules::offset_for_leader_epoch::{LeaderAnswer, offset_for_leader_epoch};
use crate::rules::producer_entry::ProducerBatch;
use crate::rules::producer_state::{Content, LoggedBatch, ProducerState};
use crate::rules::truncation_rule::TruncationRule;

/// In a row: base and last offset, leader epoch, producer, `txn`, `COMMIT`, `ABORT` or nothing, and bytes.
type BatchRow = (i64, i64, i32, String, String, u64);

const NO_PRODUCER: &str = "-";
/// Of an offset or an epoch that is not given.
const NONE: i32 = -1;

#[derive(Clone, Copy)]
struct Batch {
    base: Offset,
    last: Offset,
    bytes: u64,
}

struct Log {
    leader_epoch: LeaderEpoch,
    epochs: EpochCache,
    /// Ascending; of each the transactions whose `ABORT` is in it.
    segments: Vec<SegmentFiles>,
    batches: Vec<Batch>,
    log_start: Offset,
    last_stable_offset: Offset,
    high_watermark: Offset,
    log_end: Offset,
}

pub(super) fn check(line: &str) -> Checks {
    let mut row = Fields::of_line(line);
    let mut checks = Checks::new(format!("log {}", row.take::<i64>("log")));
    // Its segments are given.
    let _: bool = row.take("small_segments");
    let log = log(&mut row);
    row.compare("lso", log.last_stable_offset.0);
    row.compare_each("epoch_ends", |asked| {
        let asked = LeaderEpoch(i32::try_from(asked).unwrap_or(i32::MAX));
        let (epoch, end) =
            match offset_for_leader_epoch(TruncationRule::Kip320, log.epochs.entries(), asked, log.log_end) {
                LeaderAnswer::Ends { epoch, end } => (epoch.0, end.0),
                LeaderAnswer::EndsAt(end) => (NONE, end.0),
                LeaderAnswer::Undefined => (NONE, NONE.into()),
            };
        vec![Some(epoch.into()), Some(end)]
    });
    for (_, mut step) in row.steps("fetches") {
        log.fetch(&mut step);
        step.finish(&mut checks);
    }
    row.finish(&mut checks);
    checks
}

fn log(row: &mut Fields) -> Log {
    let rows: Vec<BatchRow> = row.take("batches");
    let (leader_epoch, log_start) = (LeaderEpoch(row.take("leader_epoch")), Offset(row.take("log_start")));
    let high_watermark = Offset(row.take("hw"));
    let segment = |base| SegmentFiles { base_offset: Offset(base), log: Bytes::new(), aborted: Vec::new() };
    let mut segments: Vec<SegmentFiles> = row.take::<Vec<i64>>("segments").into_iter().map(segment).collect();
    let (mut epochs, mut producers) = (EpochCache::default(), ProducerState::default());
    for (base, last, epoch, producer, kind, _) in &rows {
        epochs.assign(LeaderEpoch(*epoch), Offset(*base));
        let aborted = logged(producer, kind, *base, *last).and_then(|batch| producers.update(&batch));
        let of_batch = segments.iter_mut().rev().find(|segment| segment.base_offset.0 <= *base);
        if let (Some(aborted), Some(segment)) = (aborted, of_batch) {
            segment.aborted.push(aborted);
        }
    }
    let batches: Vec<Batch> = rows
        .iter()
        .map(|(base, last, _, _, _, bytes)| Batch { base: Offset(*base), last: Offset(*last), bytes: *bytes })
        .collect();
    let log_end = batches.last().map_or(log_start, |batch| batch.last.plus(1));
    epochs.assign(leader_epoch, log_end);
    epochs.truncate_from_start(log_start);
    producers.open.high_watermark_updated(high_watermark);
    let first_unstable = producers.open.first_unstable_offset().map(|first| first.max(log_start));
    let last_stable_offset = last_stable_offset(first_unstable, high_watermark).offset();
    Log { leader_epoch, epochs, segments, batches, log_start, last_stable_offset, high_watermark, log_end }
}

/// A batch of a producer, as far as transactions go by it; the file does not say its epoch and sequences.
fn logged(producer: &str, kind: &str, base: i64, last: i64) -> Option<LoggedBatch> {
    let epoch = ProducerEpoch(0);
    let marker = |aborts| Content::Marker { epoch, coordinator_epoch: 0, aborts };
    let content = match kind {
        "COMMIT" => marker(false),
        "ABORT" => marker(true),
        _ => {
            let transactional = kind == "txn";
            Content::Data(ProducerBatch { epoch, first_sequence: 0, last_sequence: 0, transactional })
        }
    };
    Some(LoggedBatch {
        producer: ProducerId(producer.trim_start_matches('p').parse().ok().filter(|_| producer != NO_PRODUCER)?),
        first_offset: Offset(base),
        last_offset: Offset(last),
        timestamp_ms: 0,
        content,
    })
}

impl Log {
    fn fetch(&self, step: &mut Fields) {
        let request = request(step);
        let max_bytes: u64 = step.take("max_bytes");
        // The topic has one partition.
        let is_known = step.take::<i32>("partition") == 0;
        let answer = is_known.then(|| fetch_answer(self.as_fetched(), request));
        let error = answer.map_or(Some(FetchError::UnknownTopicOrPartition), |answer| FetchError::of(answer, request));
        let (diverging, readable_end) = match answer {
            Some(FetchAnswer::Diverging { epoch, end }) => (Some((epoch.0, end.0)), None),
            Some(FetchAnswer::Records { end, .. }) => (None, Some(end)),
            _ => (None, None),
        };
        let told = |offset: Offset| if error.is_none() { offset.0 } else { NONE.into() };
        step.compare("error", error.map_or("NONE", name));
        step.compare("hw", told(self.high_watermark));
        step.compare("lso", told(self.last_stable_offset));
        step.compare("log_start", told(self.log_start));
        step.compare("diverging", diverging);
        self.compare_records(step, request, readable_end, max_bytes);
    }

    fn as_fetched(&self) -> FetchedLog<'_> {
        FetchedLog {
            leader_epoch: self.leader_epoch,
            epochs: self.epochs.entries(),
            log_start: self.log_start,
            last_stable_offset: self.last_stable_offset,
            high_watermark: self.high_watermark,
            log_end: self.log_end,
        }
    }

    /// What comes of the batches below `readable_end`; none if nothing is read.
    fn compare_records(&self, step: &mut Fields, fetch: FetchRequest, readable_end: Option<Offset>, max_bytes: u64) {
        let segment_end = self.segments.iter().map(|segment| segment.base_offset).find(|base| *base > fetch.offset);
        let segment_end = segment_end.unwrap_or(self.log_end);
        let end = readable_end.map(|end| end.min(segment_end));
        let is_read = |batch: &&Batch| batch.last >= fetch.offset && end.is_some_and(|end| batch.base < end);
        let batches: Vec<&Batch> = self.batches.iter().filter(is_read).collect();
        let readable = batches.iter().map(|batch| batch.bytes).sum();
        let portion = fetch_portion(readable, batches.first().map_or(0, |batch| batch.bytes), max_bytes, true);
        let (whole, cut_bytes) = whole_batches(batches.iter().map(|batch| batch.bytes), portion.bytes());
        let whole: Vec<_> = batches.iter().take(whole).map(|batch| (batch.base.0, batch.last.0)).collect();
        let aborted = match fetch.reader {
            Reader::ReadCommitted if readable_end.is_some() => {
                collect_aborted(&self.segments, fetch.offset, segment_end)
            }
            _ => Vec::new(),
        };
        let aborted: Vec<_> = aborted.iter().map(|row| (format!("p{}", row.producer), row.first_offset.0)).collect();
        step.compare("batches", whole);
        step.compare("bytes", portion.bytes());
        step.compare("cut_bytes", (cut_bytes > 0).then_some(cut_bytes));
        step.compare("aborted", aborted);
    }
}

fn request(step: &mut Fields) -> FetchRequest {
    let mut epoch = |name| Some(LeaderEpoch(step.take(name))).filter(|epoch| epoch.0 > NONE);
    let (leader_epoch, last_fetched) = (epoch("current_leader_epoch"), epoch("last_fetched_epoch"));
    let reader = if step.take("read_committed") { Reader::ReadCommitted } else { Reader::ReadUncommitted };
    FetchRequest { offset: Offset(step.take("offset")), leader_epoch, last_fetched, reader }
}

fn name(error: FetchError) -> &'static str {
    match error {
        FetchError::OffsetOutOfRange => "OFFSET_OUT_OF_RANGE",
        FetchError::UnknownTopicOrPartition => "UNKNOWN_TOPIC_OR_PARTITION",
        FetchError::NotLeaderOrFollower => "NOT_LEADER_OR_FOLLOWER",
        FetchError::FencedLeaderEpoch => "FENCED_LEADER_EPOCH",
        FetchError::UnknownLeaderEpoch => "UNKNOWN_LEADER_EPOCH",
        FetchError::NoAnswer => "NETWORK_EXCEPTION",
    }
}
