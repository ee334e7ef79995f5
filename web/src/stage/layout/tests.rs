use super::*;
use crate::stage::layers;
use crate::stage::question::{Asks, Place};
use crate::stage::sample;
use crate::stage::shape::{Plane, Shape};

const WIDTHS_PX: [f64; 7] = [360.0, 390.0, 465.0, 614.0, 820.0, 928.0, 1_200.0];

fn each(check: impl Fn(&str, &Frame, &Layout)) {
    for (name, frame) in sample::all() {
        for width_px in WIDTHS_PX {
            let layout = Layout::of(&frame, &View::of_width(width_px));
            check(&format!("{name} at {width_px}"), &frame, &layout);
        }
    }
}

#[test]
fn an_offset_comes_back_from_anywhere_in_its_column() {
    each(|name, _, layout| {
        for offset in -3..40 {
            let left = layout.x_from_offset(Offset(offset));
            for share in [0.001, 0.3, 0.999] {
                assert_eq!(layout.offset_from_x(left + share * layout.metrics.pitch), Offset(offset), "{name}");
            }
        }
    });
}

#[test]
fn a_border_comes_back_from_half_a_column_around_it() {
    each(|name, _, layout| {
        for offset in 0..40 {
            let border = layout.border_x(Offset(offset));
            for share in [-0.45, 0.0, 0.45] {
                let x = border + share * layout.metrics.pitch;
                assert_eq!(layout.border_from_x(x), Offset(offset), "{name} at {share}");
            }
        }
    });
}

#[test]
fn a_far_offset_neither_overflows_nor_lies() {
    let layout = Layout::of(&sample::replication(), &View::of_width(928.0));
    assert!(layout.x_from_offset(Offset(i64::MAX)).is_finite());
    assert!(layout.x_from_offset(Offset(i64::MIN)).is_finite());
}

#[test]
fn a_phone_is_laid_out_again() {
    let layout = Layout::of(&sample::replication(), &View::of_width(390.0));
    assert_eq!(layout.size, SizeClass::Phone);
    assert!(layout.metrics.cell_width >= 40.0 && layout.metrics.cell_height >= 40.0);
    for row in &layout.tapes {
        assert!(row.bottom - row.top <= 90.0, "a tape takes {} px", row.bottom - row.top);
    }
}

#[test]
fn cells_at_1440_are_54_by_46() {
    assert_eq!((WIDE.cell_width, WIDE.cell_height), (54.0, 46.0));
}

#[test]
fn the_live_end_is_in_view_until_it_is_scrolled_away() {
    each(|name, frame, layout| {
        let end = layout.x_from_offset(layout.live_end) - layout.scroll_px;
        let lane = layout.width_px - layout.metrics.lane;
        assert!(end <= lane + 1e-9, "{name}: the log end at {end} lies in the lane that begins at {lane}");
        let view = View { scroll_px: Some(0.0), ..View::of_width(layout.width_px) };
        assert!(Layout::of(frame, &view).scroll_px.abs() < 1e-9);
        let far = View { scroll_px: Some(1e9), ..View::of_width(layout.width_px) };
        assert!((Layout::of(frame, &far).scroll_px - layout.scroll_px).abs() < 1e-9, "{name}");
    });
}

#[test]
fn a_long_log_draws_only_what_is_near() {
    let ends = sample::Ends { high_watermark: 5_000, log_end: 5_000 };
    let frame = Frame { tapes: vec![sample::tape(1, ReplicaRole::Leader, ends)], ..Frame::default() };
    let layout = Layout::of(&frame, &View::of_width(928.0));
    let shapes = layers::draw(layers::STANDARD, &frame, &layout);
    assert!(shapes.len() < 400, "{} shapes", shapes.len());
    assert!(shapes.iter().any(|shape| shape.key == "cell/b1/4999"));
}

#[test]
fn no_text_is_under_12_px() {
    for style in [TextStyle::Small, TextStyle::SmallBold, TextStyle::Body, TextStyle::Bold] {
        assert!(style.size_px() >= 12.0);
    }
}

