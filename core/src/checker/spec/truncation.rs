//! Where a follower cuts its log when it takes a new leader: what the five protocols are about.

use super::{ReplicaId, Spec, State};

/// The new end of the follower's log, which may lie above the old one: then the step can't be taken. None if this
/// protocol does not cut a log here.
pub(super) fn truncate(spec: Spec, state: &State, follower: ReplicaId, leader: ReplicaId) -> Option<u8> {
    match spec {
        Spec::TruncateToHighWatermark => Some(state.replica(follower).high_watermark),
        Spec::Kip101 => Some(end_of_last_epoch(state, follower, leader)),
        Spec::Kip279 | Spec::Kip320 => Some(first_not_shared(state, follower, leader)),
        Spec::Kip320FirstTry => None,
    }
}

/// `LookupOffsetForEpoch`: where the leader says that the follower's last epoch ended. A leader that knows neither that
/// epoch nor a later one has no answer, and the follower falls back to its high watermark.
fn end_of_last_epoch(state: &State, follower: ReplicaId, leader: ReplicaId) -> u8 {
    let (own, asked) = (state.replica(follower), state.replica(leader));
    let Some(last_epoch) = own.end.checked_sub(1).and_then(|last| state.epoch_at(follower, last)) else { return 0 };
    let Some(last) = asked.end.checked_sub(1) else { return own.high_watermark };
    if state.epoch_at(leader, last) == Some(last_epoch) {
        return asked.end;
    }
    let larger = (0..asked.end).find(|offset| state.epoch_at(leader, *offset) > Some(last_epoch));
    larger.unwrap_or(own.high_watermark)
}

/// `FirstNonMatchingOffsetFromTail`: above the last offset at which both hold the same record.
pub(super) fn first_not_shared(state: &State, follower: ReplicaId, leader: ReplicaId) -> u8 {
    let (own, asked) = (state.replica(follower), state.replica(leader));
    let shared = |offset: &u8| own.record_at(*offset) == asked.record_at(*offset);
    (0..own.end.min(asked.end)).rev().find(shared).map_or(0, |offset| offset + 1)
}
