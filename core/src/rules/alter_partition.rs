//! How a leader asks for another ISR (Kafka: `Partition.submitAlterPartition`, `handleAlterPartitionError`; KIP-497).
//!
//! One change at a time is in flight. What comes of it the controller decides, and it may not answer at all.

use super::alter_partition_check::AlterCheck;
use super::isr::{BrokerFacts, Isr, Shrink, shrink};
use super::partition::{ByBroker, Partition};
use super::replica::{Follower, is_caught_up};
use crate::ids::{BrokerSet, LeaderEpoch};

/// A request to the controller for another ISR (AlterPartition).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub isr: BrokerSet,
    pub leader_epoch: LeaderEpoch,
    pub partition_epoch: i32,
}

/// The answer to AlterPartition, by Kafka's names of the errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlterResponse {
    /// `NONE`.
    Accepted,
    /// `INELIGIBLE_REPLICA`.
    IneligibleReplica,
    /// `OPERATION_NOT_ATTEMPTED`: the controller was busy, and has not looked at it.
    OperationNotAttempted,
    /// `FENCED_LEADER_EPOCH`.
    FencedLeaderEpoch,
    /// `INVALID_UPDATE_VERSION`.
    InvalidUpdateVersion,
    /// `INVALID_REQUEST`.
    InvalidRequest,
    /// `NEW_LEADER_ELECTED`: it was accepted, and with it another leadership begins.
    NewLeaderElected,
    /// `UNKNOWN_TOPIC_OR_PARTITION`, `UNKNOWN_TOPIC_ID`.
    UnknownPartition,
    /// `NOT_CONTROLLER`.
    NotController,
    /// No controller has judged it: `REQUEST_TIMED_OUT`, a lost connection, and whatever else.
    NoVerdict,
}

impl From<AlterCheck> for AlterResponse {
    fn from(check: AlterCheck) -> AlterResponse {
        match check {
            AlterCheck::Accept => AlterResponse::Accepted,
            AlterCheck::NewLeaderElected => AlterResponse::NewLeaderElected,
            AlterCheck::NotController => AlterResponse::NotController,
            AlterCheck::FencedLeaderEpoch => AlterResponse::FencedLeaderEpoch,
            AlterCheck::InvalidUpdateVersion => AlterResponse::InvalidUpdateVersion,
            AlterCheck::NotTheLeader
            | AlterCheck::NotReplicas
            | AlterCheck::WithoutLeader
            | AlterCheck::StillRecovering => AlterResponse::InvalidRequest,
            AlterCheck::IneligibleReplica => AlterResponse::IneligibleReplica,
        }
    }
}

/// What the leader makes of the controller's answer to its proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlterAnswer {
    /// The proposed ISR is the committed one now.
    Commit,
    /// The controller will not: the committed ISR stays, and another change may be proposed.
    FallBack,
    /// The leader's view is out of date. It proposes nothing more until new metadata comes; the change stays in flight.
    AwaitMetadata,
    /// Nobody knows whether the controller heard: the same is sent again.
    SendAgain,
}

/// Takes the answer to AlterPartition. Source: `Partition.handleAlterPartitionError`.
#[must_use]
pub fn alter_partition_answer(response: AlterResponse) -> AlterAnswer {
    match response {
        AlterResponse::Accepted => AlterAnswer::Commit,
        AlterResponse::IneligibleReplica | AlterResponse::OperationNotAttempted => AlterAnswer::FallBack,
        AlterResponse::UnknownPartition
        | AlterResponse::FencedLeaderEpoch
        | AlterResponse::InvalidUpdateVersion
        | AlterResponse::InvalidRequest
        | AlterResponse::NewLeaderElected => AlterAnswer::AwaitMetadata,
        AlterResponse::NotController | AlterResponse::NoVerdict => AlterAnswer::SendAgain,
    }
}

impl<Followers: ByBroker<Follower>, Brokers: ByBroker<BrokerFacts>> Partition<Followers, Brokers> {
    /// The followers that have not been caught up for too long, in the ISR or not.
    #[must_use]
    pub fn late(&self, now_ms: i64) -> BrokerSet {
        let late = |follower: &Follower| !is_caught_up(follower, self.log_end, now_ms, self.lag_max_ms);
        self.followers.each().filter(|(_, follower)| late(follower)).map(|(broker, _)| broker).collect()
    }

    /// The regular look for followers that are late.
    pub fn shrink_isr(&mut self, now_ms: i64) -> Option<Proposal> {
        match shrink(self.isr, self.late(now_ms)) {
            Shrink::Propose(isr) => Some(self.propose(isr)),
            Shrink::ChangeInFlight | Shrink::AllInTime => None,
        }
    }

