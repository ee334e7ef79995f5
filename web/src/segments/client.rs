//! The worker that reads files, as the page sees it: requests out, replies in, or that it could not be started.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Reflect, Uint8Array};
use kafka_lab::inspect::{Reply, Request};
use wasm_bindgen::prelude::*;
use web_sys::{Event, Worker, WorkerOptions};

use crate::content::late_address;

/// What comes from the worker.
#[derive(Debug)]
pub(super) enum Heard {
    Reply(Reply),
    /// It has stopped, or never began.
    Failed(String),
}

/// A running worker; dropping it ends it.
pub(super) struct Client {
    worker: Worker,
    /// What is to be sent once it can be asked; none from then on.
    waiting: Rc<RefCell<Option<Vec<JsValue>>>>,
    _listeners: [Closure<dyn FnMut(Event)>; 2],
}

impl Client {
    /// Starts a worker; `hear` is called with all that comes from it.
    pub(super) fn begin(hear: impl Fn(Heard) + Clone + 'static) -> Result<Client, String> {
        let script = late_address("worker.js").ok_or("worker.js")?;
        let wasm = late_address("worker.wasm").ok_or("worker.wasm")?;
        // Both lie in one folder: the wasm is named to the script by its fragment.
        let name = wasm.rsplit('/').next().unwrap_or_default();
        let options = WorkerOptions::new();
        // It always can be set.
        let _ = Reflect::set(&options, &"type".into(), &"module".into());
        let worker = Worker::new_with_options(&format!("{script}#{name}"), &options).map_err(|e| format!("{e:?}"))?;
        let waiting = Rc::new(RefCell::new(Some(Vec::new())));
        let (ready, port, hear_error) = (Rc::clone(&waiting), worker.clone(), hear.clone());
        let on_message = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            let data = part(&event, "data");
            match data.as_string() {
                Some(text) if text == READY => {
                    let held = ready.borrow_mut().take();
                    held.into_iter().flatten().for_each(|message| send(&port, &message));
                }
                Some(problem) => hear(Heard::Failed(problem)),
                None => match postcard::from_bytes(&Uint8Array::new(&data).to_vec()) {
                    Ok(reply) => hear(Heard::Reply(reply)),
                    Err(problem) => hear(Heard::Failed(problem.to_string())),
                },
            }
        });
        let on_error = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            event.prevent_default();
            hear_error(Heard::Failed(part(&event, "message").as_string().unwrap_or_else(|| "worker.js".to_owned())));
        });
        for (name, listener) in [("message", &on_message), ("error", &on_error)] {
            // A worker is something that events happen to.
            let _ = worker.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
        }
        Ok(Client { worker, waiting, _listeners: [on_message, on_error] })
    }

    /// Sends a request, with the files where some are opened.
    pub(super) fn ask(&self, request: &Request, files: &JsValue) {
        let Ok(bytes) = postcard::to_allocvec(request) else { return };
        let message = Array::new();
        message.push(&Uint8Array::from(bytes.as_slice()));
        message.push(files);
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
pub(super) fn part(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
}
