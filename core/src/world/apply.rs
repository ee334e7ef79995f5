//! The one place where a world changes. A replay of a run is nothing but this, event after event.

use super::follower::back_off;
use super::state::{
    Asking, Broker, Consumer, Controller, Folded, Following, LeaderKnown, Leading, Process, Producer, Role,
};
use super::{CLIENT_BACKOFF_MS, Premise, World};
use crate::command::{Acks, ConsumerSettings, ProducerSettings, Schedule};
use crate::event::{Event, EventKind};
use crate::ids::{
    BrokerId, BrokerSet, ConsumerIndex, ControllerId, Endpoint, LeaderEpoch, Offset, ProducerIndex, RecordId, Tick,
};
use crate::rules::commit_rule::CommitRule;
use crate::rules::isr::Isr;
use crate::rules::replica::Follower;
use crate::rules::storage::StorageRule;
use crate::rules::truncation_rule::TruncationRule;
use litemap::LiteMap;

impl World {
    /// Changes the world as the event says. Replaying the events of a run in order gives the same worlds.
    pub fn apply_event(&mut self, event: &Event) {
        self.tick = event.tick;
        self.history.next_event = event.id.0 + 1;
        for subject in event.kind.subjects() {
            self.history.touched.insert_mut(subject, event.id);
        }
        self.apply_kind(&event.kind);
    }

