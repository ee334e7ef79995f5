//! A part of a log as a tape.

use super::answer::{BatchRow, Part, Place};
use super::batch::{Batch, FileRecord};
use super::content::content;
use crate::frame::{BatchSpan, Cell, CellKind, CellState, EpochBand, ReplicaRole, SegmentBorder, Tape, TapeId};
use crate::ids::Offset;
use crate::records::InternalTopic;

/// The most offsets that a window shows.
pub const COLUMNS: i64 = 48;
/// Offsets above this are no log's; a ruler can't count on from them.
const OFFSET_MAX: i64 = i64::MAX / 2;

/// A window that is being filled with batches, in the order in which they stand.
#[derive(Clone, Debug)]
pub(super) struct Filling {
    from: Place,
    cells: Vec<Cell>,
    spans: Vec<BatchSpan>,
    segments: Vec<SegmentBorder>,
    epochs: Vec<EpochBand>,
    rows: Vec<BatchRow>,
    /// The first offset and the first one that no column is left for.
    columns: Option<(i64, i64)>,
    is_settled: bool,
}

/// What is known of a batch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'a> {
    pub(super) is_aborted: bool,
    /// There are no more markers to come.
    pub(super) is_read: bool,
    pub(super) side: u8,
    pub(super) segment: u32,
    pub(super) file_name: &'a str,
    /// Whose records have named fields.
    pub(super) topic: Option<InternalTopic>,
}

/// What a log says of its offsets: the high watermark and the log start, where they are known.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    pub(super) high_watermark: Option<Offset>,
    pub(super) log_start: Option<Offset>,
    pub(super) last_stable: Option<Offset>,
}

impl Filling {
    pub(super) fn new(from: Place) -> Filling {
        Filling {
            from,
            cells: Vec::new(),
            spans: Vec::new(),
            segments: Vec::new(),
            epochs: Vec::new(),
            rows: Vec::new(),
            columns: None,
            is_settled: true,
        }
    }

    /// With columns for these offsets, whatever batch comes first.
    pub(super) fn of_columns(from: Place, first: Offset, end: Offset) -> Filling {
        Filling { columns: Some((first.0, end.0)), ..Filling::new(from) }
    }

    pub(super) fn from(&self) -> Place {
        self.from
    }

    /// The offsets that are shown: all columns, or as far as there are cells.
    pub(super) fn columns(&self) -> (Offset, Offset) {
        let first = self.columns.map_or(0, |(first, _)| first);
        (Offset(first), self.cells.last().map_or(Offset(first), |cell| Offset(cell.offset.0 + 1)))
    }

    /// Adds a batch; where the next window begins, if not all of it has found a column.
    pub(super) fn add(&mut self, batch: &Batch, known: Known<'_>) -> Option<Place> {
        let summary = batch.summary;
        let here = Place { side: known.side, segment: known.segment, position: summary.position, offset: summary.base };
        let place = |offset| Some(Place { offset, ..here });
        let is_first = self.rows.is_empty();
        if !(0..OFFSET_MAX).contains(&summary.base.0) || summary.last < summary.base {
            return self.add_row_only(batch, here, is_first).then(|| place(summary.base)).flatten();
        }
        let is_from = summary.position == self.from.position && known.segment == self.from.segment;
        let begin = match self.columns {
            // What lies before the columns was shown in the window before.
            Some((first, _)) if summary.last.0 < first => return None,
            Some((first, _)) if is_first => Offset(first).clamp(summary.base, summary.last),
            _ if is_first && is_from => self.from.offset.clamp(summary.base, summary.last),
            _ => summary.base,
        };
        let (_, end) = *self.columns.get_or_insert((begin.0, begin.0.saturating_add(COLUMNS)));
        let follows = self.cells.last().is_none_or(|cell| cell.offset < begin);
        if begin.0 >= end || !follows {
            return place(begin);
        }
        self.gap_up_to(begin);
        self.is_settled &= known.is_read || !batch.is_transactional();
        let mut next = None;
        batch.records(|record| {
            if record.offset < begin || record.offset > summary.last {
                return true;
            }
            if record.offset.0 >= end {
                next = Some(record.offset);
                return false;
            }
            let kind = if known.is_aborted { CellKind::Aborted } else { record.kind };
            self.record(&FileRecord { kind, ..record }, known.topic);
            true
        });
        let last = Offset(summary.last.0.min(end - 1));
        if batch.stated_records() == 0 {
            self.cells.push(cell(begin, CellKind::EmptyBatch, None, None));
        }
        self.gap_up_to(Offset(last.0 + 1));
        let size_bytes = u32::try_from(summary.size_bytes).unwrap_or(u32::MAX);
        self.spans.push(BatchSpan { base: begin, last, size_bytes });
        if let Some(epoch) = batch.leader_epoch().filter(|epoch| self.epochs.last().is_none_or(|e| e.epoch != *epoch)) {
            self.epochs.push(EpochBand { epoch, start: begin });
        }
        if self.segments.last().is_none_or(|border| border.file_name != known.file_name) {
            self.segments.push(SegmentBorder { base: begin, file_name: known.file_name.to_owned() });
        }
        self.rows.push(batch.row(here));
        next.and_then(place)
    }

