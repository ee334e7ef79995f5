//! What an event is about. "Who touched this last?" and "where do two runs first differ?" are asked by subject.

use super::EventKind;
use crate::command::Link;
use crate::ids::{BrokerId, ConsumerIndex, ControllerId, Endpoint, MessageId, MessageKind, ProducerIndex, RecordId};
use crate::world::MetadataRecord;

/// A thing that events change. Its name is the same in every fork of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Cluster,
    Network,
    /// The rule of what becomes of records that have been read.
    Storage,
    Link(Link),
    /// The records and the end of a broker's log.
    Log(BrokerId),
    HighWatermark(BrokerId),
    /// What the leader knows of a follower's log end.
    FollowerEnd(BrokerId),
    /// Requests that wait at a broker.
    Waiting(BrokerId),
    Fetcher(BrokerId),
    Producer(ProducerIndex),
    Record(RecordId),
    Message(MessageId),
    Position(ConsumerIndex),
    CommittedOffset(ConsumerIndex),
    LogStart(BrokerId),
    /// The table that a consumer's program keeps.
    Table(ConsumerIndex),
    /// Whether a process runs.
    Process(Endpoint),
    /// What is on a broker's disk for good.
    Disk(BrokerId),
    Clock(BrokerId),
    /// Whether a broker leads or follows, and in which epoch.
    Role(BrokerId),
    /// The in-sync replicas, as leader and controller have them.
    Isr,
    /// The partition as the controllers have it: leader, epochs, lists.
    Partition,
    /// A broker as the controllers have it.
    Registration(BrokerId),
    /// When the controller last heard of a broker.
    Session(BrokerId),
    MetadataCommit,
    /// A controller's part in the quorum.
    Quorum(ControllerId),
    /// What a broker believes of the cluster.
    Image(BrokerId),
    /// What a broker owes the controller.
    Duties(BrokerId),
    /// Whom a client takes for the leader.
    Leader(Endpoint),
    TopicSettings,
    CommitRule,
    TruncationRule,
}

/// What a metadata record is about.
fn metadata_subjects(record: &MetadataRecord) -> Vec<Subject> {
    match record {
        MetadataRecord::LeaderChange { .. } => vec![Subject::MetadataCommit],
        MetadataRecord::RegisterBroker { broker, .. } | MetadataRecord::BrokerRegistrationChange { broker, .. } => {
            vec![Subject::Registration(*broker)]
        }
        MetadataRecord::Partition(_) | MetadataRecord::PartitionChange { .. } => vec![Subject::Partition],
        MetadataRecord::Config(_) => vec![Subject::TopicSettings],
    }
}