#[test]
fn keys_are_unique() {
    each(|name, frame, layout| {
        let mut keys: Vec<String> =
            layers::draw(layers::STANDARD, frame, layout).into_iter().map(|shape| shape.key).collect();
        keys.sort();
        let twice = keys.windows(2).find(|pair| pair[0] == pair[1]);
        assert_eq!(twice, None, "{name}");
    });
}

#[test]
fn what_can_be_hit_is_24_px_at_least() {
    each(|name, frame, layout| {
        for shape in layers::draw(layers::STANDARD, frame, layout) {
            if let Some(target) = &shape.target {
                assert!(target.hit.width >= 24.0 && target.hit.height >= 24.0, "{name}: {}", shape.key);
            }
        }
    });
}

/// A message moves over whatever lies under it, on paper of its own; a lone word that is covered by the
/// gutter is not seen.
fn seen_texts(shapes: &[Shape], layout: &Layout) -> Vec<(String, Bounds)> {
    let gutter = if layout.size == SizeClass::Phone { f64::MIN } else { layout.metrics.tape_x - 4.0 };
    let mut texts = Vec::new();
    for shape in shapes.iter().filter(|shape| !shape.key.starts_with("message/")) {
        for (words, bounds) in shape.text_bounds() {
            let named = (format!("{}: {words}", shape.key), bounds);
            if shape.plane == Plane::Fixed {
                texts.push(named);
                continue;
            }
            let bounds = bounds.moved(point(-layout.scroll_px, 0.0));
            if bounds.x >= gutter && bounds.right() > 0.0 && bounds.x < layout.width_px {
                texts.push((named.0, bounds));
            }
        }
    }
    texts
}

#[test]
fn no_two_labels_lie_on_each_other() {
    each(|name, frame, layout| {
        let texts = seen_texts(&layers::draw(layers::STANDARD, frame, layout), layout);
        for (index, (first, first_bounds)) in texts.iter().enumerate() {
            for (second, second_bounds) in &texts[index + 1..] {
                assert!(!first_bounds.overlaps(*second_bounds), "{name}: {first} and {second}");
            }
        }
    });
}

#[test]
fn no_label_is_cut_by_the_edge_of_the_stage() {
    each(|name, frame, layout| {
        for shape in layers::draw(layers::STANDARD, frame, layout) {
            for (words, bounds) in shape.text_bounds() {
                if shape.plane == Plane::Fixed {
                    assert!(bounds.x >= 0.0 && bounds.right() <= layout.width_px, "{name}: {}: {words}", shape.key);
                } else {
                    assert!(bounds.right() <= layout.content_width_px, "{name}: {}: {words}", shape.key);
                }
            }
        }
    });
}

#[test]
fn a_text_fits_into_its_cell() {
    each(|name, frame, layout| {
        for shape in layers::draw(layers::STANDARD, frame, layout) {
            if !shape.key.starts_with("cell/") {
                continue;
            }
            for (words, bounds) in shape.text_bounds() {
                let right = shape.at.x + layout.metrics.cell_width;
                assert!(bounds.x >= shape.at.x && bounds.right() <= right, "{name}: {words} in {}", shape.key);
            }
        }
    });
}

#[test]
fn an_answer_and_the_mark_it_moves_can_both_be_read() {
    let frame = sample::replication();
    let question =
        Question { place: Place::OnTape { tape: frame.tapes[0].id.clone(), asks: Asks::HighWatermark }, start: 7 };
    for width_px in WIDTHS_PX {
        for candidate in 7..=9 {
            let answer = Answer { question: question.clone(), candidate };
            let view = View { answer: Some(answer), ..View::of_width(width_px) };
            let layout = Layout::of(&frame, &view);
            let shapes = layers::draw(layers::STANDARD, &frame, &layout);
            let words = |key: &str| {
                let shape = shapes.iter().find(|shape| shape.key == key).expect("it is drawn");
                shape.text_bounds().next().expect("it has words").1
            };
            let (answer, mark) = (words("answer"), words("high-watermark/b1"));
            assert!(!answer.overlaps(mark), "{candidate} at {width_px}: {answer:?} and {mark:?}");
        }
    }
}

