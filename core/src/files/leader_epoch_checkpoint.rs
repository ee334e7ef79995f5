//! `leader-epoch-checkpoint`: where each leader epoch begins in a partition (Kafka: `LeaderEpochCheckpointFile`,
//! KIP-101).

use super::checkpoint::{Checkpoint, CheckpointEntry};
use crate::ids::{LeaderEpoch, Offset};
use crate::rules::epoch_cache::EpochEntry;

/// The file: oldest epoch first.
pub type LeaderEpochCheckpoint = Checkpoint<EpochEntry>;

impl CheckpointEntry for EpochEntry {
    const EXPECTED: &'static str = "an epoch and its start offset";

    fn read(line: &str) -> Option<EpochEntry> {
        let (epoch, start) = line.split_once(' ')?;
        Some(EpochEntry { epoch: LeaderEpoch(epoch.parse().ok()?), start: Offset(start.parse().ok()?) })
    }

    fn line(&self) -> String {
        format!("{} {}", self.epoch, self.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wir_16_is_a_checkpoint() {
        let entry = |epoch, start| EpochEntry { epoch: LeaderEpoch(epoch), start: Offset(start) };
        let checkpoint = Checkpoint { entries: vec![entry(0, 0), entry(3, 120), entry(4, 155)] };
        let text = b"0\n3\n0 0\n3 120\n4 155\n";
        assert_eq!(LeaderEpochCheckpoint::decode(text), Ok(Some(checkpoint.clone())));
        assert_eq!(checkpoint.encode(), text);
        assert_eq!(LeaderEpochCheckpoint::decode(b""), Ok(None));
    }

    #[test]
    fn each_fault_has_its_line() {
        for (text, expected) in [
            ("1\n0\n", "line 1: version: found 1, expected 0"),
            ("\n0\n", r#"line 1: version: found "", expected 0"#),
            ("0\n", "line 2: count: found nothing, expected how many entries follow"),
            ("0\n-1\n", r#"line 2: count: found "-1", expected how many entries follow"#),
            ("0\n2\n0 0\n", "line 4: count: found 1 entries, expected 2 entries, as line 2 says"),
            ("0\n1\n0 0\n1 5\n2 9\n", "line 4: count: found 3 entries, expected 1 entries, as line 2 says"),
            ("0\n1\n0  0\n", r#"line 3: entry: found "0  0", expected an epoch and its start offset"#),
            ("0\n1\n0 x\n", r#"line 3: entry: found "0 x", expected an epoch and its start offset"#),
            ("0\n1\n0 0 0\n", r#"line 3: entry: found "0 0 0", expected an epoch and its start offset"#),
            ("0\n1\n0 0", r#"line 3: line: found "0 0", expected an end of the line"#),
        ] {
            let problem = LeaderEpochCheckpoint::decode(text.as_bytes()).unwrap_err();
            assert_eq!(problem.to_string(), expected);
        }
        let problem = LeaderEpochCheckpoint::decode(b"0\n1\n\xff").unwrap_err();
        assert_eq!(problem.to_string(), "line 3: text: found bytes that are no UTF-8, expected text in UTF-8");
    }
}
