//! What travels between the ends. Field names are those of Kafka's protocol.

use super::batch::StoredBatch;
use crate::command::{Acks, Link};
use crate::ids::{LeaderEpoch, MessageId, Offset};
use std::sync::Arc;

/// A request or an answer, immutable from the moment it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub id: MessageId,
    pub body: Body,
    /// Brings nothing new: a fetch that repeats the last one, an answer without records or news.
    pub routine: bool,
}

impl Message {
    #[must_use]
    pub fn link(&self) -> Link {
        Link { from: self.id.from, to: self.id.to }
    }
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// The producer's batch, its offsets still 0.
    Produce {
        batch: Arc<StoredBatch>,
        acks: Acks,
    },
    ProduceResponse {
        request: MessageId,
        answer: Result<Offset, ErrorCode>,
    },
    /// From a follower: "I hold everything below `offset`". From a consumer: its position.
    Fetch {
        offset: Offset,
        leader_epoch: LeaderEpoch,
        most_records: u32,
    },
    FetchResponse {
        request: MessageId,
        answer: Result<Fetched, ErrorCode>,
    },
    OffsetCommit {
        offset: Offset,
    },
    OffsetCommitResponse {
        request: MessageId,
        offset: Offset,
    },
}

/// The good answer to a fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Whole batches; the first may begin below the offset that was asked for.
    pub batches: Vec<Arc<StoredBatch>>,
    /// As it stood before the fetch was counted.
    pub high_watermark: Offset,
    pub log_start: Offset,
}

/// Kafka's error codes, those that this world can answer (`Errors.java`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorCode {
    OffsetOutOfRange,
    NotLeaderOrFollower,
    RequestTimedOut,
}

impl ErrorCode {
    /// The number on the wire.
    #[must_use]
    pub fn code(self) -> i16 {
        match self {
            ErrorCode::OffsetOutOfRange => 1,
            ErrorCode::NotLeaderOrFollower => 6,
            ErrorCode::RequestTimedOut => 7,
        }
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ErrorCode::OffsetOutOfRange => "OFFSET_OUT_OF_RANGE",
            ErrorCode::NotLeaderOrFollower => "NOT_LEADER_OR_FOLLOWER",
            ErrorCode::RequestTimedOut => "REQUEST_TIMED_OUT",
        }
    }
}
