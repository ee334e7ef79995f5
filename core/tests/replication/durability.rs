//! What an answer promises, and when it is worth nothing (truth sheet 05).

use crate::told::{play_with, tell};
use kafka_lab::command::{Command, ProducerSettings, Script};
use kafka_lab::event::EventKind;
use kafka_lab::ids::{BrokerId, Offset};
use kafka_lab::world::{ErrorCode, Premise, Violation, World};

fn set_producer(script: &mut Script, change: impl Fn(&mut ProducerSettings)) {
    for line in &mut script.lines {
        if let Command::Producer { settings, .. } = &mut line.command {
            change(settings);
        }
    }
}

fn numbers(range: std::ops::Range<u32>) -> Vec<String> {
    range.map(|number| number.to_string()).collect()
}

/// The controller's leader, ISR, ELR and last known leader.
fn at(world: &World) -> (u8, [Vec<u8>; 3]) {
    let known = &world.active_controller().expect("a controller leads").image.partition;
    let list = |ids: &[BrokerId]| ids.iter().map(|id| id.0).collect::<Vec<u8>>();
    (known.leader.map_or(0, |id| id.0), [list(&known.isr), list(&known.elr), list(&known.last_known_elr)])
}

/// 05-S1: with min.insync.replicas=1, all is one. Five acknowledged records go, and their offsets hold others.
#[test]
fn acks_all_with_an_isr_of_one_and_an_unclean_election_lose_what_was_answered() {
    let told = tell("05-s1");
    assert_eq!(told.ends("everywhere"), [(10, 10); 3]);
    assert_eq!(told.ends("answered"), [(15, 15), (10, 10), (10, 10)]);
    assert_eq!(told.values("answered", 1), numbers(0..15));
    let acknowledged = told.at("answered").ledger.acknowledged.iter().count();
    assert_eq!(acknowledged, 15);
    assert_eq!(at(&told.at("unclean")).0, 2);
    assert_eq!(told.cuts(1), [(15, 10)]);
    let others = [numbers(0..10), vec![String::from("10b"), String::from("11b")]].concat();
    for broker in 1..=3 {
        assert_eq!(told.values("truncated", broker), others);
    }
    let lost = told.run.end().check().expect("acknowledged records are gone");
    assert!(matches!(lost, Violation::AcknowledgedMissing { offset: Offset(10), .. }), "{lost:?}");
    let because = lost.because(told.run.end().ledger.given_up);
    assert_eq!(because, [Premise::MinInSyncTwo, Premise::CleanElections]);
}

/// With min.insync.replicas=2 the five writes are refused. Without unclean elections the partition waits for 1.
#[test]
fn either_setting_would_have_kept_them() {
    let set = |change: fn(&mut kafka_lab::world::TopicSettings)| {
        play_with("05-s1", |script| {
            let cluster = script.lines.iter_mut().find_map(|line| match &mut line.command {
                Command::Cluster(settings) => Some(settings),
                _ => None,
            });
            change(&mut cluster.expect("a cluster").topic);
        })
    };
    let two = set(|topic| topic.min_in_sync = 2);
    assert_eq!(two.failed(), [ErrorCode::NotEnoughReplicas]);
    assert_eq!(two.ends("answered"), [(10, 10); 3]);
    assert_eq!(two.run.end().check(), None);
    let clean = set(|topic| topic.unclean_elections = false);
    assert_eq!(at(&clean.at("unclean")).0, 0);
    assert_eq!(clean.values("truncated", 1)[..15], numbers(0..15));
    assert_eq!(clean.run.end().check(), None);
}

/// 05-S2: the lists are those that a real cluster showed, and nothing that was committed is lost.
#[test]
fn the_last_replica_loses_its_tail_and_a_leader_in_waiting_has_everything() {
    let told = tell("05-s2");
    assert_eq!(at(&told.at("two-left")), (1, [vec![1, 2], vec![], vec![]]));
    assert_eq!(at(&told.at("last-standing")), (1, [vec![1], vec![2], vec![]]));
    assert_eq!(told.ends("mark-stands")[0], (4, 3));
    assert_eq!(told.ends("tail-lost")[0].0, 1);
    assert_eq!(at(&told.at("no-leader")), (0, [vec![], vec![1, 2], vec![1]]));
    assert_eq!(at(&told.at("elected")), (2, [vec![2], vec![1], vec![]]));
    assert_eq!(told.values("elected", 2), ["r0", "r1", "r2"]);
    let refused = [ErrorCode::NotEnoughReplicas, ErrorCode::NetworkException, ErrorCode::NotEnoughReplicas];
    assert_eq!(told.failed(), refused);
    assert_eq!(at(&told.at("elr-cleared")), (2, [vec![2, 3], vec![], vec![]]));
    for broker in 1..=3 {
        assert_eq!(told.values("all-back", broker), ["r0", "r1", "r2", "r3"]);
    }
    assert_eq!(told.run.end().broken_promise(), None);
}

