//! Where things stand: computed from a frame and the width there is.
//!
//! A phone's stage is laid out again, never a wide one shrunk: names move above their tapes, cells keep
//! at least 40 px and text 12 px, and all tapes share one sideways scroll.

use std::ops::Range;

use kafka_lab::frame::{Actor, Frame, ReplicaRole, Tape, TapeId};
use kafka_lab::ids::{ConsumerIndex, Endpoint, Offset, Tick};

use super::labels;
use super::question::{Asks, Question};
use super::shape::{Bounds, Point, TextStyle, point};
use super::text;

/// Three arrangements, chosen by the stage's own width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SizeClass {
    /// Under 560 px: a phone, or an embedded frame (the smallest supported is 360).
    Phone,
    /// Up to 880 px: a tablet, or a stage beside prose on a small screen.
    Middle,
    Wide,
}

impl SizeClass {
    #[must_use]
    pub fn of_width(width_px: f64) -> Self {
        match width_px {
            w if w < 560.0 => SizeClass::Phone,
            w if w < 880.0 => SizeClass::Middle,
            _ => SizeClass::Wide,
        }
    }
}

/// The measures of one arrangement, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metrics {
    pub cell_width: f64,
    pub cell_height: f64,
    /// From one offset's column to the next.
    pub pitch: f64,
    /// Where the column of the first offset begins when nothing is scrolled.
    pub tape_x: f64,
    /// Where names begin.
    pub name_x: f64,
    /// The width at the right in which messages travel.
    pub lane: f64,
    pub top: f64,
    pub ruler: f64,
    /// Above the flags: a row for the name, where there is no room at the left.
    pub name_row: f64,
    pub flag_row: f64,
    /// Under the cells: epochs and, on a phone, readers too.
    pub epoch_row: f64,
    /// Under the epochs: readers. 0 puts them beside the epochs.
    pub reader_row: f64,
    pub tape_gap: f64,
    pub producer_row: f64,
    /// The same where there are several: then what is said under a record that it holds is spared.
    pub producers_row: f64,
    pub consumer_row: f64,
    pub controller_row: f64,
    /// The least width of a table.
    pub table_width: f64,
    pub table_line: f64,
    /// Rows that a table has room for; there is room for them from the first on, so that nothing jumps.
    pub table_lines: usize,
}

impl Metrics {
    #[must_use]
    pub fn of_width(width_px: f64) -> &'static Self {
        match SizeClass::of_width(width_px) {
            SizeClass::Phone if width_px < 440.0 => &PHONE,
            SizeClass::Phone => &NARROW,
            SizeClass::Middle => &MIDDLE,
            SizeClass::Wide => &WIDE,
        }
    }
}

static WIDE: Metrics = Metrics {
    cell_width: 54.0,
    cell_height: 46.0,
    pitch: 57.0,
    tape_x: 184.0,
    name_x: 46.0,
    lane: 156.0,
    top: 20.0,
    ruler: 28.0,
    name_row: 0.0,
    flag_row: 20.0,
    epoch_row: 22.0,
    reader_row: 18.0,
    tape_gap: 14.0,
    producer_row: 52.0,
    producers_row: 36.0,
    consumer_row: 30.0,
    controller_row: 26.0,
    table_width: 208.0,
    table_line: 19.0,
    table_lines: 5,
};

static MIDDLE: Metrics = Metrics {
    cell_width: 48.0,
    cell_height: 44.0,
    pitch: 51.0,
    tape_x: 164.0,
    name_x: 34.0,
    lane: 136.0,
    top: 14.0,
    ruler: 26.0,
    name_row: 0.0,
    flag_row: 20.0,
    epoch_row: 20.0,
    reader_row: 18.0,
    tape_gap: 8.0,
    producer_row: 48.0,
    producers_row: 32.0,
    consumer_row: 28.0,
    controller_row: 24.0,
    table_width: 190.0,
    table_line: 18.0,
    table_lines: 5,
};

