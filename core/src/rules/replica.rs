//! What a leader knows of a follower (Kafka: `Replica.updateFetchStateOrThrow`, `ReplicaState.isCaughtUp`).
//!
//! A follower says where it is by what it asks for: a fetch at offset 7 means that it has all below 7. It is caught up
//! while it reaches the leader's end now and then; how many records it is behind plays no part, only for how long.

use crate::ids::Offset;

/// The follower's last fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastFetch {
    pub at_ms: i64,
    /// The leader's log end at that time.
    pub leader_end: Offset,
}

/// A follower in the eyes of its leader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Follower {
    /// Everything below this is on the follower. None until it has fetched from this leader.
    pub log_end: Option<Offset>,
    /// None before its first fetch in this leader epoch.
    pub last_fetch: Option<LastFetch>,
    /// The latest time at which it had all that the leader had. None for never.
    pub caught_up_ms: Option<i64>,
    /// Which start of its broker fetched (KIP-903). None before it did.
    pub broker_epoch: Option<i64>,
}

/// What a fetch says about when the follower was caught up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaughtUp {
    /// It asks for what is not there yet, so it has everything.
    Now,
    /// It has all that the leader had when it last fetched, at this time. A follower of a busy leader is always one
    /// fetch behind, and in sync all the same.
    AtLastFetch(i64),
    /// It has less than that.
    NotSince,
}

/// When was a follower caught up that fetches at `offset`, from a leader whose log ends at `leader_end`?
#[must_use]
pub fn caught_up(offset: Offset, leader_end: Offset, last: Option<LastFetch>) -> CaughtUp {
    match last {
        _ if offset >= leader_end => CaughtUp::Now,
        Some(last) if offset >= last.leader_end => CaughtUp::AtLastFetch(last.at_ms),
        _ => CaughtUp::NotSince,
    }
}

/// Is the follower in time, `lag_max_ms` being `replica.lag.time.max.ms`? Just so long is in time.
#[must_use]
pub fn is_caught_up(follower: &Follower, leader_end: Offset, now_ms: i64, lag_max_ms: i64) -> bool {
    let in_time = follower.caught_up_ms.is_some_and(|at_ms| now_ms.saturating_sub(at_ms) <= lag_max_ms);
    follower.log_end == Some(leader_end) || in_time
}

impl Follower {
    /// The follower after a fetch at `offset`.
    #[must_use]
    pub fn after_fetch(&self, offset: Offset, leader_end: Offset, now_ms: i64, broker_epoch: i64) -> Follower {
        let at_ms = match caught_up(offset, leader_end, self.last_fetch) {
            CaughtUp::Now => Some(now_ms),
            CaughtUp::AtLastFetch(at_ms) => Some(at_ms),
            CaughtUp::NotSince => None,
        };
        Follower {
            log_end: Some(offset),
            last_fetch: Some(LastFetch { at_ms: now_ms, leader_end }),
            caught_up_ms: self.caught_up_ms.max(at_ms),
            broker_epoch: Some(broker_epoch),
        }
    }

    /// The follower when a leader epoch begins. Members of the ISR are given the time of one lag to show themselves.
    /// A leader that led before keeps what it knows of where they are.
    #[must_use]
    pub fn at_new_epoch(&self, in_isr: bool, led_before: bool, leader_end: Offset, now_ms: i64) -> Follower {
        let caught_up_ms = in_isr.then_some(now_ms);
        if led_before {
            let last_fetch = caught_up_ms.map(|at_ms| LastFetch { at_ms, leader_end });
            Follower { last_fetch, caught_up_ms, ..*self }
        } else {
            Follower { caught_up_ms, ..Follower::default() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_follower_one_fetch_behind_is_caught_up_as_of_that_fetch() {
        let first = Follower::default().after_fetch(Offset(4), Offset(4), 100, 7);
        assert_eq!(first.caught_up_ms, Some(100));
        let busy = first.after_fetch(Offset(4), Offset(9), 200, 7).after_fetch(Offset(9), Offset(12), 300, 7);
        assert_eq!(busy.caught_up_ms, Some(200));
        assert_eq!(caught_up(Offset(8), Offset(12), busy.last_fetch), CaughtUp::NotSince);
    }

    #[test]
    fn thirty_seconds_are_in_time_and_the_log_end_always_is() {
        let follower = Follower { log_end: Some(Offset(3)), caught_up_ms: Some(0), ..Follower::default() };
        assert!(is_caught_up(&follower, Offset(5), 30_000, 30_000));
        assert!(!is_caught_up(&follower, Offset(5), 30_001, 30_000));
        assert!(is_caught_up(&follower, Offset(3), 90_000, 30_000));
    }
}
