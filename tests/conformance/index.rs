//! Segments and their indexes against `LogSegment`, `OffsetIndex` and `TimeIndex`: `index.jsonl`.

use kafka_lab::bytes::{Bytes, Record, RecordBatch};
use kafka_lab::ids::Offset;
use kafka_lab::log::{BatchSummary, LogView, OffsetIndex, Segment, SegmentConfig, TimeEntry, TimeIndex, finished};
use serde_json::Value;

use crate::fixtures::folder;

fn rows() -> Vec<Value> {
    let text = std::fs::read_to_string(folder("oracle/index.jsonl")).expect("vectors");
    let rows: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("a row")).collect();
    assert_eq!(rows.len(), 60);
    rows
}

/// A column that is a list of lists of numbers; null becomes an empty list.
fn lists(row: &Value, column: &str) -> Vec<Vec<Option<i64>>> {
    let numbers = |list: &Value| list.as_array().map(|list| list.iter().map(Value::as_i64).collect());
    let column = row.get(column).and_then(Value::as_array);
    column.map(|lists| lists.iter().map(|list| numbers(list).expect("a list")).collect()).unwrap_or_default()
}

fn number(row: &Value, column: &str) -> i64 {
    row.get(column).and_then(Value::as_i64).unwrap_or_else(|| panic!("no {column} in {row}"))
}

/// A batch from `base` to `last` of just this size: the values are as long as it takes.
fn batch_of_size(base: i64, last: i64, size_bytes: usize, timestamp_ms: i64) -> RecordBatch {
    let batch_of = |first_len: usize, last_len: usize| {
        let record = |offset: i64| {
            let len = if offset == base { first_len } else { last_len * usize::from(offset == last) };
            Record::new(Offset(offset), timestamp_ms, None, Some(Bytes::from(vec![b'v'; len])))
        };
        RecordBatch::of_records((base..=last).map(record).collect())
    };
    // Where one more byte of value makes a length field longer too, a size is left out: the other value fills it.
    let mut lengths = (0..size_bytes).flat_map(|first| [0, 1, 2].map(|last| (first, last)));
    let found = lengths.find(|&(first, last)| batch_of(first, last).encoded_len() == size_bytes);
    let (first_len, last_len) = found.unwrap_or_else(|| panic!("no batch of {size_bytes} bytes, {base} to {last}"));
    batch_of(first_len, last_len)
}

fn segment_of(row: &Value) -> Segment {
    let interval = u32::try_from(number(row, "index_interval_bytes")).expect("an interval");
    let config = SegmentConfig { index_interval_bytes: interval };
    let mut segment = Segment::new(Offset(number(row, "base_offset")), config);
    for batch in lists(row, "batches") {
        let [Some(base), Some(last), Some(position), Some(size), Some(timestamp_ms)] = batch[..] else {
            panic!("a batch of five numbers")
        };
        let batch = batch_of_size(base, last, usize::try_from(size).expect("a size"), timestamp_ms);
        let place = segment.append(&batch).expect("appended");
        assert_eq!(place.position, position.unsigned_abs());
    }
    segment
}

fn offset_entries(segment: &Segment) -> Vec<Vec<Option<i64>>> {
    let entries = segment.offset_index().entries().iter();
    entries.map(|entry| vec![Some(entry.offset.0), Some(entry.position.into())]).collect()
}

fn time_entries(segment: &Segment) -> Vec<Vec<Option<i64>>> {
    segment.time_index().entries().iter().map(|entry| time_entry(*entry)).collect()
}

