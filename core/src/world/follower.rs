//! What a follower does: it asks, cuts what its leader does not have, copies what it gets, and believes the mark as far
//! as it holds the records. Source: `AbstractFetcherThread`.

use super::{Acting, Asking, Body, Broker, ErrorCode, FETCH_BACKOFF_MS, Fetched, Following, Role, World};
use crate::event::EventKind;
use crate::ids::{BrokerId, Endpoint, LeaderEpoch, MessageId, Tick};
use crate::rules::append::{Copy, copy_batch};
use crate::rules::high_watermark::{Learn, learn_high_watermark};
use crate::rules::offset_for_leader_epoch::LeaderAnswer;
use crate::rules::out_of_range::{OutOfRange, out_of_range};
use crate::rules::truncation::{TruncationPoint, truncation_point};
use std::sync::Arc;

/// `replica.fetch.max.bytes` in effect: the most records a follower gets in one answer.
const FETCH_RECORDS_MOST: u32 = 10_000;

impl World {
    /// The broker, and what it keeps as a follower, if it is one.
    #[must_use]
    pub fn following(&self, id: BrokerId) -> Option<(&Broker, &Following)> {
        let broker = self.brokers.get(&id)?;
        match &broker.role {
            Role::Follower(following) => Some((broker, following)),
            Role::Leader(_) | Role::None => None,
        }
    }
}

impl Broker {
    /// The epoch of its latest record, as its cache has it.
    pub(super) fn latest_epoch(&self) -> Option<LeaderEpoch> {
        self.epochs.entries().last().map(|entry| entry.epoch)
    }
}