impl EventKind {
    /// What this event changed, the most telling subject first; empty for what changes nothing.
    #[must_use]
    pub fn subjects(&self) -> Vec<Subject> {
        match self {
            EventKind::Commanded(_) | EventKind::Refused(_) | EventKind::TimePassed { .. } => Vec::new(),
            EventKind::ClusterStarted(_) => vec![Subject::Cluster],
            EventKind::NetworkSet { .. } | EventKind::ScheduleSet(_) => vec![Subject::Network],
            EventKind::StorageSet(_) => vec![Subject::Storage],
            EventKind::CommitRuleSet(_) => vec![Subject::CommitRule],
            EventKind::TruncationRuleSet(_) => vec![Subject::TruncationRule],
            EventKind::LinkSet { link, .. } | EventKind::LinkHeld { link } | EventKind::LinkReleased { link } => {
                vec![Subject::Link(*link)]
            }
            EventKind::ProducerAdded { producer, .. } | EventKind::FlushAsked { producer } => {
                vec![Subject::Producer(*producer)]
            }
            EventKind::RecordAccumulated { producer, record } => {
                vec![Subject::Record(record.name), Subject::Producer(*producer)]
            }
            EventKind::MessageSent { message, .. } => vec![Subject::Message(message.id)],
            EventKind::MessageDelivered { message } => match (message.id.kind, message.id.to) {
                (MessageKind::FetchResponse, Endpoint::Broker(follower)) => {
                    vec![Subject::Message(message.id), Subject::Fetcher(follower)]
                }
                _ => vec![Subject::Message(message.id)],
            },
            EventKind::MessageDropped { message } => vec![Subject::Message(message.id)],
            EventKind::BatchAppended { broker, .. } | EventKind::BatchCopied { broker, .. } => {
                vec![Subject::Log(*broker)]
            }
            EventKind::FollowerNoted { follower, .. } => vec![Subject::FollowerEnd(*follower)],
            EventKind::FollowerSeen { .. } => Vec::new(),
            EventKind::HighWatermarkAdvanced { broker, .. } | EventKind::HighWatermarkLearned { broker, .. } => {
                vec![Subject::HighWatermark(*broker)]
            }
            EventKind::LogStartMoved { broker, .. } => vec![Subject::LogStart(*broker)],
            EventKind::RowChanged { consumer, .. } | EventKind::RowLeft { consumer, .. } => {
                vec![Subject::Table(*consumer)]
            }
            EventKind::ProgramDeployed { consumer, .. } => {
                vec![Subject::Table(*consumer), Subject::Position(*consumer)]
            }
            EventKind::RequestParked { broker, waiting } => {
                vec![Subject::Waiting(*broker), Subject::Message(waiting.request)]
            }
            EventKind::Acknowledged { producer, records, .. }
            | EventKind::SendFailed { producer, records, .. }
            | EventKind::SentWithoutAnswer { producer, records } => {
                let records = records.iter().map(|record| Subject::Record(*record));
                records.chain([Subject::Producer(*producer)]).collect()
            }
            EventKind::SendWillBeRetried { producer, again, .. } => {
                let records = again.batch.names.iter().map(|record| Subject::Record(*record));
                records.chain([Subject::Producer(*producer)]).collect()
            }
            EventKind::ConsumerAdded { consumer, .. }
            | EventKind::RecordsRead { consumer, .. }
            | EventKind::PositionReset { consumer, .. }
            | EventKind::PositionSought { consumer, .. }
            | EventKind::ConsumerRestarted { consumer, .. }
            | EventKind::RecordsFetched { consumer, .. } => vec![Subject::Position(*consumer)],
            EventKind::OffsetCommitted { consumer, .. } | EventKind::CommitConfirmed { consumer, .. } => {
                vec![Subject::CommittedOffset(*consumer)]
            }
            EventKind::RequestGivenUp { request, .. } => match request.from {
                Endpoint::Broker(follower) => vec![Subject::Message(*request), Subject::Fetcher(follower)],
                _ => vec![Subject::Message(*request)],
            },
            EventKind::BackOffEnded { broker } => vec![Subject::Fetcher(*broker)],
            kind => kind.subjects_in_cluster(),
        }
    }

    /// Of machines, metadata and roles.
    fn subjects_in_cluster(&self) -> Vec<Subject> {
        match self {
            EventKind::LinkCut { link } | EventKind::LinkHealed { link } | EventKind::NextWillBeLost { link, .. } => {
                vec![Subject::Link(*link)]
            }
            EventKind::Crashed { at: Endpoint::Broker(broker), .. } => {
                vec![Subject::Process(Endpoint::Broker(*broker)), Subject::Log(*broker), Subject::Role(*broker)]
            }
            EventKind::Started { at: Endpoint::Broker(broker) } => {
                vec![Subject::Process(Endpoint::Broker(*broker)), Subject::HighWatermark(*broker)]
            }
            EventKind::Crashed { at, .. }
            | EventKind::Started { at }
            | EventKind::Froze { at }
            | EventKind::Thawed { at } => vec![Subject::Process(*at)],
            EventKind::Stopped { broker } => {
                vec![Subject::Process(Endpoint::Broker(*broker)), Subject::Role(*broker)]
            }
            EventKind::StopAsked { broker } => vec![Subject::Process(Endpoint::Broker(*broker))],
            EventKind::DiskWiped { broker } | EventKind::ReplicaDeleted { broker } => {
                vec![Subject::Log(*broker), Subject::Disk(*broker)]
            }
            EventKind::DiskSlowed { broker, .. }
            | EventKind::Flushed { broker, .. }
            | EventKind::MarkCheckpointed { broker, .. } => vec![Subject::Disk(*broker)],
            EventKind::ClockSet { broker, .. } => vec![Subject::Clock(*broker)],
            EventKind::MetadataAppended { record, .. } => metadata_subjects(record),
            EventKind::MetadataCommitted { .. } => vec![Subject::MetadataCommit],
            EventKind::QuorumTurned { controller, .. }
            | EventKind::MetadataCopied { controller, .. }
            | EventKind::MetadataTruncated { controller, .. }
            | EventKind::MetadataMarkLearned { controller, .. } => vec![Subject::Quorum(*controller)],
            EventKind::ControllerActivated { controller } => {
                vec![Subject::Quorum(*controller), Subject::MetadataCommit]
            }
            EventKind::MetadataReplayed { broker, .. } => vec![Subject::Image(*broker)],
            EventKind::HeartbeatNoted { broker, .. } => vec![Subject::Session(*broker)],
            EventKind::MetadataRequestParked { waiting, .. } => vec![Subject::Message(waiting.request)],
            EventKind::Registered { broker, .. }
            | EventKind::MetadataCaughtUp { broker }
            | EventKind::ControllerKnown { broker, .. }
            | EventKind::DutiesPlanned { broker, .. } => vec![Subject::Duties(*broker)],
            EventKind::BecameLeader { broker, .. } => vec![Subject::Role(*broker), Subject::Isr],
            EventKind::BecameFollower { broker, .. } => vec![Subject::Role(*broker), Subject::Fetcher(*broker)],
            EventKind::LostRole { broker } => vec![Subject::Role(*broker)],
            EventKind::LogTruncated { broker, .. } => vec![Subject::Log(*broker)],
            EventKind::IsrProposed { .. } | EventKind::IsrCommitted { .. } | EventKind::IsrRefused { .. } => {
                vec![Subject::Isr]
            }
            EventKind::EpochEndTold { broker, .. } => vec![Subject::Fetcher(*broker)],
            EventKind::LeaderLearnt { client, .. } | EventKind::LeaderDoubted { client } => {
                vec![Subject::Leader(*client)]
            }
            EventKind::PositionValidated { consumer } | EventKind::TruncationDetected { consumer, .. } => {
                vec![Subject::Position(*consumer)]
            }
            EventKind::AskLater { request, .. } => match (request.kind, request.from) {
                (MessageKind::Fetch | MessageKind::OffsetForLeaderEpoch, Endpoint::Broker(broker)) => {
                    vec![Subject::Message(*request), Subject::Fetcher(broker)]
                }
                (_, Endpoint::Broker(broker)) => vec![Subject::Message(*request), Subject::Duties(broker)],
                (_, Endpoint::Controller(id)) => vec![Subject::Message(*request), Subject::Quorum(id)],
                _ => vec![Subject::Message(*request)],
            },
            // All others are named above.
            _ => Vec::new(),
        }
    }

