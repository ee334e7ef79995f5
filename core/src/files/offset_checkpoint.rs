//! An offset for each partition of a data folder (Kafka: `OffsetCheckpointFile`). Four files have this form:
//!
//! - `replication-offset-checkpoint`: the high watermark;
//! - `recovery-point-offset-checkpoint`: below it everything is flushed;
//! - `log-start-offset-checkpoint`: where the log begins, if that is not the base of its first segment;
//! - `cleaner-offset-checkpoint`: below it everything has been through the cleaner.

use super::checkpoint::{Checkpoint, CheckpointEntry};
use crate::ids::Offset;

/// The file. Kafka writes the partitions in no order that means anything.
pub type OffsetCheckpoint = Checkpoint<PartitionOffset>;

/// A partition's offset.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PartitionOffset {
    pub topic: String,
    pub partition: i32,
    pub offset: Offset,
}

impl Checkpoint<PartitionOffset> {
    /// The offset of a partition, if the file names it.
    #[must_use]
    pub fn offset_of(&self, topic: &str, partition: i32) -> Option<Offset> {
        let entry = self.entries.iter().find(|entry| entry.topic == topic && entry.partition == partition);
        entry.map(|entry| entry.offset)
    }
}

impl CheckpointEntry for PartitionOffset {
    const EXPECTED: &'static str = "a topic, a partition and an offset";

    fn read(line: &str) -> Option<PartitionOffset> {
        let mut words = line.split(' ');
        let topic = words.next().filter(|topic| !topic.is_empty())?.to_owned();
        let (partition, offset) = (words.next()?.parse().ok()?, Offset(words.next()?.parse().ok()?));
        words.next().is_none().then_some(PartitionOffset { topic, partition, offset })
    }

    fn line(&self) -> String {
        format!("{} {} {}", self.topic, self.partition, self.offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_and_offsets_are_read_and_written() {
        let text = b"0\n2\n__consumer_offsets 49 7\nplain 0 115\n";
        let checkpoint = OffsetCheckpoint::decode(text).unwrap().unwrap();
        assert_eq!(checkpoint.offset_of("plain", 0), Some(Offset(115)));
        assert_eq!(checkpoint.offset_of("plain", 1), None);
        assert_eq!(checkpoint.encode(), text);
    }

    #[test]
    fn each_fault_has_its_line() {
        for line in ["plain 0", "plain zero 5", "plain 0 5 6", " 0 5", "plain 0 05", "plain 0 5 ", ""] {
            let problem = OffsetCheckpoint::decode(format!("0\n1\n{line}\n").as_bytes()).unwrap_err();
            let expected = format!("line 3: entry: found {line:?}, expected a topic, a partition and an offset");
            assert_eq!(problem.to_string(), expected);
        }
    }
}
