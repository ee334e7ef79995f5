//! What a consumer gets of a partition: the records between two offsets, without those of aborted transactions
//! (Kafka: `LocalLog.read` on the broker's side, `CompletedFetch` on the consumer's; KIP-98).
//!
//! The broker hands out whole batches, and beside them the aborted transactions that reach into them. The consumer
//! passes over what lies before the offset that it asked for, over control records, and, if it reads committed records
//! only, over an aborted producer's batches up to its marker.

use std::collections::{BTreeSet, VecDeque};

use bytes::Bytes;

use super::scan::{BatchSummary, Scan};
use crate::bytes::{BatchHeader, ControlRecord, Problem, Record, Records, TimestampType};
use crate::ids::{LeaderEpoch, Offset, ProducerId};
use crate::rules::last_stable_offset::AbortedTxn;

/// Which records a consumer wants, `isolation.level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IsolationLevel {
    /// All below the high watermark.
    ReadUncommitted,
    /// All below the last stable offset that are not part of an aborted transaction.
    ReadCommitted,
}

/// A segment's files, as far as reading needs them.
#[derive(Clone, Debug)]
pub struct SegmentFiles {
    pub base_offset: Offset,
    /// The `.log`.
    pub log: Bytes,
    /// The entries of the `.txnindex`, in its order; none if there is no such file.
    pub aborted: Vec<AbortedTxn>,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FetchRange {
    /// The first offset that is wanted.
    pub start: Offset,
    /// The first that may not be had: the high watermark, or the last stable offset, by isolation level.
    pub end: Offset,
    pub isolation: IsolationLevel,
}

/// A record as a consumer is handed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumedRecord {
    /// Its timestamp is the broker's where the topic says so.
    pub record: Record,
    pub timestamp_type: TimestampType,
    pub leader_epoch: LeaderEpoch,
}

/// Where reading stopped: the bytes of a segment are wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsumeProblem {
    /// Which segment.
    pub base_offset: Offset,
    /// The place in its `.log`.
    pub problem: Problem,
}

/// Which aborted transactions reach into a range: what a broker sends along with the batches. `segments` ascend.
///
/// An entry stands in the segment of its marker, so the search begins where `start` is and ends with the first entry
/// before whose writing everything below `end` was decided (Kafka: `TransactionIndex.collectAbortedTxns`).
#[must_use]
pub fn collect_aborted(segments: &[SegmentFiles], start: Offset, end: Offset) -> Vec<AbortedTxn> {
    let mut collected = Vec::new();
    for entry in reaching(segments, start).iter().flat_map(|segment| &segment.aborted) {
        if entry.last_offset >= start && entry.first_offset < end {
            collected.push(*entry);
        }
        if entry.last_stable_offset >= end {
            break;
        }
    }
    collected
}

/// The segments from the one on that an offset lies in.
fn reaching(segments: &[SegmentFiles], offset: Offset) -> &[SegmentFiles] {
    let below = segments.iter().take_while(|segment| segment.base_offset <= offset).count();
    segments.get(below.saturating_sub(1)..).unwrap_or_default()
}

/// Reads a range of a partition whose segments ascend. It ends with the first problem.
#[must_use]
pub fn consume(segments: &[SegmentFiles], range: FetchRange) -> Consumer<'_> {
    let aborted = match range.isolation {
        IsolationLevel::ReadUncommitted => Vec::new(),
        IsolationLevel::ReadCommitted => {
            let mut aborted = collect_aborted(segments, range.start, range.end);
            aborted.sort_by_key(|entry| entry.first_offset);
            aborted
        }
    };
    Consumer {
        range,
        segments: reaching(segments, range.start),
        scan: None,
        batch: None,
        next_offset: range.start,
        aborted: aborted.into(),
        aborting: BTreeSet::new(),
    }
}

/// The records of a range, one after the other.
#[derive(Debug)]
pub struct Consumer<'a> {
    range: FetchRange,
    /// Those that have not been begun.
    segments: &'a [SegmentFiles],
    /// Where in a segment it reads.
    scan: Option<(&'a SegmentFiles, Scan<'a>)>,
    /// The batch whose records are being handed out.
    batch: Option<(BatchHeader, u64, Records)>,
    /// Everything below has been handed out or passed over.
    next_offset: Offset,
    /// Aborted transactions that have not begun yet, by their first offset.
    aborted: VecDeque<AbortedTxn>,
    /// Producers whose aborted transaction has begun, and whose marker has not come.
    aborting: BTreeSet<ProducerId>,
}

