//! How the metadata log is copied within the quorum (Kafka: `KafkaRaftClient.handleFetchRequest`,
//! `tryCompleteFetchRequest`, `handleFetchResponse`, `LeaderState`; KIP-595, KIP-1166).
//!
//! As between brokers, a fetch says what its sender holds, and logs that part are found by the epoch of the last
//! record. Unlike there, the mark is moved before the answer is made, so the answer tells of it, and every fetch that
//! waits is answered when it moves.

use super::epoch_cache::EpochEntry;
use super::fetch_divergence::{Divergence, check_divergence};
use super::quorum_high_watermark::{QuorumAdvance, QuorumView, advance_quorum_mark};
use super::quorum_resignation::{QuorumCheck, check_quorum};
use super::quorum_role::QuorumRole;
use super::quorum_timer::{FETCH_TIMEOUT_MS, check_quorum_timeout_ms};
use super::quorum_voter::{QuorumClock, QuorumVoter};
use super::quorum_voting::{QuorumAct, QuorumTurn, Turns};
use crate::ids::{ControllerId, LeaderEpoch, Offset};

/// A fetch of the metadata log by a voter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuorumFetch {
    /// The epoch that the sender is in.
    pub epoch: LeaderEpoch,
    /// It holds everything below.
    pub offset: Offset,
    /// The epoch of its last record.
    pub last_epoch: LeaderEpoch,
    /// It knows that everything below is committed.
    pub high_watermark: Offset,
}

/// What becomes of a fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuorumFetchCheck {
    /// `FENCED_LEADER_EPOCH`: the sender is in an older epoch.
    FencedLeaderEpoch,
    /// `UNKNOWN_LEADER_EPOCH`: the sender is in a later epoch.
    UnknownLeaderEpoch,
    /// `NOT_LEADER_OR_FOLLOWER`.
    NotLeader,
    /// The logs part: of this epoch or an older one the leader has records up to `end` only.
    Diverging { epoch: LeaderEpoch, end: Offset },
    /// The sender's log is the beginning of the leader's.
    Counts,
}

/// Judges a fetch that arrives at a voter, whose log has these epochs and ends at `log_end`.
#[must_use]
pub fn check_quorum_fetch(
    voter: &QuorumVoter,
    fetch: QuorumFetch,
    epochs: &[EpochEntry],
    log_end: Offset,
) -> QuorumFetchCheck {
    if fetch.epoch < voter.epoch {
        return QuorumFetchCheck::FencedLeaderEpoch;
    }
    if fetch.epoch > voter.epoch {
        return QuorumFetchCheck::UnknownLeaderEpoch;
    }
    if voter.role != QuorumRole::Leader {
        return QuorumFetchCheck::NotLeader;
    }
    if fetch.offset == Offset::ZERO {
        return QuorumFetchCheck::Counts;
    }
    match check_divergence(epochs, log_end, fetch.offset, fetch.last_epoch) {
        Divergence::Agrees => QuorumFetchCheck::Counts,
        Divergence::Diverges { epoch, end } => QuorumFetchCheck::Diverging { epoch, end },
        Divergence::UnknownEpoch => QuorumFetchCheck::Diverging { epoch: voter.epoch, end: log_end },
    }
}

/// Whether a fetch that counts is answered now, at a leader whose log ends at `log_end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuorumFetchWait {
    /// There are records for it, or a higher mark than it knows.
    AnswerNow,
    /// It waits for either, or for its time.
    Wait,
}

/// A fetch waits only if there is nothing to tell.
#[must_use]
pub fn quorum_fetch_waits(fetch: QuorumFetch, log_end: Offset, high_watermark: Offset) -> QuorumFetchWait {
    if fetch.offset < log_end || fetch.high_watermark < high_watermark {
        QuorumFetchWait::AnswerNow
    } else {
        QuorumFetchWait::Wait
    }
}

impl QuorumVoter {
    /// How far this leader's voters have come. Source: `LeaderState.maybeUpdateHighWatermark`.
    #[must_use]
    pub fn advance(&self) -> QuorumAdvance {
        let Some(leading) = &self.leading else { return QuorumAdvance::NoMajority };
        let (high_watermark, epoch_start) = (leading.high_watermark, leading.epoch_start);
        advance_quorum_mark(QuorumView { high_watermark, epoch_start, ends: &leading.ends })
    }
}

/// A voter's fetch counts: the leader knows how far it is, and that it is there. Then the mark may advance
/// ([`QuorumVoter::advance`]).
#[must_use]
pub fn quorum_fetch_noted(
    voter: &QuorumVoter,
    from: ControllerId,
    offset: Offset,
    clock: QuorumClock,
) -> Vec<QuorumAct> {
    let mut turns = Turns::of(voter, clock);
    let voters = voter.voters.len();
    let Some(leading) = &mut turns.voter.leading else { return Vec::new() };
    if !leading.fetched.contains(&from) {
        leading.fetched.push(from);
    }
    let check = check_quorum(voters, leading.fetched.len(), leading.heard, clock.now, FETCH_TIMEOUT_MS);
    if check == QuorumCheck::Heard {
        leading.fetched.clear();
        leading.heard = clock.now;
        turns.voter.until = clock.now.plus_ms(check_quorum_timeout_ms(FETCH_TIMEOUT_MS));
    }
    turns.voter.reach(from, offset);
    turns.turn(QuorumTurn::NotedFetch { from });
    turns.acts
}

