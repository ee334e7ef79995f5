//! The active controller: it writes what becomes of brokers and partition into the metadata log, and answers once that
//! is committed. Source: `ClusterControlManager`, `ReplicationControlManager`, `BrokerHeartbeatManager`.

use super::metadata::MetadataRecord;
use super::{
    Acting, Body, Controller, ControllerError, HeartbeatAnswer, METADATA_FETCH_WAIT_MS, MetadataFetched,
    MetadataWaiting, MetadataWants, Process, RegisteredBroker, Session, World,
};
use crate::command::{ElectionType, TopicChange};
use crate::event::{EventKind, Refusal};
use crate::ids::{BrokerId, BrokerSet, ControllerId, Endpoint, MessageId, Offset};
use crate::rules::alter_partition::Proposal;
use crate::rules::alter_partition_check::{AlterCheck, check_alter_partition};
use crate::rules::broker_registration::{BrokerRegistration, Registered, register_broker};
use crate::rules::broker_session::{SESSION_TIMEOUT_MS, session};
use crate::rules::broker_state::{BrokerFacts, BrokerState, Heartbeat, NextBrokerState, next_broker_state};
use crate::rules::election::{Change, Election, Registration};
use crate::rules::partition_change::{Outcome, change_partition, elected};
use crate::rules::reassignment::begin_reassignment;
use std::sync::Arc;

impl World {
    /// The controller that leads the quorum, as far as it knows. One that lost its majority may think so too: this is
    /// the one with the latest epoch.
    #[must_use]
    pub fn active_controller(&self) -> Option<&Controller> {
        let active = self.controllers.values().filter(|controller| controller.is_active());
        active.filter(|controller| controller.process == Process::Up).max_by_key(|controller| controller.voter.epoch)
    }

    fn active(&self, id: ControllerId) -> Option<&Controller> {
        self.leads_quorum(id).filter(|controller| controller.is_active())
    }

    /// A controller that leads the quorum, whether it has committed anything in its epoch or not.
    fn leads_quorum(&self, id: ControllerId) -> Option<&Controller> {
        let controller = self.controllers.get(&id).filter(|controller| controller.process == Process::Up)?;
        controller.voter.leading.is_some().then_some(controller)
    }
}

impl Controller {
    /// Brokers that may lead and be in sync.
    fn live(&self) -> BrokerSet {
        self.image.brokers.iter().filter(|(_, known)| known.is_active()).map(|(id, _)| *id).collect()
    }

    fn state_of(&self, known: RegisteredBroker, may_stop_at: Option<Offset>) -> BrokerState {
        match may_stop_at {
            _ if known.fenced => BrokerState::Fenced,
            Some(end) => BrokerState::ControlledShutdown { until: end.plus(-1) },
            None => BrokerState::Unfenced,
        }
    }

    /// What decides of a broker beside what it says.
    fn facts_of(&self, broker: BrokerId, known: RegisteredBroker) -> BrokerFacts {
        let live = self.live();
        let told = self.sessions.iter().filter(|(other, _)| live.contains(**other));
        BrokerFacts {
            registered_at: Offset(known.epoch),
            leads_partitions: self.image.partition.leader == Some(broker),
            lowest_active_offset: told.map(|(_, session)| session.metadata_end.plus(-1)).min(),
        }
    }

    /// The partition's change to this ISR, with the election that comes of it.
    fn change(&self, isr: Vec<BrokerId>, elr_enabled: bool) -> Change {
        let unclean = self.image.topic.unclean_elections;
        Change {
            election: if unclean { Election::Unclean } else { Election::Online },
            reassign: None,
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
        Outcome::SameLeadership(partition) => Some(MetadataRecord::PartitionChange { partition, elected: None }),
        Outcome::NewLeaderEpoch(after) => {
            let elected = Some(elected(partition, change));
            Some(MetadataRecord::PartitionChange { partition: after, elected })
        }
    }
}

fn without(list: &[BrokerId], gone: BrokerId) -> Vec<BrokerId> {
    list.iter().copied().filter(|id| *id != gone).collect()
}

impl Acting<'_> {
    /// Writes records at the end of the metadata log. Alone, a controller is a majority: that commits them.
    pub(super) fn write_metadata(&mut self, id: ControllerId, records: Vec<MetadataRecord>) {
        for record in records {
            let Some(controller) = self.world.leads_quorum(id) else { return };
            let (offset, epoch) = (controller.log_end(), controller.voter.epoch.0);
            let record = Arc::new(record);
            self.emit_then(EventKind::MetadataAppended { controller: id, offset, epoch, record });
        }
        self.advance_metadata(id);
        self.serve_voters(id, false);
    }

