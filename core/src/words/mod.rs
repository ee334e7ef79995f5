//! All English of the core: story sentences, captions, the text of a frame. Typed, in one place.
//!
//! A [`Sentence`] is a list of spans, so that a noun keeps its colour wherever it is printed.

#[cfg(feature = "codecs")]
mod beside;
mod cluster;
mod differences;
#[cfg(feature = "codecs")]
mod findings;
mod frames;
mod goals;
mod names;
#[cfg(feature = "cli")]
mod promises;
mod quorum;
#[cfg(feature = "codecs")]
mod relations;
mod roles;
mod space_time;
mod standing;
mod story;
mod why;

pub use differences::{DifferenceRow, frame_difference};
#[cfg(feature = "codecs")]
pub use findings::finding_words;
pub use frames::{
    caption, consumer_lines, controller_lines, describe, describe_cell, describe_table, endpoint_name, producer_lines,
};
pub use goals::{condition, fate, quantity, value};
pub use names::{counted, message_label};
#[cfg(feature = "cli")]
pub use promises::{premise_words, property_words, violation_words};
pub use space_time::{describe_space_time, line_words};
pub use standing::{in_sync_floor, in_sync_set, standing_lines, wire_words};
pub use story::{duration, refused, story};
pub use why::{because, question, remedy, why_not};

use crate::ids::BrokerId;
use std::fmt;

/// What a noun stands for; the page gives each one colour, everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Noun {
    Leader,
    Follower,
    /// A broker, of whatever role.
    Broker(BrokerId),
    Producer,
    Consumer,
    HighWatermark,
    Transaction,
    Danger,
    /// A record, an offset, a number: data, set in the monospace.
    Data,
}

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    Plain(String),
    Noun(Noun, String),
}

/// A sentence whose nouns are known.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Sentence {
    pub spans: Vec<Span>,
}

impl Sentence {
    #[must_use]
    pub fn new() -> Self {
        Sentence::default()
    }

    /// Adds plain words.
    #[must_use]
    pub fn say(mut self, words: impl Into<String>) -> Self {
        self.spans.push(Span::Plain(words.into()));
        self
    }

    /// Adds a noun.
    #[must_use]
    pub fn noun(mut self, noun: Noun, words: impl fmt::Display) -> Self {
        self.spans.push(Span::Noun(noun, words.to_string()));
        self
    }

    /// Adds a piece that is ready.
    #[must_use]
    pub fn span(mut self, span: Span) -> Self {
        self.spans.push(span);
        self
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for span in &self.spans {
            match span {
                Span::Plain(words) | Span::Noun(_, words) => f.write_str(words)?,
            }
        }
        Ok(())
    }
}
