//! The bytes of a batch: every field with its place, in the table and in the dump; to point at one shows the other.

use kafka_lab::bytes::fields;
use kafka_lab::frame::TapeId;
use kafka_lab::ids::Offset;
use kafka_lab::inspect::FieldRow;
use kafka_lab::world::{Body, World};
use web_sys::{Event, PointerEvent};

use crate::markup::{El, Markup, el, live, many};
use crate::reactive::*;
use crate::scene::Lab;
use crate::stage::Subject;
use crate::words::drawer as say;

/// Bytes in one line of the dump.
const LINE_BYTES: usize = 16;
/// Fields take these colours in turn.
const COLOURS: usize = 5;

/// A batch that was pointed at.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shown {
    title: String,
    bytes: Vec<u8>,
}

pub(super) fn bytes(lab: Lab) -> Markup {
    let shown = memo(move || {
        let thing = lab.playback.selected.get()?;
        batch_of(&lab.world(), &thing)
    });
    live(move || match shown.get() {
        Some(Shown { title, bytes }) => {
            let rows: Vec<FieldRow> = fields(&bytes).fields.iter().map(FieldRow::of).collect();
            let title = format!("{title} \u{b7} {} {}", bytes.len(), say::BYTES_LONG);
            many([el("h2").class("bytes-title").child(title), inspector(&bytes, &rows)])
        }
        None => el("p").class("note").child(say::BYTES_HINT).into(),
    })
}

/// The batch that holds a record, or that a message carries.
fn batch_of(world: &World, thing: &Subject) -> Option<Shown> {
    let stored = |tape: &TapeId, offset: Offset| {
        let TapeId::Broker(id) = tape else { return None };
        let mut batches = world.brokers.get(id)?.log.batches();
        let batch = batches.find(|batch| batch.base_offset() <= offset && offset <= batch.last_offset())?;
        Some((format!("{} {}, {} {id}", say::BATCH_AT, batch.base_offset(), say::ON_BROKER), batch.batch.encode()))
    };
    let (title, bytes) = match thing {
        Subject::Cell { tape, offset } | Subject::Batch { tape, base: offset } => stored(tape, *offset)?,
        Subject::Message(id) => {
            let batch = match &world.network.on_the_way.get(id)?.message.body {
                Body::Produce { batch, .. } => batch.clone(),
                Body::FetchResponse { answer: Ok(fetched), .. } => fetched.batches.first()?.clone(),
                _ => return None,
            };
            (format!("{} {id}", say::BATCH_IN), batch.batch.encode())
        }
        _ => return None,
    };
    Some(Shown { title, bytes })
}

/// The dump of a batch's bytes, and the table of its fields.
pub(crate) fn inspector(bytes: &[u8], fields: &[FieldRow]) -> El {
    let pointed: RwSignal<Option<usize>> = RwSignal::new(None);
    let rows = fields.iter().enumerate().map(|(place, field)| row(place, field, pointed));
    let head = |name, class: Option<&'static str>| el("th").attr("scope", "col").class(class).child(name);
    let heads = el("tr")
        .child(head(say::BYTES_FIELD, None))
        .child(head(say::BYTES_RANGE, None))
        .child(head(say::BYTES_HEX, Some("hex")))
        .child(head(say::BYTES_VALUE, None));
    let table = el("table").class("fields").child(el("thead").child(heads)).child(el("tbody").child(many(rows)));
    let lines = bytes.chunks(LINE_BYTES).enumerate().map(|(line, chunk)| dump_line(line, chunk, fields, pointed));
    // The table says the same in an order that can be listened to.
    let dump = el("div").class("dump").attr("aria-hidden", "true").child(many(lines));
    el("div").class("bytes").child(dump).child(table)
}

fn dump_line(line: usize, chunk: &[u8], fields: &[FieldRow], pointed: RwSignal<Option<usize>>) -> El {
    let cells = chunk.iter().enumerate().map(|(column, byte)| {
        let at = line * LINE_BYTES + column;
        let field = fields.iter().position(|field| !field.in_unpacked && field.range.contains(&at));
        let class = field.map_or_else(|| "byte".to_owned(), |field| format!("byte field-{}", field % COLOURS));
        el("span")
            .class(class)
            .class_if("pointed", move || field.is_some() && pointed.get() == field)
            .on("pointerenter", move |_: PointerEvent| pointed.set(field))
            .on_click(move || pointed.set(field))
            .child(format!("{byte:02x}"))
    });
    let at = el("span").class("dump-at").child(format!("{:04x}", line * LINE_BYTES));
    el("div").class("dump-line").child(at).child(many(cells))
}

fn row(place: usize, field: &FieldRow, pointed: RwSignal<Option<usize>>) -> El {
    let name = match field.record {
        Some(record) => format!("{} \u{b7} {} {record}", field.name, say::RECORD),
        None => field.name.clone(),
    };
    let range = match field.range.len() {
        0 => String::new(),
        1 => field.range.start.to_string(),
        _ => format!("{}\u{2013}{}", field.range.start, field.range.end - 1),
    };
    let mark = el("span").class(format!("field-mark field-{}", place % COLOURS)).attr("aria-hidden", "true");
    el("tr")
        .attr("tabindex", "0")
        .class_if("pointed", move || pointed.get() == Some(place))
        .on("pointerenter", move |_: PointerEvent| pointed.set(Some(place)))
        .on("focus", move |_: Event| pointed.set(Some(place)))
        .child(el("th").attr("scope", "row").child(mark).child(name))
        .child(el("td").child(range))
        .child(el("td").class("hex").child(field.hex.clone()))
        .child(el("td").child(field.value.clone()))
}
