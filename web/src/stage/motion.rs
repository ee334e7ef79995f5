//! What moves between two pictures: a keyed difference, and where each thing is at a share of the way.

use super::by_key::index;
use super::layout::Layout;
use super::shape::{Enter, Plane, Point, Shape, point};
use crate::player::clock::ease;

/// A shape on its way from one picture to the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    pub key: String,
    pub from: Point,
    pub to: Point,
    pub fade: Fade,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fade {
    /// In both pictures.
    Stays,
    /// Only in the later one.
    In,
    /// Only in the earlier one.
    Out,
}

impl Move {
    /// The place at `t` of the way, 0 to 1, eased.
    #[must_use]
    pub fn at(&self, t: f64) -> Point {
        let t = ease(t);
        point(self.from.x + (self.to.x - self.from.x) * t, self.from.y + (self.to.y - self.from.y) * t)
    }

    #[must_use]
    pub fn opacity(&self, t: f64) -> f64 {
        self.fade.opacity(t)
    }
}

impl Fade {
    /// What goes is gone in the first half, what comes is there after the first third.
    #[must_use]
    pub fn opacity(self, t: f64) -> f64 {
        match self {
            Fade::Stays => 1.0,
            Fade::In => (t * 3.0).clamp(0.0, 1.0),
            Fade::Out => (1.0 - t * 2.0).clamp(0.0, 1.0),
        }
    }
}

/// Everything that is not the same in both pictures. What only changed its form is not a move.
#[must_use]
pub fn moves(before: &[Shape], after: &[Shape], layout: &Layout) -> Vec<Move> {
    let old = index(before.iter().map(|shape| &shape.key));
    let new = index(after.iter().map(|shape| &shape.key));
    let mut moves = Vec::new();
    for shape in after {
        match old.get(shape.key.as_str()).map(|place| &before[*place]) {
            Some(was) if was.at == shape.at => {}
            Some(was) => moves.push(moved(shape, was.at, Fade::Stays)),
            None => moves.push(moved(shape, entry(shape, layout), Fade::In)),
        }
    }
    for shape in before.iter().filter(|shape| !new.contains_key(shape.key.as_str())) {
        moves.push(moved(shape, shape.at, Fade::Out));
    }
    moves
}

fn moved(shape: &Shape, from: Point, fade: Fade) -> Move {
    Move { key: shape.key.clone(), from, to: shape.at, fade }
}

/// A record that has arrived comes out of the lane, at the height of its tape.
fn entry(shape: &Shape, layout: &Layout) -> Point {
    match shape.enter {
        Enter::Fade => shape.at,
        Enter::FromLane => {
            let scrolled = if shape.plane == Plane::Scrolled { layout.scroll_px } else { 0.0 };
            point(scrolled + layout.width_px - layout.metrics.lane, shape.at.y)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::layout::View;
    use kafka_lab::frame::Frame;

    fn shape(key: &str, x: f64) -> Shape {
        Shape::new(key.to_owned(), point(x, 0.0), "")
    }

    fn layout() -> Layout {
        Layout::of(&Frame::default(), &View::of_width(1_000.0))
    }

    #[test]
    fn what_stands_still_does_not_move() {
        assert_eq!(moves(&[shape("a", 1.0)], &[shape("a", 1.0)], &layout()), []);
    }

    #[test]
    fn a_mark_moves_from_where_it_was() {
        let moves = moves(&[shape("flag", 10.0)], &[shape("flag", 20.0)], &layout());
        assert_eq!(moves.len(), 1);
        assert_eq!((moves[0].at(0.0).x, moves[0].at(0.5).x, moves[0].at(1.0).x), (10.0, 15.0, 20.0));
        assert_eq!(moves[0].opacity(0.3), 1.0);
    }

    #[test]
    fn what_comes_fades_in_and_what_goes_fades_out() {
        let moves = moves(&[shape("old", 1.0)], &[shape("new", 1.0)], &layout());
        let of = |key: &str| moves.iter().find(|moved| moved.key == key).expect("it moves");
        assert_eq!((of("new").opacity(0.0), of("new").opacity(1.0)), (0.0, 1.0));
        assert_eq!((of("old").opacity(0.0), of("old").opacity(1.0)), (1.0, 0.0));
    }

    #[test]
    fn a_record_comes_out_of_the_lane() {
        let layout = layout();
        let moves = moves(&[], &[shape("cell", 200.0).from_lane()], &layout);
        assert_eq!(moves[0].from.x, 1_000.0 - layout.metrics.lane);
        assert_eq!(moves[0].to.x, 200.0);
    }
}
