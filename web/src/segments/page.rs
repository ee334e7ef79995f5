//! What stands under the heading: the file, what was found in it, its tape, its batches, the bytes of one.

use kafka_lab::ids::Offset;
use kafka_lab::inspect::{BatchBytes, BatchRow, Place, Told, Totals, iso_time};
use kafka_lab::words::counted;

use super::go_to::go_to;
use super::opening::{open_example, opening, take_drops};
use super::reading::{Opened, Reading};
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
        Route::Segments { query } => {
            let name = query.get("example");
            words::EXAMPLES.iter().position(|(example, ..)| Some(*example) == name)
        }
        _ => None,
    };
    let asked = memo(named);
    if cfg!(feature = "ssr") {
        open_example(reading, 0);
    }
    // Also when another address is entered.
    effect(move || {
        let place = asked.get().unwrap_or(0);
        untrack(|| open_example(reading, place));
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
        .child(live(notice))
        .child(live(failed))
        .child(live(move || reading.file.get().map(|file| opened(&file, reading))))
}

fn opened(file: &Opened, reading: Reading) -> El {
    let head = el("section")
        .attr("aria-label", file.name.clone())
        .child(el("h2").class("data").child(file.name.clone()))
        .child(file.about.map(|about| el("p").child(about)))
        .child(facts(file.size_bytes, reading))
        .child(progress(file.size_bytes, reading));
    let below = el("div").class("segments-below").child(batches(reading)).child(bytes(reading));
    el("div")
        .class("segments-page")
        .child(head)
        .child(findings(file.size_bytes, reading))
        .child(tape(reading))
        .child(go_to(reading))
        .child(below)
}

fn facts(size_bytes: u64, reading: Reading) -> El {
    let said = move || {
        let Totals { batches, records, offsets, .. } = reading.read.get().totals;
        let [batch_words, record_words, local] = words::TOTALS;
        let mut facts = vec![format!("{} {}", counted(size_bytes), words::BYTES)];
        facts.push(format!("{} {batch_words}", counted(batches)));
        facts.push(format!("{} {record_words}", counted(records)));
        facts.extend(
            offsets.map(|(first, last)| format!("{} {first} {} {last}", words::RECORDS_FROM.to_lowercase(), words::TO)),
        );
        facts.push(local.to_owned());
        facts.join(" \u{b7} ")
    };
    el("p").class("note data").child(text(said))
}

fn progress(size_bytes: u64, reading: Reading) -> Markup {
    let is_over = memo(move || reading.read.with(|read| read.is_over));
    let far = move || {
        let read = reading.read.with(|read| read.read_bytes);
        format!("{} {} {} {}", words::READING, counted(read), words::OF, counted(size_bytes))
    };
    live(move || {
        if !is_over.get() {
            let bar = el("progress")
                .attr("max", size_bytes.to_string())
                .attr("aria-label", words::READING)
                .live_attr("value", move || reading.read.with(|read| read.read_bytes).to_string());
            let cancel = button("button", words::CANCEL).on_click(move || reading.stop());
            let far = el("span").class("data").child(text(far));
            return Some(el("p").class("segments-paging").child(bar).child(far).child(cancel));
        }
        let read = reading.read.with_untracked(|read| read.read_bytes);
        (read < size_bytes).then(|| el("p").class("note").child(format!("{} {}.", words::READ_UP_TO, counted(read))))
    })
}

fn findings(size_bytes: u64, reading: Reading) -> El {
    let count = move || reading.findings.with(Vec::len);
    let items = move || {
        let all = reading.findings.get();
        // What is made of it is said once, not under each of many.
        let is_said = |place: usize| all[..place].iter().any(|before| before.then == all[place].then);
        let items = all.iter().enumerate().map(|(place, told)| (place, told.clone(), is_said(place)));
        items.map(|(place, told, said)| Item::new(place.to_string(), move || finding(&told, said, reading))).collect()
    };
    let none = move || {
        let read = reading.read.get();
        let is_whole = read.is_over && read.read_bytes == size_bytes;
        let nothing = if is_whole { words::NOTHING_WRONG } else { words::NOTHING_YET };
        (count() == 0).then(|| el("p").child(nothing))
    };
    let more = move || {
        let untold = reading.read.with(|read| read.totals.untold);
        (untold > 0).then(|| el("p").class("note").child(format!("{} {}", counted(untold), words::MORE)))
    };
    // Told once, when there will be no more.
    let told = move || {
        let is_over = reading.read.with(|read| read.is_over);
        if is_over { format!("{} {}", count(), words::FINDINGS.to_lowercase()) } else { String::new() }
    };
    el("section")
        .child(el("h2").child(words::FINDINGS))
        .child(el("p").class("unseen").attr("role", "status").child(text(told)))
        .child(live(none))
        .child(el("ul").class("segments-findings").child(each(items)))
        .child(live(more))
}

fn finding(told: &Told, is_said: bool, reading: Reading) -> El {
    let Told { is_wrong, what, then, position, offset } = told.clone();
    let place = Place { position, offset: offset.unwrap_or(Offset::ZERO) };
    let offset = offset.map(|offset| format!(" \u{b7} {} {offset}", words::OFFSET)).unwrap_or_default();
    let where_it_is = format!("{} {}{offset}", words::BYTE, counted(position));
    let go = button("segments-place", where_it_is)
        .live_attr("aria-current", move || {
            (reading.chosen.get().map(|at| at.position) == Some(position)).then_some("true")
        })
        .on_click(move || reading.go(place));
    let words = if is_said { what } else { format!("{what} {then}") };
    el("li").class(if is_wrong { "wrong" } else { "" }).child(el("p").child(words)).child(go)
}

fn batches(reading: Reading) -> El {
    let heads = words::COLUMNS.map(|name| el("th").attr("scope", "col").child(name));
    let rows = move || {
        let rows = reading.window.with(|window| window.as_ref().map(|window| window.batches.clone()));
        rows.unwrap_or_default().iter().map(|row| batch(row, reading)).collect::<Vec<El>>()
    };
    let table = el("table")
        .class("fields data")
        .child(el("thead").child(el("tr").child(many(heads))))
        .child(el("tbody").child(live(rows)));
    // It scrolls sideways, also before there are rows to go to.
    let wide = el("div").class("segments-wide").attr("tabindex", "0").attr("role", "group");
    let wide = wide.attr("aria-label", words::BATCHES);
    el("section").child(el("h2").child(words::BATCHES)).child(wide.child(table))
}

fn batch(row: &BatchRow, reading: Reading) -> El {
    let place = Place { position: row.position, offset: row.base };
    let position = row.position;
    let is_chosen = move || reading.chosen.get().map(|chosen| chosen.position) == Some(position);
    let at = button("segments-place", counted(position))
        .live_attr("aria-current", move || is_chosen().then_some("true"))
        .on_click(move || reading.choose(place));
    let offsets = if row.base == row.last { row.base.to_string() } else { format!("{}\u{2013}{}", row.base, row.last) };
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
    let title = format!("{} {} \u{b7} {size}", words::BATCH_AT, counted(shown.position));
    let cut = (shown.size_bytes > shown.bytes.len() as u64)
        .then(|| format!("{} {} {}", words::FIRST, counted(shown.bytes.len() as u64), words::SHOWN));
    let left_out = (shown.left_out > 0).then(|| format!("{} {}", counted(shown.left_out.into()), words::LEFT_OUT));
    let problem = shown.problem.as_ref().map(|problem| format!("{}{problem}.", words::PROBLEM));
    let notes: Vec<String> = [cut, left_out, problem].into_iter().flatten().collect();
    let note = (!notes.is_empty()).then(|| el("p").class("note").child(notes.join(" ")));
    el("div").child(el("h2").child(title)).child(note).child(inspector(&shown.bytes, &shown.rows))
}
