//! Folders of a real broker, and what is made of them when something in them is changed.
#![cfg(feature = "codecs")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use kafka_lab::bytes::{Bytes, Record, RecordBatch};
use kafka_lab::files::{ProducerSnapshot, SnapshotEntry};
use kafka_lab::frame::CellKind;
use kafka_lab::ids::{Offset, ProducerId};
use kafka_lab::inspect::{
    Answer, Ask, CHECKPOINTS, Desk, FileGiven, Filter, FolderGiven, Outcome, Overview, Place, Request, Sought, Told,
    Window, partitions,
};

/// Files by their handles.
#[derive(Default)]
struct Disk(Vec<(String, Vec<u8>)>);

impl Disk {
    /// Reads a folder of the fixtures, with the checkpoints that lie beside it.
    fn folder(&mut self, case: &str) -> FolderGiven {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/kafka-4.3.1").join(case);
        let mut paths: Vec<PathBuf> =
            fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        paths.extend(CHECKPOINTS.iter().map(|name| folder.parent().expect("a folder above").join(name)));
        paths.retain(|path| path.is_file());
        let sizes: Vec<(String, u64)> =
            paths.iter().map(|p| (p.display().to_string(), p.metadata().expect("a size").len())).collect();
        let mut given = partitions(&sizes).remove(0);
        for file in &mut given.files {
            file.handle += u32::try_from(self.0.len()).expect("few files");
        }
        given.name = case.to_owned();
        for path in paths {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            self.0.push((name, fs::read(path).expect("a file")));
        }
        given
    }

    fn file(&mut self, name: &str) -> &mut Vec<u8> {
        &mut self.0.iter_mut().find(|(other, _)| other == name).expect("a file of this name").1
    }
}

struct Opened {
    desk: Desk,
    disk: Disk,
    told: Vec<Told>,
    overview: Overview,
}

impl Opened {
    fn new(disk: Disk, mut folders: Vec<FolderGiven>) -> Opened {
        for file in folders.iter_mut().flat_map(|folder| &mut folder.files) {
            file.size_bytes = disk.0[file.handle as usize].1.len() as u64;
        }
        let mut opened = Opened { desk: Desk::new(), disk, told: Vec::new(), overview: Overview::default() };
        for answer in opened.ask(Ask::Open(folders)) {
            match answer {
                Answer::Read(progress) => opened.told.extend(progress.new),
                Answer::Overview(overview) => opened.overview = *overview,
                _ => {}
            }
        }
        opened
    }

    fn ask(&mut self, ask: Ask) -> Vec<Answer> {
        let mut replies = self.desk.ask(Request { id: 1, ask });
        while let Some(want) = self.desk.wants() {
            let file = &self.disk.0[want.handle as usize].1;
            let (start, end) = (want.range.start as usize, want.range.end as usize);
            replies.extend(self.desk.feed(&want, &file[start..end.min(start + 333)]));
        }
        replies.into_iter().map(|reply| reply.answer).collect()
    }

    fn window(&mut self, ask: Ask) -> Window {
        match self.ask(ask).pop() {
            Some(Answer::Window(window)) => *window,
            other => panic!("{other:?}"),
        }
    }

    fn kinds(&self) -> Vec<&str> {
        self.told.iter().map(|told| told.kind.as_str()).collect()
    }
}

fn one(case: &str) -> Opened {
    let mut disk = Disk::default();
    let folder = disk.folder(case);
    Opened::new(disk, vec![folder])
}

fn two(a: &str, b: &str) -> Opened {
    let mut disk = Disk::default();
    let folders = vec![disk.folder(a), disk.folder(b)];
    Opened::new(disk, folders)
}

/// A folder with one of its files changed.
fn with(case: &str, name: &str, change: impl Fn(&mut Vec<u8>)) -> Opened {
    let mut disk = Disk::default();
    let folder = disk.folder(case);
    change(disk.file(name));
    Opened::new(disk, vec![folder])
}

