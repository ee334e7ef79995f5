//! What happens next by itself, and time passing.

use super::{Acting, Asked, Asking, Broker, Consumer, Controller, LeaderKnown, MetadataWants, Process, Producer, Role};
use super::{SESSION_TIMEOUT_MS, World};
use crate::command::Polls;
use crate::event::{EventKind, Subject};
use crate::ids::{BrokerId, ConsumerIndex, ControllerId, Endpoint, EventId, MessageId, ProducerIndex, Tick};
use crate::rules::broker_session::expiry_seen_at;

/// Something that will happen at a tick unless the world changes before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Due {
    /// A message arrives. Of those that arrive at one tick the one sent first is first.
    Delivery {
        sent: Tick,
        message: MessageId,
    },
    /// linger.ms is over.
    Linger(ProducerIndex),
    /// A batch that failed is sent again.
    SendAgain(ProducerIndex),
    /// delivery.timeout.ms is over.
    DeliveryOver(ProducerIndex),
    /// A waiting request is answered with what there is.
    WaitOver {
        broker: BrokerId,
        request: MessageId,
    },
    /// A follower's pause after a failed fetch is over.
    BackOff(BrokerId),
    /// A follower that is idle fetches.
    FollowerFetch(BrokerId),
    /// A consumer that polls in a loop polls.
    Poll(ConsumerIndex),
    /// A client that doubts who leads asks again.
    AskLeader(Endpoint),
    /// A broker that has started asks for its registration.
    Register(BrokerId),
    Heartbeat(BrokerId),
    /// A broker fetches the metadata.
    Learn(BrokerId),
    /// A leader asks again for the ISR that it has in flight.
    AskIsr(BrokerId),
    /// A broker looks at its ISR, or writes its mark down.
    RegularWork(BrokerId),
    /// A fetch of the metadata is answered with nothing.
    MetadataWaitOver {
        controller: ControllerId,
        request: MessageId,
    },
    /// The controller has not heard of a broker for too long.
    SessionOver {
        controller: ControllerId,
        broker: BrokerId,
    },
    /// A controller has waited long enough for a leader, for votes, or for its voters.
    QuorumTime(ControllerId),
    /// A controller that follows fetches the metadata log.
    QuorumFetch(ControllerId),
    /// No answer came in time.
    TimeOut(MessageId),
}

/// The soonest of what was offered; of what is due at one tick, the least.
struct Soonest {
    now: Tick,
    next: Option<(Tick, Due)>,
}

impl Soonest {
    fn offer(&mut self, at: Tick, due: Due) {
        let offered = (at.max(self.now), due);
        if self.next.is_none_or(|next| offered < next) {
            self.next = Some(offered);
        }
    }

    /// As [`Soonest::offer`], if it is due at all.
    fn offer_if(&mut self, at: Option<Tick>, due: Due) {
        if let Some(at) = at {
            self.offer(at, due);
        }
    }

    /// What was asked for has to be answered in time.
    fn offer_time_out(&mut self, asked: Option<Asked>) {
        if let Some(asked) = asked {
            self.offer(asked.give_up, Due::TimeOut(asked.request));
        }
    }
}

impl World {
    /// The next thing that is due, and when; never before now.
    pub(super) fn next_due(&self) -> Option<(Tick, Due)> {
        let mut soonest = Soonest { now: self.tick, next: None };
        self.due_messages(&mut soonest);
        for producer in self.producers.values() {
            due_at_producer(producer, &mut soonest);
        }
        for consumer in self.consumers.values() {
            self.due_at_consumer(consumer, &mut soonest);
        }
        for broker in self.brokers.values().filter(|broker| broker.process == Process::Up) {
            self.due_at_broker(broker, &mut soonest);
        }
        for controller in self.controllers.values().filter(|controller| controller.process == Process::Up) {
            self.due_at_controller(controller, &mut soonest);
        }
        soonest.next
    }

