//! Keeps the document's picture equal to what the player shows: once an animation frame, outside of the
//! reactive graph.

use std::sync::Arc;

use kafka_lab::frame::{Frame, TapeId};
use wasm_bindgen::JsValue;

use super::crowd::{Crowd, MOST_IN_SVG};
use super::layers::{self, More, answer, messages};
use super::layout::{Answer, Layout, View};
use super::motion::{self, Fade, Move};
use super::painter::Painter;
use super::question::Asks;
use super::shape::{Point, Shape};
use super::{focus, subject::Subject};
use crate::player::clock::ease;
use crate::player::{Idle, Moment, Playback, Player};
use crate::reactive::*;

/// The picture of one stage, and how far it has come to what is wanted.
pub(super) struct Stagehand {
    playback: Playback,
    /// Over the standard layers.
    more: Option<More>,
    pub(super) painter: Painter,
    pub(super) view: View,
    pub(super) layout: Layout,
    frame: Arc<Frame>,
    moment: Moment,
    /// What is shown, or what everything is on its way to.
    pub(super) shapes: Vec<Shape>,
    moves: Vec<Move>,
    /// On the way from one picture to the next.
    moving: bool,
    /// Forms change halfway, when a mark has passed what it changes.
    forms_are_late: bool,
    scroll_from_px: f64,
    /// For when very much moves at once.
    crowd: Option<Crowd>,
    /// What the stage wrote last as its scroll; any other value is the reader's.
    scroll_written_px: f64,
}

impl Stagehand {
    pub(super) fn new(playback: Playback, more: Option<More>, painter: Painter, width_px: f64) -> Self {
        let view = View::of_width(width_px);
        let frame = Arc::new(Frame::default());
        let layout = Layout::of(&frame, &view);
        Stagehand {
            playback,
            more,
            painter,
            view,
            layout,
            frame,
            moment: Moment::START,
            shapes: Vec::new(),
            moves: Vec::new(),
            moving: false,
            forms_are_late: false,
            scroll_from_px: 0.0,
            crowd: None,
            scroll_written_px: 0.0,
        }
    }

    /// Looks at what is to be shown now, and writes what differs. Says what idle time is passing.
    pub(super) fn look(&mut self) -> Result<Option<Idle>, JsValue> {
        let (moment, shown, clock_ms, idle) = self.playback.with_player(|player| {
            let (moment, clock_ms) = (player.moment(), player.clock_ms());
            let idle = player.schedule().idle_at(moment, clock_ms);
            let clock_ms = if player.motion() { clock_ms } else { player.schedule().rest_ms(moment) };
            (moment, player.shown(), clock_ms, idle)
        });
        let view = self.wanted_view();
        let frame = self.playback.frame().get_untracked();
        if !Arc::ptr_eq(&frame, &self.frame) || view != self.view || self.shapes.is_empty() {
            let plays_on = moment > self.moment && shown < 1.0 && view == self.view && !self.shapes.is_empty();
            let in_crowd = self.is_crowded();
            self.begin(frame, view, plays_on)?;
            if in_crowd && self.is_crowded() {
                // Setting out is work enough for one frame: a crowd stands where it stood until the next.
                self.moment = moment;
                return Ok(idle);
            }
        }
        self.moment = moment;
        self.show(shown)?;
        self.fly(clock_ms)?;
        Ok(idle)
    }

    fn wanted_view(&self) -> View {
        let answer = self.playback.question().get_untracked().zip(self.playback.candidate().get_untracked());
        View {
            answer: answer.map(|(question, candidate)| Answer { question, candidate }),
            with_routine: self.playback.shows_routine().get_untracked(),
            ..self.view.clone()
        }
    }

    /// Sets out for another picture: by motion, or at once.
    fn begin(&mut self, frame: Arc<Frame>, view: View, by_motion: bool) -> Result<(), JsValue> {
        let in_crowd = self.is_crowded();
        if !in_crowd {
            self.show(1.0)?;
        }
        self.scroll_from_px = self.layout.scroll_px;
        let heights = self.crowd.as_ref().filter(|crowd| by_motion && crowd.is_on());
        let heights = heights.map(|crowd| crowd.heights(&self.painter.scroller));
        let layout = Layout::of(&frame, &View { heights, ..view.clone() });
        let shapes = self.draw(&frame, &layout);
        self.moves = if by_motion { motion::moves(&self.shapes, &shapes, &layout) } else { Vec::new() };
        let is_resized = layout.height_px != self.layout.height_px
            || layout.content_width_px != self.layout.content_width_px
            || layout.width_px != self.layout.width_px
            || self.shapes.is_empty();
        let before = std::mem::replace(&mut self.shapes, shapes);
        (self.frame, self.view, self.layout) = (frame, view, layout);
        (self.moving, self.forms_are_late) = (by_motion, by_motion);
        if by_motion && (in_crowd || self.moves.len() > MOST_IN_SVG) {
            return self.gather(&before);
        }
        if is_resized && !in_crowd {
            self.painter.resize(&self.layout)?;
        }
        self.painter.add(&self.shapes)?;
        if !by_motion {
            self.settle()?;
        }
        Ok(())
    }

