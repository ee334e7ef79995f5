//! What the reader sees should the lab itself fail: a calm notice with the link that leads to the same place.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use wasm_bindgen::JsCast;

use crate::route::{Query, Route};
use crate::words::notices as words;

/// The moment of the lesson that was shown last. Beside the page's graph, which a panic may leave half way.
static MOMENT: AtomicUsize = AtomicUsize::new(0);

/// The link of the run of one's own that is shown, if one is.
static RUN: Mutex<Option<String>> = Mutex::new(None);

/// Remembers the run of one's own that is shown, for the link of the notice.
pub fn remember_run(link: Option<String>) {
    if let Ok(mut run) = RUN.lock() {
        *run = link;
    }
}

/// Remembers where the lesson stands, for the link of the notice.
pub fn remember_moment(moment: usize) {
    MOMENT.store(moment, Ordering::Relaxed);
}

/// Makes a panic show the notice, and say in the console where it was.
pub fn install() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        show();
    }));
}

/// The route to the same page, and on it to the same run, or to the same moment of the lesson.
fn route_back(fragment: &str) -> String {
    let run = RUN.try_lock().ok().and_then(|run| run.clone());
    let place = match run {
        Some(link) => ("run".to_owned(), link),
        None => ("at".to_owned(), MOMENT.load(Ordering::Relaxed).to_string()),
    };
    Route::parse(fragment).with_query(Query(vec![place])).to_string()
}

/// By the DOM alone: whatever panicked may have left the page's own graph half way.
fn show() -> Option<()> {
    let window = web_sys::window()?;
    let document = window.document()?;
    if document.get_element_by_id("panic").is_some() {
        return None;
    }
    let route = route_back(&window.location().hash().ok()?);
    let notice = document.create_element("div").ok()?;
    notice.set_id("panic");
    notice.set_class_name("panic");
    notice.set_attribute("role", "alert").ok()?;
    notice.set_text_content(Some(words::PANIC));
    let link = document.create_element("a").ok()?.dyn_into::<web_sys::HtmlElement>().ok()?;
    // What differs in its fragment alone is not fetched anew, and the wasm that runs is dead.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "any number that was not there before")]
    let now_ms = js_sys::Date::now() as u64;
    link.set_attribute("href", &format!("?again={now_ms}{route}")).ok()?;
    link.set_text_content(Some(&route));
    notice.append_child(&link).ok()?;
    document.body()?.append_child(&notice).ok()?;
    Some(())
}