/// Arranged as on a phone, with the cells and the air that a wide one has: one of two stages beside each other.
static NARROW: Metrics = Metrics {
    cell_width: 54.0,
    cell_height: 46.0,
    pitch: 57.0,
    lane: 84.0,
    ruler: 26.0,
    name_row: 22.0,
    flag_row: 18.0,
    epoch_row: 18.0,
    tape_gap: 16.0,
    producer_row: 32.0,
    producers_row: 30.0,
    consumer_row: 28.0,
    controller_row: 40.0,
    ..PHONE
};

static PHONE: Metrics = Metrics {
    cell_width: 41.0,
    cell_height: 40.0,
    pitch: 44.0,
    tape_x: 16.0,
    name_x: 14.0,
    lane: 76.0,
    top: 4.0,
    ruler: 20.0,
    name_row: 17.0,
    flag_row: 16.0,
    epoch_row: 15.0,
    reader_row: 0.0,
    tape_gap: 2.0,
    producer_row: 26.0,
    producers_row: 26.0,
    consumer_row: 24.0,
    controller_row: 38.0,
    table_width: 150.0,
    table_line: 18.0,
    table_lines: 4,
};

/// One tape's rows, as y on the stage.
#[derive(Clone, Debug, PartialEq)]
pub struct TapeRow {
    pub id: TapeId,
    pub top: f64,
    pub flag_top: f64,
    pub cell_top: f64,
    pub cell_bottom: f64,
    /// Top of the row of epochs, right under the cells.
    pub epoch_top: f64,
    /// Top of the row of readers; equal to `epoch_top` where they share one.
    pub reader_top: f64,
    pub bottom: f64,
}

impl TapeRow {
    /// The middle of its cells, where messages leave and arrive.
    #[must_use]
    pub fn middle(&self) -> f64 {
        f64::midpoint(self.cell_top, self.cell_bottom)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct ActorRow {
    pub id: Endpoint,
    pub top: f64,
    pub bottom: f64,
}

/// Where a consumer's table stands.
#[derive(Clone, Debug, PartialEq)]
pub struct TablePlace {
    pub id: ConsumerIndex,
    pub bounds: Bounds,
    /// Which line of tables, from the top.
    pub line: usize,
}

impl TablePlace {
    /// The height of the line with the program's name.
    pub const HEAD: f64 = 24.0;
}

/// An answer that is being given on the stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub question: Question,
    pub candidate: i64,
}

/// What a layout depends on besides the frame.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Of the stage, in CSS pixels.
    pub width_px: f64,
    /// How far the tapes are scrolled; `None` follows the live end.
    pub scroll_px: Option<f64>,
    pub answer: Option<Answer>,
    /// Draws routine messages too.
    pub with_routine: bool,
    /// Only tapes that reach into these heights are drawn: for when very much moves.
    pub heights: Option<(f64, f64)>,
}

impl View {
    /// A stage of this width that follows the live end.
    #[must_use]
    pub fn of_width(width_px: f64) -> Self {
        View { width_px, scroll_px: None, answer: None, with_routine: false, heights: None }
    }
}

/// Where everything of one frame stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    pub size: SizeClass,
    pub metrics: &'static Metrics,
    pub width_px: f64,
    pub height_px: f64,
    /// Of the scrolled plane; at least `width_px`.
    pub content_width_px: f64,
    pub scroll_px: f64,
    /// The first offset on the ruler.
    pub origin: Offset,
    /// The largest end of what is drawn of all tapes.
    pub live_end: Offset,
    /// The ruler is that of two frames beside each other.
    pub is_beside: bool,
    /// The offsets near what can be seen; others need not be drawn.
    pub visible: Range<i64>,
    pub ruler_y: f64,
    pub tapes: Vec<TapeRow>,
    pub actors: Vec<ActorRow>,
    pub tables: Vec<TablePlace>,
    pub answer: Option<Answer>,
    pub with_routine: bool,
    heights: Option<(f64, f64)>,
    /// The frame's virtual time.
    pub tick: Tick,
}

