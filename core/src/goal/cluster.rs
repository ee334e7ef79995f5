//! What a judge asks of a cluster: who is in sync, what an acknowledgement was worth, how long a mark stood still.

use super::{Fate, Sight};
use crate::command::Acks;
use crate::event::EventKind;
use crate::ids::{BrokerId, BrokerSet, Endpoint, LeaderEpoch, Offset, ProducerIndex, RecordId, Tick};
use crate::rules::acknowledge::{Admission, may_append};
use crate::rules::offset_for_leader_epoch::{LeaderAnswer, offset_for_leader_epoch};
use crate::world::{Broker, Premise, Process, StoredBatch, World};
use std::sync::Arc;

/// The committed ISR as the leader has it; without a leader, as the controllers have it.
pub(super) fn in_sync(world: &World) -> Option<BrokerSet> {
    if let Some((_, leading)) = world.leader() {
        return Some(leading.isr.committed);
    }
    let newest = world.controllers.values().max_by_key(|controller| controller.log_end())?;
    Some(newest.image.partition.isr.iter().copied().collect())
}

/// A set of brokers as an answer: the bit of each.
pub(super) fn as_number(brokers: BrokerSet) -> i64 {
    brokers.iter().map(bit).sum()
}

/// The brokers that an answer names.
pub(super) fn of_number(number: i64) -> BrokerSet {
    (0..=BrokerSet::MAX.0).map(BrokerId).filter(|id| number & bit(*id) != 0).collect()
}

/// Of the highest brokers a number has no bit.
fn bit(id: BrokerId) -> i64 {
    1_i64.checked_shl(u32::from(id.0)).unwrap_or(0)
}

/// The fewest replicas that held a record under acks=all when its producer was told that it is stored.
pub(super) fn fewest_copies(sight: &Sight) -> Option<usize> {
    let told = sight.happened().iter().enumerate().filter_map(|(moment, event)| match &event.kind {
        EventKind::Acknowledged { producer, base, .. } => {
            let settings = sight.world.producers.get(producer)?.settings;
            (settings.acks == Acks::All).then_some((moment, *base))
        }
        _ => None,
    });
    told.map(|(moment, base)| {
        let world = sight.run.world_at(moment);
        let batch_at = |broker: &Broker| broker.log.batches_from(base).next().cloned();
        let written = world.leader().and_then(|(leader, _)| batch_at(leader));
        world.brokers.values().filter(|broker| written.is_some() && batch_at(broker) == written).count()
    })
    .min()
}

/// The records above the leader's mark that every replica holds.
pub(super) fn held_unread(world: &World) -> Option<usize> {
    let (leader, _) = world.leader()?;
    let everywhere = |batch: &&Arc<StoredBatch>| {
        let there = |broker: &Broker| broker.log.batches_from(batch.base_offset()).next() == Some(batch);
        world.brokers.values().all(there)
    };
    let unread = leader.log.batches_from(leader.high_watermark);
    Some(unread.filter(everywhere).map(|batch| batch.names.len()).sum())
}

/// The longest time that a leader's mark stood still with records above it.
pub(super) fn mark_stood_ms(sight: &Sight) -> i64 {
    let mut stands_since: Option<Tick> = None;
    let mut longest = 0;
    let mut log_end = Offset::ZERO;
    for event in sight.happened() {
        match &event.kind {
            EventKind::BatchAppended { batch, .. } => {
                log_end = batch.next_offset();
                stands_since.get_or_insert(event.tick);
            }
            EventKind::HighWatermarkAdvanced { to, .. } => {
                longest = longest.max(stands_since.map_or(0, |since| event.tick.0 - since.0));
                stands_since = (*to < log_end).then_some(event.tick);
            }
            _ => {}
        }
    }
    longest.max(stands_since.map_or(0, |since| sight.world.tick.0 - since.0))
}