#[test]
fn segments_are_read_as_one_log() {
    let mut opened = one("04-transactions/txn-0");
    let side = &opened.overview.sides[0];
    assert_eq!(side.segments.len(), 3);
    assert_eq!((side.log_end, side.last_stable), (Some(Offset(38)), Some(Offset(33))));
    assert_eq!(opened.kinds(), ["open transaction"]);
    let of = |outcome| side.transactions.iter().filter(|row| row.outcome == outcome).count();
    assert_eq!((of(Outcome::Committed), of(Outcome::Aborted), of(Outcome::Open)), (5, 5, 1));
    assert!(side.producers.iter().all(|row| row.log.is_some() && row.log == row.snapshot), "{:?}", side.producers);
    let window = opened.window(Ask::Window(Place::default()));
    let part = &window.parts[0];
    assert_eq!((window.first, window.end, window.next), (Offset(0), Offset(38), None));
    assert_eq!(part.tape.segments.iter().map(|border| border.base.0).collect::<Vec<_>>(), [0, 5, 28]);
    let aborted = part.tape.cells.iter().filter(|cell| cell.kind == CellKind::Aborted).count();
    assert_eq!(aborted, 11);
    let found = opened.ask(Ask::Find { side: 0, sought: Sought::Offset(30), after: None }).pop();
    let Some(Answer::Found(Some(place))) = found else { panic!("{found:?}") };
    assert_eq!((place.segment, place.offset), (2, Offset(30)));
    let before = opened.window(Ask::Before(place));
    assert!(before.from < place && before.end >= Offset(29), "{before:?}");
}

#[test]
fn nothing_is_wrong_with_folders_of_a_healthy_broker() {
    for case in [
        "01-plain/create-time/plain-0",
        "01-plain/log-start/trimmed-0",
        "02-compressed/zstd/zstd-0",
        "03-idempotent/idem-0",
        "04-transactions/txn-0",
        "04-transactions-v1/txn1-0",
        "05-compaction/txn/03-after-pass-3/ctxn-0",
        "06-leader-epochs/epochs/99-clean-shutdown/broker-1/epochs-0",
        "09-corrupted/recovery/cut/after/cut-0",
    ] {
        let opened = one(case);
        let wrong: Vec<&Told> = opened.told.iter().filter(|told| told.is_wrong).collect();
        assert!(wrong.is_empty(), "{case}: {wrong:?}");
    }
}

#[test]
fn a_gap_is_explained_by_what_lies_beside_it() {
    let why = |opened: &Opened| opened.told.iter().map(|told| told.then.clone()).collect::<String>();
    let cleaned = one("05-compaction/edge/02-after-pass-2/cedge-0");
    assert!(why(&cleaned).contains("aborted at 4"), "{:?}", cleaned.told);
    let thinned = one("05-compaction/keys/04-after-clean-shutdown/ckeys-0");
    assert!(why(&thinned).contains("fewer records than offsets"), "{:?}", thinned.told);
    // The second of three segments taken away.
    let mut disk = Disk::default();
    let mut folder = disk.folder("01-plain/create-time/plain-0");
    folder.files.retain(|file| !file.name.starts_with("00000000000000000033"));
    let lost = Opened::new(disk, vec![folder]);
    assert_eq!(lost.kinds(), ["gap"]);
    assert!(why(&lost).contains("Nothing here explains it"), "{:?}", lost.told);
}

#[test]
fn an_index_that_points_wrong_is_told_with_the_byte_of_its_entry() {
    let case = "01-plain/create-time/plain-0";
    let index = "00000000000000000073.index";
    let at = |opened: &Opened| opened.told.iter().map(|told| (told.kind.clone(), told.position)).collect::<Vec<_>>();
    let moved = with(case, index, |file| file[7] ^= 1);
    assert_eq!(at(&moved), [("index points wrong".to_owned(), 0)]);
    let back = with(case, index, |file| file[8..12].copy_from_slice(&[0, 0, 0, 2]));
    assert_eq!(at(&back), [("index out of order".to_owned(), 8)]);
    let cut = with(case, index, |file| file.truncate(29));
    assert_eq!(at(&cut), [("index cut off".to_owned(), 24)]);
    let time = with(case, "00000000000000000073.timeindex", |file| file[7] ^= 1);
    assert_eq!(at(&time), [("index points wrong".to_owned(), 0)]);
}

#[test]
fn the_files_beside_a_log_are_held_against_it() {
    let epochs =
        with("06-leader-epochs/epochs/99-clean-shutdown/broker-1/epochs-0", "leader-epoch-checkpoint", |file| {
            *file = b"0\n1\n0 0\n".to_vec();
        });
    assert!(epochs.kinds().contains(&"wrong leader epoch"), "{:?}", epochs.told);
    let unread = with("03-idempotent/idem-0", "leader-epoch-checkpoint", |file| *file = b"0\n2\n0 0\n".to_vec());
    assert_eq!(unread.kinds(), ["unreadable file"]);
    let mut disk = Disk::default();
    let mut folder = disk.folder("04-transactions/txn-0");
    folder.files.retain(|file| !file.name.ends_with(".txnindex"));
    let no_index = Opened::new(disk, vec![folder]);
    let listed = no_index.kinds().into_iter().filter(|kind| *kind == "wrong transaction index").count();
    assert_eq!(listed, 5, "one for each that was aborted");
}