#[test]
fn the_words_at_a_log_end_keep_clear_of_an_answer() {
    let frame = sample::replication();
    for (tape, asks) in frame.tapes.iter().flat_map(|tape| [Asks::Cell, Asks::LogEnd].map(|asks| (tape, asks))) {
        let question = Question { place: Place::OnTape { tape: tape.id.clone(), asks }, start: tape.log_end.0 };
        for (width_px, further) in WIDTHS_PX.into_iter().flat_map(|width_px| (0..4).map(move |more| (width_px, more))) {
            let answer = Answer { question: question.clone(), candidate: tape.log_end.0 + further };
            let view = View { answer: Some(answer), ..View::of_width(width_px) };
            let layout = Layout::of(&frame, &view);
            let shapes = layers::draw(layers::STANDARD, &frame, &layout);
            let of = |key: &str| shapes.iter().filter(|shape| shape.key.starts_with(key)).collect::<Vec<_>>();
            let answer = of("answer")[0];
            let width = if asks == Asks::Cell { layout.metrics.cell_width } else { 5.0 };
            let drawn = Bounds { x: answer.at.x, y: answer.at.y, width, height: layout.metrics.cell_height };
            let place = frame.tapes.iter().position(|other| other.id == tape.id).expect("it is one of them");
            let words = of("log-end/")[place].text_bounds().next().expect("it has words").1;
            assert!(!words.overlaps(drawn), "{:?}, {asks:?} {further} further at {width_px}: {words:?}", tape.id);
        }
    }
}

#[test]
fn the_words_of_an_answer_keep_clear_of_the_flag() {
    let frame = sample::replication();
    for tape in frame.tapes.iter().enumerate().map(|(place, tape)| (place, &tape.id, tape.log_end.0)) {
        let (place, id, log_end) = tape;
        for (width_px, candidate) in
            WIDTHS_PX.into_iter().flat_map(|width_px| (0..=log_end + 2).map(move |at| (width_px, at)))
        {
            let question = Question { place: Place::OnTape { tape: id.clone(), asks: Asks::Border }, start: 0 };
            let answer = Some(Answer { question, candidate });
            let layout = Layout::of(&frame, &View { answer, scroll_px: Some(0.0), ..View::of_width(width_px) });
            let shapes = layers::draw(layers::STANDARD, &frame, &layout);
            let of = |key: &str| shapes.iter().filter(|shape| shape.key.starts_with(key)).collect::<Vec<_>>();
            let words = |shape: &Shape| shape.text_bounds().next().expect("it has words").1;
            let (answer, mark) = (words(of("answer")[0]), words(of("high-watermark/")[place]));
            assert!(!answer.overlaps(mark), "{id:?}: {candidate} at {width_px}: {answer:?} and {mark:?}");
        }
    }
}

/// On a phone a name stands above its tape, and so do the flags.
#[test]
fn a_flag_keeps_clear_of_the_names() {
    const CLEAR: f64 = 2.0;
    each(|name, frame, layout| {
        let shapes = layers::draw(layers::STANDARD, frame, layout);
        let of = |key: &'static str| shapes.iter().filter(move |shape| shape.key.starts_with(key));
        let names: Vec<Bounds> = of("name/").chain(of("isr")).flat_map(Shape::text_bounds).map(|(_, at)| at).collect();
        for flag in of("high-watermark/").filter(|_| layout.size == SizeClass::Phone) {
            let words = flag.text_bounds().next().expect("it has words").1;
            let (top, left) = (flag.at.y - 16.0 - CLEAR, words.x - layout.scroll_px - 6.0);
            let cloth = Bounds { x: left, y: top, width: words.width + 14.0, height: 16.0 + CLEAR };
            assert!(names.iter().all(|name| !name.overlaps(cloth)), "{name}: {}", flag.key);
        }
    });
}

