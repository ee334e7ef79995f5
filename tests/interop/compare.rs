//! What a broker built anew after a crash, held against what the lab wrote.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use kafka_lab::files::{LeaderEpochCheckpoint, ProducerSnapshot};

use crate::{Outcome, topics};

type Files = BTreeMap<String, Vec<u8>>;

pub(crate) fn compare(written: &Path, rebuilt: &Path) -> Outcome<String> {
    let mut files = 0;
    for topic in topics::all(0) {
        let folder = format!("{}-0", topic.name);
        let (written, rebuilt) = (read(&written.join(&folder))?, read(&rebuilt.join(&folder))?);
        if !written.keys().eq(rebuilt.keys()) {
            let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>().join(" ");
            return Err(format!("{folder}: wrote {}\n  found {}", names(&written), names(&rebuilt)).into());
        }
        for ((name, ours), theirs) in written.iter().zip(rebuilt.values()) {
            if !are_equal(name, ours, theirs)? {
                return Err(format!("{folder}/{name}: wrote {ours:02x?}\n  found {theirs:02x?}").into());
            }
            files += 1;
        }
    }
    Ok(format!("{files} files are equal"))
}

fn read(folder: &Path) -> Outcome<Files> {
    let mut files = Files::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        files.insert(entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path())?);
    }
    Ok(files)
}

/// Byte for byte, but for what has no order, and for the epoch that the broker leads in now.
fn are_equal(name: &str, ours: &[u8], theirs: &[u8]) -> Outcome<bool> {
    if name.ends_with(".snapshot") {
        return Ok(producers(ours)? == producers(theirs)?);
    }
    if name == "leader-epoch-checkpoint" {
        let (ours, theirs) = (epochs(ours)?, epochs(theirs)?);
        return Ok(theirs.starts_with(&ours) && theirs.len() <= ours.len() + 1);
    }
    Ok(ours == theirs)
}

/// Kafka writes the producers in no order that means anything.
fn producers(file: &[u8]) -> Outcome<Vec<kafka_lab::files::SnapshotEntry>> {
    let mut entries = ProducerSnapshot::decode(file).map_err(|problem| problem.to_string())?.entries;
    entries.sort_by_key(|entry| entry.producer);
    Ok(entries)
}

fn epochs(file: &[u8]) -> Outcome<Vec<kafka_lab::rules::epoch_cache::EpochEntry>> {
    let checkpoint = LeaderEpochCheckpoint::decode(file).map_err(|problem| problem.to_string())?;
    Ok(checkpoint.map(|checkpoint| checkpoint.entries).unwrap_or_default())
}