/// From a log end to its words.
pub const LOG_END_WORDS_X: f64 = 15.0;

/// Columns that stay on the ruler before a log that does not begin at 0: where something was, one sees that it was.
const RUINS: i64 = 4;

/// Columns that are drawn outside of what can be seen, at each side.
const MARGIN_COLUMNS: i64 = 24;

impl Layout {
    #[must_use]
    pub fn of(frame: &Frame, view: &View) -> Self {
        let size = SizeClass::of_width(view.width_px);
        let metrics = Metrics::of_width(view.width_px);
        let first = frame.tapes.iter().map(first_offset).min().unwrap_or_default();
        let live_end = frame.tapes.iter().map(Tape::drawn_end).max().unwrap_or_default();
        let (first, live_end) = frame.ruler.unwrap_or((first, live_end));
        let origin = Offset(first.0.saturating_sub(RUINS).max(0)).min(first);
        let mut layout = Layout {
            size,
            metrics,
            width_px: view.width_px,
            height_px: 0.0,
            content_width_px: view.width_px,
            scroll_px: 0.0,
            origin,
            live_end,
            is_beside: frame.ruler.is_some(),
            visible: origin.0..live_end.0,
            ruler_y: 0.0,
            tapes: Vec::new(),
            actors: Vec::new(),
            tables: Vec::new(),
            answer: view.answer.clone(),
            with_routine: view.with_routine,
            heights: view.heights,
            tick: frame.tick,
        };
        layout.stack_rows(frame);
        let overhang_px = layout.x_from_offset(live_end) + layout.tail_px(frame) - view.width_px;
        let mut furthest_px = overhang_px.max(0.0);
        if size != SizeClass::Phone {
            // Whole columns: at the live end no cell is cut by the names.
            furthest_px = (furthest_px / metrics.pitch).ceil() * metrics.pitch;
        }
        layout.content_width_px = view.width_px + furthest_px;
        layout.scroll_px = view.scroll_px.unwrap_or(furthest_px).min(furthest_px).max(0.0);
        let first = layout.offset_from_x(layout.scroll_px).0 - MARGIN_COLUMNS;
        let last = layout.offset_from_x(layout.scroll_px + view.width_px).0 + MARGIN_COLUMNS;
        layout.visible = first.max(origin.0)..last;
        layout
    }

    /// Producers above, tapes under one ruler, consumers below: what is written flows down. Controllers stand last.
    fn stack_rows(&mut self, frame: &Frame) {
        let metrics = self.metrics;
        let mut y = metrics.top;
        let writers = || frame.actors.iter().filter(|actor| writes(actor));
        let height = if writers().count() > 1 { metrics.producers_row } else { metrics.producer_row };
        for actor in writers() {
            self.actors.push(ActorRow { id: actor.id, top: y, bottom: y + height });
            y += height;
        }
        self.ruler_y = y;
        y += metrics.ruler;
        for tape in &frame.tapes {
            let row = tape_row(tape, y, metrics);
            y = row.bottom;
            self.tapes.push(row);
        }
        for actor in frame.actors.iter().filter(|actor| !writes(actor)) {
            let is_controller = matches!(actor.id, Endpoint::Controller(_));
            let height = if is_controller { metrics.controller_row } else { metrics.consumer_row };
            self.actors.push(ActorRow { id: actor.id, top: y, bottom: y + height });
            y += height;
        }
        y = self.stack_tables(frame, y);
        self.height_px = y + metrics.tape_gap.max(4.0);
    }

