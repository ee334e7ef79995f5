//! Markup in the browser's document: made once, and then changed where a signal says so.
//!
//! A document refuses nothing of what is asked of it here (the names of tags and attributes are literals of this
//! program): what it answers is not looked at.

use std::cell::RefCell;

use crate::reactive::{Owner, RenderEffect, StoredValue, document, untrack, window};
use litemap::LiteMap;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Document, Element, Event, EventTarget, HtmlElement, Node};

use super::element::Attribute;
use super::{El, Item, Markup};

const SVG: &str = "http://www.w3.org/2000/svg";
/// What can have the focus, when a part of the page is built anew around it.
const FOCUSABLE: &str = "a[href], button, input, select, textarea, summary, [tabindex]";

/// Makes the markup at the end of `place`. It lives as long as the current owner.
pub fn mount(place: &Element, markup: Markup) {
    add(&document(), place, None, markup);
}

/// Calls `act` at each event of the name that reaches the window, until the current owner is gone.
pub fn listen_to_window<E: JsCast>(name: &str, mut act: impl FnMut(E) + 'static) {
    // A page that is rendered at build time hears nothing.
    if cfg!(feature = "csr") {
        listen_boxed(&window(), name, false, Box::new(move |event| act(event.unchecked_into())));
    }
}

/// Calls `act` at each event of the name on its way down to what is in `around`, also if it does not rise again.
pub fn listen_on_the_way_down(around: &Element, name: &str, act: impl FnMut(Event) + 'static) {
    listen_boxed(around, name, true, Box::new(act));
}

#[inline(never)]
fn listen_boxed(target: &EventTarget, name: &str, down: bool, act: Box<dyn FnMut(Event)>) {
    let closure = Closure::wrap(act);
    let _ = target.add_event_listener_with_callback_and_bool(name, closure.as_ref().unchecked_ref(), down);
    keep(Listening { target: target.clone(), name: name.to_owned(), down, closure });
}

struct Listening {
    target: EventTarget,
    name: String,
    /// Events are heard on their way down.
    down: bool,
    closure: Closure<dyn FnMut(Event)>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        let act = self.closure.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback_and_bool(&self.name, act, self.down);
    }
}

/// Until the current owner is gone.
fn keep<T: 'static>(thing: T) {
    StoredValue::new_local(thing);
}

/// Runs now, and again whenever a signal changes that `run` reads.
fn follow(run: impl Fn() + 'static) {
    let run: Box<dyn Fn()> = Box::new(run);
    keep(RenderEffect::new(move |_: Option<()>| run()));
}

fn add(document: &Document, parent: &Node, before: Option<&Node>, markup: Markup) {
    let place = |node: &Node| {
        let _ = parent.insert_before(node, before);
    };
    match markup {
        Markup::Nothing => {}
        Markup::Text(text) => place(&document.create_text_node(&text)),
        Markup::LiveText(read) => {
            let node = document.create_text_node("");
            place(&node);
            follow(move || node.set_data(&read()));
        }
        Markup::Element(element) => place(&make(document, element)),
        Markup::Many(pieces) => pieces.into_iter().for_each(|piece| add(document, parent, before, piece)),
        Markup::Live(build) => {
            let region = Region::new(document, &place);
            follow(move || {
                let markup = build();
                untrack(|| region.renew(markup));
            });
        }
        Markup::Each(items) => {
            let region = Region::new(document, &place);
            let list = KeyedList { region, owner: Owner::current().unwrap_or_default(), kept: RefCell::default() };
            follow(move || {
                let items = items();
                untrack(|| list.renew(items));
            });
        }
    }
}