    /// What this event was decided by, besides its trigger.
    #[must_use]
    pub fn decided_by(&self) -> Vec<Subject> {
        match self {
            EventKind::BatchAppended { broker, .. } | EventKind::BatchCopied { broker, .. } => {
                vec![Subject::Log(*broker)]
            }
            EventKind::HighWatermarkAdvanced { broker, ends, .. } => {
                let followers = ends.iter().filter(|(id, _)| id != broker);
                [Subject::Log(*broker)].into_iter().chain(followers.map(|(id, _)| Subject::FollowerEnd(*id))).collect()
            }
            EventKind::HighWatermarkLearned { broker, .. } => {
                vec![Subject::Log(*broker), Subject::HighWatermark(*broker)]
            }
            EventKind::MessageDelivered { message } | EventKind::MessageDropped { message } => {
                vec![Subject::Message(message.id), Subject::Link(message.link()), Subject::Process(message.id.to)]
            }
            EventKind::LogTruncated { broker, .. } => vec![Subject::Role(*broker), Subject::Log(*broker)],
            EventKind::BecameLeader { broker, .. } | EventKind::BecameFollower { broker, .. } => {
                vec![Subject::Image(*broker), Subject::Log(*broker)]
            }
            EventKind::IsrProposed { .. } | EventKind::IsrCommitted { .. } => vec![Subject::Isr],
            EventKind::MetadataAppended { record, .. } => match &**record {
                MetadataRecord::BrokerRegistrationChange { broker, .. } => {
                    vec![Subject::Session(*broker), Subject::Registration(*broker)]
                }
                MetadataRecord::PartitionChange { .. } => vec![Subject::Partition],
                _ => Vec::new(),
            },
            EventKind::MetadataReplayed { .. } | EventKind::MetadataMarkLearned { .. } => vec![Subject::MetadataCommit],
            EventKind::MetadataTruncated { controller, .. } => vec![Subject::Quorum(*controller)],
            EventKind::TruncationDetected { consumer, .. } => vec![Subject::Position(*consumer)],
            EventKind::LogStartMoved { .. } => vec![Subject::Storage],
            EventKind::RecordsRead { consumer, .. } => vec![Subject::Position(*consumer)],
            EventKind::ConsumerRestarted { consumer, .. } => vec![Subject::CommittedOffset(*consumer)],
            EventKind::RowChanged { consumer, .. } => vec![Subject::Table(*consumer)],
            EventKind::PositionReset { .. } => {
                vec![Subject::LogStart(BrokerId(1)), Subject::HighWatermark(BrokerId(1))]
            }
            _ => Vec::new(),
        }
    }
}
