//! What the leader does with a request. Each handler is atomic: nothing happens in between.

use super::{Acting, Body, Broker, ErrorCode, FETCH_WAIT_MS, Fetched, Leading, REQUEST_TIMEOUT_MS};
use super::{StoredBatch, Waiting, Wants};
use crate::command::Acks;
use crate::event::EventKind;
use crate::ids::{BrokerId, ConsumerIndex, Endpoint, MessageId, Offset};
use crate::rules::acknowledge::{Answer, may_acknowledge};
use crate::rules::append::assign_offsets;
use crate::rules::commit_rule::CommitRule;
use crate::rules::high_watermark::{Advance, KnownReplica, LeaderView, advance_high_watermark};
use crate::rules::read::{Read, Readable, read_at};
use crate::rules::storage::{AfterCommit, after_commit};
use std::sync::Arc;

impl Acting<'_> {
    /// A produce request: append, maybe commit, answer now or later.
    pub(super) fn produce(&mut self, id: BrokerId, request: MessageId, sent: &Arc<StoredBatch>, acks: Acks) {
        let Some((leader, leading)) = self.world.leader().filter(|(leader, _)| leader.id == id) else {
            self.answer_produce(id, request, Err(ErrorCode::NotLeaderOrFollower));
            return;
        };
        let records = u32::try_from(sent.names.len()).unwrap_or(u32::MAX);
        let assigned = assign_offsets(leader.log.log_end(), records);
        let batch = Arc::new(sent.placed(assigned.base, leading.epoch));
        self.emit_then(EventKind::BatchAppended { broker: id, batch });
        self.maybe_advance(id);
        let mark = self.world.brokers.get(&id).map_or(Offset::ZERO, |broker| broker.high_watermark);
        match may_acknowledge(acks, assigned.last, mark) {
            Answer::Never => {}
            Answer::Now | Answer::Committed => self.answer_produce(id, request, Ok(assigned.base)),
            Answer::WaitFor(mark) => {
                let wants = Wants::HighWatermark { base: assigned.base, mark };
                self.park(id, request, wants, REQUEST_TIMEOUT_MS);
            }
        }
        self.serve_waiting_fetches(id);
    }

    /// A fetch at `offset`, of a follower or a consumer.
    ///
    /// What is read and the mark that is told are those from before the fetch was counted
    /// (`Partition.fetchRecords` reads first): a follower learns of the mark that its own fetch moved one fetch late.
    pub(super) fn fetch(&mut self, id: BrokerId, request: MessageId, offset: Offset, most_records: u32) {
        let Some((leader, leading)) = self.world.leader().filter(|(leader, _)| leader.id == id) else {
            self.answer_fetch(id, request, Err(ErrorCode::NotLeaderOrFollower));
            return;
        };
        let (decision, answer) = read_for(leader, request.from, offset, most_records);
        if let Endpoint::Broker(follower) = request.from {
            let noted = leading.followers.get(&follower).copied().flatten();
            if decision != Read::OutOfRange && noted != Some(offset) {
                let arrived = self.trigger;
                self.emit_then(EventKind::FollowerNoted { leader: id, follower, log_end: offset });
                self.maybe_advance(id);
                self.trigger = arrived;
            }
        }
        match decision {
            Read::Records { .. } => self.answer_fetch(id, request, Ok(answer)),
            Read::OutOfRange => self.answer_fetch(id, request, Err(ErrorCode::OffsetOutOfRange)),
            Read::NothingYet => self.park(id, request, Wants::Records { offset, most_records }, FETCH_WAIT_MS),
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
        let Some((leader, leading)) = self.world.leader() else { return };
        let from = leader.log.log_start;
        match after_commit(leading.storage, committed, from, leader.high_watermark) {
            AfterCommit::Stay => {}
            AfterCommit::Delete { below } => {
                self.emit(EventKind::LogStartMoved { broker: id, from, to: below });
            }
        }
    }

    /// Moves the high watermark if the rule says so, and serves who waited for it.
    fn maybe_advance(&mut self, id: BrokerId) {
        let Some((leader, leading)) = self.world.leader() else { return };
        let (from, ends) = (leader.high_watermark, known_ends(leader, leading));
        if let Advance::To(to) = decide_high_watermark(leader, leading) {
            let before = self.trigger;
            self.emit_then(EventKind::HighWatermarkAdvanced { broker: id, from, to, ends });
            self.serve_waiting_produces(id);
            self.serve_waiting_consumers(id);
            self.trigger = before;
        }
    }

    fn park(&mut self, broker: BrokerId, request: MessageId, wants: Wants, for_ms: i64) {
        let until = self.world.tick.plus_ms(for_ms);
        self.emit(EventKind::RequestParked { broker, waiting: Waiting { request, wants, until } });
    }

    /// Produces with acks=all whose records are committed now.
    fn serve_waiting_produces(&mut self, id: BrokerId) {
        let Some((leader, leading)) = self.world.leader() else { return };
        let reached = |waiting: &Waiting| match waiting.wants {
            Wants::HighWatermark { base, mark } if leader.high_watermark >= mark => Some((waiting.request, base)),
            _ => None,
        };
        let ready: Vec<_> = leading.waiting.iter().filter_map(reached).collect();
        for (request, base) in ready {
            self.answer_produce(id, request, Ok(base));
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
        let Some((leader, leading)) = self.world.leader() else { return };
        let mut ready = Vec::new();
        for waiting in leading.waiting.iter().filter(|waiting| whose(waiting.request.from)) {
            let Wants::Records { offset, most_records } = waiting.wants else { continue };
            let (decision, answer) = read_for(leader, waiting.request.from, offset, most_records);
            if matches!(decision, Read::Records { .. }) {
                ready.push((waiting.request, answer));
            }
        }
        for (request, answer) in ready {
            self.answer_fetch(id, request, Ok(answer));
        }
    }

    /// A waiting request's time is up: an empty answer, or an error.
    pub(super) fn wait_over(&mut self, id: BrokerId, request: MessageId) {
        let Some((leader, leading)) = self.world.leader() else { return };
        let Some(waiting) = leading.waiting.iter().find(|waiting| waiting.request == request) else { return };
        match waiting.wants {
            Wants::Records { offset, most_records } => {
                let (_, answer) = read_for(leader, request.from, offset, most_records);
                self.answer_fetch(id, request, Ok(answer));
            }
            Wants::HighWatermark { .. } => self.answer_produce(id, request, Err(ErrorCode::RequestTimedOut)),
        }
    }

    fn answer_produce(&mut self, id: BrokerId, request: MessageId, answer: Result<Offset, ErrorCode>) {
        let body = Body::ProduceResponse { request, answer };
        self.send(Endpoint::Broker(id), request.from, body, false);
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
            Endpoint::Producer(_) | Endpoint::Consumer(_) => false,
        };
        fetched.batches.is_empty() && !news_of_the_mark
    }
}

