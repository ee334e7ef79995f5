//! The active controller: it writes what becomes of brokers and partition into the metadata log, and answers once that
//! is committed. Source: `ClusterControlManager`, `ReplicationControlManager`, `BrokerHeartbeatManager`.

use super::metadata::{MetadataRecord, TopicSettings};
use super::{
    Acting, Body, Controller, ControllerError, HeartbeatAnswer, METADATA_FETCH_WAIT_MS, MetadataFetched,
    MetadataWaiting, MetadataWants, Process, SESSION_TIMEOUT_MS, Session, World,
};
use crate::command::ElectionType;
use crate::event::{EventKind, Refusal};
use crate::ids::{BrokerId, BrokerSet, ControllerId, Endpoint, MessageId, Offset};
use crate::rules::alter_partition::Proposal;
use crate::rules::alter_partition_check::{AlterCheck, check_alter_partition};
use crate::rules::election::{Change, Election, Registration};
use crate::rules::partition_change::{Outcome, change_partition};
use std::sync::Arc;

impl World {
    /// The controller that leads the quorum, as far as it knows. One that lost its majority may think so too: this is
    /// the one with the latest epoch.
    #[must_use]
    pub fn active_controller(&self) -> Option<&Controller> {
        let active = self.controllers.values().filter(|controller| controller.active);
        active.filter(|controller| controller.process == Process::Up).max_by_key(|controller| controller.epoch)
    }

    fn active(&self, id: ControllerId) -> Option<&Controller> {
        self.controllers.get(&id).filter(|controller| controller.active && controller.process == Process::Up)
    }
}

impl Controller {
    /// Brokers that may lead and be in sync.
    fn live(&self) -> BrokerSet {
        self.image.brokers.iter().filter(|(_, known)| known.is_active()).map(|(id, _)| *id).collect()
    }

    /// The partition's change to this ISR, with the election that comes of it.
    fn change(&self, isr: Vec<BrokerId>, elr_enabled: bool) -> Change {
        let unclean = self.image.topic.unclean_elections;
        Change {
            election: if unclean { Election::Unclean } else { Election::Online },
            target_isr: isr,
            live: self.live(),
            unclean_shutdown: BrokerSet::default(),
            min_isr: self.image.min_in_sync(),
            elr_enabled,
            use_last_known_leader: elr_enabled,
            target_recovering: self.image.partition.recovering,
        }
    }
}

/// The record of a change, if there is one.
fn record_of(partition: &Registration, change: &Change) -> Option<MetadataRecord> {
    match change_partition(partition, change) {
        Outcome::Unchanged => None,
        Outcome::SameLeadership(partition) => Some(MetadataRecord::PartitionChange { partition, names_leader: false }),
        Outcome::NewLeaderEpoch(partition) => Some(MetadataRecord::PartitionChange { partition, names_leader: true }),
    }
}

fn without(list: &[BrokerId], gone: BrokerId) -> Vec<BrokerId> {
    list.iter().copied().filter(|id| *id != gone).collect()
}

