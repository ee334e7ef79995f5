//! How far a partition is committed.
//!
//! The high watermark is the smallest log end among the replicas that are in sync. The leader works it out
//! from what its followers ask for; a follower is told, one fetch late.
//! Source: `Partition.maybeIncrementLeaderHW`, `UnifiedLog.updateHighWatermark`, KIP-966.

use super::commit_rule::CommitRule;
use crate::ids::{BrokerId, Offset};

/// A follower as its leader knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownReplica {
    pub broker: BrokerId,
    /// Everything below this is on the follower. `None` until it has fetched in this leader epoch.
    pub log_end: Option<Offset>,
    /// In sync, or about to be: the mark may not pass it.
    pub counts: bool,
}

/// What the leader knows when it decides.
#[derive(Clone, Copy, Debug)]
pub struct LeaderView<Followers> {
    pub high_watermark: Offset,
    pub log_end: Offset,
    /// All other replicas.
    pub followers: Followers,
    /// In-sync replicas, the leader among them.
    pub in_sync: usize,
    /// `min.insync.replicas`, but never more than there are replicas.
    pub min_in_sync: usize,
}

/// The leader's decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advance {
    /// Everything below this is committed now.
    To(Offset),
    /// This follower has asked for no more, so the mark waits for it.
    HeldBy { broker: BrokerId, log_end: Option<Offset> },
    /// Everything in the log is committed already.
    AtTheEnd,
    /// Too few replicas are in sync for anything to commit.
    UnderMinIsr,
}

/// May the high watermark move, and how far? It never goes back on a leader.
#[must_use]
pub fn advance_high_watermark(
    rule: CommitRule,
    leader: LeaderView<impl Iterator<Item = KnownReplica> + Clone>,
) -> Advance {
    if rule == CommitRule::InSyncReplicas && leader.in_sync < leader.min_in_sync {
        return Advance::UnderMinIsr;
    }
    let counting = || leader.followers.clone().filter(|follower| rule.counts(follower));
    let may_lack = rule.may_lack(leader.followers.clone().count());
    let mut smallest = Some(leader.log_end);
    let mut held_by = None;
    for follower in counting() {
        let no_further = counting().filter(|other| other.log_end <= follower.log_end).count();
        if follower.log_end < smallest && no_further > may_lack {
            smallest = follower.log_end;
            held_by = Some(follower.broker);
        }
    }
    match (smallest, held_by) {
        (Some(end), _) if end > leader.high_watermark => Advance::To(end),
        (log_end, Some(broker)) => Advance::HeldBy { broker, log_end },
        (_, None) => Advance::AtTheEnd,
    }
}

/// What a log makes of the high watermark that it is told, as a follower is by its leader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Learn {
    /// The follower's mark from now on; it may be lower than before.
    Take(Offset),
    /// The leader's mark is beyond what this follower has: it takes its own log end.
    UpToLogEnd(Offset),
    Same,
}

/// A follower never believes in more than it holds.
#[must_use]
pub fn learn_high_watermark(known: Offset, told: Offset, log_start: Offset, log_end: Offset) -> Learn {
    let bounded = told.clamp(log_start, log_end.max(log_start));
    if bounded == known {
        Learn::Same
    } else if told > log_end {
        Learn::UpToLogEnd(bounded)
    } else {
        Learn::Take(bounded)
    }
}

/// What a log does with a mark that may only go up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raise {
    To(Offset),
    /// It is there or above already.
    NotHigher,
    /// Nothing can be committed that is not there.
    AboveLogEnd,
}

