//! The window around the frame: who may speak, what it is told, how high the frame wants to be.

use js_sys::Array;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, ResizeObserver, Window};

use super::message::{NAMESPACE, VERSION, is_ours, not_ours};
use super::problem::Problem;
use super::value::{Value, fields, property};
use crate::markup::listen_to_window;
use crate::reactive::*;

/// More than this is not told of one page: a host that sends rubbish for ever is not answered for ever.
const PROBLEMS_MOST: usize = 64;

/// A handle that is copied freely.
#[derive(Clone, Copy)]
pub(super) struct Host(StoredValue<Inside, LocalStorage>);

struct Inside {
    /// None if the page stands in no frame.
    parent: Option<Window>,
    /// Who alone may speak: as the address says, or else who spoke first.
    origin: Option<String>,
    messages_sent: usize,
    reported: Vec<(String, String)>,
    height_px: f64,
    /// An H5P resizer answered.
    is_h5p: bool,
}

impl Host {
    /// Finds the window around, and listens to it: `hear` is given what means this lab.
    pub(super) fn listen(origin: Option<String>, hear: impl Fn(Host, &Value) + 'static) -> Self {
        let this: JsValue = window().into();
        let parent = property(&this, "parent");
        let parent = (parent != this).then(|| parent.unchecked_into());
        let is_framed = parent.is_some();
        let inside = Inside { parent, origin, messages_sent: 0, reported: Vec::new(), height_px: 0.0, is_h5p: false };
        let host = Host(StoredValue::new_local(inside));
        if is_framed {
            listen_to_window("message", move |event: Event| host.receive(&event, &hear));
            host.post_h5p("hello", &[]);
        }
        host
    }

    fn receive(self, event: &Event, hear: &dyn Fn(Host, &Value)) {
        if !self.may_speak(event) {
            return;
        }
        let message = Value::from_js(&property(event, "data"));
        let is_h5p = message.field("context").text() == Some("h5p");
        if is_ours(&message) || is_h5p {
            self.0.update_value(|inside| {
                inside.origin.get_or_insert_with(|| origin_of(event));
            });
        }
        if is_h5p {
            self.hear_h5p(message.field("action").text().unwrap_or_default());
        } else if is_ours(&message) {
            hear(self, &message);
        } else if !is_lti(&message) {
            self.report(&not_ours(), &Value::Nothing);
        }
    }

    /// Only the window around, and of that only the page that is known.
    fn may_speak(self, event: &Event) -> bool {
        self.0.with_value(|inside| {
            let is_parent = inside
                .parent
                .as_ref()
                .is_some_and(|parent| *AsRef::<JsValue>::as_ref(parent) == property(event, "source"));
            is_parent && inside.origin.as_ref().is_none_or(|origin| *origin == origin_of(event))
        })
    }

    /// Tells the host; `said` are the fields beside those that every message has.
    pub(super) fn tell(self, kind: &str, said: Value) {
        let id = self.0.try_update_value(|inside| {
            inside.messages_sent += 1;
            inside.messages_sent
        });
        let head = fields([
            ("ns", NAMESPACE.into()),
            ("v", Value::Number(VERSION)),
            ("id", id.unwrap_or_default().into()),
            ("type", kind.into()),
        ]);
        if let (Value::Fields(mut all), Value::Fields(said)) = (head, said) {
            all.extend(said);
            self.post(&Value::Fields(all));
        }
    }

    /// Tells of a problem, once. `answers` is the id of the message that it is about.
    pub(super) fn report(self, problem: &Problem, answers: &Value) {
        let said = (problem.place.clone(), problem.to_string());
        let is_new = self.0.try_update_value(|inside| {
            let is_new = inside.reported.len() < PROBLEMS_MOST && !inside.reported.contains(&said);
            if is_new {
                inside.reported.push(said.clone());
            }
            is_new
        });
        if is_new != Some(true) {
            return;
        }
        let mut error = vec![
            ("message".to_owned(), Value::Text(said.1)),
            ("place".to_owned(), Value::Text(said.0)),
            ("answers".to_owned(), answers.clone()),
        ];
        if let Some((line, column)) = problem.line_and_column() {
            error.push(("line".to_owned(), Value::Number(line.into())));
            error.push(("column".to_owned(), Value::Number(column.into())));
        }
        self.tell("error", Value::Fields(error));
    }

    fn post(self, message: &Value) {
        self.0.with_value(|inside| {
            if let Some(parent) = &inside.parent {
                // A page without an origin of its own (a file, a sandbox) can't be named; nothing here is a secret.
                let origin = inside.origin.as_deref().filter(|origin| *origin != "null").unwrap_or("*");
                // A window that is closing hears nothing.
                let _ = parent.post_message(&message.to_js(), origin);
            }
        });
    }

    /// Tells the host from now on how high `content` is, which does not depend on the frame's own height.
    pub(super) fn follow_height(self, content: &Element) {
        let measured = content.clone();
        let on_size = Closure::<dyn FnMut(Array)>::new(move |_| {
            self.told_height(measured.get_bounding_client_rect().height().ceil());
        });
        // Without the observer the frame keeps the height that its host gave it.
        if let Ok(sizes) = ResizeObserver::new(on_size.as_ref().unchecked_ref()) {
            sizes.observe(content);
            StoredValue::new_local(Observing { sizes, _on_size: on_size });
        }
    }

    fn told_height(self, height_px: f64) {
        let before_px = self.0.try_update_value(|inside| std::mem::replace(&mut inside.height_px, height_px));
        if height_px <= 0.0 || before_px == Some(height_px) {
            return;
        }
        self.tell("resize", fields([("height", Value::Number(height_px))]));
        self.post(&fields([("subject", "lti.frameResize".into()), ("height", Value::Number(height_px))]));
        if self.0.with_value(|inside| inside.is_h5p) {
            self.prepare_h5p();
        }
    }

    /// The handshake of `h5p-resizer.js`: hello, then for each change prepareResize, resizePrepared, resize.
    fn hear_h5p(self, action: &str) {
        match action {
            "ready" => self.post_h5p("hello", &[]),
            "hello" => {
                self.0.update_value(|inside| inside.is_h5p = true);
                self.prepare_h5p();
            }
            // The host's window changed.
            "resize" => self.prepare_h5p(),
            "resizePrepared" => self.post_h5p("resize", &["scrollHeight"]),
            _ => {}
        }
    }

    fn prepare_h5p(self) {
        self.post_h5p("prepareResize", &["scrollHeight", "clientHeight"]);
    }

    fn post_h5p(self, action: &str, heights: &[&str]) {
        let height = self.0.with_value(|inside| Value::Number(inside.height_px));
        let mut message = vec![("context".to_owned(), Value::from("h5p")), ("action".to_owned(), Value::from(action))];
        message.extend(heights.iter().map(|name| ((*name).to_owned(), height.clone())));
        self.post(&Value::Fields(message));
    }
}

struct Observing {
    sizes: ResizeObserver,
    _on_size: Closure<dyn FnMut(Array)>,
}

impl Drop for Observing {
    fn drop(&mut self) {
        self.sizes.disconnect();
    }
}

fn origin_of(event: &Event) -> String {
    property(event, "origin").as_string().unwrap_or_default()
}

/// What a learning platform answers to a new height.
fn is_lti(message: &Value) -> bool {
    message.field("subject").text().is_some_and(|subject| subject.starts_with("lti."))
}