/// The good answer to a fetch, from `leader` in `epoch`; none if the voter has moved on, and must not use it.
#[must_use]
pub fn quorum_fetch_answered(
    voter: &QuorumVoter,
    leader: ControllerId,
    epoch: LeaderEpoch,
    clock: QuorumClock,
) -> Option<Vec<QuorumAct>> {
    let mut turns = Turns::of(voter, clock);
    match voter.role {
        QuorumRole::Follower { leader: followed, .. } if followed == leader && epoch == voter.epoch => {
            turns.voter.hear_leader(clock);
            turns.turn(QuorumTurn::HeardLeader);
            Some(turns.acts)
        }
        _ => None,
    }
}

/// A refusal of a fetch, with what the other says of epoch and leader.
#[must_use]
pub fn quorum_fetch_refused(
    voter: &QuorumVoter,
    epoch: LeaderEpoch,
    leader: Option<ControllerId>,
    clock: QuorumClock,
) -> Vec<QuorumAct> {
    let mut turns = Turns::of(voter, clock);
    turns.hear(epoch, leader);
    turns.acts
}

#[cfg(test)]
mod tests {
    use super::super::quorum_role::StoredVote;
    use super::super::testing::epochs;
    use super::*;
    use crate::ids::Tick;

    const NOW: QuorumClock = QuorumClock { now: Tick(0), seed: 1 };

    /// Voter 1 of three leads epoch 5; its log has epoch 1 from 0, epoch 3 from 4, epoch 5 from 9, and ends at 10.
    fn leader() -> QuorumVoter {
        let stored = StoredVote { epoch: LeaderEpoch(5), leader: None, voted: None };
        let voters = [1, 2, 3].map(ControllerId).to_vec();
        let mut voter = QuorumVoter::start(ControllerId(1), voters, stored, LeaderEpoch(3), NOW);
        voter.become_leader(Offset(9), NOW);
        voter
    }

    fn fetch(epoch: i32, last_epoch: i32, offset: i64) -> QuorumFetch {
        let (epoch, last_epoch) = (LeaderEpoch(epoch), LeaderEpoch(last_epoch));
        QuorumFetch { epoch, offset: Offset(offset), last_epoch, high_watermark: Offset(7) }
    }

    #[test]
    fn epochs_are_compared_then_logs() {
        let cache = epochs(&[(1, 0), (3, 4), (5, 9)]);
        let check = |voter: &QuorumVoter, fetch| check_quorum_fetch(voter, fetch, &cache, Offset(10));
        let leader = leader();
        assert_eq!(check(&leader, fetch(4, 3, 9)), QuorumFetchCheck::FencedLeaderEpoch);
        assert_eq!(check(&leader, fetch(6, 3, 9)), QuorumFetchCheck::UnknownLeaderEpoch);
        assert_eq!([check(&leader, fetch(5, 3, 9)), check(&leader, fetch(5, 0, 0))], [QuorumFetchCheck::Counts; 2]);
        let parts = |epoch, end| QuorumFetchCheck::Diverging { epoch: LeaderEpoch(epoch), end: Offset(end) };
        assert_eq!(check(&leader, fetch(5, 3, 10)), parts(3, 9));
        assert_eq!(check(&leader, fetch(5, 4, 9)), parts(3, 9));
        let mut resigned = leader;
        resigned.resign(NOW);
        assert_eq!(check(&resigned, fetch(5, 3, 9)), QuorumFetchCheck::NotLeader);
    }

    #[test]
    fn a_fetch_waits_if_there_is_nothing_to_tell() {
        let waits = |offset, mark| quorum_fetch_waits(fetch(5, 3, offset), Offset(10), Offset(mark));
        assert_eq!([waits(9, 7), waits(10, 8)], [QuorumFetchWait::AnswerNow; 2]);
        assert_eq!(waits(10, 7), QuorumFetchWait::Wait);
    }

    #[test]
    fn a_majority_that_fetches_keeps_the_leader_and_moves_the_mark() {
        let now = QuorumClock { now: Tick(1_500), seed: 1 };
        let mut leader = leader();
        assert_eq!(leader.unheard(), [2, 3].map(ControllerId));
        leader.wrote(Offset(10));
        assert_eq!(leader.advance(), QuorumAdvance::NoMajority);
        let acts = quorum_fetch_noted(&leader, ControllerId(3), Offset(10), now);
        let [QuorumAct::Turn { voter, .. }] = acts.as_slice() else { panic!("{acts:?}") };
        assert_eq!(voter.advance(), QuorumAdvance::To(Offset(10)));
        assert_eq!((voter.until, voter.unheard()), (Tick(4_500), vec![ControllerId(2)]));
    }

    #[test]
    fn only_the_leader_that_is_followed_is_believed() {
        let mut voter = leader();
        voter.become_follower(LeaderEpoch(6), ControllerId(2), NOW);
        let answered = |leader, epoch| quorum_fetch_answered(&voter, ControllerId(leader), LeaderEpoch(epoch), NOW);
        assert!(answered(2, 6).is_some() && answered(3, 6).is_none() && answered(2, 5).is_none());
    }
}
