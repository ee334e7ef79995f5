//! What the leader does with a request. Each handler is atomic: nothing happens in between.
//!
//! What it decides is in the rules, [`Partition`] first of all: a handler asks it what comes of the request, and tells
//! the difference as events.

use super::{Acting, Body, Broker, ErrorCode, FETCH_WAIT_MS, Fetched, Leading, Role, World};
use super::{StoredBatch, Waiting, Wants};
use crate::command::Acks;
use crate::event::EventKind;
use crate::ids::{BrokerId, Endpoint, LeaderEpoch, MessageId, Offset};
use crate::pairs::map_of;
use crate::rules::acknowledge::{Answer, LateAnswer, answer_waiting, may_acknowledge};
use crate::rules::fencing::{Fencing, check_leader_epoch};
use crate::rules::fetch_answer::{FetchAnswer, FetchRequest, FetchedLog, Reader, fetch_answer};
use crate::rules::high_watermark::Advance;
use crate::rules::isr::BrokerFacts;
use crate::rules::offset_for_leader_epoch::{LeaderAnswer, offset_for_leader_epoch};
use crate::rules::partition::Partition;
use crate::rules::partition_fetch::{FetchOutcome, FollowerFetch};
use crate::rules::storage::{AfterCommit, after_commit};
use std::sync::Arc;

/// A fetch, without who sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FetchAsked {
    pub offset: Offset,
    pub leader_epoch: Option<LeaderEpoch>,
    pub last_fetched: Option<LeaderEpoch>,
    pub broker_epoch: i64,
    pub most_records: u32,
}

/// What a fetch comes to, before it is told to anybody.
enum Judged {
    Refused(ErrorCode),
    /// The logs part there.
    Diverging(LeaderEpoch, Offset),
    Records(Vec<Arc<StoredBatch>>),
    NothingYet,
}

impl World {
    /// The broker, and what it keeps as a leader, if it takes itself for one.
    #[must_use]
    pub fn leading(&self, id: BrokerId) -> Option<(&Broker, &Leading)> {
        let broker = self.brokers.get(&id)?;
        match &broker.role {
            Role::Leader(leading) => Some((broker, leading)),
            Role::Follower(_) | Role::None => None,
        }
    }

    /// What a broker's own clock shows.
    pub(super) fn now_at(&self, broker: &Broker) -> i64 {
        self.tick.0.saturating_add(broker.clock_ahead_ms)
    }

    /// The partition as its leader knows it, for the rules.
    #[must_use]
    pub fn partition_at(&self, leader: &Broker, leading: &Leading) -> Partition {
        let facts = leader.image.brokers.iter().map(|(id, registered)| {
            let facts = BrokerFacts {
                fenced: registered.fenced,
                shutting_down: registered.shutting_down,
                epoch: registered.epoch,
            };
            (*id, facts)
        });
        Partition {
            followers: leading.followers.clone(),
            brokers: map_of(facts),
            isr: leading.isr,
            log_end: leader.log.log_end(),
            high_watermark: leader.high_watermark,
            leader_epoch: leading.epoch,
            partition_epoch: leading.partition_epoch,
            epoch_start: leading.epoch_start,
            min_in_sync: leader.image.min_in_sync(),
            lag_max_ms: i64::from(self.topic.lag_max_ms),
            commit_rule: self.topic.commit_rule,
        }
    }

    /// The rule of the high watermark, asked with what this leader knows.
    #[must_use]
    pub fn decide_high_watermark(&self, leader: &Broker, leading: &Leading) -> Advance {
        self.partition_at(leader, leading).decide_high_watermark(self.now_at(leader))
    }

    /// The log ends of the replicas that the mark waits for, the leader's own first.
    fn ends_that_count(&self, leader: &Broker, leading: &Leading) -> Vec<(BrokerId, Offset)> {
        let partition = self.partition_at(leader, leading);
        let known = partition.known_replicas(self.now_at(leader));
        let followers = known.filter(|replica| replica.counts);
        let ends = followers.filter_map(|replica| Some((replica.broker, replica.log_end?)));
        [(leader.id, leader.log.log_end())].into_iter().chain(ends).collect()
    }

