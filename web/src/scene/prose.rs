//! The prose of a beat: blocks of spans, its numbers read from the run.

use kafka_lab::frame::{Frame, Window, of_world};
use kafka_lab::ids::Offset;
use kafka_lab::timeline::Run;
use leptos::prelude::*;

use super::quantity::Quantity;
use super::sentence::noun_class;
use crate::content::{Block, Inline};
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

    fn value(&self, quantity: Quantity, at_end: bool) -> Option<Offset> {
        quantity.read(if at_end { &self.end } else { &self.asks })
    }
}

pub(super) fn blocks(blocks: &[Block], ends: &Ends) -> impl IntoView + use<> {
    let views = blocks.iter().map(|block| match block {
        Block::Paragraph(spans) => view! { <p>{inlines(spans, ends)}</p> }.into_any(),
        Block::List(items) => {
            let items = items.iter().map(|spans| view! { <li>{inlines(spans, ends)}</li> });
            view! { <ul>{items.collect_view()}</ul> }.into_any()
        }
    });
    views.collect_view()
}

pub(super) fn inlines(spans: &[Inline], ends: &Ends) -> impl IntoView + use<> {
    spans.iter().map(|span| inline(span, ends)).collect_view()
}

fn inline(span: &Inline, ends: &Ends) -> AnyView {
    match span.clone() {
        Inline::Text(text) => text.into_any(),
        Inline::Emphasis(text) => view! { <em>{text}</em> }.into_any(),
        Inline::Strong(text) => view! { <strong>{text}</strong> }.into_any(),
        Inline::Code(text) => view! { <code>{text}</code> }.into_any(),
        Inline::Noun { role, text } => view! { <span class=format!("noun {role}")>{text}</span> }.into_any(),
        Inline::Value { subject, at_end } => {
            let quantity = Quantity::parse(&subject);
            let value = quantity.and_then(|quantity| ends.value(quantity, at_end));
            // A test reads every number of every scene: none is ever unknown on the page.
            let text = value.map_or_else(|| "?".to_owned(), |offset| offset.to_string());
            let class = quantity.map_or("noun data", |quantity| noun_class(quantity.noun()));
            view! { <span class=class>{text}</span> }.into_any()
        }
    }
}
