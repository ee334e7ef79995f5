//! Whether a request comes from the right time (Kafka: `Partition.checkCurrentLeaderEpoch`,
//! `Replica.updateFetchStateOrThrow`; KIP-320, KIP-903).
//!
//! Who leads, and which start of a broker is the latest, is known late and not everywhere at once. Epochs tell a
//! request from the past from one of now, whoever of the two sides is behind.

use crate::ids::LeaderEpoch;

/// What a leader makes of the leader epoch that a request names, before it looks at anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fencing {
    Pass,
    /// `FENCED_LEADER_EPOCH`: the sender knows an older leadership only.
    FencedLeaderEpoch,
    /// `UNKNOWN_LEADER_EPOCH`: the sender knows of a newer leadership than this leader does.
    UnknownLeaderEpoch,
}

/// Compares the leader epoch of a request with the leader's own. A client may send none.
#[must_use]
pub fn check_leader_epoch(sent: Option<LeaderEpoch>, current: LeaderEpoch) -> Fencing {
    match sent {
        Some(sent) if sent < current => Fencing::FencedLeaderEpoch,
        Some(sent) if sent > current => Fencing::UnknownLeaderEpoch,
        _ => Fencing::Pass,
    }
}

/// Was a fetch sent by an earlier start of its broker than the one that is alive? Of a fenced broker none is known to
/// be alive, so its fetch is taken.
#[must_use]
pub fn is_stale_start(broker_epoch: i64, alive_epoch: Option<i64>) -> bool {
    alive_epoch.is_some_and(|alive| alive > broker_epoch)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_side_can_be_behind() {
        let check = |sent: Option<i32>| check_leader_epoch(sent.map(LeaderEpoch), LeaderEpoch(5));
        assert_eq!([check(Some(5)), check(None)], [Fencing::Pass; 2]);
        assert_eq!([check(Some(4)), check(Some(6))], [Fencing::FencedLeaderEpoch, Fencing::UnknownLeaderEpoch]);
    }

    #[test]
    fn a_broker_that_started_anew_fences_its_earlier_self() {
        let stale =
            [(8, Some(9)), (9, Some(9)), (10, Some(9)), (8, None)].map(|(sent, alive)| is_stale_start(sent, alive));
        assert_eq!(stale, [true, false, false, false]);
    }
}
