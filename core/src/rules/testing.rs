//! What the tests of several rules begin with.

use super::election::Registration;
use super::epoch_cache::EpochEntry;
use super::producer_entry::ProducerBatch;
use super::producer_state::{Content, LoggedBatch, ProducerState};
use crate::ids::{BrokerId, BrokerSet, LeaderEpoch, Offset, ProducerEpoch, ProducerId};

/// How long a producer is remembered, by default.
pub(super) const LIMIT_MS: i64 = 86_400_000;

pub(super) fn brokers(numbers: &[u8]) -> Vec<BrokerId> {
    numbers.iter().copied().map(BrokerId).collect()
}

pub(super) fn broker_set(numbers: &[u8]) -> BrokerSet {
    brokers(numbers).into_iter().collect()
}

/// Epochs with their starts.
pub(super) fn epochs(entries: &[(i32, i64)]) -> Vec<EpochEntry> {
    entries.iter().map(|&(epoch, start)| EpochEntry { epoch: LeaderEpoch(epoch), start: Offset(start) }).collect()
}

/// Replicas 1, 2 and 3, all in sync, led by 1 in leader epoch 4 and partition epoch 10.
pub(super) fn led_by_1() -> Registration {
    Registration {
        replicas: brokers(&[1, 2, 3]),
        adding: Vec::new(),
        removing: Vec::new(),
        isr: brokers(&[1, 2, 3]),
        elr: vec![],
        last_known_elr: vec![],
        leader: Some(BrokerId(1)),
        recovering: false,
        leader_epoch: LeaderEpoch(4),
        partition_epoch: 10,
    }
}

/// A batch of one record of producer 7; its sequence and its time are its offset.
pub(super) fn batch(offset: i64, transactional: bool) -> LoggedBatch {
    let sequence = i32::try_from(offset).expect("small");
    LoggedBatch {
        producer: ProducerId(7),
        first_offset: Offset(offset),
        last_offset: Offset(offset),
        timestamp_ms: offset,
        content: Content::Data(ProducerBatch {
            epoch: ProducerEpoch(0),
            first_sequence: sequence,
            last_sequence: sequence,
            transactional,
        }),
    }
}

/// The first offsets of the batches that are remembered.
pub(super) fn remembered(state: &ProducerState) -> Vec<i64> {
    let batches = state.producers.values().flat_map(|entry| &entry.batches);
    batches.map(|cached| cached.first_offset.0).collect()
}
