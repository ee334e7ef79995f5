//! A partition without a leader, and a broker that counts as dead.

use super::path::{
    blocked, hears_metadata, latest, no_controller, registers, session_ends, stopped, takes_part, to_controller,
};
use super::reason::{Explanation, Obstacle, Reason, Remedy};
use crate::command::{Command, ElectionType};
use crate::ids::{BrokerId, Endpoint, LeaderEpoch, MessageKind, Offset};
use crate::rules::election::Registration;
use crate::world::{Broker, Controller, Leading, Process, World};

/// The partition as who knows most of it has it written down.
fn registered(world: &World) -> Option<&Registration> {
    let alone = || world.brokers.values().next().map(|broker| &broker.image.partition);
    latest(world).map(|controller| &controller.image.partition).or_else(alone)
}

/// The broker that leads the partition as the metadata has it, and knows that it does.
pub(super) fn leader(world: &World) -> Option<(&Broker, &Leading)> {
    let partition = registered(world)?;
    let (broker, leading) = world.leading(partition.leader?)?;
    let works = broker.process == Process::Up && leading.epoch == partition.leader_epoch;
    works.then_some((broker, leading))
}

/// The epoch that has begun since this one, if one has.
pub(super) fn since(world: &World, epoch: LeaderEpoch) -> Option<LeaderEpoch> {
    registered(world).map(|partition| partition.leader_epoch).filter(|now| *now > epoch)
}

pub(super) fn no_leader(world: &World) -> Explanation {
    let Some(partition) = registered(world) else { return Explanation::of(Reason::Unknown) };
    match partition.leader {
        Some(_) if leader(world).is_some() => Explanation::of(Reason::ItHas),
        Some(id) => not_leading(world, partition, id),
        None => nobody_fit(world, partition),
    }
}

/// The metadata names a leader that does not lead.
fn not_leading(world: &World, partition: &Registration, id: BrokerId) -> Explanation {
    let Some(obstacle) = stopped(world, id.into()) else {
        return blocked(world, Reason::LeaderHasNotHeard(id), takes_part(world, id));
    };
    // It will be taken for dead, and another one that is fit leads.
    let another = partition.isr.iter().any(|other| *other != id && is_active(world, *other));
    blocked(world, Reason::LeaderNotThere(id), obstacle).or(session_ends(world, id).filter(|_| another))
}

/// Whether the controller takes it for alive, and it is.
fn is_active(world: &World, id: BrokerId) -> bool {
    let registered = latest(world).and_then(|controller| controller.image.brokers.get(&id));
    registered.is_some_and(|known| known.is_active()) && stopped(world, id.into()).is_none()
}

/// The partition is offline: who has all that is committed is not alive.
fn nobody_fit(world: &World, partition: &Registration) -> Explanation {
    if let Some(obstacle) = no_controller(world) {
        let would_do = partition.isr.iter().chain(&partition.elr).copied().collect();
        return blocked(world, Reason::NobodyFit { would_do }, obstacle);
    }
    // Who died without writing all down leaves the ELR when it comes back (KIP-966).
    let died = |id: BrokerId| world.brokers.get(&id).is_some_and(has_died);
    let unclean = world.active_controller().is_some_and(|active| active.image.topic.unclean_elections);
    let fit: Vec<BrokerId> = match partition.isr.as_slice() {
        _ if unclean => partition.replicas.clone(),
        [] => partition.elr.iter().copied().filter(|id| !died(*id)).collect(),
        isr => isr.to_vec(),
    };
    let (reason, next) = match in_list_order(partition, &fit) {
        Some(next) => (Reason::NobodyFit { would_do: fit }, next),
        None => {
            let mut must_return = partition.elr.clone();
            must_return.extend(partition.last_known_elr.iter().filter(|id| !partition.elr.contains(id)));
            let absent: Vec<BrokerId> = must_return.iter().copied().filter(|id| !is_active(world, *id)).collect();
            let Some(next) = in_list_order(partition, &absent) else {
                return Explanation::of(Reason::NobodyCertain { must_return }).or(any_alive(world, partition));
            };
            (Reason::NobodyCertain { must_return }, next)
        }
    };
    fenced(world, next).because(reason).or(any_alive(world, partition))
}

