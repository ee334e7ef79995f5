//! What a heartbeat makes of its broker (Kafka: `BrokerHeartbeatManager.calculateNextBrokerState`, KIP-631).
//!
//! A broker begins fenced, is unfenced once it has replayed its own registration, and stops under control: its
//! leaderships move first, and it stays until everybody else has heard of it.

use crate::ids::Offset;

/// What a broker is to its controller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokerState {
    /// Registered; may lead nothing, and no leader may take it into an ISR.
    Fenced,
    Unfenced,
    /// Unfenced, but becomes the leader of nothing. It may go when every active broker has replayed the metadata log up
    /// to `until`, where the controller wrote that it stops (`controlledShutdownOffset`).
    ControlledShutdown {
        until: Offset,
    },
}

/// What a broker says in a heartbeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heartbeat {
    /// The offset of the last metadata record that it has replayed; −1 for none.
    pub metadata_offset: Offset,
    pub wants_fence: bool,
    pub wants_shutdown: bool,
}

/// What the controller knows besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokerFacts {
    /// The offset of the record that registered this start of the broker.
    pub registered_at: Offset,
    pub leads_partitions: bool,
    /// The lowest metadata offset that an active broker has told; `None` if none is active.
    pub lowest_active_offset: Option<Offset>,
}

/// The controller's decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextBrokerState {
    /// It has not replayed its own registration yet.
    NotCaughtUp {
        registered_at: Offset,
    },
    /// It wants to stay fenced.
    StaysFenced,
    Unfence,
    StaysUnfenced,
    /// It asked for it.
    Fence,
    /// Its leaderships are moved away first.
    BeginShutdown,
    /// Some partition is still led by it.
    StillLeads,
    /// An active broker does not know yet that it leads nothing.
    OthersAreBehind {
        lowest: Offset,
    },
    /// It may go; it is fenced.
    ShutDownNow,
}

/// Judges a heartbeat of a registered broker.
#[must_use]
pub fn next_broker_state(state: BrokerState, heartbeat: Heartbeat, facts: BrokerFacts) -> NextBrokerState {
    match state {
        BrokerState::Fenced => next_of_fenced(heartbeat, facts),
        BrokerState::Unfenced => next_of_unfenced(heartbeat, facts),
        BrokerState::ControlledShutdown { until } => next_of_shutting_down(until, facts),
    }
}

fn next_of_fenced(heartbeat: Heartbeat, facts: BrokerFacts) -> NextBrokerState {
    if heartbeat.wants_shutdown {
        NextBrokerState::ShutDownNow
    } else if heartbeat.wants_fence {
        NextBrokerState::StaysFenced
    } else if heartbeat.metadata_offset >= facts.registered_at {
        NextBrokerState::Unfence
    } else {
        NextBrokerState::NotCaughtUp { registered_at: facts.registered_at }
    }
}

fn next_of_unfenced(heartbeat: Heartbeat, facts: BrokerFacts) -> NextBrokerState {
    match (heartbeat.wants_fence, heartbeat.wants_shutdown) {
        (false, false) => NextBrokerState::StaysUnfenced,
        (true, false) => NextBrokerState::Fence,
        (false, true) if facts.leads_partitions => NextBrokerState::BeginShutdown,
        (_, true) => NextBrokerState::ShutDownNow,
    }
}

fn next_of_shutting_down(until: Offset, facts: BrokerFacts) -> NextBrokerState {
    if facts.leads_partitions {
        return NextBrokerState::StillLeads;
    }
    match facts.lowest_active_offset {
        Some(lowest) if until > lowest => NextBrokerState::OthersAreBehind { lowest },
        Some(_) | None => NextBrokerState::ShutDownNow,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heartbeat(metadata_offset: i64, wants_fence: bool, wants_shutdown: bool) -> Heartbeat {
        Heartbeat { metadata_offset: Offset(metadata_offset), wants_fence, wants_shutdown }
    }

    fn facts(leads_partitions: bool, lowest: Option<i64>) -> BrokerFacts {
        BrokerFacts { registered_at: Offset(20), leads_partitions, lowest_active_offset: lowest.map(Offset) }
    }

    #[test]
    fn who_has_replayed_its_registration_is_unfenced() {
        let next = |heartbeat| next_broker_state(BrokerState::Fenced, heartbeat, facts(false, None));
        assert_eq!(next(heartbeat(19, false, false)), NextBrokerState::NotCaughtUp { registered_at: Offset(20) });
        assert_eq!(next(heartbeat(20, false, false)), NextBrokerState::Unfence);
        assert_eq!(next(heartbeat(20, true, false)), NextBrokerState::StaysFenced);
        assert_eq!(next(heartbeat(20, false, true)), NextBrokerState::ShutDownNow);
    }

    #[test]
    fn who_leads_nothing_may_stop_at_once() {
        let next = |leads, heartbeat| next_broker_state(BrokerState::Unfenced, heartbeat, facts(leads, Some(3)));
        assert_eq!(next(true, heartbeat(0, false, false)), NextBrokerState::StaysUnfenced);
        assert_eq!(next(true, heartbeat(0, true, false)), NextBrokerState::Fence);
        assert_eq!(next(true, heartbeat(0, false, true)), NextBrokerState::BeginShutdown);
        assert_eq!(next(false, heartbeat(0, false, true)), NextBrokerState::ShutDownNow);
        assert_eq!(next(true, heartbeat(0, true, true)), NextBrokerState::ShutDownNow);
    }

    #[test]
    fn a_broker_that_stops_waits_until_all_others_know() {
        let state = BrokerState::ControlledShutdown { until: Offset(30) };
        let next = |leads, lowest| next_broker_state(state, heartbeat(30, false, true), facts(leads, lowest));
        assert_eq!(next(true, Some(40)), NextBrokerState::StillLeads);
        assert_eq!(next(false, Some(29)), NextBrokerState::OthersAreBehind { lowest: Offset(29) });
        assert_eq!([next(false, Some(30)), next(false, None)], [NextBrokerState::ShutDownNow; 2]);
    }
}
