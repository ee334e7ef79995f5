//! Records of internal topics, decoded and written again by the same tables: a field that was misread, left out or
//! taken for another would change the bytes.

use std::collections::BTreeMap;

use expect_test::expect_file;
use kafka_lab::bytes::{Bytes, RecordBatch};
use kafka_lab::log::Scan;
use kafka_lab::records::{Decoded, InternalTopic, decode};

use crate::fixtures::cases;

/// Every record of an internal topic that is no control record: its topic, key and value.
fn for_each(mut look: impl FnMut(InternalTopic, Option<&Bytes>, Option<&Bytes>)) {
    for path in cases().iter().flat_map(|case| &case.logs) {
        let folder = path.parent().and_then(|folder| folder.file_name()).expect("a folder").to_string_lossy();
        let Some(topic) = InternalTopic::of_folder(&folder) else { continue };
        let file = std::fs::read(path).expect("a log");
        let scan = Scan::new(&file, 0);
        for place in scan.clone().map_while(Result::ok) {
            let batch = RecordBatch::decode(scan.bytes_of(&place)).expect("a batch");
            let records = batch.records.iter().filter(|_| !batch.attributes.is_control());
            records.for_each(|record| look(topic, record.key.as_ref(), record.value.as_ref()));
        }
    }
}

#[test]
fn every_record_has_the_same_bytes_when_it_is_written_again() {
    let mut counts = BTreeMap::new();
    for_each(|topic, key, value| {
        let decoded = decode(topic, key, value);
        assert_eq!(decoded.problem(), None, "{decoded}");
        assert_eq!(decoded.encode_key().as_deref(), key.map(|key| &**key), "{decoded}");
        assert_eq!(decoded.encode_value().as_deref(), value.map(|value| &**value), "{decoded}");
        *counts.entry(topic).or_insert(0) += 1;
    });
    let counts: Vec<_> = counts.into_iter().collect();
    assert_eq!(
        counts,
        [
            (InternalTopic::ConsumerOffsets, 42),
            (InternalTopic::TransactionState, 88),
            (InternalTopic::ClusterMetadata, 748)
        ]
    );
}

/// The first of each type: `records.txt`.
#[test]
fn a_record_is_told_in_one_line() {
    let mut first: BTreeMap<(InternalTopic, &str), Decoded> = BTreeMap::new();
    for_each(|topic, key, value| {
        let decoded = decode(topic, key, value);
        first.entry((topic, decoded.record.expect("a known type").name)).or_insert(decoded);
    });
    let lines: String = first.values().map(|decoded| format!("{decoded}\n")).collect();
    expect_file!["records.txt"].assert_eq(&lines);
}
