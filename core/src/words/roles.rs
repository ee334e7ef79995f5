//! Which colour a broker wears: that of its role in the moment that a sentence is about.

use super::{Noun, Sentence, Span};
use crate::event::EventKind;
use crate::ids::{BrokerId, Endpoint, MessageId, MessageKind};
use crate::world::World;

impl Sentence {
    /// Each broker in the colour of its role; who has none stays without.
    pub(super) fn with_roles(mut self, role: impl Fn(BrokerId) -> Option<Noun>) -> Sentence {
        for span in &mut self.spans {
            if let Span::Noun(noun, _) = span
                && let Noun::Broker(id) = *noun
            {
                *noun = role(id).unwrap_or(*noun);
            }
        }
        self
    }
}

/// As they are in a world: who leads, and all others.
pub(super) fn roles_now(world: &World) -> impl Fn(BrokerId) -> Option<Noun> {
    let leader = world.leader().map(|(leader, _)| leader.id);
    move |id| Some(if leader == Some(id) { Noun::Leader } else { Noun::Follower })
}

/// As an event itself tells: who appends leads, who copies follows, and a fetch goes from one to the other.
pub(super) fn roles_in(kind: &EventKind) -> impl Fn(BrokerId) -> Option<Noun> {
    let (leader, follower) = pair(kind);
    move |id| match id {
        _ if leader == Some(id) => Some(Noun::Leader),
        _ if follower == Some(id) => Some(Noun::Follower),
        _ => None,
    }
}

/// The one that leads and the one that follows, as far as it can be told.
fn pair(kind: &EventKind) -> (Option<BrokerId>, Option<BrokerId>) {
    match kind {
        EventKind::ClusterStarted(_) => (Some(BrokerId(1)), None),
        EventKind::MessageSent { message, .. }
        | EventKind::MessageDelivered { message }
        | EventKind::MessageDropped { message } => between(message.id),
        EventKind::RequestParked { waiting, .. } => between(waiting.request),
        EventKind::RequestGivenUp { request, .. } | EventKind::AskLater { request, .. } => between(*request),
        EventKind::FollowerNoted { leader, follower, .. } | EventKind::FollowerSeen { leader, follower, .. } => {
            (Some(*leader), Some(*follower))
        }
        EventKind::BatchAppended { broker, .. }
        | EventKind::HighWatermarkAdvanced { broker, .. }
        | EventKind::BecameLeader { broker, .. }
        | EventKind::IsrProposed { broker, .. }
        | EventKind::IsrCommitted { broker, .. }
        | EventKind::IsrRefused { broker, .. } => (Some(*broker), None),
        EventKind::LeaderLearnt { leader, .. } => (*leader, None),
        EventKind::BecameFollower { broker, following } => (Some(following.leader), Some(*broker)),
        EventKind::BatchCopied { broker, .. }
        | EventKind::HighWatermarkLearned { broker, .. }
        | EventKind::LogTruncated { broker, .. }
        | EventKind::EpochEndTold { broker, .. }
        | EventKind::BackOffEnded { broker } => (None, Some(*broker)),
        // Of all others a broker's role cannot be told, or they name none.
        _ => (None, None),
    }
}

fn between(message: MessageId) -> (Option<BrokerId>, Option<BrokerId>) {
    let broker = |end| if let Endpoint::Broker(id) = end { Some(id) } else { None };
    match message.kind {
        MessageKind::Produce | MessageKind::Fetch | MessageKind::OffsetCommit | MessageKind::OffsetForLeaderEpoch => {
            (broker(message.to), broker(message.from))
        }
        MessageKind::ProduceResponse
        | MessageKind::FetchResponse
        | MessageKind::OffsetCommitResponse
        | MessageKind::OffsetForLeaderEpochResponse => (broker(message.from), broker(message.to)),
        _ => (None, None),
    }
}
