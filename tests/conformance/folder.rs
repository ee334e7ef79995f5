//! Partition folders that a real broker left after a clean stop: of their batches alone the lab writes the same files,
//! byte for byte (Kafka: `UnifiedLog`, `LogSegment`, `ProducerStateManager`).

use std::collections::BTreeMap;
use std::path::Path;

use kafka_lab::bytes::RecordBatch;
use kafka_lab::files::PartitionMetadata;
use kafka_lab::ids::Offset;
use kafka_lab::log::{FolderSettings, Scan, SegmentConfig, partition_folder};

use crate::fixtures::{folder, sorted};

/// Cases whose batches are not packed, with the partition folder in each. Packed bytes are each library's own.
const CASES: [(&str, &str); 5] = [
    ("01-plain/create-time", "plain-0"),
    ("01-plain/log-start", "trimmed-0"),
    ("03-idempotent", "idem-0"),
    ("04-transactions", "txn-0"),
    ("04-transactions-v1", "txn1-0"),
];

type Files = BTreeMap<String, Vec<u8>>;

fn read(folder: &Path) -> Files {
    let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    sorted(folder).iter().map(|path| (name(path), std::fs::read(path).expect("a file"))).collect()
}

fn batches(files: &Files) -> Vec<RecordBatch> {
    let logs = files.iter().filter(|(name, _)| name.ends_with(".log"));
    let scans = logs.flat_map(|(_, bytes)| {
        let scan = Scan::new(bytes, 0);
        scan.clone().map(move |batch| RecordBatch::decode(scan.bytes_of(&batch.expect("a batch"))).expect("a batch"))
    });
    scans.collect()
}

#[test]
fn a_folder_is_written_as_the_broker_wrote_it() {
    for (case, partition) in CASES {
        let case_folder = folder("kafka-4.3.1").join(case);
        let expected = read(&case_folder.join(partition));
        // One case came without them; its records lie months apart, in one segment.
        let topic = std::fs::read_to_string(case_folder.join("topic.properties"))
            .unwrap_or_else(|_| format!("segment.ms={}", i64::MAX));
        let setting = |name: &str, default: i64| {
            let value = topic.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            value.map_or(default, |value| value.parse().expect("a number"))
        };
        let offsets = std::fs::read_to_string(case_folder.join("offsets.txt")).expect("the offsets");
        let log_start = offsets.lines().find_map(|line| line.strip_prefix("logStartOffset ")?.parse().ok());
        let metadata = PartitionMetadata::decode(&expected["partition.metadata"]).expect("the topic's id");
        let settings = FolderSettings {
            topic_id: metadata.topic_id,
            segment: SegmentConfig { index_interval_bytes: setting("index.interval.bytes", 4096) as u32 },
            segment_bytes: setting("internal.segment.bytes", 1 << 30) as u64,
            segment_ms: setting("segment.ms", 604_800_000),
            log_start: Offset(log_start.expect("the log start")),
        };
        let written = partition_folder(&settings, &batches(&expected)).expect("a folder");
        let written: Files = written.into_iter().map(|file| (file.name, file.bytes)).collect();
        assert_eq!(written.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{case}");
        for (name, bytes) in &expected {
            assert!(written[name] == *bytes, "{case}: {name}\n  wrote {:?}\n  found {bytes:?}", written[name]);
        }
    }
}
