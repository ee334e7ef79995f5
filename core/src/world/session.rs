//! What a broker owes the controller: it registers, sends heartbeats, replays the metadata, asks for another ISR.
//! Source: `BrokerLifecycleManager`, `BrokerMetadataPublisher`, `AlterPartitionManager`.

use super::{
    Acting, Body, ControllerError, HEARTBEAT_INTERVAL_MS, HeartbeatAnswer, MARK_CHECKPOINT_INTERVAL_MS, MetadataFetched,
};
use crate::event::EventKind;
use crate::ids::{BrokerId, Endpoint, MessageId, Offset};
use crate::rules::alter_partition::{AlterAnswer, AlterResponse, Proposal, alter_partition_answer};
use crate::rules::alter_partition_check::AlterCheck;
use std::sync::Arc;

impl Acting<'_> {
    fn ask_controller(&mut self, id: BrokerId, body: Body, routine: bool) {
        let Some(broker) = self.world.brokers.get(&id) else { return };
        let to = Endpoint::Controller(broker.duties.controller);
        self.send(Endpoint::Broker(id), to, body, routine);
    }

    pub(super) fn register(&mut self, id: BrokerId) {
        let Some(broker) = self.world.brokers.get(&id) else { return };
        let body = Body::BrokerRegistration { start: broker.duties.start, clean: broker.duties.clean_start };
        self.ask_controller(id, body, false);
    }

    pub(super) fn heartbeat(&mut self, id: BrokerId) {
        let Some(broker) = self.world.brokers.get(&id) else { return };
        let Some(broker_epoch) = broker.duties.epoch else { return };
        let wants_to_stop = broker.duties.stopping;
        let registered = broker.image.brokers.get(&id);
        let routine = !wants_to_stop && registered.is_some_and(|known| known.epoch == broker_epoch && !known.fenced);
        let body = Body::BrokerHeartbeat { broker_epoch, metadata_end: broker.image.end, wants_to_stop };
        self.ask_controller(id, body, routine);
    }

    pub(super) fn fetch_metadata(&mut self, id: BrokerId) {
        let Some(broker) = self.world.brokers.get(&id) else { return };
        let body = Body::FetchMetadata { offset: broker.image.end };
        self.ask_controller(id, body, true);
    }

    /// Sends what the leader has in flight to the controller.
    pub(super) fn ask_for_isr(&mut self, id: BrokerId) {
        if self.world.controllers.is_empty() {
            return;
        }
        let Some((broker, leading)) = self.world.leading(id) else { return };
        let ready = broker.duties.alter_partition.may_ask_at(self.world.tick).is_some_and(|at| at <= self.world.tick);
        let Some(isr) = leading.isr.in_flight.filter(|_| ready) else { return };
        let (leader_epoch, partition_epoch) = (leading.epoch, leading.partition_epoch);
        let proposal = Proposal { isr, leader_epoch, partition_epoch };
        let recovering = broker.image.partition.recovering && isr.len() == 1;
        let mut broker_epochs = leading.proposed_epochs.clone();
        broker_epochs.extend(broker.duties.epoch.map(|epoch| (id, epoch)));
        self.ask_controller(id, Body::AlterPartition { proposal, broker_epochs, recovering }, false);
    }

    pub(super) fn registration_answered(
        &mut self,
        id: BrokerId,
        request: MessageId,
        answer: Result<i64, ControllerError>,
    ) {
        match answer {
            Ok(epoch) => {
                self.emit(EventKind::Registered { broker: id, epoch });
                self.maybe_caught_up(id);
            }
            Err(error) => self.refused_by_controller(id, request, error),
        }
    }

    pub(super) fn heartbeat_answered(
        &mut self,
        id: BrokerId,
        request: MessageId,
        answer: Result<HeartbeatAnswer, ControllerError>,
    ) {
        match answer {
            Ok(answer) if answer.may_stop => self.stop_cleanly(id),
            Ok(answer) => {
                // A fenced broker is impatient; one that works keeps its pace.
                let pause_ms = if answer.fenced { HEARTBEAT_INTERVAL_MS / 4 } else { HEARTBEAT_INTERVAL_MS };
                let until = Some(self.world.tick.plus_ms(pause_ms));
                self.emit(EventKind::AskLater { request, until });
            }
            Err(error) => self.refused_by_controller(id, request, error),
        }
    }

    pub(super) fn metadata_fetched(
        &mut self,
        id: BrokerId,
        request: MessageId,
        answer: &Result<MetadataFetched, ControllerError>,
    ) {
        let fetched = match answer {
            Ok(fetched) => fetched,
            Err(error) => return self.refused_by_controller(id, request, *error),
        };
        for (at, record) in (fetched.from.0..).zip(&fetched.records) {
            let Some(broker) = self.world.brokers.get(&id) else { return };
            if broker.image.end == Offset(at) {
                let record = Arc::clone(record);
                self.emit(EventKind::MetadataReplayed { broker: id, offset: Offset(at), record });
            }
        }
        self.maybe_caught_up(id);
        self.take_up_role(id);
    }

    /// A start takes part once it is registered and has replayed its own registration: so it never acts on what was
    /// true of the process before it.
    fn maybe_caught_up(&mut self, id: BrokerId) {
        let Some(broker) = self.world.brokers.get(&id) else { return };
        if !broker.duties.caught_up && broker.duties.epoch.is_some_and(|epoch| broker.image.end.0 > epoch) {
            self.emit(EventKind::MetadataCaughtUp { broker: id });
            self.take_up_role(id);
        }
    }

    /// The controller has judged an ISR that this broker asked for.
    pub(super) fn alter_partition_answered(
        &mut self,
        id: BrokerId,
        request: MessageId,
        proposal: Proposal,
        error: AlterCheck,
    ) {
        let Some((_, leading)) = self.world.leading(id) else { return };
        let of_now = (proposal.leader_epoch, proposal.partition_epoch) == (leading.epoch, leading.partition_epoch);
        if leading.isr.in_flight != Some(proposal.isr) || !of_now {
            return;
        }
        match alter_partition_answer(AlterResponse::from(error)) {
            AlterAnswer::Commit => {
                self.isr_committed(id, proposal.isr, proposal.partition_epoch.saturating_add(1));
            }
            AlterAnswer::FallBack => {
                self.emit(EventKind::IsrRefused { broker: id, error, falls_back: true });
            }
            AlterAnswer::AwaitMetadata => {
                self.emit(EventKind::IsrRefused { broker: id, error, falls_back: false });
            }
            AlterAnswer::SendAgain => self.refused_by_controller(id, request, ControllerError::NotController(None)),
        }
    }

    fn refused_by_controller(&mut self, id: BrokerId, request: MessageId, error: ControllerError) {
        match error {
            ControllerError::NotController(hint) => {
                let next = self.world.next_controller(id);
                if let Some(controller) = hint.or(next) {
                    self.emit(EventKind::ControllerKnown { broker: id, controller });
                }
            }
            ControllerError::DuplicateBrokerRegistration | ControllerError::StaleBrokerEpoch => {}
        }
        let until = Some(self.world.tick.plus_ms(CONTROLLER_RETRY_MS));
        self.emit(EventKind::AskLater { request, until });
    }

    /// The regular look at who is late, and the mark written down.
    pub(super) fn regular_work(&mut self, id: BrokerId) {
        let Some(broker) = self.world.brokers.get(&id) else { return };
        let now = self.world.tick;
        let (isr_due, checkpoint_due) = (broker.duties.next_isr_check <= now, broker.duties.next_checkpoint <= now);
        let every_ms = i64::from(self.world.topic.lag_max_ms / 2).max(1);
        let next_isr_check = if isr_due { now.plus_ms(every_ms) } else { broker.duties.next_isr_check };
        let next_checkpoint =
            if checkpoint_due { now.plus_ms(MARK_CHECKPOINT_INTERVAL_MS) } else { broker.duties.next_checkpoint };
        self.emit(EventKind::DutiesPlanned { broker: id, next_isr_check, next_checkpoint });
        if isr_due {
            self.check_isr(id);
        }
        if checkpoint_due {
            self.checkpoint(id);
        }
    }

    /// Looks for replicas that have not been caught up for too long.
    pub(super) fn check_isr(&mut self, id: BrokerId) {
        let Some((leader, leading)) = self.world.leading(id) else { return };
        let before = self.world.partition_at(leader, leading);
        let mut after = before.clone();
        if after.shrink_isr(self.world.now_at(leader)).is_some() {
            self.settle(id, &before, &after);
        }
    }

    pub(super) fn checkpoint(&mut self, id: BrokerId) {
        let Some(broker) = self.world.brokers.get(&id) else { return };
        let to = broker.high_watermark;
        if broker.disk.checkpointed != to {
            self.emit(EventKind::MarkCheckpointed { broker: id, to });
        }
    }
}

/// How long a broker waits before it asks a controller again that refused.
const CONTROLLER_RETRY_MS: i64 = 100;

impl super::World {
    /// Whom a broker tries when its controller turns it away: the next one in the list.
    pub(super) fn next_controller(&self, id: BrokerId) -> Option<crate::ids::ControllerId> {
        let now = self.brokers.get(&id)?.duties.controller;
        self.controllers.keys().copied().find(|other| *other > now).or_else(|| self.controllers.keys().next().copied())
    }
}
