//! The bytes of a batch: every field with its place, in the table and in the dump; to point at one shows the other.

use kafka_lab::bytes::{Attributes, Field, FieldValue, fields};
use kafka_lab::frame::TapeId;
use kafka_lab::ids::Offset;
use kafka_lab::world::{Body, World};
use leptos::prelude::*;

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

#[component]
pub(super) fn Bytes() -> impl IntoView {
    let lab = Lab::expect_context();
    let shown = Memo::new(move |_| {
        let thing = lab.playback.selected.get()?;
        batch_of(&lab.world(), &thing)
    });
    move || match shown.get() {
        Some(shown) => view! { <Inspector shown/> }.into_any(),
        None => view! { <p class="note">{say::BYTES_HINT}</p> }.into_any(),
    }
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

#[component]
fn Inspector(shown: Shown) -> impl IntoView {
    let Shown { title, bytes } = shown;
    let inspection = fields(&bytes);
    let pointed: RwSignal<Option<usize>> = RwSignal::new(None);
    let rows = inspection.fields.iter().enumerate().map(|(place, field)| row(place, field, pointed));
    let length = bytes.len();
    let dump = bytes.chunks(LINE_BYTES).enumerate().map(|(line, chunk)| {
        let cells = chunk.iter().enumerate().map(|(column, byte)| {
            let at = line * LINE_BYTES + column;
            let field = inspection.fields.iter().position(|field| !field.in_unpacked && field.range.contains(&at));
            let class = field.map_or_else(String::new, |field| format!("field-{}", field % COLOURS));
            view! {
                <span
                    class=format!("byte {class}")
                    class:pointed=move || field.is_some() && pointed.get() == field
                    on:pointerenter=move |_| pointed.set(field)
                    on:click=move |_| pointed.set(field)
                >
                    {format!("{byte:02x}")}
                </span>
            }
        });
        view! {
            <div class="dump-line">
                <span class="dump-at">{format!("{:04x}", line * LINE_BYTES)}</span>
                {cells.collect_view()}
            </div>
        }
    });
    view! {
        <h3 class="bytes-title">{title} {format!(" \u{b7} {length} {}", say::BYTES_LONG)}</h3>
        <div class="bytes">
            // The table says the same in an order that can be listened to.
            <div class="dump" aria-hidden="true">{dump.collect_view()}</div>
            <table class="fields">
                <thead>
                    <tr>
                        <th scope="col">{say::BYTES_FIELD}</th>
                        <th scope="col">{say::BYTES_RANGE}</th>
                        <th scope="col" class="hex">{say::BYTES_HEX}</th>
                        <th scope="col">{say::BYTES_VALUE}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

fn row(place: usize, field: &Field, pointed: RwSignal<Option<usize>>) -> impl IntoView + use<> {
    let name = match field.record {
        Some(record) => format!("{} \u{b7} {} {record}", field.name, say::RECORD),
        None => field.name.to_string(),
    };
    let range = match field.range.len() {
        0 => String::new(),
        1 => field.range.start.to_string(),
        _ => format!("{}\u{2013}{}", field.range.start, field.range.end - 1),
    };
    let hex: Vec<String> = field.raw.iter().map(|byte| format!("{byte:02x}")).collect();
    let colour = format!("field-mark field-{}", place % COLOURS);
    view! {
        <tr
            tabindex="0"
            class:pointed=move || pointed.get() == Some(place)
            on:pointerenter=move |_| pointed.set(Some(place))
            on:focus=move |_| pointed.set(Some(place))
        >
            <th scope="row"><span class=colour aria-hidden="true"></span>{name}</th>
            <td>{range}</td>
            <td class="hex">{hex.join(" ")}</td>
            <td>{value(field)}</td>
        </tr>
    }
}

/// What a field says, as text.
fn value(field: &Field) -> String {
    match &field.value {
        FieldValue::Int(number) => number.to_string(),
        FieldValue::Crc(crc) => format!("{crc:08x}"),
        FieldValue::Attributes(attributes) => attribute_words(*attributes),
        FieldValue::Bytes => String::from_utf8_lossy(&field.raw).into_owned(),
        FieldValue::Null => "null".to_owned(),
    }
}

fn attribute_words(attributes: Attributes) -> String {
    let compression =
        attributes.compression().map_or_else(|_| "unknown".to_owned(), |kind| format!("{kind:?}").to_lowercase());
    let time = format!("{:?}", attributes.timestamp_type());
    let mut words = vec![format!("compression {compression}"), time];
    if attributes.is_transactional() {
        words.push("transactional".to_owned());
    }
    if attributes.is_control() {
        words.push("control".to_owned());
    }
    words.join(", ")
}
