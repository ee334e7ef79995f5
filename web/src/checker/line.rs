//! A line to a worker of one's own: the last request counts, and what comes for an older one is not heard.

use std::rc::Rc;

use kafka_lab::worst_case::{Answer, Ask, Reply, Request};
use wasm_bindgen::JsValue;

use super::words;
use crate::reactive::*;
use crate::worker::{Client, Heard, Trade};

/// A handle that is copied freely. The worker ends with the part of the page that it belongs to.
#[derive(Clone, Copy)]
pub(super) struct Line {
    number: StoredValue<u32>,
    client: StoredValue<Option<Client>, LocalStorage>,
}

impl Line {
    pub(super) fn new() -> Line {
        Line { number: StoredValue::new(0), client: StoredValue::new_local(None) }
    }

    /// Asks, in the place of what was asked before. `hear` is given each answer, or why there will be none.
    pub(super) fn ask(self, ask: Ask, hear: Rc<dyn Fn(Result<Answer, String>)>) {
        if self.client.with_value(Option::is_none) {
            let listener = Rc::clone(&hear);
            match Client::begin(Rc::new(move |heard| self.hear(heard, &*listener))) {
                Ok(client) => self.client.set_value(Some(client)),
                Err(problem) => return self.fail(&problem, &*hear),
            }
        }
        self.number.update_value(|number| *number += 1);
        self.send(ask);
    }

    /// Goes no further; the answers to that belong to what was asked last.
    pub(super) fn cancel(self) {
        self.send(Ask::Cancel);
    }

    fn send(self, ask: Ask) {
        let id = self.number.with_value(|number| *number);
        let Ok(bytes) = postcard::to_allocvec(&Request { id, ask }) else { return };
        let tell = |client: &Client| client.ask(Trade::Checker, &bytes, &JsValue::NULL);
        self.client.with_value(|client| client.iter().for_each(tell));
    }

    fn hear(self, heard: Heard, hear: &dyn Fn(Result<Answer, String>)) {
        // The reader has gone to another page.
        let Some(number) = self.number.try_get_value() else { return };
        match heard {
            Heard::Failed(problem) => self.fail(&problem, hear),
            Heard::Reply(bytes) => match postcard::from_bytes::<Reply>(&bytes) {
                Ok(reply) if reply.id == number => hear(Ok(reply.answer)),
                // To a question that nobody asks any more.
                Ok(_) => {}
                Err(problem) => self.fail(&problem.to_string(), hear),
            },
        }
    }

    /// The next question gets another worker.
    fn fail(self, problem: &str, hear: &dyn Fn(Result<Answer, String>)) {
        self.client.set_value(None);
        hear(Err(format!("{}{problem}", words::NO_WORKER)));
    }
}
