//! A sentence of the core as text whose nouns wear their colours.

use kafka_lab::ids::Tick;
use kafka_lab::words::{Noun, Sentence, Span};

use crate::markup::{Markup, el, many};

/// The class that gives a noun its colour, in prose, in the story and on the stage.
#[must_use]
pub(super) fn noun_class(noun: Noun) -> &'static str {
    match noun {
        Noun::Leader => "noun leader",
        Noun::Follower => "noun follower",
        Noun::Broker(_) => "noun broker",
        Noun::Producer => "noun producer",
        Noun::Consumer => "noun consumer",
        Noun::HighWatermark => "noun high-watermark",
        Noun::Transaction => "noun transaction",
        Noun::Danger => "noun danger",
        Noun::Data => "noun data",
    }
}

/// The sentence, its nouns in their colours.
#[must_use]
pub fn sentence_view(sentence: Sentence) -> Markup {
    many(sentence.spans.into_iter().map(|span| match span {
        Span::Plain(words) => Markup::from(words),
        Span::Noun(noun, words) => el("span").class(noun_class(noun)).child(words).into(),
    }))
}

/// A moment of the run as the transport says it: "1.240 s".
#[must_use]
pub fn seconds(tick: Tick) -> String {
    format!("{}.{:03} s", tick.0.div_euclid(1_000), tick.0.rem_euclid(1_000))
}
