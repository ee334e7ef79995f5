//! What happens next by itself, and time passing.

use super::{Acting, Asking, Broker, Controller, MetadataWants, OnTheWay, Process, Role, SESSION_TIMEOUT_MS, World};
use crate::command::Polls;
use crate::event::{EventKind, Subject};
use crate::ids::{BrokerId, ConsumerIndex, ControllerId, Endpoint, EventId, MessageId, ProducerIndex, Tick};

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
    /// No answer came in time.
    TimeOut(MessageId),
}

impl World {
    /// The next thing that is due, and when; never before now.
    pub(super) fn next_due(&self) -> Option<(Tick, Due)> {
        let messages = self.due_messages();
        let clients = self.due_at_clients();
        let brokers = self.brokers.values().filter(|broker| broker.process == Process::Up);
        let brokers = brokers.flat_map(|broker| self.due_at_broker(broker));
        let controllers = self.controllers.values().flat_map(|controller| self.due_at_controller(controller));
        let all = messages.chain(clients).chain(brokers).chain(controllers);
        all.map(|(tick, due)| (tick.max(self.tick), due)).min()
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
            Due::Linger(producer) => Subject::Producer(producer),
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
        };
        self.last_touch(subject).or_else(|| self.last_touch(Subject::Cluster))
    }

    fn due_messages(&self) -> impl Iterator<Item = (Tick, Due)> {
        let moving = |travel: &&OnTheWay| {
            let link = travel.message.link();
            self.runs_by_itself() && !self.network.held.contains_key(&link) && self.process(link.to) != Process::Frozen
        };
        let on_the_way = self.network.on_the_way.values().filter(moving);
        on_the_way.map(|travel| (travel.due, Due::Delivery { sent: travel.sent, message: travel.message.id }))
    }

    fn due_at_clients(&self) -> impl Iterator<Item = (Tick, Due)> {
        let lingering = self.producers.values().filter(|producer| producer.leader.usable().is_some());
        let lingering = lingering.filter_map(|producer| {
            let since = producer.open.first()?.timestamp;
            Some((since.plus_ms(i64::from(producer.settings.linger_ms)), Due::Linger(producer.id)))
        });
        let produce_time_outs = self.producers.values().flat_map(|producer| {
            producer.asked.iter().map(|(request, (give_up, _))| (*give_up, Due::TimeOut(*request)))
        });
        let polling = self.consumers.values().filter_map(|consumer| {
            let able = consumer.leader.usable().is_some() || !consumer.next_records().is_empty();
            let polls = consumer.settings.polls == Polls::InALoop && consumer.fetch.is_none() && able;
            (polls && self.runs_by_itself()).then_some((consumer.busy_until, Due::Poll(consumer.id)))
        });
        let consumer_time_outs = self.consumers.values().flat_map(|consumer| {
            let asked = consumer.fetch.into_iter().chain(consumer.commit);
            asked.map(|asked| (asked.give_up, Due::TimeOut(asked.request)))
        });
        let producers = self.producers.values().map(|producer| (Endpoint::Producer(producer.id), &producer.leader));
        let consumers = self.consumers.values().map(|consumer| (Endpoint::Consumer(consumer.id), &consumer.leader));
        let looking = producers.chain(consumers).filter_map(|(client, known)| match known.asks {
            Asking::Asked(asked) => Some((asked.give_up, Due::TimeOut(asked.request))),
            Asking::BackOff { until } => Some((until, Due::AskLeader(client))),
            Asking::Idle | Asking::AwaitsMetadata => None,
        });
        lingering.chain(produce_time_outs).chain(polling).chain(consumer_time_outs).chain(looking)
    }

    fn due_at_broker<'a>(&'a self, broker: &'a Broker) -> impl Iterator<Item = (Tick, Due)> + 'a {
        let id = broker.id;
        let waiting = match &broker.role {
            Role::Leader(leading) => leading.waiting.as_slice(),
            Role::Follower(_) | Role::None => &[],
        };
        let waiting = waiting.iter().map(move |at| (at.until, Due::WaitOver { broker: id, request: at.request }));
        let time_outs = broker.asked().map(|asked| (asked.give_up, Due::TimeOut(asked.request)));
        let fetching = match &broker.role {
            Role::Follower(following) => match following.fetch {
                Asking::Idle if self.runs_by_itself() => Some((self.tick, Due::FollowerFetch(id))),
                Asking::BackOff { until } => Some((until, Due::BackOff(id))),
                Asking::Idle | Asking::Asked(_) | Asking::AwaitsMetadata => None,
            },
            Role::Leader(_) | Role::None => None,
        };
        waiting.chain(time_outs).chain(fetching).chain(self.duties_of(broker))
    }

    /// What a broker owes the controller. Without one, or by hand, it owes nothing unless told to.
    fn duties_of(&self, broker: &Broker) -> impl Iterator<Item = (Tick, Due)> {
        let (id, duties, now) = (broker.id, &broker.duties, self.tick);
        let owes = !self.controllers.is_empty() && self.runs_by_itself();
        let proposes = matches!(&broker.role, Role::Leader(leading) if leading.isr.in_flight.is_some());
        let registers = duties.registration.may_ask_at(now).filter(|_| duties.epoch.is_none());
        let beats = duties.heartbeat.may_ask_at(now).filter(|_| duties.epoch.is_some());
        let asks_isr = duties.alter_partition.may_ask_at(now).filter(|_| proposes);
        let work = duties.next_isr_check.min(duties.next_checkpoint);
        let all = [
            registers.map(|at| (at, Due::Register(id))),
            beats.map(|at| (at, Due::Heartbeat(id))),
            duties.metadata.may_ask_at(now).map(|at| (at, Due::Learn(id))),
            asks_isr.map(|at| (at, Due::AskIsr(id))),
            Some((work, Due::RegularWork(id))),
        ];
        all.into_iter().flatten().filter(move |_| owes)
    }

    fn due_at_controller<'a>(&'a self, controller: &'a Controller) -> impl Iterator<Item = (Tick, Due)> + 'a {
        let id = controller.id;
        let works = controller.process == Process::Up;
        let waiting = controller.waiting.iter().filter_map(move |waiting| match waiting.wants {
            MetadataWants::Records { until, .. } => {
                Some((until, Due::MetadataWaitOver { controller: id, request: waiting.request }))
            }
            MetadataWants::Commit { .. } => None,
        });
        let watched = controller.active && self.runs_by_itself();
        let unfenced = controller.image.brokers.iter().filter(move |(_, known)| watched && !known.fenced);
        let sessions = unfenced.filter_map(move |(broker, _)| {
            let session = controller.sessions.get(broker)?;
            Some((session.heard.plus_ms(SESSION_TIMEOUT_MS), Due::SessionOver { controller: id, broker: *broker }))
        });
        waiting.chain(sessions).filter(move |_| works)
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
            Due::TimeOut(request) => self.time_out(request),
        }
        self.end_step();
    }
}