    /// Tables side by side under the consumers, so that two of them can be compared row by row. Returns their bottom.
    fn stack_tables(&mut self, frame: &Frame, top: f64) -> f64 {
        const GAP: f64 = 12.0;
        const WIDEST: f64 = 240.0;
        const ABOVE: f64 = 6.0;
        let Metrics { name_x, tape_x, table_width, table_line, table_lines, .. } = *self.metrics;
        let x = if self.size == SizeClass::Phone { name_x } else { tape_x };
        let room = self.width_px - x - name_x;
        let columns = ((room + GAP) / (table_width + GAP)).floor().max(1.0);
        let width = ((room - GAP * (columns - 1.0)) / columns).min(WIDEST);
        #[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
        let height = TablePlace::HEAD + table_lines as f64 * table_line + 5.0;
        let mut at = Bounds { x, y: top + ABOVE, width, height };
        let mut line = 0;
        let keeps = |actor: &&Actor| actor.table.is_some();
        for actor in frame.actors.iter().filter(keeps) {
            let Endpoint::Consumer(id) = actor.id else { continue };
            if at.right() > x + room + 0.5 {
                at = Bounds { x, y: at.bottom() + ABOVE, ..at };
                line += 1;
            }
            self.tables.push(TablePlace { id, bounds: at, line });
            at.x += width + GAP;
        }
        self.tables.last().map_or(top, |last| last.bounds.bottom() + 2.0)
    }

    /// What stands right of the last log end: its label, a flag that may point there, the lane.
    fn tail_px(&self, frame: &Frame) -> f64 {
        let parted = frame.tapes.iter().filter_map(|tape| tape.parts_at).next();
        let parted = parted.map_or(0.0, |at| text::width_px(&Self::parted_words(at), TextStyle::SmallBold));
        let label = text::width_px(&self.log_end_words(self.live_end), TextStyle::Small).max(parted) + 20.0;
        let flag = frame.tapes.iter().filter(|tape| tape.log_end == self.live_end).map(|tape| {
            let words = self.flag_words(tape);
            let reach = text::width_px(&words, TextStyle::SmallBold) + 24.0;
            let behind = self.x_from_offset(self.live_end) - self.x_from_offset(tape.high_watermark);
            reach - behind
        });
        flag.fold(label + self.metrics.lane, f64::max)
    }

