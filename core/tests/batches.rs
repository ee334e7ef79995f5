//! Batches encoded and decoded: the same bytes, the same records (KIP-98's format, `DefaultRecordBatch`).

use kafka_lab::bytes::{
    Attributes, BatchHeader, Bytes, Compression, ControlRecord, DirectoryId, Fault, FieldName, Header, LeaderChange,
    Problem, Record, RecordBatch, Records, TimestampType, Voter, fields, sequence_after, sequence_before,
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

fn header_of(batch: &RecordBatch) -> BatchHeader {
    BatchHeader::decode(&batch.encode()).expect("a header")
}

#[test]
fn a_batch_without_records_has_no_times() {
    let empty = RecordBatch::of_records(vec![]);
    assert_eq!((empty.base_offset, empty.last_offset_delta), (Offset(0), 0));
    assert_eq!((empty.base_timestamp_ms, empty.max_timestamp_ms, empty.base_sequence), (-1, -1, -1));
    assert_eq!(RecordBatch::decode(&empty.encode()), Ok(empty));
}

#[test]
fn header_and_batch_say_the_same() {
    let batch = batch();
    let header = header_of(&batch);
    assert_eq!(header, batch.encoded_header());
    assert_eq!((header.last_offset(), batch.next_offset()), (Offset(11), Offset(12)));
    assert_eq!((header.last_sequence(), header.sequence_of(&batch.records[1])), (2, i32::MAX));
    assert_eq!((header.size_bytes(), header.check_crc(&batch.encode())), (Ok(batch.encoded_len()), Ok(())));
    let plain = RecordBatch { base_sequence: -1, ..batch.clone() };
    assert_eq!((plain.last_sequence(), header_of(&plain).last_sequence()), (-1, -1));
    assert_eq!(header_of(&plain).sequence_of(&batch.records[1]), -1);
    let first = RecordBatch { base_sequence: 0, ..batch.clone() };
    assert_eq!(header_of(&first).sequence_of(&batch.records[2]), 4);
}

#[test]
fn whose_clock_a_reader_is_told() {
    let created = batch();
    let mut appended = batch();
    appended.attributes = appended.attributes.with_timestamp_type(TimestampType::LogAppendTime);
    let told = |batch: &RecordBatch| {
        let second = &batch.records[1];
        (batch.timestamp_ms(second), header_of(batch).read_timestamp_ms(second.timestamp_ms))
    };
    assert_eq!([told(&created), told(&appended)], [(990, 990), (1_200, 1_200)]);
}

#[test]
fn the_delete_horizon_is_the_base_timestamp_of_a_batch_that_has_one() {
    let mut batch = batch();
    assert_eq!((batch.delete_horizon_ms(), header_of(&batch).delete_horizon_ms()), (None, None));
    batch.attributes = batch.attributes.with_delete_horizon();
    assert_eq!((batch.delete_horizon_ms(), header_of(&batch).delete_horizon_ms()), (Some(1_000), Some(1_000)));
}

#[test]
fn sequences_wrap_both_ways() {
    let after =
        [(5, 3), (i32::MAX - 1, 1), (i32::MAX, 1), (i32::MAX - 2, 5)].map(|(from, by)| sequence_after(from, by));
    assert_eq!(after, [8, i32::MAX, 0, 2]);
    let before = [(5, 3), (5, 5), (0, 1), (2, 5)].map(|(from, by)| sequence_before(from, by));
    assert_eq!(before, [2, 0, i32::MAX, i32::MAX - 2]);
}

#[test]
fn a_length_that_is_not_the_batchs_is_told() {
    let batch = batch();
    let mut bytes = batch.encode();
    bytes.extend_from_slice(&[0; 3]);
    let problem = RecordBatch::decode(&bytes).expect_err("three bytes are left over");
    assert_eq!((problem.place.at, problem.fault), (batch.encoded_len() as u64, Fault::LeftOver { bytes: 3 }));
    let length = |batch_length_bytes| BatchHeader { batch_length_bytes, ..header_of(&batch) }.size_bytes();
    let too_small = |found| Fault::TooSmall { field: FieldName::BatchLength, found, least: 49 };
    assert_eq!(length(49), Ok(61));
    for found in [48, 0, -1] {
        assert_eq!(length(found).map_err(|problem| problem.fault), Err(too_small(found.into())));
    }
}

#[test]
fn each_kind_of_control_record_is_written_and_read() {
    let kinds = [
        ControlRecord::Abort { coordinator_epoch: 5 },
        ControlRecord::Commit { coordinator_epoch: -1 },
        ControlRecord::SnapshotHeader { version: 0, last_contained_log_timestamp_ms: 77 },
        ControlRecord::SnapshotFooter { version: 0 },
        ControlRecord::KraftVersion { version: 0, kraft_version: 1 },
        ControlRecord::LeaderChange(LeaderChange {
            version: 0,
            leader_id: 3,
            voters: vec![1, 2, 3],
            granting_voters: vec![1, 3],
        }),
        ControlRecord::KraftVoters {
            version: 0,
            voters: vec![Voter {
                voter_id: 3,
                directory_id: DirectoryId([7; 16]),
                endpoints: vec![],
                min_supported_version: 0,
                max_supported_version: 1,
            }],
        },
        ControlRecord::Unknown { type_id: 9 },
    ];
    for (control, type_id) in kinds.into_iter().zip([0, 1, 3, 4, 5, 2, 6, 9]) {
        let record = control.record(Offset(3), 70);
        assert_eq!(record.key.as_deref(), Some([0, 0, 0, type_id].as_slice()));
        assert_eq!((record.offset, record.timestamp_ms), (Offset(3), 70));
        assert_eq!(ControlRecord::decode(&record), Ok(control));
    }
}

#[test]
fn a_control_record_that_can_not_be_read_is_told() {
    let fault = |key: &'static [u8], value: Option<&'static [u8]>| {
        let record = Record::new(Offset(0), 0, Some(Bytes::from_static(key)), value.map(Bytes::from_static));
        ControlRecord::decode(&record).map_err(|problem| problem.fault)
    };
    let commit = Some([0, 0, 0, 0, 0, 9].as_slice());
    assert_eq!(fault(&[0, 0, 0], commit), Err(Fault::ControlKey { found_bytes: 3 }));
    assert_eq!(fault(&[0xff, 0xff, 0, 1], commit), Err(Fault::ControlVersion { found: -1 }));
    assert_eq!(fault(&[0, 7, 0, 1], commit), Ok(ControlRecord::Commit { coordinator_epoch: 9 }));
    assert_eq!(fault(&[0, 0, 0, 1], None), Err(Fault::ControlValue));
    assert_eq!(fault(&[0, 0, 0, 1], Some(&[0xff, 0xff, 0, 0, 0, 9])), Err(Fault::ControlVersion { found: -1 }));
    assert_eq!(fault(&[0, 0, 0, 1], Some(&[0, 3, 0, 0, 0, 9])), Ok(ControlRecord::Commit { coordinator_epoch: 9 }));
    // A field that was added later is passed over, and has to be there.
    assert_eq!(fault(&[0, 0, 0, 4], Some(&[0, 0, 1, 0, 2, 8, 8])), Ok(ControlRecord::SnapshotFooter { version: 0 }));
    assert!(matches!(fault(&[0, 0, 0, 4], Some(&[0, 0, 1, 0, 2, 8])), Err(Fault::CutOff { .. })));
}

/// The places of a control record's fields lie inside its key and its value.
#[test]
fn a_markers_fields_are_named() {
    let mut marker = RecordBatch::of_records(vec![ControlRecord::Abort { coordinator_epoch: 9 }.record(Offset(0), 0)]);
    marker.attributes = Attributes::PLAIN.with_transactional().with_control();
    let inspection = fields(&marker.encode());
    assert_eq!(inspection.problems, []);
    let place = |name| inspection.fields.iter().find(|field| field.name == name).map(|field| field.range.clone());
    assert_eq!(place(FieldName::ControlType), Some(68..70));
    assert_eq!(place(FieldName::CoordinatorEpoch), Some(73..77));
    marker.records[0].value = None;
    assert_eq!(fields(&marker.encode()).problems.first().map(|problem| problem.fault), Some(Fault::ControlValue));
}

#[test]
fn what_is_told_of_the_records_of_a_batch() {
    let bytes = Bytes::from(batch().encode());
    let records = Records::new(&header_of(&batch()), &bytes).expect("records");
    assert_eq!((records.record_count(), records.is_packed(), records.unpacking_problem()), (3, false, None));
    assert_eq!(records.clone().filter_map(Result::ok).collect::<Vec<_>>(), batch().records);
    let fewer = BatchHeader { record_count: 2, ..header_of(&batch()) };
    let last = Records::new(&fewer, &bytes).expect("records").last().expect("two records");
    assert!(matches!(last.map_err(|problem| problem.fault), Err(Fault::LeftOver { .. })));
    let negative = BatchHeader { record_count: -1, ..header_of(&batch()) };
    let problem = Records::new(&negative, &bytes).expect_err("a negative count");
    assert_eq!((problem.place.at, header_of(&batch()).record_count), (57, 3));
}

#[test]
fn tombstones_have_a_key_and_no_value() {
    let is_tombstone = |key, value| record(0, 0, key, value).is_tombstone();
    assert!(is_tombstone(Some("k"), None));
    assert!(!is_tombstone(Some("k"), Some("")) && !is_tombstone(None, None) && !is_tombstone(None, Some("v")));
}

/// What is wrong with a batch of one record that has these bytes.
fn fault_of_record(record: &[u8]) -> Option<Fault> {
    let mut bytes = Vec::new();
    let length = i32::try_from(49 + record.len()).expect("small");
    let header = header_of(&RecordBatch::of_records(vec![Record::default()]));
    BatchHeader { batch_length_bytes: length, ..header }.encode(&mut bytes);
    bytes.extend_from_slice(record);
    let crc = crc32c::crc32c(&bytes[21..]);
    bytes[17..21].copy_from_slice(&crc.to_be_bytes());
    RecordBatch::decode(&bytes).err().map(|problem| problem.fault)
}

/// Length, attributes, two deltas, no key, no value, the number of headers; numbers are zigzag.
#[test]
fn a_record_that_lies_is_told() {
    use FieldName::{HeaderCount, HeaderKeyLength, RecordLength};
    let too_small = |field| Some(Fault::TooSmall { field, found: -1, least: 0 });
    assert_eq!(fault_of_record(&[12, 0, 0, 0, 1, 1, 0]), None);
    assert_eq!(fault_of_record(&[1]), too_small(RecordLength));
    assert_eq!(fault_of_record(&[12, 0, 0, 0, 1, 1, 1]), too_small(HeaderCount));
    assert_eq!(fault_of_record(&[16, 0, 0, 0, 1, 1, 2, 1, 1]), too_small(HeaderKeyLength));
    let longer = Fault::RecordLength { stated_bytes: 7, read_bytes: 6 };
    assert_eq!(fault_of_record(&[14, 0, 0, 0, 1, 1, 0, 9]), Some(longer));
    let headers = |count| fault_of_record(&[20, 0, 0, 0, 1, 1, count, 0, 1, 0, 1]);
    assert_eq!(headers(4), None);
    assert_eq!(headers(6), Some(Fault::TooLarge { field: HeaderCount, found: 3, most: 2 }));
}
