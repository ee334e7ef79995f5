//! Markup as data: elements, text, and what of them follows signals.
//!
//! Leptos gives every element, attribute and closure of a view a type of its own, and every type its own code: the
//! app's views were two thirds of what a reader had to download. Here there is one type of element and one of each
//! kind of change, over Leptos' signals; a view costs its own words and little more. The same data becomes text in
//! the pages rendered at build time ([`html`]) and elements in the browser (`document`).

mod document;
mod element;
mod html;
mod late;

use std::borrow::Cow;
use std::fmt;

pub use document::{listen_on_the_way_down, listen_to_window, mount};
pub use element::{El, Value, button, el, svg};
pub use late::{NotLoaded, late};

/// A piece of a page.
#[derive(Default)]
pub enum Markup {
    #[default]
    Nothing,
    Text(Cow<'static, str>),
    /// Text that follows the signals it reads.
    LiveText(Box<dyn Fn() -> String>),
    Element(El),
    Many(Vec<Markup>),
    /// Built anew whenever a signal changes that it reads. The focus stays in its place.
    Live(Box<dyn Fn() -> Markup>),
    /// Elements with keys: one whose key stays is kept as it is.
    Each(Box<dyn Fn() -> Vec<Item>>),
}

/// An element of a keyed list.
pub struct Item {
    key: String,
    build: Box<dyn Fn() -> El>,
}

impl Item {
    /// `build` is called once for as long as the key stays in the list.
    pub fn new(key: impl Into<String>, build: impl Fn() -> El + 'static) -> Self {
        Item { key: key.into(), build: Box::new(build) }
    }
}

/// Text that follows the signals it reads.
pub fn text(read: impl Fn() -> String + 'static) -> Markup {
    Markup::LiveText(Box::new(read))
}

/// Built anew whenever a signal changes that `build` reads.
pub fn live<M: Into<Markup>>(build: impl Fn() -> M + 'static) -> Markup {
    Markup::Live(Box::new(move || build().into()))
}

/// A list whose elements stay as long as their keys do.
pub fn each(items: impl Fn() -> Vec<Item> + 'static) -> Markup {
    Markup::Each(Box::new(items))
}

/// Several pieces after each other.
pub fn many<M: Into<Markup>>(pieces: impl IntoIterator<Item = M>) -> Markup {
    Markup::Many(pieces.into_iter().map(Into::into).collect())
}

impl fmt::Debug for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Markup")
    }
}

impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Item").field("key", &self.key).finish_non_exhaustive()
    }
}

impl From<&'static str> for Markup {
    fn from(text: &'static str) -> Self {
        Markup::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Markup {
    fn from(text: String) -> Self {
        Markup::Text(Cow::Owned(text))
    }
}

impl From<El> for Markup {
    fn from(element: El) -> Self {
        Markup::Element(element)
    }
}

impl<M: Into<Markup>> From<Option<M>> for Markup {
    fn from(piece: Option<M>) -> Self {
        piece.map_or(Markup::Nothing, Into::into)
    }
}

impl<M: Into<Markup>> From<Vec<M>> for Markup {
    fn from(pieces: Vec<M>) -> Self {
        many(pieces)
    }
}
