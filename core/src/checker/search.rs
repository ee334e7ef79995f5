//! A search through all states that a model can reach: fewest faults first, then fewest steps.
//!
//! States are kept packed, each once, in the order in which they were found. The frontier is a queue of buckets, one
//! for each cost: the cheapest bucket is expanded whole, and what is found from it costs one step more, and one fault
//! more if the action is one. So no state is expanded before its cheapest way is known (Dijkstra's argument), and the
//! first state that breaks something breaks it in the shortest way there is.
//!
//! Nothing depends on the order of a hash: the same model gives the same states in the same order on every machine.

mod arena;
mod frontier;
mod table;

use arena::Arena;
use frontier::Frontier;
use std::mem;
use table::Table;

/// What is searched: a state, and what can happen in it.
pub trait Model {
    type State: Clone;
    type Action: Copy;
    /// A state in few bytes. Where states are interchangeable, theirs is the same.
    type Key: Key;

    fn initial(&self) -> Self::State;

    /// What can happen in this state, always in the same order. What would change nothing may be among it.
    fn enabled(&self, state: &Self::State, each: &mut impl FnMut(Self::Action));

    /// What an enabled action makes of the state.
    fn apply(&self, state: &Self::State, action: Self::Action) -> Self::State;

    /// 1 for a fault or an operator's act, 0 for what the protocol does by itself.
    fn faults(&self, state: &Self::State, action: Self::Action) -> u8;

    fn pack(&self, state: &Self::State) -> Self::Key;

    /// As [`Model::pack`], of what follows a state with this key. Where most of the two is the same it can be quicker.
    fn pack_next(&self, _before: (&Self::State, Self::Key), next: &Self::State) -> Self::Key {
        self.pack(next)
    }

    /// A state with that key.
    fn unpack(&self, key: Self::Key) -> Self::State;
}

/// A packed state. Exact: two states with the same key are the same.
pub trait Key: Copy + Eq {
    /// Spreads the key over 64 bits, alike on every machine.
    fn mixed(self) -> u64;
}

impl<const WORDS: usize> Key for [u64; WORDS] {
    fn mixed(self) -> u64 {
        self.iter().fold(0, |mixed: u64, word| {
            let mixed = (mixed.rotate_left(26) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            mixed ^ (mixed >> 32)
        })
    }
}

/// What it takes to reach a state. The order is the search's: faults first, then steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cost {
    pub faults: u8,
    /// Actions of every kind, faults among them.
    pub steps: u8,
}

impl Cost {
    fn with(self, faults: u8) -> Cost {
        Cost { faults: self.faults.saturating_add(faults), steps: self.steps.saturating_add(1) }
    }
}

/// A state by the order in which it was found, from 0 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StateId(u32);

/// A state that was looked at, with the cheapest way to it known.
#[derive(Clone, Debug)]
pub struct Visited<State> {
    pub id: StateId,
    pub cost: Cost,
    pub state: State,
}

/// A search under way. Each call of [`Search::visit_next`] looks at one state more.
#[derive(Debug)]
pub struct Search<M: Model> {
    model: M,
    most_faults: u8,
    /// Every state that was found, by its number.
    found: Arena<Found<M::Key>>,
    numbers: Table,
    /// Found, and not looked at.
    frontier: Frontier,
    /// What can happen in the state that is looked at, and what comes of it; here so that no state asks for memory of
    /// its own.
    actions: Vec<M::Action>,
    successors: Vec<Successor<M::Key>>,
}

/// What is kept of a state.
#[derive(Clone, Copy, Debug)]
struct Found<K> {
    key: K,
    /// The state before it on the cheapest way that is known.
    parent: u32,
    cost: Cost,
}

/// What an action comes to.
#[derive(Clone, Copy, Debug)]
struct Successor<K> {
    key: K,
    mixed: u64,
    cost: Cost,
    /// The state that is likely to have this key.
    likely: u32,
    /// Whether it has.
    is_likely: bool,
}

impl<M: Model> Search<M> {
    /// A search of all runs with at most so many faults.
    pub fn new(model: M, most_faults: u8) -> Search<M> {
        let initial = model.pack(&model.initial());
        let mut search = Search {
            model,
            most_faults,
            found: Arena::default(),
            numbers: Table::new(),
            frontier: Frontier::default(),
            actions: Vec::new(),
            successors: Vec::new(),
        };
        search.add(initial, initial.mixed(), 0, Cost::default());
        search
    }

