//! What stands around every page: the header with the course tape, settings, help, notices, "not found".

mod front;
mod header;
mod help;
mod keep;
mod not_found;
#[cfg(feature = "csr")]
pub mod panic;
mod settings;

pub use front::front;
pub use header::header;
pub use help::{HelpOpen, help};
pub use keep::Keep;
pub use not_found::not_found;
pub use settings::Settings;

/// Whether the key was meant for a field that is being written in.
#[cfg(feature = "csr")]
#[must_use]
pub fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    use wasm_bindgen::JsCast;
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let in_field = target.is_some_and(|target| matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"));
    in_field || event.ctrl_key() || event.meta_key() || event.alt_key()
}
