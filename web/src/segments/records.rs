//! The list of records, and what lets a record through to it.

use kafka_lab::frame::CellKind;
use kafka_lab::inspect::{Filter, RecordRow, iso_time, side_name};
use web_sys::Event;

use super::overview::wide;
use super::reading::{Listed, Reading};
use super::words;
use crate::markup::{El, Item, button, each, el, live, many, text};
use crate::reactive::*;

/// In the order of [`words::RECORD_KINDS`]; the first is any.
const KINDS: [Option<CellKind>; 6] = [
    None,
    Some(CellKind::Record),
    Some(CellKind::Tombstone),
    Some(CellKind::Aborted),
    Some(CellKind::CommitMarker),
    Some(CellKind::AbortMarker),
];

/// What is typed into the fields.
#[derive(Clone, Debug, Default)]
struct Typed {
    side: u8,
    kind: usize,
    producer: String,
    epoch: String,
    text: String,
    only_differences: bool,
}

impl Typed {
    /// As a filter, or what can't be understood.
    fn filter(&self) -> Result<Filter, String> {
        let number = |typed: &str| match typed.trim() {
            "" => Ok(None),
            typed => {
                typed.parse::<i64>().map(Some).map_err(|_| format!("\u{201c}{typed}\u{201d} {}", words::NO_NUMBER))
            }
        };
        let epoch = number(&self.epoch)?.map(|epoch| i32::try_from(epoch).unwrap_or(i32::MAX));
        Ok(Filter {
            kind: KINDS.get(self.kind).copied().flatten(),
            producer: number(&self.producer)?,
            epoch,
            text: self.text.clone(),
            only_differences: self.only_differences,
        })
    }
}

pub(super) fn records(reading: Reading) -> El {
    let typed = RwSignal::new(Typed::default());
    let kinds = words::RECORD_KINDS
        .iter()
        .enumerate()
        .map(|(place, name)| el("option").attr("value", place.to_string()).child(*name));
    let kind = labelled(
        words::KIND,
        el("select").child(many(kinds)).on("change", move |event: Event| {
            let kind = event_target_value(&event).parse().unwrap_or(0);
            typed.update(|typed| typed.kind = kind);
        }),
    );
    let field = move |name: &'static str, set: fn(&mut Typed, String)| {
        let input = el("input").attr("type", "text").attr("autocomplete", "off").attr("spellcheck", "false");
        labelled(
            name,
            input.on("input", move |event: Event| {
                let value = event_target_value(&event);
                typed.update(|typed| set(typed, value));
            }),
        )
    };
    let of_two = move || {
        reading.are_two().then(|| {
            let sides = [0_u8, 1].map(|side| el("option").attr("value", side.to_string()).child(side_name(side)));
            let side = el("select").child(many(sides)).on("change", move |event: Event| {
                let side = event_target_value(&event).parse().unwrap_or(0);
                typed.update(|typed| typed.side = side);
            });
            let only = el("input").attr("type", "checkbox").on("change", move |_: Event| {
                typed.update(|typed| typed.only_differences = !typed.only_differences);
            });
            el("span")
                .class("segments-go")
                .child(labelled(words::IN, side))
                .child(el("label").class("segments-label").child(only).child(words::ONLY_DIFFERENCES))
        })
    };
    let list = move |event: Event| {
        event.prevent_default();
        let typed = typed.get_untracked();
        match typed.filter() {
            Ok(filter) => reading.list(if reading.are_two() { typed.side } else { 0 }, filter),
            Err(said) => reading.notice.set(Some(said)),
        }
    };
    let form = el("form")
        .class("segments-go")
        .on("submit", list)
        .child(kind)
        .child(field(words::FILTER_PRODUCER, |typed, value| typed.producer = value))
        .child(field(words::FILTER_EPOCH, |typed, value| typed.epoch = value))
        .child(field(words::FILTER_TEXT, |typed, value| typed.text = value))
        .child(live(of_two))
        .child(el("button").class("button").attr("type", "submit").child(words::LIST));
    el("section")
        .child(el("h2").child(words::RECORDS))
        .child(el("p").class("note").child(words::RECORDS_NOTE))
        .child(form)
        .child(list_of(reading))
}

fn labelled(name: &'static str, field: El) -> El {
    el("label").class("segments-label").child(el("span").child(name)).child(field)
}

fn list_of(reading: Reading) -> El {
    let count = move || reading.listed.with(|listed| listed.as_ref().map(|listed| listed.rows.len()));
    let is_listed = memo(move || count().is_some());
    let said = move || match (count(), reading.looking.get()) {
        (None, _) | (_, Some(_)) => String::new(),
        (Some(0), _) => words::NONE_FIT.to_owned(),
        (Some(count), _) => format!("{count} {}", words::LISTED),
    };
    let rows = move || {
        let Listed { rows, .. } = reading.listed.get().unwrap_or_default();
        let key = |row: &RecordRow| format!("{}/{}/{}", row.place.side, row.place.position, row.place.offset);
        rows.into_iter().map(|row| Item::new(key(&row), move || line(&row, reading))).collect()
    };
    let more = move || {
        let has_more = reading.listed.with(|listed| listed.as_ref().is_some_and(|listed| listed.next.is_some()));
        has_more.then(|| button("button", words::NEXT_ONES).on_click(move || reading.list_on()))
    };
    let heads = words::RECORD_COLUMNS.map(|name| el("th").attr("scope", "col").child(name));
    let table = el("table")
        .class("fields data")
        .child(el("thead").child(el("tr").child(many(heads))))
        .child(el("tbody").child(each(rows)));
    let table = wide(words::RECORDS.to_owned(), table).class_if("unseen", move || !is_listed.get());
    el("div")
        .child(el("p").class("note").attr("role", "status").child(text(said)))
        .child(table)
        .child(el("p").class("segments-paging").child(live(more)))
}

fn line(row: &RecordRow, reading: Reading) -> El {
    let place = row.place;
    let kind = KINDS.iter().position(|kind| *kind == Some(row.kind)).and_then(|at| words::RECORD_KINDS.get(at));
    let time = if row.timestamp_ms < 0 { words::NO_TIME.to_owned() } else { iso_time(row.timestamp_ms) };
    let content = |content: &Option<String>| content.clone().unwrap_or_else(|| words::NULL.to_owned());
    let cells = [
        kind.map_or_else(String::new, |kind| (*kind).to_owned()),
        time,
        row.producer.map_or_else(|| words::NO_PRODUCER.to_owned(), |id| id.to_string()),
        content(&row.key),
        content(&row.value),
    ];
    let at = button("segments-place", place.offset.to_string()).on_click(move || reading.go(place));
    el("tr").child(el("th").attr("scope", "row").child(at)).child(many(cells.map(|cell| el("td").child(cell))))
}
