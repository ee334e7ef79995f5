//! A log file as the page about segments reads it: in pieces of any size, and then looked at in every way.
#![no_main]

use kafka_lab::ids::Offset;
use kafka_lab::inspect::{Answer, Ask, Desk, Inspector, Place, Request, Sought};
use kafka_lab_fuzz::{CountingAllocator, any_codec, mended_file, packed_limit_bytes, within};
use libfuzzer_sys::fuzz_target;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

fuzz_target!(|input: &[u8]| {
    let step = input.first().map_or(1, |byte| usize::from(*byte) + 1);
    let file = mended_file(input, any_codec);
    within(2 * packed_limit_bytes(file.len()), || {
        let (whole, in_pieces) = (inspected(&file, usize::MAX), inspected(&file, step));
        assert_eq!(whole.findings(), in_pieces.findings());
        assert_eq!(whole.totals(), in_pieces.totals());
        let mut desk = Desk::new();
        ask(&mut desk, &file, Ask::Open { name: String::new(), size_bytes: file.len() as u64 });
        let mut places = vec![Place::default()];
        places.extend(whole.findings().iter().map(|finding| Place {
            position: finding.position,
            offset: finding.offset.unwrap_or(Offset(i64::MAX)),
        }));
        for place in places {
            ask(&mut desk, &file, Ask::Window(place));
            ask(&mut desk, &file, Ask::Before(place));
            ask(&mut desk, &file, Ask::Bytes { position: place.position });
        }
        let sought = [Sought::Offset(3), Sought::Time(9), Sought::Key("k".to_owned()), Sought::Producer(1)];
        for sought in sought {
            ask(&mut desk, &file, Ask::Find { sought, after: None });
        }
    });
});

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

fn ask(desk: &mut Desk, file: &[u8], ask: Ask) {
    let mut replies = desk.ask(Request { id: 1, ask });
    while let Some(want) = desk.wants() {
        replies = desk.feed(&want, piece(file, &want.range, usize::MAX));
    }
    let last = replies.last().map(|reply| &reply.answer);
    assert!(!matches!(last, None | Some(Answer::Looking { .. } | Answer::Unreadable { .. })), "{last:?}");
}
