//! A replica that is not in the ISR.

use super::path::{blocked, fetches, hears_metadata, no_controller, to_controller};
use super::reason::{Explanation, Reason, Remedy};
use super::roles;
use crate::command::Command;
use crate::ids::{BrokerId, MessageKind, Offset};
use crate::rules::isr::{BrokerFacts, Join, may_join};
use crate::rules::replica::Follower;
use crate::world::{Broker, Leading, World};

pub(super) fn not_in_sync(world: &World, id: BrokerId) -> Explanation {
    let Some((leader, leading)) = roles::leader(world) else { return roles::no_leader(world) };
    let Some(known) = leading.followers.get(&id).filter(|_| !leading.isr.committed.contains(id)) else {
        let is_member = leading.isr.committed.contains(id);
        return if is_member { Explanation::of(Reason::ItHas) } else { no_replica(world, leader, id) };
    };
    if let Some(proposed) = leading.isr.in_flight {
        let ours = proposed.contains(id);
        let reason = if ours { Reason::Proposed(id) } else { Reason::OtherChangeProposed };
        let asks = || to_controller(world, leader.id, MessageKind::AlterPartition);
        return blocked(world, reason, no_controller(world).unwrap_or_else(asks));
    }
    let facts = world.partition_at(leader, leading).brokers.get(&id).copied().unwrap_or_default();
    // It fetches as a start of the broker that the leader has not heard of.
    let has_registered = known.broker_epoch.is_some_and(|epoch| epoch > facts.epoch);
    if facts.fenced || facts.shutting_down || has_registered {
        return not_active(world, leader, id);
    }
    joins(world, (leader, leading), id, known, facts)
}

/// The leader knows of no such replica: there is none, or none yet in the metadata that it has replayed.
fn no_replica(world: &World, leader: &Broker, id: BrokerId) -> Explanation {
    if !world.brokers.contains_key(&id) {
        return Explanation::of(Reason::Unknown);
    }
    let Some(controller) = world.active_controller() else { return Explanation::of(Reason::NoReplica(id)) };
    let mut replicas = controller.image.partition.replicas.clone();
    if replicas.contains(&id) {
        let reason = Reason::LeaderHasNotSeen { leader: leader.id, broker: id };
        return blocked(world, reason, hears_metadata(world, leader.id));
    }
    replicas.push(id);
    Explanation::of(Reason::NoReplica(id)).or(Some(Remedy::Do(Command::Reassign { replicas })))
}

/// Fenced or stopping in the leader's eyes, and perhaps nowhere else any more.
fn not_active(world: &World, leader: &Broker, id: BrokerId) -> Explanation {
    let told = roles::fenced(world, id);
    match told.reason {
        Reason::ItHas => {
            let reason = Reason::LeaderHasNotSeen { leader: leader.id, broker: id };
            blocked(world, reason, hears_metadata(world, leader.id))
        }
        Reason::ShuttingDown(_) => told,
        _ => told.because(Reason::IsFenced(id)),
    }
}

/// It may join: what it lacks, its fetches bring.
fn joins(
    world: &World,
    (leader, leading): (&Broker, &Leading),
    id: BrokerId,
    known: &Follower,
    facts: BrokerFacts,
) -> Explanation {
    let (mark, start) = (leader.high_watermark, leading.epoch_start);
    let end = known.log_end.unwrap_or(Offset::ZERO);
    let eligible = facts.is_eligible(known.broker_epoch);
    let reason = match may_join(leading.isr, id, eligible, end, mark, start) {
        Join::BelowHighWatermark => Reason::LacksCommitted { broker: id, end, mark },
        Join::BelowEpochStart => Reason::BelowEpochStart { broker: id, end, start },
        Join::Propose | Join::NotEligible | Join::MemberAlready | Join::ChangeInFlight => Reason::MustFetch(id),
    };
    blocked(world, reason, fetches(world, id, leader.id, leading))
}
