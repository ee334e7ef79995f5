//! What stands under the heading: what is open, what was found in it, its tape, its batches, the bytes of one, its
//! records, its tables.

use kafka_lab::inspect::{BatchBytes, BatchRow, Place, Sought, Told, Totals, iso_time, side_name};
use kafka_lab::words::counted;

use super::go_to::go_to;
use super::opening::{begin_with, choice, opening, take_drops};
use super::overview::{overview, wide};
use super::reading::{Opened, Reading};
use super::records::records;
use super::saving::saving;
use super::tape::tape;
use super::words;
use crate::drawer::inspector;
use crate::markup::{El, Item, Markup, button, each, el, live, many, text};
use crate::reactive::*;
use crate::route::Route;

/// The page, with an example in it: the one that the route names, or the first.
pub(super) fn page(route: Signal<Route>) -> El {
    let reading = Reading::new();
    take_drops(reading);
    let named = move || match route.get() {
        Route::Segments { query } => query.get("example").map(str::to_owned),
        _ => None,
    };
    let asked = memo(named);
    if cfg!(feature = "ssr") {
        begin_with(reading, None);
    }
    // Also when another address is entered.
    effect(move || {
        let name = asked.get();
        untrack(|| begin_with(reading, name));
    });
    let notice =
        move || reading.notice.get().map(|said| el("p").class("segments-notice").attr("role", "alert").child(said));
    let failed = move || {
        reading.failed.get().map(|said| {
            let again = button("button", words::AGAIN).on_click(move || reading.again());
            el("p").class("segments-notice").attr("role", "alert").child(said).child(" ").child(again)
        })
    };
    el("div")
        .class("segments-page")
        .child(el("p").class("lead").child(words::LEAD))
        .child(opening(reading))
        .child(choice(reading))
        .child(live(notice))
        .child(live(failed))
        .child(live(move || reading.file.get().map(|file| opened(&file, reading))))
}

fn opened(opened: &Opened, reading: Reading) -> El {
    let sides = 0..opened.folders.len();
    let names: Vec<String> = match opened.folders.len() {
        1 => vec![opened.name(0)],
        _ => (0..).zip(sides).map(|(side, at)| format!("{}: {}", side_name(side), opened.name(at))).collect(),
    };
    let titles = names.iter().map(|name| el("h2").class("data").child(name.clone()));
    let head = el("section")
        .attr("aria-label", names.join(", "))
        .child(many(titles))
        .child(opened.about.clone().map(|about| el("p").child(about)))
        .child(live(move || facts(reading)))
        .child(progress(reading));
    let below = el("div").class("segments-below").child(batches(reading)).child(bytes(reading));
    el("div")
        .class("segments-page")
        .child(head)
        .child(findings(reading))
        .child(tape(reading))
        .child(go_to(reading))
        .child(below)
        .child(records(reading))
        .child(el("div").child(overview(reading)))
        .child(saving(reading))
}

/// A line for each folder: how much of it there is.
fn facts(reading: Reading) -> Vec<El> {
    let Some(progress) = reading.read.get() else { return Vec::new() };
    let are_two = progress.totals.len() > 1;
    let local = (!are_two).then_some(progress.size_bytes);
    let line = |(side, totals): (u8, &Totals)| {
        let Totals { batches, records, offsets, .. } = totals;
        let [batch_words, record_words, local_words] = words::TOTALS;
        let mut facts: Vec<String> = Vec::new();
        facts.extend(are_two.then(|| side_name(side).to_owned()));
        facts.extend(local.map(|bytes| format!("{} {}", counted(bytes), words::BYTES)));
        facts.push(format!("{} {batch_words}", counted(*batches)));
        facts.push(format!("{} {record_words}", counted(*records)));
        facts.extend(
            offsets.map(|(first, last)| format!("{} {first} {} {last}", words::RECORDS_FROM.to_lowercase(), words::TO)),
        );
        facts.extend((usize::from(side) + 1 == progress.totals.len()).then(|| local_words.to_owned()));
        el("p").class("note data").child(facts.join(" \u{b7} "))
    };
    (0..).zip(&progress.totals).map(line).collect()
}