    /// When the next thing will happen by itself, if the world is left alone.
    #[must_use]
    pub fn next_due_at(&self) -> Option<Tick> {
        self.next_due().map(|(tick, _)| tick)
    }

    /// The event that made this due: a message was sent, a timer began.
    fn set_off_by(&self, due: Due) -> Option<EventId> {
        let subject = match due {
            Due::Delivery { message, .. } => Subject::Message(message),
            Due::Linger(producer) | Due::SendAgain(producer) | Due::DeliveryOver(producer) => {
                Subject::Producer(producer)
            }
            Due::WaitOver { request, .. } | Due::TimeOut(request) | Due::MetadataWaitOver { request, .. } => {
                Subject::Message(request)
            }
            Due::BackOff(broker) | Due::FollowerFetch(broker) => Subject::Fetcher(broker),
            Due::Poll(consumer) => Subject::Position(consumer),
            Due::AskLeader(client) => Subject::Leader(client),
            Due::Register(broker) | Due::Heartbeat(broker) | Due::Learn(broker) | Due::RegularWork(broker) => {
                Subject::Duties(broker)
            }
            Due::AskIsr(_) => Subject::Isr,
            Due::SessionOver { broker, .. } => Subject::Session(broker),
            Due::QuorumTime(controller) | Due::QuorumFetch(controller) => Subject::Quorum(controller),
        };
        self.last_touch(subject).or_else(|| self.last_touch(Subject::Cluster))
    }

    fn due_messages(&self, soonest: &mut Soonest) {
        for travel in self.network.on_the_way.values().filter(|_| self.runs_by_itself()) {
            let link = travel.message.link();
            if !self.network.held.contains_key(&link) && self.process(link.to) != Process::Frozen {
                soonest.offer(travel.due, Due::Delivery { sent: travel.sent, message: travel.message.id });
            }
        }
    }

    fn due_at_consumer(&self, consumer: &Consumer, soonest: &mut Soonest) {
        let able = consumer.leader.usable().is_some() || !consumer.next_records().is_empty();
        let polls = consumer.settings.polls == Polls::InALoop && consumer.fetch.is_none() && able;
        if polls && self.runs_by_itself() {
            soonest.offer(consumer.busy_until, Due::Poll(consumer.id));
        }
        soonest.offer_time_out(consumer.fetch);
        soonest.offer_time_out(consumer.commit);
        due_of_looking(&consumer.leader, Endpoint::Consumer(consumer.id), soonest);
    }

    fn due_at_broker(&self, broker: &Broker, soonest: &mut Soonest) {
        let id = broker.id;
        match &broker.role {
            Role::Leader(leading) => {
                for waiting in &leading.waiting {
                    soonest.offer(waiting.until, Due::WaitOver { broker: id, request: waiting.request });
                }
            }
            Role::Follower(following) => match following.fetch {
                Asking::Idle if self.runs_by_itself() => soonest.offer(self.tick, Due::FollowerFetch(id)),
                Asking::BackOff { until } => soonest.offer(until, Due::BackOff(id)),
                Asking::Idle | Asking::Asked(_) | Asking::AwaitsMetadata => {}
            },
            Role::None => {}
        }
        for asked in broker.asked() {
            soonest.offer_time_out(Some(asked));
        }
        if !self.controllers.is_empty() && self.runs_by_itself() {
            self.due_to_controller(broker, soonest);
        }
    }

    /// What a broker owes the controller. Without one, or by hand, it owes nothing unless told to.
    fn due_to_controller(&self, broker: &Broker, soonest: &mut Soonest) {
        let (id, duties, now) = (broker.id, &broker.duties, self.tick);
        if duties.epoch.is_none() {
            soonest.offer_if(duties.registration.may_ask_at(now), Due::Register(id));
        } else {
            soonest.offer_if(duties.heartbeat.may_ask_at(now), Due::Heartbeat(id));
        }
        soonest.offer_if(duties.metadata.may_ask_at(now), Due::Learn(id));
        if matches!(&broker.role, Role::Leader(leading) if leading.isr.in_flight.is_some()) {
            soonest.offer_if(duties.alter_partition.may_ask_at(now), Due::AskIsr(id));
        }
        soonest.offer(duties.next_isr_check.min(duties.next_checkpoint), Due::RegularWork(id));
    }