    /// Every event has its line here, so that none changes nothing unnoticed.
    #[expect(clippy::too_many_lines, reason = "a list: every event stands in it once")]
    fn apply_kind(&mut self, kind: &EventKind) {
        match kind {
            EventKind::Commanded(_) | EventKind::Refused(_) => {}
            EventKind::TimePassed { ms } => self.tick = self.tick.plus_ms(*ms),
            EventKind::ScheduleSet(schedule) => self.schedule = *schedule,
            EventKind::ClusterStarted(settings) => self.start_cluster(settings),

            // Links, and messages with who waits for their answers.
            EventKind::NetworkSet { latency_ms, jitter_ms } => self.network.set(*latency_ms, *jitter_ms),
            EventKind::LinkSet { link, latency_ms } => self.network.set_link(*link, *latency_ms),
            EventKind::LinkHeld { link } => self.network.hold(*link),
            EventKind::LinkReleased { link } => self.network.release(*link),
            EventKind::LinkCut { link } => {
                self.network.cut.insert(*link, ());
            }
            EventKind::LinkHealed { link } => {
                self.network.cut.remove(link);
            }
            EventKind::NextWillBeLost { kind, link } => {
                self.network.drop_next.insert((*kind, link.from, link.to), ());
            }
            EventKind::MessageSent { message, due } => self.send(message, *due),
            EventKind::MessageDelivered { message } => self.arrive(message),
            EventKind::MessageDropped { message } => {
                self.network.forget(message.id);
                self.network.drop_next.remove(&(message.id.kind, message.id.from, message.id.to));
            }
            EventKind::RequestGivenUp { request, retry_at, .. } => self.give_up(*request, *retry_at),
            EventKind::AskLater { request, until } => self.forget_request(*request, back_off(*until), true),

            // Logs, marks and what a leader keeps.
            EventKind::BatchAppended { broker, batch } | EventKind::BatchCopied { broker, batch } => {
                self.at_broker(*broker, |at| at.write(batch));
            }
            EventKind::HighWatermarkAdvanced { broker, to, .. } => {
                self.note_unheard_minimum(*broker);
                self.at_broker(*broker, |at| at.high_watermark = *to);
            }
            EventKind::HighWatermarkLearned { broker, to, .. } => {
                self.at_broker(*broker, |at| at.high_watermark = *to);
            }
            EventKind::StorageSet(rule) => {
                self.topic.storage = *rule;
                if *rule != StorageRule::Keep {
                    self.ledger.given_up.insert(Premise::KeptRecords);
                }
            }
            EventKind::CommitRuleSet(rule) => {
                self.topic.commit_rule = *rule;
                if *rule != CommitRule::InSyncReplicas {
                    self.ledger.given_up.insert(Premise::KafkasCommitRule);
                }
            }
            EventKind::TruncationRuleSet(rule) => {
                self.topic.truncation_rule = *rule;
                if *rule != TruncationRule::Kip320 {
                    self.ledger.given_up.insert(Premise::KafkasTruncation);
                }
            }
            EventKind::LogStartMoved { broker, to, .. } => self.start_log_at(*broker, *to),
            EventKind::FollowerNoted { leader, follower, known, .. }
            | EventKind::FollowerSeen { leader, follower, known } => {
                self.at_leader(*leader, |at| {
                    at.followers.insert(*follower, *known);
                });
            }
            EventKind::RequestParked { broker, waiting } => self.at_leader(*broker, |at| at.waiting.push(*waiting)),
            EventKind::OffsetCommitted { consumer, offset, .. } => {
                self.topic.committed.insert(*consumer, *offset);
            }
            EventKind::BackOffEnded { broker } => self.at_follower(*broker, |at| at.fetch = Asking::Idle),

            // Producers and consumers.
            EventKind::ProducerAdded { producer, settings } => self.add_producer(*producer, *settings),
            EventKind::RecordAccumulated { producer, record } => self.at_producer(*producer, |at| at.add(record)),
            EventKind::FlushAsked { producer } => self.at_producer(*producer, |at| at.flushing = !at.open.is_empty()),
            EventKind::Acknowledged { producer, records, base } => self.acknowledge(*producer, records, *base),
            EventKind::SendFailed { producer, records, .. } | EventKind::SentWithoutAnswer { producer, records } => {
                self.at_producer(*producer, |at| at.forget(records));
            }
            EventKind::SendWillBeRetried { producer, again, .. } => {
                self.at_producer(*producer, |at| at.send_again(again));
            }
            EventKind::LeaderLearnt { client, leader, epoch } => self.learn_leader(*client, *leader, *epoch),
            EventKind::LeaderDoubted { client } => self.doubt_leader(*client),
            EventKind::PositionValidated { consumer } => self.at_consumer(*consumer, |at| at.validates = false),
            EventKind::TruncationDetected { consumer, to, .. } => self.at_consumer(*consumer, |at| at.move_to(*to)),
            EventKind::ConsumerAdded { consumer, settings, position } => {
                self.add_consumer(*consumer, *settings, *position);
            }
            EventKind::RecordsFetched { consumer, batches } => {
                self.at_consumer(*consumer, |at| at.buffer.clone_from(batches));
            }
            EventKind::RecordsRead { consumer, records, position, epoch, busy_until } => {
                for (offset, record) in records {
                    if !self.ledger.read.contains_key(offset) {
                        self.ledger.read.insert_mut(*offset, *record);
                    }
                }
                self.at_consumer(*consumer, |at| {
                    at.take(records.len(), *position, *busy_until);
                    at.position_epoch = Some(*epoch);
                });
            }
            EventKind::RowChanged { consumer, offset, key, to, .. } => self.at_consumer(*consumer, |at| {
                at.set_row(key, *to);
                at.folded = Some(Folded { offset: *offset, key: key.clone(), changed: true });
            }),
            EventKind::RowLeft { consumer, offset, key, .. } => self.at_consumer(*consumer, |at| {
                at.folded = Some(Folded { offset: *offset, key: key.clone(), changed: false });
            }),
            EventKind::ProgramDeployed { consumer, program, to } => {
                self.at_consumer(*consumer, |at| at.deploy(*program, *to));
            }
            EventKind::PositionReset { consumer, to, .. } | EventKind::PositionSought { consumer, to, .. } => {
                self.at_consumer(*consumer, |at| at.move_to(*to));
            }
            EventKind::CommitConfirmed { consumer, offset } => {
                self.at_consumer(*consumer, |at| at.confirmed = Some(*offset));
            }
            EventKind::ConsumerRestarted { consumer, to, .. } => self.at_consumer(*consumer, |at| at.start_anew(*to)),

            // Machines, metadata and roles.
            EventKind::Crashed { at, log_end, lost_power } => self.crash(*at, *log_end, *lost_power),
            EventKind::Stopped { broker } => self.at_broker(*broker, Broker::stop),
            EventKind::Started { at } => self.start_process(*at),
            EventKind::Froze { at } => self.set_process(*at, Process::Frozen),
            EventKind::Thawed { at } => self.set_process(*at, Process::Up),
            EventKind::StopAsked { broker } => self.at_broker(*broker, |at| at.duties.stopping = true),
            EventKind::DiskWiped { broker } => {
                self.ledger.given_up.insert(Premise::NoWipedDisk);
                self.at_broker(*broker, Broker::wipe);
            }
            EventKind::ReplicaDeleted { broker } => self.at_broker(*broker, Broker::delete_replica),
            EventKind::DiskSlowed { broker, ms } => self.at_broker(*broker, |at| at.disk.slow_ms = *ms),
            EventKind::Flushed { broker, to } => self.at_broker(*broker, |at| at.disk.flushed = *to),
            EventKind::MarkCheckpointed { broker, to } => self.at_broker(*broker, |at| at.disk.checkpointed = *to),
            EventKind::ClockSet { broker, ahead_ms } => {
                self.at_broker(*broker, |at| at.clock_ahead_ms = *ahead_ms);
            }

            EventKind::MetadataReplayed { broker, record, .. } => {
                self.at_broker(*broker, |at| at.image.replay(record));
            }
            EventKind::MetadataCaughtUp { broker } => self.at_broker(*broker, |at| at.duties.caught_up = true),
            EventKind::Registered { broker, epoch } => self.at_broker(*broker, |at| at.duties.epoch = Some(*epoch)),
            EventKind::ControllerKnown { broker, controller } => {
                self.at_broker(*broker, |at| at.duties.controller = *controller);
            }
            EventKind::DutiesPlanned { broker, next_isr_check, next_checkpoint } => self.at_broker(*broker, |at| {
                at.duties.next_isr_check = *next_isr_check;
                at.duties.next_checkpoint = *next_checkpoint;
            }),

            EventKind::BecameLeader { broker, leading } => {
                self.note_missed_reign(*broker, leading.epoch);
                self.at_broker(*broker, |at| at.lead(leading));
            }
            EventKind::BecameFollower { broker, following } => {
                self.at_broker(*broker, |at| at.role = Role::Follower(*following));
            }
            EventKind::LostRole { broker } => self.at_broker(*broker, |at| at.role = Role::None),
            EventKind::LogTruncated { broker, to, .. } => self.at_broker(*broker, |at| at.cut(*to)),
            EventKind::IsrProposed { broker, isr } => self.at_leader(*broker, |at| {
                at.isr.in_flight = Some(*isr);
                let members = at.followers.iter().filter(|(id, _)| isr.contains(**id));
                at.proposed_epochs = members.filter_map(|(id, follower)| Some((*id, follower.broker_epoch?))).collect();
            }),
            EventKind::IsrCommitted { broker, isr, partition_epoch } => {
                self.commit_isr(*broker, *isr, *partition_epoch);
            }
            EventKind::IsrRefused { broker, falls_back, .. } => self.isr_refused(*broker, *falls_back),
            EventKind::EpochEndTold { broker, ask_next } => {
                self.at_follower(*broker, |at| at.asks_end_of = *ask_next);
            }

            // What controllers keep.
            EventKind::MetadataAppended { controller, offset, epoch, record } => {
                self.note_premises(record);
                self.at_controller(*controller, |at| {
                    at.write(*offset, *epoch, record);
                    at.voter.wrote(offset.plus(1));
                });
            }
            EventKind::MetadataCopied { controller, offset, epoch, record } => {
                self.at_controller(*controller, |at| at.write(*offset, *epoch, record));
            }
            EventKind::MetadataTruncated { controller, to, .. } => self.at_controller(*controller, |at| at.cut(*to)),
            EventKind::MetadataCommitted { controller, to } => self.at_controller(*controller, |at| {
                at.committed = *to;
                at.voter.committed(*to);
            }),
            EventKind::MetadataMarkLearned { controller, to } => {
                self.at_controller(*controller, |at| at.committed = *to);
            }
            EventKind::QuorumTurned { controller, voter, .. } => self.at_controller(*controller, |at| at.turn(voter)),
            EventKind::ControllerActivated { controller } => {
                let now = self.tick;
                self.at_controller(*controller, |at| at.begin_sessions(now, Offset::ZERO));
            }
            EventKind::MetadataRequestParked { controller, waiting } => {
                self.at_controller(*controller, |at| at.waiting.push(waiting.clone()));
            }
            EventKind::HeartbeatNoted { controller, broker, session } => self.at_controller(*controller, |at| {
                at.sessions.insert(*broker, *session);
            }),
        }
    }

