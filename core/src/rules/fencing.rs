//! Whether a fetch comes from the right time (Kafka: `Partition.checkCurrentLeaderEpoch`, KIP-320, KIP-903).
//!
//! Who leads, and which start of a broker is the latest, is known late and not everywhere at once. Epochs tell a
//! request from the past from one of now, whoever of the two sides is behind.

use crate::ids::LeaderEpoch;

/// What a leader makes of a fetch, before it looks at offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fencing {
    Pass,
    /// `FENCED_LEADER_EPOCH`: the follower knows an older leadership only.
    FencedLeaderEpoch,
    /// `UNKNOWN_LEADER_EPOCH`: the follower knows of a newer leadership than this leader does.
    UnknownLeaderEpoch,
    /// `NOT_LEADER_OR_FOLLOWER`: sent by an earlier start of the broker, which is not the follower any more.
    StaleBrokerEpoch,
}

/// Compares the epochs of a fetch with those that the leader knows; of a fenced broker it knows none. A client may send
/// no leader epoch.
#[must_use]
pub fn check_epochs(
    sent: Option<LeaderEpoch>,
    current: LeaderEpoch,
    broker_epoch: i64,
    alive_epoch: Option<i64>,
) -> Fencing {
    if sent.is_some_and(|sent| sent < current) {
        Fencing::FencedLeaderEpoch
    } else if sent.is_some_and(|sent| sent > current) {
        Fencing::UnknownLeaderEpoch
    } else if alive_epoch.is_some_and(|alive| alive > broker_epoch) {
        Fencing::StaleBrokerEpoch
    } else {
        Fencing::Pass
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_side_can_be_behind() {
        let check = |sent, broker| check_epochs(Some(LeaderEpoch(sent)), LeaderEpoch(5), broker, Some(9));
        assert_eq!(check(4, 9), Fencing::FencedLeaderEpoch);
        assert_eq!(check(6, 9), Fencing::UnknownLeaderEpoch);
        assert_eq!(check(5, 8), Fencing::StaleBrokerEpoch);
        assert_eq!(check(5, 9), Fencing::Pass);
        assert_eq!(check_epochs(None, LeaderEpoch(5), 9, None), Fencing::Pass);
    }
}
