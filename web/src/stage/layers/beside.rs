//! What the run beside this one shows otherwise, marked on this one's tapes: a ring around a record that is another one
//! or is not over there, an empty place where only the other has one, a ghost of each mark where it stands over there.

use kafka_lab::frame::{FrameDifference, ReaderMarkKind, TapeMark};
use kafka_lab::ids::Offset;
use kafka_lab::timeline::Side;

use super::{n, tape_key};
use crate::stage::layout::{Layout, TapeRow};
use crate::stage::shape::{Anchor, Bounds, Line, Shape, TextStyle, point};

/// What is marked on the stage of one side.
pub fn layer(differences: &[FrameDifference], side: Side, layout: &Layout) -> Vec<Shape> {
    differences.iter().filter_map(|difference| draw(difference, side, layout)).collect()
}

fn draw(difference: &FrameDifference, side: Side, layout: &Layout) -> Option<Shape> {
    let tape = difference.tape()?;
    let row = layout.tape_row(tape)?;
    let key = |part: String| format!("beside/{}/{part}", tape_key(tape));
    let here_is = |left: bool, right: bool| if side == Side::Left { left } else { right };
    match difference {
        FrameDifference::Cell { offset, left, right, .. } if layout.shows(*offset) => {
            let is_here = here_is(left.is_some(), right.is_some());
            Some(cell(key(offset.to_string()), is_here, layout.cell_bounds(row, *offset)))
        }
        FrameDifference::Mark { mark, left, right, .. } => {
            let there = if side == Side::Left { *right } else { *left }?;
            layout.shows(there).then(|| ghost(key(mark_key(*mark)), *mark, there, row, layout))
        }
        FrameDifference::Tape { .. } | FrameDifference::Role { .. } | FrameDifference::InSync { .. } => {
            let at = point(layout.metrics.name_x - 7.0, row.flag_top.max(row.cell_top - 4.0));
            Some(Shape::new(key("name".to_owned()), at, "beside").fixed().path("M0 0V24", "beside-here"))
        }
        _ => None,
    }
}

/// A record that is here, ringed; or the place of one that is over there alone.
fn cell(key: String, is_here: bool, bounds: Bounds) -> Shape {
    let shape = Shape::new(key, point(bounds.x, bounds.y), "beside");
    if is_here {
        let around = Bounds { x: -1.5, y: -1.5, width: bounds.width + 3.0, height: bounds.height + 3.0 };
        return shape.rect(around, 4.0, "beside-here");
    }
    let inside = Bounds { x: 1.0, y: 1.0, width: bounds.width - 2.0, height: bounds.height - 2.0 };
    shape.rect(inside, 2.5, "beside-missing").text(Line {
        at: point(bounds.width / 2.0, bounds.height / 2.0 + 4.5),
        anchor: Anchor::Middle,
        style: TextStyle::Small,
        class: "quiet",
        text: "none".to_owned(),
    })
}

/// A mark as it stands over there.
fn ghost(key: String, mark: TapeMark, there: Offset, row: &TapeRow, layout: &Layout) -> Shape {
    let (height, at) = (row.cell_bottom - row.cell_top, point(layout.border_x(there), row.cell_top));
    let (d, class) = match mark {
        TapeMark::HighWatermark => (format!("M0 -8V{}", n(height + 5.0)), "beside-mark high-watermark"),
        TapeMark::LastStable => (format!("M0 -4V{}", n(height + 4.0)), "beside-mark last-stable"),
        TapeMark::LogStart => (format!("M0 -4V{}", n(height + 4.0)), "beside-mark"),
        TapeMark::LogEnd => (format!("M-5 -5H5V{}H-5", n(height + 5.0)), "beside-mark"),
        TapeMark::Reader(..) => (format!("M0 {}v10", n(height)), "beside-mark reader"),
    };
    Shape::new(key, at, "beside").path(d, class)
}

fn mark_key(mark: TapeMark) -> String {
    match mark {
        TapeMark::LogStart => "log-start".to_owned(),
        TapeMark::HighWatermark => "high-watermark".to_owned(),
        TapeMark::LastStable => "last-stable".to_owned(),
        TapeMark::LogEnd => "log-end".to_owned(),
        TapeMark::Reader(consumer, kind) => format!("reader-{consumer}-{}", u8::from(kind == ReaderMarkKind::Position)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::layout::View;
    use crate::stage::sample;
    use kafka_lab::frame::{Frame, beside};

    /// The sample beside itself with its newest record and one step of its mark missing.
    fn pair() -> (Frame, Frame, Vec<FrameDifference>) {
        let mut other = sample::replication();
        let tape = &mut other.tapes[0];
        tape.cells.pop();
        tape.log_end = tape.log_end.plus(-1);
        tape.high_watermark = tape.high_watermark.plus(-1);
        beside(sample::replication(), other)
    }

    fn layout(frame: &Frame) -> Layout {
        Layout::of(frame, &View::of_width(928.0))
    }

    #[test]
    fn what_differs_is_marked_on_both_sides() {
        let (left, right, differences) = pair();
        let keys = |side, frame| -> Vec<(String, usize)> {
            let shapes = layer(&differences, side, &layout(frame));
            shapes.into_iter().map(|shape| (shape.key, shape.inks.len())).collect()
        };
        let of = |last: usize| {
            [("beside/b1/8", last), ("beside/b1/high-watermark", 1), ("beside/b1/log-end", 1)]
                .map(|(key, inks)| (key.to_owned(), inks))
        };
        assert_eq!(keys(Side::Left, &left), of(1), "a ring");
        assert_eq!(keys(Side::Right, &right), of(2), "an empty place with its word");
    }

    #[test]
    fn an_empty_place_keeps_clear_of_the_words_at_the_log_end() {
        let (_, right, differences) = pair();
        let layout = layout(&right);
        let words = |shapes: Vec<Shape>, key: &str| -> Bounds {
            let shape = shapes.iter().find(|shape| shape.key == key).expect("it is drawn");
            shape.text_bounds().next().expect("it has words").1
        };
        let none = words(layer(&differences, Side::Right, &layout), "beside/b1/8");
        let end = words(super::super::marks::layer(&right, &layout), "log-end/b1");
        assert!(!none.overlaps(end), "{none:?} and {end:?}");
    }

    #[test]
    fn both_stages_have_one_ruler() {
        let (left, right, _) = pair();
        let [left, right] = [layout(&left), layout(&right)];
        assert_eq!((left.origin, left.live_end), (right.origin, right.live_end));
    }
}
