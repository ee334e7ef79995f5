//! A partition at its leader: how the rules of replication fit together (Kafka: `kafka.cluster.Partition`).
//!
//! Each method is one thing that can happen to a leader. It asks the rules what to do ([`super::acknowledge`],
//! [`super::fencing`], [`super::high_watermark`], [`super::isr`], [`super::replica`]) and does it. The log itself is
//! not here: of it a leader of replicas needs the end alone.

use std::collections::{BTreeMap, BTreeSet};

use super::acknowledge::{Admission, may_append};
use super::fencing::{Fencing, check_epochs};
use super::high_watermark::{Advance, KnownReplica, LeaderView, advance_high_watermark};
use super::isr::{AlterAnswer, BrokerFacts, Isr, Join, Shrink, alter_partition_answer, may_join, shrink};
use super::replica::{Follower, is_caught_up};
use crate::command::Acks;
use crate::ids::{BrokerId, LeaderEpoch, Offset};

/// The leader's side of a partition. Times are milliseconds on the leader's clock.
#[derive(Clone, Debug)]
pub struct Partition {
    pub followers: BTreeMap<BrokerId, Follower>,
    /// What the metadata says of the followers' brokers.
    pub brokers: BTreeMap<BrokerId, BrokerFacts>,
    pub isr: Isr,
    pub log_end: Offset,
    pub high_watermark: Offset,
    pub leader_epoch: LeaderEpoch,
    pub partition_epoch: i32,
    /// Where the log ended when this leader epoch began.
    pub epoch_start: Offset,
    /// `min.insync.replicas`, but never more than there are replicas.
    pub min_in_sync: usize,
    /// `replica.lag.time.max.ms`.
    pub lag_max_ms: i64,
}

/// A request to the controller for another ISR (AlterPartition).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub isr: BTreeSet<BrokerId>,
    pub leader_epoch: LeaderEpoch,
    pub partition_epoch: i32,
}

/// A fetch of a follower. What it asks for is what it does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FollowerFetch {
    pub follower: BrokerId,
    pub broker_epoch: i64,
    pub leader_epoch: LeaderEpoch,
    pub offset: Offset,
}

/// What a follower's fetch came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchOutcome {
    /// Nothing is read, and nothing learnt of the follower.
    Refused(Fencing),
    /// Records up to the log end; the mark is the one before this fetch, and so one fetch old for the follower.
    Read { log_end: Offset, high_watermark: Offset, proposal: Option<Proposal> },
}

impl Partition {
    /// The controller has made this broker the leader, of a new epoch, in which it may have led before or not.
    pub fn become_leader(&mut self, epoch: LeaderEpoch, partition_epoch: i32, isr: BTreeSet<BrokerId>, now_ms: i64) {
        let led_before = self.partition_epoch >= 0;
        if epoch > self.leader_epoch {
            for (broker, follower) in &mut self.followers {
                *follower = follower.at_new_epoch(isr.contains(broker), led_before, self.log_end, now_ms);
            }
            self.epoch_start = self.log_end;
        }
        (self.leader_epoch, self.partition_epoch) = (epoch, partition_epoch);
        self.isr = Isr { committed: isr, in_flight: None };
        self.advance(now_ms);
    }

    /// Appends `records`, if enough replicas are in sync for `acks`. Says where they begin.
    ///
    /// # Errors
    /// [`Admission::NotEnoughReplicas`], and nothing is appended.
    pub fn append(&mut self, acks: Acks, records: i64, now_ms: i64) -> Result<Offset, Admission> {
        match may_append(acks, self.isr.committed.len(), self.min_in_sync) {
            Admission::Append => {
                let first = self.log_end;
                self.log_end = first.plus(records);
                self.advance(now_ms);
                Ok(first)
            }
            refused @ Admission::NotEnoughReplicas => Err(refused),
        }
    }

    /// Answers a follower, and only then takes note of where it is.
    pub fn fetch(&mut self, fetch: FollowerFetch, now_ms: i64) -> FetchOutcome {
        let broker = self.brokers.get(&fetch.follower).copied().unwrap_or_default();
        let alive_epoch = broker.alive_epoch();
        let fencing = check_epochs(fetch.leader_epoch, self.leader_epoch, fetch.broker_epoch, alive_epoch);
        if fencing != Fencing::Pass {
            return FetchOutcome::Refused(fencing);
        }
        let (log_end, high_watermark) = (self.log_end, self.high_watermark);
        let follower = self.followers.entry(fetch.follower).or_default();
        let before = *follower;
        *follower = before.after_fetch(fetch.offset, log_end, now_ms, fetch.broker_epoch);
        let eligible = broker.is_eligible(follower.broker_epoch);
        let join = may_join(&self.isr, fetch.follower, eligible, fetch.offset, high_watermark, self.epoch_start);
        let moved = before.log_end != follower.log_end;
        let proposal = (join == Join::Propose).then(|| {
            let joined = self.isr.committed.iter().copied().chain([fetch.follower]).collect();
            self.propose(joined)
        });
        if moved {
            self.advance(now_ms);
        }
        FetchOutcome::Read { log_end, high_watermark, proposal }
    }

