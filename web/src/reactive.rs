//! Leptos' signals, memos and effects, and the few things of the browser that every view asks for.

use wasm_bindgen::JsCast;
use web_sys::{Document, Event, HtmlInputElement, Window};

pub use reactive_graph::callback::{Callable, Callback};
pub use reactive_graph::computed::Memo;
pub use reactive_graph::effect::RenderEffect;
pub use reactive_graph::graph::untrack;
pub use reactive_graph::owner::{LocalStorage, Owner, StoredValue, provide_context, use_context};
pub use reactive_graph::prelude::*;
pub use reactive_graph::signal::RwSignal;
pub use reactive_graph::wrappers::read::Signal;

/// Runs now and whenever a signal changes that `run` reads; in the browser only, after the page was changed.
/// Compiled once, not once for each closure.
pub fn effect(run: impl Fn() + 'static) {
    let run: Box<dyn Fn()> = Box::new(run);
    reactive_graph::effect::Effect::new(move |_: Option<()>| run());
}

/// A value that is worked out again when a signal changes that `read` reads, and that is news only if it differs.
/// Compiled once for each type of value.
pub fn memo<T: PartialEq + Send + Sync + 'static>(read: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    let read: Box<dyn Fn() -> T + Send + Sync> = Box::new(read);
    Memo::new(move |_| read())
}

/// A signal to be read from. [`Signal`] is that too, but each one that is made of another costs memory, and a kilobyte
/// of code for each type of value.
#[derive(Debug)]
pub struct Read<T: 'static>(RwSignal<T>);

impl<T: Send + Sync + 'static> Read<T> {
    #[must_use]
    pub fn of(signal: RwSignal<T>) -> Self {
        Read(signal)
    }

    pub fn track(self) {
        self.0.track();
    }

    pub fn with<U>(self, read: impl FnOnce(&T) -> U) -> U {
        self.0.with(read)
    }
}

impl<T: Clone + Send + Sync + 'static> Read<T> {
    #[must_use]
    pub fn get(self) -> T {
        self.0.get()
    }

    #[must_use]
    pub fn get_untracked(self) -> T {
        self.0.get_untracked()
    }

    /// None once its owner is gone.
    #[must_use]
    pub fn try_get_untracked(self) -> Option<T> {
        self.0.try_get_untracked()
    }
}

impl<T> Clone for Read<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Read<T> {}

/// The browser's window.
///
/// # Panics
/// Outside of a browser.
#[must_use]
pub fn window() -> Window {
    web_sys::window().expect("a page is in a window")
}

/// The page's document.
///
/// # Panics
/// Outside of a browser.
#[must_use]
pub fn document() -> Document {
    window().document().expect("a window has a document")
}

/// Calls `act` before the browser paints next.
pub fn request_animation_frame(act: impl FnOnce() + 'static) {
    request_boxed(Box::new(act));
}

/// What makes a closure for JavaScript stays in the main wasm, with all that it names: here it names nothing.
#[inline(never)]
fn request_boxed(act: Box<dyn FnOnce()>) {
    let act = wasm_bindgen::prelude::Closure::once_into_js(act);
    // A window that is closing paints no more.
    let _ = window().request_animation_frame(act.unchecked_ref());
}

/// What the field holds that an event is about.
#[must_use]
pub fn event_target_value(event: &Event) -> String {
    let value = event.target().and_then(|field| js_sys::Reflect::get(&field, &"value".into()).ok());
    value.and_then(|value| value.as_string()).unwrap_or_default()
}

/// Whether the box is ticked that an event is about.
#[must_use]
pub fn event_target_checked(event: &Event) -> bool {
    event.target().is_some_and(|field| field.unchecked_into::<HtmlInputElement>().checked())
}