impl Acting<'_> {
    /// Asks the leader for what comes after its own log end, or first where its last epoch ended.
    pub(super) fn follower_fetch(&mut self, id: BrokerId) {
        let Some((broker, following)) = self.world.following(id) else { return };
        let to = Endpoint::Broker(following.leader);
        let fences = self.world.topic.truncation_rule.fetch_names_epochs();
        let leader_epoch = fences.then_some(following.epoch);
        if let Some(asked) = following.asks_end_of {
            self.send(Endpoint::Broker(id), to, Body::OffsetForLeaderEpoch { leader_epoch, asked }, false);
            return;
        }
        let offset = broker.log.log_end();
        let routine = following.last_asked == Some(offset);
        let body = Body::Fetch {
            offset,
            leader_epoch,
            last_fetched: broker.latest_epoch().filter(|_| fences),
            broker_epoch: broker.duties.epoch.unwrap_or(-1),
            most_records: FETCH_RECORDS_MOST,
        };
        self.send(Endpoint::Broker(id), to, body, routine);
    }

    /// The leader's answer: records at the offsets that they have, and the mark; or where the two logs part.
    pub(super) fn fetched_by_follower(
        &mut self,
        id: BrokerId,
        request: MessageId,
        answer: &Result<Fetched, ErrorCode>,
    ) {
        let fetched = match answer {
            Ok(fetched) => fetched,
            Err(ErrorCode::OffsetOutOfRange) => return self.find_leaders_log(id, request),
            Err(error) => return self.fetch_refused(request, *error),
        };
        if let Some((epoch, end)) = fetched.diverging {
            self.cut_to_answer(id, LeaderAnswer::Ends { epoch, end });
            return;
        }
        let mut wrote = false;
        for batch in &fetched.batches {
            let Some(broker) = self.world.brokers.get(&id) else { return };
            match copy_batch(broker.log.log_end(), batch.base_offset(), batch.last_offset()) {
                Copy::Append => {
                    self.emit(EventKind::BatchCopied { broker: id, batch: Arc::clone(batch) });
                    wrote = true;
                }
                Copy::HaveIt | Copy::WouldLeaveAHole => {}
                Copy::Overlaps => {
                    // The partition has failed here; only another leadership lets it be tried again.
                    self.emit(EventKind::AskLater { request, until: None });
                    return;
                }
            }
        }
        self.learn_marks(id, fetched);
        let slow_ms = self.world.brokers.get(&id).map_or(0, |broker| broker.disk.slow_ms);
        if wrote && slow_ms > 0 {
            let until = self.world.tick.plus_ms(i64::from(slow_ms));
            self.emit(EventKind::AskLater { request, until: Some(until) });
        }
    }

    fn learn_marks(&mut self, id: BrokerId, fetched: &Fetched) {
        let Some(broker) = self.world.brokers.get(&id) else { return };
        let (from, to) = (broker.log.log_start, fetched.log_start.min(broker.log.log_end()));
        let from_mark = broker.high_watermark;
        match learn_high_watermark(from_mark, fetched.high_watermark, broker.log.log_start, broker.log.log_end()) {
            Learn::Take(to) | Learn::UpToLogEnd(to) => {
                self.emit(EventKind::HighWatermarkLearned { broker: id, from: from_mark, to });
            }
            Learn::Same => {}
        }
        if to > from {
            self.emit(EventKind::LogStartMoved { broker: id, from, to });
        }
    }

    /// A fetch came back with an error: who is behind waits to be told, everybody else asks again a little later.
    fn fetch_refused(&mut self, request: MessageId, error: ErrorCode) {
        let later = self.world.tick.plus_ms(FETCH_BACKOFF_MS);
        let until = match error {
            ErrorCode::FencedLeaderEpoch => None,
            _ => Some(later),
        };
        self.emit(EventKind::AskLater { request, until });
    }

    /// What it asked for is not in the leader's log, which begins or ends elsewhere. Where is looked up without a
    /// message.
    fn find_leaders_log(&mut self, id: BrokerId, request: MessageId) {
        let Some((broker, following)) = self.world.following(id) else { return };
        let Some((leader, _)) = self.world.leading(following.leader) else {
            return self.fetch_refused(request, ErrorCode::OffsetOutOfRange);
        };
        let (from, start) = (broker.log.log_end(), broker.log.log_start);
        match out_of_range(from, leader.log.log_start, leader.log.log_end()) {
            OutOfRange::CutTo(to) => self.cut_log(id, TruncationPoint::LeaderEnd(to)),
            OutOfRange::StartOverAt(to) => {
                self.emit(EventKind::LogStartMoved { broker: id, from: start, to });
            }
            OutOfRange::FetchAgain => self.fetch_refused(request, ErrorCode::OffsetOutOfRange),
        }
    }

    /// The leader has said where an epoch ended in its log (KIP-101, KIP-279).
    pub(super) fn epoch_end_told(&mut self, id: BrokerId, request: MessageId, answer: Result<LeaderAnswer, ErrorCode>) {
        match answer {
            Ok(answer) => self.cut_to_answer(id, answer),
            Err(error) => self.fetch_refused(request, error),
        }
    }

    /// Cuts what the leader does not have. Where only an older epoch is known to both, the next question is about that.
    fn cut_to_answer(&mut self, id: BrokerId, answer: LeaderAnswer) {
        let Some((broker, following)) = self.world.following(id) else { return };
        let asked = following.asks_end_of;
        let (log_end, mark) = (broker.log.log_end(), broker.high_watermark);
        let point = truncation_point(broker.epochs.entries(), log_end, mark, Some(answer));
        self.cut_log(id, point);
        if asked.is_some() {
            let again = matches!(point, TruncationPoint::AskAgain(_));
            let ask_next = self.world.brokers.get(&id).and_then(Broker::latest_epoch).filter(|_| again);
            self.emit(EventKind::EpochEndTold { broker: id, ask_next });
        }
    }

    /// Drops what lies at the truncation point and above: records, and an epoch that began there without any.
    pub(super) fn cut_log(&mut self, id: BrokerId, point: TruncationPoint) {
        let Some(broker) = self.world.brokers.get(&id) else { return };
        let from = broker.log.log_end();
        let to = broker.log.end_if_cut(point.offset().max(broker.log.log_start));
        let empty_epoch = broker.epochs.entries().last().is_some_and(|latest| latest.start >= to);
        if to < from || empty_epoch {
            self.emit(EventKind::LogTruncated { broker: id, from, to, point });
        }
    }
}

/// What is waited for until then; without a time, for new metadata.
pub(super) fn back_off(until: Option<Tick>) -> Asking {
    until.map_or(Asking::AwaitsMetadata, |until| Asking::BackOff { until })
}