    /// The controller has answered. An answer to anything but the change that is in flight is late, and ignored. Gives
    /// the request that is sent again.
    pub fn controller_answered(&mut self, to: Proposal, response: AlterResponse, now_ms: i64) -> Option<Proposal> {
        let epochs = (to.leader_epoch, to.partition_epoch);
        if self.isr.in_flight != Some(to.isr) || epochs != (self.leader_epoch, self.partition_epoch) {
            return None;
        }
        match alter_partition_answer(response) {
            AlterAnswer::Commit => {
                self.isr = Isr { committed: to.isr, in_flight: None };
                self.partition_epoch = self.partition_epoch.saturating_add(1);
                self.advance(now_ms);
                None
            }
            AlterAnswer::FallBack => {
                self.isr.in_flight = None;
                None
            }
            AlterAnswer::AwaitMetadata => None,
            AlterAnswer::SendAgain => Some(to),
        }
    }

    /// What is proposed is in flight from now on.
    pub(super) fn propose(&mut self, isr: BrokerSet) -> Proposal {
        self.isr.in_flight = Some(isr);
        Proposal { isr, leader_epoch: self.leader_epoch, partition_epoch: self.partition_epoch }
    }
}

#[cfg(test)]
mod tests {
    use super::super::partition::tests::{A, B, LEADER, fetch, partition};
    use super::super::partition_fetch::FetchOutcome;
    use super::*;
    use crate::command::Acks;
    use crate::ids::Offset;

    /// A silent follower holds the mark until the controller has confirmed that it left; then it may come back.
    #[test]
    fn a_silent_follower_leaves_and_comes_back() {
        let mut partition = partition();
        partition.append(Acks::Leader, 4, 10).expect("appended");
        fetch(&mut partition, A, 4, 29_000);
        assert_eq!(partition.shrink_isr(30_000), None);
        let proposal = partition.shrink_isr(30_001).expect("B is late");
        assert_eq!(proposal.isr, [LEADER, A].into());
        assert_eq!(partition.high_watermark, Offset(0));
        assert_eq!(partition.controller_answered(proposal, AlterResponse::Accepted, 30_002), None);
        assert_eq!(partition.high_watermark, Offset(4));
        let FetchOutcome::Read { proposal: Some(back), .. } = fetch(&mut partition, B, 4, 31_000) else {
            panic!("B has all that is committed")
        };
        assert_eq!(partition.isr.maximal(), [LEADER, A, B].into());
        partition.controller_answered(back, AlterResponse::IneligibleReplica, 31_001);
        assert_eq!(partition.isr.maximal(), [LEADER, A].into());
    }

    #[test]
    fn an_answer_from_an_earlier_leader_epoch_is_ignored() {
        let mut partition = partition();
        let proposal = partition.shrink_isr(30_001).expect("both are late");
        partition.become_leader(LeaderEpoch(1), 1, [LEADER, A].into(), 30_002);
        assert_eq!(partition.controller_answered(proposal, AlterResponse::Accepted, 30_003), None);
        assert_eq!(partition.isr.committed, [LEADER, A].into());
    }

    #[test]
    fn an_answer_to_another_proposal_is_ignored() {
        let mut partition = partition();
        let proposal = partition.shrink_isr(30_001).expect("both are late");
        let other = Proposal { isr: [LEADER, A].into(), ..proposal };
        assert_eq!(partition.controller_answered(other, AlterResponse::Accepted, 30_003), None);
        assert_eq!(partition.isr.in_flight, Some(proposal.isr));
    }

    #[test]
    fn what_each_error_means() {
        let responses = [
            AlterResponse::Accepted,
            AlterResponse::IneligibleReplica,
            AlterResponse::FencedLeaderEpoch,
            AlterResponse::NoVerdict,
        ];
        let (commit, back) = (AlterAnswer::Commit, AlterAnswer::FallBack);
        let answers = [commit, back, AlterAnswer::AwaitMetadata, AlterAnswer::SendAgain];
        assert_eq!(responses.map(alter_partition_answer), answers);
        let mut partition = partition();
        let proposal = partition.shrink_isr(30_001).expect("both are late");
        assert_eq!(partition.controller_answered(proposal, AlterResponse::UnknownPartition, 30_002), None);
        assert_eq!(partition.controller_answered(proposal, AlterResponse::NotController, 30_003), Some(proposal));
    }
}
