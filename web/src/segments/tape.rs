//! The window of a log, or of two, as tapes: drawn by the layers of every stage, and gone through with the arrow keys.

use std::rc::Rc;

use kafka_lab::frame::{Frame, TapeId};
use kafka_lab::ids::Offset;
use kafka_lab::inspect::{Part, Place, Window};
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, KeyboardEvent, MouseEvent, SvgElement};

use super::marks::{NAME_PX, ROW_PX, marks, transactions, transactions_px};
use super::reading::Reading;
use super::words;
use crate::markup::{El, Markup, button, el, live, many, svg, text};
use crate::reactive::*;
use crate::stage::element::{self, number};
use crate::stage::focus::{Direction, neighbour};
use crate::stage::layers::{self, Layer, batches, cells, epochs, ruler};
use crate::stage::shape::Shape;
use crate::stage::{Layout, Subject, View};

/// A file has no readers and nothing in flight.
const LAYERS: &[Layer] = &[ruler::layer, epochs::layer, batches::layer, cells::layer];
/// What stays free at both ends.
const MARGIN_PX: f64 = 12.0;
/// What a page that is rendered at build time is drawn for.
const BUILT_WIDTH_PX: f64 = 900.0;

pub(super) fn tape(reading: Reading) -> El {
    let picture = move || match reading.window.get() {
        Some(window) if window.parts.iter().all(|part| part.tape.cells.is_empty()) => {
            el("p").class("note").child(words::NO_TAPE).into()
        }
        Some(window) => picture(&window, reading).into(),
        None => Markup::Nothing,
    };
    let seen = move || reading.window.with(|window| window.as_ref().map_or_else(String::new, |window| range(window)));
    let earlier = move || reading.window.with(|window| window.as_ref().is_some_and(|window| window.has_before));
    let later = move || reading.window.with(|window| window.as_ref().is_some_and(|window| window.next.is_some()));
    // Not `disabled`: who goes to the end by keyboard keeps the focus there.
    let paging = el("p")
        .class("segments-paging")
        .child(button("button", words::EARLIER).live_attr("aria-disabled", move || !earlier()).on_click(move || {
            reading.earlier();
        }))
        .child(button("button", words::LATER).live_attr("aria-disabled", move || !later()).on_click(move || {
            reading.later();
        }))
        .child(el("span").attr("role", "status").child(text(seen)));
    let note = move || {
        let parts = reading.window.with(|window| window.as_ref().map_or(0, |window| window.parts.len()));
        let has_transactions = reading.overview.with(|overview| {
            overview.iter().any(|overview| overview.sides.iter().any(|side| !side.transactions.is_empty()))
        });
        let more = match parts {
            2 => words::TAPE_NOTE_TWO,
            _ if has_transactions => words::TAPE_NOTE_TRANSACTIONS,
            _ => "",
        };
        format!("{} {more}", words::TAPE_NOTE).trim_end().to_owned()
    };
    el("section")
        .child(el("h2").child(words::TAPE))
        .child(el("p").class("note").child(text(note)))
        .child(el("div").class("segments-tape").child(el("div").class("stage-scroll").child(live(picture))))
        .child(paging)
}

fn range(window: &Window) -> String {
    if window.parts.iter().all(|part| part.tape.cells.is_empty()) {
        return words::NO_TAPE.to_owned();
    }
    format!("{} {} {} {}", words::RECORDS_FROM, window.first, words::TO, window.end.0 - 1)
}

/// What was drawn, for what is done on it.
struct Drawn {
    shapes: Vec<Shape>,
    layout: Layout,
    window: Window,
    /// The one thing that Tab reaches.
    stop: RwSignal<String>,
    reading: Reading,
}

