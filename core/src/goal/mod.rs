//! What can be asked of a run as a number, and goals over such numbers.
//!
//! Prose prints them, questions ask for them, challenges and proofs are judged by them. Nothing else judges: there is
//! no list of right answers, and any way that leads to the outcome counts.

mod cluster;
mod condition;
mod quantity;
mod tables;

pub use condition::{Comparison, Condition, Goal, GoalProblem, Outcome, Right};
pub use quantity::{Fate, Quantity};

use crate::event::Event;
use crate::timeline::{Moment, Run};
use crate::world::World;
use std::sync::Arc;

/// A moment of a run, to be read from.
#[derive(Clone, Debug)]
pub struct Sight {
    run: Arc<Run>,
    moment: Moment,
    pub world: World,
}

impl Sight {
    /// The moment, or the run's end if it lies beyond.
    #[must_use]
    pub fn new(run: &Arc<Run>, moment: Moment) -> Self {
        let moment = moment.min(run.len());
        Sight { run: Arc::clone(run), moment, world: run.world_at(moment) }
    }

    /// The events that have happened.
    fn happened(&self) -> &[Arc<Event>] {
        self.run.events().get(..self.moment).unwrap_or_default()
    }
}
