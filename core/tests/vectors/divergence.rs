//! Where two logs part, and where a follower cuts its own (DIV, TRU, KIP).

use kafka_lab::ids::{LeaderEpoch, Offset};
use kafka_lab::rules::epoch_cache::EpochCache;
use kafka_lab::rules::fetch_divergence::{Divergence, check_divergence};
use kafka_lab::rules::offset_for_leader_epoch::LeaderAnswer;
use kafka_lab::rules::out_of_range::{OutOfRange, out_of_range};
use kafka_lab::rules::truncate::{Truncate, truncate_to};
use kafka_lab::rules::truncation::truncation_point;

fn cache(entries: &[(i32, i64)]) -> EpochCache {
    let mut cache = EpochCache::default();
    entries.iter().for_each(|&(epoch, start)| cache.assign(LeaderEpoch(epoch), Offset(start)));
    cache
}

fn ends(epoch: i32, end: i64) -> LeaderAnswer {
    LeaderAnswer::Ends { epoch: LeaderEpoch(epoch), end: Offset(end) }
}

fn diverges(epoch: i32, end: i64) -> Divergence {
    Divergence::Diverges { epoch: LeaderEpoch(epoch), end: Offset(end) }
}

/// The leader of epoch 10, whose log has epochs 0, 3, 4, 7 and 9 and ends at 17.
fn leader() -> EpochCache {
    cache(&[(0, 0), (3, 2), (4, 8), (7, 13), (9, 14), (10, 17)])
}

/// The epoch of the last fetched record, the offset, and the answer; the log start.
#[test]
fn a_fetch_is_held_against_the_leaders_epochs() {
    let rows = [
        ("DIV-01", 0, (2, 5), diverges(0, 2)),
        ("DIV-02", 0, (0, 4), diverges(0, 2)),
        ("DIV-03", 0, (6, 6), diverges(4, 13)),
        ("DIV-06", 0, (0, 2), Divergence::Agrees),
        ("DIV-06", 0, (7, 14), Divergence::Agrees),
        ("DIV-06", 0, (9, 17), Divergence::Agrees),
        ("DIV-06", 0, (10, 17), Divergence::Agrees),
        ("DIV-07", 0, (11, 5), Divergence::UnknownEpoch),
        ("DIV-08", 5, (2, 8), diverges(2, 5)),
    ];
    for (row, log_start, (last_fetched, offset), expected) in rows {
        let mut epochs = leader();
        epochs.truncate_from_start(Offset(log_start));
        let answer = check_divergence(epochs.entries(), Offset(17), Offset(offset), LeaderEpoch(last_fetched));
        assert_eq!(answer, expected, "{row}");
    }
}

/// The metadata quorum asks the same question of its log.
#[test]
fn div_12_a_log_of_the_metadata_quorum() {
    let epochs = cache(&[(1, 0), (3, 3), (5, 6)]);
    assert_eq!(check_divergence(epochs.entries(), Offset(9), Offset(6), LeaderEpoch(2)), diverges(1, 3));
}

/// A follower whose log ends at 200, with its high watermark at 100.
fn cut(entries: &[(i32, i64)], answer: LeaderAnswer) -> Offset {
    truncation_point(cache(entries).entries(), Offset(200), Offset(100), Some(answer)).offset()
}

#[test]
fn tru_01_to_where_the_leaders_epoch_ends() {
    let epochs = [(0, 0), (5, 150)];
    assert_eq!([cut(&epochs, ends(5, 156)), cut(&epochs, ends(5, 172))], [Offset(156), Offset(172)]);
}

#[test]
fn tru_02_never_beyond_the_own_log_end() {
    assert_eq!([cut(&[], ends(5, 156)), cut(&[], ends(5, 202))], [Offset(156), Offset(200)]);
}

/// The follower's epoch 4 ends at 149.
#[test]
fn tru_04_the_leader_ends_the_epoch_earlier() {
    let epochs = [(4, 100), (5, 149)];
    assert_eq!([cut(&epochs, ends(4, 140)), cut(&epochs, ends(4, 141))], [Offset(140), Offset(141)]);
}

#[test]
fn tru_07_without_an_answer_to_the_own_mark() {
    assert_eq!(cut(&[(4, 0)], LeaderAnswer::Undefined), Offset(100));
}

#[test]
fn tru_08_a_leader_with_nothing_leaves_its_follower_nothing() {
    let OutOfRange::CutTo(to) = out_of_range(Offset(3), Offset(0), Offset(0)) else { panic!("the leader has less") };
    assert_eq!(truncate_to(to, Offset(0), Offset(3)), Truncate::Cut);
    assert_eq!(to, Offset(0), "and log start and high watermark are not above the log end");
}

/// One record an offset; of each its epoch.
fn follow(mut log: Vec<i32>, leader: &[i32]) -> Vec<i32> {
    let cache_of = |log: &[i32]| {
        let starts: Vec<(i32, i64)> = log.iter().copied().zip(0..).collect();
        cache(&starts)
    };
    let end = |log: &[i32]| Offset(i64::try_from(log.len()).expect("small"));
    while let Some(last_fetched) = log.last().copied() {
        let (own, leaders) = (cache_of(&log), cache_of(leader));
        let answer = check_divergence(leaders.entries(), end(leader), end(&log), LeaderEpoch(last_fetched));
        let Divergence::Diverges { epoch, end: leader_end } = answer else { break };
        let leader_answer = LeaderAnswer::Ends { epoch, end: leader_end };
        let to = truncation_point(own.entries(), end(&log), Offset(0), Some(leader_answer)).offset();
        assert!(to < end(&log), "it gets nowhere");
        log.truncate(usize::try_from(to.0).expect("small"));
    }
    let missing = leader.get(log.len()..).unwrap_or_default();
    log.iter().chain(missing).copied().collect()
}

#[test]
fn tru_10_the_follower_ends_up_with_the_leaders_log() {
    assert_eq!(follow(vec![0, 2, 4], &[1, 3, 5]), [1, 3, 5]);
    assert_eq!(follow(vec![1, 1, 2, 2], &[1, 1, 1, 3]), [1, 1, 1, 3], "KIP-279");
}

/// A has offsets 0 and 1 of epoch 0, and its mark is at 1.
#[test]
fn kip_01_a_follower_that_asks_loses_nothing() {
    let (a, b) = (cache(&[(0, 0)]), cache(&[(0, 0)]));
    assert_eq!(check_divergence(b.entries(), Offset(2), Offset(2), LeaderEpoch(0)), Divergence::Agrees);
    assert_eq!(truncation_point(a.entries(), Offset(2), Offset(1), Some(ends(0, 2))).offset(), Offset(2));
}

#[test]
fn kip_02_a_follower_that_cut_at_its_mark_lost_a_record() {
    assert_eq!(truncate_to(Offset(1), Offset(0), Offset(2)), Truncate::Cut);
}

#[test]
fn kip_03_what_only_one_has_goes() {
    let (a, b) = (cache(&[(0, 0)]), cache(&[(0, 0), (1, 1)]));
    assert_eq!(check_divergence(b.entries(), Offset(2), Offset(2), LeaderEpoch(0)), diverges(0, 1));
    assert_eq!(truncation_point(a.entries(), Offset(2), Offset(2), Some(ends(0, 1))).offset(), Offset(1));
    assert_eq!(check_divergence(b.entries(), Offset(2), Offset(1), LeaderEpoch(0)), Divergence::Agrees);
}
