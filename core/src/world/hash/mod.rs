//! The world's hash: every field in order, fixed width. It covers the world, not how it came to be.
//!
//! Each struct is taken apart by all its fields: a new one does not compile until it is fed, or left out by name.

mod cluster;
mod messages;
mod quorum;

use super::state::{Again, Asked, Consumer, Folded, LeaderKnown, Ledger, Network, OnTheWay, Producer, Sent};
use super::{StoredBatch, World};
use crate::bytes::{Record, RecordBatch};
use crate::command::{Acks, ConsumerSettings, Link, OffsetReset, Polls, ProducerSettings, Schedule};
use crate::event::PendingSend;
use crate::fingerprint::{Fingerprint, Fingerprinted};
use crate::ids::{BrokerId, Endpoint, MessageId, Offset, RecordId};
use crate::rules::fold::Program;

impl World {
    /// 64 bits that differ where worlds differ, the same natively and in the browser.
    #[must_use]
    pub fn hash(&self) -> u64 {
        self.fingerprint()
    }
}

impl Fingerprinted for World {
    fn feed(&self, into: &mut Fingerprint) {
        let World {
            seed,
            tick,
            schedule,
            topic,
            brokers,
            controllers,
            producers,
            consumers,
            network,
            ledger,
            history: _,
        } = self;
        into.word(*seed);
        into.number(tick.0);
        into.flag(match schedule {
            Schedule::Automatic => false,
            Schedule::ByHand => true,
        });
        topic.feed(into);
        into.count(controllers.len());
        controllers.values().for_each(|controller| controller.feed(into));
        into.count(brokers.len());
        brokers.values().for_each(|broker| broker.feed(into));
        into.count(producers.len());
        producers.values().for_each(|producer| producer.feed(into));
        into.count(consumers.len());
        consumers.values().for_each(|consumer| consumer.feed(into));
        network.feed(into);
        let Ledger { acknowledged, read, given_up } = ledger;
        into.count(read.size());
        for (offset, record) in read {
            offset.feed(into);
            record.feed(into);
        }
        into.number(given_up.bits());
        into.count(acknowledged.size());
        for (record, offset) in acknowledged {
            record.feed(into);
            offset.feed(into);
        }
    }
}

impl Fingerprinted for LeaderKnown {
    fn feed(&self, into: &mut Fingerprint) {
        let LeaderKnown { leader, epoch, asks, stale, next } = self;
        leader.feed(into);
        into.number(epoch.0);
        asks.feed(into);
        into.flag(*stale);
        into.number(next.0);
    }
}

impl Fingerprinted for BrokerId {
    fn feed(&self, into: &mut Fingerprint) {
        into.number(self.0);
    }
}

impl Fingerprinted for Producer {
    fn feed(&self, into: &mut Fingerprint) {
        let Producer { id, settings, given, open, flushing, asked, again, leader } = self;
        let ProducerSettings { acks, linger_ms, batch_size_bytes, retries, delivery_timeout_ms, request_timeout_ms } =
            settings;
        into.number(id.0);
        leader.feed(into);
        feed_acks(*acks, into);
        into.number(*linger_ms);
        into.number(*batch_size_bytes);
        for number in [retries, delivery_timeout_ms, request_timeout_ms] {
            into.number(*number);
        }
        into.number(*given);
        into.flag(*flushing);
        into.count(open.len());
        for PendingSend { name, key, value, timestamp } in open {
            name.feed(into);
            into.optional_bytes(key.as_deref().map(str::as_bytes));
            into.optional_bytes(value.as_deref().map(str::as_bytes));
            into.number(timestamp.0);
        }
        into.count(asked.len());
        for (request, Sent { give_up, batch, attempts }) in asked {
            request.feed(into);
            into.number(give_up.0);
            into.number(*attempts);
            batch.feed(into);
        }
        into.count(again.len());
        for Again { batch, attempts, not_before, tried } in again {
            batch.feed(into);
            into.number(*attempts);
            into.number(not_before.0);
            into.number(tried.0);
        }
    }
}