    fn start_log_at(&mut self, id: BrokerId, to: Offset) {
        if self.topic.storage == StorageRule::DeleteOnAcknowledge && self.leading(id).is_some() {
            self.topic.deleted_below = to;
        }
        self.at_broker(id, |at| {
            if to > at.log.log_end() {
                at.epochs.truncate_from_end(Offset::ZERO);
            }
            at.log.start_at(to);
            at.epochs.truncate_from_start(to);
            at.high_watermark = at.high_watermark.max(to);
        });
    }

    /// The leader learns of replicas that a reassignment has added with the ISR. Those that it takes out are gone with
    /// a new leader epoch.
    fn commit_isr(&mut self, id: BrokerId, isr: BrokerSet, partition_epoch: i32) {
        let known = self.brokers.get(&id).map(|broker| broker.image.partition.replicas.clone()).unwrap_or_default();
        // New metadata is what a leader waits for whose proposal came too late.
        self.at_broker(id, |at| {
            if at.duties.alter_partition == Asking::AwaitsMetadata {
                at.duties.alter_partition = Asking::Idle;
            }
        });
        self.at_leader(id, |at| {
            at.isr = Isr { committed: isr, in_flight: None };
            at.partition_epoch = partition_epoch;
            for replica in known.into_iter().filter(|replica| *replica != id) {
                if !at.followers.contains_key(&replica) {
                    at.followers.insert(replica, Follower::default());
                }
            }
        });
    }