fn make(document: &Document, El(element): El) -> Element {
    let element = *element;
    let made = if element.is_svg {
        document.create_element_ns(Some(SVG), element.tag)
    } else {
        document.create_element(element.tag)
    };
    let node = made.unwrap_or_else(|_| unreachable!("{} is the name of an element", element.tag));
    for (name, attribute) in element.attributes {
        let node = node.clone();
        match attribute {
            Attribute::Fixed(value) => set(&node, name, value.as_deref()),
            Attribute::Live(value) => follow(move || set(&node, name, value().as_deref())),
            Attribute::Class(is_so) => follow(move || {
                let _ = node.class_list().toggle_with_force(name, is_so());
            }),
        }
    }
    for (name, act) in element.listeners {
        listen_boxed(&node, name, false, act);
    }
    if let Some(html) = element.inner_html {
        node.set_inner_html(&html);
    }
    for child in element.children {
        add(document, &node, None, child);
    }
    // After the children: what a <select> shows must be there when it is chosen.
    for (name, value) in element.properties {
        let node = node.clone();
        follow(move || {
            let _ = js_sys::Reflect::set(&node, &name.into(), &value());
        });
    }
    for act in element.made {
        act(&node);
    }
    node
}

fn set(node: &Element, name: &str, value: Option<&str>) {
    let _ = match value {
        Some(value) => node.set_attribute(name, value),
        None => node.remove_attribute(name),
    };
}

/// A part of a parent's children, between two marks that are not seen.
struct Region {
    start: Node,
    end: Node,
}

impl Region {
    fn new(document: &Document, place: &dyn Fn(&Node)) -> Self {
        let mark = || -> Node { document.create_text_node("").into() };
        let region = Region { start: mark(), end: mark() };
        place(&region.start);
        place(&region.end);
        region
    }

    fn parent(&self) -> Option<Node> {
        self.end.parent_node()
    }

    fn renew(&self, markup: Markup) {
        let Some(parent) = self.parent() else { return };
        let focused = self.focused();
        while let Some(node) = self.start.next_sibling().filter(|node| *node != self.end) {
            let _ = parent.remove_child(&node);
        }
        add(&document(), &parent, Some(&self.end), markup);
        if let Some(place) = focused {
            self.focus(place);
        }
    }

    /// Everything in it that can have the focus, in order.
    fn focusable(&self) -> Vec<HtmlElement> {
        let mut found = Vec::new();
        let mut next = self.start.next_sibling();
        while let Some(node) = next.filter(|node| *node != self.end) {
            next = node.next_sibling();
            let Ok(element) = node.dyn_into::<Element>() else { continue };
            let inside = element.query_selector_all(FOCUSABLE).ok();
            let inside = inside.iter().flat_map(|list| (0..list.length()).filter_map(|at| list.item(at)));
            let itself = element.matches(FOCUSABLE).unwrap_or(false).then(|| Node::from(element.clone()));
            found.extend(itself.into_iter().chain(inside).filter_map(|node| node.dyn_into().ok()));
        }
        found
    }

    /// Which of them has the focus.
    fn focused(&self) -> Option<usize> {
        let active = document().active_element()?;
        self.parent()?.contains(Some(&active)).then_some(())?;
        self.focusable().iter().position(|element| **element == active)
    }

    /// Gives the focus to what stands in the same place now.
    fn focus(&self, place: usize) {
        if let Some(element) = self.focusable().get(place) {
            let _ = element.focus();
        }
    }
}

/// Elements by key, each with an owner of its own.
struct KeyedList {
    region: Region,
    /// Outlives the list's changes, as the elements do.
    owner: Owner,
    kept: RefCell<LiteMap<String, (Element, Owner)>>,
}

impl KeyedList {
    fn renew(&self, items: Vec<Item>) {
        let Some(parent) = self.region.parent() else { return };
        let mut before = self.kept.take();
        let mut now = LiteMap::with_capacity(items.len());
        let document = document();
        let entries = items.into_iter().map(|item| {
            let entry = before.remove(&item.key).unwrap_or_else(|| {
                let owner = self.owner.child();
                (owner.with(|| make(&document, (item.build)())), owner)
            });
            (item.key, entry)
        });
        let entries: Vec<_> = entries.collect();
        for (_, (element, owner)) in before {
            owner.cleanup();
            element.remove();
        }
        let mut cursor = self.region.start.next_sibling();
        for (key, (element, owner)) in entries {
            if cursor.as_ref() == Some(&element) {
                cursor = element.next_sibling();
            } else {
                let _ = parent.insert_before(&element, cursor.as_ref());
            }
            now.insert(key, (element, owner));
        }
        self.kept.replace(now);
    }
}