impl Acting<'_> {
    /// Writes records at the end of the metadata log. With one controller that commits them.
    pub(super) fn write_metadata(&mut self, id: ControllerId, records: Vec<MetadataRecord>) {
        for record in records {
            let Some(controller) = self.world.active(id) else { return };
            let (offset, epoch) = (controller.log_end(), controller.epoch);
            let record = Arc::new(record);
            self.emit_then(EventKind::MetadataAppended { controller: id, offset, epoch, record });
        }
        if self.world.controllers.len() == 1 {
            let to = self.world.controllers.get(&id).map_or(Offset::ZERO, Controller::log_end);
            self.commit_metadata(id, to);
        }
    }

    /// Everything below `to` is committed: who waited for it is answered.
    pub(super) fn commit_metadata(&mut self, id: ControllerId, to: Offset) {
        let Some(controller) = self.world.active(id) else { return };
        if to <= controller.committed {
            return;
        }
        self.emit_then(EventKind::MetadataCommitted { controller: id, to });
        let Some(controller) = self.world.active(id) else { return };
        for MetadataWaiting { request, wants } in controller.waiting.clone() {
            match wants {
                MetadataWants::Commit { committed, answer } if committed <= to => {
                    self.answer(id, request, Arc::unwrap_or_clone(answer));
                }
                MetadataWants::Records { offset, .. } if offset < to => self.answer_metadata(id, request, offset),
                MetadataWants::Commit { .. } | MetadataWants::Records { .. } => {}
            }
        }
    }

    fn answer(&mut self, id: ControllerId, request: MessageId, body: Body) {
        let routine = match &body {
            Body::BrokerHeartbeatResponse { answer: Ok(answer), .. } => !answer.fenced && !answer.may_stop,
            Body::FetchMetadataResponse { answer: Ok(fetched), .. } => fetched.records.is_empty(),
            _ => false,
        };
        self.send(Endpoint::Controller(id), request.from, body, routine);
    }

    /// Answers now if everything written so far is committed, else when it is.
    fn answer_when_committed(&mut self, id: ControllerId, request: MessageId, answer: Body) {
        let Some(controller) = self.world.active(id) else { return };
        let end = controller.log_end();
        if controller.committed >= end {
            self.answer(id, request, answer);
        } else {
            let wants = MetadataWants::Commit { committed: end, answer: Arc::new(answer) };
            let waiting = MetadataWaiting { request, wants };
            self.emit(EventKind::MetadataRequestParked { controller: id, waiting });
        }
    }

    fn answer_metadata(&mut self, id: ControllerId, request: MessageId, from: Offset) {
        let Some(controller) = self.world.controllers.get(&id) else { return };
        let committed = controller.committed;
        let records = controller.log.range(from..committed.max(from)).map(|(_, (_, record))| Arc::clone(record));
        let answer = Ok(MetadataFetched { from, records: records.collect(), committed });
        self.answer(id, request, Body::FetchMetadataResponse { request, answer });
    }

    /// A request of a broker at a controller that may not lead the quorum.
    pub(super) fn arrived_at_controller(&mut self, id: ControllerId, request: MessageId, body: &Body) {
        let Endpoint::Broker(broker) = request.from else { return };
        if self.world.active(id).is_none() {
            return self.turn_away_from_controller(id, request, body);
        }
        match body {
            Body::BrokerRegistration { start, clean } => self.broker_registers(id, request, broker, *start, *clean),
            Body::BrokerHeartbeat { broker_epoch, metadata_end, wants_to_stop } => {
                self.heartbeat_arrived(id, request, *broker_epoch, *metadata_end, *wants_to_stop);
            }
            Body::FetchMetadata { offset } => self.metadata_asked(id, request, *offset),
            Body::AlterPartition { proposal, recovering } => {
                self.isr_asked(id, request, *proposal, *recovering);
            }
            _ => {}
        }
    }

    fn turn_away_from_controller(&mut self, id: ControllerId, request: MessageId, body: &Body) {
        let hint = self.world.active_controller().map(|active| active.id).filter(|active| *active != id);
        let error = ControllerError::NotController(hint);
        let answer = match body {
            Body::BrokerRegistration { .. } => Body::BrokerRegistrationResponse { request, answer: Err(error) },
            Body::BrokerHeartbeat { .. } => Body::BrokerHeartbeatResponse { request, answer: Err(error) },
            Body::FetchMetadata { .. } => Body::FetchMetadataResponse { request, answer: Err(error) },
            Body::AlterPartition { proposal, .. } => {
                let (proposal, answer) = (*proposal, AlterCheck::NotController);
                Body::AlterPartitionResponse { request, proposal, answer }
            }
            _ => return,
        };
        self.send(Endpoint::Controller(id), request.from, answer, false);
    }

    /// A start of a broker asks for its registration. While the former start's session lives, its id is taken.
    fn broker_registers(&mut self, id: ControllerId, request: MessageId, broker: BrokerId, start: u32, clean: bool) {
        let Some(controller) = self.world.active(id) else { return };
        let known = controller.image.brokers.get(&broker).copied();
        let alive = controller
            .sessions
            .get(&broker)
            .is_some_and(|session| session.heard.plus_ms(SESSION_TIMEOUT_MS) > self.world.tick);
        if known.is_some_and(|known| known.start != start && !known.fenced) && alive {
            let answer = Err(ControllerError::DuplicateBrokerRegistration);
            return self.answer(id, request, Body::BrokerRegistrationResponse { request, answer });
        }
        if let Some(known) = known.filter(|known| known.start == start) {
            let answer = Ok(known.epoch);
            return self.answer_when_committed(id, request, Body::BrokerRegistrationResponse { request, answer });
        }
        let epoch = controller.log_end().0;
        let mut records = vec![MetadataRecord::RegisterBroker { broker, start }];
        let partition = &controller.image.partition;
        let in_isr = partition.isr.contains(&broker) || partition.leader == Some(broker);
        // Unclean: what it had not flushed may be gone, and it counts for nothing any more (KIP-966). Else, and without
        // ELR, it counts as one that was fenced: its old start may never have been (`handleBrokerShutdown`).
        let unclean = !clean && self.world.topic.elr;
        if in_isr || unclean && partition.elr.contains(&broker) {
            let mut change = controller.change(without(&partition.isr, broker), self.world.topic.elr);
            change.live = change.live.without(broker);
            if unclean {
                change.unclean_shutdown = BrokerSet::default().with(broker);
            }
            records.extend(record_of(partition, &change));
        }
        self.write_metadata(id, records);
        self.hear_of(id, broker, Offset::ZERO, None);
        self.answer_when_committed(id, request, Body::BrokerRegistrationResponse { request, answer: Ok(epoch) });
    }

    fn hear_of(&mut self, id: ControllerId, broker: BrokerId, metadata_end: Offset, may_stop_at: Option<Offset>) {
        let session = Session { heard: self.world.tick, metadata_end, may_stop_at };
        self.emit(EventKind::HeartbeatNoted { controller: id, broker, session });
    }

    fn heartbeat_arrived(
        &mut self,
        id: ControllerId,
        request: MessageId,
        epoch: i64,
        metadata_end: Offset,
        wants_to_stop: bool,
    ) {
        let (Some(controller), Endpoint::Broker(broker)) = (self.world.active(id), request.from) else { return };
        let Some(known) = controller.image.brokers.get(&broker).copied().filter(|known| known.epoch == epoch) else {
            let answer = Err(ControllerError::StaleBrokerEpoch);
            return self.answer(id, request, Body::BrokerHeartbeatResponse { request, answer });
        };
        let may_stop_at = controller.sessions.get(&broker).and_then(|session| session.may_stop_at);
        self.hear_of(id, broker, metadata_end, may_stop_at);
        if known.fenced && !wants_to_stop && metadata_end.0 > known.epoch {
            self.unfence(id, broker);
        } else if wants_to_stop && !known.shutting_down && !known.fenced {
            self.begin_shutdown(id, broker);
            let end = self.world.active(id).map(Controller::log_end);
            self.hear_of(id, broker, metadata_end, end);
        }
        let Some(controller) = self.world.active(id) else { return };
        let others_know = |end: Offset| {
            let active = controller.live();
            controller
                .sessions
                .iter()
                .filter(|(other, _)| active.contains(**other))
                .all(|(_, session)| session.metadata_end >= end)
        };
        let session = controller.sessions.get(&broker);
        let may_stop = wants_to_stop && session.and_then(|session| session.may_stop_at).is_none_or(others_know);
        let fenced = controller.image.brokers.get(&broker).is_some_and(|known| known.fenced);
        let answer = Ok(HeartbeatAnswer { fenced, may_stop });
        self.answer_when_committed(id, request, Body::BrokerHeartbeatResponse { request, answer });
    }

    /// The broker has caught up with the metadata: it may lead, and partitions without a leader may want it.
    fn unfence(&mut self, id: ControllerId, broker: BrokerId) {
        self.set_registration(id, broker, false, false);
        let Some(controller) = self.world.active(id) else { return };
        let partition = &controller.image.partition;
        if partition.leader.is_none() {
            let change = controller.change(partition.isr.clone(), self.world.topic.elr);
            let record = record_of(partition, &change);
            self.write_metadata(id, record.into_iter().collect());
        }
    }

    fn set_registration(&mut self, id: ControllerId, broker: BrokerId, fenced: bool, shutting_down: bool) {
        let record = MetadataRecord::BrokerRegistrationChange { broker, fenced, shutting_down };
        self.write_metadata(id, vec![record]);
    }

    fn begin_shutdown(&mut self, id: ControllerId, broker: BrokerId) {
        self.set_registration(id, broker, false, true);
        self.remove_from_isr(id, broker);
    }

    /// The broker counts as dead: its session is over, or an operator says so.
    pub(super) fn fence(&mut self, id: ControllerId, broker: BrokerId) {
        self.set_registration(id, broker, true, false);
        self.remove_from_isr(id, broker);
    }

    fn remove_from_isr(&mut self, id: ControllerId, broker: BrokerId) {
        let Some(controller) = self.world.active(id) else { return };
        let partition = &controller.image.partition;
        if partition.isr.contains(&broker) || partition.leader == Some(broker) {
            let change = controller.change(without(&partition.isr, broker), self.world.topic.elr);
            let record = record_of(partition, &change);
            self.write_metadata(id, record.into_iter().collect());
        }
    }

    fn metadata_asked(&mut self, id: ControllerId, request: MessageId, offset: Offset) {
        let Some(controller) = self.world.active(id) else { return };
        if offset < controller.committed {
            return self.answer_metadata(id, request, offset);
        }
        let until = self.world.tick.plus_ms(METADATA_FETCH_WAIT_MS);
        let waiting = MetadataWaiting { request, wants: MetadataWants::Records { offset, until } };
        self.emit(EventKind::MetadataRequestParked { controller: id, waiting });
    }

    /// A fetch of the metadata has waited long enough.
    pub(super) fn metadata_wait_over(&mut self, id: ControllerId, request: MessageId) {
        let Some(controller) = self.world.controllers.get(&id) else { return };
        let waiting = controller.waiting.iter().find(|waiting| waiting.request == request);
        if let Some(MetadataWants::Records { offset, .. }) = waiting.map(|waiting| waiting.wants.clone()) {
            self.answer_metadata(id, request, offset);
        }
    }

    /// A leader asks for another ISR.
    fn isr_asked(&mut self, id: ControllerId, request: MessageId, proposal: Proposal, recovering: bool) {
        let (Some(controller), Endpoint::Broker(sender)) = (self.world.active(id), request.from) else { return };
        let (partition, live) = (&controller.image.partition, controller.live());
        let answer = check_alter_partition(partition, sender, proposal, recovering, live);
        if answer == AlterCheck::Accept {
            let mut change = controller.change(proposal.isr.iter().collect(), self.world.topic.elr);
            change.election = Election::Online;
            change.target_recovering = recovering;
            let record = record_of(partition, &change);
            self.write_metadata(id, record.into_iter().collect());
        }
        self.answer_when_committed(id, request, Body::AlterPartitionResponse { request, proposal, answer });
    }

    /// `kafka-leader-election`.
    pub(super) fn elect(&mut self, kind: ElectionType) -> Result<(), Refusal> {
        let controller = self.world.active_controller().ok_or(Refusal::NoController)?;
        let id = controller.id;
        let partition = &controller.image.partition;
        if kind == ElectionType::Unclean && partition.leader.is_some() {
            return Err(Refusal::NothingToElect);
        }
        let mut change = controller.change(partition.isr.clone(), self.world.topic.elr);
        change.election = match kind {
            ElectionType::Preferred => Election::Preferred,
            ElectionType::Unclean => Election::Unclean,
        };
        let record = record_of(partition, &change).ok_or(Refusal::NothingToElect)?;
        self.write_metadata(id, vec![record]);
        Ok(())
    }

    /// `kafka-configs --alter`. A lower `min.insync.replicas` makes the ELR void.
    pub(super) fn configure(&mut self, topic: TopicSettings) -> Result<(), Refusal> {
        let controller = self.world.active_controller().ok_or(Refusal::NoController)?;
        let (id, partition) = (controller.id, controller.image.partition.clone());
        let changes_min = controller.image.topic.min_in_sync != topic.min_in_sync;
        let mut records = vec![MetadataRecord::Config(topic)];
        if changes_min && !(partition.elr.is_empty() && partition.last_known_elr.is_empty()) {
            let partition_epoch = partition.partition_epoch.saturating_add(1);
            let (elr, last_known_elr) = (Vec::new(), Vec::new());
            let partition = Registration { elr, last_known_elr, partition_epoch, ..partition };
            records.push(MetadataRecord::PartitionChange { partition, names_leader: false });
        }
        self.write_metadata(id, records);
        Ok(())
    }
}
