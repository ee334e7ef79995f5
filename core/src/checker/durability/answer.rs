//! A question asked: the search goes on until the harm is found that is looked for, or all states have been seen.

use super::{Action, Harm, OutOfRange, Question, State};
use crate::checker::search::{Cost, Search, StateId, Visited};

/// The first state with a harm: no run with fewer faults has it, nor one with as many faults and fewer steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub harm: Harm,
    pub cost: Cost,
    id: StateId,
}

/// A search for a harm. One search answers for every number of faults up to the bound: what costs fewer comes first.
#[derive(Debug)]
pub struct Inquiry {
    search: Search<Question>,
    wanted: Harm,
    found: Vec<Found>,
    /// How many states have been looked at, by faults, then by steps.
    levels: Vec<Vec<usize>>,
    is_over: bool,
}

impl Inquiry {
    /// Begins to look for a harm. Others that are met on the way are noted.
    ///
    /// # Errors
    /// A knob that the model can't hold.
    pub fn new(question: Question, wanted: Harm) -> Result<Inquiry, OutOfRange> {
        let most_faults = question.knobs().bounds.faults;
        let search = Search::new(question, most_faults);
        Ok(Inquiry { search, wanted, found: Vec::new(), levels: Vec::new(), is_over: false })
    }

    /// Looks at so many states more. Says whether there is more to look at.
    pub fn advance(&mut self, states: usize) -> bool {
        for _ in 0..states {
            if self.is_over {
                break;
            }
            match self.search.visit_next() {
                Some(visited) => self.look_at(&visited),
                None => self.is_over = true,
            }
        }
        !self.is_over
    }

    fn look_at(&mut self, visited: &Visited<State>) {
        let Cost { faults, steps } = visited.cost;
        let (faults, steps) = (usize::from(faults), usize::from(steps));
        if self.levels.len() <= faults {
            self.levels.resize(faults + 1, Vec::new());
        }
        let level = &mut self.levels[faults];
        if level.len() <= steps {
            level.resize(steps + 1, 0);
        }
        level[steps] += 1;
        let harms = visited.state.harms();
        for harm in Harm::ALL.into_iter().filter(|harm| harms.has(*harm)) {
            if self.found(harm).is_none() {
                self.found.push(Found { harm, cost: visited.cost, id: visited.id });
            }
        }
        self.is_over = self.found(self.wanted).is_some();
    }

    #[must_use]
    pub fn question(&self) -> &Question {
        self.search.model()
    }

    #[must_use]
    pub fn wanted(&self) -> Harm {
        self.wanted
    }

    /// Whether the answer is known.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// The cheapest state with this harm, if one has been met.
    #[must_use]
    pub fn found(&self, harm: Harm) -> Option<Found> {
        self.found.iter().copied().find(|found| found.harm == harm)
    }

    /// How many distinct states have been found.
    #[must_use]
    pub fn states(&self) -> usize {
        self.search.states()
    }

    /// How many of them nobody has looked at.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.search.waiting()
    }

    /// What the states that are looked at now cost.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.search.cost()
    }

    /// How much memory it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.search.bytes()
    }

    /// How many states have been looked at, by faults, then by steps.
    #[must_use]
    pub fn levels(&self) -> &[Vec<usize>] {
        &self.levels
    }

    /// The cheapest run to a harm: each action, and what it made.
    #[must_use]
    pub fn run_to(&self, found: Found) -> Vec<(Action, State)> {
        self.search.run_to(found.id)
    }
}
