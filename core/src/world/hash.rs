//! The world's hash: every field in order, fixed width. It covers the world, not how it came to be.

use super::state::{Asked, Broker, Consumer, Fetching, Network, Producer, Role, Waiting, Wants};
use super::{Body, Fetched, Message, StoredBatch, World};
use crate::command::{Acks, Link, OffsetReset, Polls, Schedule};
use crate::fingerprint::{Fingerprint, Fingerprinted};
use crate::ids::{Endpoint, MessageId, Offset, RecordId};
use crate::rules::fold::Program;
use crate::rules::storage::StorageRule;

impl World {
    /// 64 bits that differ where worlds differ, the same natively and in the browser.
    #[must_use]
    pub fn hash(&self) -> u64 {
        self.fingerprint()
    }
}

impl Fingerprinted for World {
    fn feed(&self, into: &mut Fingerprint) {
        into.word(self.seed);
        into.number(self.tick.0);
        into.flag(self.schedule == Schedule::ByHand);
        into.count(self.brokers.len());
        self.brokers.values().for_each(|broker| broker.feed(into));
        into.count(self.producers.len());
        self.producers.values().for_each(|producer| producer.feed(into));
        into.count(self.consumers.len());
        self.consumers.values().for_each(|consumer| consumer.feed(into));
        self.network.feed(into);
        into.count(self.ledger.acknowledged.size());
        for (record, offset) in &self.ledger.acknowledged {
            record.feed(into);
            offset.feed(into);
        }
    }
}

impl Fingerprinted for Broker {
    fn feed(&self, into: &mut Fingerprint) {
        into.number(self.id.0);
        self.log.log_start.feed(into);
        into.count(self.log.batch_count());
        self.log.batches().for_each(|batch| batch.feed(into));
        self.high_watermark.feed(into);
        match &self.role {
            Role::Leader(leading) => {
                into.word(1);
                into.number(leading.epoch.0);
                into.flag(leading.storage == StorageRule::DeleteOnAcknowledge);
                into.count(leading.followers.len());
                for (id, end) in &leading.followers {
                    into.number(id.0);
                    end.feed(into);
                }
                into.count(leading.waiting.len());
                leading.waiting.iter().for_each(|waiting| waiting.feed(into));
                into.count(leading.committed.len());
                for (id, offset) in &leading.committed {
                    into.number(id.0);
                    offset.feed(into);
                }
            }
            Role::Follower(following) => {
                into.word(2);
                into.number(following.leader.0);
                match following.fetch {
                    Fetching::Idle => into.word(0),
                    Fetching::Asked(asked) => {
                        into.word(1);
                        asked.feed(into);
                    }
                    Fetching::BackOff { until } => {
                        into.word(2);
                        into.number(until.0);
                    }
                }
                following.last_asked.feed(into);
            }
        }
    }
}

impl Fingerprinted for Waiting {
    fn feed(&self, into: &mut Fingerprint) {
        self.request.feed(into);
        into.number(self.until.0);
        match self.wants {
            Wants::Records { offset, most_records } => {
                into.word(1);
                offset.feed(into);
                into.number(most_records);
            }
            Wants::HighWatermark { base, mark } => {
                into.word(2);
                base.feed(into);
                mark.feed(into);
            }
        }
    }
}

impl Fingerprinted for Producer {
    fn feed(&self, into: &mut Fingerprint) {
        into.number(self.id.0);
        feed_acks(self.settings.acks, into);
        into.number(self.settings.linger_ms);
        into.number(self.settings.batch_size_bytes);
        into.number(self.given);
        into.flag(self.flushing);
        into.count(self.open.len());
        for send in &self.open {
            send.name.feed(into);
            into.optional_bytes(send.key.as_deref().map(str::as_bytes));
            into.optional_bytes(send.value.as_deref().map(str::as_bytes));
            into.number(send.timestamp.0);
        }
        into.count(self.asked.len());
        for (request, (give_up, records)) in &self.asked {
            request.feed(into);
            into.number(give_up.0);
            into.count(records.len());
            records.iter().for_each(|record| record.feed(into));
        }
    }
}

impl Fingerprinted for Consumer {
    fn feed(&self, into: &mut Fingerprint) {
        into.number(self.id.0);
        into.flag(self.settings.polls == Polls::ByHand);
        into.flag(self.settings.auto_offset_reset == OffsetReset::Earliest);
        into.number(self.settings.max_poll_records);
        into.number(self.settings.work_ms);
        into.bytes(self.settings.program.map_or("", Program::word).as_bytes());
        into.count(self.table.len());
        for (key, row) in &self.table {
            into.bytes(key.as_bytes());
            into.number(*row);
        }
        self.position.feed(into);
        into.count(self.buffer.len());
        self.buffer.iter().for_each(|batch| batch.base_offset().feed(into));
        self.fetch.feed(into);
        self.last_asked.feed(into);
        self.commit.feed(into);
        self.confirmed.feed(into);
        into.word(self.read);
        into.number(self.busy_until.0);
    }
}

