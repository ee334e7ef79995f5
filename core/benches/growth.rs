//! How what the lab does with a log grows with the log: `./lab bench growth`.
//!
//! Decoding, appending and inspecting take the same time for each batch, however many there are: their rates stay. A
//! look-up goes through an index, so its time grows as the logarithm of the log. All batches have one record.

use bytes::Bytes;
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use kafka_lab::bytes::{Record, RecordBatch};
use kafka_lab::ids::Offset;
use kafka_lab::inspect::Inspector;
use kafka_lab::log::{Scan, Segment, SegmentConfig};

const BATCHES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
const FIRST_MS: i64 = 1_700_000_000_000;
/// A stride that meets batches all over the log.
const STRIDE: i64 = 611_953;

fn main() {
    divan::main();
}

/// The batch at an offset; a millisecond later than the one before it.
fn batch(template: &RecordBatch, offset: i64) -> RecordBatch {
    let timestamp_ms = FIRST_MS + offset;
    let record = Record { offset: Offset(offset), timestamp_ms, ..template.records[0].clone() };
    RecordBatch::of_records(vec![record])
}

fn template() -> RecordBatch {
    let (key, value) = (Bytes::from_static(b"account-7"), Bytes::from_static(b"paid 20, and thank you"));
    RecordBatch::of_records(vec![Record::new(Offset(0), FIRST_MS, Some(key), Some(value))])
}

fn segment(batches: usize) -> Segment {
    let template = template();
    let mut segment = Segment::new(Offset(0), SegmentConfig::default());
    for offset in (0..).take(batches) {
        segment.append(&batch(&template, offset)).expect("a segment has room for a million small batches");
    }
    segment.close();
    segment
}

#[divan::bench(args = BATCHES, sample_count = 10, max_time = 5)]
fn decode(bencher: Bencher, batches: usize) {
    let file = Bytes::copy_from_slice(segment(batches).file());
    bencher.counter(ItemsCount::new(batches)).bench_local(|| {
        let mut at = 0;
        let records = Scan::new(black_box(&file), 0).map(|found| {
            let end = at + usize::try_from(found.expect("a batch").size_bytes).expect("small");
            let batch = RecordBatch::decode_shared(&file.slice(at..end)).expect("what was encoded");
            at = end;
            batch.records.len()
        });
        records.sum::<usize>()
    });
}

#[divan::bench(args = BATCHES, sample_count = 10, max_time = 5)]
fn append(bencher: Bencher, batches: usize) {
    bencher.counter(ItemsCount::new(batches)).bench_local(|| segment(black_box(batches)));
}

#[divan::bench(args = BATCHES)]
fn find_by_offset(bencher: Bencher, batches: usize) {
    let (segment, end) = (segment(batches), i64::try_from(batches).expect("small"));
    let mut offset = 0;
    bencher.counter(ItemsCount::new(1_usize)).bench_local(|| {
        offset = (offset + STRIDE) % end;
        segment.find(black_box(Offset(offset)))
    });
}

#[divan::bench(args = BATCHES)]
fn find_by_time(bencher: Bencher, batches: usize) {
    let (segment, end) = (segment(batches), i64::try_from(batches).expect("small"));
    let mut offset = 0;
    bencher.counter(ItemsCount::new(1_usize)).bench_local(|| {
        offset = (offset + STRIDE) % end;
        segment.find_by_timestamp(black_box(FIRST_MS + offset))
    });
}

/// The inspector is fed the file in the pieces that it asks for.
#[divan::bench(args = BATCHES, sample_count = 10, max_time = 5)]
fn findings(bencher: Bencher, batches: usize) {
    let segment = segment(batches);
    let file = segment.file();
    bencher.counter(ItemsCount::new(batches)).bench_local(|| {
        let mut inspector = Inspector::new("00000000000000000000.log", file.len() as u64);
        while let Some(wanted) = inspector.wants() {
            let place = |at: u64| usize::try_from(at).expect("it lies in the file");
            inspector.feed(&file[place(wanted.start)..place(wanted.end)]);
        }
        assert_eq!((inspector.totals().batches, inspector.findings().len()), (batches as u64, 0));
        inspector
    });
}
