//! The files in what was dropped: a folder is gone through, with all that is in it.
//!
//! Browsers name what was dropped by the interface `FileSystemEntry`, with callbacks; everything here is looked up by
//! name, as in the rest of this page, for the same reason: see [`super::client::part`].

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::worker::part;

/// Files that are taken of one drop; a broker's whole data folder may have very many.
const FILES_MAX: usize = 20_000;

/// A file with its path.
pub(super) type Picked = (String, JsValue);

/// What was dropped, by name; it can only be asked for while the event lasts.
pub(super) fn entries(transfer: &JsValue) -> Vec<JsValue> {
    let items = listed(&part(transfer, "items"));
    items.iter().map(|item| call(item, "webkitGetAsEntry", &[])).filter(JsValue::is_object).collect()
}

/// All files in the entries, those of folders with their paths.
pub(super) async fn files(entries: Vec<JsValue>) -> Vec<Picked> {
    let (mut waiting, mut files) = (entries, Vec::new());
    while let Some(entry) = waiting.pop() {
        if files.len() >= FILES_MAX {
            break;
        }
        if part(&entry, "isDirectory").as_bool() == Some(true) {
            let reader = call(&entry, "createReader", &[]);
            // It hands out some at a time, and none at the end.
            loop {
                let some = listed(&promised(&reader, "readEntries").await);
                if some.is_empty() {
                    break;
                }
                waiting.extend(some);
            }
        } else {
            let path = part(&entry, "fullPath").as_string().unwrap_or_default();
            let file = promised(&entry, "file").await;
            if file.is_object() {
                files.push((path.trim_start_matches('/').to_owned(), file));
            }
        }
    }
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files
}

/// Files of a field or of a drop, with their paths where a folder was chosen.
pub(super) fn picked(files: &JsValue) -> Vec<Picked> {
    let path = |file: &JsValue| {
        let path = part(file, "webkitRelativePath").as_string().filter(|path| !path.is_empty());
        path.or_else(|| part(file, "name").as_string()).unwrap_or_default()
    };
    listed(files).into_iter().map(|file| (path(&file), file)).collect()
}

/// What is in one of the browser's lists.
fn listed(list: &JsValue) -> Vec<JsValue> {
    let items = (0..FILES_MAX).map(|place| part(list, &place.to_string()));
    items.take_while(|item| !item.is_undefined()).collect()
}

fn call(of: &JsValue, name: &str, arguments: &[&JsValue]) -> JsValue {
    let Ok(function) = part(of, name).dyn_into::<Function>() else { return JsValue::UNDEFINED };
    let none = JsValue::UNDEFINED;
    let [first, second] = [0, 1].map(|at| arguments.get(at).copied().unwrap_or(&none));
    function.call2(of, first, second).unwrap_or(JsValue::UNDEFINED)
}

/// What a method gives to its callback; undefined if it fails.
async fn promised(of: &JsValue, name: &str) -> JsValue {
    let promise = Promise::new(&mut |resolve, reject| {
        call(of, name, &[&resolve, &reject]);
    });
    JsFuture::from(promise).await.unwrap_or(JsValue::UNDEFINED)
}
