//! What the lab promises, what that rests on, and what broke.

use crate::world::{Premise, Property, Violation};

/// What should hold.
#[must_use]
pub fn property_words(property: Property) -> &'static str {
    match property {
        Property::MarkInsideLog => "the mark lies between log start and log end",
        Property::NoHoles => "each batch begins where the one before it ends",
        Property::OneLeaderAnEpoch => "one leader an epoch",
        Property::LogsAgree => "logs agree below both marks",
        Property::FollowersRatedRight => "a follower holds what its leader counts for it",
        Property::MarkHeldInSync => "every replica in sync holds what lies below the mark",
        Property::MarkGoesForward => "the mark of one epoch never goes back on its leader",
        Property::AcknowledgedKept => "records acknowledged under acks=all are kept",
        Property::LeaderAcknowledgedKept => "records acknowledged under acks=1 are kept",
        Property::ReadStays => "what was read stays",
        Property::OneControllerAnEpoch => "one controller leads the quorum in an epoch",
        Property::CommittedMetadataStays => "committed metadata stays as it is",
    }
}

/// What a promise rests on, as something that was given up.
#[must_use]
pub fn premise_words(premise: Premise) -> &'static str {
    match premise {
        Premise::AcksAll => "acks=1",
        Premise::MinInSyncTwo => "min.insync.replicas below 2",
        Premise::CleanElections => "an unclean election",
        Premise::EligibleLeaderReplicas => "no ELR",
        Premise::NoPowerLoss => "power loss",
        Premise::NoWipedDisk => "a wiped disk",
        Premise::KafkasCommitRule => "another commit rule",
        Premise::KafkasTruncation => "another truncation rule",
        Premise::KeptRecords => "records deleted once read",
        Premise::NoReignMissed => "a leader that missed who led in between, or who was a replica",
        Premise::MinInSyncHeard => "a leader that had not heard of a higher min.insync.replicas",
        Premise::ElrOfReplicas => "an eligible leader that had lost its replica",
    }
}

/// What does not hold, with its places.
#[must_use]
pub fn violation_words(violation: Violation) -> String {
    match violation {
        Violation::MarkOutsideLog { broker, high_watermark, log_end } => {
            format!("broker {broker} has its mark at {high_watermark}, outside its log, which ends at {log_end}")
        }
        Violation::Hole { broker, expected, found } => {
            format!("broker {broker} has a batch at {found} where {expected} should come next")
        }
        Violation::TwoLeaders { left, right, epoch } => {
            format!("brokers {left} and {right} both lead in epoch {epoch}")
        }
        Violation::LogsDisagree { left, right, at } => {
            format!("brokers {left} and {right} hold different batches at {at}, below both their marks")
        }
        Violation::FollowerOverrated { follower, noted, log_end } => {
            format!("the leader counts {noted} for broker {follower}, whose log ends at {log_end}")
        }
        Violation::MarkAboveReplica { broker, high_watermark, log_end } => {
            format!("the mark is {high_watermark}, but broker {broker}, which is in sync, ends at {log_end}")
        }
        Violation::MarkWentBack { broker, epoch, from, to } => {
            format!("broker {broker}'s mark went from {from} back to {to} while it led in epoch {epoch}")
        }
        Violation::AcknowledgedMissing { record, offset } => {
            format!("record {record} was acknowledged under acks=all at {offset}, and the leader does not have it")
        }
        Violation::LeaderAcknowledgedMissing { record, offset } => {
            format!("record {record} was acknowledged under acks=1 at {offset}, and the leader does not have it")
        }
        Violation::ReadMissing { record, offset } => {
            format!("record {record} was read at {offset}, and the leader does not have it there")
        }
        Violation::TwoControllers { left, right, epoch } => {
            format!("controllers {left} and {right} both lead the quorum in epoch {epoch}")
        }
        Violation::MetadataDisagrees { left, right, at } if left == right => {
            format!("controller {left} has lost the metadata at {at}, which was committed")
        }
        Violation::MetadataDisagrees { left, right, at } => {
            format!("controllers {left} and {right} take different metadata at {at} for committed")
        }
    }
}
