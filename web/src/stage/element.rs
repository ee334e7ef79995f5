//! Shapes as SVG elements, still plain data: the writer prints them, the painter makes them.

use super::shape::{Bounds, Ink, Point, Shape};

/// An SVG element without children.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    pub tag: &'static str,
    pub attributes: Vec<(&'static str, String)>,
    pub text: Option<String>,
}

/// The elements inside a shape's group, back to front. `hatch_id` names the picture's hatching pattern.
#[must_use]
pub fn inside(shape: &Shape, hatch_id: &str) -> Vec<Element> {
    let mut elements = Vec::new();
    if let Some(target) = &shape.target {
        elements.push(Element { tag: "title", attributes: Vec::new(), text: Some(target.label.clone()) });
        elements.push(rect(target.hit, 0.0, "hit"));
    }
    elements.extend(shape.inks.iter().map(|ink| of_ink(ink, hatch_id)));
    elements
}

/// The name of a shape that can be chosen: what is written on it, so that it can be asked for by voice, then what it
/// is.
#[must_use]
pub fn spoken(shape: &Shape, label: &str) -> String {
    let texts =
        shape.inks.iter().filter_map(|ink| if let Ink::Text(line) = ink { Some(line.text.as_str()) } else { None });
    let written: String = texts.collect();
    if written.is_empty() { label.to_owned() } else { format!("{written}: {label}") }
}

fn of_ink(ink: &Ink, hatch_id: &str) -> Element {
    match ink {
        Ink::Rect { bounds, radius, class } => rect(*bounds, *radius, class),
        Ink::Hatch { bounds, radius } => {
            let mut element = rect(*bounds, *radius, "hatch");
            element.attributes.push(("fill", format!("url(#{hatch_id})")));
            element
        }
        Ink::Path { d, class } => {
            Element { tag: "path", attributes: vec![("class", (*class).to_owned()), ("d", d.clone())], text: None }
        }
        Ink::Text(line) => Element {
            tag: "text",
            attributes: vec![
                ("class", format!("{} {}", line.style.class(), line.class)),
                ("x", number(line.at.x)),
                ("y", number(line.at.y)),
                ("text-anchor", line.anchor.name().to_owned()),
            ],
            text: Some(line.text.clone()),
        },
    }
}

fn rect(bounds: Bounds, radius: f64, class: &str) -> Element {
    let mut attributes = vec![
        ("class", class.to_owned()),
        ("x", number(bounds.x)),
        ("y", number(bounds.y)),
        ("width", number(bounds.width)),
        ("height", number(bounds.height)),
    ];
    if radius > 0.0 {
        attributes.push(("rx", number(radius)));
    }
    Element { tag: "rect", attributes, text: None }
}

/// The attribute that puts a group at its place.
#[must_use]
pub fn transform(at: Point) -> String {
    format!("translate({} {})", number(at.x), number(at.y))
}

/// At most two decimals, none where none are needed.
#[must_use]
pub fn number(value: f64) -> String {
    // By whole numbers: the wasm needs no printing of floats then.
    #[expect(clippy::cast_possible_truncation, reason = "a place on a screen; `as` saturates")]
    let hundredths = (value * 100.0).round() as i64;
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, part) = (hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100);
    match part {
        0 => format!("{sign}{whole}"),
        tenths if tenths % 10 == 0 => format!("{sign}{whole}.{}", tenths / 10),
        _ => format!("{sign}{whole}.{part:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_have_at_most_two_decimals_and_no_needless_zero() {
        let printed = [0.0, -0.0, 1.0, -1.5, 0.25, 12.345, -0.001, 1e3, -7.05].map(number);
        assert_eq!(printed, ["0", "0", "1", "-1.5", "0.25", "12.35", "0", "1000", "-7.05"]);
    }
}
