//! What a follower does: it asks, copies what it gets, and believes the mark as far as it holds the records.

use super::{Acting, Body, ErrorCode, Fetched, Role};
use crate::event::EventKind;
use crate::ids::{BrokerId, Endpoint};
use crate::rules::append::{Copy, copy_batch};
use crate::rules::high_watermark::{Learn, learn_high_watermark};
use std::sync::Arc;

/// `replica.fetch.max.bytes` in effect: the most records a follower gets in one answer.
const FETCH_RECORDS_MOST: u32 = 10_000;

impl Acting<'_> {
    /// Asks the leader for what comes after its own log end.
    pub(super) fn follower_fetch(&mut self, id: BrokerId) {
        let Some(broker) = self.world.brokers.get(&id) else { return };
        let Role::Follower(following) = &broker.role else { return };
        let Some((leader, leading)) = self.world.leader() else { return };
        let offset = broker.log.log_end();
        let routine = following.last_asked == Some(offset);
        let body = Body::Fetch { offset, leader_epoch: leading.epoch, most_records: FETCH_RECORDS_MOST };
        let to = Endpoint::Broker(leader.id);
        self.send(Endpoint::Broker(id), to, body, routine);
    }

    /// The leader's answer: records at the offsets that they have, and the mark.
    pub(super) fn fetched_by_follower(&mut self, id: BrokerId, answer: &Result<Fetched, ErrorCode>) {
        let Ok(fetched) = answer else { return };
        for batch in &fetched.batches {
            let Some(broker) = self.world.brokers.get(&id) else { return };
            match copy_batch(broker.log.log_end(), batch.base_offset(), batch.last_offset()) {
                Copy::Append => {
                    self.emit(EventKind::BatchCopied { broker: id, batch: Arc::clone(batch) });
                }
                Copy::HaveIt | Copy::WouldLeaveAHole => {}
            }
        }
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
}
