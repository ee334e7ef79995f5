//! What can happen in a state, in a fixed order: the controller first, then broker by broker; at each broker what ends
//! it, what brings it back, what it hears, and what it does.
//!
//! Whether it does anything is seen when it is done: a request that is refused, or an epoch beyond the bounds, leaves
//! the state as it is.

use super::{Action, Guard, Knobs, Question, State};
use crate::ids::BrokerId;

pub(super) fn enabled(question: &Question, state: &State, each: &mut impl FnMut(Action)) {
    let knobs = question.knobs();
    let brokers = || State::ids(knobs);
    let mut try_each = |action: Action| {
        let may = question.heals || !action.heals();
        if may && (question.forbidden.is_empty() || is_allowed(question, state, action)) {
            each(action);
        }
    };
    brokers().filter(|id| !state.replica(*id).fenced).for_each(|id| try_each(Action::Fence(id)));
    try_each(Action::ElectPreferred);
    for id in brokers() {
        let replica = state.replica(id);
        if !replica.up {
            let tells_starts_apart = knobs.guards(Guard::HeartbeatStart);
            // Its id is taken until its session ends; or its heartbeats are taken for those of the start before.
            if replica.fenced || !tells_starts_apart {
                try_each(Action::Restart(id));
            }
            if replica.fenced && !tells_starts_apart {
                // A heartbeat of the start before is still on its way.
                try_each(Action::Unfence(id));
            }
            continue;
        }
        crashes(knobs, state, id, &mut try_each);
        // Without the guard a heartbeat of the start before does for one that has not replayed its registration.
        if replica.fenced && (replica.epoch.is_some() || !knobs.guards(Guard::HeartbeatStart)) {
            try_each(Action::Unfence(id));
        }
        let oldest = if knobs.guards(Guard::MetadataEpoch) { replica.heard } else { 0 };
        for epoch in oldest..=state.newest {
            // In an epoch that it knows only a leader hears more: of the ISR.
            let is_behind = epoch == state.newest && !replica.is_up_to_date;
            let isr_is_news = state.leads(id) && (is_behind || replica.isr != state.leadership(epoch).isr);
            if replica.epoch != Some(epoch) || isr_is_news {
                try_each(Action::Learn { broker: id, epoch });
            }
        }
        if state.leads(id) {
            if state.next_record < knobs.bounds.records {
                try_each(Action::Produce(id));
            }
            if replica.in_flight.is_empty() {
                try_each(Action::CheckIsr(id));
            }
            if !replica.in_flight.union(replica.asked_late).is_empty() {
                try_each(Action::AlterIsr(id));
            }
        } else if state.leader_of(id).is_some_and(|leader| state.leads(leader)) {
            try_each(Action::Fetch(id));
            try_each(Action::AskInVain(id));
        }
    }
}

fn is_allowed(question: &Question, state: &State, action: Action) -> bool {
    action.fault(state).is_none_or(|fault| !question.forbidden.contains(fault))
}

fn crashes(knobs: &Knobs, state: &State, id: BrokerId, each: &mut impl FnMut(Action)) {
    each(Action::Crash { broker: id, keep: None });
    if knobs.power_loss {
        (0..state.replica(id).end).rev().for_each(|keep| each(Action::Crash { broker: id, keep: Some(keep) }));
    }
}
