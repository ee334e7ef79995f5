//! What the reader sees should the lab itself fail: a calm notice with the link that leads to the same place.

use wasm_bindgen::JsCast;

use crate::words::notices as words;

/// Makes a panic show the notice, and say in the console where it was.
pub fn install() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        show();
    }));
}

/// By the DOM alone: whatever panicked may have left the page's own graph half way.
fn show() -> Option<()> {
    let window = web_sys::window()?;
    let document = window.document()?;
    if document.get_element_by_id("panic").is_some() {
        return None;
    }
    let address = window.location().href().ok()?;
    let notice = document.create_element("div").ok()?;
    notice.set_id("panic");
    notice.set_class_name("panic");
    notice.set_attribute("role", "alert").ok()?;
    notice.set_text_content(Some(words::PANIC));
    let link = document.create_element("a").ok()?.dyn_into::<web_sys::HtmlElement>().ok()?;
    link.set_attribute("href", &address).ok()?;
    link.set_text_content(Some(&address));
    notice.append_child(&link).ok()?;
    document.body()?.append_child(&notice).ok()?;
    Some(())
}
