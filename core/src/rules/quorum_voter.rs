//! A controller's part in the quorum as a value, and what changes it (Kafka: `QuorumState`, `EpochState`; KIP-595,
//! KIP-996). Who makes it change, and what is sent then, stands in `quorum_voting` and `quorum_fetch`.

use super::quorum_election::{ElectionOutcome, Votes, count_votes};
use super::quorum_role::{QuorumRole, StoredVote, role_after_start};
use super::quorum_timer::{
    ELECTION_TIMEOUT_MS, ElectionTimer, FETCH_TIMEOUT_MS, begin_quorum_epoch_ms, check_quorum_timeout_ms,
    election_timeout_ms, timer_when_unattached,
};
use crate::ids::{ControllerId, LeaderEpoch, Offset, Tick};
use crate::random::{Purpose, draw};

/// When it is, and what times are drawn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuorumClock {
    pub now: Tick,
    pub seed: u64,
}

/// One voter of the quorum. Of this, epoch, leader and vote outlive the process ([`QuorumVoter::stored`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuorumVoter {
    pub me: ControllerId,
    /// All voters, this one among them, ascending.
    pub voters: Vec<ControllerId>,
    pub epoch: LeaderEpoch,
    pub role: QuorumRole,
    /// When its patience ends: with an election, with the leader, or as leader with its voters.
    pub until: Tick,
    /// Times that it has drawn so far.
    pub draws: u32,
    /// Pre-votes and elections that it has begun so far: the answers to each are told apart by it.
    pub nominations: u32,
    /// What the voters have answered to the last of them.
    pub votes: Vec<(ControllerId, bool)>,
    /// While it leads.
    pub leading: Option<QuorumLeading>,
}

/// What only the leader of the quorum keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuorumLeading {
    /// Where the log ended when the epoch began.
    pub epoch_start: Offset,
    /// The log end of each voter, in their order; `None` until it has fetched in this epoch.
    pub ends: Vec<Option<Offset>>,
    /// The mark that this epoch has come to.
    pub high_watermark: Option<Offset>,
    /// Who has fetched since the leader last heard from a majority, and when that was.
    pub fetched: Vec<ControllerId>,
    pub heard: Tick,
    /// When it next tells those that have not fetched that it leads.
    pub next_begin: Tick,
}

impl QuorumVoter {
    /// The voter as its process starts.
    #[must_use]
    pub fn start(
        me: ControllerId,
        voters: Vec<ControllerId>,
        stored: StoredVote,
        log_epoch: LeaderEpoch,
        clock: QuorumClock,
    ) -> QuorumVoter {
        let (epoch, role) = (stored.epoch, QuorumRole::Unattached { leader: None, voted: None });
        let (until, votes) = (clock.now, Vec::new());
        let mut voter = QuorumVoter { me, voters, epoch, role, until, draws: 0, nominations: 0, votes, leading: None };
        voter.wake(stored, log_epoch, clock);
        voter
    }

    fn wake(&mut self, stored: StoredVote, log_epoch: LeaderEpoch, clock: QuorumClock) {
        let (epoch, role) = role_after_start(stored, log_epoch, self.me);
        self.epoch = epoch;
        self.take(role);
        match role {
            QuorumRole::Follower { .. } => self.until = clock.now.plus_ms(FETCH_TIMEOUT_MS),
            _ => self.draw_time(clock),
        }
    }

    /// The voter of a quorum that runs well: `leader` leads in `epoch`, and everybody has its log, which ends at `end`.
    #[must_use]
    pub fn begin(
        me: ControllerId,
        voters: &[ControllerId],
        leader: ControllerId,
        epoch: LeaderEpoch,
        end: Offset,
        clock: QuorumClock,
    ) -> QuorumVoter {
        let stored = StoredVote { epoch, leader: (leader != me).then_some(leader), voted: None };
        let mut voter = QuorumVoter::start(me, voters.to_vec(), stored, epoch, clock);
        voter.hear_leader(clock);
        if leader == me {
            voter.become_leader(end, clock);
            voter.committed(end);
            voter.voters.clone().into_iter().for_each(|other| voter.reach(other, end));
        }
        voter
    }

    /// The voter after its process has started again, with what was on its disk.
    #[must_use]
    pub fn restarted(&self, log_epoch: LeaderEpoch, clock: QuorumClock) -> QuorumVoter {
        let mut voter = self.clone();
        voter.wake(self.stored(), log_epoch, clock);
        voter
    }

    /// What is on its disk.
    #[must_use]
    pub fn stored(&self) -> StoredVote {
        StoredVote { epoch: self.epoch, leader: self.leader(), voted: self.role.voted(self.me) }
    }

    /// Whom it takes for the leader of the epoch.
    #[must_use]
    pub fn leader(&self) -> Option<ControllerId> {
        self.role.leader(self.me)
    }

