//! A partition at its leader: how the rules of replication fit together (Kafka: `kafka.cluster.Partition`).
//!
//! Each method is one thing that can happen to a leader. It asks the rules what to do ([`super::acknowledge`],
//! [`super::high_watermark`], [`super::isr`], [`super::replica`]) and does it. A follower's fetch is in
//! [`super::partition_fetch`], what the controller is asked for in [`super::alter_partition`]. The log itself is not
//! here: of it a leader of replicas needs the end alone.

use litemap::LiteMap;

use super::acknowledge::{Admission, may_append};
use super::commit_rule::CommitRule;
use super::high_watermark::{Advance, KnownReplica, LeaderView, advance_high_watermark};
use super::isr::{BrokerFacts, Isr};
use super::replica::{Follower, is_caught_up};
use crate::command::Acks;
use crate::ids::{BrokerId, BrokerSet, LeaderEpoch, Offset};

/// Something of each of a few brokers, in ascending order. A world keeps it in a map; who asks the rules millions of
/// times, in place.
pub trait ByBroker<V: 'static> {
    fn of(&self, broker: BrokerId) -> Option<&V>;

    /// What there is of the broker, made anew if there is nothing.
    fn of_mut(&mut self, broker: BrokerId) -> &mut V;

    fn each(&self) -> impl Iterator<Item = (BrokerId, &V)> + Clone;

    fn each_mut(&mut self) -> impl Iterator<Item = (BrokerId, &mut V)>;
}

impl<V: Default + 'static> ByBroker<V> for LiteMap<BrokerId, V> {
    fn of(&self, broker: BrokerId) -> Option<&V> {
        self.get(&broker)
    }

    fn of_mut(&mut self, broker: BrokerId) -> &mut V {
        self.entry(broker).or_default()
    }

    fn each(&self) -> impl Iterator<Item = (BrokerId, &V)> + Clone {
        self.as_slice().iter().map(|(broker, of)| (*broker, of))
    }

    fn each_mut(&mut self) -> impl Iterator<Item = (BrokerId, &mut V)> {
        self.iter_mut().map(|(broker, of)| (*broker, of))
    }
}

/// The leader's side of a partition. Times are milliseconds on the leader's clock.
#[derive(Clone, Debug)]
pub struct Partition<Followers = LiteMap<BrokerId, Follower>, Brokers = LiteMap<BrokerId, BrokerFacts>> {
    pub followers: Followers,
    /// What the metadata says of the followers' brokers.
    pub brokers: Brokers,
    pub isr: Isr,
    /// When a record is committed; Kafka knows one rule only, that of the in-sync replicas.
    pub commit_rule: CommitRule,
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

impl<Followers: ByBroker<Follower>, Brokers: ByBroker<BrokerFacts>> Partition<Followers, Brokers> {
    /// The controller has made this broker the leader, of a new epoch, in which it may have led before or not.
    pub fn become_leader(&mut self, epoch: LeaderEpoch, partition_epoch: i32, isr: BrokerSet, now_ms: i64) {
        let led_before = self.partition_epoch >= 0;
        if epoch > self.leader_epoch {
            let log_end = self.log_end;
            for (broker, follower) in self.followers.each_mut() {
                *follower = follower.at_new_epoch(isr.contains(broker), led_before, log_end, now_ms);
            }
            self.epoch_start = log_end;
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

    /// The followers as the rule of the high watermark sees them: members of the ISR, who is about to join, and who
    /// might.
    pub fn known_replicas(&self, now_ms: i64) -> impl Iterator<Item = KnownReplica> + Clone {
        let maximal = self.isr.maximal();
        self.followers.each().map(move |(broker, follower)| {
            let facts = self.brokers.of(broker).copied().unwrap_or_default();
            let could_join = is_caught_up(follower, self.log_end, now_ms, self.lag_max_ms)
                && facts.is_eligible(follower.broker_epoch);
            let counts = maximal.contains(broker) || could_join;
            KnownReplica { broker, log_end: follower.log_end, counts }
        })
    }

    /// Where may the high watermark go?
    #[must_use]
    pub fn decide_high_watermark(&self, now_ms: i64) -> Advance {
        let leader = LeaderView {
            high_watermark: self.high_watermark,
            log_end: self.log_end,
            followers: self.known_replicas(now_ms),
            in_sync: self.isr.committed.len(),
            min_in_sync: self.min_in_sync,
        };
        advance_high_watermark(self.commit_rule, leader)
    }

    /// Moves the high watermark, if it may.
    pub(crate) fn advance(&mut self, now_ms: i64) {
        if let Advance::To(mark) = self.decide_high_watermark(now_ms) {
            self.high_watermark = mark;
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::partition_fetch::{FetchOutcome, FollowerFetch};
    use super::*;

    pub(in crate::rules) const LEADER: BrokerId = BrokerId(1);
    pub(in crate::rules) const A: BrokerId = BrokerId(2);
    pub(in crate::rules) const B: BrokerId = BrokerId(3);

    /// Broker 1 leads, 2 and 3 follow, all in sync and empty.
    pub(in crate::rules) fn partition() -> Partition {
        let facts = |epoch| BrokerFacts { epoch, ..BrokerFacts::default() };
        let mut partition = Partition {
            followers: LiteMap::from_iter([A, B].map(|broker| (broker, Follower::default()))),
            brokers: LiteMap::from_iter([(A, facts(102)), (B, facts(103))]),
            isr: Isr { committed: BrokerSet::EMPTY, in_flight: None },
            commit_rule: CommitRule::InSyncReplicas,
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

    /// Broker n fetches with epoch 100 + n.
    pub(in crate::rules) fn fetch(
        partition: &mut Partition,
        follower: BrokerId,
        offset: i64,
        now_ms: i64,
    ) -> FetchOutcome {
        let broker_epoch = 100 + i64::from(follower.0);
        let fetch = FollowerFetch { follower, broker_epoch, leader_epoch: LeaderEpoch(0), offset: Offset(offset) };
        partition.fetch(fetch, now_ms)
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