    pub fn model(&self) -> &M {
        &self.model
    }

    /// How many distinct states have been found.
    pub fn states(&self) -> usize {
        self.found.len()
    }

    /// How many of them have been found and not looked at.
    pub fn waiting(&self) -> usize {
        self.frontier.len()
    }

    /// What the states that are looked at now cost.
    pub fn cost(&self) -> Cost {
        self.frontier.cost()
    }

    /// How much memory the states, the ways to them and the frontier take.
    pub fn bytes(&self) -> usize {
        self.found.bytes() + self.numbers.bytes() + self.frontier.bytes()
    }

    /// Looks at the cheapest state that nobody has looked at, and finds what follows it. None when all have been seen.
    pub fn visit_next(&mut self) -> Option<Visited<M::State>> {
        let (number, cost) = self.take_cheapest()?;
        let key = self.found.get(number).key;
        let state = self.model.unpack(key);
        let mut actions = mem::take(&mut self.actions);
        self.model.enabled(&state, &mut |action| actions.push(action));
        for action in actions.drain(..) {
            let cost = cost.with(self.model.faults(&state, action));
            if cost.faults <= self.most_faults {
                let next = self.model.pack_next((&state, key), &self.model.apply(&state, action));
                // What changes nothing leads nowhere.
                if next != key {
                    let mixed = next.mixed();
                    self.successors.push(Successor { key: next, mixed, cost, likely: 0, is_likely: false });
                }
            }
        }
        self.actions = actions;
        self.find_successors(number);
        Some(Visited { id: StateId(number), cost, state })
    }

    fn take_cheapest(&mut self) -> Option<(u32, Cost)> {
        loop {
            let (number, cost) = self.frontier.take()?;
            // One that a cheaper way was found to has been looked at already.
            if self.found.get(number).cost == cost {
                return Some((number, cost));
            }
        }
    }

    /// Places and keys lie all over the memory, and most of the time goes by in waiting for them. So each is asked for
    /// in a short loop over all successors: a processor waits for many at a time if they do not depend on each other.
    fn find_successors(&mut self, parent: u32) {
        let mut successors = mem::take(&mut self.successors);
        for successor in &mut successors {
            successor.likely = self.numbers.likely(successor.mixed);
        }
        for successor in &mut successors {
            successor.is_likely = self.found.get(successor.likely).key == successor.key;
        }
        for Successor { key, mixed, cost, likely, is_likely } in successors.drain(..) {
            let found = &self.found;
            let known = is_likely.then_some(likely);
            match known.or_else(|| self.numbers.find(mixed, |number| found.get(number).key == key)) {
                None => self.add(key, mixed, parent, cost),
                Some(number) if cost < self.found.get(number).cost => {
                    self.found.set(number, Found { key, parent, cost });
                    self.frontier.push(cost, number);
                }
                Some(_) => {}
            }
        }
        self.successors = successors;
    }

    fn add(&mut self, key: M::Key, mixed: u64, parent: u32, cost: Cost) {
        let number = self.found.push(Found { key, parent, cost });
        let found = &self.found;
        self.numbers.insert(mixed, number, |number| found.get(number).key.mixed());
        self.frontier.push(cost, number);
    }

    /// The cheapest run to a state that was looked at: each action, and what it made.
    pub fn run_to(&self, id: StateId) -> Vec<(M::Action, M::State)> {
        let mut numbers = Vec::new();
        let mut number = id.0;
        while number != 0 {
            numbers.push(number);
            number = self.found.get(number).parent;
        }
        // Interchangeable states share a key, so the way is walked again from the start, key for key.
        let mut state = self.model.initial();
        let mut run = Vec::with_capacity(numbers.len());
        for number in numbers.into_iter().rev() {
            let (action, next) = self.step_to(&state, self.found.get(number).key).expect("it was found this way");
            run.push((action, next.clone()));
            state = next;
        }
        run
    }

    fn step_to(&self, state: &M::State, key: M::Key) -> Option<(M::Action, M::State)> {
        let mut step = None;
        self.model.enabled(state, &mut |action| {
            if step.is_none() {
                let next = self.model.apply(state, action);
                if self.model.pack(&next) == key {
                    step = Some((action, next));
                }
            }
        });
        step
    }
}