fn progress(reading: Reading) -> Markup {
    let is_over = memo(move || reading.is_over());
    let read =
        move || reading.read.with(|read| read.as_ref().map_or((0, 0), |read| (read.read_bytes, read.size_bytes)));
    let far = move || {
        let (read, size) = read();
        format!("{} {} {} {}", words::READING, counted(read), words::OF, counted(size))
    };
    live(move || {
        if !is_over.get() {
            let bar = el("progress")
                .attr("aria-label", words::READING)
                .live_attr("max", move || read().1.max(1).to_string())
                .live_attr("value", move || read().0.to_string());
            let cancel = button("button", words::CANCEL).on_click(move || reading.stop());
            let far = el("span").class("data").child(text(far));
            return Some(el("p").class("segments-paging").child(bar).child(far).child(cancel));
        }
        let (read, size) = untrack(read);
        (read < size).then(|| el("p").class("note").child(format!("{} {}.", words::READ_UP_TO, counted(read))))
    })
}

fn findings(reading: Reading) -> El {
    let count = move || reading.findings.with(Vec::len);
    let items = move || {
        let all = reading.findings.get();
        // What is made of it is said once, not under each of many.
        let is_said = |place: usize| all[..place].iter().any(|before| before.then == all[place].then);
        let items = all.iter().enumerate().map(|(place, told)| (place, told.clone(), is_said(place)));
        let key = |told: &Told, place: usize| format!("{place}/{}/{}/{}", told.side, told.file, told.position);
        items.map(|(place, told, said)| Item::new(key(&told, place), move || finding(&told, said, reading))).collect()
    };
    let none = move || {
        let is_whole =
            reading.read.with(|read| read.as_ref().is_some_and(|r| r.is_over && r.read_bytes == r.size_bytes));
        let nothing = if is_whole { words::NOTHING_WRONG } else { words::NOTHING_YET };
        (count() == 0).then(|| el("p").child(nothing))
    };
    let more = move || {
        let untold: u64 =
            reading.read.with(|read| read.iter().flat_map(|read| &read.totals).map(|totals| totals.untold).sum());
        (untold > 0).then(|| el("p").class("note").child(format!("{} {}", counted(untold), words::MORE)))
    };
    // Told once, when there will be no more.
    let told = move || {
        if reading.is_over() { format!("{} {}", count(), words::FINDINGS.to_lowercase()) } else { String::new() }
    };
    el("section")
        .child(el("h2").child(words::FINDINGS))
        .child(el("p").class("unseen").attr("role", "status").child(text(told)))
        .child(live(none))
        .child(el("ul").class("segments-findings").child(each(items)))
        .child(live(more))
}

fn finding(told: &Told, is_said: bool, reading: Reading) -> El {
    let Told { is_wrong, what, then, side, file, position, offset, place, .. } = told.clone();
    let are_two = reading.file.with_untracked(|opened| opened.as_ref().is_some_and(|opened| opened.folders.len() > 1));
    let are_many =
        reading.file.with_untracked(|opened| opened.iter().any(|o| o.folders.iter().any(|f| f.files.len() > 1)));
    let mut parts: Vec<String> = Vec::new();
    if !file.is_empty() {
        parts.extend(are_two.then(|| side_name(side).to_owned()));
        parts.extend(are_many.then_some(file));
        parts.push(format!("{} {}", words::BYTE, counted(position)));
    }
    parts.extend(offset.map(|offset| format!("{} {offset}", words::OFFSET)));
    let where_it_is = parts.join(" \u{b7} ");
    let words = if is_said { what } else { format!("{what} {then}") };
    let item = el("li").class(if is_wrong { "wrong" } else { "" }).child(el("p").child(words));
    let leads = place.is_some() || offset.is_some();
    let go = move || match (place, offset) {
        (Some(place), _) => reading.go(place),
        (None, Some(offset)) => reading.find(side, Sought::Offset(offset.0)),
        (None, None) => {}
    };
    let is_here = move || {
        let chosen = reading.chosen.get().map(|at| (at.side, at.segment, at.position));
        chosen.is_some() && chosen == place.map(|at| (at.side, at.segment, at.position))
    };
    item.child(if leads {
        button("segments-place", where_it_is)
            .live_attr("aria-current", move || is_here().then_some("true"))
            .on_click(go)
    } else {
        el("span").class("note data").child(where_it_is)
    })
}

