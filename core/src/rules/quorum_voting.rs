//! How the quorum comes to a leader: what a voter does when its time is over, and on each message about votes and
//! epochs (Kafka: `KafkaRaftClient`, its `poll…` and `handle…` methods; KIP-595, KIP-996).
//!
//! Each function takes the voter as it is and says what happens, in order. Whoever calls carries it out.

use super::quorum_election::{NomineeStep, next_of_nominee};
use super::quorum_resignation::{QuorumCheck, check_quorum, preferred_successors, successor_backoff_ms};
use super::quorum_role::{Heard, QuorumRole, hear_of_epoch};
use super::quorum_timer::{ELECTION_BACKOFF_MAX_MS, FETCH_TIMEOUT_MS, begin_quorum_epoch_ms};
use super::quorum_vote::{LogEnd, Vote, VoteRequest, Voter, handle_vote};
use super::quorum_voter::{QuorumClock, QuorumVoter};
use crate::ids::{ControllerId, LeaderEpoch};

/// What a voter does that others may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuorumAct {
    /// From now on it is this.
    Turn {
        turn: QuorumTurn,
        voter: QuorumVoter,
    },
    Send {
        to: ControllerId,
        message: QuorumMessage,
    },
    /// It leads: it writes that down as the first record of its epoch (`LeaderChange`).
    WriteLeaderChange,
}

/// What has changed about a voter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuorumTurn {
    /// It is in a later epoch, with no leader and no vote.
    EnteredEpoch,
    Voted {
        candidate: ControllerId,
    },
    /// It asks for pre-votes.
    BecameProspective,
    /// It stands for election in a new epoch, with its own vote.
    BecameCandidate,
    /// Another answer is counted.
    CountedVote {
        from: ControllerId,
        granted: bool,
    },
    /// It could not win the pre-vote, and follows nobody.
    GaveUp,
    BecameLeader,
    BecameFollower {
        leader: ControllerId,
    },
    /// No majority has fetched for too long: it leads no more.
    Resigned,
    /// Its leader has resigned; it stands when its turn comes.
    LostLeader,
    /// As leader it has told the voters that do not fetch, and will again.
    Reminded,
    /// As leader it has seen a voter fetch.
    NotedFetch {
        from: ControllerId,
    },
    /// Its leader has answered.
    HeardLeader,
}

/// What voters say to each other beside the metadata log. Names are those of Kafka's protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuorumMessage {
    Vote {
        request: VoteRequest,
        /// Comes back with the answer (Kafka: the correlation id).
        nomination: u32,
    },
    VoteResponse {
        nomination: u32,
        granted: bool,
        epoch: LeaderEpoch,
        leader: Option<ControllerId>,
    },
    /// From a new leader.
    BeginQuorumEpoch {
        epoch: LeaderEpoch,
    },
    /// From a leader that resigns: who is to stand, the best first.
    EndQuorumEpoch {
        epoch: LeaderEpoch,
        successors: Vec<ControllerId>,
    },
}

/// A voter at work: it changes and acts by turns.
pub(super) struct Turns {
    pub(super) voter: QuorumVoter,
    pub(super) acts: Vec<QuorumAct>,
    pub(super) clock: QuorumClock,
}

impl Turns {
    pub(super) fn of(voter: &QuorumVoter, clock: QuorumClock) -> Turns {
        Turns { voter: voter.clone(), acts: Vec::new(), clock }
    }

    pub(super) fn turn(&mut self, turn: QuorumTurn) {
        self.acts.push(QuorumAct::Turn { turn, voter: self.voter.clone() });
    }

    fn send(&mut self, to: ControllerId, message: QuorumMessage) {
        self.acts.push(QuorumAct::Send { to, message });
    }

    fn send_all(&mut self, to: &[ControllerId], message: &QuorumMessage) {
        to.iter().for_each(|to| self.send(*to, message.clone()));
    }

    fn others(&self) -> Vec<ControllerId> {
        self.voter.others().collect()
    }

