//! Reads a log file once, from its beginning to its end, and says what is wrong with it. What it finds does not depend
//! on how many bytes it is fed at a time.

use std::collections::BTreeMap;
use std::ops::Range;

use super::answer::Totals;
use super::batch::{Batch, FileRecord, ran_out};
use super::finding::{Finding, Why, Wrong};
use super::folder::name::{Kind, kind_of, offset_in};
use super::framer::{Entry, Framed, Framer, Halt};
use super::index::Index;
use crate::bytes::Fault;
use crate::ids::Offset;

/// How many bytes it asks for at a time, at most.
const RANGE_BYTES: u64 = 1 << 20;
/// Findings of one kind that are told; the others are counted.
const OF_A_KIND_MAX: u64 = 50;
/// A base offset further than this above the last one is no segment's: its index could not say it.
const SEGMENT_OFFSETS: i64 = i32::MAX as i64;

/// Who is told of every batch that could be read: first of its records, one by one, then of the batch.
pub(super) trait Witness {
    fn record(&mut self, batch: &Batch, record: &FileRecord);
    /// How many records there were. `is_sure` if the CRC is right and the offsets ascend.
    fn batch(&mut self, batch: &Batch, records: u32, is_sure: bool);
}

/// Nobody.
impl Witness for () {
    fn record(&mut self, _: &Batch, _: &FileRecord) {}
    fn batch(&mut self, _: &Batch, _: u32, _: bool) {}
}

/// The inspection of one file.
#[derive(Clone, Debug)]
pub struct Inspector {
    file_bytes: u64,
    framer: Framer,
    tail: Option<Tail>,
    is_over: bool,
    index: Index,
    totals: Totals,
    /// The offset in the file's name, where it has one and nothing was read yet.
    name: Option<Offset>,
    /// The base of the last batch, and the offset that should follow it, where that is sure.
    last_base: Option<Offset>,
    expected: Option<Offset>,
    told: BTreeMap<&'static str, u64>,
    findings: Vec<Finding>,
    new_from: usize,
}

/// What stands behind the last batch.
#[derive(Clone, Copy, Debug)]
struct Tail {
    position: u64,
    base: Option<Offset>,
    magic: Option<i8>,
    halt: Halt,
    /// Zeros as far as this.
    at: u64,
}

impl Inspector {
    /// A file of `file_bytes`. A name as Kafka gives it, `00000000000000000042.log`, says the first offset.
    #[must_use]
    pub fn new(name: &str, file_bytes: u64) -> Inspector {
        let mut inspector = Inspector {
            file_bytes,
            framer: Framer::new(0, file_bytes),
            tail: None,
            is_over: false,
            index: Index::new(),
            totals: Totals::default(),
            name: offset_in(name).filter(|_| kind_of(name) == Kind::Log),
            last_base: None,
            expected: None,
            told: BTreeMap::new(),
            findings: Vec::new(),
            new_from: 0,
        };
        if file_bytes == 0 {
            inspector.find(0, None, Wrong::Empty);
            inspector.is_over = true;
        }
        inspector
    }

    /// The bytes that must be fed next; none once it is over.
    #[must_use]
    pub fn wants(&self) -> Option<Range<u64>> {
        if self.is_over {
            return None;
        }
        match &self.tail {
            None => self.framer.wants(RANGE_BYTES),
            Some(tail) => Some(tail.at..tail.at.saturating_add(RANGE_BYTES).min(self.file_bytes)),
        }
    }

