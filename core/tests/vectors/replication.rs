//! The leader's side of a partition, and high watermarks (ISR, HWM, EPV; Kafka: `kafka.cluster.Partition`).

use kafka_lab::command::Acks;
use kafka_lab::ids::{BrokerId, LeaderEpoch, Offset};
use kafka_lab::rules::alter_partition::{AlterResponse, Proposal};
use kafka_lab::rules::append::assign_offsets;
use kafka_lab::rules::commit_rule::CommitRule;
use kafka_lab::rules::epoch_cache::{EpochCache, EpochEntry};
use kafka_lab::rules::fencing::{Fencing, check_leader_epoch};
use kafka_lab::rules::high_watermark::{Learn, learn_high_watermark};
use kafka_lab::rules::isr::{BrokerFacts, Isr};
use kafka_lab::rules::latest_offset::{Asker, LatestOffset, LeaderLog, latest_offset};
use kafka_lab::rules::min_isr::{MinIsr, compare_min_isr};
use kafka_lab::rules::partition::Partition;
use kafka_lab::rules::partition_fetch::{FetchOutcome, FollowerFetch};
use kafka_lab::rules::replica::Follower;
use litemap::LiteMap;

const L: BrokerId = BrokerId(1);
const R1: BrokerId = BrokerId(2);
const R2: BrokerId = BrokerId(3);

/// L leads R1 and R2 in epoch 5, from time 0 on, with this ISR and this log end.
fn leader(isr: &[BrokerId], log_end: i64, min_in_sync: usize) -> Partition {
    let facts = |broker: BrokerId| BrokerFacts { epoch: 100 + i64::from(broker.0), ..BrokerFacts::default() };
    let mut partition = Partition {
        followers: LiteMap::from_iter([R1, R2].map(|broker| (broker, Follower::default()))),
        brokers: LiteMap::from_iter([R1, R2].map(|broker| (broker, facts(broker)))),
        isr: Isr { committed: [].into(), in_flight: None },
        commit_rule: CommitRule::InSyncReplicas,
        log_end: Offset::ZERO,
        high_watermark: Offset::ZERO,
        leader_epoch: LeaderEpoch(-1),
        partition_epoch: -1,
        epoch_start: Offset::ZERO,
        min_in_sync,
        lag_max_ms: 10_000,
    };
    partition.become_leader(LeaderEpoch(5), 1, isr.iter().copied().collect(), 0);
    partition.append(Acks::Leader, log_end, 0).expect("acks=1 is always taken");
    partition
}

/// The proposal that comes of a follower's fetch.
fn fetch(partition: &mut Partition, follower: BrokerId, offset: i64, now_ms: i64) -> Option<Proposal> {
    let (broker_epoch, leader_epoch) = (100 + i64::from(follower.0), partition.leader_epoch);
    let fetch = FollowerFetch { follower, broker_epoch, leader_epoch, offset: Offset(offset) };
    match partition.fetch(fetch, now_ms) {
        FetchOutcome::Read { proposal, .. } => proposal,
        refused => panic!("{refused:?}"),
    }
}

#[test]
fn isr_01_a_follower_below_the_mark_stays_outside() {
    let mut partition = leader(&[L], 10, 1);
    assert_eq!(fetch(&mut partition, R1, 3, 100), None);
    assert_eq!(partition.isr.committed, [L].into());
}

#[test]
fn isr_02_a_follower_at_the_log_end_is_proposed() {
    let mut partition = leader(&[L], 10, 1);
    let proposal = fetch(&mut partition, R1, 10, 100).expect("a proposal");
    assert_eq!(proposal.isr, [L, R1].into());
    assert_eq!((&partition.isr.committed, partition.isr.maximal()), (&[L].into(), [L, R1].into()));
    partition.controller_answered(proposal, AlterResponse::Accepted, 200);
    assert_eq!(partition.isr.committed, [L, R1].into());
}

#[test]
fn isr_03_the_mark_waits_for_the_controller() {
    let mut partition = leader(&[L, R1, R2], 10, 1);
    fetch(&mut partition, R1, 10, 100);
    let proposal = partition.shrink_isr(10_001).expect("R2 is late");
    assert_eq!(proposal.isr, [L, R1].into());
    assert_eq!((partition.high_watermark, partition.isr.maximal()), (Offset(0), [L, R1, R2].into()));
    partition.controller_answered(proposal, AlterResponse::Accepted, 10_100);
    assert_eq!(partition.high_watermark, Offset(10));
}

#[test]
fn isr_04_under_min_isr_the_mark_stands() {
    let mut partition = leader(&[L, R1], 10, 3);
    fetch(&mut partition, R1, 10, 100);
    assert_eq!(partition.high_watermark, Offset(0));
}

#[test]
fn isr_06_what_a_fetch_says_of_a_follower() {
    let initial = Follower::default().at_new_epoch(true, false, Offset(6), 1_000);
    let first = initial.after_fetch(Offset(3), Offset(6), 1_500, 102);
    assert_eq!((first.log_end, first.caught_up_ms), (Some(Offset(3)), Some(1_000)));
    let second = first.after_fetch(Offset(6), Offset(6), 2_000, 102);
    assert_eq!((second.log_end, second.caught_up_ms), (Some(Offset(6)), Some(2_000)));
}