    /// Takes what somebody says of epoch and leader.
    pub(super) fn hear(&mut self, epoch: LeaderEpoch, leader: Option<ControllerId>) {
        match hear_of_epoch((self.voter.epoch, self.voter.leader()), (epoch, leader)) {
            Heard::Nothing => {}
            Heard::NewEpoch => {
                self.voter.become_unattached(epoch, self.clock);
                self.turn(QuorumTurn::EnteredEpoch);
            }
            Heard::Follow(leader) => self.follow(epoch, leader),
        }
    }

    fn follow(&mut self, epoch: LeaderEpoch, leader: ControllerId) {
        self.voter.become_follower(epoch, leader, self.clock);
        self.turn(QuorumTurn::BecameFollower { leader });
    }

    fn ask_for_votes(&mut self, log: LogEnd) {
        let pre_vote = matches!(self.voter.role, QuorumRole::Prospective { .. });
        let request = VoteRequest { candidate: self.voter.me, epoch: self.voter.epoch, log, pre_vote };
        let message = QuorumMessage::Vote { request, nomination: self.voter.nominations };
        self.send_all(&self.others(), &message);
        self.look_at_votes(log, false);
    }

    fn become_prospective(&mut self, log: LogEnd) {
        self.voter.become_prospective(self.clock);
        self.turn(QuorumTurn::BecameProspective);
        self.ask_for_votes(log);
    }

    fn look_at_votes(&mut self, log: LogEnd, time_is_over: bool) {
        match next_of_nominee(self.voter.role, self.voter.outcome(), time_is_over) {
            NomineeStep::BecomesCandidate => {
                self.voter.become_candidate(self.clock);
                self.turn(QuorumTurn::BecameCandidate);
                self.ask_for_votes(log);
            }
            NomineeStep::BecomesLeader => self.lead(log),
            NomineeStep::FollowsAgain(leader) => self.follow(self.voter.epoch, leader),
            NomineeStep::BecomesUnattached => {
                self.voter.become_unattached(self.voter.epoch, self.clock);
                self.turn(QuorumTurn::GaveUp);
            }
            NomineeStep::BecomesProspective => self.become_prospective(log),
            NomineeStep::Waits | NomineeStep::IsNone => {}
        }
    }

    fn lead(&mut self, log: LogEnd) {
        self.voter.become_leader(log.end, self.clock);
        self.turn(QuorumTurn::BecameLeader);
        self.acts.push(QuorumAct::WriteLeaderChange);
        self.send_all(&self.others(), &QuorumMessage::BeginQuorumEpoch { epoch: self.voter.epoch });
    }

    fn remind(&mut self) {
        let Some(leading) = &mut self.voter.leading else { return };
        leading.next_begin = self.clock.now.plus_ms(begin_quorum_epoch_ms(FETCH_TIMEOUT_MS));
        self.turn(QuorumTurn::Reminded);
        self.send_all(&self.voter.unheard(), &QuorumMessage::BeginQuorumEpoch { epoch: self.voter.epoch });
    }

    fn resign(&mut self) {
        let Some(leading) = &self.voter.leading else { return };
        let ends = self.voter.voters.iter().copied().zip(leading.ends.iter().copied());
        let others: Vec<_> = ends.filter(|(voter, _)| *voter != self.voter.me).collect();
        let message =
            QuorumMessage::EndQuorumEpoch { epoch: self.voter.epoch, successors: preferred_successors(&others) };
        self.voter.resign(self.clock);
        self.turn(QuorumTurn::Resigned);
        self.send_all(&self.others(), &message);
    }
}

/// A process has started: it may have been in the middle of an election, and a quorum of one needs no other.
#[must_use]
pub fn quorum_started(voter: &QuorumVoter, log: LogEnd, clock: QuorumClock) -> Vec<QuorumAct> {
    let mut turns = Turns::of(voter, clock);
    match turns.voter.role {
        QuorumRole::Candidate => {
            turns.voter.count_anew();
            turns.turn(QuorumTurn::BecameCandidate);
            turns.ask_for_votes(log);
        }
        _ if turns.voter.voters.len() == 1 => turns.become_prospective(log),
        _ => {}
    }
    turns.acts
}

