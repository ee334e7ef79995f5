//! Whose tape it is, what it does, and who is in sync: the bracket at the left holds the ISR together.

use kafka_lab::frame::{Frame, ReplicaRole, Tape, TapeId};

use super::{n, ruler, tape_key};
use crate::stage::labels;
use crate::stage::layout::{Layout, SizeClass, TapeRow};
use crate::stage::shape::{Anchor, Bounds, Line, Shape, TextStyle, point};
use crate::stage::subject::Subject;
use crate::stage::text;

pub fn layer(frame: &Frame, layout: &Layout) -> Vec<Shape> {
    let mut shapes: Vec<Shape> = ruler::gutter(layout).into_iter().collect();
    shapes.extend(layout.rows(frame).map(|(tape, row)| name(tape, row, layout)));
    if layout.size != SizeClass::Phone {
        shapes.extend(in_sync_bracket(frame, layout));
    }
    shapes
}

fn name(tape: &Tape, row: &TapeRow, layout: &Layout) -> Shape {
    let words = labels::tape(&tape.id);
    let role = labels::role(tape.role);
    let key = format!("name/{}", tape_key(&tape.id));
    let room = layout.metrics.tape_x - layout.metrics.name_x - 12.0;
    let phone = layout.size == SizeClass::Phone;
    let shown = if phone { words.clone() } else { text::elide(&words, TextStyle::Bold, room) };
    let width = text::width_px(&shown, TextStyle::Bold);
    let (at, role_at) = if phone {
        (point(layout.metrics.name_x, row.top + 12.0), point(width + 9.0, 0.0))
    } else {
        (point(layout.metrics.name_x, row.cell_top + 18.0), point(0.0, 18.0))
    };
    let line = |at, style, class, text| Line { at, anchor: Anchor::Start, style, class, text };
    let mut shape = Shape::new(key, at, "name").fixed();
    shape = shape.text(line(point(0.0, 0.0), TextStyle::Bold, "name-words", shown));
    let mut label = words;
    if tape.role != ReplicaRole::None {
        let sync = if tape.in_sync { "in sync" } else { OUT };
        label = format!("{label}, {role}, {sync}");
        shape = shape.text(line(role_at, TextStyle::Small, role_class(tape.role), role.to_owned()));
        if !tape.in_sync {
            let beside = point(role_at.x + text::width_px(role, TextStyle::Small) + 9.0, 0.0);
            let at = if phone { beside } else { point(0.0, 34.0) };
            shape = shape.text(line(at, TextStyle::Small, "danger-words", OUT.to_owned()));
        }
    }
    let hit = if phone {
        Bounds { x: 0.0, y: -16.0, width: width + 70.0, height: 24.0 }
    } else {
        Bounds { x: -4.0, y: -16.0, width: room, height: 42.0 }
    };
    shape.target(Subject::Tape(tape.id.clone()), label, hit)
}

/// Said of a replica that fell out of the ISR.
const OUT: &str = "out of sync";

fn role_class(role: ReplicaRole) -> &'static str {
    match role {
        ReplicaRole::Leader => "leader-words",
        ReplicaRole::Follower => "follower-words",
        ReplicaRole::None => "quiet",
    }
}

/// Around the replicas in sync; a replica that is not stands outside: the bracket has no arm for it.
fn in_sync_bracket(frame: &Frame, layout: &Layout) -> Option<Shape> {
    let rows = || frame.tapes.iter().zip(&layout.tapes).filter(|(tape, _)| tape.role != ReplicaRole::None);
    let members: Vec<(&Tape, &TapeRow)> = rows().filter(|(tape, _)| tape.in_sync).collect();
    let ((_, first), (_, last)) = (members.first()?, members.last()?);
    if rows().count() < 2 {
        return None;
    }
    let (top, bottom) = (first.cell_top - 8.0, last.cell_bottom + 8.0);
    let x = layout.metrics.name_x - 18.0;
    let mut d = format!("M7 0H0V{}H7", n(bottom - top));
    for (_, row) in members.iter().filter(|(_, row)| row.id != first.id && row.id != last.id) {
        d.push_str(&format!("M0 {}H5", n(row.middle() - top)));
    }
    let ids = members.iter().map(|(tape, _)| match &tape.id {
        TapeId::Broker(broker) => broker.to_string(),
        TapeId::File(name) => name.clone(),
    });
    let words = format!("ISR {{{}}}", ids.collect::<Vec<_>>().join(", "));
    let shape = Shape::new("isr".to_owned(), point(x, top), "isr").fixed().path(d, "isr-bracket");
    Some(shape.text(Line {
        at: point(18.0, -4.0),
        anchor: Anchor::Start,
        style: TextStyle::Small,
        class: "quiet",
        text: words,
    }))
}
