//! What a layer returns: shapes as plain data, with a key that stays the same from frame to frame.
//!
//! Shapes are not elements on purpose. Plain data can be compared (so that what moves is a keyed
//! difference), tested natively, printed into a page at build time by the same code, and moved a
//! thousand at a time without a reactive node for each.

use super::subject::Subject;

/// A place on a plane, in CSS pixels; y grows downwards.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

#[must_use]
pub fn point(x: f64, y: f64) -> Point {
    Point { x, y }
}

/// An axis-parallel box, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Bounds {
    #[must_use]
    pub fn right(self) -> f64 {
        self.x + self.width
    }

    #[must_use]
    pub fn bottom(self) -> f64 {
        self.y + self.height
    }

    #[must_use]
    pub fn center(self) -> Point {
        point(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// True when the two share more than a border.
    #[must_use]
    pub fn overlaps(self, other: Bounds) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    #[must_use]
    pub fn moved(self, by: Point) -> Bounds {
        Bounds { x: self.x + by.x, y: self.y + by.y, ..self }
    }
}

/// What a shape is drawn on: the tapes scroll sideways, names and messages stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plane {
    Scrolled,
    Fixed,
}

/// Where a shape comes from when it first appears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Enter {
    #[default]
    Fade,
    /// Out of the lane of messages at the right: a record that has just arrived.
    FromLane,
}

/// A line of text is set in one of these; the style sheet names the font, this names its measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TextStyle {
    /// 12 px: keys, ruler, epochs, notes.
    Small,
    /// 12 px bold: flags, capsules, roles.
    SmallBold,
    /// 13 px: lines of an actor.
    Body,
    /// 13 px bold: values, names.
    Bold,
}

impl TextStyle {
    #[must_use]
    pub fn size_px(self) -> f64 {
        match self {
            TextStyle::Small | TextStyle::SmallBold => 12.0,
            TextStyle::Body | TextStyle::Bold => 13.0,
        }
    }

    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            TextStyle::Small => "t-small",
            TextStyle::SmallBold => "t-small-bold",
            TextStyle::Body => "t-body",
            TextStyle::Bold => "t-bold",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        }
    }
}

/// A line of text. `at` is the place of its anchor on the baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub at: Point,
    pub anchor: Anchor,
    pub style: TextStyle,
    pub class: &'static str,
    pub text: String,
}

/// A drawn thing, relative to its shape's place. Colours come from the class alone.
#[derive(Clone, Debug, PartialEq)]
pub enum Ink {
    Rect {
        bounds: Bounds,
        radius: f64,
        class: &'static str,
    },
    /// A box filled with the hatching of what is not committed.
    Hatch {
        bounds: Bounds,
        radius: f64,
    },
    /// An SVG path.
    Path {
        d: String,
        class: &'static str,
    },
    Text(Line),
}

/// One thing in the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// Unique in a picture; the same thing has the same key in the next one.
    pub key: String,
    pub plane: Plane,
    pub at: Point,
    pub class: &'static str,
    pub inks: Vec<Ink>,
    pub enter: Enter,
    pub target: Option<Target>,
}

/// What makes a shape clickable and focusable.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    pub subject: Subject,
    /// What a screen reader says, and what a hovering mouse is told: the full text, never elided.
    pub label: String,
    /// Where it is hit, relative to the shape's place: at least 24 px each way.
    pub hit: Bounds,
}

impl Shape {
    /// An empty shape on the scrolled plane.
    #[must_use]
    pub fn new(key: String, at: Point, class: &'static str) -> Self {
        Shape { key, plane: Plane::Scrolled, at, class, inks: Vec::new(), enter: Enter::Fade, target: None }
    }

    #[must_use]
    pub fn fixed(mut self) -> Self {
        self.plane = Plane::Fixed;
        self
    }

    #[must_use]
    pub fn from_lane(mut self) -> Self {
        self.enter = Enter::FromLane;
        self
    }

    #[must_use]
    pub fn ink(mut self, ink: Ink) -> Self {
        self.inks.push(ink);
        self
    }

    #[must_use]
    pub fn rect(self, bounds: Bounds, radius: f64, class: &'static str) -> Self {
        self.ink(Ink::Rect { bounds, radius, class })
    }

    #[must_use]
    pub fn path(self, d: impl Into<String>, class: &'static str) -> Self {
        self.ink(Ink::Path { d: d.into(), class })
    }

    #[must_use]
    pub fn text(self, line: Line) -> Self {
        self.ink(Ink::Text(line))
    }

    /// Makes it a thing that can be pointed at. The hit area grows to 24 px where it is smaller.
    #[must_use]
    pub fn target(mut self, subject: Subject, label: String, hit: Bounds) -> Self {
        self.target = Some(Target { subject, label, hit: at_least_24_px(hit) });
        self
    }

    /// The boxes of its lines of text, on its plane.
    pub fn text_bounds(&self) -> impl Iterator<Item = (&str, Bounds)> {
        self.inks.iter().filter_map(|ink| match ink {
            Ink::Text(line) => Some((line.text.as_str(), super::text::bounds(line).moved(self.at))),
            _ => None,
        })
    }
}

/// The least size of what a finger or an unsteady hand must hit (WCAG 2.5.8).
const HIT_PX: f64 = 24.0;

fn at_least_24_px(hit: Bounds) -> Bounds {
    let center = hit.center();
    let (width, height) = (hit.width.max(HIT_PX), hit.height.max(HIT_PX));
    Bounds { x: center.x - width / 2.0, y: center.y - height / 2.0, width, height }
}
