//! Whether a broker may register (Kafka: `ClusterControlManager.registerBroker`, KIP-631).
//!
//! An id belongs to one running broker. The controller cannot see that the old process is gone, so a broker that was
//! restarted has to wait until its own old session has ended, whether it had crashed or was stopped.

use super::broker_session::Session;

/// The registration that the controller has of an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registered {
    /// Which of the broker's starts it is; Kafka tells them apart by an incarnation id that each start draws.
    pub start: u32,
    /// The session of that start.
    pub session: Session,
}

/// The controller's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokerRegistration {
    /// It is written down, fenced. The record's offset is the new broker epoch.
    New,
    /// The same start again: it keeps its broker epoch, and stays fenced or unfenced as it is.
    Amended,
    /// `DUPLICATE_BROKER_REGISTRATION`: the session of another start still lasts. The broker asks again.
    Duplicate,
}

/// Judges the registration of a broker's start.
#[must_use]
pub fn register_broker(known: Option<Registered>, start: u32) -> BrokerRegistration {
    match known {
        Some(registered) if registered.start == start => BrokerRegistration::Amended,
        Some(registered) if registered.session == Session::Valid => BrokerRegistration::Duplicate,
        Some(_) | None => BrokerRegistration::New,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_taken_while_its_session_lasts() {
        let register = |start, session| register_broker(Some(Registered { start: 1, session }), start);
        assert_eq!(register(2, Session::Valid), BrokerRegistration::Duplicate);
        assert_eq!([Session::Expired, Session::NotTracked].map(|s| register(2, s)), [BrokerRegistration::New; 2]);
        assert_eq!([Session::Valid, Session::Expired].map(|s| register(1, s)), [BrokerRegistration::Amended; 2]);
        assert_eq!(register_broker(None, 1), BrokerRegistration::New);
    }
}
