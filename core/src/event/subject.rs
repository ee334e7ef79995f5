//! What an event is about. "Who touched this last?" and "where do two runs first differ?" are asked by subject.

use super::EventKind;
use crate::command::Link;
use crate::ids::{BrokerId, ConsumerIndex, Endpoint, MessageId, MessageKind, ProducerIndex, RecordId};

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
}

impl EventKind {
    /// What this event changed, the most telling subject first; empty for what changes nothing.
    #[must_use]
    pub fn subjects(&self) -> Vec<Subject> {
        match self {
            EventKind::Commanded(_) | EventKind::Refused(_) | EventKind::TimePassed { .. } => Vec::new(),
            EventKind::ClusterStarted { .. } => vec![Subject::Cluster],
            EventKind::NetworkSet { .. } | EventKind::ScheduleSet(_) => vec![Subject::Network],
            EventKind::StorageSet(_) => vec![Subject::Storage],
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
                Endpoint::Producer(_) | Endpoint::Consumer(_) => vec![Subject::Message(*request)],
            },
            EventKind::BackOffEnded { broker } => vec![Subject::Fetcher(*broker)],
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
            EventKind::MessageDelivered { message } => {
                vec![Subject::Message(message.id), Subject::Link(message.link())]
            }
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
