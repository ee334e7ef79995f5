//! Whether a broker's session lasts (Kafka: `BrokerHeartbeatTracker`, `maybeFenceOneStaleBroker`; KIP-631).
//!
//! A session belongs to one start of a broker, named by its broker epoch, and lasts from heartbeat to heartbeat. It is
//! in the memory of the active controller alone: a new one gives every unfenced broker a whole session.

use crate::ids::Tick;

/// `broker.session.timeout.ms`.
pub const SESSION_TIMEOUT_MS: i64 = 9_000;
/// `broker.heartbeat.interval.ms`.
pub const HEARTBEAT_INTERVAL_MS: i64 = 2_000;

/// The session of a broker's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Session {
    Valid,
    /// No heartbeat for longer than the time-out. An unfenced broker is fenced when that is next looked at.
    Expired,
    /// It has never sent a heartbeat to this controller, or was found expired.
    NotTracked,
}

/// Judges a session by its last heartbeat.
#[must_use]
pub fn session(last_contact: Option<Tick>, now: Tick, timeout_ms: i64) -> Session {
    match last_contact {
        None => Session::NotTracked,
        Some(contact) if contact.plus_ms(timeout_ms) < now => Session::Expired,
        Some(_) => Session::Valid,
    }
}

/// How often the active controller looks for sessions that have expired: eight times in a time-out. A broker that dies
/// is fenced 9.0 to 10.1 seconds after its last heartbeat. Source: `QuorumController.maybeFenceStaleBrokerPeriodNs`.
#[must_use]
pub fn session_check_period_ms(timeout_ms: i64) -> i64 {
    (timeout_ms / 8).max(1)
}

/// When an active controller finds that a session has expired: at its first look after that. `active_since`: from then
/// on it looks.
///
/// Kafka fences one broker a look, and looks again 10 ms later; here all whose sessions are over go at once.
#[must_use]
pub fn expiry_seen_at(last_contact: Tick, active_since: Tick, timeout_ms: i64) -> Tick {
    let period_ms = session_check_period_ms(timeout_ms);
    let expires_after_ms = (last_contact.0 - active_since.0 + timeout_ms).max(0);
    active_since.plus_ms((expires_after_ms / period_ms + 1) * period_ms)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Setting;

    #[test]
    fn nine_seconds_of_silence_are_still_a_session() {
        let at = |now| session(Some(Tick(1000)), Tick(now), SESSION_TIMEOUT_MS);
        assert_eq!([at(1000), at(10_000), at(10_001)], [Session::Valid, Session::Valid, Session::Expired]);
        assert_eq!(session(None, Tick(0), SESSION_TIMEOUT_MS), Session::NotTracked);
    }

    #[test]
    fn sessions_are_looked_at_eight_times_in_a_timeout() {
        assert_eq!([9000, 80, 3].map(session_check_period_ms), [1125, 10, 1]);
    }

    #[test]
    fn a_session_that_is_over_is_seen_at_the_next_look() {
        let seen = |contact, since| expiry_seen_at(Tick(contact), Tick(since), SESSION_TIMEOUT_MS).0;
        assert_eq!([seen(0, 0), seen(1, 0), seen(1_125, 0), seen(1_124, 0)], [10_125, 10_125, 11_250, 10_125]);
        assert_eq!(seen(5_000, 5_000), 15_125);
        for contact in (0..20_000).step_by(7) {
            let at = Tick(seen(contact, 0));
            let judged = |now| session(Some(Tick(contact)), now, SESSION_TIMEOUT_MS);
            assert_eq!([judged(at.plus_ms(-1_125)), judged(at)], [Session::Valid, Session::Expired], "{contact}");
        }
    }

    #[test]
    fn the_times_are_kafkas_defaults() {
        let default = |name| Setting::named(name).expect("listed").default.parse::<i64>();
        assert_eq!(default("broker/broker.session.timeout.ms"), Ok(SESSION_TIMEOUT_MS));
        assert_eq!(default("broker/broker.heartbeat.interval.ms"), Ok(HEARTBEAT_INTERVAL_MS));
    }
}
