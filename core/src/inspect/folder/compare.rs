//! Two logs of one partition, aligned by offset: a leader and a follower, or one log before and after a cleaning.

use std::collections::BTreeMap;

use super::history::{EpochRun, Row};
use crate::files::Uuid;
use crate::frame::CellKind;
use crate::ids::{LeaderEpoch, Offset};
use crate::inspect::finding::{Lack, Relation};
use crate::rules::epoch_cache::EpochEntry;
use crate::rules::offset_for_leader_epoch::{LeaderAnswer, offset_for_leader_epoch};
use crate::rules::truncation::{TruncationPoint, truncation_point};
use crate::rules::truncation_rule::TruncationRule;

/// One log: its records in order of offset, and the runs of its leader epochs.
#[derive(Clone, Copy, Debug)]
pub(in crate::inspect) struct Log<'a> {
    pub(in crate::inspect) rows: &'a [Row],
    pub(in crate::inspect) epochs: &'a [EpochRun],
    /// Where it begins on disk. Retention deletes old segments of each replica by itself.
    pub(in crate::inspect) start: Offset,
    /// The first record that was not kept, where there were too many.
    pub(in crate::inspect) full_at: Option<Offset>,
    pub(in crate::inspect) topic_id: Option<Uuid>,
}

impl Log<'_> {
    /// The last offset below this one that has a record; of a log whose records were not all kept, the one before.
    pub(in crate::inspect) fn last_below(&self, offset: Offset) -> Option<Offset> {
        if self.full_at.is_some_and(|full| full < offset) {
            return Some(Offset(offset.0 - 1));
        }
        let below = self.rows.partition_point(|row| row.offset < offset);
        Some(self.rows.get(below.checked_sub(1)?)?.offset)
    }
}

/// What became of the comparison.
#[derive(Clone, Debug, Default)]
pub(in crate::inspect) struct Comparison {
    pub(in crate::inspect) relation: Option<Relation>,
    /// The offsets that were compared: from where both begin on disk, up to where all records were kept.
    pub(in crate::inspect) within: Option<(Offset, Option<Offset>)>,
    /// Offsets of either log that are not the same in the other, ascending.
    pub(in crate::inspect) differs: [Vec<Offset>; 2],
}