    /// All voters but this one.
    pub fn others(&self) -> impl Iterator<Item = ControllerId> + '_ {
        self.voters.iter().copied().filter(|voter| *voter != self.me)
    }

    /// Voters that this leader has not heard from in its epoch.
    #[must_use]
    pub fn unheard(&self) -> Vec<ControllerId> {
        let Some(leading) = &self.leading else { return Vec::new() };
        self.voters.iter().zip(&leading.ends).filter(|(_, end)| end.is_none()).map(|(voter, _)| *voter).collect()
    }

    /// When it next does something by itself, if ever.
    #[must_use]
    pub fn due(&self) -> Option<Tick> {
        match &self.leading {
            Some(_) if self.voters.len() == 1 => None,
            Some(leading) if leading.ends.contains(&None) => Some(self.until.min(leading.next_begin)),
            Some(_) | None => Some(self.until),
        }
    }

    /// What the answers to its nomination come to.
    #[must_use]
    pub fn outcome(&self) -> ElectionOutcome {
        let granted = self.votes.iter().filter(|(_, granted)| *granted).count();
        count_votes(Votes { voters: self.voters.len(), granted, rejected: self.votes.len() - granted })
    }

    fn draw_time(&mut self, clock: QuorumClock) {
        let most = ELECTION_TIMEOUT_MS.unsigned_abs();
        let drawn = draw(clock.seed, self.me.0.into(), Purpose::ElectionTimeout, self.draws.into(), most);
        let drawn = i64::try_from(drawn).unwrap_or(0);
        self.until = clock.now.plus_ms(election_timeout_ms(ELECTION_TIMEOUT_MS, drawn));
        self.draws += 1;
    }

    fn take(&mut self, role: QuorumRole) {
        self.role = role;
        self.votes.clear();
        self.leading = None;
    }

    pub(super) fn become_unattached(&mut self, epoch: LeaderEpoch, clock: QuorumClock) {
        let pre_vote_lost = self.outcome() == ElectionOutcome::Lost;
        let timer = timer_when_unattached(self.role, pre_vote_lost);
        let is_new = epoch > self.epoch;
        let (leader, voted) = (self.leader().filter(|_| !is_new), self.role.voted(self.me).filter(|_| !is_new));
        self.epoch = epoch;
        self.take(QuorumRole::Unattached { leader, voted });
        if timer == ElectionTimer::Anew {
            self.draw_time(clock);
        }
    }

    /// Writes down to whom its vote went.
    pub(super) fn give_vote(&mut self, candidate: ControllerId, clock: QuorumClock) {
        match &mut self.role {
            QuorumRole::Unattached { voted, .. } | QuorumRole::Prospective { voted, .. } => *voted = Some(candidate),
            QuorumRole::Follower { .. } | QuorumRole::Candidate | QuorumRole::Leader | QuorumRole::Resigned => return,
        }
        self.draw_time(clock);
    }

    pub(super) fn become_follower(&mut self, epoch: LeaderEpoch, leader: ControllerId, clock: QuorumClock) {
        let voted = self.role.voted(self.me).filter(|_| epoch == self.epoch);
        self.epoch = epoch;
        self.take(QuorumRole::Follower { leader, voted, has_fetched: false });
        self.until = clock.now.plus_ms(FETCH_TIMEOUT_MS);
    }

    /// Its leader has given a good answer.
    pub(super) fn hear_leader(&mut self, clock: QuorumClock) {
        if let QuorumRole::Follower { has_fetched, .. } = &mut self.role {
            *has_fetched = true;
            self.until = clock.now.plus_ms(FETCH_TIMEOUT_MS);
        }
    }

    pub(super) fn become_prospective(&mut self, clock: QuorumClock) {
        let (leader, voted) = (self.leader(), self.role.voted(self.me));
        self.take(QuorumRole::Prospective { leader, voted });
        self.nominate(clock);
    }

    pub(super) fn become_candidate(&mut self, clock: QuorumClock) {
        self.epoch = LeaderEpoch(self.epoch.0.saturating_add(1));
        self.take(QuorumRole::Candidate);
        self.nominate(clock);
    }

    /// Begins to count, with its own vote.
    fn nominate(&mut self, clock: QuorumClock) {
        self.draw_time(clock);
        self.count_anew();
    }

    pub(super) fn count_anew(&mut self) {
        self.nominations += 1;
        self.votes = vec![(self.me, true)];
    }

    /// Counts an answer; a voter counts once.
    pub(super) fn count(&mut self, voter: ControllerId, granted: bool) {
        if self.voters.contains(&voter) && self.votes.iter().all(|(counted, _)| *counted != voter) {
            self.votes.push((voter, granted));
        }
    }

    pub(super) fn become_leader(&mut self, log_end: Offset, clock: QuorumClock) {
        self.take(QuorumRole::Leader);
        let ends = self.voters.iter().map(|voter| (*voter == self.me).then_some(log_end)).collect();
        let next_begin = clock.now.plus_ms(begin_quorum_epoch_ms(FETCH_TIMEOUT_MS));
        let (high_watermark, fetched, heard) = (None, Vec::new(), clock.now);
        self.leading = Some(QuorumLeading { epoch_start: log_end, ends, high_watermark, fetched, heard, next_begin });
        self.until = clock.now.plus_ms(check_quorum_timeout_ms(FETCH_TIMEOUT_MS));
    }

    /// The end of a voter's log is known.
    pub(super) fn reach(&mut self, voter: ControllerId, end: Offset) {
        let place = self.voters.iter().position(|other| *other == voter);
        let known = self.leading.as_mut().zip(place).and_then(|(leading, place)| leading.ends.get_mut(place));
        if let Some(known) = known {
            *known = Some(end);
        }
    }

    /// This leader has written up to there.
    pub fn wrote(&mut self, end: Offset) {
        self.reach(self.me, end);
    }

    /// This leader has moved its mark.
    pub fn committed(&mut self, to: Offset) {
        if let Some(leading) = &mut self.leading {
            leading.high_watermark = Some(to);
        }
    }

    pub(super) fn resign(&mut self, clock: QuorumClock) {
        self.take(QuorumRole::Resigned);
        self.draw_time(clock);
    }
}
