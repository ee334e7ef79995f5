//! What a whole search of a protocol counts.

use crate::checker::spec::{Action, Invariant, Protocol, State};
use crate::checker::{Search, StateId, Visited};

/// The states in which an invariant does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Violated {
    pub(super) invariant: Invariant,
    pub(super) states: usize,
    /// The level of the shallowest, 1 for the initial state.
    pub(super) level: usize,
    first: StateId,
}

/// All states of a protocol, counted as TLC counts them.
#[derive(Debug)]
pub(super) struct Counted {
    search: Search<Protocol>,
    /// How many distinct states each level has; the first is the initial state alone.
    pub(super) levels: Vec<usize>,
    pub(super) violated: Vec<Violated>,
}

impl Counted {
    /// Looks at every state. `progress` is told now and then.
    pub(super) fn new(protocol: Protocol, mut progress: impl FnMut(&Search<Protocol>)) -> Counted {
        let mut search = Search::new(protocol, 0);
        let mut levels = Vec::new();
        let mut violated: Vec<Violated> = Vec::new();
        let mut seen = 0_usize;
        while let Some(Visited { id, cost, state }) = search.visit_next() {
            let level = usize::from(cost.steps) + 1;
            if levels.len() < level {
                levels.push(0);
            }
            levels[level - 1] += 1;
            for invariant in Invariant::ALL {
                if invariant.holds(search.model(), &state) {
                    continue;
                }
                match violated.iter_mut().find(|known| known.invariant == invariant) {
                    Some(known) => known.states += 1,
                    None => violated.push(Violated { invariant, states: 1, level, first: id }),
                }
            }
            seen += 1;
            if seen.is_multiple_of(1 << 18) {
                progress(&search);
            }
        }
        Counted { search, levels, violated }
    }

    pub(super) fn states(&self) -> usize {
        self.search.states()
    }

    pub(super) fn depth(&self) -> usize {
        self.levels.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.search.bytes()
    }

    pub(super) fn violated(&self, invariant: Invariant) -> Option<&Violated> {
        self.violated.iter().find(|known| known.invariant == invariant)
    }

    /// A shortest run that breaks it.
    pub(super) fn run(&self, violated: &Violated) -> Vec<(Action, State)> {
        self.search.run_to(violated.first)
    }
}
