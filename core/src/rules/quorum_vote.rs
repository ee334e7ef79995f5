//! Whether a voter of the metadata quorum gives its vote (Kafka: `KafkaRaftClient.handleVoteRequest`, `canGrantVote`;
//! KIP-595, KIP-996).
//!
//! One vote an epoch, kept on disk, and only for a log that has everything this one has: so two leaders of one epoch
//! cannot be, and what a majority holds is on every leader that is elected. A pre-vote asks before an epoch is spent,
//! so that a voter that was cut off does not depose a leader that all others follow.

use super::quorum_role::QuorumRole;
use crate::ids::{ControllerId, LeaderEpoch, Offset};

/// Where a log ends: the epoch of its last record first, since a longer log of an older epoch is no better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogEnd {
    pub last_epoch: LeaderEpoch,
    pub end: Offset,
}

/// A request for a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoteRequest {
    pub candidate: ControllerId,
    /// Of the election; of a pre-vote, the epoch that the sender is in.
    pub epoch: LeaderEpoch,
    pub log: LogEnd,
    pub pre_vote: bool,
}

/// The voter that is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voter {
    pub epoch: LeaderEpoch,
    pub role: QuorumRole,
    pub log: LogEnd,
}

/// Its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vote {
    Granted,
    /// `INVALID_REQUEST`: a log cannot have records of an election that is still going on.
    InvalidRequest,
    /// `FENCED_LEADER_EPOCH`: the voter is in a later epoch.
    FencedLeaderEpoch,
    /// It leads, stands itself, or has resigned in this epoch.
    Engaged,
    /// The epoch has a leader; a pre-vote is refused once that leader has answered.
    HasLeader(ControllerId),
    VotedFor(ControllerId),
    /// The candidate's log ends before its own.
    LogIsBehind,
}

impl Voter {
    /// A later epoch is entered before its request is judged, whether the vote is granted or not.
    #[must_use]
    pub fn entering(self, epoch: LeaderEpoch) -> Voter {
        if epoch <= self.epoch {
            return self;
        }
        Voter { epoch, role: QuorumRole::Unattached { leader: None, voted: None }, log: self.log }
    }
}

/// Judges a request for a vote, or for a pre-vote. A granted vote is written down; a granted pre-vote binds nobody.
#[must_use]
pub fn handle_vote(voter: Voter, request: VoteRequest) -> Vote {
    let last_epoch = request.log.last_epoch;
    let is_invalid = last_epoch > request.epoch || last_epoch == request.epoch && !request.pre_vote;
    let role = voter.entering(request.epoch).role;
    if is_invalid {
        Vote::InvalidRequest
    } else if request.epoch < voter.epoch {
        Vote::FencedLeaderEpoch
    } else if let Some(refusal) = refusal(role, request) {
        refusal
    } else if already_has_it(role, request) || request.log >= voter.log {
        Vote::Granted
    } else {
        Vote::LogIsBehind
    }
}

/// What the voter's place in the epoch forbids, whatever the log.
fn refusal(role: QuorumRole, request: VoteRequest) -> Option<Vote> {
    match role {
        QuorumRole::Leader => Some(Vote::Engaged),
        QuorumRole::Candidate | QuorumRole::Resigned => (!request.pre_vote).then_some(Vote::Engaged),
        QuorumRole::Follower { leader, has_fetched, .. } => {
            (has_fetched || !request.pre_vote).then_some(Vote::HasLeader(leader))
        }
        QuorumRole::Unattached { .. } | QuorumRole::Prospective { .. } if request.pre_vote => None,
        QuorumRole::Unattached { leader, voted } | QuorumRole::Prospective { leader, voted } => match voted {
            Some(other) => (other != request.candidate).then_some(Vote::VotedFor(other)),
            None => leader.map(Vote::HasLeader),
        },
    }
}

