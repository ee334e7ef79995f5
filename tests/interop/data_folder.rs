//! Writes the topics into a broker's data folder: each partition's folder, the checkpoints, and the files that name the
//! broker, all through the lab's encoders. The metadata log and the internal topics stay the broker's.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use kafka_lab::files::{CleanShutdown, MetaProperties, OffsetCheckpoint, PartitionOffset, Properties, Uuid};
use kafka_lab::ids::Offset;
use kafka_lab::log::partition_folder;

use crate::Outcome;
use crate::lines;
use crate::topics::{self, Topic};

pub(crate) fn write(data: &Path, ids: &Path, expected: &Path, now_ms: i64) -> Outcome<String> {
    let ids = read_ids(ids)?;
    fs::create_dir_all(expected)?;
    let topics = topics::all(now_ms);
    let (mut files, mut batches, mut records) = (0, 0, 0);
    for topic in &topics {
        let id = *ids.get(topic.name).ok_or_else(|| format!("{} has no id", topic.name))?;
        files += write_partition(&data.join(format!("{}-0", topic.name)), topic, id)?;
        batches += topic.story.batches.len();
        let (uncommitted, committed) =
            (topic.story.uncommitted(topic.log_start), topic.story.committed(topic.log_start));
        records += uncommitted.len();
        fs::write(expected.join(format!("{}.read_uncommitted.jsonl", topic.name)), lines::text(uncommitted))?;
        fs::write(expected.join(format!("{}.read_committed.jsonl", topic.name)), lines::text(committed))?;
    }
    let log_end = |topic: &Topic| Some(topic.story.log_end());
    checkpoint(&data.join("replication-offset-checkpoint"), &topics, log_end)?;
    checkpoint(&data.join("recovery-point-offset-checkpoint"), &topics, log_end)?;
    let log_start = |topic: &Topic| Some(topic.log_start).filter(|start| *start > Offset::ZERO);
    checkpoint(&data.join("log-start-offset-checkpoint"), &topics, log_start)?;
    name_the_broker(data)?;
    Ok(format!("{} partition folders: {files} files, {batches} batches, {records} records to read", topics.len()))
}

fn read_ids(file: &Path) -> Outcome<BTreeMap<String, Uuid>> {
    let mut ids = BTreeMap::new();
    for line in fs::read_to_string(file)?.lines() {
        let id = line.split_once(' ').and_then(|(name, id)| Some((name.to_owned(), Uuid::read(id)?)));
        let (name, id) = id.ok_or_else(|| format!("no topic and id: {line}"))?;
        ids.insert(name, id);
    }
    Ok(ids)
}

/// Takes what the broker made of the empty partition away. Says how many files there are now.
fn write_partition(folder: &Path, topic: &Topic, id: Uuid) -> Outcome<usize> {
    for entry in fs::read_dir(folder)? {
        fs::remove_file(entry?.path())?;
    }
    let files = partition_folder(&topic.folder_settings(id), &topic.story.batches);
    let files = files.map_err(|fault| format!("{}: {fault:?}", topic.name))?;
    for file in &files {
        fs::write(folder.join(&file.name), &file.bytes)?;
    }
    Ok(files.len())
}

/// Puts the topics' offsets in the place of those that stand there; other partitions keep theirs.
fn checkpoint(file: &Path, topics: &[Topic], offset_of: impl Fn(&Topic) -> Option<Offset>) -> Outcome<()> {
    let found = OffsetCheckpoint::decode(&fs::read(file)?).map_err(|problem| problem.to_string())?;
    let mut entries = found.map(|found| found.entries).unwrap_or_default();
    entries.retain(|entry| topics.iter().all(|topic| topic.name != entry.topic));
    for topic in topics {
        let entry = |offset| PartitionOffset { topic: topic.name.to_owned(), partition: 0, offset };
        entries.extend(offset_of(topic).map(entry));
    }
    Ok(fs::write(file, OffsetCheckpoint { entries }.encode())?)
}

/// Writes the broker's own two files anew, from what they say.
fn name_the_broker(data: &Path) -> Outcome<()> {
    let file = data.join("meta.properties");
    let properties = Properties::decode(&fs::read(&file)?).map_err(|problem| problem.to_string())?;
    MetaProperties::of(&properties).map_err(|problem| problem.to_string())?;
    let mut written = Properties::default();
    written.push_comment("written by the lab");
    properties.iter().for_each(|(key, value)| written.push(key, value));
    fs::write(&file, written.encode())?;
    let file = data.join(".kafka_cleanshutdown");
    let clean = CleanShutdown::decode(&fs::read(&file)?).map_err(|problem| problem.to_string())?;
    Ok(fs::write(&file, clean.encode())?)
}