/// It ended without writing all down, and the controller has not heard yet that it is back.
fn has_died(broker: &Broker) -> bool {
    match broker.process {
        Process::Down { clean } => !clean,
        Process::Up | Process::Frozen => broker.duties.epoch.is_none() && !broker.duties.clean_start,
    }
}

fn in_list_order(partition: &Registration, wanted: &[BrokerId]) -> Option<BrokerId> {
    partition.replicas.iter().copied().find(|id| wanted.contains(id))
}

/// An unclean election, if there is somebody to elect: what it lacks is lost.
fn any_alive(world: &World, partition: &Registration) -> Option<Remedy> {
    let active = world.active_controller()?;
    let alive = |id: &BrokerId| active.image.brokers.get(id).is_some_and(|known| known.is_active());
    partition.replicas.iter().any(alive).then_some(Remedy::Do(Command::Elect(ElectionType::Unclean)))
}

pub(super) fn fenced(world: &World, id: BrokerId) -> Explanation {
    if world.controllers.is_empty() && world.brokers.contains_key(&id) {
        return Explanation::of(Reason::ItHas);
    }
    let known = latest(world).and_then(|controller| controller.image.brokers.get(&id));
    let (Some(known), Some(broker)) = (known, world.brokers.get(&id)) else { return Explanation::of(Reason::Unknown) };
    if !known.fenced {
        return if known.shutting_down { stops(world, id) } else { Explanation::of(Reason::ItHas) };
    }
    if let Some(obstacle) = stopped(world, id.into()).or_else(|| no_controller(world)) {
        return blocked(world, no_heartbeat(world, id), obstacle);
    }
    if broker.duties.stopping {
        return stops(world, id);
    }
    let Some(epoch) = broker.duties.epoch else {
        return blocked(world, Reason::NotRegistered(id), registers(world, id));
    };
    let end = broker.image.end;
    if end.0 <= epoch {
        let reason = Reason::NotCaughtUp { broker: id, end, registered_at: Offset(epoch) };
        return blocked(world, reason, hears_metadata(world, id));
    }
    let obstacle = to_controller(world, id, MessageKind::BrokerHeartbeat);
    blocked(world, Reason::HeartbeatDue(id), obstacle)
}

fn no_heartbeat(world: &World, broker: BrokerId) -> Reason {
    let sessions = latest(world).map(|controller: &Controller| &controller.sessions);
    let heard = sessions.and_then(|sessions| sessions.get(&broker)).map(|session| session.heard);
    Reason::NoHeartbeat { broker, heard }
}

/// It has asked for leave to stop. It is taken for alive again once it has stopped and started.
fn stops(world: &World, id: BrokerId) -> Explanation {
    let obstacle = stopped(world, Endpoint::Broker(id)).or_else(|| waits_for_others(world, id));
    blocked(world, Reason::ShuttingDown(id), obstacle.unwrap_or_else(|| is_heard(world, id)))
}

/// What keeps the controller from hearing of a broker as it is now.
fn is_heard(world: &World, id: BrokerId) -> Obstacle {
    match world.brokers.get(&id).and_then(|broker| broker.duties.epoch) {
        Some(_) => to_controller(world, id, MessageKind::BrokerHeartbeat),
        None => stopped(world, Endpoint::Broker(id)).unwrap_or_else(|| registers(world, id)),
    }
}

/// It may stop once every other active broker has said that it knows of it.
fn waits_for_others(world: &World, id: BrokerId) -> Option<Obstacle> {
    let active = world.active_controller()?;
    let end = active.sessions.get(&id)?.may_stop_at?;
    let knows = |other: &BrokerId| active.sessions.get(other).is_none_or(|session| session.metadata_end >= end);
    let mut others = active.image.brokers.iter().filter(|(_, known)| known.is_active()).map(|(other, _)| other);
    let other = *others.find(|other| !knows(other))?;
    let has_replayed = world.brokers.get(&other).is_some_and(|broker| broker.image.end >= end);
    let registered = world.brokers.get(&id).is_some_and(|broker| broker.duties.epoch.is_some());
    registered.then(|| if has_replayed { is_heard(world, other) } else { takes_part(world, other) })
}
