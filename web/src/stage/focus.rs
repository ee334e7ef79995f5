//! From thing to thing on a stage with the arrow keys: along a row, and to the row above or below.

use std::cmp::Ordering;

use super::layout::Layout;
use super::shape::{Plane, Shape, Target};
use super::subject::Subject;
use kafka_lab::frame::TapeId;
use kafka_lab::ids::Endpoint;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Left,
    Right,
    Up,
    Down,
}

/// A thing that can have the focus.
#[derive(Debug)]
struct Stop<'a> {
    key: &'a str,
    row: usize,
    x: f64,
}

/// The thing that lies in the direction from `key`; `None` at the end of a row or of the stage.
#[must_use]
pub fn neighbour<'a>(shapes: &'a [Shape], layout: &Layout, key: &str, direction: Direction) -> Option<&'a str> {
    let stops = stops(shapes, layout);
    let here = stops.iter().position(|stop| stop.key == key)?;
    let (row, x) = (stops[here].row, stops[here].x);
    // Things at the same x stand in the order in which they are drawn.
    let beside = |is_beyond: fn(Ordering) -> bool| {
        let row = stops.iter().enumerate().filter(move |(_, stop)| stop.row == row);
        row.filter(move |(place, stop)| is_beyond(stop.x.total_cmp(&x).then(place.cmp(&here))))
    };
    let near = |a: &(usize, &Stop<'_>), b: &(usize, &Stop<'_>)| a.1.x.total_cmp(&b.1.x).then(a.0.cmp(&b.0));
    let found = match direction {
        Direction::Left => beside(Ordering::is_lt).max_by(near).map(|(_, stop)| stop),
        Direction::Right => beside(Ordering::is_gt).min_by(near).map(|(_, stop)| stop),
        Direction::Up => nearest(&stops, stops.iter().map(|stop| stop.row).filter(|other| *other < row).max()?, x),
        Direction::Down => nearest(&stops, stops.iter().map(|stop| stop.row).filter(|other| *other > row).min()?, x),
    };
    found.map(|stop| stop.key)
}

/// Where the Tab key enters: the newest record, else whatever comes first.
#[must_use]
pub fn entry<'a>(shapes: &'a [Shape], layout: &Layout) -> Option<&'a str> {
    let cells = shapes.iter().filter(|shape| shape.key.starts_with("cell/"));
    let newest = cells.max_by(|a, b| a.at.x.total_cmp(&b.at.x).then(b.at.y.total_cmp(&a.at.y)));
    newest.map(|shape| shape.key.as_str()).or_else(|| stops(shapes, layout).first().map(|stop| stop.key))
}

fn nearest<'a, 'b>(stops: &'b [Stop<'a>], row: usize, x: f64) -> Option<&'b Stop<'a>> {
    stops.iter().filter(|stop| stop.row == row).min_by(|a, b| (a.x - x).abs().total_cmp(&(b.x - x).abs()))
}

/// Everything that can have the focus, in the order in which it is drawn.
fn stops<'a>(shapes: &'a [Shape], layout: &Layout) -> Vec<Stop<'a>> {
    let stops = shapes.iter().filter_map(|shape| {
        let target = shape.target.as_ref()?;
        let scrolled = if shape.plane == Plane::Scrolled { layout.scroll_px } else { 0.0 };
        let x = shape.at.x + target.hit.center().x - scrolled;
        Some(Stop { key: &shape.key, row: row(target, layout)?, x })
    });
    stops.collect()
}

/// Rows as they stand on the stage: producers, tapes, consumers, their tables, then what is between them.
fn row(target: &Target, layout: &Layout) -> Option<usize> {
    let writers = layout.actors.iter().filter(|row| matches!(row.id, Endpoint::Producer(_))).count();
    let tape_row = |id: &TapeId| layout.tapes.iter().position(|row| row.id == *id).map(|index| writers + index);
    match &target.subject {
        Subject::Tape(tape) | Subject::Cell { tape, .. } | Subject::Batch { tape, .. } | Subject::Mark { tape, .. } => {
            tape_row(tape)
        }
        Subject::Isr => Some(writers),
        Subject::Actor(id) => {
            let index = layout.actors.iter().position(|row| row.id == *id)?;
            Some(if index < writers { index } else { index + layout.tapes.len() })
        }
        Subject::Table(id) => {
            let line = layout.tables.iter().find(|place| place.id == *id)?.line;
            Some(layout.actors.len() + layout.tapes.len() + line)
        }
        Subject::Message(_) | Subject::Link(_) => Some(layout.actors.len() + layout.tapes.len() + layout.tables.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::layout::View;
    use crate::stage::{layers, sample};
    use kafka_lab::frame::Frame;

    fn stage() -> (Vec<Shape>, Layout) {
        stage_of(sample::folded())
    }

    fn stage_of(frame: Frame) -> (Vec<Shape>, Layout) {
        let layout = Layout::of(&frame, &View::of_width(928.0));
        (layers::draw(layers::STANDARD, &frame, &layout), layout)
    }

    #[test]
    fn tab_enters_at_the_leaders_newest_record() {
        let (shapes, layout) = stage();
        assert_eq!(entry(&shapes, &layout), Some("cell/b1/8"));
    }

    #[test]
    fn down_and_up_keep_the_column() {
        let (shapes, layout) = stage();
        assert_eq!(neighbour(&shapes, &layout, "cell/b1/5", Direction::Down), Some("cell/b2/5"));
        assert_eq!(neighbour(&shapes, &layout, "cell/b2/5", Direction::Up), Some("cell/b1/5"));
    }

    #[test]
    fn every_thing_is_reached_from_the_entry() {
        for (name, frame) in sample::all() {
            let (shapes, layout) = stage_of(frame);
            let all = shapes.iter().filter(|shape| shape.target.is_some()).count();
            assert_eq!(reached(&shapes, &layout), all, "{name}");
        }
    }

    /// How many things are reached from where Tab enters.
    fn reached(shapes: &[Shape], layout: &Layout) -> usize {
        let mut reached = vec![entry(shapes, layout).expect("there is a record")];
        let mut next = 0;
        while next < reached.len() {
            for direction in [Direction::Left, Direction::Right, Direction::Up, Direction::Down] {
                if let Some(key) = neighbour(shapes, layout, reached[next], direction)
                    && !reached.contains(&key)
                {
                    reached.push(key);
                }
            }
            next += 1;
        }
        reached.len()
    }

    #[test]
    fn a_row_ends() {
        let (shapes, layout) = stage();
        assert_eq!(neighbour(&shapes, &layout, "name/b1", Direction::Left), None);
        assert_eq!(neighbour(&shapes, &layout, "nowhere", Direction::Left), None);
    }
}
