//! The world's hash: every field in order, fixed width. It covers the world, not how it came to be.
//!
//! Each struct is taken apart by all its fields: a new one does not compile until it is fed, or left out by name.

use super::state::{
    Asked, Broker, Consumer, Fetching, Folded, Following, Leading, Ledger, Network, OnTheWay, Producer,
};
use super::state::{ReplicaLog, Role, Waiting, Wants};
use super::{Body, Fetched, Message, StoredBatch, World};
use crate::bytes::{Record, RecordBatch};
use crate::command::{Acks, ConsumerSettings, Link, OffsetReset, Polls, ProducerSettings, Schedule};
use crate::event::PendingSend;
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
        let World { seed, tick, schedule, brokers, producers, consumers, network, ledger, history: _ } = self;
        into.word(*seed);
        into.number(tick.0);
        into.flag(match schedule {
            Schedule::Automatic => false,
            Schedule::ByHand => true,
        });
        into.count(brokers.len());
        brokers.values().for_each(|broker| broker.feed(into));
        into.count(producers.len());
        producers.values().for_each(|producer| producer.feed(into));
        into.count(consumers.len());
        consumers.values().for_each(|consumer| consumer.feed(into));
        network.feed(into);
        let Ledger { acknowledged } = ledger;
        into.count(acknowledged.size());
        for (record, offset) in acknowledged {
            record.feed(into);
            offset.feed(into);
        }
    }
}

impl Fingerprinted for Broker {
    fn feed(&self, into: &mut Fingerprint) {
        let Broker { id, log, high_watermark, role } = self;
        into.number(id.0);
        log.feed(into);
        high_watermark.feed(into);
        match role {
            Role::Leader(leading) => {
                into.word(1);
                leading.feed(into);
            }
            Role::Follower(following) => {
                into.word(2);
                following.feed(into);
            }
        }
    }
}

impl Fingerprinted for ReplicaLog {
    fn feed(&self, into: &mut Fingerprint) {
        let ReplicaLog { batches, log_start } = self;
        log_start.feed(into);
        into.count(batches.size());
        batches.values().for_each(|batch| batch.feed(into));
    }
}

impl Fingerprinted for Leading {
    fn feed(&self, into: &mut Fingerprint) {
        let Leading { epoch, storage, deleted_below, followers, waiting, committed } = self;
        into.number(epoch.0);
        into.flag(match storage {
            StorageRule::Keep => false,
            StorageRule::DeleteOnAcknowledge => true,
        });
        deleted_below.feed(into);
        into.count(followers.len());
        for (id, end) in followers {
            into.number(id.0);
            end.feed(into);
        }
        into.count(waiting.len());
        waiting.iter().for_each(|waiting| waiting.feed(into));
        into.count(committed.len());
        for (id, offset) in committed {
            into.number(id.0);
            offset.feed(into);
        }
    }
}

impl Fingerprinted for Following {
    fn feed(&self, into: &mut Fingerprint) {
        let Following { leader, fetch, last_asked } = self;
        into.number(leader.0);
        match fetch {
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
        last_asked.feed(into);
    }
}

impl Fingerprinted for Waiting {
    fn feed(&self, into: &mut Fingerprint) {
        let Waiting { request, wants, until } = self;
        request.feed(into);
        into.number(until.0);
        match wants {
            Wants::Records { offset, most_records } => {
                into.word(1);
                offset.feed(into);
                into.number(*most_records);
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
        let Producer { id, settings, given, open, flushing, asked } = self;
        let ProducerSettings { acks, linger_ms, batch_size_bytes } = settings;
        into.number(id.0);
        feed_acks(*acks, into);
        into.number(*linger_ms);
        into.number(*batch_size_bytes);
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
        for (request, (give_up, records)) in asked {
            request.feed(into);
            into.number(give_up.0);
            into.count(records.len());
            records.iter().for_each(|record| record.feed(into));
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
            confirmed,
            table,
            folded,
            read,
            busy_until,
        } = self;
        into.number(id.0);
        settings.feed(into);
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
        let Network { latency_ms, jitter_ms, links, held, on_the_way, counts } = self;
        into.number(*latency_ms);
        into.number(*jitter_ms);
        into.count(links.len());
        for (link, latency_ms) in links {
            link.feed(into);
            into.number(*latency_ms);
        }
        into.count(held.len());
        held.keys().for_each(|link| link.feed(into));
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

impl Fingerprinted for Message {
    fn feed(&self, into: &mut Fingerprint) {
        let Message { id, body, routine } = self;
        id.feed(into);
        into.flag(*routine);
        match body {
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
        let Fetched { batches, high_watermark, log_start } = self;
        high_watermark.feed(into);
        log_start.feed(into);
        into.count(batches.len());
        batches.iter().for_each(|batch| batch.feed(into));
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
