//! A folder as it is read: which bytes are wanted next, and what has been found.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::answer::{FileGiven, FolderGiven};
use super::beside::Beside;
use super::checks::Checks;
use super::history::History;
use super::name::{Kind, kind_of, offset_in};
use crate::files::FilePlace;
use crate::ids::Offset;
use crate::inspect::batch::Batch;
use crate::inspect::finding::{Finding, Wrong};
use crate::inspect::inspector::{Inspector, Witness};

/// How much of a small file is asked for at a time, and the longest that is read.
const RANGE_BYTES: u64 = 1 << 20;
const SMALL_BYTES_MAX: u64 = 64 << 20;
/// Findings of one kind that are told.
const OF_A_KIND_MAX: u64 = 50;

/// A finding, and the file that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::inspect) struct Found {
    /// The file's place in the folder's list; none for what two folders say together.
    pub(in crate::inspect) file: Option<usize>,
    /// Of the log, where it is one.
    pub(in crate::inspect) segment: Option<usize>,
    pub(in crate::inspect) finding: Finding,
}

/// One `.log` file of the folder.
#[derive(Clone, Debug)]
pub(in crate::inspect) struct Segment {
    pub(super) file: usize,
    pub(super) inspector: Inspector,
    pub(super) checks: Checks,
    /// The index files of the same base offset.
    pub(super) indexes: [Option<usize>; 2],
    pub(super) indexed: [BTreeSet<Offset>; 2],
}

/// The folder of one partition.
#[derive(Clone, Debug)]
pub(in crate::inspect) struct Folder {
    pub(super) name: String,
    pub(super) files: Vec<FileGiven>,
    /// Files that are read whole, and how many of them have been.
    pub(super) small: Vec<usize>,
    pub(super) small_done: usize,
    pub(super) held: Vec<u8>,
    pub(super) has_begun: bool,
    pub(super) beside: Beside,
    pub(super) segments: Vec<Segment>,
    pub(super) at: usize,
    pub(super) history: History,
    pub(super) gaps: Vec<(usize, Finding)>,
    pub(super) found: Vec<Found>,
    pub(super) told: usize,
    /// How many there are of each kind, told or not.
    pub(super) of_kind: BTreeMap<&'static str, u64>,
    pub(super) untold: u64,
    pub(super) is_over: bool,
    pub(super) passed_over: Vec<String>,
}

impl Folder {
    /// Of two that are compared, each keeps fingerprints of its records.
    pub(in crate::inspect) fn new(given: FolderGiven, is_compared: bool) -> Folder {
        let FolderGiven { name, files } = given;
        // A single file is a log, whatever it is called.
        let kind = |file: &FileGiven| match kind_of(&file.name) {
            _ if files.len() == 1 => Kind::Log,
            // A broker's own logs are called so too.
            Kind::Log if offset_in(&file.name).is_none() => Kind::Other,
            kind => kind,
        };
        let (mut small, mut logs, mut passed_over) = (Vec::new(), Vec::new(), Vec::new());
        for (place, file) in files.iter().enumerate() {
            match kind(file) {
                Kind::Log => logs.push(place),
                Kind::Other => passed_over.push(file.name.clone()),
                _ if file.size_bytes > SMALL_BYTES_MAX => passed_over.push(file.name.clone()),
                _ => small.push(place),
            }
        }
        let by_name = |place: &usize| files.get(*place).map(|file| (offset_in(&file.name), file.name.clone()));
        logs.sort_by_key(by_name);
        let segments = logs.into_iter().filter_map(|file| {
            let FileGiven { name, size_bytes, .. } = files.get(file)?;
            let inspector = Inspector::new(name, *size_bytes);
            Some(Segment {
                file,
                inspector,
                checks: Checks::default(),
                indexes: [None; 2],
                indexed: Default::default(),
            })
        });
        let segments = segments.collect();
        let history = History::new(is_compared);
        let mut folder = Folder {
            name,
            files,
            small,
            small_done: 0,
            held: Vec::new(),
            has_begun: false,
            beside: Beside::default(),
            segments,
            at: 0,
            history,
            gaps: Vec::new(),
            found: Vec::new(),
            told: 0,
            of_kind: BTreeMap::new(),
            untold: 0,
            is_over: false,
            passed_over,
        };
        folder.go_on();
        folder
    }