/// The rule of the high watermark, asked with what this leader knows. All replicas are in sync in this world.
#[must_use]
pub fn decide_high_watermark(leader: &Broker, leading: &Leading) -> Advance {
    let known = |(broker, log_end): (&BrokerId, &Option<Offset>)| KnownReplica {
        broker: *broker,
        log_end: *log_end,
        counts: true,
    };
    let followers: Vec<KnownReplica> = leading.followers.iter().map(known).collect();
    let view = LeaderView {
        high_watermark: leader.high_watermark,
        log_end: leader.log.log_end(),
        followers: &followers,
        in_sync: followers.len() + 1,
        min_in_sync: 1,
    };
    advance_high_watermark(CommitRule::InSyncReplicas, view)
}

/// The log ends that the leader takes the smallest of, its own first.
fn known_ends(leader: &Broker, leading: &Leading) -> Vec<(BrokerId, Offset)> {
    let own = (leader.id, leader.log.log_end());
    let followers = leading.followers.iter().filter_map(|(id, end)| end.map(|end| (*id, end)));
    [own].into_iter().chain(followers).collect()
}

/// A consumer may read below the mark, a follower up to the end.
fn read_for(leader: &Broker, reader: Endpoint, offset: Offset, most_records: u32) -> (Read, Fetched) {
    let log_end = leader.log.log_end();
    let readable_end = match reader {
        Endpoint::Broker(_) => log_end,
        Endpoint::Producer(_) | Endpoint::Consumer(_) => leader.high_watermark,
    };
    let decision = read_at(offset, Readable { log_start: leader.log.log_start, readable_end, log_end });
    let batches = match decision {
        Read::Records { from, end } => leader.log.read(from, end, most_records),
        Read::NothingYet | Read::OutOfRange => Vec::new(),
    };
    let answer = Fetched { batches, high_watermark: leader.high_watermark, log_start: leader.log.log_start };
    (decision, answer)
}

impl Leading {
    /// A group's committed offset.
    #[must_use]
    pub fn committed_offset(&self, consumer: ConsumerIndex) -> Option<Offset> {
        self.committed.get(&consumer).copied()
    }
}
