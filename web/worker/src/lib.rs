//! The worker: it reads log files ([`files`]) and searches all runs ([`checker`]), beside the page.
//!
//! The page sends `[trade, request, more]`: who is meant, a request as postcard's bytes, and what else belongs to it.
//! The worker sends "ready" once, then replies as bytes; any other text is what went wrong.

mod checker;
mod files;

use js_sys::{Array, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Called by the glue once the wasm is there.
#[wasm_bindgen(start)]
pub fn start() {
    let (files, checker) = (files::Bench::new(), checker::Bench::new());
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let parts: Array = event.data().unchecked_into();
        let request = Uint8Array::new(&parts.get(1)).to_vec();
        match parts.get(0).as_string().as_deref() {
            Some("files") => files::take(&files, &request, &parts.get(2)),
            Some("checker") => checker::take(&checker, &request),
            // The page is built with this worker: it sends nothing else.
            _ => {}
        }
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // As long as the worker.
    on_message.forget();
    post(&"ready".into());
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

fn post(message: &JsValue) {
    // Bytes can always be sent; a page that is gone needs no answer.
    let _ = scope().post_message(message);
}

/// Sends replies, each by itself.
fn answer(replies: &[impl Serialize]) {
    for reply in replies {
        // Postcard writes everything but maps of unknown length.
        if let Ok(bytes) = postcard::to_allocvec(reply) {
            post(&Uint8Array::from(bytes.as_slice()));
        }
    }
}
