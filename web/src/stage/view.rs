//! The stage as a component: the picture, its caption, and its text for who does not see it.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};

use kafka_lab::words;
use leptos::ev;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, IntersectionObserver, IntersectionObserverEntry, ResizeObserver};

use super::layers::{self, Layer};
use super::painter::Painter;
use super::stagehand::Stagehand;
use super::turning::{self, Turning};
use super::{pointing, svg_text};
use crate::player::{Idle, Playback};
use crate::playing_words::stage as stage_words;
use crate::scene::SentenceView;

/// The picture of what `playback` shows. Arrow keys on it go from thing to thing; a click chooses one.
#[component]
pub fn Stage(
    playback: Playback,
    /// What is drawn, back to front.
    #[prop(default = layers::STANDARD)]
    layers: &'static [Layer],
) -> impl IntoView {
    let canvas: NodeRef<Div> = NodeRef::new();
    let idle = RwSignal::new(None::<Idle>);
    let work = StoredValue::new_local(None::<Work>);
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        work.update_value(|work| {
            if work.is_none() {
                *work = Work::begin(playback, layers, &canvas, idle);
            }
        });
    });
    Effect::new(move |_| {
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
    let first = cfg!(feature = "ssr").then(|| {
        let frame = playback.frame().get_untracked();
        svg_text::first_picture(layers, &frame, &words::describe(&frame))
    });
    view! {
        <figure class="stage">
            <div
                class="stage-canvas"
                node_ref=canvas
                role="group"
                aria-label=stage_words::LABEL
                inner_html=first
                on:click=move |event| with_turning(work, |turning| pointing::click(turning, playback, &event))
                on:keydown=move |event| on_key(work, playback, &event)
                on:pointerdown=move |event| on_press(work, playback, &event)
                on:pointermove=move |event| on_drag(work, playback, &event)
                on:pointerup=move |_| let_go(work)
                on:pointercancel=move |_| let_go(work)
            ></div>
            <p class="stage-idle" aria-hidden="true">{move || idle.get().map(said)}</p>
            <figcaption class="stage-caption">{move || {
                let sentence = playback.frame().get().caption.clone();
                view! { <SentenceView sentence/> }
            }}</figcaption>
            <Described playback/>
        </figure>
    }
    .into_any()
}

fn said(idle: Idle) -> String {
    format!("{} {}", words::duration(idle.passes_ms), stage_words::PASSES)
}

/// The frame in words. It is told to a screen reader when the run stands still, not at every event of a play.
#[component]
fn Described(playback: Playback) -> impl IntoView {
    let told = Memo::new(move |last: Option<&String>| {
        if playback.playing().get() {
            return last.cloned().unwrap_or_default();
        }
        words::describe(&playback.frame().get())
    });
    view! { <div class="unseen stage-words" role="status">{told}</div> }
}

type Held = StoredValue<Option<Work>, LocalStorage>;

fn with_turning(work: Held, act: impl FnOnce(&Turning)) {
    // Cloned, so that nothing is borrowed while signals run.
    let turning = work.try_with_value(|work| work.as_ref().map(|work| work.turning.clone())).flatten();
    if let Some(turning) = turning {
        act(&turning);
    }
}

fn on_key(work: Held, playback: Playback, event: &ev::KeyboardEvent) {
    with_turning(work, |turning| {
        if pointing::key(turning, playback, event) {
            event.prevent_default();
            event.stop_propagation();
        }
    });
}

fn on_press(work: Held, playback: Playback, event: &ev::PointerEvent) {
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

fn on_drag(work: Held, playback: Playback, event: &ev::PointerEvent) {
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
    _on_scroll: Closure<dyn FnMut()>,
}

impl Work {
    /// `None` when the document refuses; the page then has its words without the picture.
    fn begin(
        playback: Playback,
        layers: &'static [Layer],
        canvas: &HtmlElement,
        idle: RwSignal<Option<Idle>>,
    ) -> Option<Self> {
        static STAGES: AtomicU32 = AtomicU32::new(0);
        let painter = Painter::new(canvas, STAGES.fetch_add(1, Ordering::Relaxed)).ok()?;
        let scroller = painter.scroller.clone();
        let width_px = f64::from(canvas.client_width());
        let turning = Turning::new(playback, Stagehand::new(playback, layers, painter, width_px), idle);

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
        let on_scroll = Closure::<dyn FnMut()>::new(move || {
            turned.with_hand(Stagehand::scrolled);
        });
        scroller.add_event_listener_with_callback("scroll", on_scroll.as_ref().unchecked_ref()).ok()?;

        turning.wake();
        Some(Work {
            turning,
            canvas: canvas.clone(),
            is_dragging: Cell::new(false),
            sizes,
            sight,
            _on_size: on_size,
            _on_sight: on_sight,
            _on_scroll: on_scroll,
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