impl Fingerprinted for Network {
    fn feed(&self, into: &mut Fingerprint) {
        into.number(self.latency_ms);
        into.number(self.jitter_ms);
        into.count(self.links.len());
        for (link, latency_ms) in &self.links {
            link.feed(into);
            into.number(*latency_ms);
        }
        into.count(self.held.len());
        self.held.iter().for_each(|link| link.feed(into));
        into.count(self.on_the_way.len());
        for travel in self.on_the_way.values() {
            into.number(travel.sent.0);
            into.number(travel.due.0);
            travel.message.feed(into);
        }
        into.count(self.counts.len());
        for ((kind, from, to), count) in &self.counts {
            MessageId { kind: *kind, from: *from, to: *to, count: *count }.feed(into);
        }
    }
}

impl Fingerprinted for Message {
    fn feed(&self, into: &mut Fingerprint) {
        self.id.feed(into);
        into.flag(self.routine);
        match &self.body {
            Body::Produce { batch, acks } => {
                feed_acks(*acks, into);
                batch.feed(into);
            }
            Body::ProduceResponse { request, answer } => {
                request.feed(into);
                match answer {
                    Ok(base) => base.feed(into),
                    Err(error) => into.number(-i64::from(error.code())),
                }
            }
            Body::Fetch { offset, leader_epoch, most_records } => {
                offset.feed(into);
                into.number(leader_epoch.0);
                into.number(*most_records);
            }
            Body::FetchResponse { request, answer } => {
                request.feed(into);
                match answer {
                    Ok(fetched) => fetched.feed(into),
                    Err(error) => into.number(-i64::from(error.code())),
                }
            }
            Body::OffsetCommit { offset } => offset.feed(into),
            Body::OffsetCommitResponse { request, offset } => {
                request.feed(into);
                offset.feed(into);
            }
        }
    }
}

impl Fingerprinted for Fetched {
    fn feed(&self, into: &mut Fingerprint) {
        self.high_watermark.feed(into);
        self.log_start.feed(into);
        into.count(self.batches.len());
        self.batches.iter().for_each(|batch| batch.feed(into));
    }
}

impl Fingerprinted for StoredBatch {
    fn feed(&self, into: &mut Fingerprint) {
        self.base_offset().feed(into);
        self.last_offset().feed(into);
        into.number(self.leader_epoch().0);
        into.count(self.batch.records.len());
        for (record, name) in self.batch.records.iter().zip(&self.names) {
            name.feed(into);
            record.offset.feed(into);
            into.number(record.timestamp_ms);
            into.optional_bytes(record.key.as_deref());
            into.optional_bytes(record.value.as_deref());
        }
    }
}

impl Fingerprinted for Asked {
    fn feed(&self, into: &mut Fingerprint) {
        self.request.feed(into);
        into.number(self.give_up.0);
    }
}

impl<T: Fingerprinted> Fingerprinted for Option<T> {
    fn feed(&self, into: &mut Fingerprint) {
        into.flag(self.is_some());
        if let Some(value) = self {
            value.feed(into);
        }
    }
}

impl Fingerprinted for Offset {
    fn feed(&self, into: &mut Fingerprint) {
        into.number(self.0);
    }
}

impl Fingerprinted for RecordId {
    fn feed(&self, into: &mut Fingerprint) {
        into.number(self.producer.0);
        into.number(self.count);
    }
}

impl Fingerprinted for MessageId {
    fn feed(&self, into: &mut Fingerprint) {
        into.bytes(self.kind.word().as_bytes());
        self.from.feed(into);
        self.to.feed(into);
        into.number(self.count);
    }
}

impl Fingerprinted for Link {
    fn feed(&self, into: &mut Fingerprint) {
        self.from.feed(into);
        self.to.feed(into);
    }
}

impl Fingerprinted for Endpoint {
    fn feed(&self, into: &mut Fingerprint) {
        let (kind, number) = match self {
            Endpoint::Broker(id) => (1, id.0),
            Endpoint::Producer(id) => (2, id.0),
            Endpoint::Consumer(id) => (3, id.0),
        };
        into.word(kind);
        into.number(number);
    }
}

fn feed_acks(acks: Acks, into: &mut Fingerprint) {
    into.word(match acks {
        Acks::None => 0,
        Acks::Leader => 1,
        Acks::All => 2,
    });
}