impl Consumer<'_> {
    fn step(&mut self) -> Result<Option<ConsumedRecord>, Problem> {
        loop {
            if let Some((header, position, records)) = &mut self.batch
                && let Some(record) = records.next()
            {
                let record = record.map_err(|problem| problem.further(*position))?;
                if record.offset >= self.range.end {
                    return Ok(None);
                }
                if record.offset >= self.range.start && !header.attributes.is_control() {
                    return Ok(Some(consumed(header, record)));
                }
                continue;
            }
            self.batch = None;
            let Some(batch) = self.next_batch()? else { return Ok(None) };
            self.batch = self.opened(&batch)?;
        }
    }

    /// The next batch that reaches up to the start, if it begins below the end.
    fn next_batch(&mut self) -> Result<Option<BatchSummary>, Problem> {
        while self.next_offset < self.range.end {
            let found = match &mut self.scan {
                Some((_, scan)) => scan.next().transpose()?,
                None => None,
            };
            match found {
                Some(batch) if batch.base_offset() >= self.range.end => return Ok(None),
                Some(batch) if batch.last_offset() < self.range.start => {}
                Some(batch) => {
                    self.next_offset = Offset(batch.last_offset().0.saturating_add(1));
                    return Ok(Some(batch));
                }
                None => {
                    let Some((segment, behind)) = self.segments.split_first() else { return Ok(None) };
                    self.scan = Some((segment, Scan::new(&segment.log, 0)));
                    self.segments = behind;
                }
            }
        }
        Ok(None)
    }

    /// A batch's records, unless its producer aborts.
    fn opened(&mut self, batch: &BatchSummary) -> Result<Option<(BatchHeader, u64, Records)>, Problem> {
        let Some((segment, scan)) = &self.scan else { return Ok(None) };
        let (header, position) = (batch.header, batch.position);
        let bytes = segment.log.slice_ref(scan.bytes_of(batch));
        let further = |problem: Problem| problem.further(position);
        header.check(&bytes).map_err(further)?;
        let records = Records::new(&header, &bytes).map_err(further)?;
        let producer = header.producer_id;
        if self.range.isolation == IsolationLevel::ReadCommitted && producer != ProducerId::NONE {
            while let Some(begun) = self.aborted.pop_front_if(|entry| entry.first_offset <= batch.last_offset()) {
                self.aborting.insert(begun.producer);
            }
            if is_abort_marker(&header, &records) {
                self.aborting.remove(&producer);
            } else if header.attributes.is_transactional() && self.aborting.contains(&producer) {
                return Ok(None);
            }
        }
        Ok(Some((header, position, records)))
    }
}

impl Iterator for Consumer<'_> {
    type Item = Result<ConsumedRecord, ConsumeProblem>;

    fn next(&mut self) -> Option<Self::Item> {
        let stepped = self.step();
        if !matches!(stepped, Ok(Some(_))) {
            // Whatever the end was, nothing comes behind it.
            self.next_offset = Offset(i64::MAX);
            self.batch = None;
        }
        let base_offset = self.scan.as_ref().map_or(self.range.start, |(segment, _)| segment.base_offset);
        stepped.map_err(|problem| ConsumeProblem { base_offset, problem }).transpose()
    }
}

fn consumed(header: &BatchHeader, mut record: Record) -> ConsumedRecord {
    record.timestamp_ms = header.read_timestamp_ms(record.timestamp_ms);
    ConsumedRecord {
        record,
        timestamp_type: header.attributes.timestamp_type(),
        leader_epoch: header.partition_leader_epoch,
    }
}

/// Whether the first record of a control batch says that the transaction aborts.
fn is_abort_marker(header: &BatchHeader, records: &Records) -> bool {
    let is_abort = |record: &Record| matches!(ControlRecord::decode(record), Ok(ControlRecord::Abort { .. }));
    header.attributes.is_control()
        && records.clone().next().and_then(Result::ok).is_some_and(|record| is_abort(&record))
}

#[cfg(test)]
mod tests;
