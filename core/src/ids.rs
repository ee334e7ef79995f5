//! The names of things. Each number that means something is a type of its own.
//!
//! Everything that can be pointed at keeps its name across forks of a run: a message is named by
//! who sends what to whom and the how-many-eth of its kind it is, never by a counter of the whole world.

mod broker_set;

use std::fmt;

pub use broker_set::BrokerSet;

/// A place in a partition's log. Log ends and high watermarks are exclusive: the first offset *not* included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Offset(pub i64);

impl Offset {
    pub const ZERO: Offset = Offset(0);

    /// The offset `n` places further on.
    #[must_use]
    pub fn plus(self, n: i64) -> Offset {
        Offset(self.0 + n)
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A leader epoch: which leadership of the partition wrote a batch (KIP-101).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LeaderEpoch(pub i32);

impl fmt::Display for LeaderEpoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The number that Kafka gives an idempotent or transactional producer; −1 is none (KIP-98).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProducerId(pub i64);

impl ProducerId {
    pub const NONE: ProducerId = ProducerId(-1);
}

impl Default for ProducerId {
    fn default() -> ProducerId {
        ProducerId::NONE
    }
}

impl fmt::Display for ProducerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Which incarnation of a producer id wrote a batch; −1 is none. An older one is fenced (KIP-98).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProducerEpoch(pub i16);

impl ProducerEpoch {
    pub const NONE: ProducerEpoch = ProducerEpoch(-1);
}

impl Default for ProducerEpoch {
    fn default() -> ProducerEpoch {
        ProducerEpoch::NONE
    }
}

impl fmt::Display for ProducerEpoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Virtual time in milliseconds since the world began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Tick(pub i64);

impl Tick {
    pub const ZERO: Tick = Tick(0);

    /// The tick `ms` milliseconds later.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Tick {
        Tick(self.0.saturating_add(ms))
    }
}

impl fmt::Display for Tick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ms", self.0)
    }
}

/// A broker's number (`node.id`), 1 and up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct BrokerId(pub u8);

impl fmt::Display for BrokerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A producer of the world, by number: `p1` is `ProducerIndex(1)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProducerIndex(pub u8);

impl fmt::Display for ProducerIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "p{}", self.0)
    }
}

/// A consumer of the world, by number: `c1` is `ConsumerIndex(1)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConsumerIndex(pub u8);

impl fmt::Display for ConsumerIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "c{}", self.0)
    }
}

/// A controller of the quorum, by number: `k1` is `ControllerId(1)` (KIP-595).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ControllerId(pub u8);

impl fmt::Display for ControllerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "k{}", self.0)
    }
}

/// One end of a message: `1` is broker 1, `p1` a producer, `c1` a consumer, `k1` a controller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Endpoint {
    Broker(BrokerId),
    Producer(ProducerIndex),
    Consumer(ConsumerIndex),
    Controller(ControllerId),
}

impl From<ControllerId> for Endpoint {
    fn from(id: ControllerId) -> Self {
        Endpoint::Controller(id)
    }
}

impl From<BrokerId> for Endpoint {
    fn from(id: BrokerId) -> Self {
        Endpoint::Broker(id)
    }
}

impl From<ProducerIndex> for Endpoint {
    fn from(id: ProducerIndex) -> Self {
        Endpoint::Producer(id)
    }
}

impl From<ConsumerIndex> for Endpoint {
    fn from(id: ConsumerIndex) -> Self {
        Endpoint::Consumer(id)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Endpoint::Broker(id) => id.fmt(f),
            Endpoint::Producer(id) => id.fmt(f),
            Endpoint::Consumer(id) => id.fmt(f),
            Endpoint::Controller(id) => id.fmt(f),
        }
    }
}

/// What kind of request or answer a message is. Names are those of Kafka's protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageKind {
    Produce,
    ProduceResponse,
    Fetch,
    FetchResponse,
    OffsetCommit,
    OffsetCommitResponse,
    OffsetForLeaderEpoch,
    OffsetForLeaderEpochResponse,
    Metadata,
    MetadataResponse,
    BrokerRegistration,
    BrokerRegistrationResponse,
    BrokerHeartbeat,
    BrokerHeartbeatResponse,
    FetchMetadata,
    FetchMetadataResponse,
    AlterPartition,
    AlterPartitionResponse,
    Vote,
    VoteResponse,
    BeginQuorumEpoch,
    EndQuorumEpoch,
}