    fn isr_refused(&mut self, id: BrokerId, falls_back: bool) {
        self.at_broker(id, |at| {
            if !falls_back {
                at.duties.alter_partition = Asking::AwaitsMetadata;
            } else if let Role::Leader(leading) = &mut at.role {
                leading.isr.in_flight = None;
            }
        });
    }

    /// Who was told nothing new a moment ago waits before it asks again (Kafka: `Metadata.timeToAllowUpdate`).
    fn doubt_leader(&mut self, client: Endpoint) {
        let now = self.tick;
        self.at_client(client, |known| {
            known.stale = true;
            if !matches!(known.asks, Asking::BackOff { until } if until > now) {
                known.asks = Asking::Idle;
            }
        });
    }

    fn learn_leader(&mut self, client: Endpoint, leader: Option<BrokerId>, epoch: LeaderEpoch) {
        let fences = self.topic.truncation_rule.fetch_names_epochs();
        let is_new = self.leader_known(client).is_some_and(|known| known.epoch != epoch);
        let again = self.tick.plus_ms(CLIENT_BACKOFF_MS);
        self.at_client(client, |known| {
            let says_the_same = (known.leader, known.epoch) == (leader, epoch);
            (known.leader, known.epoch, known.stale) = (leader, epoch, false);
            known.asks = if says_the_same { Asking::BackOff { until: again } } else { Asking::Idle };
        });
        if let Endpoint::Consumer(id) = client {
            self.at_consumer(id, |at| at.validates |= fences && is_new && at.position_epoch.is_some());
        }
    }

