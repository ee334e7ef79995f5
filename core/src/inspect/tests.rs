//! A file made by hand, broken in each way, fed in pieces of every size.

use super::*;
use crate::bytes::{Bytes, HEADER_BYTES, Record, RecordBatch};
use crate::frame::CellKind;
use crate::ids::Offset;

/// Three batches of two records: offsets 0 and 1, 2 and 3, 6 and 7.
fn healthy() -> Vec<u8> {
    [0, 2, 6].into_iter().flat_map(batch).collect()
}

fn batch(base: i64) -> Vec<u8> {
    let records = [0, 1].map(|n| {
        let text = |what: &str| Some(Bytes::from(format!("{what}{}", base + n)));
        Record::new(Offset(base + n), 1_000 * (base + n), text("k"), text("v"))
    });
    RecordBatch::of_records(records.to_vec()).encode()
}

/// A place in memory.
fn at(place: u64) -> usize {
    usize::try_from(place).expect("a small file")
}

fn inspected(name: &str, file: &[u8], step: usize) -> Inspector {
    let mut inspector = Inspector::new(name, file.len() as u64);
    while let Some(range) = inspector.wants() {
        let start = at(range.start);
        let end = at(range.end).min(start + step);
        inspector.feed(&file[start..end]);
    }
    inspector
}

fn kinds(file: &[u8]) -> Vec<(u64, &'static str)> {
    let whole = inspected("00000000000000000000.log", file, usize::MAX / 2);
    for step in [1, 7, 61, 4096] {
        let in_pieces = inspected("00000000000000000000.log", file, step);
        assert_eq!(in_pieces.findings(), whole.findings(), "in pieces of {step}");
        assert_eq!(in_pieces.totals(), whole.totals(), "in pieces of {step}");
    }
    whole.findings().iter().map(|finding| (finding.position, finding.wrong.name())).collect()
}

#[test]
fn a_healthy_file_has_its_gap_and_nothing_wrong() {
    let file = healthy();
    let third = (batch(0).len() + batch(2).len()) as u64;
    assert_eq!(kinds(&file), [(third, "gap")]);
    let inspector = inspected("00000000000000000000.log", &file, 4096);
    let totals = inspector.totals();
    assert_eq!((totals.batches, totals.records), (3, 6));
    assert_eq!(totals.offsets, Some((Offset(0), Offset(7))));
    assert_eq!(inspector.read_bytes(), file.len() as u64);
}

#[test]
fn each_breakage_has_its_place_and_kind() {
    let second = batch(0).len();
    let with = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut file = [batch(0), batch(2)].concat();
        change(&mut file);
        kinds(&file)
    };
    let at = second as u64;
    let end = [batch(0), batch(2)].concat().len() as u64;
    assert_eq!(kinds(&[]), [(0, "empty file")]);
    assert_eq!(with(&|file| file.truncate(second + 9)), [(at, "cut in a header")]);
    assert_eq!(with(&|file| file.truncate(second + 40)), [(at, "cut in a header")]);
    assert_eq!(with(&|file| file.truncate(second + HEADER_BYTES + 3)), [(at, "cut in a batch")]);
    assert_eq!(with(&|file| file[second + 11] = 3), [(at, "impossible length")]);
    assert_eq!(with(&|file| file[second + 8] = 0xff), [(at, "impossible length")]);
    assert_eq!(with(&|file| file[second + 8] = 0x7f), [(at, "cut in a batch")]);
    assert_eq!(with(&|file| file.extend([0; 5000])), [(end, "zeros")]);
    assert_eq!(with(&|file| file.extend([0; 8].into_iter().chain([1; 90]))), [(end, "no batch")]);
    assert_eq!(with(&|file| file.extend(b"not a batch, whatever it says")), [(end, "no batch")]);
    assert_eq!(with(&|file| file[second + 16] = 9), [(at, "unknown magic")]);
    assert_eq!(with(&|file| file[second + 70] ^= 1).first(), Some(&(at, "wrong CRC")));
    assert_eq!(with(&|file| file[second + 7] = 0), [(at, "offset goes back")]);
    assert_eq!(kinds(&batch(3)), [(0, "gap")], "the name says 0");
    let below = inspected("00000000000000000009.log", &batch(3), 100);
    assert_eq!(
        below.findings().first().map(|finding| finding.wrong.clone()),
        Some(Wrong::BelowName { name: Offset(9) })
    );
}

#[test]
fn findings_of_one_kind_are_counted_when_there_are_many() {
    let file: Vec<u8> = (0..200).flat_map(|n| batch(n * 3)).collect();
    let inspector = inspected("", &file, 4096);
    assert_eq!((inspector.findings().len(), inspector.totals().untold), (50, 149));
}

/// Feeds a desk from memory until it wants no more; gives what it answered.
fn answers(desk: &mut Desk, file: &[u8], id: u32, ask: Ask) -> Vec<Answer> {
    let mut replies = desk.ask(Request { id, ask });
    while let Some(want) = desk.wants() {
        let start = at(want.range.start);
        let end = at(want.range.end).min(start + 100);
        replies.extend(desk.feed(&want, &file[start..end]));
    }
    assert!(replies.iter().all(|reply| reply.id == id), "{replies:?}");
    replies.into_iter().map(|reply| reply.answer).collect()
}

/// One file by itself.
fn open_file(name: &str, size_bytes: u64) -> Ask {
    let file = FileGiven { handle: 0, name: name.to_owned(), size_bytes };
    Ask::Open(vec![FolderGiven { name: String::new(), files: vec![file] }])
}

fn desk_of(file: &[u8]) -> Desk {
    let mut desk = Desk::new();
    let open = open_file("a.log", file.len() as u64);
    let read = answers(&mut desk, file, 1, open);
    assert!(matches!(read.last(), Some(Answer::Read(progress)) if progress.is_over));
    desk
}

