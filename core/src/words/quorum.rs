//! What controllers do among themselves, as sentences and as labels of their messages.

use super::names::{endpoint, offset, records};
use super::{Noun, Sentence};
use crate::event::EventKind;
use crate::ids::ControllerId;
use crate::rules::quorum_fetch::QuorumFetchCheck;
use crate::rules::quorum_voter::QuorumVoter;
use crate::rules::quorum_voting::{QuorumMessage, QuorumTurn};
use crate::world::{QuorumFetched, QuorumRefusal};

fn of(id: ControllerId) -> Sentence {
    Sentence::new().span(endpoint(id.into()))
}

/// What happened, if it is of this kind.
pub(super) fn in_quorum(kind: &EventKind) -> Option<Sentence> {
    Some(match kind {
        EventKind::QuorumTurned { controller, turn, voter } => turned(*controller, *turn, voter),
        EventKind::MetadataCopied { controller, offset: at, epoch, .. } => of(*controller)
            .say(" writes down the record ")
            .span(offset(*at))
            .say(" of epoch ")
            .noun(Noun::Data, epoch)
            .say(", which nobody may count on yet."),
        EventKind::MetadataTruncated { controller, from, to } => of(*controller)
            .say(" drops ")
            .say(records(usize::try_from(from.0 - to.0).unwrap_or(0)))
            .say(" from ")
            .span(offset(*to))
            .say(" on: the controller that leads has others there, and nobody was told that they are committed."),
        EventKind::MetadataMarkLearned { controller, to } => {
            of(*controller).say(" hears that the metadata below ").span(offset(*to)).say(" is committed.")
        }
        EventKind::ControllerActivated { controller } => of(*controller)
            .say(
                " is the active controller: a majority has a record of its epoch. Every broker has a whole session to ",
            )
            .say("be heard in."),
        _ => return None,
    })
}

fn turned(id: ControllerId, turn: QuorumTurn, voter: &QuorumVoter) -> Sentence {
    let epoch = voter.epoch;
    match turn {
        QuorumTurn::EnteredEpoch => {
            of(id).say(" enters epoch ").noun(Noun::Data, epoch).say(", in which it knows no leader and has not voted.")
        }
        QuorumTurn::Voted { candidate } => of(id)
            .say(" gives its vote of epoch ")
            .noun(Noun::Data, epoch)
            .say(" to ")
            .span(endpoint(candidate.into()))
            .say(", and writes that down first."),
        QuorumTurn::BecameProspective => {
            of(id).say(" has waited long enough for a leader, and asks whether it would be elected.")
        }
        QuorumTurn::BecameCandidate => {
            of(id).say(" stands for election in epoch ").noun(Noun::Data, epoch).say(", with its own vote.")
        }
        QuorumTurn::CountedVote { from, granted } => of(id)
            .say(if granted { " has the vote of " } else { " does not get the vote of " })
            .span(endpoint(from.into()))
            .say("."),
        QuorumTurn::GaveUp => of(id).say(" would not be elected, and waits."),
        QuorumTurn::BecameLeader => of(id).say(" is elected in epoch ").noun(Noun::Data, epoch).say("."),
        QuorumTurn::BecameFollower { leader } => {
            of(id).say(" follows ").span(endpoint(leader.into())).say(" in epoch ").noun(Noun::Data, epoch).say(".")
        }
        QuorumTurn::Resigned => of(id).say(" has not heard from a majority for too long, and leads no more."),
        QuorumTurn::LostLeader => of(id).say(" hears that its leader has resigned, and stands when its turn comes."),
        QuorumTurn::Reminded => of(id).say(" tells those that do not fetch that it leads."),
        QuorumTurn::NotedFetch { from } => {
            of(id).say(" notes what ").span(endpoint(from.into())).say(" has of the metadata.")
        }
        QuorumTurn::HeardLeader => of(id).say(" has heard from the controller that leads."),
    }
}

/// "pre-vote, epoch 3?"
pub(super) fn said(message: &QuorumMessage) -> String {
    match message {
        QuorumMessage::Vote { request, .. } if request.pre_vote => format!("pre-vote, epoch {}?", request.epoch),
        QuorumMessage::Vote { request, .. } => format!("vote, epoch {}?", request.epoch),
        QuorumMessage::VoteResponse { granted: true, .. } => "granted".to_owned(),
        QuorumMessage::VoteResponse { granted: false, .. } => "not granted".to_owned(),
        QuorumMessage::BeginQuorumEpoch { epoch } => format!("I lead, epoch {epoch}"),
        QuorumMessage::EndQuorumEpoch { epoch, .. } => format!("I resign, epoch {epoch}"),
    }
}

/// "3 records of metadata", or why not.
pub(super) fn fetched(answer: &Result<QuorumFetched, QuorumRefusal>) -> String {
    match answer {
        Ok(fetched) => format!("{} of metadata", records(fetched.records.len())),
        Err(refusal) => match refusal.check {
            QuorumFetchCheck::FencedLeaderEpoch => "fenced leader epoch".to_owned(),
            QuorumFetchCheck::UnknownLeaderEpoch => "unknown leader epoch".to_owned(),
            QuorumFetchCheck::NotLeader | QuorumFetchCheck::Counts => "not leader or follower".to_owned(),
            QuorumFetchCheck::Diverging { epoch, end } => format!("epoch {epoch} ends at {end}"),
        },
    }
}
