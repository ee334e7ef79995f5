//! How a message gets its name and its due time.

use super::{Acting, Body, Message};
use crate::command::Link;
use crate::event::EventKind;
use crate::ids::{Endpoint, MessageId, MessageKind, Tick};
use crate::random::{Purpose, draw};
use std::sync::Arc;

impl Acting<'_> {
    /// Sends a message. Its name is its place among those of its kind on its link.
    pub(super) fn send(&mut self, from: Endpoint, to: Endpoint, body: Body, routine: bool) {
        let kind = kind_of(&body);
        let count = self.world.network.counts.get(&(kind, from, to)).copied().unwrap_or(0) + 1;
        let id = MessageId { kind, from, to, count };
        let due = self.due(Link { from, to }, id);
        let message = Arc::new(Message { id, body, routine });
        self.emit(EventKind::MessageSent { message, due });
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
        let due = self.world.tick.plus_ms(i64::from(latency_ms) + i64::try_from(jitter_ms).unwrap_or(0));
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
    }
}

/// Who draws: the message's kind and ends, without its count.
fn number_of(id: MessageId) -> u64 {
    let end = |endpoint: Endpoint| match endpoint {
        Endpoint::Broker(id) => u64::from(id.0),
        Endpoint::Producer(id) => 0x100 + u64::from(id.0),
        Endpoint::Consumer(id) => 0x200 + u64::from(id.0),
    };
    let kind = match id.kind {
        MessageKind::Produce => 0,
        MessageKind::ProduceResponse => 1,
        MessageKind::Fetch => 2,
        MessageKind::FetchResponse => 3,
        MessageKind::OffsetCommit => 4,
        MessageKind::OffsetCommitResponse => 5,
    };
    (kind << 32) | (end(id.from) << 16) | end(id.to)
}
