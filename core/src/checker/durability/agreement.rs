//! Whether a world is what a state says: the abstraction from the one to the other, field by field.

use super::Knobs;
use super::state::{Epoch, Record, State, index};
use crate::ids::{BrokerId, LeaderEpoch, RecordId};
use crate::world::{Broker, Process, Role, World};

/// Where a world is not what a state says, in the order in which it is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Differs {
    /// Epoch, leader, ISR, ELR or the last known leader, as the controller has them.
    Leadership,
    /// Whether it is fenced.
    Fenced(BrokerId),
    /// Whether it runs.
    Process(BrokerId),
    /// Its records, or where epochs begin in its log.
    Log(BrokerId),
    /// Its high watermark.
    Mark(BrokerId),
    /// Of which epoch it leads or follows.
    Role(BrokerId),
    /// The ISR that a leader knows, or has asked for.
    LeadersIsr(BrokerId),
    /// The log ends of followers that a leader knows.
    Noted(BrokerId),
    Acknowledged,
}

/// The first thing in which a world is not what a state says. `records`: the model's, by the names they have there.
pub(super) fn difference(world: &World, knobs: &Knobs, state: &State, records: &[RecordId]) -> Option<Differs> {
    if !leadership_agrees(world, state) {
        return Some(Differs::Leadership);
    }
    let of_brokers = State::ids(knobs).find_map(|id| broker_differs(world, knobs, state, records, id));
    of_brokers.or_else(|| (!acknowledged_agree(world, state, records)).then_some(Differs::Acknowledged))
}

fn is_epoch(of_world: LeaderEpoch, epoch: Epoch) -> bool {
    of_world == LeaderEpoch(epoch.into())
}

fn leadership_agrees(world: &World, state: &State) -> bool {
    let Some(controller) = world.active_controller() else { return false };
    let (partition, current) = (&controller.image.partition, state.current());
    is_epoch(partition.leader_epoch, state.newest)
        && partition.leader == current.leader
        && partition.isr.iter().copied().eq(current.isr.iter())
        && partition.elr.iter().copied().eq(state.elr.iter())
        && partition.last_known_elr.first().copied() == state.last_known_leader
        && partition.recovering == state.recovering
}

fn broker_differs(world: &World, knobs: &Knobs, state: &State, records: &[RecordId], id: BrokerId) -> Option<Differs> {
    let replica = state.replica(id);
    let Some(broker) = world.brokers.get(&id) else { return Some(Differs::Process(id)) };
    let registered = world.active_controller().and_then(|controller| controller.image.brokers.get(&id));
    let role_agrees = match &broker.role {
        Role::Leader(leading) => state.leads(id) && replica.epoch.is_some_and(|epoch| is_epoch(leading.epoch, epoch)),
        Role::Follower(following) => {
            let leader = state.leader_of(id);
            leader == Some(following.leader)
                && leader != Some(id)
                && replica.asks == following.asks_end_of.is_some()
                && replica.epoch.is_some_and(|epoch| is_epoch(following.epoch, epoch))
        }
        Role::None => state.leader_of(id).is_none(),
    };
    let agree = [
        (registered.is_some_and(|known| known.fenced == replica.fenced), Differs::Fenced(id)),
        ((broker.process == Process::Up) == replica.up, Differs::Process(id)),
        (log_agrees(broker, state, records), Differs::Log(id)),
        (broker.high_watermark.0 == i64::from(replica.mark), Differs::Mark(id)),
        (role_agrees, Differs::Role(id)),
    ];
    let of_all = agree.into_iter().find(|(agrees, _)| !agrees).map(|(_, differs)| differs);
    of_all.or_else(|| leader_differs(world, broker, knobs, state))
}

fn log_agrees(broker: &Broker, state: &State, records: &[RecordId]) -> bool {
    let replica = state.replica(broker.id);
    let named = |record: &Record| records.get(usize::from(*record)).copied();
    let stored = broker.log.batches().flat_map(|batch| batch.names.iter().copied());
    // What a process that is down has of epochs is mended when it starts.
    let epochs_agree = !replica.up || broker.epochs.entries() == state.epoch_cache(broker.id).entries();
    stored.map(Some).eq(replica.records().iter().map(named)) && epochs_agree
}

fn leader_differs(world: &World, broker: &Broker, knobs: &Knobs, state: &State) -> Option<Differs> {
    let Role::Leader(leading) = &broker.role else { return None };
    let replica = state.replica(broker.id);
    let in_flight = leading.isr.in_flight.unwrap_or_default();
    let newest = world.active_controller().map(|controller| controller.image.partition.partition_epoch);
    let is_up_to_date = Some(leading.partition_epoch) == newest;
    // What a leader asks for that is behind comes to nothing.
    let asks_agree = !replica.is_up_to_date || in_flight == replica.in_flight;
    let isr_agrees = leading.isr.committed == replica.isr && asks_agree;
    if !isr_agrees || is_up_to_date != replica.is_up_to_date {
        return Some(Differs::LeadersIsr(broker.id));
    }
    let mut others = State::ids(knobs).filter(|other| *other != broker.id);
    let noted = |other: BrokerId| leading.followers.get(&other).and_then(|known| known.log_end);
    let agree = others.all(|other| noted(other).map(|end| end.0) == replica.noted[index(other)].map(i64::from));
    (!agree).then_some(Differs::Noted(broker.id))
}

fn acknowledged_agree(world: &World, state: &State, records: &[RecordId]) -> bool {
    (0..)
        .zip(records)
        .all(|(record, name)| world.ledger.acknowledged.contains_key(name) == state.is_acknowledged(record))
}