    fn draw(&self, frame: &Frame, layout: &Layout) -> Vec<Shape> {
        let mut shapes = layers::draw(layers::STANDARD, frame, layout);
        shapes.extend(self.more.iter().flat_map(|more| more(layout)));
        shapes
    }

    fn is_crowded(&self) -> bool {
        self.crowd.as_ref().is_some_and(Crowd::is_on)
    }

    /// Goes on by canvas; the SVG is brought up to date when all stands still.
    fn gather(&mut self, before: &[Shape]) -> Result<(), JsValue> {
        let crowd = match &mut self.crowd {
            Some(crowd) => crowd,
            none => none.insert(Crowd::new(&self.painter.scroller)?),
        };
        let plane: &web_sys::Element = &self.painter.scrolled;
        crowd.enter(plane)?;
        crowd.cast(before, &self.shapes, &self.moves, plane)?;
        self.painter.renew_fixed(&self.shapes)
    }

    /// Everything at its place, in its form, and nothing else.
    fn settle(&mut self) -> Result<(), JsValue> {
        if let Some(crowd) = self.crowd.as_mut().filter(|crowd| crowd.is_on()) {
            crowd.leave(&self.painter.scrolled)?;
            self.layout = Layout::of(&self.frame, &self.view);
            self.shapes = self.draw(&self.frame, &self.layout);
            self.painter.resize(&self.layout)?;
            self.painter.add(&self.shapes)?;
        }
        self.painter.forget_others(&self.shapes);
        self.painter.form(&self.shapes)?;
        for shape in &self.shapes {
            self.painter.place(&shape.key, shape.at)?;
            self.painter.fade(&shape.key, 1.0)?;
        }
        self.moves.clear();
        self.forms_are_late = false;
        self.scroll_to(self.layout.scroll_px);
        self.describe_answer()?;
        self.keep_stop()
    }

    fn show(&mut self, shown: f64) -> Result<(), JsValue> {
        if !self.moving {
            return Ok(());
        }
        let goes_on = shown < 1.0 || self.playback.with_player(Player::is_moving);
        if let Some(crowd) = self.crowd.as_mut().filter(|crowd| goes_on && crowd.is_on()) {
            let scroll_px = f64::from(self.painter.scroller.scroll_left());
            return crowd.draw(shown, &self.painter.scroller, scroll_px);
        }
        if shown >= 1.0 {
            self.moving = false;
            return self.settle();
        }
        for moved in &self.moves {
            // Messages fly by the clock, not by difference.
            if !moved.key.starts_with(messages::KEY) {
                self.painter.place(&moved.key, moved.at(shown))?;
            }
            if moved.fade != Fade::Stays {
                self.painter.fade(&moved.key, moved.opacity(shown))?;
            }
        }
        if self.forms_are_late && shown >= 0.5 {
            self.forms_are_late = false;
            self.painter.form(&self.shapes)?;
        }
        let scroll_px = self.scroll_from_px + (self.layout.scroll_px - self.scroll_from_px) * ease(shown);
        self.scroll_to(scroll_px);
        Ok(())
    }

    /// Messages, by the presentation clock.
    fn fly(&self, clock_ms: f64) -> Result<(), JsValue> {
        let flying: Vec<_> = messages::drawn(&self.frame, &self.layout).collect();
        if flying.is_empty() {
            return Ok(());
        }
        let mut places: Vec<(Point, f64)> = flying
            .iter()
            .map(|(message, route)| {
                let held = message.due.is_none();
                let id = (message.id, self.playback.side());
                let progress = self.playback.with_player(|player| player.schedule().progress(id, held, clock_ms));
                let width = messages::capsule_width(message, &self.layout);
                (messages::place(route, progress, width, &self.layout), width)
            })
            .collect();
        messages::separate(&mut places);
        for ((message, _), (at, _)) in flying.iter().zip(places) {
            self.painter.place(&messages::key(message), at)?;
        }
        Ok(())
    }

