//! Level 1: what a learner's settings keep, and what they lose.
//!
//! A partition with its replicas, a controller and a producer, with the faults that durability is about: processes that
//! die, with their power or without, a controller that takes a live broker for dead, a leader that drops a follower
//! because it lags, and an operator who moves the leadership. What is decided is decided by [`crate::rules`], on
//! values made of the state; each action is what handlers of [`crate::world::World`] do, and a run of actions can be
//! played there ([`play`]).
//!
//! What is left out, beside what a world leaves out: a request and its answer are one step, but for what a leader asks
//! of the controller, fetches whose answer is slow, and news from the controller, which may be late. Of the changes in
//! one epoch the last is heard of. A fetch gets all there is, also where a world's had waited and gets the first batch
//! alone. A mark is never written down, so a crash takes it back to nothing. Replicas are not interchangeable: who is
//! elected goes by the list of replicas, so names are part of a state.

mod action;
mod agreement;
mod answer;
mod broker;
mod controller;
mod enabled;
mod fault;
mod fetch;
mod few;
mod guards;
mod knobs;
pub mod matrix;
mod onward;
mod order;
mod outcome;
mod pack;
mod parting;
mod play;
mod rescue;
mod state;
mod stop;
mod track;
mod words;

pub use action::Action;
pub use agreement::Differs;
pub use answer::{Found, Inquiry};
pub use fault::{Fault, Faults};
pub use guards::{Guard, Removed};
pub use knobs::{Bounds, Knobs, OutOfRange};
pub use onward::Onward;
pub use order::in_causal_order;
pub use outcome::{Harm, Harms};
pub use parting::{Parting, parting};
pub use play::{Played, Stuck, play};
pub use rescue::{Otherwise, Turn, cost_otherwise};
pub use state::{Epoch, Leadership, Record, Replica, State};
pub use stop::{Stop, Stopping, stop};
pub use track::Track;
pub use words::sentence;

use super::search::Model;
use crate::ids::BrokerId;

/// Settings and bounds: what is searched.
#[derive(Clone, Debug)]
pub struct Question {
    knobs: Knobs,
    /// False to see what goes on without anybody starting a machine, or the controller believing in one again.
    heals: bool,
    /// Faults that do not happen.
    forbidden: Faults,
}

impl Question {
    /// A question about all runs.
    ///
    /// # Errors
    /// A knob that the model can't hold.
    pub fn new(knobs: Knobs) -> Result<Question, OutOfRange> {
        knobs.check()?;
        Ok(Question { knobs, heals: true, forbidden: Faults::default() })
    }

    /// The same question about all runs without faults of a kind.
    #[must_use]
    pub fn without(self, fault: Fault) -> Question {
        Question { forbidden: self.forbidden.with(fault), ..self }
    }

    /// The kinds of faults that do not happen in it, though the knobs let them.
    #[must_use]
    pub fn forbidden(&self) -> Faults {
        self.forbidden
    }

    #[must_use]
    pub fn knobs(&self) -> &Knobs {
        &self.knobs
    }

    /// The state after an action, if that lies within the bounds.
    fn next(&self, state: &State, action: Action) -> Option<State> {
        let mut next = *state;
        self.take(&mut next, action).then_some(next)
    }

    /// Does the action. Says whether that lies within the bounds; if not, it is half done.
    fn take(&self, next: &mut State, action: Action) -> bool {
        let knobs = &self.knobs;
        match action {
            Action::Fence(id) => next.fence(knobs, id).is_ok(),
            Action::ElectPreferred => next.elect_preferred(knobs).is_ok(),
            Action::Restart(id) => next.restart(knobs, id).is_ok(),
            Action::Unfence(id) => next.unfence(knobs, id).is_ok(),
            Action::AlterIsr(id) => next.alter_isr(knobs, id).is_ok(),
            Action::Crash { broker, keep } => {
                next.crash(broker, keep);
                true
            }
            Action::Learn { broker, epoch } => {
                next.learn(knobs, broker, epoch);
                true
            }
            Action::Produce(id) => next.produce(knobs, id),
            Action::Fetch(id) => {
                next.fetch(knobs, id);
                true
            }
            Action::AskInVain(id) => {
                next.ask_in_vain(knobs, id);
                true
            }
            Action::CheckIsr(id) => {
                next.check_isr(knobs, id);
                true
            }
        }
    }
}

impl Model for Question {
    type State = State;
    type Action = Action;
    type Key = pack::Packed;

    /// Who is not to be in sync was taken for dead, came back, and has not fetched.
    fn initial(&self) -> State {
        let mut state = State::all_in_sync(&self.knobs);
        for id in State::ids(&self.knobs).filter(|id| id.0 > self.knobs.initial_isr) {
            // The leader stays, so no epoch begins.
            let fenced = state.fence(&self.knobs, id).and_then(|()| state.unfence(&self.knobs, id));
            debug_assert!(fenced.is_ok(), "no epoch begins");
        }
        state.learn(&self.knobs, BrokerId(1), 0);
        state
    }

    fn enabled(&self, state: &State, each: &mut impl FnMut(Action)) {
        enabled::enabled(self, state, each);
    }

    fn apply(&self, state: &State, action: Action) -> State {
        let mut next = *state;
        if self.take(&mut next, action) { next } else { *state }
    }

    fn faults(&self, state: &State, action: Action) -> u8 {
        action.faults(state)
    }

    fn pack(&self, state: &State) -> pack::Packed {
        pack::pack(state)
    }

    fn pack_next(&self, before: (&State, pack::Packed), next: &State) -> pack::Packed {
        pack::pack_next(before, next)
    }

    fn unpack(&self, key: pack::Packed) -> State {
        pack::unpack(key)
    }
}