/// Goes through both at once.
pub(in crate::inspect) fn compare(logs: [Log<'_>; 2]) -> Comparison {
    if let [Some(a), Some(b)] = logs.map(|log| log.topic_id)
        && a != b
    {
        return Comparison { relation: Some(Relation::OtherTopic), ..Comparison::default() };
    }
    let start = logs.map(|log| log.start).into_iter().max().unwrap_or_default();
    let limit = logs.iter().filter_map(|log| log.full_at).min();
    let logs = logs.map(|log| {
        let from = log.rows.partition_point(|row| row.offset < start);
        let to = log.rows.partition_point(|row| limit.is_none_or(|limit| row.offset < limit));
        Log { rows: log.rows.get(from..to).unwrap_or_default(), ..log }
    });
    let [a, b] = logs;
    let mut differs = [Vec::new(), Vec::new()];
    let (mut same, mut first_unlike) = (0_u64, None);
    let (mut at_a, mut at_b) = (0, 0);
    loop {
        match (a.rows.get(at_a), b.rows.get(at_b)) {
            (None, None) => break,
            (Some(left), Some(right)) if left.offset == right.offset => {
                if left.digest == right.digest {
                    same += 1;
                } else {
                    first_unlike = first_unlike.or(Some(left.offset));
                    differs[0].push(left.offset);
                    differs[1].push(left.offset);
                }
                at_a += 1;
                at_b += 1;
            }
            (Some(left), right) if right.is_none_or(|right| left.offset < right.offset) => {
                differs[0].push(left.offset);
                at_a += 1;
            }
            (_, Some(right)) => {
                differs[1].push(right.offset);
                at_b += 1;
            }
            (Some(_), None) => break,
        }
    }
    let relation = relation(logs, &differs, same, first_unlike);
    let is_part = limit.is_some() || a.start != b.start;
    Comparison { relation, within: is_part.then_some((start, limit)), differs }
}

fn relation(
    logs: [Log<'_>; 2],
    differs: &[Vec<Offset>; 2],
    same: u64,
    first_unlike: Option<Offset>,
) -> Option<Relation> {
    let ends = logs.map(|log| log.rows.last().map_or(Offset::ZERO, |last| last.offset.plus(1)));
    if logs.iter().any(|log| log.rows.is_empty()) {
        return None;
    }
    if let Some(at) = first_unlike {
        let epochs = logs.map(|log| epoch_at(log, at));
        return Some(Relation::Diverged { at, epochs, cut: cut(logs, ends) });
    }
    let shorter = if ends[0] <= ends[1] { 0_u8 } else { 1 };
    let end = ends[0].min(ends[1]);
    // Inside both logs: what only one of them has.
    let inside: [Vec<Offset>; 2] =
        [0, 1].map(|side: usize| differs[side].iter().copied().filter(|offset| *offset < end).collect());
    Some(match (inside[0].len(), inside[1].len()) {
        (0, 0) if ends[0] == ends[1] => Relation::Same { records: same },
        (0, 0) => Relation::Shorter { side: shorter, end, by: differs[usize::from(1 - shorter)].len() as u64 },
        (_, 0) => Relation::Thinned { side: 1, lack: lack(logs, 0, &inside[0]) },
        (0, _) => Relation::Thinned { side: 0, lack: lack(logs, 1, &inside[1]) },
        (left, right) => {
            let lacks = [lack(logs, 1, &inside[1]), lack(logs, 0, &inside[0])];
            match lacks.iter().all(|lack| lack.unexplained == 0) {
                true => Relation::CleanedApart { lacks },
                false => Relation::Each { only: [left as u64, right as u64], first: [inside[0][0], inside[1][0]] },
            }
        }
    })
}

fn epoch_at(log: Log<'_>, offset: Offset) -> Option<LeaderEpoch> {
    log.epochs.iter().rev().find(|run| run.first <= offset).map(|run| run.epoch)
}

/// Where the log with the older last epoch would be cut, were it to follow the other.
fn cut(logs: [Log<'_>; 2], ends: [Offset; 2]) -> Option<(u8, Offset)> {
    let lasts = logs.map(|log| log.epochs.last().map(|run| run.epoch));
    let follower = match lasts {
        [Some(a), Some(b)] if a < b => 0,
        [Some(a), Some(b)] if b < a => 1,
        _ => return None,
    };
    let entries = logs
        .map(|log| log.epochs.iter().map(|run| EpochEntry { epoch: run.epoch, start: run.first }).collect::<Vec<_>>());
    let leader = 1 - follower;
    let (mut asked, mut log_end) = (lasts[follower]?, ends[follower]);
    // The follower asks until both know the epoch, at most once for each that it has.
    for _ in &entries[follower] {
        let answer = offset_for_leader_epoch(TruncationRule::Kip279, &entries[leader], asked, ends[leader]);
        if answer == LeaderAnswer::Undefined {
            return None;
        }
        let kept = entries[follower].partition_point(|entry| entry.start < log_end);
        let own = entries[follower].get(..kept).unwrap_or_default();
        match truncation_point(own, log_end, Offset::ZERO, Some(answer)) {
            TruncationPoint::AskAgain(cut) => {
                log_end = cut;
                asked = own.iter().rev().find(|entry| entry.start < cut)?.epoch;
            }
            last => return Some((u8::try_from(follower).unwrap_or(0), last.offset())),
        }
    }
    None
}

/// What the records are that the log on `side` has and the other lacks.
fn lack(logs: [Log<'_>; 2], side: usize, missing: &[Offset]) -> Lack {
    // The other may go further, and have later records of the same keys.
    let mut latest: BTreeMap<u64, Offset> = BTreeMap::new();
    let all = logs.iter().flat_map(|log| log.rows);
    for row in all.filter(|row| matches!(row.kind, CellKind::Record | CellKind::Tombstone)) {
        if let Some(key) = row.key {
            let known = latest.entry(key).or_insert(row.offset);
            *known = row.offset.max(*known);
        }
    }
    let mut lack = Lack { records: missing.len() as u64, ..Lack::default() };
    let end = logs[side].rows.last().map_or(Offset::ZERO, |last| last.offset.plus(1));
    let further = logs[1 - side].rows.iter().rev().take_while(|row| row.offset >= end);
    let (count, last) = further.fold((0_i64, None), |(count, last), row| (count + 1, last.or(Some(row.offset))));
    let went_on = last.is_some_and(|last| last.0 - end.0 + 1 > count);
    let mut at = 0;
    for row in logs[side].rows {
        if missing.get(at) != Some(&row.offset) {
            continue;
        }
        at += 1;
        let has_later = row.key.and_then(|key| latest.get(&key)).is_some_and(|later| *later > row.offset);
        match row.kind {
            CellKind::Aborted => lack.aborted += 1,
            CellKind::CommitMarker | CellKind::AbortMarker | CellKind::OtherControl => lack.markers += 1,
            _ if has_later => lack.superseded += 1,
            CellKind::Tombstone => lack.tombstones += 1,
            // The later record may have come after this log's end, and be gone from the other again.
            _ if row.key.is_some() && went_on => lack.beyond += 1,
            CellKind::Record | CellKind::EmptyBatch | CellKind::Gap => {
                lack.unexplained += 1;
                lack.first_unexplained = lack.first_unexplained.or(Some(row.offset));
            }
        }
    }
    lack
}
