//! Going to a place of a file: a window, a search, a batch's bytes. Each reads from where the index says, until it has
//! what it looks for.

use std::collections::VecDeque;
use std::ops::Range;

use super::answer::{Answer, Ask, BatchBytes, Place, Sought};
use super::batch::{Batch, Summary};
use super::field_row::FieldRow;
use super::framer::{Framed, Framer};
use super::index::Index;
use super::transactions::Transactions;
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

/// What a look needs to know of its file.
#[derive(Clone, Copy, Debug)]
pub(super) struct About<'a> {
    pub(super) name: &'a str,
    pub(super) bytes: u64,
    pub(super) transactions: &'a Transactions,
    /// All of it, from the beginning to the end.
    pub(super) is_read: bool,
}

/// A look that is under way.
#[derive(Clone, Debug)]
pub(super) struct Look {
    framer: Framer,
    task: Task,
}

#[derive(Clone, Debug)]
enum Task {
    Window { filling: Filling, batches: usize },
    Before { until: Place, near: VecDeque<Summary> },
    Find { sought: Sought, after: Option<Place> },
    Bytes,
}

/// What came of a batch.
enum Step {
    On,
    Done(Answer),
    /// The place is known, and its window is looked at next.
    Window(Place),
}

impl Look {
    /// None for what is no look.
    pub(super) fn new(ask: Ask, index: &Index, file_bytes: u64) -> Option<Look> {
        let (position, task) = match ask {
            Ask::Window(place) => (place.position, Task::Window { filling: Filling::new(place), batches: 0 }),
            Ask::Before(until) => {
                let near = VecDeque::new();
                // Two steps of the index back, so that a whole window's batches are there.
                let from = index.before(until.position.saturating_sub(NEAR_BYTES).max(1));
                (from, Task::Before { until, near })
            }
            Ask::Find { sought, after } => {
                let from = match (&sought, after) {
                    (Sought::Offset(offset), _) => index.for_offset(Offset(*offset)),
                    (Sought::Time(time_ms), _) => index.for_time(*time_ms),
                    (_, after) => after.map_or(0, |place| place.position),
                };
                (from, Task::Find { sought, after })
            }
            Ask::Bytes { position } => (position, Task::Bytes),
            Ask::Open { .. } | Ask::Stop => return None,
        };
        Some(Look { framer: Framer::new(position, file_bytes), task })
    }

    pub(super) fn wants(&self) -> Option<Range<u64>> {
        let most = if matches!(self.task, Task::Find { .. }) { SEARCH_BYTES } else { NEAR_BYTES };
        self.framer.wants(most)
    }

    pub(super) fn at(&self) -> u64 {
        self.framer.at()
    }

    pub(super) fn feed(&mut self, bytes: &[u8]) {
        self.framer.feed(bytes);
    }

    /// Goes as far as the bytes reach; the answer, once there is one.
    pub(super) fn run(&mut self, file: &About<'_>) -> Option<Answer> {
        loop {
            let step = match self.framer.next() {
                Framed::Hungry => return None,
                Framed::Entry(entry) => match (Batch::of(&entry), &self.task) {
                    (Some(batch), _) => self.task.batch(&batch, file),
                    (None, Task::Bytes) => Step::Done(unread(entry.position, entry.size_bytes, entry.bytes.as_deref())),
                    (None, _) => Step::On,
                },
                Framed::Halt { position, .. } if matches!(self.task, Task::Bytes) => {
                    Step::Done(unread(position, file.bytes.saturating_sub(position), Some(self.framer.held())))
                }
                Framed::End | Framed::Halt { .. } => self.task.over(file.name),
            };
            match step {
                Step::On => {}
                Step::Done(answer) => return Some(answer),
                Step::Window(place) => {
                    let task = Task::Window { filling: Filling::new(place), batches: 0 };
                    *self = Look { framer: Framer::new(place.position, file.bytes), task };
                }
            }
        }
    }
}

impl Task {
    fn batch(&mut self, batch: &Batch, file: &About<'_>) -> Step {
        match self {
            Task::Window { filling, batches } => {
                *batches += 1;
                let next = filling
                    .add(batch, Known { is_aborted: file.transactions.has_aborted(batch), is_read: file.is_read });
                let full = *batches > BATCHES_MAX;
                let here = Place { position: batch.summary.position, offset: batch.summary.base };
                match next.or_else(|| full.then_some(here)) {
                    Some(next) => Step::Done(window(filling, file.name, Some(next))),
                    None => Step::On,
                }
            }
            Task::Before { until, near } => {
                if batch.summary.position >= until.position {
                    return Step::Window(start_before(near, *until, Some(&batch.summary)));
                }
                near.push_back(batch.summary);
                if near.len() > BATCHES_MAX {
                    near.pop_front();
                }
                Step::On
            }
            Task::Find { sought, after } => match find(sought, *after, batch) {
                Some(place) => Step::Done(Answer::Found(Some(place))),
                None => Step::On,
            },
            Task::Bytes => Step::Done(Answer::Bytes(Some(shown(batch)))),
        }
    }

