//! `producer.jsonl`: producers, transactions and markers on one partition, step by step (Kafka: `UnifiedLog`,
//! `ProducerStateManager`, `ProducerAppendInfo`).

use serde_json::{Value, json};

use super::fields::Fields;
use super::row::Checks;
use crate::ids::{Offset, ProducerEpoch, ProducerId};
use crate::rules::end_txn_marker::{MarkerVerdict, check_marker};
use crate::rules::last_stable_offset::{AbortedTxn, last_stable_offset};
use crate::rules::producer_append::{Origin, Verdict, check_batch};
use crate::rules::producer_entry::ProducerBatch;
use crate::rules::producer_state::{Content, LoggedBatch, ProducerState};
use crate::rules::verification::continues_transaction;

/// `producer.id.expiration.ms`.
const EXPIRATION_MS: i64 = 86_400_000;

/// The log that the producers write to.
#[derive(Default)]
struct Log {
    verifies: bool,
    state: ProducerState,
    batches: Vec<LoggedBatch>,
    segment_bases: Vec<Offset>,
    aborted: Vec<AbortedTxn>,
    log_end: Offset,
    high_watermark: Offset,
    /// Looked up at appends and when the mark is updated, not at a truncation below it.
    first_unstable: Option<Offset>,
}

pub(super) fn check(line: &str) -> Checks {
    let mut row = Fields::of_line(line);
    let mut checks = Checks::new(row.take::<String>("id"));
    let mut log = Log { verifies: row.take("verification"), segment_bases: vec![Offset::ZERO], ..Log::default() };
    for (op, mut step) in row.steps("ops") {
        let now_ms: i64 = step.take("time");
        log.perform(&op, &mut step, now_ms);
        if matches!(op.as_str(), "restart" | "truncate" | "expire") {
            step.compare("state", log.listed());
        }
        step.compare("leo", log.log_end.0);
        step.compare("hw", log.high_watermark.0);
        step.compare("first_unstable", log.first_unstable.map(|offset| offset.0));
        step.compare("lso", last_stable_offset(log.first_unstable, log.high_watermark).offset().0);
        if !step.finish(&mut checks) {
            return checks;
        }
    }
    row.compare("state", log.listed());
    let aborted = |row: &AbortedTxn| [row.producer.0, row.first_offset.0, row.last_offset.0, row.last_stable_offset.0];
    row.compare("aborted", log.aborted.iter().map(aborted).collect::<Vec<_>>());
    row.finish(&mut checks);
    checks
}

impl Log {
    fn perform(&mut self, op: &str, step: &mut Fields, now_ms: i64) {
        match op {
            "append" => self.append(step, now_ms),
            "marker" => self.append_marker(step, now_ms),
            "high_watermark" => self.update_high_watermark(Offset(step.take("to"))),
            "roll" => {
                if self.segment_bases.last() != Some(&self.log_end) {
                    self.segment_bases.push(self.log_end);
                }
                self.state.take_snapshot();
            }
            "restart" => {
                self.state.take_snapshot();
                self.state = self.state.restarted(&self.segment_bases);
                self.state.rebuild(&self.batches, self.log_end, now_ms, EXPIRATION_MS);
                self.update_high_watermark(self.high_watermark);
            }
            "truncate" => self.truncate(Offset(step.take("to")), now_ms),
            "expire" => {
                let _: i64 = step.take("advance_ms");
                self.state.remove_expired(step.take("now"), EXPIRATION_MS);
            }
            _ => step.fail("op", "something that happens to a log with producers", op),
        }
    }

    fn update_high_watermark(&mut self, to: Offset) {
        self.high_watermark = to.clamp(Offset::ZERO, self.log_end);
        self.state.open.high_watermark_updated(self.high_watermark);
        self.first_unstable = self.state.open.first_unstable_offset();
    }

    fn truncate(&mut self, to: Offset, now_ms: i64) {
        if to >= self.log_end {
            return;
        }
        self.log_end = to;
        self.batches.retain(|batch| batch.last_offset < to);
        self.segment_bases.retain(|base| *base <= to);
        self.aborted.retain(|row| row.last_offset < to);
        self.state.rebuild(&self.batches, to, now_ms, EXPIRATION_MS);
        if self.high_watermark >= to {
            self.update_high_watermark(to);
        }
    }

