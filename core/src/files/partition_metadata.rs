//! `partition.metadata`: which topic the folder belongs to (Kafka: `PartitionMetadataFile`, KIP-516). A topic that was
//! deleted and made again has the same name and another id.

use super::problem::{FileFault, FileProblem, utf8};
use super::uuid::Uuid;

/// The file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartitionMetadata {
    /// Kafka writes 0, and reads any that is not below.
    pub version: i32,
    pub topic_id: Uuid,
}

impl PartitionMetadata {
    /// What Kafka writes for a topic.
    #[must_use]
    pub fn new(topic_id: Uuid) -> PartitionMetadata {
        PartitionMetadata { version: 0, topic_id }
    }

    /// The file: two lines, no end behind the second.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        format!("version: {}\ntopic_id: {}", self.version, self.topic_id).into_bytes()
    }

    /// Reads a file.
    ///
    /// # Errors
    /// A line is not spelt as Kafka spells it, the version is negative, the id is no id or that of no topic.
    pub fn decode(file: &[u8]) -> Result<PartitionMetadata, FileProblem> {
        let text = utf8(file)?;
        let (first, second) = match text.split_once('\n') {
            Some((first, second)) => (first, Some(second)),
            None => (text, None),
        };
        let version = first.strip_prefix("version: ").and_then(|version| version.parse().ok());
        let Some(version) = version.filter(|version: &i32| format!("version: {version}") == first) else {
            return Err(FileProblem::text(1, "version", Some(first), "version: 0"));
        };
        if version < 0 {
            let fault = FileFault::Version { found: version.into(), known: "0 or more" };
            return Err(FileProblem::in_line(1, "version", fault));
        }
        let topic_id = second.and_then(|second| second.strip_prefix("topic_id: ")).and_then(Uuid::read);
        match topic_id.filter(|topic_id| *topic_id != Uuid::ZERO) {
            Some(topic_id) => Ok(PartitionMetadata { version, topic_id }),
            None => Err(FileProblem::text(2, "topic id", second, "topic_id: and the id of a topic")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_id_is_read_and_written() {
        let bytes = b"version: 0\ntopic_id: MOHBZky7Rx2QC46VaNtpgQ";
        let metadata = PartitionMetadata::decode(bytes).unwrap();
        assert_eq!(metadata, PartitionMetadata::new(Uuid::read("MOHBZky7Rx2QC46VaNtpgQ").unwrap()));
        assert_eq!(metadata.encode(), bytes);
    }

    #[test]
    fn each_fault_has_its_line() {
        for (text, expected) in [
            ("", r#"line 1: version: found "", expected version: 0"#),
            ("version: -1\ntopic_id: A", "line 1: version: found -1, expected 0 or more"),
            ("version: 0", "line 2: topic id: found nothing, expected topic_id: and the id of a topic"),
            (
                "version: 0\ntopic_id: A",
                r#"line 2: topic id: found "topic_id: A", expected topic_id: and the id of a topic"#,
            ),
        ] {
            assert_eq!(PartitionMetadata::decode(text.as_bytes()).unwrap_err().to_string(), expected);
        }
        assert!(PartitionMetadata::decode(b"version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAA").is_err(), "no topic's id");
    }
}