    /// A batch whose offsets fit on no ruler is a line of the list, if it is the first.
    fn add_row_only(&mut self, batch: &Batch, here: Place, is_first: bool) -> bool {
        if is_first {
            self.rows.push(batch.row(here));
        }
        !is_first
    }

    fn record(&mut self, record: &FileRecord, topic: Option<InternalTopic>) {
        // What a broken batch says twice, or out of order, has no column of its own.
        if self.cells.last().is_some_and(|cell| cell.offset >= record.offset) {
            return;
        }
        self.gap_up_to(record.offset);
        let (key, value) = content(record, topic);
        self.cells.push(cell(record.offset, record.kind, key, value));
    }

    /// Dotted cells from the last one to `offset`.
    fn gap_up_to(&mut self, offset: Offset) {
        let Some((first, end)) = self.columns else { return };
        let from = self.cells.last().map_or(first, |cell| cell.offset.0 + 1);
        let gaps = (from..offset.0.min(end)).map(|at| cell(Offset(at), CellKind::Gap, None, None));
        self.cells.extend(gaps);
    }

    /// Whether a transaction that is here may turn out to be aborted.
    pub(super) fn is_settled(&self) -> bool {
        self.is_settled
    }

    pub(super) fn has_before(&self) -> bool {
        let first = self.cells.first().map_or(Offset::ZERO, |cell| cell.offset);
        let at_start = self.from.position == 0 && self.from.segment == 0;
        !at_start || self.rows.first().is_some_and(|row| row.place.offset < first)
    }

    /// The part of the window that this log is: up to where the next one begins, if one does.
    pub(super) fn done(mut self, side: u8, name: &str, next: Option<Place>, marks: Marks) -> Part {
        if let Some(Place { offset, .. }) = next {
            self.gap_up_to(offset);
        }
        let (first, end) = self.columns();
        for cell in &mut self.cells {
            let is_below = marks.log_start.is_some_and(|start| cell.offset < start);
            let is_above = marks.high_watermark.is_some_and(|mark| cell.offset >= mark);
            if is_below {
                cell.state = CellState::BelowLogStart;
            } else if is_above {
                cell.state = CellState::NotCommitted;
            }
        }
        let high_watermark = marks.high_watermark.map_or(end, |mark| mark.clamp(first, end));
        let tape = Tape {
            id: TapeId::File(name.to_owned()),
            role: ReplicaRole::None,
            in_sync: true,
            standing: None,
            parts_at: None,
            cells: self.cells,
            batches: self.spans,
            segments: self.segments,
            epochs: self.epochs,
            log_start: marks.log_start.map_or(first, |start| start.clamp(first, high_watermark)),
            high_watermark,
            last_stable: marks.last_stable,
            log_end: end,
            marks: Vec::new(),
        };
        Part { side, tape, batches: self.rows, indexed: Default::default(), differs: Vec::new() }
    }
}

fn cell(offset: Offset, kind: CellKind, key: Option<String>, value: Option<String>) -> Cell {
    Cell { offset, kind, state: CellState::Committed, record: None, key, value }
}
