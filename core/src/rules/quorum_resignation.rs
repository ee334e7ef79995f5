//! When a leader of the quorum gives up, and who is to stand next (Kafka: `LeaderState`, `ResignedState`,
//! `KafkaRaftClient.endEpochElectionBackoff`; KIP-595).
//!
//! A leader that is cut off hears no refusal; it can only notice that nobody fetches. While it leads it answers
//! brokers, and can commit nothing.

use super::quorum_election::majority;
use super::quorum_timer::check_quorum_timeout_ms;
use crate::ids::{ControllerId, Offset, Tick};

/// Does a leader among `voters` hear from a majority?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuorumCheck {
    /// With the leader, those that have fetched are a majority: the count and its time begin anew.
    Heard,
    /// Not yet, and there is time.
    Waits,
    /// The time is over: the leader resigns.
    Resigns,
}

/// Counts who has fetched since the check began. `fetched` counts voters, each once and not the leader. A quorum of one
/// is always heard. Source: `updateCheckQuorumForFollowingVoter`, `timeUntilCheckQuorumExpires`.
#[must_use]
pub fn check_quorum(voters: usize, fetched: usize, began: Tick, now: Tick, fetch_timeout_ms: i64) -> QuorumCheck {
    if fetched + 1 >= majority(voters) {
        QuorumCheck::Heard
    } else if now < began.plus_ms(check_quorum_timeout_ms(fetch_timeout_ms)) {
        QuorumCheck::Waits
    } else {
        QuorumCheck::Resigns
    }
}

/// Whom a leader that resigns names in `EndQuorumEpoch`: the other voters, the longest log first, then by id; who never
/// fetched is last.
#[must_use]
pub fn preferred_successors(others: &[(ControllerId, Option<Offset>)]) -> Vec<ControllerId> {
    let mut successors: Vec<(ControllerId, Option<Offset>)> = Vec::new();
    for &(id, end) in others {
        let goes_before = |(other, others_end): &(ControllerId, Option<Offset>)| (*others_end, id) > (end, *other);
        let place = successors.iter().take_while(|other| goes_before(other)).count();
        successors.insert(place, (id, end));
    }
    successors.into_iter().map(|(id, _)| id).collect()
}

/// How long voter `me` waits before it stands, once its leader has resigned: the first successor not at all, the last
/// half of `backoff_max_ms` (`controller.quorum.election.backoff.max.ms`), each before it half as long. Who is not
/// named waits longest.
#[must_use]
pub fn successor_backoff_ms(successors: &[ControllerId], me: ControllerId, backoff_max_ms: i64) -> i64 {
    match successors.iter().position(|successor| *successor == me) {
        Some(0) => 0,
        Some(place) => (backoff_max_ms >> (successors.len() - 1).min(62) << (place - 1).min(62)).min(backoff_max_ms),
        None => backoff_max_ms,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(numbers: &[u8]) -> Vec<ControllerId> {
        numbers.iter().copied().map(ControllerId).collect()
    }

    #[test]
    fn a_leader_needs_a_majority_within_three_seconds() {
        let check = |voters, fetched, now| check_quorum(voters, fetched, Tick(1000), Tick(now), 2000);
        assert_eq!([check(3, 1, 1000), check(5, 2, 9000)], [QuorumCheck::Heard; 2]);
        assert_eq!([check(3, 0, 3999), check(5, 1, 3999), check(4, 1, 3999)], [QuorumCheck::Waits; 3]);
        assert_eq!([check(3, 0, 4000), check(5, 1, 4000)], [QuorumCheck::Resigns; 2]);
    }

    #[test]
    fn who_is_alone_leads_for_ever() {
        assert_eq!(check_quorum(1, 0, Tick(0), Tick(i64::MAX), 2000), QuorumCheck::Heard);
    }

    #[test]
    fn the_longest_log_is_to_stand_first() {
        let other = |id, end: Option<i64>| (ControllerId(id), end.map(Offset));
        let others = [other(4, None), other(3, Some(7)), other(2, Some(7)), other(1, Some(9))];
        assert_eq!(preferred_successors(&others), ids(&[1, 2, 3, 4]));
    }

    #[test]
    fn the_others_wait_their_turn() {
        let waits = |successors: &[u8]| {
            [1, 2, 3, 4, 5].map(|me| successor_backoff_ms(&ids(successors), ControllerId(me), 1000))
        };
        assert_eq!(waits(&[1, 2]), [0, 500, 1000, 1000, 1000]);
        assert_eq!(waits(&[4, 3, 2, 1]), [500, 250, 125, 0, 1000]);
    }
}
