//! When a partition stops writing: after some faults, with nothing started again and nobody believed in again, there is
//! no way to an acknowledgement.

use super::pack::Packed;
use super::{Action, Knobs, Onward, Question, State};
use crate::checker::search::{Cost, Model, Search, StateId, Visited};
use crate::command::Acks;
use std::collections::BTreeSet;

/// How a partition comes to stand still.
#[derive(Clone, Debug)]
pub struct Stop {
    pub cost: Cost,
    pub run: Vec<(Action, State)>,
    /// Nobody leads, nor can be elected; else somebody leads, and acknowledges nothing.
    pub is_leaderless: bool,
}

/// The search for the cheapest way to stop writing, in as many pieces as one likes.
///
/// It is two searches: one through what faults make of a partition that nobody writes to, and from each state of that
/// one a small one, through what the protocol alone can come to.
#[derive(Debug)]
pub struct Stopping {
    search: Search<Question>,
    /// The question with a record that can be written.
    writes: Question,
    /// States of which an acknowledgement is known to be reached.
    goes_on: BTreeSet<Packed>,
    /// The state that is asked about now.
    now: Option<Outlook>,
    stop: Option<Stop>,
    is_over: bool,
}

/// What the protocol alone can come to from a state.
#[derive(Debug)]
struct Outlook {
    id: StateId,
    cost: Cost,
    from: State,
    /// Somebody leads in the newest epoch, now or later.
    leads: bool,
    search: Search<Onward>,
}

impl Stopping {
    #[must_use]
    pub fn new(question: &Question) -> Stopping {
        let knobs = *question.knobs();
        // Without healing each fault begins one epoch at most, so no bound of epochs is met.
        let asked = |records| {
            let bounds = super::Bounds { records, epochs: 5, ..knobs.bounds };
            Question { knobs: Knobs { bounds, ..knobs }, heals: false, forbidden: question.forbidden }
        };
        let search = Search::new(asked(0), knobs.bounds.faults);
        Stopping { search, writes: asked(1), goes_on: BTreeSet::new(), now: None, stop: None, is_over: false }
    }

    /// Looks at so many states more. Says whether there is more to look at.
    pub fn advance(&mut self, states: usize) -> bool {
        for _ in 0..states {
            if self.is_over {
                break;
            }
            match self.now.take() {
                Some(outlook) => self.look_on(outlook),
                None => match self.search.visit_next() {
                    Some(visited) => self.now = Some(self.outlook(visited)),
                    None => self.is_over = true,
                },
            }
        }
        !self.is_over
    }

    /// Whether the answer is known.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// The cheapest way to stop writing within the bound of faults; none if there is none, or not yet.
    #[must_use]
    pub fn stop(&self) -> Option<&Stop> {
        self.stop.as_ref()
    }

    fn outlook(&self, Visited { id, cost, state }: Visited<State>) -> Outlook {
        let onward = Onward { question: self.writes.clone(), from: state };
        Outlook { id, cost, from: state, leads: false, search: Search::new(onward, 0) }
    }

    /// Looks at one state more of those that the protocol can come to.
    fn look_on(&mut self, mut outlook: Outlook) {
        let question = &self.writes;
        match outlook.search.visit_next() {
            Some(Visited { id, state, .. })
                if is_written(question, &state) || self.goes_on.contains(&question.pack(&state)) =>
            {
                self.goes_on.insert(question.pack(&outlook.from));
                self.goes_on.extend(outlook.search.run_to(id).iter().map(|(_, state)| question.pack(state)));
            }
            Some(Visited { state, .. }) => {
                outlook.leads |= State::ids(question.knobs()).any(|id| state.truly_leads(id));
                self.now = Some(outlook);
            }
            None => {
                let Outlook { id, cost, leads, .. } = outlook;
                self.stop = Some(Stop { cost, run: self.search.run_to(id), is_leaderless: !leads });
                self.is_over = true;
            }
        }
    }
}

/// Something is acknowledged; with acks=0, where nothing is, a record is taken.
fn is_written(question: &Question, state: &State) -> bool {
    match question.knobs().acks {
        Acks::None => state.next_record > 0,
        Acks::Leader | Acks::All => state.acknowledged != 0,
    }
}

/// The cheapest way to stop writing, if there is one within the bound of faults.
#[must_use]
pub fn stop(question: &Question) -> Option<Stop> {
    let mut stopping = Stopping::new(question);
    while stopping.advance(usize::MAX) {}
    stopping.stop
}
