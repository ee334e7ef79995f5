//! What goes wrong in a run, and what makes it right again; each within the premises that the run keeps.

use super::plan::{BROKERS, Plan, leader};
use crate::command::{Command, ElectionType, Link};
use crate::ids::{BrokerId, ControllerId, Endpoint, MessageKind, Offset};
use crate::sample::{Draws, some_brokers};
use crate::world::{Premise, Process, World};

/// One of them, if there is one.
pub(super) fn pick<T>(draws: &mut Draws, from: impl ExactSizeIterator<Item = T>) -> Option<T> {
    let count = u64::try_from(from.len()).unwrap_or(0);
    let mut from = from;
    from.nth(usize::try_from(draws.below(count)).unwrap_or(0))
}

pub(super) fn fault(plan: &Plan, draws: &mut Draws, world: &World) -> Command {
    // What befalls the leader changes most.
    let chosen = leader(world).filter(|_| draws.below(2) == 0);
    let broker = chosen.unwrap_or_else(|| BrokerId(1 + draws.small(BROKERS)));
    match draws.below(29) {
        0..=2 => crash(plan, draws, world, broker),
        3..=7 => start(draws, world, broker),
        8 => Command::Stop { broker },
        9 => Command::Freeze { at: process(draws, world, broker) },
        10 | 11 => thaw(world, broker),
        12 | 13 => Command::Fence { broker },
        14 => Command::Elect(election(plan, draws)),
        15 => Command::SlowDisk { broker, ms: draws.number(3) * 400 },
        16 => Command::Clock { broker, ahead_ms: i64::from(draws.number(3)) * 20_000 },
        17 => Command::Cut { link: link(draws, world), both_ways: draws.below(2) == 0 },
        18 | 19 => heal(draws, world),
        20 => drop_next(draws, world),
        21 => pick(draws, world.network.on_the_way.keys())
            .map_or(Command::Fence { broker }, |message| Command::Drop { message: *message }),
        22 => Command::Config(plan.topic(draws).into()),
        23 if plan.gives_up(Premise::NoWipedDisk) => wipe(world, broker),
        23 => Command::Sync { broker },
        24 => hold(draws, world),
        25 | 26 => Command::Fence { broker },
        27 => Command::Reassign { replicas: some_brokers(draws, BROKERS) },
        _ => Command::Elect(election(plan, draws)),
    }
}

fn crash(plan: &Plan, draws: &mut Draws, world: &World, broker: BrokerId) -> Command {
    let disk = world.brokers.get(&broker).map(|at| (at.disk.flushed.0, at.log.log_end().0));
    match disk.filter(|_| plan.gives_up(Premise::NoPowerLoss)) {
        Some((flushed, end)) => {
            let lost = i64::try_from(draws.below(u64::try_from(end - flushed + 1).unwrap_or(1))).unwrap_or(0);
            Command::Crash { at: Endpoint::Broker(broker), keep: Some(Offset(end - lost)) }
        }
        None => Command::Crash { at: process(draws, world, broker), keep: None },
    }
}

/// Mostly the broker; now and then a controller, and of several more often.
fn process(draws: &mut Draws, world: &World, broker: BrokerId) -> Endpoint {
    let one_in = if world.controllers.len() > 1 { 2 } else { 8 };
    if draws.below(one_in) == 0 { controller(draws, world) } else { Endpoint::Broker(broker) }
}

/// Mostly the one that leads: what befalls it changes most.
fn controller(draws: &mut Draws, world: &World) -> Endpoint {
    let active = world.active_controller().map(|at| at.id).filter(|_| draws.below(3) > 0);
    let chosen = active.or_else(|| pick(draws, world.controllers.keys()).copied());
    Endpoint::Controller(chosen.unwrap_or(ControllerId(1)))
}

fn drop_next(draws: &mut Draws, world: &World) -> Command {
    let kind = pick(draws, MessageKind::ALL.iter()).copied().unwrap_or(MessageKind::Fetch);
    Command::DropNext { kind, link: link(draws, world) }
}

fn is_down(process: Process) -> bool {
    matches!(process, Process::Down { .. })
}

fn start(draws: &mut Draws, world: &World, broker: BrokerId) -> Command {
    let controllers = world.controllers.values().filter(|at| is_down(at.process));
    let brokers = world.brokers.values().filter(|at| is_down(at.process));
    let down = controllers.map(|at| Endpoint::Controller(at.id)).chain(brokers.map(|at| Endpoint::Broker(at.id)));
    let down: Vec<Endpoint> = down.collect();
    Command::Start { at: pick(draws, down.iter()).copied().unwrap_or(Endpoint::Broker(broker)) }
}

fn thaw(world: &World, broker: BrokerId) -> Command {
    let controllers = world.controllers.values().filter(|at| at.process == Process::Frozen);
    let brokers = world.brokers.values().filter(|at| at.process == Process::Frozen);
    let mut frozen = controllers.map(|at| Endpoint::Controller(at.id)).chain(brokers.map(|at| Endpoint::Broker(at.id)));
    frozen.next().map_or(Command::Fence { broker }, |at| Command::Thaw { at })
}

fn wipe(world: &World, broker: BrokerId) -> Command {
    let down = world.brokers.values().find(|at| is_down(at.process));
    down.map_or(Command::Crash { at: Endpoint::Broker(broker), keep: None }, |at| Command::Wipe { broker: at.id })
}

fn election(plan: &Plan, draws: &mut Draws) -> ElectionType {
    let unclean = plan.gives_up(Premise::CleanElections) && draws.below(2) == 0;
    if unclean { ElectionType::Unclean } else { ElectionType::Preferred }
}

/// Between two brokers, between one and a controller, or between two controllers.
fn link(draws: &mut Draws, world: &World) -> Link {
    let from = draws.small(BROKERS);
    let broker = Endpoint::Broker(BrokerId(1 + from));
    let link = match draws.small(BROKERS) {
        0 if world.controllers.len() > 1 && draws.below(2) == 0 => {
            let others = world.controllers.len() - 1;
            let (one, further) = (controller(draws, world), 1 + pick(draws, 0..others).unwrap_or(0));
            let at = world.controllers.keys().position(|id| Endpoint::Controller(*id) == one).unwrap_or(0);
            let other = world.controllers.keys().cycle().nth(at + further).copied();
            Link { from: one, to: other.map_or(one, Endpoint::Controller) }
        }
        0 => Link { from: broker, to: controller(draws, world) },
        further => Link { from: broker, to: Endpoint::Broker(BrokerId(1 + (from + further) % BROKERS)) },
    };
    if draws.below(2) == 0 { link.back() } else { link }
}

fn heal(draws: &mut Draws, world: &World) -> Command {
    let cut = pick(draws, world.network.cut.keys()).copied();
    Command::Heal { link: cut.unwrap_or_else(|| link(draws, world)), both_ways: draws.below(2) == 0 }
}

fn hold(draws: &mut Draws, world: &World) -> Command {
    match pick(draws, world.network.held.keys()) {
        Some(link) if draws.below(3) > 0 => Command::Release { link: *link },
        _ => Command::Hold { link: link(draws, world) },
    }
}
