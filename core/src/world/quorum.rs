//! The controllers among themselves: they elect one, copy its metadata log, and count who has it. What they decide is
//! in the rules of the quorum; here it is carried out. Source: `KafkaRaftClient`, KIP-595, KIP-996.

use super::{
    Acting, Asking, Body, Controller, ControllerError, METADATA_FETCH_WAIT_MS, MetadataRecord, MetadataWaiting,
    MetadataWants, Process, QuorumFetched, QuorumRefusal, World,
};
use crate::event::EventKind;
use crate::ids::{ControllerId, Endpoint, MessageId, Offset};
use crate::rules::alter_partition_check::AlterCheck;
use crate::rules::offset_for_leader_epoch::LeaderAnswer;
use crate::rules::quorum_fetch::{
    QuorumFetch, QuorumFetchCheck, QuorumFetchWait, check_quorum_fetch, quorum_fetch_answered, quorum_fetch_noted,
    quorum_fetch_refused, quorum_fetch_waits,
};
use crate::rules::quorum_high_watermark::QuorumAdvance;
use crate::rules::quorum_role::QuorumRole;
use crate::rules::quorum_timer::RETRY_BACKOFF_MS;
use crate::rules::quorum_vote::LogEnd;
use crate::rules::quorum_voter::{QuorumClock, QuorumVoter};
use crate::rules::quorum_voting::{QuorumAct, QuorumMessage, quorum_message, quorum_started, quorum_time_over};
use crate::rules::truncation::truncation_point;
use std::sync::Arc;

impl World {
    pub(super) fn quorum_clock(&self) -> QuorumClock {
        QuorumClock { now: self.tick, seed: self.seed }
    }

    /// A controller whose process works.
    fn working(&self, id: ControllerId) -> Option<&Controller> {
        self.controllers.get(&id).filter(|controller| controller.process == Process::Up)
    }
}

impl Controller {
    fn log_with_epoch(&self) -> LogEnd {
        let last_epoch = self.epochs.entries().last().map_or(crate::ids::LeaderEpoch(0), |entry| entry.epoch);
        LogEnd { last_epoch, end: self.log_end() }
    }

    /// What it refuses a fetch with: whom it takes for the leader.
    fn refusal(&self, check: QuorumFetchCheck) -> QuorumRefusal {
        QuorumRefusal { check, epoch: self.voter.epoch, leader: self.voter.leader() }
    }
}