impl Fingerprinted for Consumer {
    fn feed(&self, into: &mut Fingerprint) {
        let Consumer {
            id,
            settings,
            position,
            buffer,
            fetch,
            last_asked,
            commit,
            leader,
            position_epoch,
            validates,
            confirmed,
            table,
            folded,
            read,
            busy_until,
        } = self;
        into.number(id.0);
        settings.feed(into);
        leader.feed(into);
        into.number(position_epoch.map_or(-1, |epoch| epoch.0));
        into.flag(*validates);
        into.count(table.len());
        for (key, row) in table {
            into.bytes(key.as_bytes());
            into.number(*row);
        }
        into.flag(folded.is_some());
        if let Some(Folded { offset, key, changed }) = folded {
            offset.feed(into);
            into.bytes(key.as_bytes());
            into.flag(*changed);
        }
        position.feed(into);
        into.count(buffer.len());
        buffer.iter().for_each(|batch| batch.base_offset().feed(into));
        fetch.feed(into);
        last_asked.feed(into);
        commit.feed(into);
        confirmed.feed(into);
        into.word(*read);
        into.number(busy_until.0);
    }
}

impl Fingerprinted for ConsumerSettings {
    fn feed(&self, into: &mut Fingerprint) {
        let ConsumerSettings { polls, auto_offset_reset, max_poll_records, work_ms, program } = self;
        into.flag(match polls {
            Polls::InALoop => false,
            Polls::ByHand => true,
        });
        into.flag(match auto_offset_reset {
            OffsetReset::Latest => false,
            OffsetReset::Earliest => true,
        });
        into.number(*max_poll_records);
        into.number(*work_ms);
        into.bytes(program.map_or("", Program::word).as_bytes());
    }
}

impl Fingerprinted for Network {
    fn feed(&self, into: &mut Fingerprint) {
        let Network { latency_ms, jitter_ms, links, held, cut, drop_next, on_the_way, counts } = self;
        into.number(*latency_ms);
        into.number(*jitter_ms);
        into.count(links.len());
        for (link, latency_ms) in links {
            link.feed(into);
            into.number(*latency_ms);
        }
        into.count(held.len());
        held.keys().for_each(|link| link.feed(into));
        into.count(cut.len());
        cut.keys().for_each(|link| link.feed(into));
        into.count(drop_next.len());
        for (kind, from, to) in drop_next.keys() {
            MessageId { kind: *kind, from: *from, to: *to, count: 0 }.feed(into);
        }
        into.count(on_the_way.len());
        for OnTheWay { message, sent, due } in on_the_way.values() {
            into.number(sent.0);
            into.number(due.0);
            message.feed(into);
        }
        into.count(counts.len());
        for ((kind, from, to), count) in counts {
            MessageId { kind: *kind, from: *from, to: *to, count: *count }.feed(into);
        }
    }
}

impl Fingerprinted for StoredBatch {
    fn feed(&self, into: &mut Fingerprint) {
        let StoredBatch { batch, names } = self;
        // What is left out is the same in every batch of a world today, or follows from what is fed.
        let RecordBatch {
            base_offset,
            partition_leader_epoch,
            attributes: _,
            last_offset_delta: _,
            base_timestamp_ms: _,
            max_timestamp_ms: _,
            producer_id: _,
            producer_epoch: _,
            base_sequence: _,
            records,
        } = batch;
        base_offset.feed(into);
        self.last_offset().feed(into);
        into.number(partition_leader_epoch.0);
        into.count(records.len());
        for (record, name) in records.iter().zip(names) {
            let Record { offset, timestamp_ms, key, value, headers: _, attributes: _ } = record;
            name.feed(into);
            offset.feed(into);
            into.number(*timestamp_ms);
            into.optional_bytes(key.as_deref());
            into.optional_bytes(value.as_deref());
        }
    }
}

impl Fingerprinted for Asked {
    fn feed(&self, into: &mut Fingerprint) {
        let Asked { request, give_up } = self;
        request.feed(into);
        into.number(give_up.0);
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
        let RecordId { producer, count } = self;
        into.number(producer.0);
        into.number(*count);
    }
}

impl Fingerprinted for MessageId {
    fn feed(&self, into: &mut Fingerprint) {
        let MessageId { kind, from, to, count } = self;
        into.bytes(kind.word().as_bytes());
        from.feed(into);
        to.feed(into);
        into.number(*count);
    }
}

impl Fingerprinted for Link {
    fn feed(&self, into: &mut Fingerprint) {
        let Link { from, to } = self;
        from.feed(into);
        to.feed(into);
    }
}

impl Fingerprinted for Endpoint {
    fn feed(&self, into: &mut Fingerprint) {
        let (kind, number) = match self {
            Endpoint::Broker(id) => (1, id.0),
            Endpoint::Producer(id) => (2, id.0),
            Endpoint::Consumer(id) => (3, id.0),
            Endpoint::Controller(id) => (4, id.0),
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
