//! How a message gets its name and its due time.

use super::{Acting, Body, Message};
use crate::command::Link;
use crate::event::EventKind;
use crate::ids::{Endpoint, MessageId, MessageKind, Tick};
use crate::random::{Purpose, draw};
use crate::rules::quorum_voting::QuorumMessage;
use std::sync::Arc;

impl Acting<'_> {
    /// Sends a message. Its name is its place among those of its kind on its link. If it was said that the next of
    /// these is lost, this one is.
    pub(super) fn send(&mut self, from: Endpoint, to: Endpoint, body: Body, routine: bool) {
        let kind = kind_of(&body);
        let count = self.world.network.counts.get(&(kind, from, to)).copied().unwrap_or(0) + 1;
        let id = MessageId { kind, from, to, count };
        let due = self.due(Link { from, to }, id);
        let message = Arc::new(Message { id, body, routine });
        let is_lost = self.world.network.drop_next.contains_key(&(kind, from, to));
        self.emit(EventKind::MessageSent { message: Arc::clone(&message), due });
        if is_lost {
            self.emit(EventKind::MessageDropped { message });
        }
    }

    /// Latency and jitter; never before an earlier message of the same link, which is one TCP connection.
    fn due(&self, link: Link, id: MessageId) -> Tick {
        let network = &self.world.network;
        let latency_ms = network.links.get(&link).copied().unwrap_or(network.latency_ms);
        let jitter_ms = draw(
            self.world.seed,
            number_of(id),
            Purpose::Jitter,
            u64::from(id.count),
            u64::from(network.jitter_ms) + 1,
        );
        let disk_ms = match (id.kind, id.to) {
            // What is to be written waits for the disk.
            (MessageKind::Produce, Endpoint::Broker(broker)) => {
                self.world.brokers.get(&broker).map_or(0, |broker| broker.disk.slow_ms)
            }
            _ => 0,
        };
        let late_ms = i64::from(latency_ms) + i64::from(disk_ms) + i64::try_from(jitter_ms).unwrap_or(0);
        let due = self.world.tick.plus_ms(late_ms);
        let before = network.on_the_way.values().filter(|other| other.message.link() == link);
        before.map(|other| other.due).fold(due, Tick::max)
    }
}

fn kind_of(body: &Body) -> MessageKind {
    match body {
        Body::Produce { .. } => MessageKind::Produce,
        Body::ProduceResponse { .. } => MessageKind::ProduceResponse,
        Body::Fetch { .. } => MessageKind::Fetch,
        Body::FetchResponse { .. } => MessageKind::FetchResponse,
        Body::OffsetCommit { .. } => MessageKind::OffsetCommit,
        Body::OffsetCommitResponse { .. } => MessageKind::OffsetCommitResponse,
        Body::OffsetForLeaderEpoch { .. } => MessageKind::OffsetForLeaderEpoch,
        Body::OffsetForLeaderEpochResponse { .. } => MessageKind::OffsetForLeaderEpochResponse,
        Body::Metadata => MessageKind::Metadata,
        Body::MetadataResponse { .. } => MessageKind::MetadataResponse,
        Body::BrokerRegistration { .. } => MessageKind::BrokerRegistration,
        Body::BrokerRegistrationResponse { .. } => MessageKind::BrokerRegistrationResponse,
        Body::BrokerHeartbeat { .. } => MessageKind::BrokerHeartbeat,
        Body::BrokerHeartbeatResponse { .. } => MessageKind::BrokerHeartbeatResponse,
        Body::FetchMetadata { .. } => MessageKind::FetchMetadata,
        Body::FetchMetadataResponse { .. } => MessageKind::FetchMetadataResponse,
        Body::AlterPartition { .. } => MessageKind::AlterPartition,
        Body::AlterPartitionResponse { .. } => MessageKind::AlterPartitionResponse,
        Body::FetchQuorum(_) => MessageKind::FetchMetadata,
        Body::FetchQuorumResponse { .. } => MessageKind::FetchMetadataResponse,
        Body::Quorum(said) => match **said {
            QuorumMessage::Vote { .. } => MessageKind::Vote,
            QuorumMessage::VoteResponse { .. } => MessageKind::VoteResponse,
            QuorumMessage::BeginQuorumEpoch { .. } => MessageKind::BeginQuorumEpoch,
            QuorumMessage::EndQuorumEpoch { .. } => MessageKind::EndQuorumEpoch,
        },
    }
}

/// Who draws: the message's kind and ends, without its count.
fn number_of(id: MessageId) -> u64 {
    let end = |endpoint: Endpoint| match endpoint {
        Endpoint::Broker(id) => u64::from(id.0),
        Endpoint::Producer(id) => 0x100 + u64::from(id.0),
        Endpoint::Consumer(id) => 0x200 + u64::from(id.0),
        Endpoint::Controller(id) => 0x300 + u64::from(id.0),
    };
    let kind = MessageKind::ALL.iter().position(|kind| *kind == id.kind).and_then(|at| u64::try_from(at).ok());
    let kind = kind.unwrap_or(0);
    (kind << 32) | (end(id.from) << 16) | end(id.to)
}
