//! The point of no return: when a record that was acknowledged could still have been kept, and when no more.

use crate::checker::Search;
use crate::checker::durability::{Action, Bounds, Knobs, Onward, Question, Record, State};

/// More states than this are not looked at after a step: then nothing is said.
const STATES_MOST: usize = 400_000;
const EPOCHS_MOST: u8 = 5;

/// A run looked at from its end back, in as many pieces as one likes.
#[derive(Debug)]
pub struct Hindsight {
    question: Question,
    run: Vec<(Action, State)>,
    record: Record,
    /// The step with which the record was acknowledged.
    acknowledged: usize,
    /// The step after which it is asked now whether the record can be kept.
    step: usize,
    search: Search<Onward>,
    no_return: Option<usize>,
    is_over: bool,
}

impl Hindsight {
    /// None if the record was never acknowledged.
    #[must_use]
    pub fn new(question: &Question, run: &[(Action, State)], record: Record) -> Option<Hindsight> {
        let knobs = question.knobs();
        let written = run.last().map_or(1, |(_, end)| end.next_record.max(1));
        // Nothing is written any more, and no bound of epochs is met sooner than the model's own.
        let bounds = Bounds { records: written, epochs: EPOCHS_MOST, faults: 0 };
        let question = Question::new(Knobs { bounds, ..*knobs }).ok()?;
        let acknowledged = run.iter().position(|(_, state)| state.is_acknowledged(record))?;
        let step = run.len() - 1;
        let search = onward(&question, run[step].1);
        Some(Hindsight {
            question,
            run: run.to_vec(),
            record,
            acknowledged,
            step,
            search,
            no_return: None,
            is_over: false,
        })
    }

    /// Looks at so many states more. Says whether there is more to look at.
    pub fn advance(&mut self, states: usize) -> bool {
        for _ in 0..states {
            if self.is_over {
                break;
            }
            self.look_on();
        }
        !self.is_over
    }

    fn look_on(&mut self) {
        match self.search.visit_next() {
            // There is a way back to the end, or the next step closes it.
            Some(visited) if has_leader_with(&visited.state, self.record) => {
                self.end(Some(self.step + 1).filter(|step| *step < self.run.len()));
            }
            Some(_) if self.search.states() > STATES_MOST => self.end(None),
            Some(_) => {}
            // It was promised when it was lost already.
            None if self.step == self.acknowledged => self.end(Some(self.acknowledged)),
            None => {
                self.step -= 1;
                self.search = onward(&self.question, self.run[self.step].1);
            }
        }
    }

    fn end(&mut self, no_return: Option<usize>) {
        (self.no_return, self.is_over) = (no_return, true);
    }

    /// The first step (from 0 on) after which no course of events brings a working leader of the newest epoch that has
    /// the record, if nothing else breaks and no operator acts: machines may start again, the controller may believe in
    /// them again, brokers may fetch, and elections may be held.
    ///
    /// None if the record has such a leader in sight to the end, where that takes too many states to tell, or as long
    /// as there is more to look at.
    #[must_use]
    pub fn no_return(&self) -> Option<usize> {
        self.no_return
    }
}

/// What can come of a state without another fault.
fn onward(question: &Question, from: State) -> Search<Onward> {
    Search::new(Onward { question: question.clone(), from }, 0)
}

fn has_leader_with(state: &State, record: Record) -> bool {
    let leader = state.current().leader.filter(|leader| state.truly_leads(*leader));
    leader.is_some_and(|leader| state.replica(leader).holds(record))
}
