//! Reads log files: the worker holds them, and a [`Desk`] says which bytes of them are needed.
//!
//! With a request that opens a folder comes a list of files, or of all their bytes, each at the place that its handle
//! says. Between two ranges of a file new requests are taken, so that what is no longer wanted ends there.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use kafka_lab::inspect::{Desk, Request, Want};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Blob;

use crate::answer;

#[derive(Debug, Default)]
pub(crate) struct Bench {
    desk: Desk,
    /// By their handles; none that can be read where there is no file.
    files: Vec<Option<Blob>>,
    is_reading: bool,
}

impl Bench {
    pub(crate) fn new() -> Rc<RefCell<Bench>> {
        Rc::new(RefCell::new(Bench::default()))
    }
}

pub(crate) fn take(bench: &Rc<RefCell<Bench>>, request: &[u8], files: &JsValue) {
    let Ok(request) = postcard::from_bytes::<Request>(request) else { return };
    let mut held = bench.borrow_mut();
    if let Some(files) = files.dyn_ref::<Array>() {
        held.files = files.iter().map(|file| file_in(&file)).collect();
    }
    answer(&held.desk.ask(request));
    if !held.is_reading {
        held.is_reading = true;
        spawn_local(read(Rc::clone(bench)));
    }
}

/// A file, of the reader's or made of bytes.
fn file_in(given: &JsValue) -> Option<Blob> {
    match given.dyn_ref::<Blob>() {
        Some(file) => Some(file.clone()),
        None if given.is_object() => Blob::new_with_buffer_source_sequence(&Array::of1(given)).ok(),
        None => None,
    }
}

/// Reads what the desk wants, until it wants no more.
async fn read(bench: Rc<RefCell<Bench>>) {
    loop {
        let Some(want) = bench.borrow().desk.wants() else { break };
        let file = bench.borrow().files.get(want.handle as usize).cloned().flatten();
        let bytes = match file {
            Some(file) => bytes_of(&file, &want).await.unwrap_or_default(),
            None => Vec::new(),
        };
        let replies = bench.borrow_mut().desk.feed(&want, &bytes);
        answer(&replies);
    }
    bench.borrow_mut().is_reading = false;
}

/// The wanted part of the file; nothing where the browser can't read it.
async fn bytes_of(file: &Blob, want: &Want) -> Result<Vec<u8>, JsValue> {
    let (start, end) = (want.range.start as f64, want.range.end as f64);
    let part = file.slice_with_f64_and_f64(start, end)?;
    let buffer = JsFuture::from(part.array_buffer()).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
