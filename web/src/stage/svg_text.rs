//! A stage as SVG text: what is rendered into the pages at build time, and what the tests compare.

use kafka_lab::frame::Frame;

use super::element::{self, Element};
use super::layers::{self, Layer};
use super::layout::{Layout, View};
use super::shape::{Plane, Shape};

/// The whole picture of a frame on a stage of the view's size.
#[must_use]
pub fn picture(layers: &[Layer], frame: &Frame, view: &View, label: &str) -> String {
    let layout = Layout::of(frame, view);
    let shapes = layers::draw(layers, frame, &layout);
    let (width, height) = (element::number(layout.width_px), element::number(layout.height_px));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"stage-svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\">",
        escape(label)
    );
    let hatch_id = format!("hatch-{width}");
    svg.push_str(&hatch_pattern(&hatch_id));
    svg.push_str(&format!("<g transform=\"translate(-{} 0)\">", element::number(layout.scroll_px)));
    plane(&mut svg, &shapes, Plane::Scrolled, &hatch_id);
    svg.push_str("</g><g>");
    plane(&mut svg, &shapes, Plane::Fixed, &hatch_id);
    svg.push_str("</g></svg>");
    svg
}

/// The stage of a page before any script has run: one picture an arrangement, of which the style sheet
/// shows the one that fits.
#[must_use]
pub fn first_picture(layers: &[Layer], frame: &Frame, label: &str) -> String {
    let arrangements = [("phone", 360.0), ("middle", 600.0), ("wide", 900.0)];
    let mut html = String::new();
    for (name, width_px) in arrangements {
        let svg = picture(layers, frame, &View::of_width(width_px), label);
        html.push_str(&format!("<div class=\"first-picture {name}\">{svg}</div>"));
    }
    html
}

fn hatch_pattern(id: &str) -> String {
    let mut svg = String::from("<defs>");
    svg.push_str(&format!(
        "<pattern id=\"{id}\" patternUnits=\"userSpaceOnUse\" width=\"8\" height=\"8\" \
         patternTransform=\"rotate(45)\"><path class=\"hatch-line\" d=\"M1.5 0V8\"/></pattern>"
    ));
    svg.push_str("</defs>");
    svg
}

fn plane(svg: &mut String, shapes: &[Shape], plane: Plane, hatch_id: &str) {
    for shape in shapes.iter().filter(|shape| shape.plane == plane) {
        svg.push_str(&format!("<g class=\"{}\" transform=\"{}\">", shape.class, element::transform(shape.at)));
        for element in element::inside(shape, hatch_id) {
            write(svg, &element);
        }
        svg.push_str("</g>");
    }
}

fn write(svg: &mut String, element: &Element) {
    svg.push('<');
    svg.push_str(element.tag);
    for (name, value) in &element.attributes {
        svg.push_str(&format!(" {name}=\"{}\"", escape(value)));
    }
    match &element.text {
        Some(text) => svg.push_str(&format!(">{}</{}>", escape(text), element.tag)),
        None => svg.push_str("/>"),
    }
}

/// For text and for attribute values in double quotes.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests;
