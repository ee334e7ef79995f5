use super::*;
use crate::stage::sample;

fn draw(frame: &Frame, width_px: f64) -> String {
    picture(layers::STANDARD, frame, &View::of_width(width_px), "a stage")
}

/// A reader of XML that knows elements, attributes and text: enough to refuse what is not well-formed.
fn well_formed(svg: &str) -> Result<(), String> {
    let mut open: Vec<String> = Vec::new();
    let mut rest = svg;
    while let Some(start) = rest.find('<') {
        let end = rest[start..].find('>').ok_or("a tag that does not end")? + start;
        let tag = &rest[start + 1..end];
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop().as_deref() != Some(name) {
                return Err(format!("</{name}> closes nothing"));
            }
        } else if !tag.ends_with('/') {
            open.push(tag.split(' ').next().unwrap_or_default().to_owned());
        }
        if !tag.matches('"').count().is_multiple_of(2) {
            return Err(format!("a quote is open in <{tag}>"));
        }
        rest = &rest[end + 1..];
    }
    if open.is_empty() { Ok(()) } else { Err(format!("still open: {open:?}")) }
}

#[test]
fn every_sample_is_a_well_formed_picture_at_every_size() {
    for (name, frame) in sample::all() {
        for width_px in [360.0, 390.0, 820.0, 928.0] {
            let svg = draw(&frame, width_px);
            assert_eq!(well_formed(&svg), Ok(()), "{name} at {width_px}");
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name} at {width_px}");
            assert!(
                !svg.contains(&["sty", "le="].concat()),
                "{name}: the content security policy forbids style attributes"
            );
        }
    }
}

#[test]
fn what_a_record_says_can_not_become_markup() {
    let mut frame = sample::replication();
    frame.tapes[0].cells[0].key = Some("<script>\"&".to_owned());
    frame.tapes[0].cells[0].value = Some("</svg>".to_owned());
    let svg = draw(&frame, 928.0);
    assert!(!svg.contains("<script>"));
    assert_eq!(svg.matches("</svg>").count(), 1);
    assert_eq!(well_formed(&svg), Ok(()));
}

#[test]
fn the_picture_says_what_the_frame_holds() {
    let svg = draw(&sample::replication(), 928.0);
    for words in
        ["broker 1", "leader", "high watermark 7", "knows 6", "log end 9", "fetch from 8", "c1 at 5", "epoch 5"]
    {
        assert!(svg.contains(&format!(">{words}<")), "{words} is not in the picture");
    }
}

/// The smallest stage there is, word for word: a change in how a tape is drawn shows here.
#[test]
fn one_record_on_one_tape() {
    let mut frame = Frame::default();
    let ends = sample::Ends { high_watermark: 1, log_end: 1 };
    frame.tapes = vec![sample::tape(1, kafka_lab::frame::ReplicaRole::Leader, ends)];
    let svg = draw(&frame, 390.0);
    let lines = svg.replace("<g", "\n<g");
    let cell = lines.lines().find(|line| line.contains("class=\"cell\"")).expect("a cell is drawn");
    assert_eq!(
        cell,
        "<g class=\"cell\" transform=\"translate(16 57)\"><title>record at offset 0 on broker 1: key ada, value +50, \
         committed</title><rect class=\"hit\" x=\"0\" y=\"0\" width=\"41\" height=\"40\"/><rect class=\"cell-box \
         key-1\" x=\"0.5\" y=\"0.5\" width=\"40\" height=\"39\" rx=\"2.5\"/><text class=\"t-small cell-key\" x=\"4\" \
         y=\"16\" text-anchor=\"start\">ada</text><text class=\"t-bold cell-value\" x=\"37\" y=\"31\" \
         text-anchor=\"end\">+50</text></g>"
    );
}
