//! A small log with an aborted transaction, read from here and there.

use super::*;
use crate::bytes::{Attributes, RecordBatch};
use crate::ids::ProducerEpoch;

fn transactional(producer: i64, records: Vec<Record>, is_control: bool) -> Vec<u8> {
    let attributes = Attributes(if is_control { 0x30 } else { 0x10 });
    let batch = RecordBatch::of_records(records);
    let (producer_id, producer_epoch) = (ProducerId(producer), ProducerEpoch(0));
    RecordBatch { attributes, producer_id, producer_epoch, ..batch }.encode()
}

fn data(producer: i64, offset: i64) -> Vec<u8> {
    transactional(producer, vec![Record::new(Offset(offset), 0, None, Some(Bytes::from_static(b"v")))], false)
}

fn marker(producer: i64, offset: i64, control: ControlRecord) -> Vec<u8> {
    transactional(producer, vec![control.record(Offset(offset), 0)], true)
}

/// Producer 1 aborts 0 and 2, then commits 5; producer 2 commits 1. The abort marker, 3, is in the second segment.
fn segments() -> [SegmentFiles; 2] {
    let abort = ControlRecord::Abort { coordinator_epoch: 0 };
    let commit = || ControlRecord::Commit { coordinator_epoch: 0 };
    let first = [data(1, 0), data(2, 1), data(1, 2)].concat();
    let second = [marker(1, 3, abort), marker(2, 4, commit()), data(1, 5), marker(1, 6, commit())].concat();
    let entry = AbortedTxn {
        producer: ProducerId(1),
        first_offset: Offset(0),
        last_offset: Offset(3),
        last_stable_offset: Offset(1),
    };
    let segment = |base, log: Vec<u8>, aborted| SegmentFiles { base_offset: Offset(base), log: log.into(), aborted };
    [segment(0, first, vec![]), segment(3, second, vec![entry])]
}

fn offsets(segments: &[SegmentFiles], start: i64, end: i64, isolation: IsolationLevel) -> Vec<i64> {
    let range = FetchRange { start: Offset(start), end: Offset(end), isolation };
    consume(segments, range).map(|record| record.unwrap().record.offset.0).collect()
}

#[test]
fn aborted_records_are_passed_over_up_to_the_marker() {
    let segments = segments();
    assert_eq!(offsets(&segments, 0, 7, IsolationLevel::ReadUncommitted), [0, 1, 2, 5]);
    assert_eq!(offsets(&segments, 0, 7, IsolationLevel::ReadCommitted), [1, 5]);
    assert_eq!(offsets(&segments, 2, 7, IsolationLevel::ReadCommitted), [5]);
    assert_eq!(offsets(&segments, 2, 5, IsolationLevel::ReadUncommitted), [2]);
    assert_eq!(offsets(&segments, 7, 7, IsolationLevel::ReadUncommitted), [0_i64; 0]);
    assert_eq!(offsets(&[], 0, 7, IsolationLevel::ReadCommitted), [0_i64; 0]);
}

#[test]
fn only_transactions_that_reach_into_the_range_are_collected() {
    let segments = segments();
    let collected = |start, end| collect_aborted(&segments, Offset(start), Offset(end)).len();
    assert_eq!((collected(0, 7), collected(3, 4), collected(4, 7), collected(0, 0)), (1, 1, 0, 0));
}

#[test]
fn a_wrong_byte_ends_the_reading_with_its_segment_and_place() {
    let mut segments = segments();
    let mut log = segments[1].log.to_vec();
    let last = log.len() - 1;
    log[last] ^= 1;
    segments[1].log = log.into();
    let range = FetchRange { start: Offset(0), end: Offset(7), isolation: IsolationLevel::ReadUncommitted };
    let read: Vec<_> = consume(&segments, range).collect();
    assert_eq!(read.len(), 5);
    let stopped = read[4].as_ref().unwrap_err();
    assert_eq!(stopped.base_offset, Offset(3));
    assert!(stopped.problem.to_string().contains("CRC"), "{}", stopped.problem);
    // What lies at the end or behind it is not looked at.
    assert_eq!(offsets(&segments, 0, 6, IsolationLevel::ReadUncommitted), [0, 1, 2, 5]);
}
