//! Whose having a record makes it committed: Kafka's rule, and three that it is taken for.
//!
//! Each is safe or live at another price. One broker that dies takes with it what only the leader had; a majority
//! commits fast, but then only somebody of that majority may lead; all replicas wait for the slowest, be it dead.

use super::high_watermark::KnownReplica;

/// Which replicas have to hold a record before it is committed. The leader always does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CommitRule {
    /// The leader alone.
    LeaderOnly,
    /// More than half of all replicas, the leader among them.
    Majority,
    /// Kafka's: every replica that is in sync, if there are `min.insync.replicas` of them.
    #[default]
    InSyncReplicas,
    /// Every replica, in sync or not.
    AllReplicas,
}

impl CommitRule {
    pub const ALL: [CommitRule; 4] =
        [CommitRule::LeaderOnly, CommitRule::Majority, CommitRule::InSyncReplicas, CommitRule::AllReplicas];

    /// The word for it in the command language.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            CommitRule::LeaderOnly => "leader",
            CommitRule::Majority => "majority",
            CommitRule::InSyncReplicas => "isr",
            CommitRule::AllReplicas => "all",
        }
    }

    /// May the mark depend on this follower?
    #[must_use]
    pub fn counts(self, follower: &KnownReplica) -> bool {
        match self {
            CommitRule::LeaderOnly => false,
            CommitRule::Majority | CommitRule::AllReplicas => true,
            CommitRule::InSyncReplicas => follower.counts,
        }
    }

    /// How many of all the `followers` may lack a record that is committed?
    #[must_use]
    pub fn may_lack(self, followers: usize) -> usize {
        match self {
            CommitRule::Majority => followers / 2,
            CommitRule::LeaderOnly | CommitRule::InSyncReplicas | CommitRule::AllReplicas => 0,
        }
    }
}