fn picture(window: &Window, reading: Reading) -> El {
    let tapes = window.parts.iter().map(|part| part.tape.clone()).collect();
    let frame = Frame { tapes, ..Frame::default() };
    let width_px = if cfg!(feature = "ssr") { BUILT_WIDTH_PX } else { window_width_px() };
    let view = View { scroll_px: Some(0.0), ..View::of_width(width_px) };
    let mut layout = Layout::of(&frame, &view);
    let (first, end) = (window.first, window.end);
    // All of it is drawn, and nothing beside it: it is one window of a long tape.
    layout.visible = first.0..end.0;
    let names = if window.parts.len() > 1 { NAME_PX } else { 0.0 };
    let (left, right) = (layout.x_from_offset(first) - MARGIN_PX - names, layout.x_from_offset(end) + MARGIN_PX);
    layout.content_width_px = right;
    let mut shapes = layers::draw(LAYERS, &frame, &layout);
    shapes.extend(marks(window, &layout));
    // Under two tapes there is no room for them.
    let of_one = reading.overview.get().filter(|_| window.parts.len() == 1);
    let ended = of_one.and_then(|overview| overview.sides.first().map(|side| side.transactions.clone()));
    let ended = ended.unwrap_or_default();
    shapes.extend(transactions(window, &ended, &layout));
    // No readers stand under a file's epochs.
    let last = layout.tapes.last();
    let below = ROW_PX + transactions_px(&ended) + MARGIN_PX / 2.0;
    let bottom = last.map_or(0.0, |row| row.epoch_top + layout.metrics.epoch_row + below);
    let (width, height) = (number(right - left), number(bottom));
    let view_box = format!("{} 0 {width} {height}", number(left));
    let chosen = reading.chosen.get_untracked().unwrap_or(window.from);
    let at = chosen.offset;
    let tape = window.parts.iter().find(|part| part.side == chosen.side).or(window.parts.first());
    let cell = |offset: Offset| tape.map(|part| Subject::Cell { tape: part.tape.id.clone(), offset });
    let key_of = |subject: Option<Subject>| {
        let has = |shape: &&Shape| shape.target.as_ref().map(|target| &target.subject) == subject.as_ref();
        shapes.iter().find(has).filter(|_| subject.is_some()).map(|shape| shape.key.clone())
    };
    // What was chosen may stand behind the last batch.
    let near = if at >= end { Offset(end.0 - 1) } else { first };
    let stop = RwSignal::new(key_of(cell(at)).or_else(|| key_of(cell(near))).unwrap_or_default());
    let groups: Vec<El> = shapes.iter().map(|shape| group(shape, window, stop, reading)).collect();
    let drawn = Rc::new(Drawn { shapes, layout, window: window.clone(), stop, reading });
    let on_key = Rc::clone(&drawn);
    svg("svg")
        .class("stage-svg")
        .attr("width", width)
        .attr("height", height)
        .attr("viewBox", view_box)
        .attr("role", "group")
        .attr("aria-label", range(window))
        .on("click", move |event: MouseEvent| drawn.click(event.target()))
        .on("keydown", move |event: KeyboardEvent| {
            if on_key.key(&event) {
                event.prevent_default();
                event.stop_propagation();
            }
        })
        .made(move |_| effect(move || bring_into_view(reading)))
        .child(many(groups))
}

fn part_of<'a>(window: &'a Window, tape: &TapeId) -> Option<&'a Part> {
    window.parts.iter().find(|part| part.tape.id == *tape)
}

fn window_width_px() -> f64 {
    document().document_element().map_or(BUILT_WIDTH_PX, |root| root.client_width().into())
}

fn group(shape: &Shape, window: &Window, stop: RwSignal<String>, reading: Reading) -> El {
    let mut group = svg("g")
        .class(format!("shape {}", shape.class))
        .attr("data-key", shape.key.clone())
        .attr("transform", element::transform(shape.at));
    if let Some(target) = &shape.target {
        let key = shape.key.clone();
        let at = match &target.subject {
            Subject::Cell { tape, offset } => part_of(window, tape).map(|part| (part.side, *offset)),
            _ => None,
        };
        let is_chosen = move || at.is_some() && reading.chosen.get().map(|chosen| (chosen.side, chosen.offset)) == at;
        let differs = at.is_some_and(|(side, offset)| {
            window.parts.iter().any(|part| part.side == side && part.differs.binary_search(&offset).is_ok())
        });
        let spoken = element::spoken(shape, &target.label);
        let spoken = if differs { format!("{spoken}, {}", words::DIFFERS) } else { spoken };
        group = group
            .attr("role", "button")
            .attr("aria-label", spoken)
            .live_attr("tabindex", move || if stop.with(|stop| *stop == key) { "0" } else { "-1" })
            .class_if("is-selected", is_chosen);
    } else {
        group = group.attr("aria-hidden", "true");
    }
    // Every picture of this page has its own hatching, and none is hatched.
    let parts = element::inside(shape, "").into_iter().map(|part| {
        let made = part.attributes.into_iter().fold(svg(part.tag), |made, (name, value)| made.attr(name, value));
        made.child(part.text)
    });
    group.child(many(parts))
}

