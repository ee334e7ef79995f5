//! The leader epoch cache (LEC; Kafka: `LeaderEpochFileCache`).

use kafka_lab::ids::{LeaderEpoch, Offset};
use kafka_lab::rules::epoch_cache::{EndOffset, EpochCache, end_offset_for_epoch};
use kafka_lab::rules::retention::{Retention, SegmentFacts, segments_to_delete};
use kafka_lab::rules::truncate::{Truncate, truncate_to};

const UNDEFINED: (i32, i64) = (-1, -1);

fn cache(entries: &[(i32, i64)]) -> EpochCache {
    let mut cache = EpochCache::default();
    entries.iter().for_each(|&(epoch, start)| cache.assign(LeaderEpoch(epoch), Offset(start)));
    cache
}

fn entries(cache: &EpochCache) -> Vec<(i32, i64)> {
    cache.entries().iter().map(|entry| (entry.epoch.0, entry.start.0)).collect()
}

/// The found epoch and its end, as OffsetForLeaderEpoch answers.
fn end(cache: &EpochCache, asked: i32, log_end: i64) -> (i32, i64) {
    match end_offset_for_epoch(cache.entries(), LeaderEpoch(asked), Offset(log_end)) {
        EndOffset::LogEnd(end) | EndOffset::BeforeFirst(end) => (asked, end.0),
        EndOffset::NextStarts { epoch, end } => (epoch.0, end.0),
        EndOffset::Undefined => UNDEFINED,
    }
}

fn cut_end(at: i64) -> Vec<(i32, i64)> {
    let mut cache = cache(&[(2, 6), (3, 8), (4, 11)]);
    cache.truncate_from_end(Offset(at));
    entries(&cache)
}

fn cut_start(of: &[(i32, i64)], at: i64) -> Vec<(i32, i64)> {
    let mut cache = cache(of);
    cache.truncate_from_start(Offset(at));
    entries(&cache)
}

