//! Log files as the page about segments reads them: one in pieces of any size, and then two partitions with files
//! beside their logs, looked at in every way.
#![no_main]

use kafka_lab::ids::Offset;
use kafka_lab::inspect::{Answer, Ask, Desk, FileGiven, Filter, FolderGiven, Inspector, Place, Request, Sought};
use kafka_lab_fuzz::{CountingAllocator, any_codec, mended_file, packed_limit_bytes, within};
use libfuzzer_sys::fuzz_target;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

fuzz_target!(|input: &[u8]| {
    let step = input.first().map_or(1, |byte| usize::from(*byte) + 1);
    let file = mended_file(input, any_codec);
    // What lies beside the log: the input itself, as each of the other files.
    let beside: Vec<u8> = input.to_vec();
    within(4 * packed_limit_bytes(file.len()), || {
        let (whole, in_pieces) = (inspected(&file, usize::MAX), inspected(&file, step));
        assert_eq!(whole.findings(), in_pieces.findings());
        assert_eq!(whole.totals(), in_pieces.totals());
        let mut places = vec![Place::default()];
        places.extend(whole.findings().iter().map(|finding| Place {
            position: finding.position,
            offset: finding.offset.unwrap_or(Offset(i64::MAX)),
            ..Place::default()
        }));
        look_around(vec![given("", &["a.log"], file.len())], &[&file], &places);
        let second = if step % 2 == 0 { &file[..file.len() / 2] } else { &file };
        let folders = vec![given("a/t-0", &NAMES, beside.len()), given("b/t-0", &NAMES, beside.len())];
        look_around(folders, &[&file, &beside, second], &places);
    });
});

/// The files of a folder. A log's handle is 0, or 2 in the second folder; that of all others is 1.
const NAMES: [&str; 10] = [
    "00000000000000000000.log",
    "00000000000000000000.index",
    "00000000000000000000.timeindex",
    "00000000000000000000.txnindex",
    "00000000000000000003.snapshot",
    "00000000000000000005.snapshot",
    "leader-epoch-checkpoint",
    "replication-offset-checkpoint",
    "recovery-point-offset-checkpoint",
    "cleaner-offset-checkpoint",
];

fn given(folder: &str, names: &[&str], beside_bytes: usize) -> FolderGiven {
    let handle = |name: &str| match name.ends_with(".log") {
        true if folder.starts_with('b') => 2,
        true => 0,
        false => 1,
    };
    let file =
        |name: &&str| FileGiven { handle: handle(name), name: (*name).to_owned(), size_bytes: beside_bytes as u64 };
    FolderGiven { name: folder.to_owned(), files: names.iter().map(file).collect() }
}

fn look_around(mut folders: Vec<FolderGiven>, files: &[&[u8]], places: &[Place]) {
    for file in folders.iter_mut().flat_map(|folder| &mut folder.files) {
        file.size_bytes = files[file.handle as usize].len() as u64;
    }
    let sides = folders.len() as u8;
    let mut desk = Desk::new();
    ask(&mut desk, files, Ask::Open(folders));
    for side in 0..sides {
        for place in places.iter().map(|place| Place { side, ..*place }) {
            ask(&mut desk, files, Ask::Window(place));
            ask(&mut desk, files, Ask::Before(place));
            ask(&mut desk, files, Ask::Bytes(place));
        }
        let sought = [Sought::Offset(3), Sought::Time(9), Sought::Key("k".to_owned()), Sought::Producer(1)];
        for sought in sought {
            ask(&mut desk, files, Ask::Find { side, sought, after: None });
        }
        let from = Place { side, ..Place::default() };
        ask(&mut desk, files, Ask::Records { from, filter: Filter::default() });
    }
    ask(&mut desk, files, Ask::Export { as_json: false, records: Vec::new() });
}

fn piece<'a>(file: &'a [u8], range: &std::ops::Range<u64>, most: usize) -> &'a [u8] {
    let (start, end) = (range.start as usize, range.end as usize);
    &file[start..end.min(start.saturating_add(most))]
}

fn inspected(file: &[u8], step: usize) -> Inspector {
    let mut inspector = Inspector::new("00000000000000000000.log", file.len() as u64);
    while let Some(range) = inspector.wants() {
        inspector.feed(piece(file, &range, step));
    }
    inspector
}

fn ask(desk: &mut Desk, files: &[&[u8]], ask: Ask) {
    let mut replies = desk.ask(Request { id: 1, ask });
    while let Some(want) = desk.wants() {
        replies = desk.feed(&want, piece(files[want.handle as usize], &want.range, usize::MAX));
    }
    let last = replies.last().map(|reply| &reply.answer);
    assert!(!matches!(last, None | Some(Answer::Looking { .. } | Answer::Unreadable { .. })), "{last:?}");
}
