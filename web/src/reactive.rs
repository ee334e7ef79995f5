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
