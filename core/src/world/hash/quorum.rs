//! The controllers as a quorum: what each is in it, and what they say to each other.

use crate::fingerprint::{Fingerprint, Fingerprinted};
use crate::ids::ControllerId;
use crate::rules::quorum_fetch::{QuorumFetch, QuorumFetchCheck};
use crate::rules::quorum_role::QuorumRole;
use crate::rules::quorum_vote::{LogEnd, VoteRequest};
use crate::rules::quorum_voter::{QuorumLeading, QuorumVoter};
use crate::rules::quorum_voting::QuorumMessage;
use crate::world::{QuorumFetched, QuorumRefusal};

fn number_of(id: Option<ControllerId>) -> u8 {
    id.map_or(0, |id| id.0)
}

impl Fingerprinted for QuorumVoter {
    fn feed(&self, into: &mut Fingerprint) {
        let QuorumVoter { me, voters, epoch, role, until, draws, nominations, votes, leading } = self;
        into.number(me.0);
        into.count(voters.len());
        voters.iter().for_each(|voter| into.number(voter.0));
        into.number(epoch.0);
        role.feed(into);
        into.number(until.0);
        into.number(*draws);
        into.number(*nominations);
        into.count(votes.len());
        for (voter, granted) in votes {
            into.number(voter.0);
            into.flag(*granted);
        }
        into.flag(leading.is_some());
        if let Some(leading) = leading {
            leading.feed(into);
        }
    }
}

impl Fingerprinted for QuorumRole {
    fn feed(&self, into: &mut Fingerprint) {
        let (kind, leader, voted, has_fetched) = match *self {
            QuorumRole::Unattached { leader, voted } => (0, leader, voted, false),
            QuorumRole::Follower { leader, voted, has_fetched } => (1, Some(leader), voted, has_fetched),
            QuorumRole::Prospective { leader, voted } => (2, leader, voted, false),
            QuorumRole::Candidate => (3, None, None, false),
            QuorumRole::Leader => (4, None, None, false),
            QuorumRole::Resigned => (5, None, None, false),
        };
        into.word(kind);
        into.number(number_of(leader));
        into.number(number_of(voted));
        into.flag(has_fetched);
    }
}

impl Fingerprinted for QuorumLeading {
    fn feed(&self, into: &mut Fingerprint) {
        let QuorumLeading { epoch_start, ends, high_watermark, fetched, heard, next_begin } = self;
        epoch_start.feed(into);
        into.count(ends.len());
        ends.iter().for_each(|end| end.feed(into));
        high_watermark.feed(into);
        into.count(fetched.len());
        fetched.iter().for_each(|voter| into.number(voter.0));
        into.number(heard.0);
        into.number(next_begin.0);
    }
}

impl Fingerprinted for QuorumMessage {
    fn feed(&self, into: &mut Fingerprint) {
        match self {
            QuorumMessage::Vote { request, nomination } => {
                let VoteRequest { candidate, epoch, log: LogEnd { last_epoch, end }, pre_vote } = request;
                into.number(candidate.0);
                into.number(epoch.0);
                into.number(last_epoch.0);
                end.feed(into);
                into.flag(*pre_vote);
                into.number(*nomination);
            }
            QuorumMessage::VoteResponse { nomination, granted, epoch, leader } => {
                into.number(*nomination);
                into.flag(*granted);
                into.number(epoch.0);
                into.number(number_of(*leader));
            }
            QuorumMessage::BeginQuorumEpoch { epoch } => into.number(epoch.0),
            QuorumMessage::EndQuorumEpoch { epoch, successors } => {
                into.number(epoch.0);
                into.count(successors.len());
                successors.iter().for_each(|successor| into.number(successor.0));
            }
        }
    }
}

impl Fingerprinted for QuorumFetch {
    fn feed(&self, into: &mut Fingerprint) {
        let QuorumFetch { epoch, offset, last_epoch, high_watermark } = self;
        into.number(epoch.0);
        offset.feed(into);
        into.number(last_epoch.0);
        high_watermark.feed(into);
    }
}

impl Fingerprinted for QuorumFetched {
    fn feed(&self, into: &mut Fingerprint) {
        let QuorumFetched { epoch, from, records, committed } = self;
        into.number(epoch.0);
        from.feed(into);
        committed.feed(into);
        into.count(records.len());
        for (epoch, record) in records {
            into.number(*epoch);
            record.feed(into);
        }
    }
}

impl Fingerprinted for QuorumRefusal {
    fn feed(&self, into: &mut Fingerprint) {
        let QuorumRefusal { check, epoch, leader } = self;
        match check {
            QuorumFetchCheck::FencedLeaderEpoch => into.word(0),
            QuorumFetchCheck::UnknownLeaderEpoch => into.word(1),
            QuorumFetchCheck::NotLeader => into.word(2),
            QuorumFetchCheck::Counts => into.word(3),
            QuorumFetchCheck::Diverging { epoch, end } => {
                into.word(4);
                into.number(epoch.0);
                end.feed(into);
            }
        }
        into.number(epoch.0);
        into.number(number_of(*leader));
    }
}
