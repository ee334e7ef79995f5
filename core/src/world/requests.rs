//! Who waits for which answer, and what becomes of a request that gets none.

use super::state::Asked;
use super::{
    Acting, Asking, Body, Broker, CONTROLLER_TIMEOUT_MS, ErrorCode, FETCH_BACKOFF_MS, RECONNECT_BACKOFF_MS,
    REQUEST_TIMEOUT_MS, Role, World,
};
use crate::event::EventKind;
use crate::ids::{BrokerId, Endpoint, MessageId, MessageKind, Tick};
use crate::rules::quorum_timer;

impl Broker {
    /// Where the broker keeps what it has asked with a request of this kind.
    pub(crate) fn asking(&self, kind: MessageKind) -> Option<&Asking> {
        match kind {
            MessageKind::Fetch | MessageKind::OffsetForLeaderEpoch => match &self.role {
                Role::Follower(following) => Some(&following.fetch),
                Role::Leader(_) | Role::None => None,
            },
            MessageKind::BrokerRegistration => Some(&self.duties.registration),
            MessageKind::BrokerHeartbeat => Some(&self.duties.heartbeat),
            MessageKind::FetchMetadata => Some(&self.duties.metadata),
            MessageKind::AlterPartition => Some(&self.duties.alter_partition),
            _ => None,
        }
    }

    pub(super) fn asking_mut(&mut self, kind: MessageKind) -> Option<&mut Asking> {
        match kind {
            MessageKind::Fetch | MessageKind::OffsetForLeaderEpoch => match &mut self.role {
                Role::Follower(following) => Some(&mut following.fetch),
                Role::Leader(_) | Role::None => None,
            },
            MessageKind::BrokerRegistration => Some(&mut self.duties.registration),
            MessageKind::BrokerHeartbeat => Some(&mut self.duties.heartbeat),
            MessageKind::FetchMetadata => Some(&mut self.duties.metadata),
            MessageKind::AlterPartition => Some(&mut self.duties.alter_partition),
            _ => None,
        }
    }

    /// The kinds of request that a broker sends.
    const REQUESTS: [MessageKind; 5] = [
        MessageKind::Fetch,
        MessageKind::BrokerRegistration,
        MessageKind::BrokerHeartbeat,
        MessageKind::FetchMetadata,
        MessageKind::AlterPartition,
    ];

    /// Its requests that wait for an answer.
    pub(super) fn asked(&self) -> impl Iterator<Item = Asked> {
        let asked = |kind: MessageKind| match self.asking(kind) {
            Some(Asking::Asked(asked)) => Some(*asked),
            _ => None,
        };
        Broker::REQUESTS.into_iter().filter_map(asked)
    }
}

impl Asking {
    /// Whether this request is the one that is waited for.
    #[must_use]
    pub fn waits_for(&self, request: MessageId) -> bool {
        matches!(self, Asking::Asked(asked) if asked.request == request)
    }

    /// When it may be asked again, at the earliest; none while it waits.
    #[must_use]
    pub fn may_ask_at(&self, now: Tick) -> Option<Tick> {
        match self {
            Asking::Idle => Some(now),
            Asking::BackOff { until } => Some(*until),
            Asking::Asked(_) | Asking::AwaitsMetadata => None,
        }
    }
}

impl Body {
    /// The request that this answers.
    #[must_use]
    pub fn request(&self) -> Option<MessageId> {
        match self {
            Body::ProduceResponse { request, .. }
            | Body::FetchResponse { request, .. }
            | Body::OffsetCommitResponse { request, .. }
            | Body::OffsetForLeaderEpochResponse { request, .. }
            | Body::MetadataResponse { request, .. }
            | Body::BrokerRegistrationResponse { request, .. }
            | Body::BrokerHeartbeatResponse { request, .. }
            | Body::FetchMetadataResponse { request, .. }
            | Body::AlterPartitionResponse { request, .. }
            | Body::FetchQuorumResponse { request, .. } => Some(*request),
            Body::Produce { .. }
            | Body::Fetch { .. }
            | Body::OffsetCommit { .. }
            | Body::OffsetForLeaderEpoch { .. }
            | Body::Metadata
            | Body::BrokerRegistration { .. }
            | Body::BrokerHeartbeat { .. }
            | Body::FetchMetadata { .. }
            | Body::AlterPartition { .. }
            | Body::Quorum(_)
            | Body::FetchQuorum(_) => None,
        }
    }
}