    /// The file and the bytes of it that must be fed next; none once it is over.
    pub(in crate::inspect) fn wants(&self) -> Option<(u32, Range<u64>)> {
        if self.is_over {
            return None;
        }
        if let Some(file) = self.small.get(self.small_done).and_then(|place| self.files.get(*place)) {
            let at = self.held.len() as u64;
            return Some((file.handle, at..at.saturating_add(RANGE_BYTES).min(file.size_bytes)));
        }
        let segment = self.segments.get(self.at)?;
        Some((self.files.get(segment.file)?.handle, segment.inspector.wants()?))
    }

    /// Takes bytes from where [`Folder::wants`] begins; fewer are fine.
    pub(in crate::inspect) fn feed(&mut self, bytes: &[u8]) {
        if self.small_done < self.small.len() {
            self.held.extend_from_slice(bytes);
        } else if let Some(segment) = self.segments.get_mut(self.at) {
            let mut witness = Both { history: &mut self.history, checks: &mut segment.checks };
            segment.inspector.feed_to(bytes, &mut witness);
            self.collect();
        }
        self.go_on();
    }

    /// Reads no further.
    pub(in crate::inspect) fn stop(&mut self) {
        self.is_over = true;
        for segment in &mut self.segments {
            segment.inspector.stop();
        }
        self.explain_gaps();
    }

    pub(in crate::inspect) fn is_over(&self) -> bool {
        self.is_over
    }

    /// Ends what has been read to its end, and begins what comes next.
    fn go_on(&mut self) {
        while let Some(place) = self.small.get(self.small_done).copied() {
            let Some(file) = self.files.get(place) else { break };
            if (self.held.len() as u64) < file.size_bytes {
                return;
            }
            let bytes = std::mem::take(&mut self.held);
            let taken = self.beside.take((place, &file.name), kind_of(&file.name), bytes, &self.name);
            if let Err(problem) = taken {
                let position = if let FilePlace::Byte(at) = problem.place { at } else { 0 };
                let finding = Finding { position, offset: None, wrong: Wrong::Unread(problem) };
                self.tell(Found { file: Some(place), segment: None, finding });
            }
            self.small_done += 1;
        }
        if !self.has_begun {
            self.has_begun = true;
            self.begin_logs();
        }
        while self.segments.get(self.at).is_some_and(|segment| segment.inspector.is_over()) {
            self.end_segment();
        }
        if self.at >= self.segments.len() && !self.is_over {
            self.finish();
        }
    }

    /// All small files are there: the indexes go to their segments.
    fn begin_logs(&mut self) {
        self.history.snapshots = std::mem::take(&mut self.beside.snapshots);
        self.history.snapshots.begin();
        self.history.signs.cleaned_to = self.beside.cleaned_to;
        self.history.signs.aborted = self.beside.aborted.values().flat_map(|(_, all)| all.iter().copied()).collect();
        let mut all_found = Vec::new();
        for segment in &mut self.segments {
            let Some(base) = self.files.get(segment.file).and_then(|file| offset_in(&file.name)) else { continue };
            let offsets = self.beside.offset_indexes.remove(&base);
            let times = self.beside.time_indexes.remove(&base);
            let bytes = |index: &Option<(usize, Vec<u8>)>| index.as_ref().map(|(_, bytes)| bytes.clone());
            segment.indexes = [offsets.as_ref().map(|(file, _)| *file), times.as_ref().map(|(file, _)| *file)];
            let (checks, found) = Checks::new(base, bytes(&offsets).as_deref(), bytes(&times).as_deref());
            segment.indexed = checks.indexed();
            segment.checks = checks;
            all_found.push((segment.indexes, found));
        }
        for (indexes, found) in all_found {
            self.find_in_indexes(indexes, found);
        }
        self.collect();
    }

