//! What the controller makes of a leader's proposal (Kafka: `ReplicationControlManager.validateAlterPartitionData`,
//! KIP-497, KIP-704, KIP-903).
//!
//! A leader proposes from what it knows, and what it knows may be old. Both epochs have to be the controller's own, or
//! it would take a change that was meant for another state of the partition.

use super::alter_partition::Proposal;
use super::election::{BrokerList, Registration};
use crate::ids::{BrokerId, BrokerSet};

/// The controller's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlterCheck {
    /// The proposed ISR is written down.
    Accept,
    /// `NEW_LEADER_ELECTED`: it is written down, and a reassignment that is done with it begins another leadership.
    NewLeaderElected,
    /// `NOT_CONTROLLER`: the leader knows a newer epoch than this controller, which must have been replaced.
    NotController,
    /// `FENCED_LEADER_EPOCH`: another leadership has begun.
    FencedLeaderEpoch,
    /// `INVALID_REQUEST`: who sends it does not lead.
    NotTheLeader,
    /// `INVALID_UPDATE_VERSION`: the partition has changed since the leader last looked.
    InvalidUpdateVersion,
    /// `INVALID_REQUEST`: an ISR of nobody, or of brokers that are no replicas.
    NotReplicas,
    /// `INVALID_REQUEST`: a leader is in its own ISR.
    WithoutLeader,
    /// `INVALID_REQUEST`: a leader that is still recovering is alone, and one that has recovered stays so.
    StillRecovering,
    /// `INELIGIBLE_REPLICA`: somebody in it is fenced, shutting down, or has started anew.
    IneligibleReplica,
}

/// Judges a proposal of broker `sender`. `recovering` is what the leader says of itself, `eligible` are the brokers
/// that may be in an ISR with the broker epochs that the proposal names.
#[must_use]
pub fn check_alter_partition<List: BrokerList>(
    partition: &Registration<List>,
    sender: BrokerId,
    proposal: Proposal,
    recovering: bool,
    eligible: BrokerSet,
) -> AlterCheck {
    let isr = proposal.isr;
    if proposal.leader_epoch > partition.leader_epoch || proposal.partition_epoch > partition.partition_epoch {
        AlterCheck::NotController
    } else if proposal.leader_epoch < partition.leader_epoch {
        AlterCheck::FencedLeaderEpoch
    } else if partition.leader != Some(sender) {
        AlterCheck::NotTheLeader
    } else if proposal.partition_epoch < partition.partition_epoch {
        AlterCheck::InvalidUpdateVersion
    } else if isr.is_empty() || isr.iter().any(|member| !partition.replicas.contains(&member)) {
        AlterCheck::NotReplicas
    } else if !isr.contains(sender) {
        AlterCheck::WithoutLeader
    } else if recovering && (isr.len() > 1 || !partition.recovering) {
        AlterCheck::StillRecovering
    } else if !isr.is_subset(eligible) {
        AlterCheck::IneligibleReplica
    } else {
        AlterCheck::Accept
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{broker_set, brokers, led_by_1};
    use super::*;
    use crate::ids::LeaderEpoch;

    /// An ISR of broker 1 alone; broker 3 is fenced.
    fn check(sender: u8, epochs: (i32, i32), isr: &[u8], recovering: bool) -> AlterCheck {
        let partition = Registration { isr: brokers(&[1]), ..led_by_1() };
        let proposal =
            Proposal { isr: broker_set(isr), leader_epoch: LeaderEpoch(epochs.0), partition_epoch: epochs.1 };
        let was_recovering = Registration { recovering: true, ..partition.clone() };
        let partition = if recovering && isr == [1] { was_recovering } else { partition };
        check_alter_partition(&partition, BrokerId(sender), proposal, recovering, broker_set(&[1, 2]))
    }

    #[test]
    fn epochs_are_looked_at_first() {
        assert_eq!([check(2, (5, 10), &[], false), check(2, (4, 11), &[], false)], [AlterCheck::NotController; 2]);
        assert_eq!(check(2, (3, 9), &[], false), AlterCheck::FencedLeaderEpoch);
        assert_eq!(check(2, (4, 9), &[], false), AlterCheck::NotTheLeader);
        assert_eq!(check(1, (4, 9), &[], false), AlterCheck::InvalidUpdateVersion);
    }

    #[test]
    fn then_who_is_in_it() {
        let of = |isr: &[u8], recovering| check(1, (4, 10), isr, recovering);
        assert_eq!([of(&[], false), of(&[1, 9], false)], [AlterCheck::NotReplicas; 2]);
        assert_eq!(of(&[2], false), AlterCheck::WithoutLeader);
        assert_eq!(of(&[1, 2], true), AlterCheck::StillRecovering);
        assert_eq!(of(&[1, 3], false), AlterCheck::IneligibleReplica);
        assert_eq!([of(&[1, 2], false), of(&[1], true)], [AlterCheck::Accept; 2]);
    }
}
