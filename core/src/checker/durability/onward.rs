//! A question that is asked from a state on, instead of from the start.

use super::pack::Packed;
use super::{Action, Question, State};
use crate::checker::search::Model;

/// What can happen from a state on.
#[derive(Clone, Debug)]
pub struct Onward {
    pub question: Question,
    pub from: State,
}

impl Model for Onward {
    type State = State;
    type Action = Action;
    type Key = Packed;

    fn initial(&self) -> State {
        self.from
    }

    fn enabled(&self, state: &State, each: &mut impl FnMut(Action)) {
        self.question.enabled(state, each);
    }

    fn apply(&self, state: &State, action: Action) -> State {
        self.question.apply(state, action)
    }

    fn faults(&self, state: &State, action: Action) -> u8 {
        self.question.faults(state, action)
    }

    fn pack(&self, state: &State) -> Self::Key {
        self.question.pack(state)
    }

    fn pack_next(&self, before: (&State, Self::Key), next: &State) -> Self::Key {
        self.question.pack_next(before, next)
    }

    fn unpack(&self, key: Self::Key) -> State {
        self.question.unpack(key)
    }
}