    /// The regular look for followers that are late.
    pub fn shrink_isr(&mut self, now_ms: i64) -> Option<Proposal> {
        let late = |follower: &Follower| !is_caught_up(follower, self.log_end, now_ms, self.lag_max_ms);
        let late = self.followers.iter().filter(|(_, follower)| late(follower)).map(|(broker, _)| *broker).collect();
        match shrink(&self.isr, &late) {
            Shrink::Propose(isr) => Some(self.propose(isr)),
            Shrink::ChangeInFlight | Shrink::AllInTime => None,
        }
    }

    /// The controller has answered. An answer to anything but the change that is in flight is late, and ignored. Gives
    /// the request that is sent again.
    pub fn controller_answered(&mut self, to: Proposal, error: &str, now_ms: i64) -> Option<Proposal> {
        let epochs = (to.leader_epoch, to.partition_epoch);
        if self.isr.in_flight.as_ref() != Some(&to.isr) || epochs != (self.leader_epoch, self.partition_epoch) {
            return None;
        }
        match alter_partition_answer(error) {
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

    fn propose(&mut self, isr: BTreeSet<BrokerId>) -> Proposal {
        self.isr.in_flight = Some(isr.clone());
        Proposal { isr, leader_epoch: self.leader_epoch, partition_epoch: self.partition_epoch }
    }

    /// Moves the high watermark, if it may.
    fn advance(&mut self, now_ms: i64) {
        let maximal = self.isr.maximal();
        let known = |(broker, follower): (&BrokerId, &Follower)| {
            let facts = self.brokers.get(broker).copied().unwrap_or_default();
            let could_join = is_caught_up(follower, self.log_end, now_ms, self.lag_max_ms)
                && facts.is_eligible(follower.broker_epoch);
            let counts = maximal.contains(broker) || could_join;
            KnownReplica { broker: *broker, log_end: follower.log_end, counts }
        };
        let followers: Vec<KnownReplica> = self.followers.iter().map(known).collect();
        let decision = advance_high_watermark(LeaderView {
            high_watermark: self.high_watermark,
            log_end: self.log_end,
            followers: &followers,
            in_sync: self.isr.committed.len(),
            min_in_sync: self.min_in_sync,
        });
        if let Advance::To(mark) = decision {
            self.high_watermark = mark;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEADER: BrokerId = BrokerId(1);
    const A: BrokerId = BrokerId(2);
    const B: BrokerId = BrokerId(3);

    /// Broker 1 leads, 2 and 3 follow, all in sync and empty.
    fn partition() -> Partition {
        let facts = |epoch| BrokerFacts { epoch, ..BrokerFacts::default() };
        let mut partition = Partition {
            followers: [A, B].map(|broker| (broker, Follower::default())).into(),
            brokers: [(A, facts(102)), (B, facts(103))].into(),
            isr: Isr { committed: BTreeSet::new(), in_flight: None },
            log_end: Offset::ZERO,
            high_watermark: Offset::ZERO,
            leader_epoch: LeaderEpoch(-1),
            partition_epoch: -1,
            epoch_start: Offset::ZERO,
            min_in_sync: 2,
            lag_max_ms: 30_000,
        };
        partition.become_leader(LeaderEpoch(0), 0, [LEADER, A, B].into(), 0);
        partition
    }

    fn fetch(partition: &mut Partition, follower: BrokerId, offset: i64, now_ms: i64) -> FetchOutcome {
        let broker_epoch = 100 + i64::from(follower.0);
        let fetch = FollowerFetch { follower, broker_epoch, leader_epoch: LeaderEpoch(0), offset: Offset(offset) };
        partition.fetch(fetch, now_ms)
    }

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
        assert_eq!(partition.controller_answered(proposal, "NONE", 30_002), None);
        assert_eq!(partition.high_watermark, Offset(4));
        let FetchOutcome::Read { proposal: Some(back), .. } = fetch(&mut partition, B, 4, 31_000) else {
            panic!("B has all that is committed")
        };
        assert_eq!(partition.isr.maximal(), [LEADER, A, B].into());
        partition.controller_answered(back, "INELIGIBLE_REPLICA", 31_001);
        assert_eq!(partition.isr.maximal(), [LEADER, A].into());
    }

    #[test]
    fn an_answer_from_an_earlier_leader_epoch_is_ignored() {
        let mut partition = partition();
        let proposal = partition.shrink_isr(30_001).expect("both are late");
        partition.become_leader(LeaderEpoch(1), 1, [LEADER, A].into(), 30_002);
        assert_eq!(partition.controller_answered(proposal, "NONE", 30_003), None);
        assert_eq!(partition.isr.committed, [LEADER, A].into());
    }

    #[test]
    fn below_min_isr_only_acks_all_is_refused_and_nothing_commits() {
        let mut partition = partition();
        partition.become_leader(LeaderEpoch(1), 1, [LEADER].into(), 0);
        assert_eq!(partition.append(Acks::All, 1, 10), Err(Admission::NotEnoughReplicas));
        assert_eq!(partition.append(Acks::Leader, 1, 10), Ok(Offset(0)));
        assert_eq!(partition.high_watermark, Offset(0));
    }
}
