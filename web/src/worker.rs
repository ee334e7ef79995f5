//! The worker (`web/worker`) as the page sees it: requests out, replies in, or that it could not be started.
//!
//! It knows bytes and no more, so that its listeners name nothing of the pages that talk to a worker: what makes a
//! closure for JavaScript is loaded with the first page, with all that it names.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{Event, Worker, WorkerOptions};

use crate::content::late_address;

/// What comes from the worker.
#[derive(Debug)]
pub(crate) enum Heard {
    /// A reply, as postcard wrote it.
    Reply(Vec<u8>),
    /// It has stopped, or never began.
    Failed(String),
}

/// Who of the worker is spoken to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trade {
    /// Reads log files.
    Files,
    /// Searches all runs.
    Checker,
}

/// A running worker; dropping it ends it.
pub(crate) struct Client {
    worker: Worker,
    /// What is to be sent once it can be asked; none from then on.
    waiting: Rc<RefCell<Option<Vec<JsValue>>>>,
    _listeners: [Closure<dyn FnMut(Event)>; 2],
}

impl Client {
    /// Starts a worker; `hear` is called with all that comes from it.
    pub(crate) fn begin(hear: Rc<dyn Fn(Heard)>) -> Result<Client, String> {
        let script = late_address("worker.js").ok_or("worker.js")?;
        let wasm = late_address("worker.wasm").ok_or("worker.wasm")?;
        // Both lie in one folder: the wasm is named to the script by its fragment.
        let name = wasm.rsplit('/').next().unwrap_or_default();
        let options = WorkerOptions::new();
        // It always can be set.
        let _ = Reflect::set(&options, &"type".into(), &"module".into());
        let worker = Worker::new_with_options(&format!("{script}#{name}"), &options).map_err(|e| format!("{e:?}"))?;
        let waiting = Rc::new(RefCell::new(Some(Vec::new())));
        let (ready, port, hear_error) = (Rc::clone(&waiting), worker.clone(), Rc::clone(&hear));
        let on_message = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            let data = part(&event, "data");
            match data.as_string() {
                Some(text) if text == READY => {
                    let held = ready.borrow_mut().take();
                    held.into_iter().flatten().for_each(|message| send(&port, &message));
                }
                Some(problem) => hear(Heard::Failed(problem)),
                None => hear(Heard::Reply(Uint8Array::new(&data).to_vec())),
            }
        });
        let on_error = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            event.prevent_default();
            let said = part(&event, "message").as_string().unwrap_or_else(|| "worker.js".to_owned());
            hear_error(Heard::Failed(said));
        });
        for (name, listener) in [("message", &on_message), ("error", &on_error)] {
            // A worker is something that events happen to.
            let _ = worker.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
        }
        Ok(Client { worker, waiting, _listeners: [on_message, on_error] })
    }

    /// Sends a request as postcard's bytes, with the files where some are opened.
    pub(crate) fn ask(&self, trade: Trade, request: &[u8], files: &JsValue) {
        let trade = match trade {
            Trade::Files => "files",
            Trade::Checker => "checker",
        };
        let message = Array::of3(&trade.into(), &Uint8Array::from(request).into(), files);
        match self.waiting.borrow_mut().as_mut() {
            Some(waiting) => waiting.push(message.into()),
            None => send(&self.worker, &message),
        }
    }
}

/// What the worker says once, when it can be asked (`web/worker`).
const READY: &str = "ready";

impl Drop for Client {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

fn send(worker: &Worker, message: &JsValue) {
    // Bytes and files can always be sent.
    let _ = worker.post_message(message);
}

/// A property of what comes from the browser; undefined where there is none. By name, because each typed getter would
/// have glue of its own, which is loaded with the first page.
pub(crate) fn part(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
}