#[test]
fn isr_07_one_fetch_behind_is_in_time() {
    let mut partition = leader(&[L, R1], 10, 1);
    fetch(&mut partition, R1, 5, 5_000);
    let known = |partition: &Partition| (partition.high_watermark, partition.followers[&R1].caught_up_ms);
    assert_eq!(known(&partition), (Offset(5), Some(0)));
    partition.append(Acks::Leader, 5, 5_000).expect("acks=1 is always taken");
    fetch(&mut partition, R1, 10, 10_001);
    assert_eq!(known(&partition), (Offset(10), Some(5_000)));
    assert_eq!(partition.shrink_isr(10_001), None);
}

/// R2 is in sync, R1 comes from outside.
#[test]
fn isr_09_a_follower_needs_what_came_before_this_leadership() {
    let mut partition = leader(&[L, R2], 5, 1);
    fetch(&mut partition, R2, 1, 100);
    assert_eq!(partition.high_watermark, Offset(1));
    partition.become_leader(LeaderEpoch(7), 3, [L, R2].into(), 200);
    partition.append(Acks::Leader, 2, 200).expect("acks=1 is always taken");
    assert_eq!([fetch(&mut partition, R1, 0, 300), fetch(&mut partition, R1, 1, 310)], [None, None]);
    let proposal = fetch(&mut partition, R1, 5, 320).expect("a proposal");
    assert_eq!(proposal.isr, [L, R1, R2].into());
    assert_eq!(partition.isr.maximal(), [L, R1, R2].into());
    assert_eq!(partition.isr.committed, [L, R2].into());
}

#[test]
fn isr_11_at_and_under_min_isr() {
    assert_eq!(compare_min_isr(leader(&[L], 0, 1).isr.committed.len(), 1), MinIsr::At);
}

#[test]
fn isr_13_a_leader_notes_its_epoch_before_it_writes() {
    let mut partition = leader(&[L], 4, 1);
    partition.become_leader(LeaderEpoch(8), 2, [L].into(), 100);
    let mut epochs = EpochCache::default();
    epochs.assign(LeaderEpoch(5), Offset(0));
    epochs.assign(partition.leader_epoch, partition.epoch_start);
    assert_eq!(epochs.entries().last(), Some(&EpochEntry { epoch: LeaderEpoch(8), start: Offset(4) }));
}

fn latest(asker: Asker, partition: &Partition) -> LatestOffset {
    let (log_end, high_watermark) = (partition.log_end, partition.high_watermark);
    let (last_stable_offset, epoch_start) = (high_watermark, partition.epoch_start);
    latest_offset(asker, LeaderLog { log_end, high_watermark, last_stable_offset, epoch_start })
}

#[test]
fn isr_14_the_latest_offset_depends_on_who_asks() {
    let partition = leader(&[L, R1], 3, 1);
    let answers = [Asker::Replica, Asker::ReadUncommitted, Asker::ReadCommitted].map(|asker| latest(asker, &partition));
    assert_eq!(answers, [3, 0, 0].map(|offset| LatestOffset::At(Offset(offset))));
}

#[test]
fn isr_16_a_new_leadership_tells_no_offset_that_goes_back() {
    let mut partition = leader(&[L, R1, R2], 5, 1);
    [R1, R2].iter().for_each(|follower| assert_eq!(fetch(&mut partition, *follower, 2, 100), None));
    assert_eq!(latest(Asker::ReadUncommitted, &partition), LatestOffset::At(Offset(2)));
    partition.become_leader(LeaderEpoch(7), 3, [L, R1, R2].into(), 200);
    assert_eq!(latest(Asker::ReadUncommitted, &partition), LatestOffset::NotAvailable);
    [R1, R2].iter().for_each(|follower| assert_eq!(fetch(&mut partition, *follower, 5, 300), None));
    assert_eq!(latest(Asker::ReadUncommitted, &partition), LatestOffset::At(Offset(5)));
}

fn learn(known: i64, told: i64, log_end: i64) -> Learn {
    learn_high_watermark(Offset(known), Offset(told), Offset(0), Offset(log_end))
}

#[test]
fn hwm_01_not_above_the_log_end() {
    assert_eq!(learn(0, 5, 3), Learn::UpToLogEnd(Offset(3)));
}

#[test]
fn hwm_02_a_truncation_takes_the_mark_along_and_an_append_does_not() {
    assert_eq!(learn(6, 6, 3), Learn::UpToLogEnd(Offset(3)));
    let log_end = assign_offsets(Offset(3), 3).log_end;
    assert_eq!((log_end, learn(3, 3, log_end.0)), (Offset(6), Learn::Same));
}

#[test]
fn hwm_04_told_again_is_no_change() {
    let mut mark = 0;
    let mut changed = |told| match learn(mark, told, 100) {
        Learn::Take(to) | Learn::UpToLogEnd(to) => {
            mark = to.0;
            true
        }
        Learn::Same => false,
    };
    assert_eq!([99, 99, 100, 101].map(&mut changed), [true, false, true, false]);
}

#[test]
fn epv_01_the_epoch_of_a_request() {
    let check = |sent: Option<i32>| check_leader_epoch(sent.map(LeaderEpoch), LeaderEpoch(5));
    assert_eq!(
        [Some(5), None, Some(4), Some(6)].map(check),
        [Fencing::Pass, Fencing::Pass, Fencing::FencedLeaderEpoch, Fencing::UnknownLeaderEpoch,]
    );
}
