//! What can happen, named after the modules' actions.

use super::{Epoch, ReplicaId};
use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// `ControllerElectLeader`: at any time, also while the leader is well.
    ControllerElects(ReplicaId),
    /// `ControllerShrinkIsr`: this replica is taken for dead.
    ControllerShrinks(ReplicaId),
    /// `BecomeLeader`: it takes that epoch's request. Its high watermark stays.
    BecomesLeader { leader: ReplicaId, epoch: Epoch },
    /// `BecomeFollower…`: it takes that epoch's request, and truncates as its protocol says.
    BecomesFollower { follower: ReplicaId, epoch: Epoch },
    /// `LeaderWrite`
    Writes(ReplicaId),
    /// `FollowerReplicate` and its successors: one record.
    Fetches { follower: ReplicaId, leader: ReplicaId },
    /// `FollowerTruncate`, of KIP-320's first try alone: truncation when it fetches.
    Truncates { follower: ReplicaId, leader: ReplicaId },
    /// `LeaderIncHighWatermark`: by one.
    AdvancesHighWatermark(ReplicaId),
    /// `LeaderShrinkIsr`
    ShrinksIsr { leader: ReplicaId, follower: ReplicaId },
    /// `LeaderExpandIsr`
    ExpandsIsr { leader: ReplicaId, follower: ReplicaId },
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |replica: &ReplicaId| format!("r{}", replica + 1);
        match self {
            Action::ControllerElects(leader) => write!(f, "the controller elects {}", name(leader)),
            Action::ControllerShrinks(replica) => write!(f, "the controller takes {} for dead", name(replica)),
            Action::BecomesLeader { leader, epoch } => write!(f, "{} leads in epoch {epoch}", name(leader)),
            Action::BecomesFollower { follower, epoch } => {
                write!(f, "{} follows the leader of epoch {epoch}", name(follower))
            }
            Action::Writes(leader) => write!(f, "{} writes a record", name(leader)),
            Action::Fetches { follower, leader } => {
                write!(f, "{} fetches a record from {}", name(follower), name(leader))
            }
            Action::Truncates { follower, leader } => {
                write!(f, "{} truncates to what it shares with {}", name(follower), name(leader))
            }
            Action::AdvancesHighWatermark(leader) => write!(f, "{} advances its high watermark", name(leader)),
            Action::ShrinksIsr { leader, follower } => {
                write!(f, "{} drops {} from the ISR", name(leader), name(follower))
            }
            Action::ExpandsIsr { leader, follower } => {
                write!(f, "{} takes {} into the ISR", name(leader), name(follower))
            }
        }
    }
}
