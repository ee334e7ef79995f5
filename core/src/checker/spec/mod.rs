//! Level 0: five published protocols of replication, exactly, their quirks included.
//!
//! They are TLA+ modules of Kafka's early replication work (`hachikuji/kafka-specification`, commit d68782b): how a
//! follower truncated before KIP-101, with KIP-101, with KIP-279, and with KIP-320, once tried and once right. TLC has
//! counted their states; [`Protocol`] has to reach the same states, level by level.
//!
//! Producers, acks, elections that are unclean and lost disks are not in them. Level 1 has those.

mod action;
mod constants;
mod enabled;
mod invariant;
mod pack;
mod state;
mod truncation;

pub use action::Action;
pub use constants::{Constants, ConstantsProblem};
pub use invariant::Invariant;
pub use state::{Epoch, Members, Replica, ReplicaId, Request, State};

use super::search::Model;
use std::fmt;
use truncation::truncate;

/// Which of the five modules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spec {
    TruncateToHighWatermark,
    Kip101,
    Kip279,
    Kip320FirstTry,
    Kip320,
}

impl Spec {
    pub const ALL: [Spec; 5] =
        [Spec::TruncateToHighWatermark, Spec::Kip101, Spec::Kip279, Spec::Kip320FirstTry, Spec::Kip320];

    /// By the name of its module.
    #[must_use]
    pub fn parse(name: &str) -> Option<Spec> {
        Spec::ALL.into_iter().find(|spec| spec.name() == name)
    }

    /// The name of its module.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Spec::TruncateToHighWatermark => "KafkaTruncateToHighWatermark",
            Spec::Kip101 => "Kip101",
            Spec::Kip279 => "Kip279",
            Spec::Kip320FirstTry => "Kip320FirstTry",
            Spec::Kip320 => "Kip320",
        }
    }
}

impl fmt::Display for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A module with its constants: what is searched.
#[derive(Clone, Debug)]
pub struct Protocol {
    pub spec: Spec,
    pub constants: Constants,
    permutations: Vec<pack::Permutation>,
}

impl Protocol {
    #[must_use]
    pub fn new(spec: Spec, constants: Constants) -> Protocol {
        Protocol { spec, constants, permutations: pack::permutations(constants) }
    }
}

impl Model for Protocol {
    type State = State;
    type Action = Action;
    type Key = [u64; 2];

    fn initial(&self) -> State {
        State::initial(self.constants.replicas)
    }

    fn enabled(&self, state: &State, each: &mut impl FnMut(Action)) {
        enabled::enabled(self, state, each);
    }

    fn apply(&self, state: &State, action: Action) -> State {
        let mut next = *state;
        next.apply(action, |state, follower, leader| truncate(self.spec, state, follower, leader));
        next
    }

    /// A protocol is searched by steps alone.
    fn faults(&self, _: &State, _: Action) -> u8 {
        0
    }

    fn pack(&self, state: &State) -> [u64; 2] {
        pack::smallest(state, &self.permutations)
    }

    fn unpack(&self, key: [u64; 2]) -> State {
        pack::unpack(key)
    }
}