/// After a step to another window the focus goes along; the chosen cell is scrolled to.
fn bring_into_view(reading: Reading) {
    let Ok(Some(stop)) = document().query_selector(".segments-tape g[tabindex='0']") else { return };
    if let Ok(Some(scroller)) = stop.closest(".stage-scroll") {
        let (cell, all) = (stop.get_bounding_client_rect(), scroller.get_bounding_client_rect());
        if cell.left() < all.left() || cell.left() + cell.width() > all.left() + all.width() {
            #[expect(clippy::cast_possible_truncation, reason = "a place on a screen; `as` saturates")]
            scroller.set_scroll_left(scroller.scroll_left() + (cell.left() - all.left() - all.width() / 2.0) as i32);
        }
    }
    if reading.takes_focus.with_value(|takes| *takes) {
        reading.takes_focus.set_value(false);
        focus(&stop);
    }
}

/// Another thing of the same picture takes the focus.
fn focus_sibling(element: &Element, key: &str) {
    let all = element.closest("svg").ok().flatten().and_then(|svg| svg.query_selector_all("g[role]").ok());
    let all = all.iter().flat_map(|list| (0..list.length()).filter_map(|at| list.item(at)));
    let mut elements = all.filter_map(|node| node.dyn_into::<Element>().ok());
    elements.find(|other| other.get_attribute("data-key").as_deref() == Some(key)).iter().for_each(focus);
}

fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<SvgElement>() {
        // What can't have the focus leaves it where it is.
        let _ = element.focus();
    }
}

impl Drawn {
    fn click(&self, target: Option<EventTarget>) {
        if let Some((_, key)) = hit(target) {
            self.choose(&key);
        }
    }

    fn choose(&self, key: &str) {
        let target = self.shapes.iter().find(|shape| shape.key == key).and_then(|shape| shape.target.as_ref());
        let (tape, offset) = match target.map(|target| &target.subject) {
            Some(Subject::Cell { tape, offset } | Subject::Batch { tape, base: offset, .. }) => (tape, *offset),
            _ => return,
        };
        self.stop.set(key.to_owned());
        let batches = part_of(&self.window, tape).map(|part| part.batches.as_slice()).unwrap_or_default();
        if let Some(row) = batches.iter().find(|row| row.place.offset <= offset && offset <= row.last) {
            self.reading.choose(Place { offset, ..row.place });
        }
    }

    /// True when the key was used here.
    fn key(&self, event: &KeyboardEvent) -> bool {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return false;
        }
        let Some((element, key)) = hit(event.target()) else { return false };
        let direction = match event.key().as_str() {
            "ArrowLeft" => Direction::Left,
            "ArrowRight" => Direction::Right,
            "ArrowUp" => Direction::Up,
            "ArrowDown" => Direction::Down,
            "PageUp" => return self.turn(Reading::earlier),
            "PageDown" => return self.turn(Reading::later),
            "Enter" | " " => {
                self.choose(&key);
                return true;
            }
            _ => return false,
        };
        match (neighbour(&self.shapes, &self.layout, &key, direction), direction) {
            (Some(next), _) => {
                self.stop.set(next.to_owned());
                focus_sibling(&element, next);
            }
            (None, Direction::Left) => return self.turn(Reading::earlier),
            (None, Direction::Right) => return self.turn(Reading::later),
            (None, _) => {}
        }
        true
    }

    /// To another window; the focus stays on the tape.
    fn turn(&self, step: fn(Reading) -> bool) -> bool {
        self.reading.takes_focus.set_value(step(self.reading));
        true
    }
}

/// The thing around an event's target, with its key.
fn hit(target: Option<EventTarget>) -> Option<(Element, String)> {
    let element: Element = target?.dyn_into().ok()?;
    let group = element.closest("g[data-key][role]").ok()??;
    let key = group.get_attribute("data-key")?;
    Some((group, key))
}