/// Rewrites the producers of a snapshot, so that its CRC is right.
fn rewritten(file: &mut Vec<u8>, change: impl Fn(&mut SnapshotEntry)) {
    let mut snapshot = ProducerSnapshot::decode(file).expect("a snapshot");
    snapshot.entries.iter_mut().for_each(change);
    *file = snapshot.encode();
}

#[test]
fn a_snapshot_below_the_log_end_is_held_against_the_batches_before_it() {
    let (case, name) = ("05-compaction/keys/00-before/ckeys-0", "00000000000000000018.snapshot");
    let of_7 = |entry: &SnapshotEntry| entry.producer == ProducerId(7);
    // The latest snapshot, at 30, is right, and so is what the log says in the end.
    let sequence = with(case, name, |file| {
        rewritten(file, |entry| entry.last_sequence += i32::from(of_7(entry)));
    });
    assert_eq!(sequence.kinds(), ["wrong snapshot"]);
    let Told { what, file, offset, .. } = &sequence.told[0];
    assert_eq!((file.as_str(), *offset), (name, Some(Offset(18))));
    assert_eq!(
        what,
        "Of producer 7 the snapshot says epoch 0, last sequence 7 at offset 8; by the log below 18 it is epoch 0, \
        last sequence 6 at offset 8."
    );
    // The batch that it wrote last is older than one that the log has below 18, or it is another producer's.
    for offset in [6, 10] {
        let other = with(case, name, |file| {
            rewritten(file, |entry| entry.last_offset = if of_7(entry) { Offset(offset) } else { entry.last_offset });
        });
        assert_eq!(other.kinds(), ["wrong snapshot"], "{offset}");
    }
}

#[test]
fn what_the_cleaner_took_is_not_held_against_an_older_snapshot() {
    let mut disk = Disk::default();
    let before = disk.folder("05-compaction/keys/00-before/ckeys-0");
    let mut after = disk.folder("05-compaction/keys/02-after-pass-2/ckeys-0");
    // At 18 the last batch of producer 10 ended with offset 13, which is gone since.
    after.files.extend(before.files.into_iter().filter(|file| file.name == "00000000000000000018.snapshot"));
    let opened = Opened::new(disk, vec![after]);
    assert!(opened.kinds().iter().all(|kind| *kind == "gap"), "{:?}", opened.told);
}

#[test]
fn the_recovery_point_says_what_becomes_of_a_closed_segment() {
    let told = |point: Option<&str>, name: &str| {
        let mut disk = Disk::default();
        let mut folder = disk.folder("04-transactions/txn-0");
        disk.file(name)[60] ^= 1;
        if let Some(line) = point {
            let handle = u32::try_from(disk.0.len()).expect("few files");
            let name = "recovery-point-offset-checkpoint".to_owned();
            disk.0.push((name.clone(), format!("0\n1\n{line}\n").into_bytes()));
            folder.files.push(FileGiven { handle, name, size_bytes: 0 });
        }
        let opened = Opened::new(disk, vec![folder]);
        let crc = opened.told.iter().find(|told| told.kind == "wrong CRC").expect("a wrong CRC");
        (opened.overview.sides[0].recovery_point, crc.then.clone())
    };
    // It ends below 28.
    let closed = "00000000000000000005.log";
    let says = |point: Option<&str>, name: &str, words: &str| {
        let (_, then) = told(point, name);
        assert!(then.contains(words), "{point:?} {name}: {then}");
    };
    says(None, closed, "unless it stopped uncleanly before all of it was flushed");
    says(Some("txn 0 28"), closed, "the recovery point, 28: all of it was flushed");
    says(Some("txn 0 27"), closed, "the recovery point, 27: not all of it is known to be flushed");
    says(Some("txn 0 38"), "00000000000000000028.log", "cuts the file here");
    // Of a partition that it does not name nothing was flushed, for all that the broker knows.
    assert_eq!(told(Some("other 0 28"), closed).0, Some(Offset(0)));
}