    /// What a fetch comes to, and what is read.
    fn judge_fetch(&self, leader: &Broker, leading: &Leading, from: Endpoint, asked: FetchAsked) -> Judged {
        let reader = match from {
            Endpoint::Broker(follower) => Reader::Follower {
                is_replica: leading.followers.contains_key(&follower),
                broker_epoch: asked.broker_epoch,
                alive_epoch: leader.image.brokers.get(&follower).filter(|known| !known.fenced).map(|known| known.epoch),
            },
            _ => Reader::ReadUncommitted,
        };
        let FetchAsked { offset, leader_epoch, last_fetched, most_records, .. } = asked;
        let log = FetchedLog {
            leader_epoch: leading.epoch,
            epochs: leader.epochs.entries(),
            log_start: leader.log.log_start,
            last_stable_offset: leader.high_watermark,
            high_watermark: leader.high_watermark,
            log_end: leader.log.log_end(),
        };
        match fetch_answer(log, FetchRequest { offset, leader_epoch, last_fetched, reader }) {
            FetchAnswer::Refused(fencing) => Judged::Refused(error_of(fencing)),
            FetchAnswer::NotAReplica if leader_epoch.is_some() => Judged::Refused(ErrorCode::UnknownLeaderEpoch),
            FetchAnswer::NotAReplica | FetchAnswer::StaleBrokerEpoch => Judged::Refused(ErrorCode::NotLeaderOrFollower),
            FetchAnswer::Diverging { epoch, end } => Judged::Diverging(epoch, end),
            FetchAnswer::OutOfRange => Judged::Refused(ErrorCode::OffsetOutOfRange),
            FetchAnswer::NothingYet => Judged::NothingYet,
            FetchAnswer::Records { from, end } => Judged::Records(leader.log.read(from, end, most_records)),
        }
    }
}

/// A refusal by Kafka's name.
fn error_of(fencing: Fencing) -> ErrorCode {
    match fencing {
        Fencing::UnknownLeaderEpoch => ErrorCode::UnknownLeaderEpoch,
        Fencing::FencedLeaderEpoch | Fencing::Pass => ErrorCode::FencedLeaderEpoch,
    }
}

