//! What happens next by itself, and time passing.

use super::{Acting, FETCH_BACKOFF_MS, Fetching, OnTheWay, Role, World};
use crate::command::Polls;
use crate::event::{EventKind, Subject};
use crate::ids::{BrokerId, ConsumerIndex, Endpoint, EventId, MessageId, ProducerIndex, Tick};

/// Something that will happen at a tick unless the world changes before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Due {
    /// A message arrives. Of those that arrive at one tick the one sent first is first.
    Delivery { sent: Tick, message: MessageId },
    /// linger.ms is over.
    Linger(ProducerIndex),
    /// A waiting request is answered with what there is.
    WaitOver { broker: BrokerId, request: MessageId },
    /// A follower's pause after a failed fetch is over.
    BackOff(BrokerId),
    /// A follower that is idle fetches.
    FollowerFetch(BrokerId),
    /// A consumer that polls in a loop polls.
    Poll(ConsumerIndex),
    /// No answer came in time.
    TimeOut(MessageId),
}

impl World {
    /// The next thing that is due, and when; never before now.
    pub(super) fn next_due(&self) -> Option<(Tick, Due)> {
        let messages = self.due_messages();
        let clients = self.due_at_clients();
        let brokers = self.due_at_brokers();
        messages.chain(clients).chain(brokers).map(|(tick, due)| (tick.max(self.tick), due)).min()
    }

    /// The event that made this due: a message was sent, a timer began.
    fn set_off_by(&self, due: Due) -> Option<EventId> {
        let subject = match due {
            Due::Delivery { message, .. } => Subject::Message(message),
            Due::Linger(producer) => Subject::Producer(producer),
            Due::WaitOver { request, .. } | Due::TimeOut(request) => Subject::Message(request),
            Due::BackOff(broker) | Due::FollowerFetch(broker) => Subject::Fetcher(broker),
            Due::Poll(consumer) => Subject::Position(consumer),
        };
        self.last_touch(subject).or_else(|| self.last_touch(Subject::Cluster))
    }

    fn due_messages(&self) -> impl Iterator<Item = (Tick, Due)> {
        let moving =
            |travel: &&OnTheWay| self.runs_by_itself() && !self.network.held.contains_key(&travel.message.link());
        let on_the_way = self.network.on_the_way.values().filter(moving);
        on_the_way.map(|travel| (travel.due, Due::Delivery { sent: travel.sent, message: travel.message.id }))
    }

    fn due_at_clients(&self) -> impl Iterator<Item = (Tick, Due)> {
        let lingering = self.producers.values().filter_map(|producer| {
            let since = producer.open.first()?.timestamp;
            Some((since.plus_ms(i64::from(producer.settings.linger_ms)), Due::Linger(producer.id)))
        });
        let produce_time_outs = self.producers.values().flat_map(|producer| {
            producer.asked.iter().map(|(request, (give_up, _))| (*give_up, Due::TimeOut(*request)))
        });
        let polling = self.consumers.values().filter_map(|consumer| {
            let polls = consumer.settings.polls == Polls::InALoop && consumer.fetch.is_none();
            (polls && self.runs_by_itself()).then_some((consumer.busy_until, Due::Poll(consumer.id)))
        });
        let consumer_time_outs = self.consumers.values().flat_map(|consumer| {
            let asked = consumer.fetch.into_iter().chain(consumer.commit);
            asked.map(|asked| (asked.give_up, Due::TimeOut(asked.request)))
        });
        lingering.chain(produce_time_outs).chain(polling).chain(consumer_time_outs)
    }

    fn due_at_brokers(&self) -> impl Iterator<Item = (Tick, Due)> {
        self.brokers.values().flat_map(|broker| {
            let waiting = match &broker.role {
                Role::Leader(leading) => leading.waiting.as_slice(),
                Role::Follower(_) => &[],
            };
            let waiting = waiting
                .iter()
                .map(|waiting| (waiting.until, Due::WaitOver { broker: broker.id, request: waiting.request }));
            let fetching = match &broker.role {
                Role::Leader(_) => None,
                Role::Follower(following) => match following.fetch {
                    Fetching::Idle if self.runs_by_itself() => Some((self.tick, Due::FollowerFetch(broker.id))),
                    Fetching::Idle => None,
                    Fetching::Asked(asked) => Some((asked.give_up, Due::TimeOut(asked.request))),
                    Fetching::BackOff { until } => Some((until, Due::BackOff(broker.id))),
                },
            };
            waiting.chain(fetching)
        })
    }
}

impl Acting<'_> {
    /// What is due up to then happens; then it is then.
    pub(super) fn wait(&mut self, ms: u32) {
        let asked = self.trigger;
        let until = self.world.tick.plus_ms(i64::from(ms));
        while let Some((tick, due)) = self.world.next_due()
            && tick <= until
        {
            if self.is_full() {
                return;
            }
            self.happen(tick, due);
        }
        let left = until.0 - self.world.tick.0;
        if left > 0 {
            self.trigger = asked;
            self.emit(EventKind::TimePassed { ms: left });
        }
        self.end_step();
    }

    /// The next `count` due things happen. Says whether there were so many.
    pub(super) fn step(&mut self, count: u32) -> bool {
        for _ in 0..count {
            let Some((tick, due)) = self.world.next_due() else { return false };
            if self.is_full() {
                return true;
            }
            self.happen(tick, due);
        }
        true
    }

    fn happen(&mut self, tick: Tick, due: Due) {
        self.world.tick = tick;
        self.trigger = self.world.set_off_by(due);
        match due {
            Due::Delivery { message, .. } => self.deliver(message),
            Due::Linger(producer) => self.send_open_batch(producer),
            Due::WaitOver { broker, request } => self.wait_over(broker, request),
            Due::BackOff(broker) => {
                self.emit(EventKind::BackOffEnded { broker });
            }
            Due::FollowerFetch(broker) => self.follower_fetch(broker),
            Due::Poll(consumer) => self.poll(consumer),
            Due::TimeOut(request) => self.time_out(request),
        }
        self.end_step();
    }

    /// A request's time is up: its sender no longer waits for it.
    fn time_out(&mut self, request: MessageId) {
        let retry_at = match request.from {
            Endpoint::Broker(_) => self.world.tick.plus_ms(FETCH_BACKOFF_MS),
            Endpoint::Producer(_) | Endpoint::Consumer(_) => self.world.tick,
        };
        self.emit_then(EventKind::RequestGivenUp { request, retry_at });
        if let Endpoint::Producer(producer) = request.from {
            self.produce_failed(producer, request, super::ErrorCode::RequestTimedOut);
        }
    }
}
