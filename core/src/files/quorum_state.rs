//! `quorum-state`: what a voter of the metadata quorum must not forget: whom it voted for, and in which epoch (Kafka:
//! `FileQuorumStateStore`, `QuorumStateData`, KIP-595, KIP-853).

use serde::{Deserialize, Serialize};

use super::problem::{FileFault, FileProblem, json_problem};

/// The file: JSON in one line. Names are Kafka's; which of them there are depends on the version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QuorumState {
    /// Version 0 only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster_id: Option<String>,
    /// −1 if it knows none.
    pub leader_id: i32,
    pub leader_epoch: i32,
    /// −1 if it gave its vote to nobody.
    pub voted_id: i32,
    /// Version 1 only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voted_directory_id: Option<String>,
    /// Version 0 only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied_offset: Option<i64>,
    /// Version 0 only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_voters: Option<Vec<QuorumVoter>>,
    /// 0, or 1 where the quorum may change (`kraft.version` 1).
    #[serde(rename = "data_version")]
    pub data_version: i16,
}

/// A voter that a state of version 0 names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QuorumVoter {
    pub voter_id: i32,
}

impl QuorumState {
    /// The file.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads a file.
    ///
    /// # Errors
    /// It is no JSON, a name is missing or not known, or the version is not known.
    pub fn decode(file: &[u8]) -> Result<QuorumState, FileProblem> {
        let read: QuorumState = serde_json::from_slice(file).map_err(|error| json_problem(&error))?;
        match read.data_version {
            0..=1 => Ok(read),
            found => {
                let fault = FileFault::Version { found: found.into(), known: "0 or 1" };
                Err(FileProblem::in_line(1, "data_version", fault))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_are_read_and_written() {
        let version_1 = r#"{"leaderId":1,"leaderEpoch":1,"votedId":-1,"votedDirectoryId":"AAAA","data_version":1}"#;
        let version_0 = |voters: &str| {
            let leader = r#""clusterId":"","leaderId":1,"leaderEpoch":2,"votedId":-1,"appliedOffset":0"#;
            format!(r#"{{{leader},"currentVoters":[{voters}],"data_version":0}}"#)
        };
        for text in [version_1, &version_0(r#"{"voterId":1}"#), &version_0("")] {
            let state = QuorumState::decode(text.as_bytes()).unwrap();
            assert_eq!(String::from_utf8(state.encode()).unwrap(), text);
        }
    }

    #[test]
    fn another_version_and_broken_json_have_their_line() {
        let problem = |text: &str| QuorumState::decode(text.as_bytes()).unwrap_err().to_string();
        let another = r#"{"leaderId":1,"leaderEpoch":1,"votedId":-1,"data_version":2}"#;
        assert_eq!(problem(another), "line 1: data_version: found 2, expected 0 or 1");
        assert!(problem("{\n").starts_with("line 2: JSON: found"), "{}", problem("{\n"));
    }
}
