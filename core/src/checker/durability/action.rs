//! What can happen. Each action is one handler of the world, or a request with its answer.

use super::state::Epoch;
use super::{Fault, State};
use crate::ids::BrokerId;
use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The controller takes a broker for dead. A fault if it is not.
    Fence(BrokerId),
    /// `kafka-leader-election --election-type preferred`. An operator's act.
    ElectPreferred,
    /// A process ends. With `keep` its power is lost, and of the log only so many records are left. A fault.
    Crash { broker: BrokerId, keep: Option<u8> },
    /// A fenced process starts and registers. What it knew is gone.
    Restart(BrokerId),
    /// A fenced broker that has replayed its registration sends a heartbeat.
    Unfence(BrokerId),
    /// A broker hears of the metadata as it was in this epoch, and takes up its part.
    Learn { broker: BrokerId, epoch: Epoch },
    /// A producer's record arrives at a broker that takes itself for the leader.
    Produce(BrokerId),
    /// A follower asks its leader, for records or where an epoch ended, and gets the answer.
    Fetch(BrokerId),
    /// A follower's fetch arrives, and the answer is slow.
    AskInVain(BrokerId),
    /// A leader looks for followers that lag, after a time in which nobody caught up. A fault if one of them works.
    CheckIsr(BrokerId),
    /// The ISR that a leader has asked for is judged by the controller, and the leader told.
    AlterIsr(BrokerId),
}

impl Action {
    /// 1 for a fault or an operator's act, 0 for what the protocol does by itself.
    #[must_use]
    pub fn faults(self, state: &State) -> u8 {
        u8::from(self.fault(state).is_some())
    }

    /// Which fault it is in this state; none if the protocol does it by itself.
    #[must_use]
    pub fn fault(self, state: &State) -> Option<Fault> {
        match self {
            Action::Fence(broker) => state.replica(broker).up.then_some(Fault::Fence),
            Action::ElectPreferred => Some(Fault::ElectPreferred),
            Action::Crash { keep: None, .. } => Some(Fault::Crash),
            Action::Crash { keep: Some(_), .. } => Some(Fault::PowerLoss),
            Action::CheckIsr(leader) => {
                let late = state.replica(leader).isr.without(leader).iter().filter(|id| state.is_late(leader, *id));
                let works = late.into_iter().any(|id| state.replica(id).up);
                works.then_some(Fault::DropFollower)
            }
            Action::Restart(_)
            | Action::Unfence(_)
            | Action::Learn { .. }
            | Action::Produce(_)
            | Action::Fetch(_)
            | Action::AskInVain(_)
            | Action::AlterIsr(_) => None,
        }
    }

    /// Whether it mends what was broken: a machine starts again, or the controller believes in one again.
    #[must_use]
    pub fn heals(self) -> bool {
        matches!(self, Action::Restart(_) | Action::Unfence(_))
    }
}

/// Short, as in a log. [`super::words`] has whole sentences.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Action::Fence(broker) => write!(f, "fence {broker}"),
            Action::ElectPreferred => f.write_str("elect preferred"),
            Action::Crash { broker, keep: None } => write!(f, "crash {broker}"),
            Action::Crash { broker, keep: Some(keep) } => write!(f, "crash {broker} keep={keep}"),
            Action::Restart(broker) => write!(f, "restart {broker}"),
            Action::Unfence(broker) => write!(f, "unfence {broker}"),
            Action::Learn { broker, epoch } => write!(f, "learn {broker} epoch={epoch}"),
            Action::Produce(broker) => write!(f, "produce {broker}"),
            Action::Fetch(broker) => write!(f, "fetch {broker}"),
            Action::AskInVain(broker) => write!(f, "fetch {broker} in-vain"),
            Action::CheckIsr(broker) => write!(f, "check-isr {broker}"),
            Action::AlterIsr(broker) => write!(f, "alter-isr {broker}"),
        }
    }
}
