//! Decoded and encoded again, every uncompressed batch that Kafka wrote has the same bytes, and the byte inspector's
//! table accounts for each of them.

use kafka_lab::bytes::{Compression, RecordBatch, Records, fields};
use kafka_lab::log::Scan;

use crate::fixtures::cases;

#[test]
fn every_batch_of_the_fixtures() {
    let (mut uncompressed, mut compressed) = (0, 0);
    for case in cases().iter().filter(|case| !case.name.starts_with("09-corrupted")) {
        for path in &case.logs {
            let file = std::fs::read(path).expect("a log");
            let scan = Scan::new(&file, 0);
            for batch in scan.clone() {
                let place = batch.unwrap_or_else(|problem| panic!("{}: {problem}", path.display()));
                let bytes = scan.bytes_of(&place);
                let batch = RecordBatch::decode(bytes).unwrap_or_else(|problem| panic!("{}: {problem}", case.name));
                if batch.attributes.compression() == Ok(Compression::None) {
                    assert_eq!(batch.encode(), bytes, "{} at {}", path.display(), place.position);
                    assert_eq!(batch.encoded_len(), bytes.len());
                    assert_eq!(batch.encoded_header(), place.header);
                    uncompressed += 1;
                } else {
                    let plain = RecordBatch::decode(&batch.encode()).expect("the batch without compression");
                    assert_eq!(plain.records, batch.records);
                    compressed += 1;
                }
                assert_fields_cover(bytes);
            }
        }
    }
    assert!(uncompressed >= 300 && compressed >= 25, "{uncompressed} and {compressed} batches");
}

/// Fields follow each other without a gap, but for control records: those are told as a whole and then in parts.
fn assert_fields_cover(bytes: &[u8]) {
    let inspection = fields(bytes);
    assert_eq!(inspection.problems, []);
    for in_unpacked in [false, true] {
        let mut at = 0;
        for field in inspection.fields.iter().filter(|field| field.in_unpacked == in_unpacked) {
            assert!(field.range.start <= at, "a gap before {} at {}", field.name, field.range.start);
            assert_eq!(field.raw.len(), field.range.len());
            at = at.max(field.range.end);
        }
        if !in_unpacked {
            assert_eq!(at, bytes.len(), "the last byte");
        }
    }
}

#[test]
fn records_can_be_read_one_by_one() {
    for case in cases().iter().filter(|case| case.name.starts_with("02-compressed")) {
        for path in &case.logs {
            let file = std::fs::read(path).expect("a log");
            let scan = Scan::new(&file, 0);
            for place in scan.clone().map_while(Result::ok) {
                let bytes = kafka_lab::bytes::Bytes::copy_from_slice(scan.bytes_of(&place));
                let records = Records::new(&place.header, &bytes).expect("records");
                let records: Result<Vec<_>, _> = records.collect();
                assert_eq!(records.map(|records| records.len()), Ok(place.header.record_count.unsigned_abs() as usize));
            }
        }
    }
}