    fn append(&mut self, step: &mut Fields, now_ms: i64) {
        let producer = ProducerId(step.take("pid"));
        let batch = ProducerBatch {
            epoch: ProducerEpoch(step.take("epoch")),
            first_sequence: step.take("first_seq"),
            last_sequence: step.take("last_seq"),
            transactional: step.take("txn"),
        };
        let (count, origin): (i64, _) = (step.take("count"), origin(step));
        let asked: Option<String> = step.take_if_given("verified");
        let bumps = asked.as_ref().is_some_and(|asked| asked == "tv2");
        let guarded = asked.is_some_and(|asked| asked != "no");
        if guarded && !continues_transaction(self.state.producers.get(&producer), batch) {
            self.state.begin_verification(producer, batch, bumps, now_ms);
        }
        let verification = self.state.verifications.get(&producer).copied();
        let entry = self.state.producers.get(&producer);
        let result = match check_batch(entry, batch, origin, verification, guarded || !self.verifies) {
            Verdict::Append => {
                self.write(step, producer, count, now_ms, Content::Data(batch));
                "appended"
            }
            Verdict::Duplicate(cached) => {
                step.compare("first_offset", cached.first_offset.0);
                step.compare("last_offset", cached.last_offset.0);
                "duplicate"
            }
            Verdict::InvalidProducerEpoch => "INVALID_PRODUCER_EPOCH",
            Verdict::NotVerified | Verdict::NotTransactional => "INVALID_TXN_STATE",
            Verdict::OutOfOrderSequence => "OUT_OF_ORDER_SEQUENCE_NUMBER",
        };
        step.compare("result", result);
    }

    fn append_marker(&mut self, step: &mut Fields, now_ms: i64) {
        let producer = ProducerId(step.take("pid"));
        let (epoch, coordinator_epoch) = (ProducerEpoch(step.take("epoch")), step.take("coordinator_epoch"));
        let (version, origin) = (step.take("transaction_version"), origin(step));
        let aborts = step.take::<String>("type") == "ABORT";
        let entry = self.state.producers.get(&producer);
        let result = match check_marker(entry, epoch, coordinator_epoch, version, origin) {
            MarkerVerdict::Append => {
                self.write(step, producer, 1, now_ms, Content::Marker { epoch, coordinator_epoch, aborts });
                "appended"
            }
            MarkerVerdict::InvalidProducerEpoch => "INVALID_PRODUCER_EPOCH",
            MarkerVerdict::CoordinatorFenced => "TRANSACTION_COORDINATOR_FENCED",
        };
        step.compare("result", result);
    }

    fn write(&mut self, step: &mut Fields, producer: ProducerId, count: i64, timestamp_ms: i64, content: Content) {
        let (first_offset, last_offset) = (self.log_end, self.log_end.plus(count - 1));
        step.compare("first_offset", first_offset.0);
        step.compare("last_offset", last_offset.0);
        let batch = LoggedBatch { producer, first_offset, last_offset, timestamp_ms, content };
        self.aborted.extend(self.state.update(&batch));
        self.batches.push(batch);
        self.log_end = last_offset.plus(1);
        self.first_unstable = self.state.open.first_unstable_offset();
    }

    fn listed(&self) -> Value {
        let listed = self.state.producers.iter().map(|(id, entry)| {
            let batches = entry.batches.iter().map(|cached| {
                json!([cached.first_sequence, cached.last_sequence, cached.first_offset.0, cached.last_offset.0])
            });
            json!({
                "pid": id.0,
                "epoch": entry.epoch.0,
                "coordinator_epoch": entry.coordinator_epoch,
                "txn_first_offset": entry.txn_first_offset.map(|offset| offset.0),
                "batches": batches.collect::<Vec<_>>(),
            })
        });
        listed.collect()
    }
}

fn origin(step: &mut Fields) -> Origin {
    match step.take::<String>("origin").as_str() {
        "CLIENT" => Origin::Client,
        "COORDINATOR" => Origin::Coordinator,
        "REPLICATION" => Origin::Replication,
        other => {
            step.fail("origin", "an origin of appends", other);
            Origin::Client
        }
    }
}