/// The broker processes that ended, by themselves or not.
pub(super) fn crashes(sight: &Sight) -> usize {
    let ended = |kind: &EventKind| {
        matches!(kind, EventKind::Crashed { at: Endpoint::Broker(_), .. } | EventKind::Stopped { .. })
    };
    sight.happened().iter().filter(|event| ended(&event.kind)).count()
}

/// The brokers that do not work now.
pub(super) fn down(world: &World) -> usize {
    world.brokers.values().filter(|broker| broker.process != Process::Up).count()
}

/// Would a write under acks=all be taken now?
pub(super) fn takes_writes(world: &World) -> bool {
    let Some((leader, leading)) = world.settled_leader() else { return false };
    let min_in_sync = world.partition_at(leader, leading).min_in_sync;
    may_append(Acks::All, leading.isr.committed.len(), min_in_sync) == Admission::Append
}

/// The settings of the topic that are not as the cluster was started with, the number of its replicas among them. None
/// without a controller: then nobody can change them.
pub(super) fn knobs_turned(sight: &Sight) -> Option<usize> {
    let started = sight.happened().iter().find_map(|event| match &event.kind {
        EventKind::ClusterStarted(settings) => Some(*settings),
        _ => None,
    })?;
    let now = &sight.world.active_controller()?.image;
    let turned = [
        now.topic.min_in_sync != started.topic.min_in_sync,
        now.topic.unclean_elections != started.topic.unclean_elections,
        now.partition.replicas.len() != usize::from(started.replication_factor),
    ];
    Some(turned.into_iter().filter(|turned| *turned).count())
}

/// The records that producers gave up on.
pub(super) fn failed(sight: &Sight) -> usize {
    let of = |kind: &EventKind| if let EventKind::SendFailed { records, .. } = kind { records.len() } else { 0 };
    sight.happened().iter().map(|event| of(&event.kind)).sum()
}

/// What has come of the last record that was given to a producer; none before the first.
pub(super) fn fate(sight: &Sight, producer: ProducerIndex) -> Option<Fate> {
    let count = sight.world.producers.get(&producer)?.given;
    let last = (count > 0).then_some(RecordId { producer, count })?;
    let told = sight.happened().iter().rev().find_map(|event| match &event.kind {
        EventKind::Acknowledged { records, .. } => records.contains(&last).then_some(Fate::Acknowledged),
        EventKind::SendFailed { records, .. } => records.contains(&last).then_some(Fate::Failed),
        _ => None,
    });
    Some(told.unwrap_or(Fate::Waits))
}

/// The rules that were not Kafka's at some time of the run.
pub(super) fn wrong_rules(world: &World) -> usize {
    let rules = [Premise::KafkasCommitRule, Premise::KafkasTruncation, Premise::KeptRecords];
    rules.into_iter().filter(|rule| world.ledger.given_up.contains(*rule)).count()
}

/// Where the broker's log says that the epoch ended, by the truncation rule of this run; none if it does not know.
pub(super) fn epoch_end(world: &World, broker: BrokerId, epoch: LeaderEpoch) -> Option<Offset> {
    let broker = world.brokers.get(&broker)?;
    let rule = world.topic.truncation_rule;
    match offset_for_leader_epoch(rule, broker.epochs.entries(), epoch, broker.log.log_end()) {
        LeaderAnswer::Ends { end, .. } | LeaderAnswer::EndsAt(end) => Some(end),
        LeaderAnswer::Undefined => None,
    }
}

/// Below which offset two logs hold the same batches: where they part, or where the shorter one ends.
pub(super) fn agree_to(left: &Broker, right: &Broker) -> Offset {
    let from = left.log.log_start.max(right.log.log_start);
    let mut pairs = left.log.batches_from(from).zip(right.log.batches_from(from));
    match pairs.find(|(ours, theirs)| ours != theirs) {
        Some((ours, theirs)) => ours.base_offset().min(theirs.base_offset()).max(from),
        None => left.log.log_end().min(right.log.log_end()),
    }
}