    fn due_at_controller(&self, controller: &Controller, soonest: &mut Soonest) {
        let id = controller.id;
        for waiting in &controller.waiting {
            if let MetadataWants::Records { until, .. } | MetadataWants::Voter { until, .. } = waiting.wants {
                soonest.offer(until, Due::MetadataWaitOver { controller: id, request: waiting.request });
            }
        }
        if let Asking::Asked(asked) = controller.fetch {
            soonest.offer_time_out(Some(asked));
        }
        if !self.runs_by_itself() {
            return;
        }
        soonest.offer_if(controller.voter.due(), Due::QuorumTime(id));
        soonest.offer_if(self.voter_may_fetch(controller), Due::QuorumFetch(id));
        for (broker, known) in controller.image.brokers.iter().filter(|_| controller.is_active()) {
            if let Some(session) = controller.sessions.get(broker).filter(|_| !known.fenced) {
                let seen_at = expiry_seen_at(session.heard, controller.active_since, SESSION_TIMEOUT_MS);
                soonest.offer(seen_at, Due::SessionOver { controller: id, broker: *broker });
            }
        }
    }
}

fn due_at_producer(producer: &Producer, soonest: &mut Soonest) {
    if producer.leader.usable().is_some() {
        match (producer.again.first(), producer.open.first()) {
            (Some(again), _) => soonest.offer(producer.may_send_again_at(again), Due::SendAgain(producer.id)),
            (None, Some(first)) => {
                let linger_ms = i64::from(producer.settings.linger_ms);
                soonest.offer(first.timestamp.plus_ms(linger_ms), Due::Linger(producer.id));
            }
            (None, None) => {}
        }
    }
    soonest.offer_if(producer.delivery_over_at(), Due::DeliveryOver(producer.id));
    for (request, sent) in producer.asked.iter() {
        soonest.offer(sent.give_up, Due::TimeOut(*request));
    }
    due_of_looking(&producer.leader, Endpoint::Producer(producer.id), soonest);
}

/// A client that looks for the leader.
fn due_of_looking(known: &LeaderKnown, client: Endpoint, soonest: &mut Soonest) {
    match known.asks {
        Asking::Asked(asked) => soonest.offer_time_out(Some(asked)),
        Asking::BackOff { until } if known.stale => soonest.offer(until, Due::AskLeader(client)),
        Asking::BackOff { .. } | Asking::Idle | Asking::AwaitsMetadata => {}
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
            Due::SendAgain(producer) => self.send_again(producer),
            Due::DeliveryOver(producer) => self.delivery_time_over(producer),
            Due::WaitOver { broker, request } => self.wait_over(broker, request),
            Due::BackOff(broker) => {
                self.emit(EventKind::BackOffEnded { broker });
            }
            Due::FollowerFetch(broker) => self.follower_fetch(broker),
            Due::Poll(consumer) => self.poll(consumer),
            Due::AskLeader(client) => {
                self.emit_then(EventKind::LeaderDoubted { client });
                self.ask_who_leads(client);
            }
            Due::Register(broker) => self.register(broker),
            Due::Heartbeat(broker) => self.heartbeat(broker),
            Due::Learn(broker) => self.fetch_metadata(broker),
            Due::AskIsr(broker) => self.ask_for_isr(broker),
            Due::RegularWork(broker) => self.regular_work(broker),
            Due::MetadataWaitOver { controller, request } => self.metadata_wait_over(controller, request),
            Due::SessionOver { controller, broker } => self.fence(controller, broker),
            Due::QuorumTime(controller) => self.quorum_time_over(controller),
            Due::QuorumFetch(controller) => self.fetch_of_voter(controller),
            Due::TimeOut(request) => self.time_out(request),
        }
        self.end_step();
    }
}