/// The same request may come twice; the answer is the same.
fn already_has_it(role: QuorumRole, request: VoteRequest) -> bool {
    match role {
        QuorumRole::Unattached { voted, .. } | QuorumRole::Prospective { voted, .. } => {
            !request.pre_vote && voted == Some(request.candidate)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANDIDATE: ControllerId = ControllerId(1);
    const OTHER: ControllerId = ControllerId(2);

    fn log(last_epoch: i32, end: i64) -> LogEnd {
        LogEnd { last_epoch: LeaderEpoch(last_epoch), end: Offset(end) }
    }

    /// A voter in epoch 5, whose log ends at 10 with a record of epoch 3, asked in epoch 5.
    fn asked(role: QuorumRole, pre_vote: bool, candidates: LogEnd) -> Vote {
        let voter = Voter { epoch: LeaderEpoch(5), role, log: log(3, 10) };
        handle_vote(voter, VoteRequest { candidate: CANDIDATE, epoch: LeaderEpoch(5), log: candidates, pre_vote })
    }

    fn unattached(leader: Option<ControllerId>, voted: Option<ControllerId>) -> QuorumRole {
        QuorumRole::Unattached { leader, voted }
    }

    #[test]
    fn the_epoch_of_the_last_record_counts_before_the_length() {
        let vote = |candidates| asked(unattached(None, None), false, candidates);
        assert_eq!([vote(log(3, 10)), vote(log(3, 11)), vote(log(4, 1))], [Vote::Granted; 3]);
        assert_eq!([vote(log(3, 9)), vote(log(2, 99))], [Vote::LogIsBehind; 2]);
    }

    #[test]
    fn one_vote_an_epoch() {
        let vote = |voted| asked(unattached(None, Some(voted)), false, log(3, 10));
        assert_eq!([vote(OTHER), vote(CANDIDATE)], [Vote::VotedFor(OTHER), Vote::Granted]);
        let prospective = QuorumRole::Prospective { leader: None, voted: Some(OTHER) };
        assert_eq!(asked(prospective, false, log(3, 10)), Vote::VotedFor(OTHER));
    }

    /// A vote given is given: a voter that has it asks for nothing else the second time.
    #[test]
    fn who_has_the_vote_hears_so_again() {
        assert_eq!(asked(unattached(None, Some(CANDIDATE)), false, log(2, 1)), Vote::Granted);
        assert_eq!(asked(unattached(None, Some(CANDIDATE)), true, log(2, 1)), Vote::LogIsBehind);
    }

    #[test]
    fn an_epoch_with_a_leader_needs_no_other() {
        let follower = QuorumRole::Follower { leader: OTHER, voted: None, has_fetched: false };
        assert_eq!(asked(follower, false, log(3, 10)), Vote::HasLeader(OTHER));
        assert_eq!(asked(unattached(Some(OTHER), None), false, log(3, 10)), Vote::HasLeader(OTHER));
        for role in [QuorumRole::Leader, QuorumRole::Candidate, QuorumRole::Resigned] {
            assert_eq!(asked(role, false, log(3, 10)), Vote::Engaged);
        }
    }

    #[test]
    fn a_pre_vote_is_refused_by_who_hears_from_a_leader() {
        let follower = |has_fetched| QuorumRole::Follower { leader: OTHER, voted: None, has_fetched };
        assert_eq!(asked(follower(true), true, log(3, 10)), Vote::HasLeader(OTHER));
        assert_eq!(asked(follower(false), true, log(3, 10)), Vote::Granted);
        assert_eq!(asked(follower(false), true, log(3, 9)), Vote::LogIsBehind);
        assert_eq!(asked(QuorumRole::Leader, true, log(3, 10)), Vote::Engaged);
    }

    #[test]
    fn a_pre_vote_asks_for_the_log_alone_of_everybody_else() {
        let prospective = QuorumRole::Prospective { leader: Some(OTHER), voted: Some(OTHER) };
        for role in [unattached(Some(OTHER), Some(OTHER)), prospective, QuorumRole::Candidate, QuorumRole::Resigned] {
            assert_eq!(asked(role, true, log(3, 10)), Vote::Granted);
            assert_eq!(asked(role, true, log(3, 9)), Vote::LogIsBehind);
        }
    }

    #[test]
    fn a_later_epoch_frees_the_voter_of_everything() {
        let voter = Voter { epoch: LeaderEpoch(5), role: QuorumRole::Leader, log: log(5, 10) };
        let request = VoteRequest { candidate: CANDIDATE, epoch: LeaderEpoch(6), log: log(5, 10), pre_vote: false };
        assert_eq!(handle_vote(voter, request), Vote::Granted);
        assert_eq!(voter.entering(LeaderEpoch(6)).role, unattached(None, None));
        assert_eq!(voter.entering(LeaderEpoch(5)), voter);
        let old = VoteRequest { epoch: LeaderEpoch(4), log: log(3, 99), ..request };
        assert_eq!(handle_vote(voter, old), Vote::FencedLeaderEpoch);
    }

    #[test]
    fn a_log_has_no_records_of_an_election() {
        assert_eq!(asked(unattached(None, None), false, log(5, 12)), Vote::InvalidRequest);
        assert_eq!(asked(unattached(None, None), true, log(5, 12)), Vote::Granted);
        assert_eq!(asked(unattached(None, None), true, log(6, 12)), Vote::InvalidRequest);
    }
}