fn time_entry(entry: TimeEntry) -> Vec<Option<i64>> {
    vec![Some(entry.timestamp_ms), Some(entry.offset.0)]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn entries_and_look_ups() {
    for row in rows() {
        let id = row.get("id").cloned().unwrap_or_default();
        let segment = segment_of(&row);
        assert_eq!(offset_entries(&segment), lists(&row, "offset_index"), "{id} offset index");
        assert_eq!(time_entries(&segment), lists(&row, "time_index"), "{id} time index");
        for list in lists(&row, "lookup") {
            let [Some(target), Some(offset), Some(position)] = list[..] else { panic!("{id} lookup {list:?}") };
            let entry = segment.offset_index().lookup(Offset(target));
            assert_eq!((entry.offset.0, i64::from(entry.position)), (offset, position), "{id} lookup {target}");
        }
        for list in lists(&row, "translate") {
            let target = list[0].expect("a target");
            let found = segment.find(Offset(target)).map(|batch| {
                let numbers = (batch.base_offset().0, batch.position.cast_signed(), batch.size_bytes.cast_signed());
                vec![Some(target), Some(numbers.0), Some(numbers.1), Some(numbers.2)]
            });
            assert_eq!(found.unwrap_or(vec![Some(target), None]), list, "{id} translate {target}");
        }
        for list in lists(&row, "time_lookup") {
            let target = list[0].expect("a target");
            assert_eq!(time_entry(segment.time_index().lookup(target)), list[1..], "{id} time lookup {target}");
        }
        for list in lists(&row, "find_by_timestamp") {
            let target = list[0].expect("a target");
            let found = segment.find_by_timestamp(target).expect("readable").map(time_entry);
            assert_eq!(found.unwrap_or(vec![None]), list[1..], "{id} find by timestamp {target}");
        }
        let so_far = row.get("max_timestamp_so_far").and_then(Value::as_array).expect("two numbers");
        let so_far: Vec<Option<i64>> = so_far.iter().map(Value::as_i64).collect();
        assert_eq!(time_entry(segment.max_timestamp()), so_far, "{id} largest timestamp");
    }
}

#[test]
fn truncation_closing_and_the_files() {
    let mut truncated = 0;
    for row in rows() {
        let id = row.get("id").cloned().unwrap_or_default();
        let mut segment = segment_of(&row);
        if let Some(offset) = row.get("truncate_to").and_then(Value::as_i64) {
            truncated += 1;
            let cut_bytes = segment.truncate_to(Offset(offset));
            assert_eq!(cut_bytes as i64, number(&row, "truncated_bytes"), "{id} bytes cut");
            assert_eq!(segment.size_bytes() as i64, number(&row, "size_after"), "{id} bytes left");
            assert_eq!(segment.end().0, number(&row, "next_offset_after"), "{id} log end");
            for (column, got) in
                [("offset_index_after", offset_entries(&segment)), ("time_index_after", time_entries(&segment))]
            {
                assert_eq!(got, lists(&row, column), "{id} {column}");
            }
        }
        segment.close();
        assert_eq!(time_entries(&segment), lists(&row, "time_index_when_rolled"), "{id} when rolled");
        let (index, time_index) = (segment.offset_index().encode(), segment.time_index().encode());
        assert_eq!(row.get("index_file_hex"), Some(&Value::from(hex(&index))), "{id} .index");
        assert_eq!(row.get("timeindex_file_hex"), Some(&Value::from(hex(&time_index))), "{id} .timeindex");
        assert_eq!(OffsetIndex::decode(segment.base_offset(), &index).as_ref(), Ok(segment.offset_index()));
        assert_eq!(TimeIndex::decode(segment.base_offset(), &time_index).as_ref(), Ok(segment.time_index()));
    }
    assert!(truncated > 0, "no row truncates");
}

fn batches_of(segment: &Segment) -> Vec<BatchSummary> {
    let batches = finished(segment.batches(Offset(i64::MIN), usize::MAX)).expect("at once, from memory");
    batches.expect("batches")
}

/// `LogSegment.recover`: a torn tail is cut, and the rest has the indexes that appending gave.
#[test]
fn recovery_finds_the_torn_tail() {
    for row in rows().iter().take(20) {
        let segment = segment_of(row);
        let config = SegmentConfig {
            index_interval_bytes: u32::try_from(number(row, "index_interval_bytes")).expect("an interval"),
        };
        let mut closed = segment.clone();
        closed.close();
        let recovered = Segment::recover(segment.base_offset(), config, segment.file());
        assert_eq!((recovered.cut_bytes, recovered.reason), (0, None));
        assert_eq!(recovered.segment.file(), segment.file());
        assert_eq!(recovered.segment.offset_index(), closed.offset_index());
        assert_eq!(recovered.segment.time_index(), closed.time_index());
        let Some(last) = batches_of(&segment).last().copied() else {
            continue;
        };
        let end = segment.file().len();
        let start = usize::try_from(last.position).expect("a place in memory");
        for cut in [1, end - start - 1] {
            let torn = Segment::recover(segment.base_offset(), config, &segment.file()[..end - cut]);
            assert_eq!(torn.segment.file(), &segment.file()[..start]);
            assert_eq!(torn.cut_bytes as usize, end - cut - start);
            assert!(torn.reason.is_some());
        }
        let mut flipped = segment.file().to_vec();
        flipped[end - 1] ^= 4;
        let flipped = Segment::recover(segment.base_offset(), config, &flipped);
        assert_eq!(flipped.segment.file(), &segment.file()[..start]);
    }
}