fn batches(reading: Reading) -> El {
    let heads = words::COLUMNS.map(|name| el("th").attr("scope", "col").child(name));
    let rows = move || {
        let parts =
            reading.window.with(|window| window.as_ref().map(|window| window.parts.clone())).unwrap_or_default();
        let opened = reading.file.get_untracked();
        let byte = |place| opened.as_ref().map(|opened| opened.byte_of(place)).unwrap_or_default();
        let rows = parts.iter().flat_map(|part| &part.batches);
        rows.map(|row| batch(row, byte(row.place), reading)).collect::<Vec<El>>()
    };
    let table = el("table")
        .class("fields data")
        .child(el("thead").child(el("tr").child(many(heads))))
        .child(el("tbody").child(live(rows)));
    // It scrolls sideways, also before there are rows to go to.
    el("section").child(el("h2").child(words::BATCHES)).child(wide(words::BATCHES.to_owned(), table))
}

fn batch(row: &BatchRow, byte: String, reading: Reading) -> El {
    let place = row.place;
    let is_chosen = move || {
        let chosen = reading.chosen.get();
        chosen.is_some_and(|at| Place { offset: place.offset, ..at } == place)
    };
    let at = button("segments-place", byte)
        .live_attr("aria-current", move || is_chosen().then_some("true"))
        .on_click(move || reading.choose(place));
    let offsets =
        if place.offset == row.last { row.last.to_string() } else { format!("{}\u{2013}{}", place.offset, row.last) };
    let time = if row.timestamp_ms < 0 { words::NO_TIME.to_owned() } else { iso_time(row.timestamp_ms) };
    let producer = row
        .producer
        .map(|(id, epoch, sequence)| format!("{id}, {} {epoch}, {} {sequence}", words::EPOCH, words::SEQUENCE));
    let magic = if row.magic == 2 { String::new() } else { format!("{} {}, ", words::MAGIC, row.magic) };
    let cells = [
        offsets,
        counted(row.records.into()),
        counted(row.size_bytes),
        time,
        producer.unwrap_or_else(|| words::NO_PRODUCER.to_owned()),
        format!("{magic}{}", row.attributes),
    ];
    el("tr")
        .class_if("pointed", is_chosen)
        .child(el("th").attr("scope", "row").child(at))
        .child(many(cells.map(|cell| el("td").child(cell))))
}

fn bytes(reading: Reading) -> El {
    let shown = move || reading.bytes.get().map(|bytes| batch_bytes(&bytes));
    el("section").class("data").child(live(shown))
}

fn batch_bytes(shown: &BatchBytes) -> El {
    let size = format!("{} {}", counted(shown.size_bytes), words::BYTES);
    let title = format!("{} {} \u{b7} {size}", words::BATCH_AT, counted(shown.place.position));
    let cut = (shown.size_bytes > shown.bytes.len() as u64)
        .then(|| format!("{} {} {}", words::FIRST, counted(shown.bytes.len() as u64), words::SHOWN));
    let left_out = (shown.left_out > 0).then(|| format!("{} {}", counted(shown.left_out.into()), words::LEFT_OUT));
    let problem = shown.problem.as_ref().map(|problem| format!("{}{problem}.", words::PROBLEM));
    let notes: Vec<String> = [cut, left_out, problem].into_iter().flatten().collect();
    let note = (!notes.is_empty()).then(|| el("p").class("note").child(notes.join(" ")));
    el("div").child(el("h2").child(title)).child(note).child(inspector(&shown.bytes, &shown.rows))
}
