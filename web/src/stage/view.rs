//! The stage the picture, its caption, and its text for who does not see it.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};

use kafka_lab::words;
use wasm_bindgen::prelude::*;
use web_sys::{
    Event, HtmlElement, IntersectionObserver, IntersectionObserverEntry, KeyboardEvent, MouseEvent, PointerEvent,
    ResizeObserver,
};

use super::layers::{self, More};
use super::painter::Painter;
use super::stagehand::Stagehand;
use super::turning::{self, Turning};
use super::{pointing, svg_text};
use crate::markup::{El, el, listen_on_the_way_down, live, text};
use crate::player::{Idle, Playback};
use crate::playing_words::stage as stage_words;
use crate::reactive::*;
use crate::scene::sentence_view;

/// The picture of what `playback` shows. Arrow keys on it go from thing to thing; a click chooses one.
#[must_use]
pub fn stage(playback: Playback) -> El {
    stage_with(playback, None)
}

/// As [`stage`], with something over the standard layers.
#[must_use]
pub fn stage_with(playback: Playback, more: Option<More>) -> El {
    let idle = RwSignal::new(None::<Idle>);
    let work = StoredValue::new_local(None::<Work>);
    effect(move || {
        playback.commands().track();
        playback.frame().track();
        playback.question().track();
        playback.candidate().track();
        playback.shows_routine().track();
        let selected = playback.selected.get();
        playback.set_motion(turning::wants_motion());
        with_turning(work, |turning| {
            // What can't be marked as chosen is still chosen.
            let _ = turning.with_hand(|hand| hand.painter.select(selected));
        });
    });
    let caption = move || sentence_view(playback.frame().get().caption.clone());
    let passes = move || idle.get().map_or_else(String::new, said);
    el("figure")
        .class("stage")
        .child(canvas(playback, work, idle, more))
        .child(el("p").class("stage-idle").attr("aria-hidden", "true").child(text(passes)))
        .child(el("figcaption").class("stage-caption").child(live(caption)))
        .child(described(playback))
}

fn canvas(playback: Playback, work: Held, idle: RwSignal<Option<Idle>>, more: Option<More>) -> El {
    let first = cfg!(feature = "ssr").then(|| {
        let frame = playback.frame().get_untracked();
        svg_text::first_picture(layers::STANDARD, &frame, &words::describe(&frame))
    });
    el("div")
        .class("stage-canvas")
        .attr("role", "group")
        .attr("aria-label", stage_words::LABEL)
        .inner_html(first)
        .on("click", move |event: MouseEvent| with_turning(work, |turning| pointing::click(turning, playback, &event)))
        .on("keydown", move |event: KeyboardEvent| on_key(work, playback, &event))
        .on("pointerdown", move |event: PointerEvent| on_press(work, playback, &event))
        .on("pointermove", move |event: PointerEvent| on_drag(work, playback, &event))
        .on("pointerup", move |_: Event| let_go(work))
        .on("pointercancel", move |_: Event| let_go(work))
        .made(move |canvas| {
            let canvas: HtmlElement = canvas.clone().unchecked_into();
            // In an effect: what is in no document has no width.
            effect(move || work.set_value(Work::begin(playback, &canvas, idle, more.clone())));
        })
}

fn said(idle: Idle) -> String {
    format!("{} {}", words::duration(idle.passes_ms), stage_words::PASSES)
}

/// The frame in words. It is told to a screen reader when the run stands still, not at every event of a play.
fn described(playback: Playback) -> El {
    let told = Memo::new(move |last: Option<&String>| {
        if playback.playing().get() {
            return last.cloned().unwrap_or_default();
        }
        words::describe(&playback.frame().get())
    });
    el("div").class("unseen stage-words").attr("role", "status").child(text(move || told.get()))
}

type Held = StoredValue<Option<Work>, LocalStorage>;

fn with_turning(work: Held, act: impl FnOnce(&Turning)) {
    // Cloned, so that nothing is borrowed while signals run.
    let turning = work.try_with_value(|work| work.as_ref().map(|work| work.turning.clone())).flatten();
    if let Some(turning) = turning {
        act(&turning);
    }
}

fn on_key(work: Held, playback: Playback, event: &KeyboardEvent) {
    with_turning(work, |turning| {
        if pointing::key(turning, playback, event) {
            event.prevent_default();
            event.stop_propagation();
        }
    });
}

fn on_press(work: Held, playback: Playback, event: &PointerEvent) {
    with_turning(work, |turning| {
        if pointing::take_hold(turning, playback, event) {
            work.with_value(|work| {
                if let Some(work) = work {
                    work.is_dragging.set(true);
                    pointing::capture(&work.canvas, event);
                }
            });
        }
    });
}

fn on_drag(work: Held, playback: Playback, event: &PointerEvent) {
    let is_dragging = work.with_value(|work| work.as_ref().is_some_and(|work| work.is_dragging.get()));
    if is_dragging {
        with_turning(work, |turning| pointing::drag(turning, playback, event));
    }
}

fn let_go(work: Held) {
    work.with_value(|work| {
        if let Some(work) = work {
            work.is_dragging.set(false);
        }
    });
}

/// Everything a mounted stage holds on to; dropping it lets go of all.
struct Work {
    turning: Turning,
    canvas: HtmlElement,
    is_dragging: Cell<bool>,
    sizes: ResizeObserver,
    sight: IntersectionObserver,
    _on_size: Closure<dyn FnMut()>,
    _on_sight: Closure<dyn FnMut(js_sys::Array)>,
}

impl Work {
    /// `None` when the document refuses; the page then has its words without the picture.
    fn begin(
        playback: Playback,
        canvas: &HtmlElement,
        idle: RwSignal<Option<Idle>>,
        more: Option<More>,
    ) -> Option<Self> {
        static STAGES: AtomicU32 = AtomicU32::new(0);
        let painter = Painter::new(canvas, STAGES.fetch_add(1, Ordering::Relaxed)).ok()?;
        let scroller = painter.scroller.clone();
        let width_px = f64::from(canvas.client_width());
        let turning = Turning::new(playback, Stagehand::new(playback, more, painter, width_px), idle);

        let (turned, measured) = (turning.clone(), canvas.clone());
        let on_size = Closure::<dyn FnMut()>::new(move || {
            let width_px = f64::from(measured.client_width());
            if width_px > 0.0 {
                turned.with_hand(|hand| hand.set_width(width_px));
            }
        });
        let sizes = ResizeObserver::new(on_size.as_ref().unchecked_ref()).ok()?;
        sizes.observe(canvas);

        let turned = turning.clone();
        let on_sight = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let last = entries.get(entries.length().saturating_sub(1));
            if let Ok(entry) = last.dyn_into::<IntersectionObserverEntry>() {
                turned.set_seen(entry.is_intersecting());
            }
        });
        let sight = IntersectionObserver::new(on_sight.as_ref().unchecked_ref()).ok()?;
        sight.observe(canvas);

        let turned = turning.clone();
        listen_on_the_way_down(&scroller, "scroll", move |_| {
            turned.with_hand(Stagehand::scrolled);
        });

        turning.wake();
        Some(Work {
            turning,
            canvas: canvas.clone(),
            is_dragging: Cell::new(false),
            sizes,
            sight,
            _on_size: on_size,
            _on_sight: on_sight,
        })
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.turning.end();
        self.sizes.disconnect();
        self.sight.disconnect();
    }
}