impl Acting<'_> {
    /// A produce request: append, maybe commit, answer now or later.
    pub(super) fn produce(
        &mut self,
        id: BrokerId,
        request: MessageId,
        sent: &Arc<StoredBatch>,
        acks: Acks,
        timeout_ms: u32,
    ) {
        let Some((leader, leading)) = self.world.leading(id) else {
            self.answer_produce(id, request, acks, Err(ErrorCode::NotLeaderOrFollower));
            return;
        };
        let records = i64::try_from(sent.names.len()).unwrap_or(i64::MAX);
        let before = self.world.partition_at(leader, leading);
        let mut after = before.clone();
        let Ok(base) = after.append(acks, records, self.world.now_at(leader)) else {
            self.answer_produce(id, request, acks, Err(ErrorCode::NotEnoughReplicas));
            return;
        };
        let batch = Arc::new(sent.placed(base, leading.epoch));
        let last = batch.last_offset();
        self.emit_then(EventKind::BatchAppended { broker: id, batch });
        self.settle(id, &before, &after);
        match may_acknowledge(acks, last, after.high_watermark) {
            Answer::Never => {}
            Answer::Now | Answer::Committed => self.answer_produce(id, request, acks, Ok(base)),
            Answer::WaitFor(mark) => {
                let wants = Wants::HighWatermark { base, mark };
                self.park(id, request, wants, timeout_ms.into());
            }
        }
        self.serve_waiting_fetches(id);
    }

    /// A fetch, of a follower or a consumer.
    ///
    /// What is read and the mark that is told are those from before the fetch was counted
    /// (`Partition.fetchRecords` reads first): a follower learns of the mark that its own fetch moved one fetch late.
    pub(super) fn fetch(&mut self, id: BrokerId, request: MessageId, asked: FetchAsked) {
        let Some((leader, leading)) = self.world.leading(id) else {
            self.answer_fetch(id, request, Err(ErrorCode::NotLeaderOrFollower));
            return;
        };
        let judged = self.world.judge_fetch(leader, leading, request.from, asked);
        let answer = told(leader, &judged);
        if let (Endpoint::Broker(follower), Judged::Records(_) | Judged::NothingYet) = (request.from, &judged) {
            let before = self.world.partition_at(leader, leading);
            let mut after = before.clone();
            let (broker_epoch, leader_epoch) = (asked.broker_epoch, leading.epoch);
            let fetch = FollowerFetch { follower, broker_epoch, leader_epoch, offset: asked.offset };
            if matches!(after.fetch(fetch, self.world.now_at(leader)), FetchOutcome::Read { .. }) {
                self.settle(id, &before, &after);
            }
        }
        match judged {
            Judged::NothingYet => {
                let FetchAsked { offset, most_records, last_fetched, .. } = asked;
                self.park(id, request, Wants::Records { offset, most_records, last_fetched }, FETCH_WAIT_MS);
            }
            _ => self.answer_fetch(id, request, answer),
        }
    }

    /// Tells as events how a leader's view of its partition has changed, and serves who waited for it.
    pub(super) fn settle(&mut self, id: BrokerId, before: &Partition, after: &Partition) {
        let arrived = self.trigger;
        for (follower, known) in &after.followers {
            let (leader, follower, known) = (id, *follower, *known);
            match before.followers.get(&follower) {
                Some(same) if *same == known => {}
                Some(was) if was.log_end == known.log_end => {
                    self.emit(EventKind::FollowerSeen { leader, follower, known });
                }
                _ => {
                    let log_end = known.log_end.unwrap_or(Offset::ZERO);
                    self.emit_then(EventKind::FollowerNoted { leader, follower, log_end, known });
                }
            }
        }
        let trigger = self.trigger;
        if let Some(isr) = after.isr.in_flight.filter(|_| before.isr.in_flight.is_none()) {
            self.emit_then(EventKind::IsrProposed { broker: id, isr });
            self.ask_for_isr(id);
            self.trigger = trigger;
        }
        self.advance_to(id, after.high_watermark);
        self.trigger = arrived;
    }

    /// Moves the high watermark there, if it is not there yet, and serves who waited for it.
    pub(super) fn advance_to(&mut self, id: BrokerId, to: Offset) {
        let Some((leader, leading)) = self.world.leading(id) else { return };
        let from = leader.high_watermark;
        if to > from {
            let ends = self.world.ends_that_count(leader, leading);
            let before = self.trigger;
            self.emit_then(EventKind::HighWatermarkAdvanced { broker: id, from, to, ends });
            self.serve_waiting_produces(id);
            self.serve_waiting_consumers(id);
            self.trigger = before;
        }
    }

    /// A group's commit. `__consumer_offsets` is not a log of its own in this world.
    pub(super) fn offset_commit(&mut self, id: BrokerId, request: MessageId, offset: Offset) {
        let Endpoint::Consumer(consumer) = request.from else { return };
        self.emit_then(EventKind::OffsetCommitted { broker: id, consumer, offset });
        self.maybe_delete(id, offset);
        let body = Body::OffsetCommitResponse { request, offset };
        self.send(Endpoint::Broker(id), request.from, body, false);
    }

    /// A queue forgets what was acknowledged; a log does not.
    fn maybe_delete(&mut self, id: BrokerId, committed: Offset) {
        let Some((leader, _)) = self.world.leading(id) else { return };
        let from = leader.log.log_start;
        match after_commit(self.world.topic.storage, committed, from, leader.high_watermark) {
            AfterCommit::Stay => {}
            AfterCommit::Delete { below } => {
                self.emit(EventKind::LogStartMoved { broker: id, from, to: below });
            }
        }
    }

    /// Where an epoch ended, for a follower that is about to cut its log or a consumer that doubts what it has read.
    pub(super) fn offset_for_leader_epoch(
        &mut self,
        id: BrokerId,
        request: MessageId,
        known: Option<LeaderEpoch>,
        asked: LeaderEpoch,
    ) {
        let answer = match self.world.leading(id) {
            None => Err(ErrorCode::NotLeaderOrFollower),
            Some((leader, leading)) => match check_leader_epoch(known, leading.epoch) {
                Fencing::Pass => Ok(self.world.epoch_end(leader, asked)),
                refused => Err(error_of(refused)),
            },
        };
        let body = Body::OffsetForLeaderEpochResponse { request, answer };
        self.send(Endpoint::Broker(id), request.from, body, false);
    }

    fn park(&mut self, broker: BrokerId, request: MessageId, wants: Wants, for_ms: i64) {
        let until = self.world.tick.plus_ms(for_ms);
        self.emit(EventKind::RequestParked { broker, waiting: Waiting { request, wants, until } });
    }

    /// Produces with acks=all whose records are committed now.
    fn serve_waiting_produces(&mut self, id: BrokerId) {
        let Some((leader, leading)) = self.world.leading(id) else { return };
        let (mark, in_sync) = (leader.high_watermark, leading.isr.maximal().len());
        let min_in_sync = leader.image.min_in_sync();
        let mut ready = Vec::new();
        for waiting in &leading.waiting {
            let Wants::HighWatermark { base, mark: required } = waiting.wants else { continue };
            match answer_waiting(required, mark, in_sync, min_in_sync) {
                LateAnswer::Waits => {}
                LateAnswer::Committed => ready.push((waiting.request, Ok(base))),
                LateAnswer::NotEnoughReplicasAfterAppend => {
                    ready.push((waiting.request, Err(ErrorCode::NotEnoughReplicasAfterAppend)));
                }
            }
        }
        for (request, answer) in ready {
            self.answer_produce(id, request, Acks::All, answer);
        }
    }

    /// Followers' fetches that wait for records, after an append.
    fn serve_waiting_fetches(&mut self, id: BrokerId) {
        self.serve_waiting(id, |from| matches!(from, Endpoint::Broker(_)));
    }

    /// Consumers' fetches that wait for records, after the mark has moved. A follower's fetch stays where it is:
    /// news of the mark alone does not answer it.
    fn serve_waiting_consumers(&mut self, id: BrokerId) {
        self.serve_waiting(id, |from| matches!(from, Endpoint::Consumer(_)));
    }

    fn serve_waiting(&mut self, id: BrokerId, whose: impl Fn(Endpoint) -> bool) {
        let Some((leader, leading)) = self.world.leading(id) else { return };
        let mut ready = Vec::new();
        for waiting in leading.waiting.iter().filter(|waiting| whose(waiting.request.from)) {
            let Some(judged) = self.world.read_again(leader, leading, waiting) else { continue };
            if !matches!(judged, Judged::NothingYet) {
                ready.push((waiting.request, told(leader, &judged)));
            }
        }
        for (request, answer) in ready {
            self.answer_fetch(id, request, answer);
        }
    }

    /// A waiting request's time is up: an empty answer, or an error.
    pub(super) fn wait_over(&mut self, id: BrokerId, request: MessageId) {
        let Some((leader, leading)) = self.world.leading(id) else { return };
        let Some(waiting) = leading.waiting.iter().find(|waiting| waiting.request == request) else { return };
        match self.world.read_again(leader, leading, waiting) {
            Some(judged) => {
                let answer = told(leader, &judged);
                self.answer_fetch(id, request, answer);
            }
            None => self.answer_produce(id, request, Acks::All, Err(ErrorCode::RequestTimedOut)),
        }
    }

    /// The leadership ends: whoever waits here is told to look elsewhere.
    pub(super) fn turn_away(&mut self, id: BrokerId) {
        let Some((_, leading)) = self.world.leading(id) else { return };
        for waiting in leading.waiting.clone() {
            match waiting.wants {
                Wants::Records { .. } => {
                    self.answer_fetch(id, waiting.request, Err(ErrorCode::NotLeaderOrFollower));
                }
                Wants::HighWatermark { .. } => {
                    self.answer_produce(id, waiting.request, Acks::All, Err(ErrorCode::NotLeaderOrFollower));
                }
            }
        }
    }

    fn answer_produce(&mut self, id: BrokerId, request: MessageId, acks: Acks, answer: Result<Offset, ErrorCode>) {
        if acks != Acks::None {
            let body = Body::ProduceResponse { request, answer };
            self.send(Endpoint::Broker(id), request.from, body, false);
        }
    }

    fn answer_fetch(&mut self, id: BrokerId, request: MessageId, answer: Result<Fetched, ErrorCode>) {
        let routine = answer.as_ref().is_ok_and(|fetched| self.brings_nothing_new(request.from, fetched));
        let body = Body::FetchResponse { request, answer };
        self.send(Endpoint::Broker(id), request.from, body, routine);
    }

    fn brings_nothing_new(&self, to: Endpoint, fetched: &Fetched) -> bool {
        let news_of_the_mark = match to {
            Endpoint::Broker(id) => {
                self.world.brokers.get(&id).is_some_and(|broker| broker.high_watermark < fetched.high_watermark)
            }
            _ => false,
        };
        fetched.batches.is_empty() && fetched.diverging.is_none() && !news_of_the_mark
    }
}