impl Acting<'_> {
    fn carry_out_acts(&mut self, id: ControllerId, acts: Vec<QuorumAct>) {
        for act in acts {
            match act {
                QuorumAct::Turn { turn, voter } => self.turn_voter(id, turn, voter),
                QuorumAct::Send { to, message } => {
                    let (from, to) = (Endpoint::Controller(id), Endpoint::Controller(to));
                    self.send(from, to, Body::Quorum(Arc::new(message)), false);
                }
                QuorumAct::WriteLeaderChange => {
                    let Some(controller) = self.world.working(id) else { return };
                    let epoch = controller.voter.epoch.0;
                    self.write_metadata(id, vec![MetadataRecord::LeaderChange { controller: id, epoch }]);
                }
            }
        }
    }

    /// Who led and does so no more turns away whoever waits.
    fn turn_voter(&mut self, id: ControllerId, turn: crate::rules::quorum_voting::QuorumTurn, voter: QuorumVoter) {
        let Some(controller) = self.world.controllers.get(&id) else { return };
        let ends_lead = controller.voter.role == QuorumRole::Leader && voter.role != QuorumRole::Leader;
        let waiting = if ends_lead { controller.waiting.clone() } else { Vec::new() };
        self.emit_then(EventKind::QuorumTurned { controller: id, turn, voter: Arc::new(voter) });
        for waiting in waiting {
            self.turn_away_waiting(id, &waiting);
        }
    }

    fn turn_away_waiting(&mut self, id: ControllerId, waiting: &MetadataWaiting) {
        match &waiting.wants {
            MetadataWants::Commit { answer, .. } => self.turn_away_from_controller(id, waiting.request, answer),
            MetadataWants::Records { offset, .. } => {
                self.turn_away_from_controller(id, waiting.request, &Body::FetchMetadata { offset: *offset });
            }
            MetadataWants::Voter { .. } => self.refuse_voter(id, waiting.request, QuorumFetchCheck::NotLeader),
        }
    }

    /// The process has started.
    pub(super) fn controller_started(&mut self, id: ControllerId) {
        let Some(controller) = self.world.working(id) else { return };
        let acts = quorum_started(&controller.voter, controller.log_with_epoch(), self.world.quorum_clock());
        self.carry_out_acts(id, acts);
    }

    /// Its patience with an election, a leader or its voters is over.
    pub(super) fn quorum_time_over(&mut self, id: ControllerId) {
        let Some(controller) = self.world.working(id) else { return };
        let acts = quorum_time_over(&controller.voter, controller.log_with_epoch(), self.world.quorum_clock());
        self.carry_out_acts(id, acts);
    }

    /// Something of another controller has arrived.
    pub(super) fn arrived_from_controller(
        &mut self,
        id: ControllerId,
        from: ControllerId,
        message: MessageId,
        body: &Body,
    ) {
        match body {
            Body::Quorum(said) => self.quorum_said(id, from, said),
            Body::FetchQuorum(fetch) => self.voter_fetches(id, from, message, *fetch),
            Body::FetchQuorumResponse { request, answer } => self.voter_answered(id, from, *request, answer),
            _ => {}
        }
    }

    fn quorum_said(&mut self, id: ControllerId, from: ControllerId, said: &QuorumMessage) {
        let Some(controller) = self.world.working(id) else { return };
        let (log, clock) = (controller.log_with_epoch(), self.world.quorum_clock());
        let acts = quorum_message(&controller.voter, from, said, log, clock);
        self.carry_out_acts(id, acts);
    }

    /// Asks the leader for what comes after its own log end, and says what it holds.
    pub(super) fn fetch_of_voter(&mut self, id: ControllerId) {
        let Some(controller) = self.world.working(id) else { return };
        let QuorumRole::Follower { leader, .. } = controller.voter.role else { return };
        let LogEnd { last_epoch, end } = controller.log_with_epoch();
        let (epoch, high_watermark) = (controller.voter.epoch, controller.committed);
        let fetch = QuorumFetch { epoch, offset: end, last_epoch, high_watermark };
        let routine = end <= high_watermark;
        self.send(Endpoint::Controller(id), Endpoint::Controller(leader), Body::FetchQuorum(fetch), routine);
    }

    fn voter_fetches(&mut self, id: ControllerId, from: ControllerId, request: MessageId, fetch: QuorumFetch) {
        let Some(controller) = self.world.working(id) else { return };
        let check = check_quorum_fetch(&controller.voter, fetch, controller.epochs.entries(), controller.log_end());
        if check != QuorumFetchCheck::Counts {
            return self.refuse_voter(id, request, check);
        }
        let acts = quorum_fetch_noted(&controller.voter, from, fetch.offset, self.world.quorum_clock());
        self.carry_out_acts(id, acts);
        self.advance_metadata(id);
        let Some(controller) = self.world.working(id) else { return };
        match quorum_fetch_waits(fetch, controller.log_end(), controller.committed) {
            QuorumFetchWait::AnswerNow => self.answer_voter(id, request, fetch.offset),
            QuorumFetchWait::Wait => {
                let until = self.world.tick.plus_ms(METADATA_FETCH_WAIT_MS);
                let waiting = MetadataWaiting { request, wants: MetadataWants::Voter { offset: fetch.offset, until } };
                self.emit(EventKind::MetadataRequestParked { controller: id, waiting });
            }
        }
    }

    /// Moves the mark if a majority has more, and answers who waited for it.
    pub(super) fn advance_metadata(&mut self, id: ControllerId) {
        let Some(controller) = self.world.working(id) else { return };
        if let QuorumAdvance::To(to) = controller.voter.advance() {
            self.commit_metadata(id, to);
        }
    }

    fn refuse_voter(&mut self, id: ControllerId, request: MessageId, check: QuorumFetchCheck) {
        let Some(controller) = self.world.controllers.get(&id) else { return };
        let answer = Err(controller.refusal(check));
        let body = Body::FetchQuorumResponse { request, answer };
        self.send(Endpoint::Controller(id), request.from, body, false);
    }

    pub(super) fn answer_voter(&mut self, id: ControllerId, request: MessageId, from: Offset) {
        let Some(controller) = self.world.controllers.get(&id) else { return };
        let records: Vec<_> =
            controller.log.range(from..).map(|(_, (epoch, record))| (*epoch, Arc::clone(record))).collect();
        let (epoch, committed) = (controller.voter.epoch, controller.committed);
        let routine = records.is_empty();
        let body = Body::FetchQuorumResponse { request, answer: Ok(QuorumFetched { epoch, from, records, committed }) };
        self.send(Endpoint::Controller(id), request.from, body, routine);
    }

    fn voter_answered(
        &mut self,
        id: ControllerId,
        from: ControllerId,
        request: MessageId,
        answer: &Result<QuorumFetched, QuorumRefusal>,
    ) {
        let Some(controller) = self.world.working(id) else { return };
        let (voter, clock) = (&controller.voter, self.world.quorum_clock());
        match answer {
            Ok(fetched) => {
                let Some(acts) = quorum_fetch_answered(voter, from, fetched.epoch, clock) else { return };
                self.carry_out_acts(id, acts);
                self.copy_metadata(id, fetched);
            }
            Err(QuorumRefusal { check: QuorumFetchCheck::Diverging { epoch, end }, epoch: leader_epoch, .. }) => {
                let Some(acts) = quorum_fetch_answered(voter, from, *leader_epoch, clock) else { return };
                self.carry_out_acts(id, acts);
                self.cut_metadata(id, LeaderAnswer::Ends { epoch: *epoch, end: *end });
            }
            Err(QuorumRefusal { epoch, leader, .. }) => {
                let acts = quorum_fetch_refused(voter, *epoch, *leader, clock);
                let until = Some(self.world.tick.plus_ms(RETRY_BACKOFF_MS));
                self.emit(EventKind::AskLater { request, until });
                self.carry_out_acts(id, acts);
            }
        }
    }

    /// Writes what the leader has sent, and believes the mark as far as it holds the records.
    fn copy_metadata(&mut self, id: ControllerId, fetched: &QuorumFetched) {
        for (at, (epoch, record)) in (fetched.from.0..).zip(&fetched.records) {
            let Some(controller) = self.world.working(id) else { return };
            if controller.log_end() == Offset(at) {
                let (offset, epoch, record) = (Offset(at), *epoch, Arc::clone(record));
                self.emit(EventKind::MetadataCopied { controller: id, offset, epoch, record });
            }
        }
        let Some(controller) = self.world.working(id) else { return };
        let to = fetched.committed.min(controller.log_end());
        if to > controller.committed {
            self.emit(EventKind::MetadataMarkLearned { controller: id, to });
        }
    }

    /// Its log has something that the leader's has not: nobody was ever told that it is committed.
    fn cut_metadata(&mut self, id: ControllerId, answer: LeaderAnswer) {
        let Some(controller) = self.world.working(id) else { return };
        let (entries, from) = (controller.epochs.entries(), controller.log_end());
        let to = truncation_point(entries, from, controller.committed, Some(answer)).offset();
        if to < from {
            self.emit(EventKind::MetadataTruncated { controller: id, from, to });
        }
    }

    /// A controller that does not lead says so, with whom it takes for the leader.
    pub(super) fn turn_away_from_controller(&mut self, id: ControllerId, request: MessageId, body: &Body) {
        let Some(controller) = self.world.controllers.get(&id) else { return };
        let hint = controller.voter.leader().filter(|leader| *leader != id);
        let error = ControllerError::NotController(hint);
        let answer = match body {
            Body::BrokerRegistration { .. } | Body::BrokerRegistrationResponse { .. } => {
                Body::BrokerRegistrationResponse { request, answer: Err(error) }
            }
            Body::BrokerHeartbeat { .. } | Body::BrokerHeartbeatResponse { .. } => {
                Body::BrokerHeartbeatResponse { request, answer: Err(error) }
            }
            Body::FetchMetadata { .. } => Body::FetchMetadataResponse { request, answer: Err(error) },
            Body::AlterPartition { proposal, .. } | Body::AlterPartitionResponse { proposal, .. } => {
                let (proposal, answer) = (*proposal, AlterCheck::NotController);
                Body::AlterPartitionResponse { request, proposal, answer }
            }
            _ => return,
        };
        self.send(Endpoint::Controller(id), request.from, answer, false);
    }
}

impl World {
    /// A follower of the quorum that may fetch now, or when it may.
    pub(super) fn voter_may_fetch(&self, controller: &Controller) -> Option<crate::ids::Tick> {
        let follows = matches!(controller.voter.role, QuorumRole::Follower { .. });
        match controller.fetch {
            Asking::AwaitsMetadata => None,
            asking => asking.may_ask_at(self.tick).filter(|_| follows),
        }
    }
}
