//! `epoch_cache.jsonl`: steps with the entries after each, then questions (Kafka: `LeaderEpochFileCache`).

use super::fields::Fields;
use super::row::Checks;
use crate::ids::{LeaderEpoch, Offset};
use crate::rules::epoch_cache::{EndOffset, EpochCache, end_offset_for_epoch};

pub(super) fn check(line: &str) -> Checks {
    let mut row = Fields::of_line(line);
    let mut checks = Checks::new(row.take::<String>("id"));
    let mut cache = EpochCache::default();
    for (op, mut step) in row.steps("ops") {
        let offset = Offset(step.take("offset"));
        match op.as_str() {
            "assign" => cache.assign(LeaderEpoch(step.take("epoch")), offset),
            "truncate_from_end" => cache.truncate_from_end(offset),
            "truncate_from_start" => cache.truncate_from_start(offset),
            _ => step.fail("op", "an operation of a leader epoch cache", op),
        }
        let entries: Vec<_> = cache.entries().iter().map(|entry| (entry.epoch.0, entry.start.0)).collect();
        step.compare("entries", entries);
        if !step.finish(&mut checks) {
            return checks;
        }
    }
    let log_end = Offset(row.take("leo"));
    row.compare_each("end_offset_for", |asked| {
        let (epoch, end) = match end_offset_for_epoch(cache.entries(), epoch(asked), log_end) {
            EndOffset::LogEnd(end) | EndOffset::BeforeFirst(end) => (asked, end.0),
            EndOffset::NextStarts { epoch, end } => (epoch.0.into(), end.0),
            EndOffset::Undefined => (-1, -1),
        };
        vec![Some(epoch), Some(end)]
    });
    let number = |epoch: Option<LeaderEpoch>| epoch.map(|epoch| epoch.0.into());
    row.compare_each("epoch_for_offset", |asked| vec![number(cache.epoch_for_offset(Offset(asked)))]);
    row.compare_each("prev_next", |asked| {
        vec![number(cache.previous_epoch(epoch(asked))), number(cache.next_epoch(epoch(asked)))]
    });
    row.finish(&mut checks);
    checks
}

/// An epoch of these files fits; one that does not is answered wrongly, and shown.
fn epoch(asked: i64) -> LeaderEpoch {
    LeaderEpoch(i32::try_from(asked).unwrap_or(i32::MAX))
}
