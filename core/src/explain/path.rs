//! What a request and its answer have to pass on their way, and what they meet there.

use super::reason::{Explanation, Obstacle, Reason, Remedy};
use crate::command::{Command, Link, Polls, Schedule};
use crate::ids::{BrokerId, ControllerId, Endpoint, MessageId, MessageKind, Tick};
use crate::rules::broker_session::expiry_seen_at;
use crate::world::{Asked, Asking, Controller, Leading, MetadataWants, Process, Role, SESSION_TIMEOUT_MS, World};

/// An end that does not work.
pub(super) fn stopped(world: &World, end: Endpoint) -> Option<Obstacle> {
    match world.process(end) {
        Process::Up => None,
        Process::Frozen => Some(Obstacle::Frozen(end)),
        Process::Down { .. } => Some(Obstacle::Down(end)),
    }
}

/// What lies between two ends: one of them, or the link there or back.
pub(super) fn between(world: &World, from: Endpoint, to: Endpoint) -> Option<Obstacle> {
    let there = Link { from, to };
    let link = |link: Link| {
        let held = world.schedule == Schedule::Automatic && world.network.held.contains_key(&link);
        let cut = world.network.cut.contains_key(&link).then_some(Obstacle::Cut(link));
        cut.or(held.then_some(Obstacle::Held(link)))
    };
    stopped(world, from).or_else(|| stopped(world, to)).or_else(|| link(there)).or_else(|| link(there.back()))
}

/// Where a request is whose answer is waited for.
pub(super) fn asked(world: &World, asked: Asked) -> Obstacle {
    let request = asked.request;
    if let Some(obstacle) = between(world, request.from, request.to) {
        return obstacle;
    }
    if let Some(message) = under_way(world, request) {
        return Obstacle::OnTheWay(message);
    }
    match parked(world, request) {
        Some(until) => Obstacle::Parked { request, until: until.unwrap_or(asked.give_up) },
        None => Obstacle::AwaitsAnswer { request, until: asked.give_up },
    }
}

/// The request itself or its answer, if one of them is on its way.
pub(super) fn under_way(world: &World, request: MessageId) -> Option<MessageId> {
    let messages = world.network.on_the_way.values().map(|travel| &travel.message);
    let mut about = messages.filter(|message| message.id == request || message.body.request() == Some(request));
    about.next().map(|message| message.id)
}

/// Whether the request waits at a broker or a controller, and until when if its time there is bounded.
fn parked(world: &World, request: MessageId) -> Option<Option<Tick>> {
    match request.to {
        Endpoint::Broker(id) => {
            let (_, leading) = world.leading(id)?;
            leading.waiting.iter().find(|waiting| waiting.request == request).map(|waiting| Some(waiting.until))
        }
        Endpoint::Controller(id) => {
            let waiting = &world.controllers.get(&id)?.waiting;
            Some(match waiting.iter().find(|waiting| waiting.request == request)?.wants {
                MetadataWants::Records { until, .. } | MetadataWants::Voter { until, .. } => Some(until),
                MetadataWants::Commit { .. } => None,
            })
        }
        Endpoint::Producer(_) | Endpoint::Consumer(_) => None,
    }
}

/// What a broker meets that sends requests of this kind to `to`.
fn errand(world: &World, id: BrokerId, to: Endpoint, kind: MessageKind) -> Obstacle {
    let who = Endpoint::Broker(id);
    let asking = world.brokers.get(&id).and_then(|broker| broker.asking(kind)).copied();
    if let Some(Asking::Asked(request)) = asking {
        return asked(world, request);
    }
    if let Some(obstacle) = between(world, who, to).filter(|_| waits_for(world, to)) {
        return obstacle;
    }
    match asking {
        Some(Asking::BackOff { until }) if world.schedule == Schedule::Automatic => Obstacle::Pauses { who, until },
        Some(Asking::AwaitsMetadata) if knows_all(world, id) => Obstacle::AwaitsNews(who),
        Some(Asking::AwaitsMetadata) => hears_metadata(world, id),
        _ => Obstacle::NotAsked { who, kind },
    }
}

/// Whether a broker has replayed all that is committed.
fn knows_all(world: &World, id: BrokerId) -> bool {
    let end = world.brokers.get(&id).map(|broker| broker.image.end);
    latest(world).is_none_or(|controller| end >= Some(controller.committed))
}

