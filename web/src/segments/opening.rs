//! Choosing a file: by the button, by dropping it, or one of the two that ship with the site.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Event, Response};

use super::built_in;
use super::client::part;
use super::reading::{Opened, Reading};
use super::words;
use crate::content::late_address;
use crate::markup::{El, button, el, many};
use crate::reactive::*;

/// The button, the two examples, and what there is to say of the last attempt.
pub(super) fn opening(reading: Reading) -> El {
    let input = el("input").class("unseen").attr("type", "file").on("change", move |event: Event| {
        let field = part(&event, "target");
        open_first(reading, &part(&field, "files"));
        // The same file can be chosen again.
        let _ = Reflect::set(&field, &"value".into(), &"".into());
    });
    let examples = words::EXAMPLES
        .iter()
        .enumerate()
        .map(|(place, (_, label, ..))| button("button", *label).on_click(move || open_example(reading, place)));
    el("p")
        .class("segments-open")
        .child(el("label").class("button primary").child(input).child(words::CHOOSE))
        .child(el("span").child(words::DROP))
        .child(many(examples))
}

/// Takes a file that is dropped anywhere on the page.
pub(super) fn take_drops(reading: Reading) {
    // Else the browser would leave the page for the file.
    crate::markup::listen_to_window("dragover", |event: Event| event.prevent_default());
    crate::markup::listen_to_window("drop", move |event: Event| {
        event.prevent_default();
        open_first(reading, &part(&part(&event, "dataTransfer"), "files"));
    });
}

fn open_first(reading: Reading, files: &JsValue) {
    let file = part(files, "0");
    let Some(name) = part(&file, "name").as_string() else { return };
    if let Some((_, what)) = words::BESIDE.iter().find(|(ending, _)| name.ends_with(ending)) {
        let (is, expected) = words::NO_RECORDS;
        return reading.notice.set(Some(format!("{name}: {is}{what}{expected}")));
    }
    let size_bytes = bytes_of(&part(&file, "size"));
    reading.open(Opened { name, size_bytes, about: None }, file);
}

/// Fetches an example and opens it, as a dropped file.
pub(super) fn open_example(reading: Reading, place: usize) {
    let Some((_, _, late, name, about)) = words::EXAMPLES.get(place) else { return };
    let opened = move |size_bytes| Opened { name: (*name).to_owned(), size_bytes, about: Some(about) };
    if let Some(size_bytes) = built_in::size_bytes() {
        return reading.open(opened(size_bytes), JsValue::NULL);
    }
    spawn_local(async move {
        match fetched(late).await {
            _ if reading.is_gone() => {}
            Some(bytes) => reading.open(opened(bytes_of(&part(&bytes, "byteLength"))), bytes),
            None => reading.notice.set(Some(words::NO_EXAMPLE.to_owned())),
        }
    });
}

async fn fetched(late: &str) -> Option<JsValue> {
    let answer = JsFuture::from(window().fetch_with_str(&late_address(late)?)).await.ok()?;
    let answer: Response = answer.unchecked_into();
    if !answer.ok() {
        return None;
    }
    JsFuture::from(answer.array_buffer().ok()?).await.ok()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a file's size is a whole number")]
fn bytes_of(size: &JsValue) -> u64 {
    size.as_f64().unwrap_or(0.0) as u64
}
