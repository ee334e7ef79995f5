//! A follower's fetch at its leader (Kafka: `Partition.fetchRecords`, `updateFollowerFetchState`).
//!
//! The answer comes first, with the marks as they are; only then does the leader take note of where the follower is. So
//! a follower learns a new high watermark one fetch late.

use super::alter_partition::Proposal;
use super::fencing::{Fencing, check_leader_epoch, is_stale_start};
use super::isr::{BrokerFacts, Join, may_join};
use super::partition::{ByBroker, Partition};
use super::replica::Follower;
use crate::ids::{BrokerId, LeaderEpoch, Offset};

/// A fetch of a follower. What it asks for is what it does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FollowerFetch {
    pub follower: BrokerId,
    pub broker_epoch: i64,
    pub leader_epoch: LeaderEpoch,
    pub offset: Offset,
}

/// What a follower's fetch came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchOutcome {
    /// Nothing is read, and nothing learnt of the follower.
    Refused(Fencing),
    /// `NOT_LEADER_OR_FOLLOWER`: an earlier start of the broker sent it.
    StaleBrokerEpoch,
    /// Records up to the log end; the mark is the one before this fetch, and so one fetch old for the follower.
    Read { log_end: Offset, high_watermark: Offset, proposal: Option<Proposal> },
}

impl<Followers: ByBroker<Follower>, Brokers: ByBroker<BrokerFacts>> Partition<Followers, Brokers> {
    /// Answers a follower, and only then takes note of where it is.
    pub fn fetch(&mut self, fetch: FollowerFetch, now_ms: i64) -> FetchOutcome {
        let broker = self.brokers.of(fetch.follower).copied().unwrap_or_default();
        let fencing = check_leader_epoch(Some(fetch.leader_epoch), self.leader_epoch);
        if fencing != Fencing::Pass {
            return FetchOutcome::Refused(fencing);
        }
        if is_stale_start(fetch.broker_epoch, broker.alive_epoch()) {
            return FetchOutcome::StaleBrokerEpoch;
        }
        let (log_end, high_watermark) = (self.log_end, self.high_watermark);
        let follower = self.followers.of_mut(fetch.follower);
        let before = *follower;
        *follower = before.after_fetch(fetch.offset, log_end, now_ms, fetch.broker_epoch);
        let eligible = broker.is_eligible(follower.broker_epoch);
        let join = may_join(self.isr, fetch.follower, eligible, fetch.offset, high_watermark, self.epoch_start);
        let moved = before.log_end != follower.log_end;
        let proposal = (join == Join::Propose).then(|| self.propose(self.isr.committed.with(fetch.follower)));
        if moved {
            self.advance(now_ms);
        }
        FetchOutcome::Read { log_end, high_watermark, proposal }
    }
}

#[cfg(test)]
mod tests {
    use super::super::partition::tests::{A, B, fetch, partition};
    use super::*;
    use crate::command::Acks;

    fn read(log_end: i64, mark: i64) -> FetchOutcome {
        FetchOutcome::Read { log_end: Offset(log_end), high_watermark: Offset(mark), proposal: None }
    }

    /// The last one to ask for more moves the mark, and is told so one fetch later.
    #[test]
    fn a_record_is_committed_when_every_replica_in_sync_has_asked_for_more() {
        let mut partition = partition();
        assert_eq!(partition.append(Acks::All, 1, 10), Ok(Offset(0)));
        assert_eq!(fetch(&mut partition, A, 0, 20), read(1, 0));
        assert_eq!(fetch(&mut partition, B, 0, 20), read(1, 0));
        assert_eq!(fetch(&mut partition, A, 1, 30), read(1, 0));
        assert_eq!(partition.high_watermark, Offset(0));
        assert_eq!(fetch(&mut partition, B, 1, 40), read(1, 0));
        assert_eq!(partition.high_watermark, Offset(1));
        assert_eq!(fetch(&mut partition, A, 1, 50), read(1, 1));
    }
}