#[test]
fn tables_stand_under_the_consumers_side_by_side_and_whole() {
    for (name, frame) in [("folded", sample::folded()), ("tables", sample::tables())] {
        for width_px in WIDTHS_PX {
            let layout = Layout::of(&frame, &View::of_width(width_px));
            let below = layout.actors.iter().map(|row| row.bottom).fold(0.0, f64::max);
            let places: Vec<Bounds> = layout.tables.iter().map(|place| place.bounds).collect();
            for (index, place) in places.iter().enumerate() {
                assert!(place.y >= below && place.bottom() <= layout.height_px, "{name} at {width_px}: {place:?}");
                assert!(place.x >= 0.0 && place.right() <= width_px, "{name} at {width_px}: {place:?}");
                assert!(places[..index].iter().all(|other| !other.overlaps(*place)), "{name} at {width_px}");
            }
            if places.len() == 2 {
                assert!((places[0].y - places[1].y).abs() < 1e-9, "{name} at {width_px}: two can be compared");
            }
        }
    }
}

#[test]
fn a_table_does_not_move_when_a_row_or_a_second_table_comes() {
    for width_px in WIDTHS_PX {
        let place = |frame: &Frame| Layout::of(frame, &View::of_width(width_px)).tables[0].bounds;
        let both = sample::folded();
        let mut alone = both.clone();
        alone.actors[2].table = None;
        let mut empty = both.clone();
        empty.actors[1].table.iter_mut().for_each(|table| table.rows.clear());
        assert_eq!(place(&alone), place(&both));
        assert_eq!(place(&empty), place(&both));
    }
}

#[test]
fn a_long_table_says_how_many_more_and_keeps_the_row_that_changed() {
    for (width_px, shown) in [(390.0, ["a-cu", "ada", "eve"].as_slice()), (928.0, &["a-cu", "ada", "bo", "eve"])] {
        let frame = sample::folded();
        let layout = Layout::of(&frame, &View::of_width(width_px));
        let shapes = layers::draw(layers::STANDARD, &frame, &layout);
        let rows = shapes.iter().filter(|shape| shape.key.starts_with("table-row/c2/"));
        let keys: Vec<String> = rows.map(|shape| shape.text_bounds().next().expect("a key").0.to_owned()).collect();
        assert_eq!(keys.len(), shown.len(), "{keys:?}");
        assert!(keys.iter().zip(shown).all(|(key, wanted)| key.starts_with(wanted)), "{keys:?}");
        let note = shapes.iter().find(|shape| shape.key == "table-note/c2").expect("it is elided");
        let words = note.text_bounds().next().expect("it says so").0.to_owned();
        assert_eq!(words, format!("{} more", 6 - shown.len()));
    }
}

#[test]
fn what_a_queue_deleted_leaves_its_columns() {
    let mut frame = sample::empty();
    frame.tapes[0].log_start = Offset(4);
    frame.tapes[0].log_end = Offset(4);
    frame.tapes.truncate(1);
    assert_eq!(Layout::of(&frame, &View::of_width(390.0)).origin, Offset(0));
    frame.tapes[0].log_start = Offset(400);
    assert_eq!(Layout::of(&frame, &View::of_width(390.0)).origin, Offset(396));
}

#[test]
fn the_answer_to_a_row_stands_in_the_row() {
    let frame = sample::folded();
    let place = Place::InTable { consumer: ConsumerIndex(1), key: "ada".to_owned() };
    for width_px in WIDTHS_PX {
        let answer = Answer { question: Question { place: place.clone(), start: 45 }, candidate: -30 };
        let layout = Layout::of(&frame, &View { answer: Some(answer), ..View::of_width(width_px) });
        let shapes = layers::draw(layers::STANDARD, &frame, &layout);
        let find = |key: &str| shapes.iter().find(|shape| shape.key == key).expect("it is drawn");
        let row = find("table-row/c1/ada");
        let words: Vec<&str> = row.text_bounds().map(|(words, _)| words).collect();
        assert_eq!(words, ["ada", "45, then -30"], "at {width_px}");
        assert!(find("answer").target.is_some());
        let texts = seen_texts(&shapes, &layout);
        for (index, (first, first_bounds)) in texts.iter().enumerate() {
            for (second, second_bounds) in &texts[index + 1..] {
                assert!(!first_bounds.overlaps(*second_bounds), "{width_px}: {first} and {second}");
            }
        }
    }
}
