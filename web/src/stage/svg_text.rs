//! A stage as SVG text: what is rendered into the pages at build time, and what the tests compare.

use kafka_lab::frame::Frame;

use super::element::{self, Element, HATCH_ID};
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
    svg.push_str(&hatch_pattern());
    svg.push_str(&format!("<g transform=\"translate(-{} 0)\">", element::number(layout.scroll_px)));
    plane(&mut svg, &shapes, Plane::Scrolled);
    svg.push_str("</g><g>");
    plane(&mut svg, &shapes, Plane::Fixed);
    svg.push_str("</g></svg>");
    svg
}

fn hatch_pattern() -> String {
    let mut svg = String::from("<defs>");
    svg.push_str(&format!(
        "<pattern id=\"{HATCH_ID}\" patternUnits=\"userSpaceOnUse\" width=\"8\" height=\"8\" \
         patternTransform=\"rotate(45)\"><path class=\"hatch-line\" d=\"M1.5 0V8\"/></pattern>"
    ));
    svg.push_str("</defs>");
    svg
}

fn plane(svg: &mut String, shapes: &[Shape], plane: Plane) {
    for shape in shapes.iter().filter(|shape| shape.plane == plane) {
        svg.push_str(&format!("<g class=\"{}\" transform=\"{}\">", shape.class, element::transform(shape.at)));
        for element in element::inside(shape) {
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
