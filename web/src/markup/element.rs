//! An element, put together step by step: `el("a").class("button").attr("href", "#/").child("Begin")`.

use std::borrow::Cow;
use std::fmt;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event};

use super::Markup;

/// What an attribute is set to; `None` takes it away.
pub type Value = Option<Cow<'static, str>>;

/// An element with all that hangs on it. What needs a document is carried out in the browser only.
pub struct El(pub(super) Box<Parts>);

#[derive(Default)]
pub(super) struct Parts {
    pub(super) tag: &'static str,
    pub(super) is_svg: bool,
    pub(super) attributes: Vec<(&'static str, Attribute)>,
    pub(super) properties: Vec<(&'static str, Property)>,
    pub(super) listeners: Vec<(&'static str, Listener)>,
    pub(super) made: Vec<Made>,
    /// Markup that this program itself wrote.
    pub(super) inner_html: Option<String>,
    pub(super) children: Vec<Markup>,
}

pub(super) type Property = Box<dyn Fn() -> JsValue>;
pub(super) type Listener = Box<dyn FnMut(Event)>;
pub(super) type Made = Box<dyn FnOnce(&Element)>;

pub(super) enum Attribute {
    Fixed(Value),
    Live(Box<dyn Fn() -> Value>),
    /// Whether the class is there.
    Class(Box<dyn Fn() -> bool>),
}

/// An element of HTML.
#[must_use]
#[inline(never)]
pub fn el(tag: &'static str) -> El {
    El(Box::new(Parts { tag, ..Parts::default() }))
}

/// An element of SVG.
#[must_use]
#[inline(never)]
pub fn svg(tag: &'static str) -> El {
    El(Box::new(Parts { tag, is_svg: true, ..Parts::default() }))
}

/// A button that sends no form.
#[must_use]
pub fn button(class: &'static str, label: impl Into<Markup>) -> El {
    el("button").class(class).attr("type", "button").child(label)
}

impl El {
    #[must_use]
    pub fn attr(self, name: &'static str, value: impl IntoValue) -> Self {
        self.with_attribute(name, Attribute::Fixed(value.into_value()))
    }

    /// An attribute that follows the signals that `value` reads.
    #[must_use]
    pub fn live_attr<V: IntoValue>(self, name: &'static str, value: impl Fn() -> V + 'static) -> Self {
        self.with_attribute(name, Attribute::Live(Box::new(move || value().into_value())))
    }

    #[must_use]
    pub fn class(self, names: impl IntoValue) -> Self {
        self.attr("class", names)
    }

    /// The class `name` is there as long as `is_so`.
    #[must_use]
    pub fn class_if(self, name: &'static str, is_so: impl Fn() -> bool + 'static) -> Self {
        self.with_attribute(name, Attribute::Class(Box::new(is_so)))
    }

    /// What a field holds; it follows the signals that `value` reads.
    #[must_use]
    pub fn value(self, value: impl Fn() -> String + 'static) -> Self {
        self.with_property("value", Box::new(move || value().into()))
    }

    /// Whether a box is ticked; it follows the signals that `checked` reads.
    #[must_use]
    pub fn checked(self, checked: impl Fn() -> bool + 'static) -> Self {
        self.with_property("checked", Box::new(move || checked().into()))
    }

    /// Calls `act` at each event of the name. `E` is the event's own class, as the browser's documentation has it.
    #[must_use]
    pub fn on<E: JsCast>(self, name: &'static str, mut act: impl FnMut(E) + 'static) -> Self {
        self.with_listener(name, Box::new(move |event| act(event.unchecked_into())))
    }

    #[must_use]
    pub fn on_click(self, mut act: impl FnMut() + 'static) -> Self {
        self.with_listener("click", Box::new(move |_| act()))
    }

    /// Calls `act` with the element once it is made, in the browser; it is in the document when effects run.
    #[must_use]
    pub fn made(mut self, act: impl FnOnce(&Element) + 'static) -> Self {
        self.0.made.push(Box::new(act));
        self
    }

    /// Markup that this program itself wrote, in place of children.
    #[must_use]
    pub fn inner_html(mut self, html: Option<String>) -> Self {
        self.0.inner_html = html;
        self
    }

    #[must_use]
    pub fn child(self, child: impl Into<Markup>) -> Self {
        self.with_child(child.into())
    }
}

/// Compiled once, and called from every view: that is what keeps a view small.
impl El {
    #[inline(never)]
    fn with_attribute(mut self, name: &'static str, attribute: Attribute) -> Self {
        self.0.attributes.push((name, attribute));
        self
    }

    #[inline(never)]
    fn with_property(mut self, name: &'static str, value: Property) -> Self {
        self.0.properties.push((name, value));
        self
    }

    #[inline(never)]
    fn with_listener(mut self, name: &'static str, act: Listener) -> Self {
        self.0.listeners.push((name, act));
        self
    }

    #[inline(never)]
    fn with_child(mut self, child: Markup) -> Self {
        self.0.children.push(child);
        self
    }
}

/// What can be written into an attribute.
pub trait IntoValue {
    fn into_value(self) -> Value;
}

impl IntoValue for &'static str {
    fn into_value(self) -> Value {
        Some(Cow::Borrowed(self))
    }
}

impl IntoValue for String {
    fn into_value(self) -> Value {
        Some(Cow::Owned(self))
    }
}

/// As ARIA writes it.
impl IntoValue for bool {
    fn into_value(self) -> Value {
        Some(Cow::Borrowed(if self { "true" } else { "false" }))
    }
}

impl<V: IntoValue> IntoValue for Option<V> {
    fn into_value(self) -> Value {
        self.and_then(IntoValue::into_value)
    }
}

impl fmt::Debug for El {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("El").field("tag", &self.0.tag).finish_non_exhaustive()
    }
}
