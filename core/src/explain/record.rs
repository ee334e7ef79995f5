//! A record that its producer has not heard of, or that nobody can read.

use super::path::{asked, blocked, hears_metadata, under_way};
use super::reason::{Explanation, Fate, Obstacle, Reason, Remedy};
use super::{mark, reader, roles};
use crate::command::Command;
use crate::ids::{BrokerId, Endpoint, LeaderEpoch, MessageId, Offset, RecordId};
use crate::rules::acknowledge::{Answer, may_acknowledge};
use crate::world::{Asked, Broker, Producer, Wants, World};

pub(super) fn not_acknowledged(world: &World, record: RecordId) -> Explanation {
    if world.ledger.acknowledged.contains_key(&record) {
        return Explanation::of(Reason::ItHas);
    }
    let known = world.producers.get(&record.producer).filter(|producer| record.count <= producer.given);
    let Some(producer) = known else { return Explanation::of(Reason::Unknown) };
    if producer.open.iter().any(|send| send.name == record) {
        return in_the_open_batch(world, producer);
    }
    if producer.again.iter().any(|again| again.batch.names.contains(&record)) {
        return sent_again(world, producer);
    }
    let request = producer.asked.iter().find(|(_, sent)| sent.batch.names.contains(&record));
    let Some((request, give_up)) = request.map(|(request, sent)| (*request, sent.give_up)) else {
        let no_answer = may_acknowledge(producer.settings.acks, Offset::ZERO, Offset::ZERO) == Answer::Never;
        let reason = if no_answer { Reason::NoAnswerWanted } else { Reason::GivenUp(fate(world, record)) };
        return Explanation::of(reason);
    };
    match waits_at(world, request) {
        Some((broker, mark)) => at_broker(world, broker, mark),
        None => travels(world, Asked { request, give_up }, record),
    }
}

fn in_the_open_batch(world: &World, producer: &Producer) -> Explanation {
    let who = Endpoint::Producer(producer.id);
    if producer.leader.usable().is_none() {
        return reader::knows_no_leader(world, who);
    }
    if !producer.again.is_empty() {
        return sent_again(world, producer).because(Reason::InTheOpenBatch);
    }
    let linger_ms = i64::from(producer.settings.linger_ms);
    let until = producer.open.first().map_or(world.tick, |first| first.timestamp.plus_ms(linger_ms));
    let lingers = blocked(world, Reason::InTheOpenBatch, Obstacle::Busy { who, until });
    lingers.or(Some(Remedy::Do(Command::Flush { producer: producer.id })))
}

/// Batches that failed go in order: the pause of the first ends, or a leader becomes known.
fn sent_again(world: &World, producer: &Producer) -> Explanation {
    let who = Endpoint::Producer(producer.id);
    if producer.leader.usable().is_none() {
        return reader::knows_no_leader(world, who);
    }
    let until = producer.again.first().map_or(world.tick, |first| producer.may_send_again_at(first));
    blocked(world, Reason::WillBeSentAgain, Obstacle::Pauses { who, until })
}

/// The broker at which a produce request waits, and the mark that it waits for.
fn waits_at(world: &World, request: MessageId) -> Option<(BrokerId, Offset)> {
    let Endpoint::Broker(id) = request.to else { return None };
    let (_, leading) = world.leading(id)?;
    match leading.waiting.iter().find(|waiting| waiting.request == request)?.wants {
        Wants::HighWatermark { mark, .. } => Some((id, mark)),
        Wants::Records { .. } => None,
    }
}

/// It is in the log of who took it, and waits for the mark there.
fn at_broker(world: &World, id: BrokerId, wanted: Offset) -> Explanation {
    let Some((broker, leading)) = world.leading(id) else { return Explanation::of(Reason::Unknown) };
    match roles::since(world, leading.epoch) {
        Some(now) => {
            let reason = Reason::LedBefore { broker: id, epoch: leading.epoch, now };
            blocked(world, reason, hears_metadata(world, id))
        }
        None => mark::mark_below(world, broker, leading, wanted),
    }
}

/// The request has not arrived, or its answer has not.
fn travels(world: &World, request: Asked, record: RecordId) -> Explanation {
    let obstacle = asked(world, request);
    let leader = roles::leader(world).map(|(leader, _)| leader.id);
    let reason = match (request.request.to, leader, under_way(world, request.request)) {
        (Endpoint::Broker(asks), Some(leader), Some(message)) if message == request.request && asks != leader => {
            Reason::AsksAnother { client: request.request.from, asks, leader }
        }
        (_, _, Some(message)) => Reason::OnTheWay(message),
        // Nobody has it in hand: its time runs out.
        (_, _, None) => Reason::GivenUp(fate(world, record)),
    };
    blocked(world, reason, obstacle)
}

/// Where the record is now.
fn fate(world: &World, record: RecordId) -> Fate {
    if let Some((leader, _)) = roles::leader(world)
        && let Some(offset) = offset_of(leader, record)
    {
        return if offset < leader.high_watermark { Fate::Committed(offset) } else { Fate::InLeadersLog(offset) };
    }
    let elsewhere = world.brokers.values().find_map(|broker| Some((broker.id, offset_of(broker, record)?)));
    elsewhere.map_or(Fate::Nowhere, |(broker, offset)| Fate::OnlyAt(broker, offset))
}

fn offset_of(broker: &Broker, record: RecordId) -> Option<Offset> {
    let mut all = broker.log.batches().flat_map(|batch| batch.offsets_and_names());
    all.find(|(_, name)| *name == record).map(|(offset, _)| offset)
}

pub(super) fn not_readable(world: &World, at: BrokerId, offset: Offset) -> Explanation {
    let Some((leader, leading)) = roles::leader(world) else { return roles::no_leader(world) };
    let has = |broker: &Broker| name_at(broker, offset);
    let there = world.brokers.get(&at).and_then(has);
    if at != leader.id && there.is_some() && there != has(leader) && offset >= leader.log.log_start {
        let reason = Reason::NotInLeadersLog { broker: at, leader: leader.id };
        return blocked(world, reason, super::path::fetches(world, at, leader.id, leading));
    }
    if offset < leader.log.log_start {
        Explanation::of(Reason::BelowLogStart(leader.log.log_start))
    } else if offset >= leader.log.log_end() {
        Explanation::of(Reason::BeyondLogEnd(leader.log.log_end()))
    } else if offset < leader.high_watermark {
        Explanation::of(Reason::ItHas)
    } else {
        mark::mark_below(world, leader, leading, offset.plus(1))
    }
}

/// What a broker has at an offset, and of which epoch: one record can be there twice, sent twice.
fn name_at(broker: &Broker, offset: Offset) -> Option<(RecordId, LeaderEpoch)> {
    let batch = broker.log.batches_from(offset).next()?;
    let name = batch.offsets_and_names().find(|(at, _)| *at == offset).map(|(_, name)| name)?;
    Some((name, batch.leader_epoch()))
}
