//! The files beside a log: read and written again, each that Kafka wrote has the same bytes.

use std::path::{Path, PathBuf};

use kafka_lab::files::{
    CleanShutdown, FileProblem, LeaderEpochCheckpoint, MetaProperties, OffsetCheckpoint, OffsetIndexFile,
    PartitionMetadata, ProducerSnapshot, Properties, QuorumState, TimeIndexFile, TransactionIndex,
};
use kafka_lab::ids::Offset;

use crate::fixtures::{folder, sorted};

/// A file read and written again, in the words of its format.
fn rewritten(kind: &str, base_offset: Offset, bytes: &[u8]) -> Result<Vec<u8>, FileProblem> {
    Ok(match kind {
        "index" => {
            let file = OffsetIndexFile::decode(base_offset, bytes)?;
            assert_eq!(file.end_bytes() + file.room_bytes, bytes.len());
            file.check()?;
            file.encode()
        }
        "timeindex" => {
            let file = TimeIndexFile::decode(base_offset, bytes)?;
            assert_eq!(file.end_bytes() + file.room_bytes, bytes.len());
            file.check()?;
            file.encode()
        }
        "txnindex" => TransactionIndex::decode(bytes)?.encode(),
        "snapshot" => ProducerSnapshot::decode(bytes)?.encode(),
        "leader-epoch-checkpoint" => LeaderEpochCheckpoint::decode(bytes)?.map_or(Vec::new(), |file| file.encode()),
        "replication-offset-checkpoint"
        | "recovery-point-offset-checkpoint"
        | "log-start-offset-checkpoint"
        | "cleaner-offset-checkpoint" => OffsetCheckpoint::decode(bytes)?.map_or(Vec::new(), |file| file.encode()),
        "partition.metadata" => PartitionMetadata::decode(bytes)?.encode(),
        "meta.properties" => {
            let properties = Properties::decode(bytes)?;
            MetaProperties::of(&properties)?;
            properties.encode()
        }
        "properties" => Properties::decode(bytes)?.encode(),
        "quorum-state" => QuorumState::decode(bytes)?.encode(),
        "dotkafka_cleanshutdown" => CleanShutdown::decode(bytes)?.encode(),
        other => panic!("no format {other}"),
    })
}

/// The format, by the whole name or by what is behind the last dot; and the base offset, of those that have one.
fn kind_of(path: &Path) -> Option<(String, Offset)> {
    const NAMES: [&str; 9] = [
        "leader-epoch-checkpoint",
        "replication-offset-checkpoint",
        "recovery-point-offset-checkpoint",
        "log-start-offset-checkpoint",
        "cleaner-offset-checkpoint",
        "partition.metadata",
        "meta.properties",
        "quorum-state",
        "dotkafka_cleanshutdown",
    ];
    const SUFFIXES: [&str; 5] = ["index", "timeindex", "txnindex", "snapshot", "properties"];
    let name = path.file_name()?.to_str()?;
    if NAMES.contains(&name) {
        return Some((name.to_owned(), Offset::ZERO));
    }
    let (stem, suffix) = name.rsplit_once('.')?;
    SUFFIXES.contains(&suffix).then(|| (suffix.to_owned(), Offset(stem.parse().unwrap_or(0))))
}

fn all_files(folder: &Path, into: &mut Vec<PathBuf>) {
    for path in sorted(folder) {
        if path.is_dir() { all_files(&path, into) } else { into.push(path) }
    }
}

#[test]
fn every_file_of_the_fixtures_is_written_back_as_it_was() {
    let root = folder("kafka-4.3.1");
    let mut paths = Vec::new();
    all_files(&root, &mut paths);
    let mut problems = Vec::new();
    let mut counts = std::collections::BTreeMap::new();
    for path in paths {
        let Some((kind, base_offset)) = kind_of(&path) else { continue };
        let bytes = std::fs::read(&path).expect("a file");
        let name = path.strip_prefix(&root).expect("a fixture").display().to_string();
        match rewritten(&kind, base_offset, &bytes) {
            Ok(written) => assert_eq!(written, bytes, "{name}"),
            Err(problem) => problems.push(format!("{name}: {problem}")),
        }
        *counts.entry(kind).or_insert(0) += 1;
    }
    // What was broken on purpose. A wrong order is in no file that a broker wrote, and is told by `check`.
    let index = |case: &str, suffix: &str| format!("09-corrupted/{case}/00000000000000000073.{suffix}");
    let expected = [
        (index("index-offset-not-monotonic", "index"), "byte 8: offset: found 75, expected more than 87"),
        (index("index-position-wrong", "index"), "byte 12: position: found 3, expected more than 665"),
        (
            index("index-size-not-multiple-of-8", "index"),
            "byte 24: after the last entry: found 5 bytes, expected the end of the file",
        ),
        (
            index("index-zero-offset-entry", "index"),
            "byte 14: after the last entry: found 08, expected zeros to the end of the file",
        ),
        (
            "09-corrupted/recovery/badindex/before/badindex-0/00000000000000000000.index".to_owned(),
            "byte 14: after the last entry: found 01, expected zeros to the end of the file",
        ),
        (
            index("timeindex-not-monotonic", "timeindex"),
            "byte 12: timestamp: found 5, expected more than 1767227004020",
        ),
    ];
    assert_eq!(problems, expected.map(|(name, problem)| format!("{name}: {problem}")));
    let found: Vec<(&str, i32)> = counts.iter().map(|(kind, count)| (kind.as_str(), *count)).collect();
    let expected = [
        ("cleaner-offset-checkpoint", 12),
        ("dotkafka_cleanshutdown", 1),
        ("index", 143),
        ("leader-epoch-checkpoint", 87),
        ("log-start-offset-checkpoint", 48),
        ("meta.properties", 1),
        ("partition.metadata", 87),
        ("properties", 16),
        ("quorum-state", 2),
        ("recovery-point-offset-checkpoint", 48),
        ("replication-offset-checkpoint", 48),
        ("snapshot", 112),
        ("timeindex", 143),
        ("txnindex", 10),
    ];
    assert_eq!(found, expected);
}

/// Every bit of a snapshot is answered for by its version, its CRC or its length.
#[test]
fn a_flipped_bit_in_a_snapshot_is_a_problem() {
    let path = folder("kafka-4.3.1/04-transactions/txn-0/00000000000000000038.snapshot");
    let bytes = std::fs::read(path).expect("a snapshot");
    for at in 0..bytes.len() * 8 {
        let mut broken = bytes.clone();
        broken[at / 8] ^= 1 << (at % 8);
        assert!(ProducerSnapshot::decode(&broken).is_err(), "bit {at}");
    }
    for len in 0..bytes.len() {
        assert!(ProducerSnapshot::decode(&bytes[..len]).is_err(), "{len} bytes");
    }
}