/// Whether there is nobody else to turn to: another controller may lead the quorum now.
fn waits_for(world: &World, to: Endpoint) -> bool {
    match to {
        Endpoint::Controller(id) => world.active_controller().is_none_or(|active| active.id == id),
        _ => true,
    }
}

/// What keeps a follower from fetching from its leader.
pub(super) fn fetches(world: &World, follower: BrokerId, leader: BrokerId, leading: &Leading) -> Obstacle {
    let ends = [Endpoint::Broker(follower), Endpoint::Broker(leader)];
    if let Some(obstacle) = ends.into_iter().find_map(|end| stopped(world, end)) {
        return obstacle;
    }
    match world.brokers.get(&follower).map(|broker| &broker.role) {
        Some(Role::Follower(following)) if following.leader == leader && following.epoch == leading.epoch => {
            errand(world, follower, Endpoint::Broker(leader), MessageKind::Fetch)
        }
        _ => takes_part(world, follower),
    }
}

/// What keeps a broker from knowing its part: it is registered first, and replays the metadata then.
pub(super) fn takes_part(world: &World, id: BrokerId) -> Obstacle {
    let Some(broker) = world.brokers.get(&id) else { return Obstacle::NoController };
    if let Some(obstacle) = stopped(world, Endpoint::Broker(id)) {
        return obstacle;
    }
    if broker.duties.epoch.is_none() { registers(world, id) } else { hears_metadata(world, id) }
}

/// What keeps a start of a broker from being registered.
pub(super) fn registers(world: &World, id: BrokerId) -> Obstacle {
    if let Some(obstacle) = no_controller(world) {
        return obstacle;
    }
    if let Some(until) = taken_until(world, id)
        && until > world.tick
    {
        return Obstacle::FormerStart { broker: id, until };
    }
    to_controller(world, id, MessageKind::BrokerRegistration)
}

/// Until when a broker's id is taken by its former start.
fn taken_until(world: &World, id: BrokerId) -> Option<Tick> {
    let active = world.active_controller()?;
    let known = active.image.brokers.get(&id)?;
    let start = world.brokers.get(&id)?.duties.start;
    let session = active.sessions.get(&id)?;
    (known.start != start).then(|| session.heard.plus_ms(SESSION_TIMEOUT_MS + 1))
}

/// What keeps a broker from replaying what the controller has written.
pub(super) fn hears_metadata(world: &World, id: BrokerId) -> Obstacle {
    no_controller(world).unwrap_or_else(|| to_controller(world, id, MessageKind::FetchMetadata))
}

/// What a broker meets on its way to the controller that it knows of.
pub(super) fn to_controller(world: &World, id: BrokerId, kind: MessageKind) -> Obstacle {
    let Some(broker) = world.brokers.get(&id) else { return Obstacle::NoController };
    errand(world, id, Endpoint::Controller(broker.duties.controller), kind)
}

/// Why no controller can write anything down now: none is active, or the one that is has no majority.
pub(super) fn no_controller(world: &World) -> Option<Obstacle> {
    if world.controllers.is_empty() {
        return Some(Obstacle::NoController);
    }
    match world.active_controller() {
        None => Some(no_majority(world, None).unwrap_or(Obstacle::Electing)),
        Some(active) if active.committed < active.log_end() => {
            let by_hand = world.schedule == Schedule::ByHand && world.controllers.len() > 1;
            no_majority(world, Some(active.id)).or(by_hand.then_some(Obstacle::Committing))
        }
        Some(_) => None,
    }
}

/// What keeps a majority of the controllers from hearing of each other, or of the one that leads them.
fn no_majority(world: &World, leader: Option<ControllerId>) -> Option<Obstacle> {
    let ids = || world.controllers.keys().copied().map(Endpoint::Controller);
    let from = leader.map(Endpoint::Controller).or_else(|| ids().find(|id| stopped(world, *id).is_none()));
    let apart = |id: Endpoint| match from {
        Some(from) if from != id => between(world, from, id),
        _ => stopped(world, id),
    };
    let together = ids().filter(|id| apart(*id).is_none()).count();
    if together * 2 > world.controllers.len() { None } else { ids().find_map(apart) }
}

/// The metadata of who knows most of it, and the session table, if a controller works.
pub(super) fn latest(world: &World) -> Option<&Controller> {
    let all = world.controllers.values();
    world.active_controller().or_else(|| all.max_by_key(|controller| (controller.voter.epoch, controller.image.end)))
}