    fn add_producer(&mut self, id: ProducerIndex, settings: ProducerSettings) {
        if settings.acks != Acks::All {
            self.ledger.given_up.insert(Premise::AcksAll);
        }
        let (open, asked, again, leader) = (Vec::new(), LiteMap::new(), Vec::new(), self.first_known());
        self.producers.insert(id, Producer { id, settings, given: 0, open, flushing: false, asked, again, leader });
    }

    fn acknowledge(&mut self, producer: ProducerIndex, records: &[RecordId], base: Offset) {
        for (offset, record) in (base.0..).zip(records) {
            self.ledger.acknowledged.insert_mut(*record, Offset(offset));
        }
        self.at_producer(producer, |at| at.forget(records));
    }

    fn add_consumer(&mut self, id: ConsumerIndex, settings: ConsumerSettings, position: Offset) {
        let added = Consumer {
            leader: self.first_known(),
            position_epoch: None,
            validates: false,
            id,
            settings,
            position,
            buffer: Vec::new(),
            fetch: None,
            last_asked: None,
            commit: None,
            confirmed: None,
            table: LiteMap::new(),
            folded: None,
            read: 0,
            busy_until: Tick::ZERO,
        };
        self.consumers.insert(id, added);
    }

    pub(super) fn at_producer(&mut self, id: ProducerIndex, change: impl FnOnce(&mut Producer)) {
        if let Some(producer) = self.producers.get_mut(&id) {
            change(producer);
        }
    }

    pub(super) fn at_consumer(&mut self, id: ConsumerIndex, change: impl FnOnce(&mut Consumer)) {
        if let Some(consumer) = self.consumers.get_mut(&id) {
            change(consumer);
        }
    }

    pub(super) fn at_broker(&mut self, id: BrokerId, change: impl FnOnce(&mut Broker)) {
        if let Some(broker) = self.brokers.get_mut(&id) {
            change(broker);
        }
    }

    /// What a client that has just come knows: who leads now, without a message.
    fn first_known(&self) -> LeaderKnown {
        let leader = self.leader().map(|(broker, leading)| (broker.id, leading.epoch));
        LeaderKnown {
            leader: leader.map(|(id, _)| id),
            epoch: leader.map_or(LeaderEpoch(-1), |(_, epoch)| epoch),
            asks: Asking::Idle,
            stale: leader.is_none(),
            next: BrokerId(1),
        }
    }

    pub(super) fn at_client(&mut self, client: Endpoint, change: impl FnOnce(&mut LeaderKnown)) {
        match client {
            Endpoint::Producer(id) => self.at_producer(id, |at| change(&mut at.leader)),
            Endpoint::Consumer(id) => self.at_consumer(id, |at| change(&mut at.leader)),
            Endpoint::Broker(_) | Endpoint::Controller(_) => {}
        }
    }

    pub(super) fn at_controller(&mut self, id: ControllerId, change: impl FnOnce(&mut Controller)) {
        if let Some(controller) = self.controllers.get_mut(&id) {
            change(controller);
        }
    }

    /// Changes what only a leader keeps, if this broker leads.
    pub(super) fn at_leader(&mut self, id: BrokerId, change: impl FnOnce(&mut Leading)) {
        self.at_broker(id, |broker| match &mut broker.role {
            Role::Leader(leading) => change(leading),
            Role::Follower(_) | Role::None => {}
        });
    }

    /// Changes what only a follower keeps, if this broker follows.
    pub(super) fn at_follower(&mut self, id: BrokerId, change: impl FnOnce(&mut Following)) {
        self.at_broker(id, |broker| match &mut broker.role {
            Role::Follower(following) => change(following),
            Role::Leader(_) | Role::None => {}
        });
    }

    /// Whether messages arrive and followers fetch by themselves.
    pub(super) fn runs_by_itself(&self) -> bool {
        self.schedule == Schedule::Automatic
    }
}
