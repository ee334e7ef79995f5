//! Searches all runs of a learner's settings: a [`Desk`] knows what is to be done, and here it gets its time, in
//! slices. Between two slices new requests are taken, so that a search can be cancelled.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Date, Function, Promise};
use kafka_lab::worst_case::{Desk, Request};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::MessageChannel;

use crate::answer;

/// How long it works before it listens.
const SLICE_MS: f64 = 20.0;
/// How many states it looks at before it looks at the clock.
const STATES: usize = 512;
/// How often it says how far it is.
const PROGRESS_MS: f64 = 100.0;

#[derive(Debug, Default)]
pub(crate) struct Bench {
    desk: Desk,
    is_working: bool,
}

impl Bench {
    pub(crate) fn new() -> Rc<RefCell<Bench>> {
        Rc::new(RefCell::new(Bench::default()))
    }
}

pub(crate) fn take(bench: &Rc<RefCell<Bench>>, request: &[u8]) {
    let Ok(request) = postcard::from_bytes::<Request>(request) else { return };
    let mut held = bench.borrow_mut();
    answer(&held.desk.ask(request));
    if !held.is_working {
        held.is_working = true;
        spawn_local(work(Rc::clone(bench)));
    }
}

async fn work(bench: Rc<RefCell<Bench>>) {
    let mut told_ms = Date::now();
    while bench.borrow().desk.is_working() {
        let began_ms = Date::now();
        while bench.borrow().desk.is_working() && Date::now() - began_ms < SLICE_MS {
            let replies = bench.borrow_mut().desk.work(STATES);
            answer(&replies);
        }
        if Date::now() - told_ms >= PROGRESS_MS {
            told_ms = Date::now();
            answer(bench.borrow().desk.progress().as_slice());
        }
        listen().await;
    }
    bench.borrow_mut().is_working = false;
}

/// Lets what has been sent arrive. A message to oneself, because a timer would be held back by 4 ms each time.
async fn listen() {
    let Ok(channel) = MessageChannel::new() else { return };
    let (sent, heard) = (channel.port1(), channel.port2());
    let arrival = Promise::new(&mut |arrived: Function, _| {
        heard.set_onmessage(Some(&arrived));
        // A message without a content can always be sent.
        let _ = sent.post_message(&JsValue::NULL);
    });
    // It is never refused.
    let _ = JsFuture::from(arrival).await;
    heard.close();
}
