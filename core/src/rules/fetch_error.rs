//! What a follower does when its fetch is answered with an error (Kafka: `AbstractFetcherThread.processFetchRequest`,
//! `onPartitionFenced`, `handleOutOfRangeError`).
//!
//! Most errors say that one of the two is behind, and that passes: the follower waits a moment and asks again. Only
//! where it is the follower itself that is behind does asking not help; it waits for metadata. The same goes for errors
//! of OffsetForLeaderEpoch.

use super::fencing::Fencing;
use super::fetch_answer::{FetchAnswer, FetchRequest};
use crate::ids::LeaderEpoch;

/// Why a fetch got nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FetchError {
    /// `OFFSET_OUT_OF_RANGE`.
    OffsetOutOfRange,
    /// `UNKNOWN_TOPIC_OR_PARTITION`.
    UnknownTopicOrPartition,
    /// `NOT_LEADER_OR_FOLLOWER`.
    NotLeaderOrFollower,
    /// `FENCED_LEADER_EPOCH`.
    FencedLeaderEpoch,
    /// `UNKNOWN_LEADER_EPOCH`.
    UnknownLeaderEpoch,
    /// The connection is gone, or the time for an answer is over.
    NoAnswer,
}

impl FetchError {
    /// The error that a leader's answer is sent as; none with records, an empty answer, or where the logs part.
    #[must_use]
    pub fn of(answer: FetchAnswer, fetch: FetchRequest) -> Option<FetchError> {
        match answer {
            FetchAnswer::Refused(Fencing::FencedLeaderEpoch) => Some(FetchError::FencedLeaderEpoch),
            FetchAnswer::Refused(Fencing::UnknownLeaderEpoch) => Some(FetchError::UnknownLeaderEpoch),
            FetchAnswer::NotAReplica if fetch.leader_epoch.is_some() => Some(FetchError::UnknownLeaderEpoch),
            FetchAnswer::NotAReplica | FetchAnswer::StaleBrokerEpoch => Some(FetchError::NotLeaderOrFollower),
            FetchAnswer::OutOfRange => Some(FetchError::OffsetOutOfRange),
            FetchAnswer::Refused(Fencing::Pass)
            | FetchAnswer::Diverging { .. }
            | FetchAnswer::NothingYet
            | FetchAnswer::Records { .. } => None,
        }
    }
}

/// What the follower does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterFetchError {
    /// It asks the leader where its log starts and ends (ListOffsets), and goes by [`super::out_of_range`].
    AskForOffsets,
    /// It fetches no more until it hears of a newer leadership.
    AwaitMetadata,
    /// It fetches again after `replica.fetch.backoff.ms`.
    BackOff,
}

/// What comes of an error, to a fetch that named the leader epoch `asked_in`, of a follower that knows of `current`
/// now? It may have heard of a newer leadership while the fetch was on its way.
#[must_use]
pub fn after_fetch_error(error: FetchError, asked_in: Option<LeaderEpoch>, current: LeaderEpoch) -> AfterFetchError {
    match error {
        FetchError::OffsetOutOfRange => AfterFetchError::AskForOffsets,
        FetchError::FencedLeaderEpoch if asked_in == Some(current) => AfterFetchError::AwaitMetadata,
        FetchError::FencedLeaderEpoch
        | FetchError::UnknownLeaderEpoch
        | FetchError::NotLeaderOrFollower
        | FetchError::UnknownTopicOrPartition
        | FetchError::NoAnswer => AfterFetchError::BackOff,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fetch_answer::Reader;
    use super::*;
    use crate::ids::Offset;

    #[test]
    fn who_is_behind_waits_for_metadata_and_others_ask_again() {
        let after = |error| after_fetch_error(error, Some(LeaderEpoch(4)), LeaderEpoch(4));
        assert_eq!(after(FetchError::FencedLeaderEpoch), AfterFetchError::AwaitMetadata);
        assert_eq!(after(FetchError::OffsetOutOfRange), AfterFetchError::AskForOffsets);
        let passing = [
            FetchError::UnknownLeaderEpoch,
            FetchError::NotLeaderOrFollower,
            FetchError::UnknownTopicOrPartition,
            FetchError::NoAnswer,
        ];
        assert_eq!(passing.map(after), [AfterFetchError::BackOff; 4]);
    }

    /// The refusal is of the fetch; the follower has heard since.
    #[test]
    fn a_refusal_of_an_earlier_epoch_is_no_reason_to_stop() {
        for asked_in in [Some(LeaderEpoch(4)), None] {
            let after = after_fetch_error(FetchError::FencedLeaderEpoch, asked_in, LeaderEpoch(5));
            assert_eq!(after, AfterFetchError::BackOff);
        }
    }

    #[test]
    fn what_each_answer_is_sent_as() {
        let reader = Reader::Follower { is_replica: false, broker_epoch: 1, alive_epoch: None };
        let fetch = |leader_epoch| FetchRequest { offset: Offset(3), leader_epoch, last_fetched: None, reader };
        let sent = |answer| FetchError::of(answer, fetch(Some(LeaderEpoch(1))));
        assert_eq!(sent(FetchAnswer::NotAReplica), Some(FetchError::UnknownLeaderEpoch));
        assert_eq!(FetchError::of(FetchAnswer::NotAReplica, fetch(None)), Some(FetchError::NotLeaderOrFollower));
        assert_eq!(sent(FetchAnswer::StaleBrokerEpoch), Some(FetchError::NotLeaderOrFollower));
        assert_eq!(sent(FetchAnswer::OutOfRange), Some(FetchError::OffsetOutOfRange));
        let refused = [Fencing::FencedLeaderEpoch, Fencing::UnknownLeaderEpoch].map(FetchAnswer::Refused).map(sent);
        assert_eq!(refused, [Some(FetchError::FencedLeaderEpoch), Some(FetchError::UnknownLeaderEpoch)]);
        let diverging = FetchAnswer::Diverging { epoch: LeaderEpoch(0), end: Offset(2) };
        assert_eq!([sent(diverging), sent(FetchAnswer::NothingYet)], [None; 2]);
    }
}
