//! What travels between the ends. Field names are those of Kafka's protocol.

use super::batch::StoredBatch;
use super::metadata::MetadataRecord;
use crate::command::{Acks, Link};
use crate::ids::{BrokerId, ControllerId, LeaderEpoch, MessageId, Offset};
use crate::rules::alter_partition::Proposal;
use crate::rules::alter_partition_check::AlterCheck;
use crate::rules::offset_for_leader_epoch::LeaderAnswer;
use crate::rules::quorum_fetch::{QuorumFetch, QuorumFetchCheck};
use crate::rules::quorum_voting::QuorumMessage;
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
        /// How long the leader may keep it waiting: the producer's `request.timeout.ms`.
        timeout_ms: u32,
    },
    ProduceResponse {
        request: MessageId,
        answer: Result<Offset, ErrorCode>,
    },
    /// From a follower: "I hold everything below `offset`". From a consumer: its position.
    Fetch {
        offset: Offset,
        /// The leadership that the sender knows of; none if it does not say (KIP-320).
        leader_epoch: Option<LeaderEpoch>,
        /// The epoch of the sender's last record; none if it does not say.
        last_fetched: Option<LeaderEpoch>,
        /// A follower's broker epoch (KIP-903); −1 from a consumer.
        broker_epoch: i64,
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
    /// Where did this epoch end in the leader's log? (OffsetsForLeaderEpoch, KIP-101)
    OffsetForLeaderEpoch {
        leader_epoch: Option<LeaderEpoch>,
        asked: LeaderEpoch,
    },
    OffsetForLeaderEpochResponse {
        request: MessageId,
        answer: Result<LeaderAnswer, ErrorCode>,
    },
    /// A client asks who leads.
    Metadata,
    MetadataResponse {
        request: MessageId,
        leader: Option<BrokerId>,
        leader_epoch: LeaderEpoch,
    },
    /// A broker's start wants to be registered (KIP-631).
    BrokerRegistration {
        start: u32,
        /// The process before it stopped cleanly.
        clean: bool,
    },
    BrokerRegistrationResponse {
        request: MessageId,
        answer: Result<i64, ControllerError>,
    },
    BrokerHeartbeat {
        broker_epoch: i64,
        /// It has replayed the metadata below this.
        metadata_end: Offset,
        wants_to_stop: bool,
    },
    BrokerHeartbeatResponse {
        request: MessageId,
        answer: Result<HeartbeatAnswer, ControllerError>,
    },
    /// A broker fetches the metadata log.
    FetchMetadata {
        offset: Offset,
    },
    FetchMetadataResponse {
        request: MessageId,
        answer: Result<MetadataFetched, ControllerError>,
    },
    /// A leader asks for another ISR (KIP-497).
    AlterPartition {
        proposal: Proposal,
        /// Which start of each member is meant (KIP-903).
        broker_epochs: Vec<(BrokerId, i64)>,
        recovering: bool,
    },
    AlterPartitionResponse {
        request: MessageId,
        proposal: Proposal,
        answer: AlterCheck,
    },
    /// About votes and epochs, between controllers.
    Quorum(Arc<QuorumMessage>),
    /// A controller fetches the metadata log of the one that leads.
    FetchQuorum(QuorumFetch),
    FetchQuorumResponse {
        request: MessageId,
        answer: Result<QuorumFetched, QuorumRefusal>,
    },
}

/// The metadata log from an offset on, committed or not, for a controller that follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuorumFetched {
    /// The epoch of the leader that sends it.
    pub epoch: LeaderEpoch,
    /// The offset of the first.
    pub from: Offset,
    /// Each with the epoch that wrote it.
    pub records: Vec<(i32, Arc<MetadataRecord>)>,
    /// Everything below this is committed.
    pub committed: Offset,
}

/// A controller's refusal of another one's fetch, with what it knows of epoch and leader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuorumRefusal {
    pub check: QuorumFetchCheck,
    pub epoch: LeaderEpoch,
    pub leader: Option<ControllerId>,
}

/// What a broker hears back on a heartbeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeartbeatAnswer {
    pub fenced: bool,
    pub may_stop: bool,
}

/// Committed metadata records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetadataFetched {
    /// The offset of the first.
    pub from: Offset,
    pub records: Vec<Arc<MetadataRecord>>,
    /// Everything below this was committed when it was sent.
    pub committed: Offset,
}

/// A controller's refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ControllerError {
    /// `NOT_CONTROLLER`: this one does not lead the quorum; perhaps that one does.
    NotController(Option<ControllerId>),
    /// `DUPLICATE_BROKER_REGISTRATION`: the broker's former start still counts as alive.
    DuplicateBrokerRegistration,
    /// `STALE_BROKER_EPOCH`: another start of the broker has registered since.
    StaleBrokerEpoch,
}

/// The good answer to a fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Whole batches; the first may begin below the offset that was asked for.
    pub batches: Vec<Arc<StoredBatch>>,
    /// As it stood before the fetch was counted.
    pub high_watermark: Offset,
    pub log_start: Offset,
    /// The logs part: of this epoch, or an older one, the leader has records up to there only. No batches come then.
    pub diverging: Option<(LeaderEpoch, Offset)>,
}

/// Kafka's error codes, those that this world can answer (`Errors.java`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorCode {
    OffsetOutOfRange,
    NotLeaderOrFollower,
    RequestTimedOut,
    NotEnoughReplicas,
    NotEnoughReplicasAfterAppend,
    FencedLeaderEpoch,
    UnknownLeaderEpoch,
    /// The connection broke.
    NetworkException,
}

impl ErrorCode {
    /// The number on the wire.
    #[must_use]
    pub fn code(self) -> i16 {
        match self {
            ErrorCode::OffsetOutOfRange => 1,
            ErrorCode::NotLeaderOrFollower => 6,
            ErrorCode::RequestTimedOut => 7,
            ErrorCode::NotEnoughReplicas => 19,
            ErrorCode::NotEnoughReplicasAfterAppend => 20,
            ErrorCode::FencedLeaderEpoch => 74,
            ErrorCode::UnknownLeaderEpoch => 75,
            ErrorCode::NetworkException => 13,
        }
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ErrorCode::OffsetOutOfRange => "OFFSET_OUT_OF_RANGE",
            ErrorCode::NotLeaderOrFollower => "NOT_LEADER_OR_FOLLOWER",
            ErrorCode::RequestTimedOut => "REQUEST_TIMED_OUT",
            ErrorCode::NotEnoughReplicas => "NOT_ENOUGH_REPLICAS",
            ErrorCode::NotEnoughReplicasAfterAppend => "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
            ErrorCode::FencedLeaderEpoch => "FENCED_LEADER_EPOCH",
            ErrorCode::UnknownLeaderEpoch => "UNKNOWN_LEADER_EPOCH",
            ErrorCode::NetworkException => "NETWORK_EXCEPTION",
        }
    }
}
