//! Batches encoded and decoded: the same bytes, the same records (KIP-98's format, `DefaultRecordBatch`).

use kafka_lab::bytes::{
    Attributes, Bytes, Compression, ControlRecord, Fault, FieldName, Header, Problem, Record, RecordBatch, fields,
};
use kafka_lab::ids::{LeaderEpoch, Offset, ProducerEpoch, ProducerId};

fn record(offset: i64, timestamp_ms: i64, key: Option<&str>, value: Option<&str>) -> Record {
    let bytes = |text: &str| Bytes::copy_from_slice(text.as_bytes());
    Record::new(Offset(offset), timestamp_ms, key.map(bytes), value.map(bytes))
}

fn batch() -> RecordBatch {
    let mut first = record(7, 1_000, Some("account-1"), Some("paid"));
    first.headers.push(Header::new("trace", Some(Bytes::from_static(b"a"))));
    first.headers.push(Header::new("", None));
    let mut batch =
        RecordBatch::of_records(vec![first, record(8, 990, None, Some("")), record(11, 1_200, Some(""), None)]);
    batch.partition_leader_epoch = LeaderEpoch(3);
    batch.producer_id = ProducerId(42);
    batch.producer_epoch = ProducerEpoch(1);
    batch.base_sequence = i32::MAX - 1;
    batch
}

#[test]
fn what_is_encoded_is_decoded() {
    let batch = batch();
    let bytes = batch.encode();
    assert_eq!(bytes.len(), batch.encoded_len());
    assert_eq!(RecordBatch::decode(&bytes).as_ref(), Ok(&batch));
    assert_eq!(batch.last_offset(), Offset(11));
    assert_eq!(batch.last_sequence(), 2, "sequences wrap to 0 after 2147483647");
}

#[test]
fn a_marker_is_78_bytes() {
    let mut marker = RecordBatch::of_records(vec![
        ControlRecord::Commit { coordinator_epoch: 13 }.record(Offset(614), 1_700_000_000_000),
    ]);
    marker.attributes = Attributes::PLAIN.with_transactional().with_control();
    assert_eq!(marker.encode().len(), 78);
    assert_eq!(ControlRecord::decode(&marker.records[0]), Ok(ControlRecord::Commit { coordinator_epoch: 13 }));
}

#[test]
fn every_byte_belongs_to_one_field() {
    let bytes = batch().encode();
    let inspection = fields(&bytes);
    assert_eq!(inspection.problems, []);
    let mut at = 0;
    for field in &inspection.fields {
        assert_eq!(field.range.start, at, "{:?}", field.name);
        assert_eq!(field.raw, bytes[field.range.clone()]);
        at = field.range.end;
    }
    assert_eq!(at, bytes.len());
}

#[test]
fn damage_is_told_with_its_place() {
    let mut bytes = batch().encode();
    bytes[70] ^= 1;
    let Err(Problem { place, fault: Fault::Crc { .. } }) = RecordBatch::decode(&bytes) else { panic!("not the CRC") };
    assert_eq!(place.at, 17);

    let whole = batch().encode();
    for len in 0..whole.len() {
        let problem = RecordBatch::decode(&whole[..len]).expect_err("a cut batch was read");
        assert!(matches!(problem.fault, Fault::CutOff { .. }), "{len}: {problem}");
    }
}

#[test]
fn a_compression_that_kafka_lacks_is_refused() {
    let mut odd = batch();
    odd.attributes = Attributes(7);
    assert_eq!(odd.attributes.compression(), Err(Fault::UnknownCompression { code: 7 }));
    assert_eq!(Attributes(0x73).compression(), Ok(Compression::Lz4));
    assert_eq!(FieldName::Crc.name(), "CRC");
}
