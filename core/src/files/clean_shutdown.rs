//! `.kafka_cleanshutdown`: there if the broker stopped in good order (Kafka: `CleanShutdownFileHandler`). With it, the
//! broker trusts indexes and snapshots when it starts; without it, it goes through the last segments (KIP-966).

use serde::{Deserialize, Serialize};

use super::problem::{FileFault, FileProblem, json_problem};

/// The file: JSON in one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CleanShutdown {
    /// Kafka writes 0, and does not look.
    pub version: i32,
    /// Which registration of the broker with the controller it was that stopped.
    pub broker_epoch: i64,
}

impl CleanShutdown {
    /// The file.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads a file. Names that it does not know are nobody's business.
    ///
    /// # Errors
    /// It is no JSON, or a name is missing. Kafka takes such a file for none.
    pub fn decode(file: &[u8]) -> Result<CleanShutdown, FileProblem> {
        let read: CleanShutdown = serde_json::from_slice(file).map_err(|error| json_problem(&error))?;
        match read.broker_epoch {
            ..-1 => {
                let fault = FileFault::TooSmall { found: read.broker_epoch, least: -1 };
                Err(FileProblem::in_line(1, "brokerEpoch", fault))
            }
            _ => Ok(read),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_broker_epoch_is_read_and_written() {
        let bytes = br#"{"version":0,"brokerEpoch":13}"#;
        let file = CleanShutdown::decode(bytes).unwrap();
        assert_eq!(file, CleanShutdown { version: 0, broker_epoch: 13 });
        assert_eq!(file.encode(), bytes);
    }

    #[test]
    fn what_is_no_such_json_has_its_line() {
        for (text, expected) in [
            ("", "line 1: JSON: found"),
            (r#"{"version":0}"#, "line 1: JSON: found"),
            ("{\"version\":0,\n\"brokerEpoch\":x}", "line 2: JSON: found"),
            (r#"{"version":0,"brokerEpoch":-7}"#, "line 1: brokerEpoch: found -7, expected -1 or more"),
        ] {
            let problem = CleanShutdown::decode(text.as_bytes()).unwrap_err().to_string();
            assert!(problem.starts_with(expected), "{problem}");
        }
    }
}
