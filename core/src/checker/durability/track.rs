//! The other way round: a world goes on by itself, and the model follows. What a world does must be something that the
//! model has looked at, or the checker's silence would say nothing about it.

use super::agreement::{Differs, difference};
use super::{Action, Question, State};
use crate::checker::search::Model;
use crate::ids::RecordId;
use crate::world::World;

/// One thing that is done to a world is so many actions at most: a record arrives, and two fetches that waited for it
/// are answered, which tells the leader where they are.
const MOST_ACTIONS: usize = 4;

/// The states in which the model can be, going by what can be seen of a world. Not all of a state can: which news a
/// broker can still hear late, say. So there may be several.
#[derive(Clone, Debug)]
pub struct Track<'a> {
    question: &'a Question,
    states: Vec<State>,
    /// The records of the model, by the names they have in the world.
    records: Vec<RecordId>,
}

impl<'a> Track<'a> {
    /// Begins with a world that is as the model is at first.
    ///
    /// # Errors
    /// What is otherwise.
    pub fn new(question: &'a Question, world: &World) -> Result<Track<'a>, Differs> {
        let initial = question.initial();
        match difference(world, question.knobs(), &initial, &[]) {
            None => Ok(Track { question, states: vec![initial], records: Vec::new() }),
            Some(differs) => Err(differs),
        }
    }

    /// A record that a leader has taken from here on.
    pub fn note(&mut self, record: RecordId) {
        self.records.push(record);
    }

    /// The states in which the model can be.
    #[must_use]
    pub fn states(&self) -> &[State] {
        &self.states
    }

    /// Follows a world that has gone on, with as few actions as it takes, none among them. Says how many.
    ///
    /// # Errors
    /// If no actions of the model lead to where the world is: in what the most alike of the states differs that they
    /// lead to.
    pub fn follow(&mut self, world: &World) -> Result<usize, Differs> {
        let differs = |state: &State| difference(world, self.question.knobs(), state, &self.records);
        let mut nearest = Differs::Leadership;
        let mut layer = self.states.clone();
        let mut seen = layer.clone();
        for actions in 0..=MOST_ACTIONS {
            let agree: Vec<State> = layer.iter().copied().filter(|state| differs(state).is_none()).collect();
            if !agree.is_empty() {
                self.states = agree;
                return Ok(actions);
            }
            nearest = layer.iter().filter_map(differs).fold(nearest, Differs::max);
            layer = self.next_layer(&layer, &mut seen);
        }
        Err(nearest)
    }

    fn next_layer(&self, layer: &[State], seen: &mut Vec<State>) -> Vec<State> {
        let mut next = Vec::new();
        for state in layer {
            self.question.enabled(state, &mut |action: Action| {
                let after = self.question.apply(state, action);
                if !seen.contains(&after) {
                    seen.push(after);
                    next.push(after);
                }
            });
        }
        next
    }
}