/// What is assigned, and the entries afterwards.
type Assigned = (&'static str, &'static [(i32, i64)], &'static [(i32, i64)]);

#[test]
fn what_is_assigned_is_remembered() {
    let rows: [Assigned; 6] = [
        ("LEC-01", &[(2, 10)], &[(2, 10)]),
        ("LEC-02", &[(2, 11), (2, 12)], &[(2, 11)]),
        ("LEC-04", &[(2, 9), (2, 10)], &[(2, 9)]),
        ("LEC-05", &[(2, 9), (3, 9)], &[(3, 9)]),
        ("LEC-12", &[(2, 6), (2, 6)], &[(2, 6)]),
        ("LEC-15", &[(2, 6), (3, 5)], &[(3, 5)]),
    ];
    for (row, assigned, expected) in rows {
        assert_eq!(entries(&cache(assigned)), expected, "{row}");
    }
}

/// What is assigned, the log end; the asked epoch, and what is answered.
type Asked = (&'static str, &'static [(i32, i64)], i64, i32, (i32, i64));

#[test]
fn epochs_end_where_the_next_begins() {
    let rows: [Asked; 17] = [
        ("LEC-01", &[(2, 10)], 11, 2, (2, 11)),
        ("LEC-02", &[(2, 11), (2, 12)], 14, 2, (2, 14)),
        ("LEC-03", &[(2, 11), (3, 12)], 20, -1, UNDEFINED),
        ("LEC-08", &[(5, 11), (6, 12), (7, 13)], 20, 4, (4, 11)),
        ("LEC-10", &[(1, 11), (2, 13), (3, 15)], 20, 2, (2, 15)),
        ("LEC-11", &[(0, 10), (2, 13), (4, 17)], 20, 1, (0, 13)),
        ("LEC-11", &[(0, 10), (2, 13), (4, 17)], 20, 2, (2, 17)),
        ("LEC-11", &[(0, 10), (2, 13), (4, 17)], 20, 3, (2, 17)),
        ("LEC-12", &[(2, 6)], 7, 2, (2, 7)),
        ("LEC-16", &[(0, 0), (1, 0)], 0, 1, (1, 0)),
        ("LEC-16", &[(0, 0), (1, 0)], 0, 0, (0, 0)),
        ("LEC-17", &[(0, 0), (1, 0)], 5, 1, (1, 5)),
        ("LEC-17", &[(0, 0), (1, 0)], 5, 0, (0, 0)),
        ("LEC-19", &[(0, 0), (1, 3), (2, 6)], 9, 0, (0, 3)),
        ("LEC-19", &[(0, 0), (1, 3), (2, 6)], 9, 1, (1, 6)),
        ("LEC-19", &[(0, 0), (1, 3), (2, 6)], 9, 2, (2, 9)),
        ("LEC-19", &[(0, 0), (1, 3), (2, 6)], 9, 3, UNDEFINED),
    ];
    for (row, assigned, log_end, asked, expected) in rows {
        assert_eq!(end(&cache(assigned), asked, log_end), expected, "{row}, epoch {asked}");
    }
}

#[test]
fn lec_20_a_cut_where_an_epoch_begins_forgets_it() {
    assert_eq!(cut_end(8), [(2, 6)]);
}

#[test]
fn lec_21_a_cut_inside_an_epoch_leaves_it() {
    assert_eq!(cut_end(9), [(2, 6), (3, 8)]);
}

#[test]
fn lec_22_a_log_that_starts_where_an_epoch_does() {
    assert_eq!(cut_start(&[(2, 6), (3, 8), (4, 11)], 8), [(3, 8), (4, 11)]);
}

#[test]
fn lec_23_a_log_that_starts_inside_an_epoch_moves_its_start() {
    assert_eq!(cut_start(&[(2, 6), (3, 8), (4, 11)], 9), [(3, 9), (4, 11)]);
}

#[test]
fn lec_27_no_offset_cuts_nothing() {
    assert_eq!(cut_start(&[(2, 6), (3, 8), (4, 11)], -1), [(2, 6), (3, 8), (4, 11)]);
    assert_eq!(cut_end(-1), [(2, 6), (3, 8), (4, 11)]);
}

#[test]
fn lec_28_a_log_that_starts_inside_its_first_epoch() {
    assert_eq!(cut_start(&[(0, 0), (1, 7), (2, 10)], 5), [(0, 5), (1, 7), (2, 10)]);
}

#[test]
fn lec_30_the_epoch_of_an_offset() {
    let cache = cache(&[(0, 10), (1, 20), (5, 30)]);
    let epochs = [25, 20, 30, 50, 5].map(|offset| cache.epoch_for_offset(Offset(offset)).map(|epoch| epoch.0));
    assert_eq!(epochs, [Some(1), Some(1), Some(5), Some(5), None]);
}

#[test]
fn lec_31_the_epoch_before() {
    let previous = |cache: &EpochCache, epoch| cache.previous_epoch(LeaderEpoch(epoch)).map(|older| older.0);
    assert_eq!(previous(&cache(&[]), 2), None);
    assert_eq!(previous(&cache(&[(2, 10)]), 2), None);
    assert_eq!(previous(&cache(&[(2, 10), (4, 15)]), 4), Some(2));
    let mut three = cache(&[(2, 10), (4, 15), (10, 20)]);
    assert_eq!(previous(&three, 10), Some(4));
    three.truncate_from_end(Offset(18));
    let latest = three.entries().last().expect("an epoch").epoch.0;
    assert_eq!((latest, previous(&three, latest)), (4, Some(2)));
}

#[test]
fn lec_33_a_log_that_has_deleted_all_remembers_its_latest_epoch() {
    let mut cache = cache(&[(0, 40), (1, 90)]);
    let segment = |number: i64| SegmentFacts {
        end: Offset(20 * number),
        size_bytes: 500,
        largest_timestamp_ms: Some(10),
        is_active: number == 5,
    };
    let segments: Vec<SegmentFacts> = (1..=5).map(segment).collect();
    let (log_start, high_watermark) = (Offset(0), Offset(100));
    let expired =
        Retention { deletes: true, retention_ms: 1, retention_bytes: -1, now_ms: 1_000, log_start, high_watermark };
    assert_eq!(segments_to_delete(&segments, expired), 5);
    cache.truncate_from_start(Offset(100));
    assert_eq!(entries(&cache), [(1, 100)]);
}

#[test]
fn lec_34_a_truncated_log_forgets_epochs() {
    let mut cache = cache(&[(0, 0), (1, 10), (2, 16)]);
    let mut log_end = Offset(20);
    for (to, expected, left) in
        [(20, Truncate::Nothing, 3), (11, Truncate::Cut, 2), (10, Truncate::Cut, 1), (0, Truncate::Cut, 0)]
    {
        assert_eq!(truncate_to(Offset(to), Offset(0), log_end), expected);
        log_end = log_end.min(Offset(to));
        cache.truncate_from_end(log_end);
        assert_eq!(cache.entries().len(), left, "truncated to {to}");
    }
}