    /// The left border of an offset's column, on the scrolled plane.
    #[must_use]
    pub fn x_from_offset(&self, offset: Offset) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "columns on one stage, far fewer than 2^52")]
        let columns = offset.0.saturating_sub(self.origin.0) as f64;
        self.metrics.tape_x + columns * self.metrics.pitch
    }

    /// The offset in whose column `x` lies. Left of the ruler this is less than its first offset.
    #[must_use]
    pub fn offset_from_x(&self, x: f64) -> Offset {
        #[expect(clippy::cast_possible_truncation, reason = "`as` saturates; x is a place on a screen")]
        let columns = ((x - self.metrics.tape_x) / self.metrics.pitch).floor() as i64;
        self.origin.plus(columns)
    }

    /// The border between two columns that lies nearest to `x`, as the offset right of it.
    #[must_use]
    pub fn border_from_x(&self, x: f64) -> Offset {
        self.offset_from_x(x + self.metrics.pitch / 2.0)
    }

    /// Where a mark between two cells stands: the middle of the gap left of the offset's cell.
    #[must_use]
    pub fn border_x(&self, offset: Offset) -> f64 {
        self.x_from_offset(offset) - (self.metrics.pitch - self.metrics.cell_width) / 2.0
    }

    /// The box of an offset's cell on a tape.
    #[must_use]
    pub fn cell_bounds(&self, row: &TapeRow, offset: Offset) -> Bounds {
        let Metrics { cell_width: width, cell_height: height, .. } = *self.metrics;
        Bounds { x: self.x_from_offset(offset), y: row.cell_top, width, height }
    }

    /// The tapes that are drawn, each with its rows.
    pub fn rows<'a>(&'a self, frame: &'a Frame) -> impl Iterator<Item = (&'a Tape, &'a TapeRow)> {
        let is_seen = |row: &TapeRow| self.heights.is_none_or(|(top, bottom)| row.bottom >= top && row.top <= bottom);
        frame.tapes.iter().zip(&self.tapes).filter(move |(_, row)| is_seen(row))
    }

    #[must_use]
    pub fn tape_row(&self, id: &TapeId) -> Option<&TapeRow> {
        self.tapes.iter().find(|row| row.id == *id)
    }

    #[must_use]
    pub fn actor_row(&self, id: Endpoint) -> Option<&ActorRow> {
        self.actors.iter().find(|row| row.id == id)
    }

    /// Whether an offset is near enough to what can be seen to be drawn.
    #[must_use]
    pub fn shows(&self, offset: Offset) -> bool {
        self.visible.contains(&offset.0)
    }

    /// Where messages leave and arrive, on the fixed plane. `None` for an end that is not on the stage.
    #[must_use]
    pub fn port(&self, end: Endpoint) -> Option<Point> {
        let y = match end {
            Endpoint::Broker(id) => self.tape_row(&TapeId::Broker(id))?.middle(),
            Endpoint::Producer(_) | Endpoint::Consumer(_) | Endpoint::Controller(_) => {
                let row = self.actor_row(end)?;
                f64::midpoint(row.top, row.bottom)
            }
        };
        Some(point(self.width_px - self.metrics.lane, y))
    }

    #[must_use]
    pub fn flag_words(&self, tape: &Tape) -> String {
        let high_watermark = tape.high_watermark;
        match (tape.role, self.size) {
            _ if labels::is_down(tape) => format!("on disk {high_watermark}"),
            (ReplicaRole::Follower, _) => format!("knows {high_watermark}"),
            (_, SizeClass::Phone) => format!("mark {high_watermark}"),
            _ => format!("high watermark {high_watermark}"),
        }
    }

    /// What stands under the log end of a tape that parts from the leader's.
    #[must_use]
    pub fn parted_words(at: Offset) -> String {
        format!("parts at {at}")
    }

    /// How far right of a log end its words begin: behind what is lost, beside another frame behind all that the other
    /// may have there, and behind an answer that would stand in them.
    #[must_use]
    pub fn log_end_gap_px(&self, tape: &Tape, words_px: f64) -> f64 {
        let behind = if self.is_beside { self.live_end } else { tape.drawn_end() }.max(tape.log_end);
        let behind = match self.answer_span(&tape.id) {
            Some((from, to)) if from > behind => {
                let words_end = self.border_x(behind) + LOG_END_WORDS_X + words_px;
                if self.border_x(from) - 8.0 < words_end { to } else { behind }
            }
            Some((_, to)) => behind.max(to),
            None => behind,
        };
        self.x_from_offset(behind) - self.x_from_offset(tape.log_end)
    }

    /// From which border to which one the answer about this tape reaches: a bar stands on one, a frame fills a column.
    fn answer_span(&self, tape: &TapeId) -> Option<(Offset, Offset)> {
        let answer = self.answer.as_ref()?;
        let (asked, asks) = answer.question.on_tape()?;
        let at = Offset(answer.candidate);
        (asked == tape).then(|| (at, if asks == Asks::Cell { at.plus(1) } else { at }))
    }

    #[must_use]
    pub fn log_end_words(&self, log_end: Offset) -> String {
        match self.size {
            SizeClass::Phone => format!("end {log_end}"),
            _ => format!("log end {log_end}"),
        }
    }
}

fn writes(actor: &Actor) -> bool {
    matches!(actor.id, Endpoint::Producer(_))
}

fn first_offset(tape: &Tape) -> Offset {
    tape.cells.first().map_or(tape.log_start, |cell| cell.offset.min(tape.log_start))
}

fn tape_row(tape: &Tape, top: f64, metrics: &Metrics) -> TapeRow {
    let flag_top = top + metrics.name_row;
    let cell_top = flag_top + metrics.flag_row;
    let cell_bottom = cell_top + metrics.cell_height;
    let reader_top = if metrics.reader_row > 0.0 { cell_bottom + metrics.epoch_row } else { cell_bottom };
    TapeRow {
        id: tape.id.clone(),
        top,
        flag_top,
        cell_top,
        cell_bottom,
        epoch_top: cell_bottom,
        reader_top,
        bottom: cell_bottom + metrics.epoch_row + metrics.reader_row + metrics.tape_gap,
    }
}

#[cfg(test)]
mod tests;
