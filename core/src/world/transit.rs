//! Messages in a world that changes: who sent one remembers it, who is answered waits no more. What
//! [`super::apply`] calls.

use super::state::{Asked, Asking, OnTheWay, Role};
use super::{Body, Message, World};
use crate::ids::{BrokerId, Endpoint, MessageId, MessageKind, Tick};
use std::sync::Arc;

impl World {
    /// The message is on its way; whoever sent it remembers so.
    pub(super) fn send(&mut self, message: &Arc<Message>, due: Tick) {
        let id = message.id;
        let sent = self.tick;
        self.network.counts.insert((id.kind, id.from, id.to), id.count);
        self.network.on_the_way.insert(id, OnTheWay { message: Arc::clone(message), sent, due });
        match message.body.request() {
            Some(request) => self.no_longer_waits(request),
            None => self.remember_request(message, Asked { request: id, give_up: sent.plus_ms(self.patience_ms(id)) }),
        }
    }

    fn remember_request(&mut self, message: &Message, asked: Asked) {
        let id = message.id;
        match (&message.body, id.from) {
            (Body::Produce { batch, .. }, Endpoint::Producer(producer)) => {
                self.at_producer(producer, |at| at.ask(asked, batch));
            }
            (Body::Metadata, client) => {
                let brokers = u8::try_from(self.brokers.len()).unwrap_or(u8::MAX).max(1);
                self.at_client(client, |known| {
                    known.asks = Asking::Asked(asked);
                    known.next = BrokerId(known.next.0 % brokers + 1);
                });
            }
            (Body::OffsetCommit { .. }, Endpoint::Consumer(consumer)) => {
                self.at_consumer(consumer, |at| at.commit = Some(asked));
            }
            (body, Endpoint::Consumer(consumer)) => self.at_consumer(consumer, |at| {
                at.fetch = Some(asked);
                if let Body::Fetch { offset, .. } = body {
                    at.last_asked = Some(*offset);
                }
            }),
            (body, Endpoint::Broker(broker)) => self.at_broker(broker, |at| {
                if let Some(asking) = at.asking_mut(id.kind) {
                    *asking = Asking::Asked(asked);
                }
                if let (Body::Fetch { offset, .. }, Role::Follower(following)) = (body, &mut at.role) {
                    following.last_asked = Some(*offset);
                }
            }),
            (Body::FetchQuorum(_), Endpoint::Controller(controller)) => {
                self.at_controller(controller, |at| at.fetch = Asking::Asked(asked));
            }
            (_, Endpoint::Producer(_) | Endpoint::Controller(_)) => {}
        }
    }

    /// The request has its answer.
    fn no_longer_waits(&mut self, request: MessageId) {
        match request.to {
            Endpoint::Broker(broker) => {
                self.at_leader(broker, |at| at.waiting.retain(|waiting| waiting.request != request));
            }
            Endpoint::Controller(controller) => {
                self.at_controller(controller, |at| at.waiting.retain(|waiting| waiting.request != request));
            }
            Endpoint::Producer(_) | Endpoint::Consumer(_) => {}
        }
    }

    /// The message is there; an answer ends the waiting for it.
    pub(super) fn arrive(&mut self, message: &Message) {
        self.network.forget(message.id);
        if let Some(request) = message.body.request().filter(|request| request.kind != MessageKind::Produce) {
            self.forget_request(request, Asking::Idle, false);
        }
    }

    pub(super) fn give_up(&mut self, request: MessageId, retry_at: Tick) {
        self.forget_request(request, Asking::BackOff { until: retry_at }, false);
        if let Endpoint::Consumer(consumer) = request.from {
            self.at_consumer(consumer, |at| at.busy_until = at.busy_until.max(retry_at));
        }
    }

    /// Nobody waits for the answer any more. `after_answer`: it has come, and this is what comes of it.
    pub(super) fn forget_request(&mut self, request: MessageId, then: Asking, after_answer: bool) {
        let over = |asking: &Asking| asking.waits_for(request) || after_answer && *asking == Asking::Idle;
        match request.from {
            Endpoint::Broker(broker) => self.at_broker(broker, |at| {
                if let Some(asking) = at.asking_mut(request.kind).filter(|asking| over(asking)) {
                    *asking = then;
                }
            }),
            Endpoint::Consumer(consumer) if request.kind != MessageKind::Metadata => {
                self.at_consumer(consumer, |at| {
                    for pending in [&mut at.fetch, &mut at.commit] {
                        if pending.is_some_and(|asked| asked.request == request) {
                            *pending = None;
                        }
                    }
                });
            }
            Endpoint::Controller(controller) => self.at_controller(controller, |at| {
                if over(&at.fetch) {
                    at.fetch = then;
                }
            }),
            client => self.at_client(client, |known| {
                if request.kind == MessageKind::Metadata && over(&known.asks) {
                    known.asks = then;
                }
            }),
        }
    }
}