    fn end_segment(&mut self) {
        let base = self.base(self.at);
        let Some(segment) = self.segments.get_mut(self.at) else { return };
        let (indexes, found, reached) = (segment.indexes, segment.checks.end(), segment.inspector.reached());
        // An empty first segment has begun all the same.
        let reached = (reached.0.or(base.filter(|_| reached.1.is_none())), reached.1);
        self.find_in_indexes(indexes, found);
        self.collect();
        self.at += 1;
        if let Some(next) = self.segments.get_mut(self.at) {
            next.inspector.follow_on(reached);
        }
    }

    fn find_in_indexes(&mut self, indexes: [Option<usize>; 2], found: [Vec<Finding>; 2]) {
        for (file, found) in indexes.into_iter().zip(found) {
            found.into_iter().for_each(|finding| self.tell(Found { file, segment: None, finding }));
        }
    }

    /// Takes what the segment's inspector has found. Gaps wait until the rest of the log has been seen.
    fn collect(&mut self) {
        let (at, count) = (self.at, self.segments.len());
        let Some(segment) = self.segments.get_mut(at) else { return };
        let file = Some(segment.file);
        let is_last = at + 1 >= count;
        let new: Vec<Finding> = segment.inspector.take_new().to_vec();
        for finding in new {
            match finding.wrong {
                Wrong::Gap { .. } => self.gaps.push((at, finding)),
                Wrong::Empty if !is_last => {
                    let finding = Finding { wrong: Wrong::EmptyBetween, ..finding };
                    self.tell(Found { file, segment: Some(at), finding });
                }
                _ => self.tell(Found { file, segment: Some(at), finding }),
            }
        }
    }

    fn explain_gaps(&mut self) {
        for (at, mut finding) in std::mem::take(&mut self.gaps) {
            let is_alone = self.files.len() == 1 && !self.history.signs.is_thinned;
            if let Wrong::Gap { first, last, why } = &mut finding.wrong
                && !is_alone
            {
                *why = self.history.signs.why(*first, *last);
            }
            let file = self.segments.get(at).map(|segment| segment.file);
            self.tell(Found { file, segment: Some(at), finding });
        }
    }

    /// Everything was read: what only the whole can tell.
    fn finish(&mut self) {
        self.is_over = true;
        self.explain_gaps();
        self.history.settle();
        self.check_end();
        self.check_epochs();
        self.check_transactions();
        self.check_snapshots();
        let log_end = self.history.log_end.unwrap_or_default();
        let open = self.history.open().min_by_key(|(_, first)| *first);
        if let Some((producer, first)) = open {
            let wrong = Wrong::OpenTransaction { producer, log_end };
            self.find_in_log(first, wrong);
        }
    }

    /// The one way in for findings: of each kind the first are told, and the rest counted.
    pub(super) fn tell(&mut self, found: Found) {
        let count = self.of_kind.entry(found.finding.wrong.name()).or_default();
        *count += 1;
        if *count <= OF_A_KIND_MAX { self.found.push(found) } else { self.untold += 1 }
    }

    /// A finding about an offset, wherever that stands.
    pub(super) fn find_in_log(&mut self, offset: Offset, wrong: Wrong) {
        let segment = self.segment_of(offset);
        let place = self.segments.get(segment);
        let position = place.map_or(0, |segment| segment.inspector.index().for_offset(offset));
        let file = place.map(|segment| segment.file);
        let finding = Finding { position, offset: Some(offset), wrong };
        self.tell(Found { file, segment: Some(segment), finding });
    }

    /// What was found since this was last asked.
    pub(in crate::inspect) fn take_new(&mut self) -> &[Found] {
        let from = std::mem::replace(&mut self.told, self.found.len());
        self.found.get(from..).unwrap_or_default()
    }

    /// What two folders say together is told with the first.
    pub(in crate::inspect) fn note(&mut self, finding: Finding) {
        self.tell(Found { file: None, segment: None, finding });
    }
}

/// A batch goes to the history, and is held against the indexes.
struct Both<'a> {
    history: &'a mut History,
    checks: &'a mut Checks,
}

impl Witness for Both<'_> {
    fn record(&mut self, batch: &Batch, record: &crate::inspect::batch::FileRecord) {
        self.history.record(batch, record);
    }

    fn batch(&mut self, batch: &Batch, records: u32, is_sure: bool) {
        self.history.batch(batch, records, is_sure);
        self.checks.batch(&batch.summary);
    }
}
