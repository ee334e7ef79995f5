//! The metadata quorum: its high watermark and its votes (KHW, VOT; Kafka: `LeaderState`, `KafkaRaftClient`).

use kafka_lab::ids::{ControllerId, LeaderEpoch, Offset};
use kafka_lab::rules::quorum_high_watermark::{QuorumAdvance, QuorumView, advance_quorum_mark};
use kafka_lab::rules::quorum_role::QuorumRole;
use kafka_lab::rules::quorum_vote::{LogEnd, Vote, VoteRequest, Voter, handle_vote};

/// A leader's view of its voters: their log ends, and the mark that they have come to.
struct Quorum {
    epoch_start: i64,
    ends: Vec<Option<Offset>>,
    mark: Option<Offset>,
}

impl Quorum {
    fn new(epoch_start: i64, voters: usize) -> Self {
        Quorum { epoch_start, ends: vec![None; voters], mark: None }
    }

    /// A voter's end is known, and the mark is looked at.
    fn reach(&mut self, voter: usize, end: i64) -> Option<i64> {
        self.ends[voter] = Some(Offset(end));
        let view = QuorumView { high_watermark: self.mark, epoch_start: Offset(self.epoch_start), ends: &self.ends };
        if let QuorumAdvance::To(mark) = advance_quorum_mark(view) {
            self.mark = Some(mark);
        }
        self.mark.map(|mark| mark.0)
    }
}

#[test]
fn khw_01_a_leader_alone_commits_what_it_writes_in_its_epoch() {
    let mut quorum = Quorum::new(15, 1);
    assert_eq!([15, 16, 20].map(|end| quorum.reach(0, end)), [None, Some(16), Some(20)]);
}

#[test]
fn khw_02_of_two_both_have_to_hold_it() {
    let mut quorum = Quorum::new(10, 2);
    let steps = [(0, 13), (1, 10), (1, 11), (1, 13)];
    assert_eq!(steps.map(|(voter, end)| quorum.reach(voter, end)), [None, None, Some(11), Some(13)]);
}

#[test]
fn khw_03_of_three_two_are_enough() {
    let mut quorum = Quorum::new(10, 3);
    let steps = [(0, 15), (1, 10), (2, 10), (2, 15), (0, 20), (1, 20), (2, 20)];
    let marks = steps.map(|(voter, end)| quorum.reach(voter, end));
    assert_eq!(marks, [None, None, None, Some(15), Some(15), Some(20), Some(20)]);
}

#[test]
fn khw_07_a_leader_that_was_voted_out_no_longer_counts() {
    let mut quorum = Quorum { epoch_start: 10, ends: vec![Some(Offset(15)), Some(Offset(10))], mark: Some(Offset(15)) };
    let steps = [(0, 16), (1, 14), (1, 15), (1, 16)];
    assert_eq!(steps.map(|(voter, end)| quorum.reach(voter, end)), [Some(15), Some(15), Some(15), Some(16)]);
}

const CANDIDATE: ControllerId = ControllerId(1);
const OTHER: ControllerId = ControllerId(2);

fn log(last_epoch: i32, end: i64) -> LogEnd {
    LogEnd { last_epoch: LeaderEpoch(last_epoch), end: Offset(end) }
}

/// The candidate asks for a vote in epoch 2; its log ends at 5, with a record of epoch 1.
fn asked(epoch: i32, role: QuorumRole, own: LogEnd) -> Vote {
    let request = VoteRequest { candidate: CANDIDATE, epoch: LeaderEpoch(2), log: log(1, 5), pre_vote: false };
    handle_vote(Voter { epoch: LeaderEpoch(epoch), role, log: own }, request)
}

fn unattached(voted: Option<ControllerId>) -> QuorumRole {
    QuorumRole::Unattached { leader: None, voted }
}

#[test]
fn vot_01_a_free_voter_grants_it() {
    assert_eq!(asked(2, unattached(None), log(1, 5)), Vote::Granted);
}

#[test]
fn vot_02_a_leader_is_elected_already() {
    let follower = QuorumRole::Follower { leader: OTHER, voted: None, has_fetched: true };
    assert_eq!(asked(2, follower, log(1, 5)), Vote::HasLeader(OTHER));
}

#[test]
fn vot_03_the_vote_is_given() {
    assert_eq!(asked(2, unattached(Some(OTHER)), log(1, 5)), Vote::VotedFor(OTHER));
}

#[test]
fn vot_05_an_older_epoch_is_fenced() {
    assert_eq!(asked(3, unattached(None), log(1, 5)), Vote::FencedLeaderEpoch);
}

#[test]
fn vot_07_a_log_that_is_behind_is_not_elected() {
    let asked = |own| asked(2, unattached(None), own);
    assert_eq!([asked(log(1, 6)), asked(log(0, 9))], [Vote::LogIsBehind, Vote::Granted]);
}