    /// The file, or what can be read of it, has ended.
    fn over(&mut self, name: &str) -> Step {
        match self {
            Task::Window { filling, .. } => Step::Done(window(filling, name, None)),
            Task::Before { until, near } => Step::Window(start_before(near, *until, None)),
            Task::Find { .. } => Step::Done(Answer::Found(None)),
            Task::Bytes => Step::Done(Answer::Bytes(None)),
        }
    }
}

fn window(filling: &mut Filling, name: &str, next: Option<Place>) -> Answer {
    let from = filling.from();
    let filling = std::mem::replace(filling, Filling::new(from));
    Answer::Window(Box::new(filling.done(name, next)))
}

/// Where a window must begin to end before `until`; `here` is the batch that it stands in.
fn start_before(near: &VecDeque<Summary>, until: Place, here: Option<&Summary>) -> Place {
    if let Some(here) = here.filter(|here| here.position == until.position && here.base < until.offset) {
        // Within one batch.
        let offset = Offset(until.offset.0.saturating_sub(COLUMNS)).max(here.base);
        return Place { position: here.position, offset };
    }
    let mut start = Place::default();
    let mut end: Option<Offset> = None;
    let mut above = i64::MAX;
    for summary in near.iter().rev() {
        let last = *end.get_or_insert(summary.last);
        if summary.last.0 >= above {
            break;
        }
        let first = last.0.saturating_sub(COLUMNS - 1);
        let is_whole = summary.base.0 >= first;
        if start.position == 0 || is_whole {
            start = Place { position: summary.position, offset: Offset(summary.base.0.max(first)) };
        }
        if !is_whole {
            break;
        }
        above = summary.base.0;
    }
    start
}

fn find(sought: &Sought, after: Option<Place>, batch: &Batch) -> Option<Place> {
    let summary = batch.summary;
    let place = |offset| Place { position: summary.position, offset };
    let is_further = |offset| after.is_none_or(|after| place(offset) > after);
    match sought {
        Sought::Offset(offset) if summary.last.0 < *offset => None,
        Sought::Time(time_ms) if summary.timestamp_ms < *time_ms => None,
        // Only the batch that was found last may hold a record that is not further.
        Sought::Producer(id) => {
            let is_new = after.is_none_or(|after| summary.position > after.position);
            (batch.producer()?.0 == *id && is_new).then(|| place(summary.base))
        }
        _ => {
            let mut found = None;
            batch.records(|record| {
                let fits = match sought {
                    Sought::Offset(offset) => record.offset.0 >= *offset,
                    Sought::Time(time_ms) => record.timestamp_ms >= *time_ms,
                    Sought::Key(key) => record.key.as_deref() == Some(key.as_bytes()) && is_further(record.offset),
                    Sought::Producer(_) => false,
                };
                if fits {
                    found = Some(place(record.offset));
                }
                !fits
            });
            // An offset that compaction took out of a batch still lies in it.
            let in_batch = matches!(sought, Sought::Offset(_)).then(|| place(summary.last));
            found.or(in_batch)
        }
    }
}

/// What stands where no batch can be read: its bytes, with as many fields as a batch's decoder can name.
fn unread(position: u64, size_bytes: u64, bytes: Option<&[u8]>) -> Answer {
    let bytes: Vec<u8> = bytes.unwrap_or_default().iter().take(SHOWN_BYTES).copied().collect();
    let inspection = fields_of_records(&bytes, 0..SHOWN_RECORDS);
    Answer::Bytes(Some(BatchBytes {
        position,
        size_bytes,
        rows: inspection.fields.iter().map(FieldRow::of).collect(),
        problem: inspection.problems.first().map(ToString::to_string),
        left_out: 0,
        bytes,
    }))
}

fn shown(batch: &Batch) -> BatchBytes {
    let (fields, problem) = batch.fields(SHOWN_RECORDS);
    let records = batch.row().records;
    BatchBytes {
        position: batch.summary.position,
        size_bytes: batch.summary.size_bytes,
        bytes: batch.bytes().iter().take(SHOWN_BYTES).copied().collect(),
        rows: fields.iter().map(FieldRow::of).collect(),
        problem: problem.map(|problem| problem.to_string()),
        left_out: records.saturating_sub(SHOWN_RECORDS),
    }
}