    /// Controllers that follow get what there is: something new in the log, or with `all` a higher mark.
    fn serve_voters(&mut self, id: ControllerId, all: bool) {
        let Some(controller) = self.world.leads_quorum(id) else { return };
        let end = controller.log_end();
        for waiting in controller.waiting.clone() {
            match waiting.wants {
                MetadataWants::Voter { offset, .. } if all || offset < end => {
                    self.answer_voter(id, waiting.request, offset);
                }
                _ => {}
            }
        }
    }

    /// Everything below `to` is committed: who waited for it is answered. With the first record of its epoch a
    /// controller becomes active.
    pub(super) fn commit_metadata(&mut self, id: ControllerId, to: Offset) {
        let Some(controller) = self.world.leads_quorum(id) else { return };
        let was_active = controller.is_active();
        self.emit_then(EventKind::MetadataCommitted { controller: id, to });
        if !was_active {
            self.emit(EventKind::ControllerActivated { controller: id });
        }
        self.serve_voters(id, true);
        let Some(controller) = self.world.active(id) else { return };
        for MetadataWaiting { request, wants } in controller.waiting.clone() {
            match wants {
                MetadataWants::Commit { committed, answer } if committed <= to => {
                    self.answer(id, request, Arc::unwrap_or_clone(answer));
                }
                MetadataWants::Records { offset, .. } if offset < to => self.answer_metadata(id, request, offset),
                MetadataWants::Commit { .. } | MetadataWants::Records { .. } | MetadataWants::Voter { .. } => {}
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
        let broker = match request.from {
            Endpoint::Broker(broker) => broker,
            Endpoint::Controller(other) => return self.arrived_from_controller(id, other, request, body),
            Endpoint::Producer(_) | Endpoint::Consumer(_) => return,
        };
        if self.world.active(id).is_none() {
            return self.turn_away_from_controller(id, request, body);
        }
        match body {
            Body::BrokerRegistration { start, clean } => self.broker_registers(id, request, broker, *start, *clean),
            Body::BrokerHeartbeat { broker_epoch, metadata_end, wants_to_stop } => {
                self.heartbeat_arrived(id, request, *broker_epoch, *metadata_end, *wants_to_stop);
            }
            Body::FetchMetadata { offset } => self.metadata_asked(id, request, *offset),
            Body::AlterPartition { proposal, broker_epochs, recovering } => {
                self.isr_asked(id, request, *proposal, broker_epochs, *recovering);
            }
            _ => {}
        }
    }

    /// A start of a broker asks for its registration. While the former start's session lives, its id is taken.
    fn broker_registers(&mut self, id: ControllerId, request: MessageId, broker: BrokerId, start: u32, clean: bool) {
        let Some(controller) = self.world.active(id) else { return };
        let known = controller.image.brokers.get(&broker).copied();
        let heard = controller.sessions.get(&broker).map(|session| session.heard);
        let session = session(heard, self.world.tick, SESSION_TIMEOUT_MS);
        let registered = known.map(|known| Registered { start: known.start, session });
        match (register_broker(registered, start), known) {
            (BrokerRegistration::Duplicate, _) => {
                let answer = Err(ControllerError::DuplicateBrokerRegistration);
                return self.answer(id, request, Body::BrokerRegistrationResponse { request, answer });
            }
            (BrokerRegistration::Amended, Some(known)) => {
                let answer = Ok(known.epoch);
                return self.answer_when_committed(id, request, Body::BrokerRegistrationResponse { request, answer });
            }
            (BrokerRegistration::New | BrokerRegistration::Amended, _) => {}
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
        let said =
            Heartbeat { metadata_offset: metadata_end.plus(-1), wants_fence: false, wants_shutdown: wants_to_stop };
        let next = next_broker_state(controller.state_of(known, may_stop_at), said, controller.facts_of(broker, known));
        self.hear_of(id, broker, metadata_end, may_stop_at);
        match next {
            NextBrokerState::Unfence => self.unfence(id, broker),
            NextBrokerState::BeginShutdown => {
                self.begin_shutdown(id, broker);
                let end = self.world.active(id).map(Controller::log_end);
                self.hear_of(id, broker, metadata_end, end);
            }
            NextBrokerState::Fence => self.fence(id, broker),
            NextBrokerState::ShutDownNow if !known.fenced => self.fence(id, broker),
            NextBrokerState::ShutDownNow
            | NextBrokerState::NotCaughtUp { .. }
            | NextBrokerState::StaysFenced
            | NextBrokerState::StaysUnfenced
            | NextBrokerState::StillLeads
            | NextBrokerState::OthersAreBehind { .. } => {}
        }
        let Some(controller) = self.world.active(id) else { return };
        let fenced = controller.image.brokers.get(&broker).is_some_and(|known| known.fenced);
        let answer = Ok(HeartbeatAnswer { fenced, may_stop: next == NextBrokerState::ShutDownNow });
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
        match waiting.map(|waiting| waiting.wants.clone()) {
            Some(MetadataWants::Records { offset, .. }) => self.answer_metadata(id, request, offset),
            Some(MetadataWants::Voter { offset, .. }) => self.answer_voter(id, request, offset),
            Some(MetadataWants::Commit { .. }) | None => {}
        }
    }

    /// A leader asks for another ISR.
    fn isr_asked(
        &mut self,
        id: ControllerId,
        request: MessageId,
        proposal: Proposal,
        broker_epochs: &[(BrokerId, i64)],
        recovering: bool,
    ) {
        let (Some(controller), Endpoint::Broker(sender)) = (self.world.active(id), request.from) else { return };
        let partition = &controller.image.partition;
        // A start of a broker that the leader has not heard of may have less than the one that it means.
        let mut eligible = controller.live();
        for (broker, meant) in broker_epochs {
            if controller.image.brokers.get(broker).is_none_or(|known| known.epoch != *meant) {
                eligible = eligible.without(*broker);
            }
        }
        let mut answer = check_alter_partition(partition, sender, proposal, recovering, eligible);
        if answer == AlterCheck::Accept {
            let mut change = controller.change(proposal.isr.iter().collect(), self.world.topic.elr);
            change.election = Election::Online;
            change.target_recovering = recovering;
            let record = record_of(partition, &change);
            if let Some(MetadataRecord::PartitionChange { elected: Some(_), .. }) = record {
                answer = AlterCheck::NewLeaderElected;
            }
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

    /// `kafka-reassign-partitions`: adds who comes. Who goes stays until everybody who is to stay is in sync.
    pub(super) fn reassign(&mut self, target: &[BrokerId]) -> Result<(), Refusal> {
        let controller = self.world.active_controller().ok_or(Refusal::NoController)?;
        let (id, partition) = (controller.id, &controller.image.partition);
        let unknown = target.iter().copied().find(|broker| !controller.image.brokers.contains_key(broker));
        if let Some(unknown) = unknown {
            return Err(Refusal::NoSuchBroker(unknown));
        }
        let mut change = controller.change(partition.isr.clone(), self.world.topic.elr);
        change.reassign = Some(begin_reassignment(partition, target));
        let record = record_of(partition, &change).ok_or(Refusal::NothingToReassign)?;
        self.write_metadata(id, vec![record]);
        Ok(())
    }

    /// `kafka-configs --alter`. A lower `min.insync.replicas` makes the ELR void.
    pub(super) fn configure(&mut self, change: TopicChange) -> Result<(), Refusal> {
        let controller = self.world.active_controller().ok_or(Refusal::NoController)?;
        let topic = change.of(controller.image.topic);
        let (id, partition) = (controller.id, controller.image.partition.clone());
        let changes_min = controller.image.topic.min_in_sync != topic.min_in_sync;
        let mut records = vec![MetadataRecord::Config(topic)];
        if changes_min && !(partition.elr.is_empty() && partition.last_known_elr.is_empty()) {
            let partition_epoch = partition.partition_epoch.saturating_add(1);
            let (elr, last_known_elr) = (Vec::new(), Vec::new());
            let partition = Registration { elr, last_known_elr, partition_epoch, ..partition };
            records.push(MetadataRecord::PartitionChange { partition, elected: None });
        }
        self.write_metadata(id, records);
        Ok(())
    }
}