#[test]
fn two_replicas_that_parted_say_from_which_offset_and_what_would_be_cut() {
    let case = "06-leader-epochs/epochs/05-diverged";
    let mut opened = two(&format!("{case}/broker-1/epochs-0"), &format!("{case}/broker-2/epochs-0"));
    let told = opened.told.iter().find(|told| told.kind == "diverged").expect("they parted");
    assert_eq!(told.offset, Some(Offset(10)));
    assert!(told.what.contains("leader epoch 2") && told.what.contains("leader epoch 3"), "{told:?}");
    assert!(told.then.contains("cut its log to offset 10"), "{told:?}");
    let window = opened.window(Ask::Window(Place::default()));
    assert_eq!(window.parts.iter().map(|part| part.side).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(window.parts[0].differs, (10..14).map(Offset).collect::<Vec<_>>());
    assert_eq!(window.parts[1].differs, (10..15).map(Offset).collect::<Vec<_>>());
    assert_eq!((window.first, window.end), (Offset(0), Offset(15)), "as far as the longer goes");
    let filter = Filter { only_differences: true, ..Filter::default() };
    let Some(Answer::Records(list)) = opened.ask(Ask::Records { from: Place::default(), filter }).pop() else {
        panic!("no list")
    };
    assert_eq!(list.rows.iter().map(|row| row.place.offset.0).collect::<Vec<_>>(), [10, 11, 12, 13]);
    let moments = "06-leader-epochs/epochs/06-truncated";
    let cut = two(&format!("{moments}/broker-1/epochs-0"), &format!("{moments}/broker-2/epochs-0"));
    assert!(!cut.kinds().contains(&"diverged"), "{:?}", cut.told);
}

#[test]
fn what_a_cleaning_took_away_is_explained_record_by_record() {
    for case in ["keys", "txn", "edge"] {
        let folder = format!("c{case}-0");
        let moment = |moment: &str| format!("05-compaction/{case}/{moment}/{folder}");
        for pair in [["00-before", "01-after-pass-1"], ["00-before", "02-after-pass-2"]] {
            let opened = two(&moment(pair[0]), &moment(pair[1]));
            let told = opened.told.iter().find(|told| told.kind == "records gone").expect("some are gone");
            assert!(!told.is_wrong && told.then.contains("what compaction does"), "{case}: {told:?}");
            assert!(told.what.starts_with("B "), "{told:?}");
        }
    }
    let case = "01-plain/create-time/plain-0";
    assert_eq!(two(case, case).kinds(), ["the same"]);
}

#[test]
fn a_list_goes_on_where_it_ended() {
    let mut opened = one("01-plain/create-time/plain-0");
    let (mut from, mut offsets) = (Some(Place::default()), Vec::new());
    while let Some(place) = from {
        let answer = opened.ask(Ask::Records { from: place, filter: Filter::default() }).pop();
        let Some(Answer::Records(list)) = answer else { panic!("{answer:?}") };
        offsets.extend(list.rows.iter().map(|row| row.place.offset.0));
        from = list.next;
    }
    let last = offsets.last().copied().expect("records");
    assert_eq!(offsets, (0..=last).collect::<Vec<_>>());
    let filter = Filter { kind: Some(CellKind::Tombstone), ..Filter::default() };
    let Some(Answer::Records(list)) = opened.ask(Ask::Records { from: Place::default(), filter }).pop() else {
        panic!("no list")
    };
    assert!(!list.rows.is_empty() && list.rows.iter().all(|row| row.value.is_none()), "{list:?}");
}

#[test]
fn records_of_internal_topics_have_their_fields_by_name() {
    let mut opened = one("07-internal/consumer-offsets/__consumer_offsets-0");
    let filter = Filter { text: "OffsetCommit".to_owned(), ..Filter::default() };
    let Some(Answer::Records(list)) = opened.ask(Ask::Records { from: Place::default(), filter }).pop() else {
        panic!("no list")
    };
    let row = list.rows.first().expect("an offset commit");
    assert_eq!(row.key.as_deref(), Some("OffsetCommit"));
    assert!(row.value.as_deref().is_some_and(|value| value.contains("group") && value.contains("offset")), "{row:?}");
}

#[test]
fn a_log_that_is_shorter_than_its_index_and_its_snapshot_say_has_lost_its_end() {
    let cut = with("01-plain/create-time/plain-0", "00000000000000000073.log", |file| file.truncate(700));
    assert_eq!(cut.kinds(), ["cut in a header", "index beyond the log", "index beyond the log", "log too short"]);
    let mut disk = Disk::default();
    let mut folder = disk.folder("03-idempotent/idem-0");
    folder.files.retain(|file| file.name != "00000000000000000035.log");
    let lost = Opened::new(disk, vec![folder]);
    assert_eq!(lost.kinds(), ["index without a log", "index without a log", "log too short"]);
}

#[test]
fn replicas_need_not_begin_at_the_same_segment_nor_be_of_one_topic() {
    let case = "01-plain/log-start/trimmed-0";
    let mut disk = Disk::default();
    let (whole, mut later) = (disk.folder(case), disk.folder(case));
    later.files.retain(|file| !file.name.starts_with("00000000000000000000."));
    let opened = Opened::new(disk, vec![whole, later]);
    assert_eq!(opened.kinds(), ["the same", "compared in part"]);
    let other = two(case, "03-idempotent/idem-0");
    assert!(other.kinds().contains(&"another topic"), "{:?}", other.kinds());
}

#[test]
fn many_findings_of_a_kind_are_counted() {
    let shifted = with("01-plain/create-time/plain-0", "00000000000000000073.index", |file| {
        *file = (1_u32..500).flat_map(|n| [n.to_be_bytes(), n.to_be_bytes()].concat()).collect();
    });
    let wrong = shifted.kinds().iter().filter(|kind| **kind == "index points wrong").count();
    assert_eq!(wrong, 50, "and the rest is counted");
    assert!(shifted.overview.sides[0].totals.untold > 400);
}

/// Batches of one record each, at these offsets.
fn log_of(offsets: impl Iterator<Item = i64>) -> Vec<u8> {
    let text = |n: i64| Some(Bytes::from(format!("k{n}")));
    offsets.flat_map(|n| RecordBatch::of_records(vec![Record::new(Offset(n), n, text(n), text(n))]).encode()).collect()
}

#[test]
fn two_logs_are_paged_through_without_a_record_left_out() {
    let logs = [log_of((0..5).chain(500..510)), log_of((0..300).chain(505..600))];
    let mut disk = Disk::default();
    let mut folders = Vec::new();
    for (handle, log) in (0..).zip(logs) {
        let name = "00000000000000000000.log".to_owned();
        folders.push(FolderGiven {
            name: format!("{handle}/t-0"),
            files: vec![FileGiven { handle, name: name.clone(), size_bytes: 0 }],
        });
        disk.0.push((name, log));
    }
    let mut opened = Opened::new(disk, folders);
    let seen = |window: &Window, into: &mut [BTreeSet<i64>; 2]| {
        for part in &window.parts {
            let records = part.tape.cells.iter().filter(|cell| cell.kind != CellKind::Gap);
            into[usize::from(part.side)].extend(records.map(|cell| cell.offset.0));
        }
    };
    let expected = [(0..5).chain(500..510).collect::<BTreeSet<i64>>(), (0..300).chain(505..600).collect()];
    let (mut there, mut windows) = (<[BTreeSet<i64>; 2]>::default(), 0);
    let mut window = opened.window(Ask::Window(Place::default()));
    seen(&window, &mut there);
    while let Some(next) = window.next {
        window = opened.window(Ask::Window(next));
        seen(&window, &mut there);
        windows += 1;
        assert!(windows < 30, "it comes to an end");
    }
    assert_eq!(there, expected, "on the way there");
    let (mut back, mut windows) = (<[BTreeSet<i64>; 2]>::default(), 0);
    seen(&window, &mut back);
    while window.has_before {
        window = opened.window(Ask::Before(window.from));
        seen(&window, &mut back);
        windows += 1;
        assert!(windows < 30, "it comes to a beginning");
    }
    assert_eq!(back, expected, "on the way back");
}

#[test]
fn every_question_about_two_empty_logs_is_answered() {
    let mut disk = Disk::default();
    let name = "00000000000000000000.log".to_owned();
    let mut folders = Vec::new();
    for handle in 0..2 {
        disk.0.push((name.clone(), Vec::new()));
        let files = vec![FileGiven { handle, name: name.clone(), size_bytes: 0 }];
        folders.push(FolderGiven { name: format!("{handle}/t-0"), files });
    }
    let mut opened = Opened::new(disk, folders);
    for ask in [Ask::Window(Place::default()), Ask::Before(Place::default()), Ask::Bytes(Place::default())] {
        assert_eq!(opened.ask(ask.clone()).len(), 1, "{ask:?}");
    }
}