    fn scroll_to(&mut self, scroll_px: f64) {
        if (scroll_px - self.scroll_written_px).abs() < 0.5 {
            return;
        }
        #[expect(clippy::cast_possible_truncation, reason = "a place on a screen")]
        self.painter.scroller.set_scroll_left(scroll_px.round() as i32);
        self.scroll_written_px = f64::from(self.painter.scroller.scroll_left());
    }

    /// The reader has scrolled: the stage stays there until they come back to the live end.
    /// True when other columns have to be drawn now.
    pub(super) fn scrolled(&mut self) -> bool {
        let here_px = f64::from(self.painter.scroller.scroll_left());
        if (here_px - self.scroll_written_px).abs() < 1.5 {
            return false;
        }
        let furthest_px = self.layout.content_width_px - self.layout.width_px;
        self.scroll_written_px = here_px;
        let at_the_end = here_px >= furthest_px - self.layout.metrics.pitch / 2.0;
        let scroll_px = if at_the_end { None } else { Some(here_px) };
        let changed = self.view.scroll_px != scroll_px;
        self.view.scroll_px = scroll_px;
        if changed {
            self.start_over();
        }
        changed
    }

    /// The next look draws everything anew, without motion.
    fn start_over(&mut self) {
        self.shapes.clear();
        self.moves.clear();
        self.moving = false;
    }

    pub(super) fn set_width(&mut self, width_px: f64) {
        if (self.view.width_px - width_px).abs() >= 1.0 {
            self.view.width_px = width_px;
            self.start_over();
        }
    }

    /// The slider's numbers, for a reader who does not see it.
    fn describe_answer(&self) -> Result<(), JsValue> {
        let (Some(answer), Some(group)) = (&self.view.answer, self.painter.group(answer::KEY)) else { return Ok(()) };
        let (first, last) = self.answers();
        group.set_attribute("aria-valuemin", &first.to_string())?;
        group.set_attribute("aria-valuemax", &last.to_string())?;
        group.set_attribute("aria-valuenow", &answer.candidate.to_string())?;
        let unit = if answer.question.on_tape().is_some() { "offset " } else { "" };
        group.set_attribute("aria-valuetext", &format!("{unit}{}", answer.candidate))
    }

    /// Tab enters at the thing that had the focus last, or at the newest record.
    fn keep_stop(&mut self) -> Result<(), JsValue> {
        let is_there = |key: &str| self.shapes.iter().any(|shape| shape.key == key && shape.target.is_some());
        if self.painter.stop().is_some_and(is_there) {
            return Ok(());
        }
        let entry = focus::entry(&self.shapes, &self.layout).map(str::to_owned);
        self.painter.set_stop(entry)
    }

    /// The answer of an open question.
    pub(super) fn answer(&self) -> Option<&Answer> {
        self.view.answer.as_ref()
    }

    /// The least and the largest answer. Some columns past the live end may be the answer, too.
    pub(super) fn answers(&self) -> (i64, i64) {
        const BEYOND: i64 = 8;
        const FAR: i64 = 1_000;
        match self.answer().filter(|answer| answer.question.on_tape().is_none()) {
            Some(answer) => (answer.question.start.saturating_sub(FAR), answer.question.start.saturating_add(FAR)),
            None => (self.layout.origin.0, self.layout.live_end.plus(BEYOND).0),
        }
    }

    /// The offset that a place on the scrolled plane answers with.
    pub(super) fn answer_at(&self, x: f64, asks: Asks) -> i64 {
        let offset = match asks {
            Asks::Cell => self.layout.offset_from_x(x),
            Asks::HighWatermark | Asks::LogEnd | Asks::Border => self.layout.border_from_x(x),
        };
        let (first, last) = self.answers();
        offset.0.clamp(first, last)
    }

    /// Whether a height on the stage lies in a tape's rows.
    pub(super) fn is_on_tape(&self, tape: &TapeId, y: f64) -> bool {
        self.layout.tape_row(tape).is_some_and(|row| row.top <= y && y <= row.bottom)
    }

    /// The thing that a key names, if it can be pointed at.
    pub(super) fn subject(&self, key: &str) -> Option<Subject> {
        self.painter.shape(key)?.target.as_ref().map(|target| target.subject.clone())
    }
}