impl MessageKind {
    pub const ALL: [MessageKind; 22] = [
        MessageKind::Produce,
        MessageKind::ProduceResponse,
        MessageKind::Fetch,
        MessageKind::FetchResponse,
        MessageKind::OffsetCommit,
        MessageKind::OffsetCommitResponse,
        MessageKind::OffsetForLeaderEpoch,
        MessageKind::OffsetForLeaderEpochResponse,
        MessageKind::Metadata,
        MessageKind::MetadataResponse,
        MessageKind::BrokerRegistration,
        MessageKind::BrokerRegistrationResponse,
        MessageKind::BrokerHeartbeat,
        MessageKind::BrokerHeartbeatResponse,
        MessageKind::FetchMetadata,
        MessageKind::FetchMetadataResponse,
        MessageKind::AlterPartition,
        MessageKind::AlterPartitionResponse,
        MessageKind::Vote,
        MessageKind::VoteResponse,
        MessageKind::BeginQuorumEpoch,
        MessageKind::EndQuorumEpoch,
    ];

    /// Whether it answers a request.
    #[must_use]
    pub fn is_answer(self) -> bool {
        match self {
            MessageKind::Produce
            | MessageKind::Fetch
            | MessageKind::OffsetCommit
            | MessageKind::OffsetForLeaderEpoch
            | MessageKind::Metadata
            | MessageKind::BrokerRegistration
            | MessageKind::BrokerHeartbeat
            | MessageKind::FetchMetadata
            | MessageKind::AlterPartition
            | MessageKind::Vote
            | MessageKind::BeginQuorumEpoch
            | MessageKind::EndQuorumEpoch => false,
            MessageKind::ProduceResponse
            | MessageKind::FetchResponse
            | MessageKind::OffsetCommitResponse
            | MessageKind::OffsetForLeaderEpochResponse
            | MessageKind::MetadataResponse
            | MessageKind::BrokerRegistrationResponse
            | MessageKind::BrokerHeartbeatResponse
            | MessageKind::FetchMetadataResponse
            | MessageKind::AlterPartitionResponse
            | MessageKind::VoteResponse => true,
        }
    }

    /// The word for it in the command language.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            MessageKind::Produce => "produce",
            MessageKind::ProduceResponse => "produce-response",
            MessageKind::Fetch => "fetch",
            MessageKind::FetchResponse => "fetch-response",
            MessageKind::OffsetCommit => "commit",
            MessageKind::OffsetCommitResponse => "commit-response",
            MessageKind::OffsetForLeaderEpoch => "epoch-end",
            MessageKind::OffsetForLeaderEpochResponse => "epoch-end-response",
            MessageKind::Metadata => "metadata",
            MessageKind::MetadataResponse => "metadata-response",
            MessageKind::BrokerRegistration => "register",
            MessageKind::BrokerRegistrationResponse => "register-response",
            MessageKind::BrokerHeartbeat => "heartbeat",
            MessageKind::BrokerHeartbeatResponse => "heartbeat-response",
            MessageKind::FetchMetadata => "fetch-metadata",
            MessageKind::FetchMetadataResponse => "fetch-metadata-response",
            MessageKind::AlterPartition => "alter-partition",
            MessageKind::AlterPartitionResponse => "alter-partition-response",
            MessageKind::Vote => "vote",
            MessageKind::VoteResponse => "vote-response",
            MessageKind::BeginQuorumEpoch => "begin-epoch",
            MessageKind::EndQuorumEpoch => "end-epoch",
        }
    }
}

/// A message's name: `fetch.2-1.4` is the fourth fetch that broker 2 sent to broker 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId {
    pub kind: MessageKind,
    pub from: Endpoint,
    pub to: Endpoint,
    /// 1 for the first.
    pub count: u32,
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}-{}.{}", self.kind.word(), self.from, self.to, self.count)
    }
}

/// A record's name: `p1.3` is the third record that producer p1 was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId {
    pub producer: ProducerIndex,
    /// 1 for the first.
    pub count: u32,
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.producer, self.count)
    }
}

/// An event's place in its run: 0 for the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub u32);