/// May the mark be raised to `to`? Source: `UnifiedLog.maybeIncrementHighWatermark`.
#[must_use]
pub fn raise_high_watermark(known: Offset, to: Offset, log_end: Offset) -> Raise {
    if to > log_end {
        Raise::AboveLogEnd
    } else if to > known {
        Raise::To(to)
    } else {
        Raise::NotHigher
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_raised_up_to_the_log_end() {
        let raise = |to| raise_high_watermark(Offset(3), Offset(to), Offset(6));
        assert_eq!([raise(3), raise(6), raise(7)], [Raise::NotHigher, Raise::To(Offset(6)), Raise::AboveLogEnd]);
    }

    fn decide(high_watermark: i64, log_end: i64, ends: &[Option<i64>]) -> Advance {
        decide_by(CommitRule::InSyncReplicas, high_watermark, log_end, ends)
    }

    fn decide_by(rule: CommitRule, high_watermark: i64, log_end: i64, ends: &[Option<i64>]) -> Advance {
        let followers: Vec<KnownReplica> = (2u8..)
            .zip(ends)
            .map(|(n, end)| KnownReplica { broker: BrokerId(n), log_end: end.map(Offset), counts: true })
            .collect();
        let leader = LeaderView {
            high_watermark: Offset(high_watermark),
            log_end: Offset(log_end),
            followers: followers.iter().copied(),
            in_sync: ends.len() + 1,
            min_in_sync: 1,
        };
        advance_high_watermark(rule, leader)
    }

    #[test]
    fn the_mark_is_the_smallest_end() {
        assert_eq!(decide(6, 9, &[Some(8), Some(7)]), Advance::To(Offset(7)));
        let held = Advance::HeldBy { broker: BrokerId(3), log_end: Some(Offset(7)) };
        assert_eq!(decide(7, 9, &[Some(8), Some(7)]), held);
        assert_eq!(decide(9, 9, &[Some(9), Some(9)]), Advance::AtTheEnd);
    }

    #[test]
    fn a_follower_that_has_not_fetched_in_this_epoch_holds_the_mark() {
        let held = Advance::HeldBy { broker: BrokerId(2), log_end: None };
        assert_eq!(decide(0, 5, &[None, Some(5)]), held);
    }

    #[test]
    fn the_mark_never_goes_back() {
        for mark in 0..6 {
            for end in mark..6 {
                for follower in 0..=end {
                    for rule in CommitRule::ALL {
                        if let Advance::To(to) = decide_by(rule, mark, end, &[Some(follower), None]) {
                            assert!(to > Offset(mark) && to <= Offset(end));
                        }
                    }
                }
            }
        }
    }

    /// The leader ends at 9, four followers at 8, 7, nowhere yet, and 5.
    #[test]
    fn each_rule_asks_others() {
        let ends = [Some(8), Some(7), None, Some(5)];
        let to = |rule| decide_by(rule, 3, 9, &ends);
        let held =
            |broker, log_end: Option<i64>| Advance::HeldBy { broker: BrokerId(broker), log_end: log_end.map(Offset) };
        assert_eq!(to(CommitRule::LeaderOnly), Advance::To(Offset(9)));
        assert_eq!(to(CommitRule::Majority), Advance::To(Offset(7)));
        assert_eq!([to(CommitRule::InSyncReplicas), to(CommitRule::AllReplicas)], [held(4, None); 2]);
        assert_eq!(decide_by(CommitRule::Majority, 7, 9, &ends), held(3, Some(7)));
        assert_eq!(decide_by(CommitRule::LeaderOnly, 9, 9, &ends), Advance::AtTheEnd);
    }

    /// Of three replicas two are a majority, of four and five three.
    #[test]
    fn a_majority_is_more_than_half_of_all_replicas() {
        let to = |ends: &[i64]| {
            let ends: Vec<_> = ends.iter().copied().map(Some).collect();
            decide_by(CommitRule::Majority, 0, 9, &ends)
        };
        let ends: [&[i64]; 5] = [&[], &[1], &[1, 2], &[3, 1, 2], &[4, 1, 3, 2]];
        assert_eq!(ends.map(to), [9, 1, 2, 2, 3].map(|end| Advance::To(Offset(end))));
        assert_eq!(to(&[9, 1]), Advance::To(Offset(9)));
    }

    /// Broker 2 is in sync and has all; 3 is not in sync, and has nothing. Two are the minimum.
    #[test]
    fn the_isr_matters_to_kafkas_rule_alone() {
        let follower = |broker, log_end, counts| KnownReplica { broker: BrokerId(broker), log_end, counts };
        let followers = [follower(2, Some(Offset(6)), true), follower(3, None, false)];
        let to = |rule, in_sync| {
            let (high_watermark, log_end, followers) = (Offset(2), Offset(6), followers.iter().copied());
            advance_high_watermark(rule, LeaderView { high_watermark, log_end, followers, in_sync, min_in_sync: 2 })
        };
        let none = Advance::HeldBy { broker: BrokerId(3), log_end: None };
        let all = Advance::To(Offset(6));
        assert_eq!(CommitRule::ALL.map(|rule| to(rule, 2)), [all, all, all, none]);
        assert_eq!(CommitRule::ALL.map(|rule| to(rule, 1)), [all, all, Advance::UnderMinIsr, none]);
    }

    #[test]
    fn a_follower_takes_no_more_than_it_holds() {
        let learn = |known, told, end| learn_high_watermark(Offset(known), Offset(told), Offset(0), Offset(end));
        assert_eq!(learn(2, 4, 6), Learn::Take(Offset(4)));
        assert_eq!(learn(2, 6, 6), Learn::Take(Offset(6)));
        assert_eq!(learn(2, 9, 6), Learn::UpToLogEnd(Offset(6)));
        assert_eq!(learn(6, 9, 6), Learn::Same);
        assert_eq!(learn(6, 4, 6), Learn::Take(Offset(4)));
    }
}
