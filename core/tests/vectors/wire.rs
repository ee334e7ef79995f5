//! Record batches byte for byte (WIR). All times are from here on, in milliseconds.

use kafka_lab::bytes::varint::write_varint;
use kafka_lab::bytes::{
    Attributes, Bytes, ControlRecord, Header, Record, RecordBatch, sequence_after, sequence_before,
};
use kafka_lab::ids::{LeaderEpoch, Offset, ProducerEpoch, ProducerId};

use crate::hex;

const T: i64 = 1_700_000_000_000;

fn record(offset: i64, timestamp_ms: i64, key: Option<&'static str>, value: Option<&'static str>) -> Record {
    let bytes = |text: &'static str| Bytes::from_static(text.as_bytes());
    Record::new(Offset(offset), timestamp_ms, key.map(bytes), value.map(bytes))
}

/// The batch is written as these bytes, and read out of them.
#[track_caller]
fn expect_bytes(batch: &RecordBatch, bytes: &str) {
    let bytes = hex(bytes);
    assert_eq!(batch.encode(), bytes);
    assert_eq!(RecordBatch::decode(&bytes).as_ref(), Ok(batch));
}

/// Producer 4000 in epoch 2 of the producer, 3 of the leader.
fn of_a_producer(records: Vec<Record>, base_sequence: i32) -> RecordBatch {
    RecordBatch {
        partition_leader_epoch: LeaderEpoch(3),
        producer_id: ProducerId(4000),
        producer_epoch: ProducerEpoch(2),
        base_sequence,
        ..RecordBatch::of_records(records)
    }
}

#[test]
fn wir_01_the_check_value_of_crc_32c() {
    assert_eq!(crc32c::crc32c(b"123456789"), 0xe306_9283);
}

#[test]
fn wir_02_small_numbers_take_one_byte_of_either_sign() {
    let written = |value| {
        let mut out = Vec::new();
        write_varint(&mut out, value);
        out
    };
    assert_eq!([0, -1, 1, -2, 2, 63, -64].map(written), [0, 1, 2, 3, 4, 0x7e, 0x7f].map(|byte| vec![byte]));
}

#[test]
fn wir_04_one_record() {
    expect_bytes(
        &RecordBatch::of_records(vec![record(0, T, Some("k"), Some("v"))]),
        "00000000000000000000003affffffff02e99b8dd80000000000000000018bcfe568000000018bcfe56800ffffffffffffffffffff\
         ffffffff0000000110000000026b027600",
    );
}

#[test]
fn wir_05_nulls_and_headers() {
    let mut last = record(102, T + 3, None, Some("v3"));
    last.headers = vec![Header::new("h", Some(Bytes::from_static(b"x"))), Header::new("n", None)];
    let records = vec![record(100, T, Some("k1"), Some("v1")), record(101, T + 5, Some("k2"), None), last];
    let batch = RecordBatch { partition_leader_epoch: LeaderEpoch(7), ..RecordBatch::of_records(records) };
    assert_eq!(batch.max_timestamp_ms, T + 5);
    expect_bytes(
        &batch,
        "0000000000000064000000550000000702978a78cc0000000000020000018bcfe568000000018bcfe56805ffffffffffffffffffff\
         ffffffff0000000314000000046b310476310010000a02046b3201001e000604010476330402680278026e01",
    );
}

#[test]
fn wir_06_an_idempotent_batch() {
    let records = vec![record(50, T, Some("a"), Some("1")), record(51, T + 1, Some("b"), Some("2"))];
    let batch = of_a_producer(records, 10);
    assert_eq!(batch.last_sequence(), 11);
    expect_bytes(
        &batch,
        "00000000000000320000004300000003022e7ea8250000000000010000018bcfe568000000018bcfe568010000000000000fa00002\
         0000000a00000002100000000261023100100002020262023200",
    );
}

#[test]
fn wir_07_a_transactional_batch() {
    let mut batch = of_a_producer(vec![record(52, T, Some("a"), Some("1"))], 0);
    batch.attributes = Attributes::PLAIN.with_transactional();
    assert_eq!(batch.attributes, Attributes(0x0010));
    expect_bytes(
        &batch,
        "00000000000000340000003a00000003024475e9930010000000000000018bcfe568000000018bcfe568000000000000000fa00002\
         0000000000000001100000000261023100",
    );
}

#[test]
fn wir_08_a_commit_marker() {
    let commit = ControlRecord::Commit { coordinator_epoch: 9 };
    let mut batch = of_a_producer(vec![commit.record(Offset(53), T + 10)], -1);
    batch.producer_epoch = ProducerEpoch(3);
    batch.attributes = Attributes::PLAIN.with_transactional().with_control();
    assert_eq!(batch.attributes, Attributes(0x0030));
    expect_bytes(
        &batch,
        "00000000000000350000004200000003020a984ef80030000000000000018bcfe5680a0000018bcfe5680a0000000000000fa00003\
         ffffffff000000012000000008000000010c00000000000900",
    );
}

#[test]
fn wir_10_a_tombstone_between_two_records() {
    let records = vec![
        record(10, T, Some("k"), Some("old")),
        record(11, T + 1, Some("k"), None),
        record(12, T + 2, Some("z"), Some("keep")),
    ];
    let batch = RecordBatch { partition_leader_epoch: LeaderEpoch(1), ..RecordBatch::of_records(records) };
    assert!(batch.records[1].is_tombstone());
    expect_bytes(
        &batch,
        "000000000000000a000000500000000102a4ebcbb90000000000020000018bcfe568000000018bcfe56802ffffffffffffffffffff\
         ffffffff0000000314000000026b066f6c64000e000202026b010016000404027a086b65657000",
    );
}

#[test]
fn wir_17_sequences_go_round() {
    assert_eq!(sequence_after(i32::MAX, 1), 0);
    assert_eq!(sequence_before(0, 1), i32::MAX);
}
