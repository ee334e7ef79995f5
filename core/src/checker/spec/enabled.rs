//! What can happen in a state: the guards of the five modules.

use super::state::Replica;
use super::truncation::{first_not_shared, truncate};
use super::{Action, Epoch, Protocol, ReplicaId, Spec, State};

/// Every action that can happen, in a fixed order.
pub(super) fn enabled(protocol: &Protocol, state: &State, each: &mut impl FnMut(Action)) {
    let replicas = 0..protocol.constants.replicas;
    if state.next_epoch <= protocol.constants.max_leader_epoch {
        let leader = state.leader();
        state.isr.iter().filter(|elected| leader != Some(*elected)).for_each(|id| each(Action::ControllerElects(id)));
        let known = |id: &ReplicaId| leader == Some(*id) || state.isr.contains(*id);
        replicas.clone().filter(known).for_each(|id| each(Action::ControllerShrinks(id)));
    }
    for replica in replicas.clone() {
        for epoch in state.replica(replica).epoch.map_or(0, |epoch| epoch + 1)..state.next_epoch {
            takes_request(protocol, state, replica, epoch, each);
        }
    }
    for leader in replicas.clone().filter(|replica| state.presumes_leadership(*replica)) {
        leads(protocol, state, leader, each);
        for follower in replicas.clone().filter(|follower| state.leader_of(*follower) == Some(leader)) {
            follows(protocol, state, follower, leader, each);
        }
        if state.is_true_leader(leader) {
            for follower in replicas.clone() {
                changes_isr(protocol, state, leader, follower, each);
            }
        }
    }
}

fn takes_request(protocol: &Protocol, state: &State, replica: ReplicaId, epoch: Epoch, each: &mut impl FnMut(Action)) {
    let Some(leader) = state.request(epoch).leader else { return };
    if leader == replica {
        return each(Action::BecomesLeader { leader, epoch });
    }
    // KIP-320's follower asks a leader that already leads in that very epoch.
    let asked = state.presumes_leadership(leader) && state.replica(leader).epoch == Some(epoch);
    if protocol.spec == Spec::Kip320 && !asked {
        return;
    }
    // TruncateTo refuses to cut above a log's end: then the request can't be taken at all.
    let end = state.replica(replica).end;
    if truncate(protocol.spec, state, replica, leader).is_none_or(|cut| cut <= end) {
        each(Action::BecomesFollower { follower: replica, epoch });
    }
}

fn leads(protocol: &Protocol, state: &State, leader: ReplicaId, each: &mut impl FnMut(Action)) {
    let Replica { end, high_watermark: mark, isr, .. } = *state.replica(leader);
    if state.next_record < protocol.constants.max_records && end < protocol.constants.log_size {
        each(Action::Writes(leader));
    }
    let advances = match protocol.spec {
        Spec::TruncateToHighWatermark | Spec::Kip101 | Spec::Kip279 => {
            let has = |member| state.leader_of(member) == Some(leader) && mark < state.replica(member).end;
            mark < protocol.constants.log_size && isr.iter().all(has)
        }
        Spec::Kip320FirstTry => mark < end && isr.iter().all(|member| shares_epoch(state, leader, member, mark + 1)),
        Spec::Kip320 => {
            mark < end
                && isr.iter().all(|member| is_in_epoch_of(state, leader, member) && mark < state.replica(member).end)
        }
    };
    if advances {
        each(Action::AdvancesHighWatermark(leader));
    }
}

fn follows(protocol: &Protocol, state: &State, follower: ReplicaId, leader: ReplicaId, each: &mut impl FnMut(Action)) {
    let (own, asked) = (state.replica(follower), state.replica(leader));
    let may = match protocol.spec {
        Spec::TruncateToHighWatermark | Spec::Kip101 | Spec::Kip279 => true,
        Spec::Kip320FirstTry => shares_epoch(state, leader, follower, own.end),
        Spec::Kip320 => is_in_epoch_of(state, leader, follower),
    };
    if may && own.end < asked.end {
        each(Action::Fetches { follower, leader });
    }
    if protocol.spec == Spec::Kip320FirstTry && needs_truncation(state, follower, leader) {
        debug_assert!(first_not_shared(state, follower, leader) <= own.end, "a log is never cut above its end");
        each(Action::Truncates { follower, leader });
    }
}

fn changes_isr(
    protocol: &Protocol,
    state: &State,
    leader: ReplicaId,
    follower: ReplicaId,
    each: &mut impl FnMut(Action),
) {
    let leading = state.replica(leader);
    let reaches = |offset: u8| match protocol.spec {
        Spec::TruncateToHighWatermark | Spec::Kip101 | Spec::Kip279 => {
            state.leader_of(follower) == Some(leader)
                && (offset == 0 || (offset <= leading.end && offset <= state.replica(follower).end))
        }
        Spec::Kip320FirstTry => shares_epoch(state, leader, follower, offset),
        Spec::Kip320 => is_in_epoch_of(state, leader, follower) && offset <= state.replica(follower).end,
    };
    if leading.isr.contains(follower) {
        if follower != leader && !reaches(leading.end) {
            each(Action::ShrinksIsr { leader, follower });
        }
        return;
    }
    let in_time = match protocol.spec {
        Spec::TruncateToHighWatermark | Spec::Kip101 | Spec::Kip279 => true,
        Spec::Kip320FirstTry | Spec::Kip320 => mark_reached_epoch(state, leader),
    };
    if in_time && reaches(leading.high_watermark) {
        each(Action::ExpandsIsr { leader, follower });
    }
}

/// `IsFollowerCaughtUpToLeaderEpoch`: both reach the offset, with records of one epoch just below it.
fn shares_epoch(state: &State, leader: ReplicaId, follower: ReplicaId, offset: u8) -> bool {
    state.presumes_leadership(leader)
        && state.leader_of(follower) == Some(leader)
        && offset.checked_sub(1).is_none_or(|last| {
            let epoch = state.epoch_at(leader, last);
            epoch.is_some() && epoch == state.epoch_at(follower, last)
        })
}

/// `IsFollowingLeaderEpoch`
fn is_in_epoch_of(state: &State, leader: ReplicaId, follower: ReplicaId) -> bool {
    state.presumes_leadership(leader)
        && state.leader_of(follower) == Some(leader)
        && state.replica(follower).epoch == state.replica(leader).epoch
}

/// `HasHighWatermarkReachedCurrentEpoch`
fn mark_reached_epoch(state: &State, leader: ReplicaId) -> bool {
    let leading = state.replica(leader);
    let mark = leading.high_watermark;
    mark == leading.end || (mark < leading.end && state.epoch_at(leader, mark) == leading.epoch)
}

/// `FollowerNeedsTruncation`
fn needs_truncation(state: &State, follower: ReplicaId, leader: ReplicaId) -> bool {
    let (own, asked) = (state.replica(follower), state.replica(leader));
    own.end > asked.end
        || own.end.checked_sub(1).is_some_and(|last| state.epoch_at(follower, last) != state.epoch_at(leader, last))
}
