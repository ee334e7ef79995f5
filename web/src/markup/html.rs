//! Markup as text, for the pages that are rendered at build time.

use super::Markup;
use super::element::{Attribute, Parts};

/// Elements that have no end tag.
const VOID: [&str; 6] = ["br", "hr", "img", "input", "link", "meta"];

impl Markup {
    /// What it is now, as HTML.
    #[must_use]
    pub fn to_html(&self) -> String {
        let mut html = String::new();
        write(self, &mut html);
        html
    }
}

fn write(markup: &Markup, html: &mut String) {
    match markup {
        Markup::Nothing => {}
        Markup::Text(text) => escape(text, html),
        Markup::LiveText(read) => escape(&read(), html),
        Markup::Element(element) => write_element(&element.0, html),
        Markup::Many(pieces) => pieces.iter().for_each(|piece| write(piece, html)),
        Markup::Live(build) => write(&build(), html),
        Markup::Each(items) => items().iter().for_each(|item| write_element(&(item.build)().0, html)),
    }
}

fn write_element(element: &Parts, html: &mut String) {
    html.push('<');
    html.push_str(element.tag);
    for (name, value) in attributes(element) {
        html.push(' ');
        html.push_str(name);
        html.push_str("=\"");
        escape(&value, html);
        html.push('"');
    }
    html.push('>');
    if VOID.contains(&element.tag) {
        return;
    }
    match &element.inner_html {
        Some(inner) => html.push_str(inner),
        None => element.children.iter().for_each(|child| write(child, html)),
    }
    html.push_str("</");
    html.push_str(element.tag);
    html.push('>');
}

/// Those that are set now, the classes together.
fn attributes(element: &Parts) -> Vec<(&'static str, String)> {
    let mut classes = Vec::new();
    let mut others = Vec::new();
    for (name, attribute) in &element.attributes {
        let value = match attribute {
            Attribute::Class(is_so) => {
                classes.extend(is_so().then(|| (*name).to_owned()));
                continue;
            }
            Attribute::Fixed(value) => value.clone(),
            Attribute::Live(value) => value(),
        };
        match (*name, value) {
            (_, None) => {}
            ("class", Some(value)) => classes.push(value.into_owned()),
            (name, Some(value)) => others.push((name, value.into_owned())),
        }
    }
    if !classes.is_empty() {
        others.insert(0, ("class", classes.join(" ")));
    }
    others
}

fn escape(text: &str, html: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            letter => html.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::markup::{Item, Markup, each, el, live, many, svg, text};

    fn html(markup: impl Into<Markup>) -> String {
        markup.into().to_html()
    }

    #[test]
    fn an_element_is_written_with_what_hangs_on_it() {
        let button = el("button").class("button").class_if("primary", || true).class_if("late", || false);
        let button = button.attr("title", "5 < 6 & \"7\"").live_attr("hidden", || None::<String>).child("a<b");
        assert_eq!(
            html(button),
            "<button class=\"button primary\" title=\"5 &lt; 6 &amp; &quot;7&quot;\">a&lt;b</button>"
        );
        assert_eq!(html(el("input").attr("type", "radio")), "<input type=\"radio\">");
        assert_eq!(html(svg("svg").child(svg("path").attr("d", "M0 0"))), "<svg><path d=\"M0 0\"></path></svg>");
    }

    #[test]
    fn what_changes_is_written_as_it_is_now() {
        let list = each(|| vec![Item::new("1", || el("li").child("one")), Item::new("2", || el("li").child("two"))]);
        let page = many([text(|| "now".to_owned()), live(|| Some(el("p"))), list, Markup::from(None::<El>)]);
        assert_eq!(html(page), "now<p></p><li>one</li><li>two</li>");
    }

    use crate::markup::El;
}