/// Before KIP-966 the last one in the ISR is the only one that may lead: what it lost is lost, and the others, who have
/// it all, cut their logs.
#[test]
fn without_leaders_in_waiting_the_others_lose_it_too() {
    let told = play_with("05-s2", |script| {
        for line in &mut script.lines {
            if let Command::Cluster(settings) = &mut line.command {
                settings.elr = false;
            }
        }
    });
    assert_eq!(at(&told.at("no-leader")), (0, [vec![1], vec![], vec![]]));
    assert_eq!(at(&told.at("writes-again")).0, 0, "2 and 3 have everything, and may not lead");
    assert_eq!(at(&told.at("all-back")).0, 1);
    for broker in 1..=3 {
        // What the producers could not send before has come behind it.
        assert_eq!(told.values("all-back", broker), ["r0", "still-refused", "r3"]);
    }
    let lost = told.run.end().check().expect("committed records are gone");
    let because = lost.because(told.run.end().ledger.given_up);
    assert_eq!(because, [Premise::EligibleLeaderReplicas, Premise::NoPowerLoss]);
}

/// 05-S3: the leader alone had it.
#[test]
fn a_record_answered_under_acks_1_dies_with_its_leader() {
    let told = tell("05-s3");
    assert_eq!(told.ends("answered"), [(2, 1), (1, 1)]);
    assert_eq!(told.acknowledged().iter().map(|(_, base)| base.0).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(told.cuts(1), [(2, 1)]);
    assert_eq!(told.ends("truncated"), [(1, 1); 2]);
    assert_eq!(told.run.end().broken_promise(), None, "nobody was promised that it would stay");
}

/// 05-S4: two copies, and the producer knows of the second alone.
#[test]
fn a_retry_without_idempotence_writes_the_record_twice() {
    let told = tell("05-s4");
    assert_eq!(told.values("answer-lost", 1), ["r0", "r1"]);
    assert_eq!(told.ends("answer-lost")[0], (2, 2), "it is committed");
    assert_eq!(told.acknowledged().len(), 2);
    for broker in 1..=2 {
        assert_eq!(told.values("twice", broker), ["r0", "r1", "r1"]);
    }
    assert_eq!(told.acknowledged()[1].1, Offset(2));
    assert_eq!(told.failed(), []);
    let asked_again = told.first_after("one", |kind| matches!(kind, EventKind::SendWillBeRetried { .. }));
    assert_eq!(asked_again, Some(2_000), "request.timeout.ms");
    assert_eq!(told.run.end().check(), None, "nothing is lost; something is there twice");
}

/// Without retries the same loss is one failure, and one copy.
#[test]
fn without_retries_the_producer_is_told_that_it_failed() {
    let told = play_with("05-s4", |script| set_producer(script, |settings| settings.retries = 0));
    assert_eq!(told.failed(), [ErrorCode::RequestTimedOut]);
    assert_eq!(told.values("twice", 1), ["r0", "r1"]);
}

/// Nobody answers: the caller of `send()` hears of it when delivery.timeout.ms is over, whatever is left of retries.
#[test]
fn a_record_that_cannot_be_delivered_fails_when_its_time_is_over() {
    let told = play_with("05-s4", |script| {
        set_producer(script, |settings| (settings.retries, settings.delivery_timeout_ms) = (1_000, 20_000));
        for line in &mut script.lines {
            if let Command::DropNext { link, .. } = line.command {
                line.command = Command::Cut { link, both_ways: true };
            }
        }
        script.push(Command::Wait { ms: 25_000 });
    });
    assert_eq!(told.failed(), [ErrorCode::RequestTimedOut]);
    let failed = told.first_after("one", |kind| matches!(kind, EventKind::SendFailed { .. }));
    assert_eq!(failed, Some(20_000));
    let tries = told.run.events().iter().filter(|event| matches!(event.kind, EventKind::SendWillBeRetried { .. }));
    assert!(tries.count() >= 2);
}

/// 05-S5: REQUEST_TIMED_OUT after 30 s, and the record is in the log all the same.
#[test]
fn a_write_whose_isr_shrinks_below_the_minimum_is_neither_committed_nor_gone() {
    let told = tell("05-s5");
    assert_eq!(at(&told.at("isr-of-one")), (1, [vec![1], vec![2], vec![]]));
    assert_eq!(told.ends("timed-out")[0], (2, 1));
    assert_eq!(told.failed(), [ErrorCode::RequestTimedOut]);
    let failed = told.first_after("waits", |kind| matches!(kind, EventKind::SendFailed { .. }));
    assert!(failed.is_some_and(|ms| (29_800..=30_000).contains(&ms)), "{failed:?}");
    assert_eq!(told.values("timed-out", 1), ["r0", "r1"]);
}