/// Something that the voter has waited for is over ([`QuorumVoter::due`]). Source: `KafkaRaftClient.poll…`.
#[must_use]
pub fn quorum_time_over(voter: &QuorumVoter, log: LogEnd, clock: QuorumClock) -> Vec<QuorumAct> {
    let mut turns = Turns::of(voter, clock);
    match voter.role {
        QuorumRole::Leader => {
            let Some(leading) = &voter.leading else { return Vec::new() };
            let fetched = leading.fetched.len();
            match check_quorum(voter.voters.len(), fetched, leading.heard, clock.now, FETCH_TIMEOUT_MS) {
                QuorumCheck::Resigns => turns.resign(),
                QuorumCheck::Heard | QuorumCheck::Waits => turns.remind(),
            }
        }
        QuorumRole::Resigned => {
            let next = LeaderEpoch(voter.epoch.0.saturating_add(1));
            turns.voter.become_unattached(next, clock);
            turns.turn(QuorumTurn::EnteredEpoch);
        }
        QuorumRole::Unattached { .. } | QuorumRole::Follower { .. } => turns.become_prospective(log),
        QuorumRole::Prospective { .. } | QuorumRole::Candidate => turns.look_at_votes(log, true),
    }
    turns.acts
}

/// A message of another voter has arrived. `log` is the end of this voter's own log.
#[must_use]
pub fn quorum_message(
    voter: &QuorumVoter,
    from: ControllerId,
    message: &QuorumMessage,
    log: LogEnd,
    clock: QuorumClock,
) -> Vec<QuorumAct> {
    let mut turns = Turns::of(voter, clock);
    match message {
        QuorumMessage::Vote { request, nomination } => turns.vote_asked(*request, *nomination, log),
        QuorumMessage::VoteResponse { nomination, granted, epoch, leader } => {
            turns.vote_answered(from, *nomination, *granted, (*epoch, *leader), log);
        }
        QuorumMessage::BeginQuorumEpoch { epoch } => turns.hear(*epoch, Some(from)),
        QuorumMessage::EndQuorumEpoch { epoch, successors } => turns.leader_resigned(from, *epoch, successors),
    }
    turns.acts
}

impl Turns {
    fn vote_asked(&mut self, request: VoteRequest, nomination: u32, log: LogEnd) {
        let asked = Voter { epoch: self.voter.epoch, role: self.voter.role, log };
        let vote = handle_vote(asked, request);
        if request.epoch > self.voter.epoch && vote != Vote::InvalidRequest {
            self.voter.become_unattached(request.epoch, self.clock);
            self.turn(QuorumTurn::EnteredEpoch);
        }
        let granted = vote == Vote::Granted;
        let is_new = self.voter.role.voted(self.voter.me).is_none();
        if granted && !request.pre_vote && is_new {
            self.voter.give_vote(request.candidate, self.clock);
            self.turn(QuorumTurn::Voted { candidate: request.candidate });
        }
        let (epoch, leader) = (self.voter.epoch, self.voter.leader());
        self.send(request.candidate, QuorumMessage::VoteResponse { nomination, granted, epoch, leader });
    }

    fn vote_answered(
        &mut self,
        from: ControllerId,
        nomination: u32,
        granted: bool,
        known: (LeaderEpoch, Option<ControllerId>),
        log: LogEnd,
    ) {
        let (epoch, leader) = known;
        self.hear(epoch, leader);
        let counts = matches!(self.voter.role, QuorumRole::Prospective { .. } | QuorumRole::Candidate);
        if !counts || nomination != self.voter.nominations || epoch < self.voter.epoch {
            return;
        }
        self.voter.count(from, granted);
        self.turn(QuorumTurn::CountedVote { from, granted });
        self.look_at_votes(log, false);
    }

    fn leader_resigned(&mut self, from: ControllerId, epoch: LeaderEpoch, successors: &[ControllerId]) {
        self.hear(epoch, Some(from));
        if epoch == self.voter.epoch && matches!(self.voter.role, QuorumRole::Follower { leader, .. } if leader == from)
        {
            let wait_ms = successor_backoff_ms(successors, self.voter.me, ELECTION_BACKOFF_MAX_MS);
            self.voter.until = self.clock.now.plus_ms(wait_ms);
            self.turn(QuorumTurn::LostLeader);
        }
    }
}
