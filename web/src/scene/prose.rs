//! The prose of a beat: blocks of spans, its numbers read from the run.

use std::sync::Arc;

use kafka_lab::goal::{Quantity, Sight};
use kafka_lab::timeline::Run;
use kafka_lab::words;

use super::sentence::noun_class;
use crate::content::{Block, Inline};
use crate::markup::{Markup, el, many};
use crate::player::Moment;

/// The moments that a text's numbers come from: where it asks (or begins), and where it ends.
#[derive(Clone, Debug)]
pub(super) struct Ends {
    pub(super) asks: Sight,
    pub(super) end: Sight,
}

impl Ends {
    pub(super) fn of(run: &Arc<Run>, asks: Moment, end: Moment) -> Self {
        Ends { asks: Sight::new(run, asks.0), end: Sight::new(run, end.0) }
    }

    /// One moment that all numbers come from.
    pub(super) fn at(run: &Arc<Run>, moment: Moment) -> Self {
        let sight = Sight::new(run, moment.0);
        Ends { asks: sight.clone(), end: sight }
    }

    fn value(&self, quantity: &Quantity, at_end: bool) -> Option<i64> {
        quantity.read(if at_end { &self.end } else { &self.asks })
    }
}

pub(super) fn blocks(blocks: &[Block], ends: &Ends) -> Markup {
    many(blocks.iter().map(|block| match block {
        Block::Paragraph(spans) => el("p").child(inlines(spans, ends)),
        Block::List(items) => el("ul").child(many(items.iter().map(|spans| el("li").child(inlines(spans, ends))))),
    }))
}

pub(super) fn inlines(spans: &[Inline], ends: &Ends) -> Markup {
    many(spans.iter().map(|span| inline(span, ends)))
}

fn inline(span: &Inline, ends: &Ends) -> Markup {
    match span.clone() {
        Inline::Text(text) => text.into(),
        Inline::Emphasis(text) => el("em").child(text).into(),
        Inline::Strong(text) => el("strong").child(text).into(),
        Inline::Code(text) => el("code").child(text).into(),
        Inline::Noun { role, text } => el("span").class(format!("noun {role}")).child(text).into(),
        Inline::Value { subject, at_end } => {
            let quantity = Quantity::parse(&subject);
            let value = quantity.as_ref().and_then(|quantity| Some((quantity, ends.value(quantity, at_end)?)));
            // A test reads every number of every scene: none is ever unknown on the page.
            let text = value.map_or_else(|| "?".to_owned(), |(quantity, number)| words::value(quantity, number));
            let class = quantity.map_or("noun data", |quantity| noun_class(quantity.noun()));
            el("span").class(class).child(text).into()
        }
    }
}