fn window(desk: &mut Desk, file: &[u8], ask: Ask) -> Window {
    match answers(desk, file, 2, ask).pop() {
        Some(Answer::Window(window)) => *window,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_window_is_a_tape_with_gaps() {
    let file = healthy();
    let mut desk = desk_of(&file);
    let seen = window(&mut desk, &file, Ask::Window(Place::default()));
    let kinds: Vec<(i64, CellKind)> = seen.parts[0].tape.cells.iter().map(|cell| (cell.offset.0, cell.kind)).collect();
    let (record, gap) = (CellKind::Record, CellKind::Gap);
    assert_eq!(
        kinds,
        [(0, record), (1, record), (2, record), (3, record), (4, gap), (5, gap), (6, record), (7, record)]
    );
    assert_eq!((seen.parts[0].batches.len(), seen.next, seen.has_before), (3, None, false));
    assert_eq!(seen.parts[0].tape.cells[1].key.as_deref(), Some("k1"));
}

#[test]
fn windows_lead_on_through_a_long_file_and_back() {
    let file: Vec<u8> = (0..500).flat_map(|n| batch(n * 2)).collect();
    let mut desk = desk_of(&file);
    let (mut place, mut seen, mut starts) = (Some(Place::default()), 0, Vec::new());
    while let Some(from) = place {
        let window = window(&mut desk, &file, Ask::Window(from));
        assert_eq!(window.parts[0].tape.cells.first().map(|cell| cell.offset), Some(from.offset));
        seen += window.parts[0].tape.cells.len();
        starts.push(from);
        place = window.next;
    }
    assert_eq!(seen, 1000);
    let mut at = *starts.last().unwrap();
    let mut steps = 0;
    while at != Place::default() {
        let before = window(&mut desk, &file, Ask::Before(at));
        assert!(before.from < at && before.next.is_none_or(|next| next >= at), "{before:?} before {at:?}");
        at = before.from;
        steps += 1;
    }
    assert!(steps <= starts.len(), "{steps} steps back, {} on", starts.len());
}

#[test]
fn what_is_sought_is_found() {
    let file = healthy();
    let mut desk = desk_of(&file);
    let mut found = |sought, after| match answers(&mut desk, &file, 3, Ask::Find { side: 0, sought, after }).pop() {
        Some(Answer::Found(place)) => place.map(|place| place.offset.0),
        other => panic!("{other:?}"),
    };
    assert_eq!(found(Sought::Offset(3), None), Some(3));
    assert_eq!(found(Sought::Offset(4), None), Some(6), "the next that there is");
    assert_eq!(found(Sought::Offset(8), None), None);
    assert_eq!(found(Sought::Time(2_500), None), Some(3));
    assert_eq!(found(Sought::Time(9_000), None), None);
    assert_eq!(found(Sought::Key("k6".to_owned()), None), Some(6));
    let here = Place { position: (batch(0).len() + batch(2).len()) as u64, offset: Offset(6), ..Place::default() };
    assert_eq!(found(Sought::Key("k6".to_owned()), Some(here)), None, "no further one");
    assert_eq!(found(Sought::Key("k".to_owned()), None), None, "the whole key");
    assert_eq!(found(Sought::Producer(7), None), None);
}

#[test]
fn bytes_that_nobody_waits_for_any_more_are_dropped() {
    let file = healthy();
    let mut desk = Desk::new();
    desk.ask(Request { id: 1, ask: open_file("", file.len() as u64) });
    let old = desk.wants().expect("the file");
    desk.ask(Request { id: 2, ask: open_file("", 3) });
    assert_eq!(desk.feed(&old, &file), []);
    desk.ask(Request { id: 3, ask: Ask::Stop });
    assert_eq!(desk.wants(), None);
}

#[test]
fn bytes_that_can_not_be_had_are_said() {
    let mut desk = Desk::new();
    desk.ask(Request { id: 1, ask: open_file("", 100) });
    let want = desk.wants().expect("the file");
    let replies = desk.feed(&want, &[]);
    assert!(
        matches!(replies.last(), Some(Reply { answer: Answer::Unreadable { position: 0, .. }, .. })),
        "{replies:?}"
    );
}

#[test]
fn a_torn_tail_has_bytes_to_look_at() {
    let mut file = [batch(0), batch(2)].concat();
    let second = batch(0).len();
    file.truncate(second + 20);
    let mut desk = desk_of(&file);
    let ask = Ask::Bytes(Place { position: second as u64, ..Place::default() });
    let Some(Answer::Bytes(Some(shown))) = answers(&mut desk, &file, 4, ask).pop() else { panic!("no bytes") };
    assert_eq!((shown.bytes.len(), shown.size_bytes), (20, 20));
    assert_eq!(shown.rows.first().map(|row| (row.name.as_str(), row.value.as_str())), Some(("base offset", "2")));
    assert!(shown.problem.is_some());
}

/// Bytes of a real broker: transactions committed, aborted and interleaved (`04-transactions`).
#[test]
fn records_of_aborted_transactions_are_known_by_their_markers() {
    let file = include_bytes!("../../../tests/fixtures/kafka-4.3.1/04-transactions/txn-0/00000000000000000005.log");
    let mut desk = desk_of(file);
    let seen = window(&mut desk, file, Ask::Window(Place::default()));
    let of = |kind| {
        seen.parts[0].tape.cells.iter().filter(|cell| cell.kind == kind).map(|cell| cell.offset.0).collect::<Vec<_>>()
    };
    let (aborted, markers) = (of(CellKind::Aborted), of(CellKind::AbortMarker));
    assert_eq!((aborted, markers), (vec![11, 12, 13, 19, 20], vec![8, 16, 23]));
}
