//! A consumer that gets nothing, and a client that does not know whom to ask.

use super::path::{asked, blocked, hears_metadata};
use super::reason::{Explanation, Obstacle, Reason};
use super::{mark, record, roles};
use crate::command::{Polls, Schedule};
use crate::ids::{ConsumerIndex, Endpoint, MessageKind};
use crate::world::{Asking, Broker, Consumer, Leading, World};

pub(super) fn reads_nothing(world: &World, id: ConsumerIndex) -> Explanation {
    let Some(consumer) = world.consumers.get(&id) else { return Explanation::of(Reason::Unknown) };
    let client = Endpoint::Consumer(id);
    if !consumer.next_records().is_empty() {
        return polls(world, consumer);
    }
    let Some(asks) = consumer.leader.usable() else { return knows_no_leader(world, client) };
    match (world.leading(asks), roles::leader(world)) {
        (Some((broker, leading)), _) => from(world, consumer, broker, leading),
        (None, Some((leader, _))) => {
            let reason = Reason::AsksAnother { client, asks, leader: leader.id };
            blocked(world, reason, fetch(world, consumer))
        }
        (None, None) => roles::no_leader(world),
    }
}

/// From a broker that takes itself for the leader.
fn from(world: &World, consumer: &Consumer, broker: &Broker, leading: &Leading) -> Explanation {
    if consumer.position < broker.high_watermark || consumer.position < broker.log.log_start {
        return match fetch(world, consumer) {
            Obstacle::NotAsked { .. } | Obstacle::Busy { .. } => polls(world, consumer),
            obstacle @ Obstacle::OnTheWay(message) => blocked(world, Reason::OnTheWay(message), obstacle),
            obstacle => blocked(world, Reason::NotPolled, obstacle),
        };
    }
    if let Some(now) = roles::since(world, leading.epoch) {
        let reason = Reason::LedBefore { broker: broker.id, epoch: leading.epoch, now };
        return blocked(world, reason, hears_metadata(world, broker.id));
    }
    if consumer.position >= broker.log.log_end() {
        return record::not_readable(world, broker.id, consumer.position);
    }
    mark::mark_below(world, broker, leading, consumer.position.plus(1))
}

/// Records are there, and nobody has asked for them.
fn polls(world: &World, consumer: &Consumer) -> Explanation {
    blocked(world, Reason::NotPolled, next_poll(world, consumer))
}

fn next_poll(world: &World, consumer: &Consumer) -> Obstacle {
    let (who, until) = (Endpoint::Consumer(consumer.id), consumer.busy_until);
    let in_a_loop = consumer.settings.polls == Polls::InALoop && world.schedule == Schedule::Automatic;
    if in_a_loop && until > world.tick {
        return Obstacle::Busy { who, until };
    }
    Obstacle::NotAsked { who, kind: MessageKind::Fetch }
}

/// Where the consumer's fetch is.
fn fetch(world: &World, consumer: &Consumer) -> Obstacle {
    consumer.fetch.map_or_else(|| next_poll(world, consumer), |request| asked(world, request))
}

/// A client asks one broker after the other who leads.
pub(super) fn knows_no_leader(world: &World, client: Endpoint) -> Explanation {
    let asks = world.leader_known(client).map(|known| known.asks);
    let obstacle = match asks {
        Some(Asking::Asked(request)) => asked(world, request),
        Some(Asking::BackOff { until }) => Obstacle::Pauses { who: client, until },
        _ => Obstacle::NotAsked { who: client, kind: MessageKind::Metadata },
    };
    match roles::leader(world) {
        None => roles::no_leader(world),
        Some(_) => blocked(world, Reason::KnowsNoLeader(client), obstacle),
    }
}