impl World {
    /// Reads for a fetch that waits. None for a produce.
    fn read_again(&self, leader: &Broker, leading: &Leading, waiting: &Waiting) -> Option<Judged> {
        let Wants::Records { offset, most_records, last_fetched } = waiting.wants else { return None };
        // Its epochs were checked when it came, and a new leadership would have turned it away.
        let (leader_epoch, broker_epoch) = (Some(leading.epoch), i64::MAX);
        let asked = FetchAsked { offset, leader_epoch, last_fetched, broker_epoch, most_records };
        Some(self.judge_fetch(leader, leading, waiting.request.from, asked))
    }

    /// What a leader answers to "where did this epoch end", by the rule in force.
    fn epoch_end(&self, leader: &Broker, asked: LeaderEpoch) -> LeaderAnswer {
        let rule = self.topic.truncation_rule;
        offset_for_leader_epoch(rule, leader.epochs.entries(), asked, leader.log.log_end())
    }
}

/// What the reader is told, with the marks as they are.
fn told(leader: &Broker, judged: &Judged) -> Result<Fetched, ErrorCode> {
    let (batches, diverging) = match judged {
        Judged::Refused(error) => return Err(*error),
        Judged::Diverging(epoch, end) => (Vec::new(), Some((*epoch, *end))),
        Judged::Records(batches) => (batches.clone(), None),
        Judged::NothingYet => (Vec::new(), None),
    };
    Ok(Fetched { batches, high_watermark: leader.high_watermark, log_start: leader.log.log_start, diverging })
}
