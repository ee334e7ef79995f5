//! What a controller is in the quorum's epoch, and when hearing of a leader changes it (Kafka: `QuorumState`,
//! `KafkaRaftClient.maybeTransition`, KIP-595, KIP-996).
//!
//! Epoch, vote and leader are on disk (`quorum-state`) before anybody is told of them: a voter that restarts must not
//! vote a second time in the same epoch.

use crate::ids::{ControllerId, LeaderEpoch};

/// A voter's place in its epoch (Kafka: the classes of `EpochState`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuorumRole {
    /// Follows nobody: it waits to hear of a leader, or for its own time to stand.
    Unattached {
        leader: Option<ControllerId>,
        voted: Option<ControllerId>,
    },
    /// Fetches from the leader. `has_fetched`: the leader has answered it in this epoch.
    Follower {
        leader: ControllerId,
        voted: Option<ControllerId>,
        has_fetched: bool,
    },
    /// Asks whether it would be elected, and promises nobody anything: a pre-vote. The leader is the one it lost.
    Prospective {
        leader: Option<ControllerId>,
        voted: Option<ControllerId>,
    },
    /// Stands for election, and has voted for itself.
    Candidate,
    Leader,
    /// Has led in this epoch, and does so no more.
    Resigned,
}

impl QuorumRole {
    /// Whom voter `me` takes for the leader of the epoch; one that has resigned names itself.
    #[must_use]
    pub fn leader(self, me: ControllerId) -> Option<ControllerId> {
        match self {
            QuorumRole::Unattached { leader, .. } | QuorumRole::Prospective { leader, .. } => leader,
            QuorumRole::Follower { leader, .. } => Some(leader),
            QuorumRole::Candidate => None,
            QuorumRole::Leader | QuorumRole::Resigned => Some(me),
        }
    }

    /// To whom voter `me` gave its vote in the epoch.
    #[must_use]
    pub fn voted(self, me: ControllerId) -> Option<ControllerId> {
        match self {
            QuorumRole::Unattached { voted, .. }
            | QuorumRole::Prospective { voted, .. }
            | QuorumRole::Follower { voted, .. } => voted,
            QuorumRole::Candidate => Some(me),
            QuorumRole::Leader | QuorumRole::Resigned => None,
        }
    }
}

/// What a `quorum-state` file says. It is written before the voter acts on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredVote {
    pub epoch: LeaderEpoch,
    pub leader: Option<ControllerId>,
    pub voted: Option<ControllerId>,
}

/// What voter `me` is after a start, and in which epoch. The log may know a later epoch than the file does: then the
/// file is not believed. Source: `QuorumState.initialize`.
#[must_use]
pub fn role_after_start(stored: StoredVote, log_epoch: LeaderEpoch, me: ControllerId) -> (LeaderEpoch, QuorumRole) {
    if stored.epoch < log_epoch {
        return (log_epoch, QuorumRole::Unattached { leader: None, voted: None });
    }
    let role = match (stored.leader, stored.voted) {
        (Some(leader), _) if leader == me => QuorumRole::Resigned,
        (_, Some(voted)) if voted == me => QuorumRole::Candidate,
        (Some(leader), voted) => QuorumRole::Follower { leader, voted, has_fetched: false },
        (None, voted) => QuorumRole::Unattached { leader: None, voted },
    };
    (stored.epoch, role)
}

/// What a voter makes of an epoch, and perhaps its leader, that a request or an answer names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    Nothing,
    /// It enters the epoch and follows this leader.
    Follow(ControllerId),
    /// It enters the epoch, which has no leader that anybody knows of.
    NewEpoch,
}

/// An epoch is entered once it is heard of; a leader is followed unless one is known already.
#[must_use]
pub fn hear_of_epoch(known: (LeaderEpoch, Option<ControllerId>), told: (LeaderEpoch, Option<ControllerId>)) -> Heard {
    match told {
        (epoch, _) if epoch < known.0 => Heard::Nothing,
        (epoch, None) if epoch > known.0 => Heard::NewEpoch,
        (epoch, Some(leader)) if epoch > known.0 || known.1.is_none() => Heard::Follow(leader),
        _ => Heard::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: ControllerId = ControllerId(1);
    const OTHER: ControllerId = ControllerId(2);

    fn start(epoch: i32, leader: Option<ControllerId>, voted: Option<ControllerId>) -> (i32, QuorumRole) {
        let stored = StoredVote { epoch: LeaderEpoch(epoch), leader, voted };
        let (epoch, role) = role_after_start(stored, LeaderEpoch(3), ME);
        (epoch.0, role)
    }

    #[test]
    fn a_leader_that_restarts_leads_no_more_and_a_candidate_still_stands() {
        assert_eq!(start(4, Some(ME), None), (4, QuorumRole::Resigned));
        assert_eq!(start(4, None, Some(ME)), (4, QuorumRole::Candidate));
    }

    #[test]
    fn votes_and_leaders_are_remembered() {
        let follower = QuorumRole::Follower { leader: OTHER, voted: Some(OTHER), has_fetched: false };
        assert_eq!(start(4, Some(OTHER), Some(OTHER)), (4, follower));
        assert_eq!(start(3, None, Some(OTHER)), (3, QuorumRole::Unattached { leader: None, voted: Some(OTHER) }));
        assert_eq!(start(4, None, None), (4, QuorumRole::Unattached { leader: None, voted: None }));
    }

    #[test]
    fn a_file_older_than_the_log_is_not_believed() {
        let nobody = QuorumRole::Unattached { leader: None, voted: None };
        assert_eq!([start(2, Some(ME), None), start(2, None, Some(OTHER))], [(3, nobody); 2]);
    }

    #[test]
    fn who_leads_and_who_was_voted_for_goes_by_the_role() {
        let prospective = QuorumRole::Prospective { leader: Some(OTHER), voted: None };
        let roles = [QuorumRole::Candidate, QuorumRole::Leader, QuorumRole::Resigned, prospective];
        assert_eq!(roles.map(|role| role.leader(ME)), [None, Some(ME), Some(ME), Some(OTHER)]);
        assert_eq!(roles.map(|role| role.voted(ME)), [Some(ME), None, None, None]);
    }

    #[test]
    fn a_newer_epoch_is_entered_and_a_first_leader_followed() {
        let hear = |leader, told: (i32, Option<ControllerId>)| {
            hear_of_epoch((LeaderEpoch(5), leader), (LeaderEpoch(told.0), told.1))
        };
        let third = ControllerId(3);
        assert_eq!([hear(None, (4, Some(third))), hear(Some(OTHER), (5, Some(OTHER)))], [Heard::Nothing; 2]);
        assert_eq!([hear(None, (5, None)), hear(Some(OTHER), (5, None))], [Heard::Nothing; 2]);
        assert_eq!([hear(None, (5, Some(third))), hear(Some(OTHER), (6, Some(third)))], [Heard::Follow(third); 2]);
        assert_eq!(hear(Some(OTHER), (6, None)), Heard::NewEpoch);
    }
}
