//! The producer snapshots of a folder, held against the log: each says of its producers what the batches below its
//! offset say (Kafka: `ProducerStateManager`, KIP-98).
//!
//! A broker writes one whenever a segment is rolled, and at a clean stop; so most of them were taken below the log's
//! end. They are known before the log is read, and each is held against the state when the log comes to its offset.

use std::collections::BTreeMap;

use super::answer::Sequence;
use super::history::PRODUCERS_MAX;
use crate::files::ProducerSnapshot;
use crate::ids::{Offset, ProducerId};
use crate::rules::producer_state::ProducerState;

/// Producers of all snapshots that are kept; where there are more, the lowest snapshots are not looked at.
const REMEMBERED_MAX: usize = 1 << 17;

/// A producer as a snapshot has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Remembered {
    pub(super) sequence: Sequence,
    pub(super) timestamp_ms: i64,
    pub(super) open_since: Option<Offset>,
}

/// The state of all producers, taken when the log ended at `at`.
#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    pub(super) file: usize,
    pub(super) at: Offset,
    pub(super) producers: BTreeMap<ProducerId, Remembered>,
}

/// A producer of which a snapshot and the log say different things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Differing {
    pub(super) file: usize,
    /// The log's end when the snapshot was taken.
    pub(super) at: Offset,
    pub(super) producer: ProducerId,
    pub(super) snapshot: Sequence,
    pub(super) log: Option<Sequence>,
    /// A batch of the log ends where the snapshot says that the producer's last one did.
    pub(super) is_on_disk: bool,
}

/// All snapshots, and how the log bears them out.
#[derive(Clone, Debug, Default)]
pub(super) struct Snapshots {
    /// Lowest first.
    taken: Vec<Snapshot>,
    /// How many of them the log has come to.
    held: usize,
    /// Last offsets of batches, by the snapshots, and whether the log has a batch that ends there.
    ends: BTreeMap<Offset, bool>,
    pub(super) differing: Vec<Differing>,
    /// Producers of snapshots that there was no room for.
    pub(super) left_out: u64,
}

impl Snapshots {
    /// Takes a file that was read.
    pub(super) fn take(&mut self, file: usize, at: Offset, snapshot: &ProducerSnapshot) {
        let producers = remembered(snapshot);
        let place = self.taken.partition_point(|taken| taken.at <= at);
        self.taken.insert(place, Snapshot { file, at, producers });
        let mut count: usize = self.taken.iter().map(|snapshot| snapshot.producers.len()).sum();
        while count > REMEMBERED_MAX && self.taken.len() > 1 {
            let lowest = self.taken.remove(0).producers.len();
            self.left_out += lowest as u64;
            count -= lowest;
        }
    }

    /// All of them are there.
    pub(super) fn begin(&mut self) {
        let all = self.taken.iter().flat_map(|snapshot| snapshot.producers.values());
        self.ends = all.map(|remembered| (Offset(remembered.sequence.last_offset), false)).collect();
    }

    /// The one that was taken last.
    pub(super) fn latest(&self) -> Option<&Snapshot> {
        self.taken.last()
    }

    /// A batch that ends at `last` comes next: what was taken before it is held against the state so far.
    pub(super) fn come_to(&mut self, last: Offset, state: &ProducerState) {
        while let Some(snapshot) = self.taken.get(self.held).filter(|snapshot| snapshot.at <= last) {
            // Of a log with more producers than are kept, who is not known may have been left out.
            let is_known = |log: Option<Sequence>| log.is_some() || state.producers.len() < PRODUCERS_MAX;
            let differing = snapshot.producers.iter().map(|(producer, remembered)| Differing {
                file: snapshot.file,
                at: snapshot.at,
                producer: *producer,
                snapshot: remembered.sequence,
                log: sequence_of(state, *producer),
                is_on_disk: self.ends.get(&Offset(remembered.sequence.last_offset)) == Some(&true),
            });
            self.differing.extend(differing.filter(|d| d.log != Some(d.snapshot) && is_known(d.log)));
            self.held += 1;
        }
    }

    /// The log has a batch that ends at `last`.
    pub(super) fn note(&mut self, last: Offset) {
        if let Some(is_on_disk) = self.ends.get_mut(&last) {
            *is_on_disk = true;
        }
    }
}

/// What the batches of a log say of a producer.
pub(super) fn sequence_of(state: &ProducerState, producer: ProducerId) -> Option<Sequence> {
    let entry = state.producers.get(&producer)?;
    let last = entry.batches.back();
    Some(Sequence {
        epoch: entry.epoch.0,
        last_sequence: last.map_or(-1, |batch| batch.last_sequence),
        last_offset: last.map_or(-1, |batch| batch.last_offset.0),
    })
}

fn remembered(snapshot: &ProducerSnapshot) -> BTreeMap<ProducerId, Remembered> {
    let entries = snapshot.entries.iter().map(|entry| {
        let sequence =
            Sequence { epoch: entry.epoch.0, last_sequence: entry.last_sequence, last_offset: entry.last_offset.0 };
        let open_since = Some(entry.current_txn_first_offset).filter(|first| first.0 >= 0);
        (entry.producer, Remembered { sequence, timestamp_ms: entry.timestamp_ms, open_since })
    });
    entries.collect()
}