/// When the controller will take a broker for dead of which it hears nothing any more.
pub(super) fn session_ends(world: &World, id: BrokerId) -> Option<Remedy> {
    let active = world.active_controller()?;
    let alive = active.image.brokers.get(&id).is_some_and(|known| !known.fenced);
    let session = active.sessions.get(&id).filter(|_| alive)?;
    let seen_at = expiry_seen_at(session.heard, active.active_since, SESSION_TIMEOUT_MS);
    Some(match world.schedule {
        Schedule::Automatic => until(world, seen_at),
        Schedule::ByHand => Remedy::Do(Command::Fence { broker: id }),
    })
}

/// An explanation with what stands in the way, and what would clear it.
pub(super) fn blocked(world: &World, reason: Reason, obstacle: Obstacle) -> Explanation {
    let remedy = remedy(world, obstacle);
    Explanation { obstacle: Some(obstacle), ..Explanation::of(reason) }.or(remedy)
}

/// What clears an obstacle.
fn remedy(world: &World, obstacle: Obstacle) -> Option<Remedy> {
    let by_itself = world.schedule == Schedule::Automatic;
    Some(match obstacle {
        Obstacle::Down(at) => Remedy::Do(Command::Start { at }),
        Obstacle::Frozen(at) => Remedy::Do(Command::Thaw { at }),
        Obstacle::Cut(link) => Remedy::Do(Command::Heal { link, both_ways: false }),
        Obstacle::Held(link) => Remedy::Do(Command::Release { link }),
        Obstacle::OnTheWay(message) if by_itself => {
            until(world, world.network.on_the_way.get(&message).map_or(world.tick, |travel| travel.due))
        }
        Obstacle::OnTheWay(message) => Remedy::Do(Command::Deliver { message }),
        Obstacle::Parked { until: tick, .. }
        | Obstacle::AwaitsAnswer { until: tick, .. }
        | Obstacle::Pauses { until: tick, .. }
        | Obstacle::Busy { until: tick, .. }
        | Obstacle::FormerStart { until: tick, .. } => until(world, tick),
        Obstacle::NotAsked { who, .. } if by_itself && !polls_by_hand(world, who) => until(world, world.tick),
        Obstacle::NotAsked { who, kind } => Remedy::Do(by_hand(who, kind)?),
        Obstacle::Electing if by_itself => until(world, election_over(world)?),
        // A quorum has no commands of its own: it elects and copies by itself alone.
        Obstacle::Electing | Obstacle::Committing => Remedy::Do(Command::Schedule(Schedule::Automatic)),
        Obstacle::NoController | Obstacle::AwaitsNews(_) => return None,
    })
}

/// What was due while somebody stood still happens at once.
pub(super) fn until(world: &World, tick: Tick) -> Remedy {
    Remedy::Until(tick.max(world.tick))
}

/// When the patience of the next controller ends, which has a round of the election behind it or before it.
fn election_over(world: &World) -> Option<Tick> {
    let voters = world.controllers.values().filter(|controller| controller.process == Process::Up);
    voters.filter_map(|controller| controller.voter.due()).filter(|due| *due > world.tick).min()
}

/// A consumer that polls only when it is told to.
fn polls_by_hand(world: &World, who: Endpoint) -> bool {
    match who {
        Endpoint::Consumer(id) => world.consumers.get(&id).is_some_and(|at| at.settings.polls == Polls::ByHand),
        _ => false,
    }
}

/// The command that lets somebody send a request of this kind.
fn by_hand(who: Endpoint, kind: MessageKind) -> Option<Command> {
    match (who, kind) {
        (Endpoint::Broker(broker), MessageKind::Fetch) => Some(Command::Fetch { broker }),
        (Endpoint::Broker(broker), MessageKind::BrokerRegistration) => Some(Command::Register { broker }),
        (Endpoint::Broker(broker), MessageKind::BrokerHeartbeat) => Some(Command::Heartbeat { broker }),
        (Endpoint::Broker(broker), MessageKind::FetchMetadata) => Some(Command::Learn { broker }),
        // What a leader has asked for once it asks for again by itself alone.
        (Endpoint::Broker(_), MessageKind::AlterPartition) => Some(Command::Schedule(Schedule::Automatic)),
        (Endpoint::Consumer(consumer), MessageKind::Fetch) => Some(Command::Poll { consumer }),
        _ => None,
    }
}