impl World {
    /// How long the sender of a request waits for its answer.
    pub(super) fn patience_ms(&self, request: MessageId) -> i64 {
        match (request.from, request.kind) {
            (Endpoint::Controller(_), _) => quorum_timer::REQUEST_TIMEOUT_MS,
            (Endpoint::Producer(id), _) => {
                let settings = self.producers.get(&id).map(|producer| producer.settings);
                settings.map_or(REQUEST_TIMEOUT_MS, |settings| i64::from(settings.request_timeout_ms))
            }
            (
                _,
                MessageKind::BrokerRegistration
                | MessageKind::BrokerHeartbeat
                | MessageKind::FetchMetadata
                | MessageKind::AlterPartition,
            ) => CONTROLLER_TIMEOUT_MS,
            _ => REQUEST_TIMEOUT_MS,
        }
    }

    /// Whether the sender of this request still waits for its answer; a time-out or a restart may have come first.
    pub(super) fn awaits(&self, request: MessageId) -> bool {
        match request.from {
            Endpoint::Broker(id) => {
                let asking = self.brokers.get(&id).and_then(|broker| broker.asking(request.kind));
                asking.is_some_and(|asking| asking.waits_for(request))
            }
            Endpoint::Producer(id) => self.producers.get(&id).is_some_and(|producer| {
                producer.asked.contains_key(&request) || producer.leader.asks.waits_for(request)
            }),
            Endpoint::Consumer(id) => self.consumers.get(&id).is_some_and(|consumer| {
                let asked = consumer.fetch.into_iter().chain(consumer.commit);
                consumer.leader.asks.waits_for(request) || asked.into_iter().any(|asked| asked.request == request)
            }),
            Endpoint::Controller(id) => {
                self.controllers.get(&id).is_some_and(|controller| controller.fetch.waits_for(request))
            }
        }
    }

    /// Requests whose answers others wait for from here.
    pub(super) fn requests_to(&self, at: Endpoint) -> Vec<MessageId> {
        let of_brokers = self.brokers.values().flat_map(Broker::asked).map(|asked| asked.request);
        let of_producers = self.producers.values().flat_map(|producer| {
            let sent = producer.asked.keys().copied();
            sent.chain(producer.leader.asks.request())
        });
        let of_consumers = self.consumers.values().flat_map(|consumer| {
            let asked = consumer.fetch.into_iter().chain(consumer.commit).map(|asked| asked.request);
            asked.chain(consumer.leader.asks.request())
        });
        let of_controllers = self.controllers.values().filter_map(|controller| controller.fetch.request());
        of_brokers
            .chain(of_producers)
            .chain(of_consumers)
            .chain(of_controllers)
            .filter(|request| request.to == at)
            .collect()
    }
}

impl Asking {
    fn request(&self) -> Option<MessageId> {
        match self {
            Asking::Asked(asked) => Some(asked.request),
            _ => None,
        }
    }
}

impl Acting<'_> {
    /// A request's time is up: its sender no longer waits for it.
    pub(super) fn time_out(&mut self, request: MessageId) {
        self.give_up(request, ErrorCode::RequestTimedOut);
    }

    /// The connection that a request was sent on is gone.
    pub(super) fn connection_lost(&mut self, request: MessageId) {
        if self.world.awaits(request) {
            self.give_up(request, ErrorCode::NetworkException);
        }
    }

    fn give_up(&mut self, request: MessageId, error: ErrorCode) {
        let before = self.trigger;
        let retry_at = match (request.from, error) {
            (Endpoint::Broker(_), _) => self.world.tick.plus_ms(FETCH_BACKOFF_MS),
            (Endpoint::Controller(_), _) => self.world.tick.plus_ms(quorum_timer::RECONNECT_BACKOFF_MS),
            (_, ErrorCode::NetworkException) => self.world.tick.plus_ms(RECONNECT_BACKOFF_MS),
            _ => self.world.tick,
        };
        self.emit_then(EventKind::RequestGivenUp { request, error, retry_at });
        match request.from {
            Endpoint::Producer(producer) => {
                if request.kind == MessageKind::Produce {
                    self.produce_answered(producer, request, Err(error));
                }
            }
            Endpoint::Broker(broker) => self.controller_is_silent(broker, request),
            Endpoint::Consumer(_) | Endpoint::Controller(_) => {}
        }
        if matches!(request.from, Endpoint::Producer(_) | Endpoint::Consumer(_)) {
            self.doubt_leader(request.from);
        }
        self.trigger = before;
    }

    /// A controller that does not answer may be gone: the next one is tried.
    fn controller_is_silent(&mut self, id: BrokerId, request: MessageId) {
        let Some(broker) = self.world.brokers.get(&id) else { return };
        let silent = matches!(request.to, Endpoint::Controller(_));
        let next = self.world.next_controller(id).filter(|next| silent && broker.duties.controller != *next);
        if let Some(controller) = next {
            self.emit(EventKind::ControllerKnown { broker: id, controller });
        }
    }
}
