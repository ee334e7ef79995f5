//! Going to a place of a log: a window, a search, a list, a batch's bytes. Each reads from where the index says, from
//! segment to segment, until it has what it looks for.

mod place;
mod search;

use std::collections::VecDeque;
use std::ops::Range;

use self::place::{at_offset, at_time, before, start_before};
use self::search::{Seen, find, list};
use super::answer::{Answer, Ask, BatchBytes, Place, Sought};
use super::batch::{Batch, Summary};
use super::field_row::FieldRow;
use super::folder::Folder;
use super::framer::{Framed, Framer};
use super::records::{Filter, RecordList, RecordRow};
use super::window::{COLUMNS, Filling, Known};
use crate::bytes::fields_of_records;
use crate::ids::Offset;

/// How many bytes a search asks for at a time.
const SEARCH_BYTES: u64 = 1 << 20;
/// How many bytes a window or a batch asks for at a time.
const NEAR_BYTES: u64 = 1 << 16;
/// Batches that one window holds, at most.
const BATCHES_MAX: usize = 48;
/// Bytes of a batch that are shown.
const SHOWN_BYTES: usize = 1024;
/// Records of a batch whose fields are shown.
const SHOWN_RECORDS: u32 = 8;

/// What a look needs to know of its log.
#[derive(Clone, Copy, Debug)]
pub(super) struct About<'a> {
    pub(super) folder: &'a Folder,
    /// Offsets that are not the same in the other folder, ascending.
    pub(super) differs: &'a [Offset],
}

/// A look that is under way.
#[derive(Clone, Debug)]
pub(super) struct Look {
    side: u8,
    segment: u32,
    framer: Framer,
    task: Task,
}

#[derive(Clone, Debug)]
enum Task {
    Window { filling: Filling, batches: usize },
    Before { until: Place, near: VecDeque<(u32, Summary)> },
    Find { sought: Sought, after: Option<Place> },
    List { from: Place, filter: Filter, rows: Vec<RecordRow> },
    Bytes,
}

/// What a look came to.
#[derive(Clone, Debug)]
pub(super) enum Done {
    Answer(Answer),
    /// A window of this log, and where the next one begins.
    Window(Box<Filling>, Option<Place>),
}

/// What came of a batch.
enum Step {
    On,
    Done(Done),
    /// The place is known, and its window is looked at next.
    Window(Place),
}

impl Look {
    /// None for what is no look, or a log that is not there.
    pub(super) fn new(ask: Ask, folder: &Folder) -> Option<Look> {
        let (place, task) = match ask {
            Ask::Window(place) => (place, Task::Window { filling: Filling::new(place), batches: 0 }),
            Ask::Before(until) => (before(until, folder), Task::Before { until, near: VecDeque::new() }),
            Ask::Find { side, sought, after } => {
                let place = match (&sought, after) {
                    (Sought::Offset(offset), _) => at_offset(side, Offset(*offset), folder),
                    (Sought::Time(time_ms), _) => at_time(side, *time_ms, folder),
                    (_, after) => after.unwrap_or(Place { side, ..Place::default() }),
                };
                (place, Task::Find { sought, after })
            }
            Ask::Bytes(place) => (place, Task::Bytes),
            Ask::Records { from, filter } => (from, Task::List { from, filter, rows: Vec::new() }),
            Ask::Open(_) | Ask::Stop | Ask::Export { .. } => return None,
        };
        Look::at(place, task, folder)
    }

    /// A window with these columns, of a log that is not gone through first.
    pub(super) fn of_columns(side: u8, first: Offset, end: Offset, folder: &Folder) -> Option<Look> {
        let place = at_offset(side, first, folder);
        let filling = Filling::of_columns(Place { offset: first, ..place }, first, end);
        Look::at(place, Task::Window { filling, batches: 0 }, folder)
    }

    /// A window whose columns begin at an offset, whether there is a record or not.
    pub(super) fn from_offset(side: u8, first: Offset, folder: &Folder) -> Option<Look> {
        Look::with_first(at_offset(side, first, folder), first, folder)
    }

    /// The same window once more, but with columns from `first` on.
    pub(super) fn with_first(place: Place, first: Offset, folder: &Folder) -> Option<Look> {
        let filling = Filling::of_columns(place, first, Offset(first.0.saturating_add(COLUMNS)));
        Look::at(place, Task::Window { filling, batches: 0 }, folder)
    }

    fn at(place: Place, task: Task, folder: &Folder) -> Option<Look> {
        let (_, size_bytes) = folder.log_file(place.segment as usize)?;
        let framer = Framer::new(place.position, size_bytes);
        Some(Look { side: place.side, segment: place.segment, framer, task })
    }

    pub(super) fn side(&self) -> u8 {
        self.side
    }

    /// The file and the bytes of it that must be fed next.
    pub(super) fn wants(&self, folder: &Folder) -> Option<(u32, Range<u64>)> {
        let most = if matches!(self.task, Task::Find { .. } | Task::List { .. }) { SEARCH_BYTES } else { NEAR_BYTES };
        Some((folder.log_file(self.segment as usize)?.0, self.framer.wants(most)?))
    }

    /// The byte of the segment that it has come to.
    pub(super) fn at_byte(&self) -> u64 {
        self.framer.at()
    }

    pub(super) fn feed(&mut self, bytes: &[u8]) {
        self.framer.feed(bytes);
    }

