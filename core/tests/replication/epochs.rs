//! What leader epochs are for: the rules by which replicas cut their logs, and the schedules that undid each but the
//! last (truth sheet 06).

use crate::told::{go_by, play_by, play_with, tell, tell_by};
use kafka_lab::command::Command;
use kafka_lab::event::EventKind;
use kafka_lab::rules::truncation_rule::TruncationRule;
use kafka_lab::world::{Premise, Violation};

const BY_EPOCHS: [TruncationRule; 3] = [TruncationRule::Kip101, TruncationRule::Kip279, TruncationRule::Kip320];

/// KIP-101 scenario 1: committed, acknowledged, on three replicas; and then on none.
#[test]
fn who_cuts_to_its_own_mark_loses_what_is_committed() {
    let told = tell_by("06-kip-101-loss", TruncationRule::ToHighWatermark);
    assert_eq!(told.ends("committed"), [(2, 2), (2, 1), (2, 1)]);
    assert_eq!(told.acknowledged().len(), 2);
    assert_eq!(told.cuts(3), [(2, 1)]);
    for broker in 1..=3 {
        assert_eq!(told.values("all-back", broker), ["m1"]);
    }
    let lost = told.run.end().check().expect("m2 is gone");
    assert!(matches!(lost, Violation::AcknowledgedMissing { .. }), "{lost:?}");
    assert!(lost.because(told.run.end().ledger.given_up).contains(&Premise::KafkasTruncation));
}

#[test]
fn who_asks_where_an_epoch_ended_keeps_it() {
    tell_by("06-kip-101-loss", TruncationRule::Kip101);
    for rule in BY_EPOCHS {
        let told = play_by("06-kip-101-loss", rule);
        for broker in 1..=3 {
            assert_eq!(told.values("all-back", broker), ["m1", "m2"], "{rule:?}");
        }
        assert_eq!(told.run.end().check(), None, "{rule:?}");
    }
}

/// KIP-101 scenario 2: m2 is lost either way, with the power. By the marks, offset 1 stays another record on each.
#[test]
fn two_histories_at_one_offset() {
    let told = tell_by("06-kip-101-divergence", TruncationRule::ToHighWatermark);
    assert_eq!(told.ends("both-back"), [(2, 2); 2]);
    assert_eq!(
        [1, 2].map(|broker| told.values("both-back", broker)),
        [["m1", "m2"], ["m1", "m3"]].map(|all| all.to_vec())
    );
    assert!(told.run.end().check().is_some());
    tell_by("06-kip-101-divergence", TruncationRule::Kip101);
    for rule in BY_EPOCHS {
        let told = play_by("06-kip-101-divergence", rule);
        assert_eq!(told.cuts(1), [(2, 1)], "{rule:?}");
        assert_eq!([1, 2].map(|broker| told.values("both-back", broker)), [["m1", "m3"]; 2].map(|all| all.to_vec()));
    }
}

/// The end of an epoch that the leader never saw is not an answer. By KIP-101 it was taken for one.
#[test]
fn two_fast_changes_of_leader_leave_two_histories_until_the_answer_names_its_epoch() {
    let told = tell_by("06-kip-279", TruncationRule::Kip101);
    let common = ["common-0", "common-1"];
    let first = ["a-2", "a-3", "a-4", "a-5", "c-6"];
    assert_eq!(told.values("both", 1), [&common[..], &first[..]].concat());
    assert_eq!(told.values("both", 2), ["common-0", "common-1", "b-2", "b-3", "a-4", "a-5", "c-6"]);
    assert_eq!((told.cuts(2), told.ends("both")), (vec![], vec![(7, 7); 2]));
    assert!(matches!(told.run.end().check(), Some(Violation::LogsDisagree { .. })));
    tell_by("06-kip-279", TruncationRule::Kip279);
    for rule in [TruncationRule::Kip279, TruncationRule::Kip320] {
        let told = play_by("06-kip-279", rule);
        assert_eq!(told.cuts(2), [(4, 2)], "{rule:?}");
        assert_eq!(told.values("both", 2), told.values("both", 1), "{rule:?}");
        assert_eq!(told.values("both", 1), [&common[..], &first[..]].concat(), "{rule:?}");
    }
}

/// By the marks the first leader has less than the second when it leads again: the follower's fetch is out of range,
/// and it cuts its log to the leader's end.
#[test]
fn a_follower_beyond_the_leaders_log_end_cuts_down_to_it() {
    let told = play_by("06-kip-279", TruncationRule::ToHighWatermark);
    assert_eq!(told.cuts(1), [(6, 0)]);
    assert_eq!(told.cuts(2), [(4, 2), (2, 1)]);
    assert_eq!(told.ends("both"), [(1, 1); 2]);
    // Nobody compared records, only lengths.
    assert_eq!([1, 2].map(|broker| told.values("both", broker)), [vec!["c-6"], vec!["common-0"]]);
}

/// Where the leader has one batch for what the follower has in part, not even that comes: it fails, and stays behind.
#[test]
fn a_batch_that_reaches_into_the_log_is_not_appended() {
    let told = play_with("06-kip-279", |script| {
        script.lines.iter_mut().for_each(|line| {
            if let Command::Producer { settings, .. } = &mut line.command {
                settings.linger_ms = 5;
            }
        });
        go_by(script, TruncationRule::Kip101);
    });
    assert_eq!(told.values("both", 2), ["common-0", "common-1", "b-2", "b-3"]);
    assert_eq!(told.ends("both")[0], (7, 7));
    assert!(!matches!(told.run.end().check(), Some(Violation::Hole { .. })));
}

/// KAFKA-7164: it cuts its log although it comes back to an epoch two later, and the epoch between has no records.
#[test]
fn an_epoch_without_records_hides_nothing() {
    let told = tell("06-kafka-7164");
    assert_eq!(told.values("on-one", 1), ["id0"]);
    assert_eq!(told.at("empty-epoch").leader().map(|(_, leading)| leading.epoch.0), Some(1));
    assert_eq!(told.cuts(1), [(1, 0)]);
    for broker in 1..=3 {
        assert_eq!(told.values("all-back", broker), ["id1"]);
    }
}

/// KIP-320: the position is inside the new leader's log, and yet behind another history.
#[test]
fn a_consumer_that_read_too_far_goes_back_to_where_the_logs_part() {
    let back =
        |kind: &EventKind| matches!(kind, EventKind::TruncationDetected { from, to, .. } if (from.0, to.0) == (4, 2));
    let told = tell_by("06-kip-320-consumer", TruncationRule::Kip320);
    assert!(told.first_after("other-records", back).is_some());
    assert_eq!(read_after(&told, "other-records"), [2, 3, 4]);
    let told = tell_by("06-kip-320-consumer", TruncationRule::Kip279);
    assert_eq!(told.first_after("other-records", back), None);
    assert_eq!(
        read_after(&told, "other-records"),
        [4],
        "it never sees the records that took the place of what it read"
    );
}

fn read_after(told: &crate::told::Told, mark: &str) -> Vec<i64> {
    let read = told.after(mark).iter().filter_map(|event| match &event.kind {
        EventKind::RecordsRead { records, .. } => Some(records.iter().map(|(offset, _)| offset.0)),
        _ => None,
    });
    read.flatten().collect()
}
