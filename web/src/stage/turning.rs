//! The one loop of a stage: an animation frame after the other, only while something moves and is seen.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::stagehand::Stagehand;
use crate::player::{Idle, Playback};
use crate::reactive::*;

/// No frame lets more time pass than this: after a pause of the browser the run goes on where it was.
const DELTA_MOST_MS: f64 = 100.0;

/// A stage at work in the document. Cheap to clone; all clones are one.
#[derive(Clone)]
pub(super) struct Turning {
    inside: Rc<Inside>,
}

struct Inside {
    playback: Playback,
    hand: RefCell<Stagehand>,
    idle: RwSignal<Option<Idle>>,
    is_asked_for: Cell<bool>,
    is_seen: Cell<bool>,
    is_over: Cell<bool>,
    last_ms: Cell<Option<f64>>,
}

impl Turning {
    pub(super) fn new(playback: Playback, hand: Stagehand, idle: RwSignal<Option<Idle>>) -> Self {
        let inside = Inside {
            playback,
            hand: RefCell::new(hand),
            idle,
            is_asked_for: Cell::new(false),
            is_seen: Cell::new(true),
            is_over: Cell::new(false),
            last_ms: Cell::new(None),
        };
        Turning { inside: Rc::new(inside) }
    }

    /// Lets the stagehand do something, then looks at the stage at the next animation frame.
    pub(super) fn with_hand<T>(&self, act: impl FnOnce(&mut Stagehand) -> T) -> T {
        let done = act(&mut self.inside.hand.borrow_mut());
        self.wake();
        done
    }

    /// Looks at the stage at the next animation frame, and on until it stands still.
    pub(super) fn wake(&self) {
        if self.inside.is_over.get() || self.inside.is_asked_for.replace(true) {
            return;
        }
        let turning = self.clone();
        request_animation_frame(move || turning.turn());
    }

    /// Off the screen nothing turns.
    pub(super) fn set_seen(&self, is_seen: bool) {
        self.inside.is_seen.set(is_seen);
        self.inside.playback.set_in_sight(is_seen);
        self.inside.last_ms.set(None);
        if is_seen {
            self.wake();
        }
    }

    /// The stage is gone.
    pub(super) fn end(&self) {
        self.inside.is_over.set(true);
    }

    fn turn(&self) {
        let inside = &self.inside;
        inside.is_asked_for.set(false);
        if inside.is_over.get() || !inside.is_seen.get() {
            return;
        }
        let now_ms = now_ms();
        let delta_ms = inside.last_ms.get().map_or(0.0, |last_ms| (now_ms - last_ms).min(DELTA_MOST_MS));
        let is_moving = inside.playback.advance(delta_ms);
        self.look();
        inside.last_ms.set(is_moving.then_some(now_ms));
        if is_moving {
            self.wake();
        }
    }

    fn look(&self) {
        let looked: Result<Option<Idle>, JsValue> = self.inside.hand.borrow_mut().look();
        match looked {
            Ok(idle) if self.inside.idle.get_untracked() != idle => self.inside.idle.set(idle),
            Ok(_) => {}
            Err(problem) => web_sys::console::error_2(&"the stage could not be drawn".into(), &problem),
        }
    }
}

/// Milliseconds of the browser's clock.
fn now_ms() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

/// Whether the reader or their system wants things to move.
pub(crate) fn wants_motion() -> bool {
    let system = window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
    let chosen = document().document_element().and_then(|root| root.get_attribute("data-motion"));
    !(system.is_some_and(|query| query.matches()) || chosen.as_deref() == Some("reduced"))
}