    /// Takes bytes from where [`Inspector::wants`] begins; fewer are fine.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.feed_to(bytes, &mut ());
    }

    /// The same, with somebody who is told of the batches.
    pub(super) fn feed_to(&mut self, bytes: &[u8], witness: &mut dyn Witness) {
        match self.tail {
            None => {
                self.framer.feed(bytes);
                self.read_on(witness);
            }
            Some(tail) => self.read_tail(tail, bytes),
        }
    }

    /// The offset that should come next, where that is sure, and the last base offset.
    pub(super) fn reached(&self) -> (Option<Offset>, Option<Offset>) {
        (self.expected, self.last_base)
    }

    /// Another file of the same log ended there.
    pub(super) fn follow_on(&mut self, (expected, last_base): (Option<Offset>, Option<Offset>)) {
        (self.expected, self.last_base) = (expected, last_base);
    }

    /// Reads no further. What has been found stays.
    pub fn stop(&mut self) {
        self.is_over = true;
    }

    #[must_use]
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// How much of the file has been read.
    #[must_use]
    pub fn read_bytes(&self) -> u64 {
        match &self.tail {
            Some(_) if self.is_over => self.file_bytes,
            Some(tail) => tail.at,
            None => self.framer.at(),
        }
    }

    #[must_use]
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// What was found, by position.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What was found since this was last asked.
    pub(super) fn take_new(&mut self) -> &[Finding] {
        let from = std::mem::replace(&mut self.new_from, self.findings.len());
        self.findings.get(from..).unwrap_or_default()
    }

    pub(super) fn index(&self) -> &Index {
        &self.index
    }

    fn read_on(&mut self, witness: &mut dyn Witness) {
        loop {
            match self.framer.next() {
                Framed::Entry(entry) => self.entry(&entry, witness),
                Framed::Hungry => return,
                Framed::End => {
                    self.is_over = true;
                    return;
                }
                Framed::Halt { position, base, magic, halt } => {
                    self.tail = Some(Tail { position, base, magic, halt, at: position });
                    return;
                }
            }
        }
    }

    fn entry(&mut self, entry: &Entry, witness: &mut dyn Witness) {
        let (position, base) = (entry.position, entry.base);
        self.totals.batches += 1;
        if entry.bytes.is_none() {
            self.find(position, Some(base), Wrong::TooLong { size_bytes: entry.size_bytes });
        } else if !(0..=2).contains(&entry.magic) {
            self.find(position, Some(base), Wrong::UnknownMagic { found: entry.magic });
        } else if matches!(entry.magic, 0 | 1) && self.is_first_of(entry.magic) {
            self.find(position, Some(base), Wrong::OldMagic { magic: entry.magic });
        }
        match Batch::of(entry) {
            Some(batch) => self.batch(&batch, witness),
            None => self.expected = None,
        }
        self.last_base = Some(base);
    }

    fn is_first_of(&self, magic: i8) -> bool {
        !self.findings.iter().any(|finding| finding.wrong == Wrong::OldMagic { magic })
    }

    fn batch(&mut self, batch: &Batch, witness: &mut dyn Witness) {
        let summary = batch.summary;
        let (position, base, last) = (summary.position, summary.base, summary.last);
        self.index.note(&summary);
        let is_back = self.follow(position, base);
        let crc = batch.crc_problem().map(|problem| problem.fault);
        if let Some(Fault::Crc { stored, computed }) = crc {
            self.find(position, Some(base), Wrong::Crc { stored, computed });
        }
        let (records, wrong) = records(batch, witness);
        self.totals.records += u64::from(records);
        // What its CRC does not answer for says nothing sure.
        for wrong in wrong.into_iter().filter(|_| crc.is_none()) {
            self.find(position, Some(base), wrong);
        }
        let is_sure = crc.is_none() && last >= base && !is_back;
        witness.batch(batch, records, is_sure);
        self.expected = is_sure.then_some(Offset(last.0.saturating_add(1)));
        if is_sure {
            let (low, high) = self.totals.offsets.unwrap_or((base, last));
            self.totals.offsets = Some((low.min(base), high.max(last)));
            let time = summary.timestamp_ms;
            let (low, high) = self.totals.times_ms.unwrap_or((time, time));
            self.totals.times_ms = Some((low.min(time), high.max(time)));
        }
    }

    /// Holds a batch's first offset against what was before; true if it is not above it.
    fn follow(&mut self, position: u64, base: Offset) -> bool {
        let name = self.name.take();
        let after = self.expected.map(|expected| Offset(expected.0 - 1)).or(self.last_base);
        if let Some(after) = after.filter(|after| base <= *after) {
            self.find(position, Some(base), Wrong::OffsetBack { found: base, after });
            return true;
        }
        if let Some(name) = name.filter(|name| base < *name) {
            self.find(position, Some(base), Wrong::BelowName { name });
            return false;
        }
        let expected = self.expected.or(name.filter(|_| after.is_none()));
        if let Some(first) = expected.filter(|expected| *expected < base) {
            self.find(position, Some(base), Wrong::Gap { first, last: Offset(base.0 - 1), why: Why::OneFile });
        }
        false
    }

    /// Looks how far what is no batch is zeros, which tells it from what was cut off.
    fn read_tail(&mut self, mut tail: Tail, bytes: &[u8]) {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        tail.at = tail.at.saturating_add(zeros as u64).min(self.file_bytes);
        let to_end = tail.at >= self.file_bytes;
        if zeros == bytes.len() && !to_end {
            self.tail = Some(tail);
            return;
        }
        let (bytes, left) = (tail.at.saturating_sub(tail.position), self.file_bytes.saturating_sub(tail.position));
        let wrong = if to_end || bytes >= ZEROS_MIN {
            Wrong::Zeros { bytes, to_end }
        } else {
            match tail.halt {
                _ if !self.may_be_batch(tail) => Wrong::Garbage { bytes: left },
                Halt::CutInHeader { left_bytes } => Wrong::CutInHeader { left_bytes },
                Halt::CutInBatch { left_bytes, .. } if left_bytes < HEADER_BYTES => Wrong::CutInHeader { left_bytes },
                Halt::CutInBatch { size_bytes, left_bytes } => Wrong::CutInBatch { size_bytes, left_bytes },
                Halt::Length { found, least } => Wrong::Length { found, least },
            }
        };
        let base = tail.base.filter(|_| !matches!(wrong, Wrong::Zeros { .. } | Wrong::Garbage { .. }));
        self.find(tail.position, base, wrong);
        self.tail = Some(tail);
        self.is_over = true;
    }

    /// Whether what stands there begins as the next batch of this file could.
    fn may_be_batch(&self, tail: Tail) -> bool {
        let Some(base) = tail.base else { return true };
        let from = self.last_base.or(self.name).unwrap_or_default();
        let is_near = base >= from && base.0.saturating_sub(from.0) <= SEGMENT_OFFSETS;
        is_near && tail.magic.is_none_or(|magic| (0..=2).contains(&magic))
    }

    fn find(&mut self, position: u64, offset: Option<Offset>, wrong: Wrong) {
        let told = self.told.entry(wrong.name()).or_default();
        *told += 1;
        if *told <= OF_A_KIND_MAX {
            self.findings.push(Finding { position, offset, wrong });
        } else {
            self.totals.untold += 1;
        }
    }
}

/// Reads a batch's records: how many there are, and what is wrong with them.
fn records(batch: &Batch, witness: &mut dyn Witness) -> (u32, Vec<Wrong>) {
    let mut last: Option<Offset> = None;
    let mut back = None;
    let (read, problem) = batch.records(|record| {
        if let Some(after) = last.filter(|last| record.offset <= *last) {
            back.get_or_insert(Wrong::OffsetBack { found: record.offset, after });
        }
        last = Some(record.offset);
        witness.record(batch, &record);
        true
    });
    let wrong = problem.map(|problem| match problem.fault {
        Fault::UnknownCompression { code } => Wrong::UnknownCodec { code },
        Fault::Packed { .. } | Fault::UnpacksTooFar { .. } => Wrong::Compressed(problem),
        _ if ran_out(&problem) => Wrong::RecordCount { stated: batch.stated_records(), read },
        _ => Wrong::Records(problem),
    });
    (read, [back, wrong].into_iter().flatten().collect())
}

/// A batch's header can begin with this many zeros (a base offset of 0), not with more.
const ZEROS_MIN: u64 = 12;
const HEADER_BYTES: u64 = crate::bytes::HEADER_BYTES as u64;
