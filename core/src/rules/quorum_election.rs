//! What comes of an election, and of a pre-vote (Kafka: `EpochElection`, `KafkaRaftClient.maybeTransitionForward`,
//! `maybeHandleElectionLoss`; KIP-996).

use super::quorum_role::QuorumRole;
use crate::ids::ControllerId;

/// More than half of the voters.
#[must_use]
pub fn majority(voters: usize) -> usize {
    voters / 2 + 1
}

/// The answers that are in, the nominee's own vote among those that were granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Votes {
    pub voters: usize,
    pub granted: usize,
    pub rejected: usize,
}

/// What the answers so far decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElectionOutcome {
    /// A majority has granted its vote; the others need not answer.
    Won,
    /// Whatever the others answer, there will be no majority.
    Lost,
    Open,
}

/// Counts the votes.
#[must_use]
pub fn count_votes(votes: Votes) -> ElectionOutcome {
    let unheard = votes.voters.saturating_sub(votes.granted + votes.rejected);
    if votes.granted >= majority(votes.voters) {
        ElectionOutcome::Won
    } else if votes.granted + unheard < majority(votes.voters) {
        ElectionOutcome::Lost
    } else {
        ElectionOutcome::Open
    }
}

/// What a nominee does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NomineeStep {
    /// The pre-vote is won: the next epoch begins, with its own vote.
    BecomesCandidate,
    /// The election is won: its first record names it (`LeaderChange`).
    BecomesLeader,
    /// The pre-vote is lost, and a leader of the epoch is known: it tries to fetch from it again.
    FollowsAgain(ControllerId),
    /// The pre-vote is lost, and there is nobody to follow.
    BecomesUnattached,
    /// The election's time is over: it asks again, in the epoch that it has.
    BecomesProspective,
    /// Answers may still come; of an election that is lost, the time has to run out.
    Waits,
    /// It stands for nothing.
    IsNone,
}

/// Takes what the votes say and whether the nominee's time is over.
#[must_use]
pub fn next_of_nominee(role: QuorumRole, outcome: ElectionOutcome, time_is_over: bool) -> NomineeStep {
    match (role, outcome) {
        (QuorumRole::Prospective { .. }, ElectionOutcome::Won) => NomineeStep::BecomesCandidate,
        (QuorumRole::Candidate, ElectionOutcome::Won) => NomineeStep::BecomesLeader,
        (QuorumRole::Prospective { leader, .. }, outcome) if time_is_over || outcome == ElectionOutcome::Lost => {
            leader.map_or(NomineeStep::BecomesUnattached, NomineeStep::FollowsAgain)
        }
        (QuorumRole::Candidate, _) if time_is_over => NomineeStep::BecomesProspective,
        (QuorumRole::Prospective { .. } | QuorumRole::Candidate, _) => NomineeStep::Waits,
        _ => NomineeStep::IsNone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_is_no_majority() {
        assert_eq!([1, 2, 3, 4, 5].map(majority), [1, 2, 2, 3, 3]);
        let count = |voters, granted, rejected| count_votes(Votes { voters, granted, rejected });
        assert_eq!([count(1, 1, 0), count(3, 2, 0), count(4, 3, 1)], [ElectionOutcome::Won; 3]);
        assert_eq!([count(3, 1, 1), count(2, 1, 0), count(4, 2, 1)], [ElectionOutcome::Open; 3]);
        assert_eq!([count(3, 1, 2), count(2, 1, 1), count(4, 2, 2)], [ElectionOutcome::Lost; 3]);
    }

    #[test]
    fn a_pre_vote_goes_before_an_election() {
        let (voted, leader) = (None, Some(ControllerId(3)));
        let next = |leader, outcome, over| next_of_nominee(QuorumRole::Prospective { leader, voted }, outcome, over);
        assert_eq!(next(leader, ElectionOutcome::Won, false), NomineeStep::BecomesCandidate);
        assert_eq!(next(leader, ElectionOutcome::Open, false), NomineeStep::Waits);
        let again = NomineeStep::FollowsAgain(ControllerId(3));
        assert_eq!([ElectionOutcome::Lost, ElectionOutcome::Open].map(|o| next(leader, o, true)), [again; 2]);
        assert_eq!(next(None, ElectionOutcome::Lost, false), NomineeStep::BecomesUnattached);
    }

    #[test]
    fn a_candidate_that_has_lost_waits_for_its_time() {
        let next = |outcome, over| next_of_nominee(QuorumRole::Candidate, outcome, over);
        assert_eq!(next(ElectionOutcome::Won, false), NomineeStep::BecomesLeader);
        assert_eq!([ElectionOutcome::Lost, ElectionOutcome::Open].map(|o| next(o, false)), [NomineeStep::Waits; 2]);
        assert_eq!(next(ElectionOutcome::Lost, true), NomineeStep::BecomesProspective);
    }

    #[test]
    fn who_does_not_stand_gains_nothing_by_votes() {
        for role in [QuorumRole::Leader, QuorumRole::Resigned, QuorumRole::Unattached { leader: None, voted: None }] {
            assert_eq!(next_of_nominee(role, ElectionOutcome::Won, true), NomineeStep::IsNone);
        }
    }
}
