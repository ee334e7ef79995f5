//! How long a controller waits for its quorum (Kafka: `QuorumConfig`, `QuorumState.transitionTo…`, `LeaderState`).
//!
//! Followers wait for the leader's answer a fixed time; who would stand waits a time that is drawn, so that seldom two
//! stand at once. A split vote costs the rest of that time.

use super::quorum_role::QuorumRole;

/// `controller.quorum.election.timeout.ms`.
pub const ELECTION_TIMEOUT_MS: i64 = 1_000;
/// `controller.quorum.fetch.timeout.ms`: how long a follower goes without a good answer to its fetches.
pub const FETCH_TIMEOUT_MS: i64 = 2_000;
/// `controller.quorum.election.backoff.max.ms`.
pub const ELECTION_BACKOFF_MAX_MS: i64 = 1_000;
/// `controller.quorum.request.timeout.ms`.
pub const REQUEST_TIMEOUT_MS: i64 = 2_000;
/// `controller.quorum.retry.backoff.ms`.
pub const RETRY_BACKOFF_MS: i64 = 20;
/// How long a controller waits before it connects again to one that is gone: Kafka begins with 50 ms and doubles that
/// up to this. Source: `KafkaRaftManager`.
pub const RECONNECT_BACKOFF_MS: i64 = 500;

/// How long to wait in an election: once to twice the setting. `drawn` is from 0 up to the setting, which is excluded.
#[must_use]
pub fn election_timeout_ms(setting_ms: i64, drawn: i64) -> i64 {
    setting_ms + drawn
}

/// How long a leader goes without a majority that fetches: 1.5 times what a follower waits.
#[must_use]
pub fn check_quorum_timeout_ms(fetch_timeout_ms: i64) -> i64 {
    fetch_timeout_ms.saturating_mul(3) / 2
}

/// How often a leader tells those of its voters that have not fetched yet that it leads (`BeginQuorumEpoch`).
#[must_use]
pub fn begin_quorum_epoch_ms(fetch_timeout_ms: i64) -> i64 {
    fetch_timeout_ms / 2
}

/// What an election's clock does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElectionTimer {
    /// What was left of it is left: hearing of other elections does not put one's own off.
    RunsOn,
    /// A new time is drawn.
    Anew,
}

/// The clock of a voter that becomes unattached. `pre_vote_lost`: it was prospective, and so many have refused that it
/// could not win. Source: `QuorumState.transitionToUnattached`.
#[must_use]
pub fn timer_when_unattached(from: QuorumRole, pre_vote_lost: bool) -> ElectionTimer {
    match from {
        QuorumRole::Unattached { .. } | QuorumRole::Candidate | QuorumRole::Resigned => ElectionTimer::RunsOn,
        QuorumRole::Prospective { .. } if !pre_vote_lost => ElectionTimer::RunsOn,
        QuorumRole::Prospective { .. } | QuorumRole::Follower { .. } | QuorumRole::Leader => ElectionTimer::Anew,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ControllerId;
    use crate::settings::Setting;

    #[test]
    fn the_times_are_kafkas_defaults() {
        let names = ["election.timeout", "fetch.timeout", "election.backoff.max", "request.timeout", "retry.backoff"];
        let defaults = names.map(|name| {
            let setting = Setting::named(&format!("broker/controller.quorum.{name}.ms")).expect("listed");
            setting.default.parse::<i64>().expect("a number")
        });
        let here = [ELECTION_TIMEOUT_MS, FETCH_TIMEOUT_MS, ELECTION_BACKOFF_MAX_MS, REQUEST_TIMEOUT_MS];
        assert_eq!(defaults.split_last(), Some((&RETRY_BACKOFF_MS, here.as_slice())));
    }

    #[test]
    fn times_follow_from_the_settings() {
        assert_eq!([0, 999].map(|drawn| election_timeout_ms(1000, drawn)), [1000, 1999]);
        assert_eq!([2000, 5].map(check_quorum_timeout_ms), [3000, 7]);
        assert_eq!(begin_quorum_epoch_ms(2000), 1000);
    }

    #[test]
    fn only_who_had_no_election_clock_draws_anew() {
        let (leader, voted) = (ControllerId(1), None);
        let timer = |role| timer_when_unattached(role, false);
        let prospective = QuorumRole::Prospective { leader: None, voted };
        let running = [prospective, QuorumRole::Unattached { leader: None, voted }, QuorumRole::Candidate];
        assert_eq!(running.map(timer), [ElectionTimer::RunsOn; 3]);
        assert_eq!(timer(QuorumRole::Resigned), ElectionTimer::RunsOn);
        assert_eq!(timer_when_unattached(prospective, true), ElectionTimer::Anew);
        let follower = QuorumRole::Follower { leader, voted, has_fetched: true };
        assert_eq!([follower, QuorumRole::Leader].map(timer), [ElectionTimer::Anew; 2]);
    }
}