    /// Goes as far as the bytes reach; what it came to, once it has.
    pub(super) fn run(&mut self, about: &About<'_>) -> Option<Done> {
        loop {
            let step = match self.framer.next() {
                Framed::Hungry => return None,
                Framed::Entry(entry) => match (Batch::of(&entry), &self.task) {
                    (Some(batch), _) => self.batch(&batch, about),
                    (None, Task::Bytes) => {
                        let bytes = entry.bytes.as_deref();
                        Step::Done(Done::Answer(unread(self.place(entry.position), entry.size_bytes, bytes)))
                    }
                    (None, _) => Step::On,
                },
                Framed::Halt { position, .. } if matches!(self.task, Task::Bytes) => {
                    let size = about.folder.log_file(self.segment as usize).map_or(0, |(_, size)| size);
                    let left = size.saturating_sub(position);
                    Step::Done(Done::Answer(unread(self.place(position), left, Some(self.framer.held()))))
                }
                Framed::End | Framed::Halt { .. } => match self.next_segment(about.folder) {
                    Some(framer) => {
                        self.framer = framer;
                        self.segment += 1;
                        if self.framer.wants(1).is_some() {
                            return None;
                        }
                        Step::On
                    }
                    None => self.over(),
                },
            };
            match step {
                Step::On => {}
                Step::Done(done) => return Some(done),
                Step::Window(place) => {
                    let task = Task::Window { filling: Filling::new(place), batches: 0 };
                    *self = Look::at(place, task, about.folder)?;
                }
            }
        }
    }

    fn place(&self, position: u64) -> Place {
        Place { side: self.side, segment: self.segment, position, offset: Offset::ZERO }
    }

    fn next_segment(&self, folder: &Folder) -> Option<Framer> {
        if matches!(self.task, Task::Bytes) {
            return None;
        }
        let (_, size_bytes) = folder.log_file(self.segment as usize + 1)?;
        Some(Framer::new(0, size_bytes))
    }

    fn batch(&mut self, batch: &Batch, about: &About<'_>) -> Step {
        let here = Place { offset: batch.summary.base, ..self.place(batch.summary.position) };
        let is_aborted = about.folder.aborted().has(batch);
        match &mut self.task {
            Task::Window { filling, batches } => {
                *batches += 1;
                let next = filling.add(
                    batch,
                    Known {
                        is_aborted,
                        is_read: about.folder.is_over(),
                        side: here.side,
                        segment: here.segment,
                        file_name: about.folder.log_name(here.segment as usize),
                        topic: about.folder.topic(),
                    },
                );
                let full = *batches > BATCHES_MAX;
                match next.or_else(|| full.then_some(here)) {
                    Some(next) => Step::Done(Done::Window(Box::new(filling.clone()), Some(next))),
                    None => Step::On,
                }
            }
            Task::Before { until, near } => {
                if (here.segment, here.position) >= (until.segment, until.position) {
                    return Step::Window(start_before(near, *until, Some((here.segment, &batch.summary))));
                }
                near.push_back((here.segment, batch.summary));
                if near.len() > BATCHES_MAX {
                    near.pop_front();
                }
                Step::On
            }
            Task::Find { sought, after } => match find(sought, *after, batch, here) {
                Some(place) => Step::Done(Done::Answer(Answer::Found(Some(place)))),
                None => Step::On,
            },
            Task::List { from, filter, rows } => {
                let seen = Seen { batch, here, is_aborted, differs: about.differs, topic: about.folder.topic() };
                match list(*from, filter, rows, seen) {
                    Some(next) => {
                        let list = RecordList { rows: std::mem::take(rows), next: Some(next) };
                        Step::Done(Done::Answer(Answer::Records(list)))
                    }
                    None => Step::On,
                }
            }
            Task::Bytes => Step::Done(Done::Answer(Answer::Bytes(Some(shown(batch, here))))),
        }
    }

    /// The log, or what can be read of it, has ended.
    fn over(&mut self) -> Step {
        Step::Done(match &mut self.task {
            Task::Window { filling, .. } => Done::Window(Box::new(filling.clone()), None),
            Task::Before { until, near } => return Step::Window(start_before(near, *until, None)),
            Task::Find { .. } => Done::Answer(Answer::Found(None)),
            Task::List { rows, .. } => {
                Done::Answer(Answer::Records(RecordList { rows: std::mem::take(rows), next: None }))
            }
            Task::Bytes => Done::Answer(Answer::Bytes(None)),
        })
    }
}

/// What stands where no batch can be read: its bytes, with as many fields as a batch's decoder can name.
fn unread(place: Place, size_bytes: u64, bytes: Option<&[u8]>) -> Answer {
    let bytes: Vec<u8> = bytes.unwrap_or_default().iter().take(SHOWN_BYTES).copied().collect();
    let inspection = fields_of_records(&bytes, 0..SHOWN_RECORDS);
    Answer::Bytes(Some(BatchBytes {
        place,
        size_bytes,
        rows: inspection.fields.iter().map(FieldRow::of).collect(),
        problem: inspection.problems.first().map(ToString::to_string),
        left_out: 0,
        bytes,
    }))
}

fn shown(batch: &Batch, place: Place) -> BatchBytes {
    let (fields, problem) = batch.fields(SHOWN_RECORDS);
    BatchBytes {
        place,
        size_bytes: batch.summary.size_bytes,
        bytes: batch.bytes().iter().take(SHOWN_BYTES).copied().collect(),
        rows: fields.iter().map(FieldRow::of).collect(),
        problem: problem.map(|problem| problem.to_string()),
        left_out: batch.stated_records().saturating_sub(SHOWN_RECORDS),
    }
}
