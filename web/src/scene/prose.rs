//! The prose of a beat: blocks of spans, its numbers read from the run.

use kafka_lab::frame::{Frame, Window, of_world};
use kafka_lab::timeline::Run;

use super::quantity::Quantity;
use super::sentence::noun_class;
use crate::content::{Block, Inline};
use crate::markup::{Markup, el, many};
use crate::player::Moment;

/// The frames that a beat's numbers come from: where it asks (or begins), and where it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ends {
    pub(super) asks: Frame,
    pub(super) end: Frame,
}

impl Ends {
    pub(super) fn of(run: &Run, asks: Moment, end: Moment) -> Self {
        let frame = |moment: Moment| of_world(&run.world_at(moment.0), Window::ALL);
        Ends { asks: frame(asks), end: frame(end) }
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
            let value = quantity.as_ref().and_then(|quantity| ends.value(quantity, at_end));
            // A test reads every number of every scene: none is ever unknown on the page.
            let text = value.map_or_else(|| "?".to_owned(), |number| number.to_string());
            let class = quantity.map_or("noun data", |quantity| noun_class(quantity.noun()));
            el("span").class(class).child(text).into()
        }
    }
}
