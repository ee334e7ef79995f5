//! `index.jsonl`: batches appended to one segment, its two indexes and what they find (Kafka: `LogSegment`,
//! `OffsetIndex`, `TimeIndex`).

use bytes::Bytes;
use data_encoding::HEXLOWER;

use super::fields::Fields;
use super::row::Checks;
use crate::bytes::{Record, RecordBatch};
use crate::ids::Offset;
use crate::log::{OffsetIndex, Segment, SegmentConfig, TimeEntry, TimeIndex};

pub(super) fn check(line: &str) -> Checks {
    let mut row = Fields::of_line(line);
    let mut checks = Checks::new(row.take::<String>("id"));
    let config = SegmentConfig { index_interval_bytes: row.take("index_interval_bytes") };
    let mut segment = Segment::new(Offset(row.take("base_offset")), config);
    append_all(&mut row, &mut segment);
    row.compare("offset_index", offset_entries(&segment));
    row.compare("time_index", time_entries(&segment));
    row.compare("largest_timestamp", segment.max_timestamp().timestamp_ms);
    row.compare("max_timestamp_so_far", pair(segment.max_timestamp()));
    look_up(&mut row, &segment);
    if let Some(offset) = row.take_if_given("truncate_to") {
        row.compare("truncated_bytes", segment.truncate_to(Offset(offset)));
        row.compare("size_after", segment.size_bytes());
        row.compare("next_offset_after", segment.end().0);
        row.compare("offset_index_after", offset_entries(&segment));
        row.compare("time_index_after", time_entries(&segment));
    }
    segment.close();
    row.compare("time_index_when_rolled", time_entries(&segment));
    let (offsets, times) = (segment.offset_index(), segment.time_index());
    row.compare("index_file_hex", HEXLOWER.encode(&offsets.encode()));
    row.compare("timeindex_file_hex", HEXLOWER.encode(&times.encode()));
    if OffsetIndex::decode(segment.base_offset(), &offsets.encode()).as_ref() != Ok(offsets) {
        row.fail("index_file_hex (read again)", "the same entries", "others");
    }
    if TimeIndex::decode(segment.base_offset(), &times.encode()).as_ref() != Ok(times) {
        row.fail("timeindex_file_hex (read again)", "the same entries", "others");
    }
    row.finish(&mut checks);
    checks
}

fn append_all(row: &mut Fields, segment: &mut Segment) {
    let batches: Vec<(i64, i64, u64, usize, i64)> = row.take("batches");
    for (base, last, position, size_bytes, timestamp_ms) in batches {
        let Some(batch) = batch_of_size(base, last, size_bytes, timestamp_ms) else {
            row.fail("batches", format!("{size_bytes} bytes"), "no batch of this size");
            continue;
        };
        match segment.append(&batch) {
            Ok(place) if place.position == position => {}
            other => row.fail("batches", position, format!("{other:?}")),
        }
    }
}

fn look_up(row: &mut Fields, segment: &Segment) {
    row.compare_each("lookup", |target| {
        let entry = segment.offset_index().lookup(Offset(target));
        vec![Some(entry.offset.0), Some(entry.position.into())]
    });
    row.compare_each("translate", |target| {
        let Some(batch) = segment.find(Offset(target)) else { return vec![None] };
        let numbers = [batch.base_offset().0, batch.position.cast_signed(), batch.size_bytes.cast_signed()];
        numbers.map(Some).to_vec()
    });
    let numbers = |entry: TimeEntry| vec![Some(entry.timestamp_ms), Some(entry.offset.0)];
    row.compare_each("time_lookup", |target| numbers(segment.time_index().lookup(target)));
    row.compare_each("find_by_timestamp", |target| match segment.find_by_timestamp(target) {
        Ok(Some(found)) => numbers(found),
        // A problem never equals an answer: it has none.
        Ok(None) => vec![None],
        Err(_) => Vec::new(),
    });
}

/// A batch from `base` to `last` of just this size: the values are as long as it takes.
fn batch_of_size(base: i64, last: i64, size_bytes: usize, timestamp_ms: i64) -> Option<RecordBatch> {
    let batch_of = |first_len: usize, last_len: usize| {
        let record = |offset: i64| {
            let len = if offset == base { first_len } else { last_len * usize::from(offset == last) };
            Record::new(Offset(offset), timestamp_ms, None, Some(Bytes::from(vec![b'v'; len])))
        };
        RecordBatch::of_records((base..=last).map(record).collect())
    };
    // Where one more byte of value makes a length field longer too, a size is left out: the other value fills it.
    let mut lengths = (0..size_bytes).flat_map(|first| [0, 1, 2].map(|last| (first, last)));
    let (first_len, last_len) = lengths.find(|&(first, last)| batch_of(first, last).encoded_len() == size_bytes)?;
    Some(batch_of(first_len, last_len))
}

fn offset_entries(segment: &Segment) -> Vec<(i64, u32)> {
    segment.offset_index().entries().iter().map(|entry| (entry.offset.0, entry.position)).collect()
}

fn time_entries(segment: &Segment) -> Vec<(i64, i64)> {
    segment.time_index().entries().iter().copied().map(pair).collect()
}

fn pair(entry: TimeEntry) -> (i64, i64) {
    (entry.timestamp_ms, entry.offset.0)
}
