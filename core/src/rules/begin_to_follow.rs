//! What a replica does first when it has a leader of a new epoch (Kafka: `AbstractFetcherThread.addPartitions`,
//! `partitionFetchState`).
//!
//! Its log may end with records that the leader does not have. Whether it looks for them at once, or the first fetch
//! finds them, depends on the version of the protocol.

use super::truncation_rule::TruncationRule;
use crate::ids::LeaderEpoch;

/// The first step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BeginToFollow {
    /// It cuts its log at its own high watermark, and fetches from there.
    CutToHighWatermark,
    /// It asks the leader where this epoch, the last of its own log, ends (OffsetForLeaderEpoch); until then it does
    /// not fetch.
    AskForEndOf(LeaderEpoch),
    /// It fetches from its log end and names this epoch: the leader answers with records, or says where the logs part.
    FetchNaming(LeaderEpoch),
}

/// How does a replica begin whose log ends with an epoch, or knows of none yet?
#[must_use]
pub fn begin_to_follow(rule: TruncationRule, latest_epoch: Option<LeaderEpoch>) -> BeginToFollow {
    match (rule, latest_epoch) {
        (TruncationRule::ToHighWatermark, _) | (_, None) => BeginToFollow::CutToHighWatermark,
        (TruncationRule::Kip101 | TruncationRule::Kip279, Some(latest)) => BeginToFollow::AskForEndOf(latest),
        (TruncationRule::Kip320, Some(latest)) => BeginToFollow::FetchNaming(latest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_knows_of_no_epoch_can_only_go_by_its_mark() {
        let begin =
            |latest: Option<i32>| TruncationRule::ALL.map(|rule| begin_to_follow(rule, latest.map(LeaderEpoch)));
        assert_eq!(begin(None), [BeginToFollow::CutToHighWatermark; 4]);
        let asks = BeginToFollow::AskForEndOf(LeaderEpoch(3));
        let fetches = BeginToFollow::FetchNaming(LeaderEpoch(3));
        assert_eq!(begin(Some(3)), [BeginToFollow::CutToHighWatermark, asks, asks, fetches]);
    }
}
