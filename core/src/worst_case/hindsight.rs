//! The point of no return: when a record that was acknowledged could still have been kept, and when no more.

use crate::checker::Search;
use crate::checker::durability::{Action, Bounds, Knobs, Onward, Question, Record, State};

/// More states than this are not looked at after a step: then nothing is said.
const STATES_MOST: usize = 400_000;
const EPOCHS_MOST: u8 = 5;

/// The first step (from 0 on) after which no course of events brings a working leader of the newest epoch that has the
/// record, if nothing else breaks and no operator acts: machines may start again, the controller may believe in them
/// again, brokers may fetch, and elections may be held.
///
/// None if the record has such a leader in sight to the end, or where that takes too many states to tell.
#[must_use]
pub fn point_of_no_return(question: &Question, run: &[(Action, State)], record: Record) -> Option<usize> {
    let knobs = question.knobs();
    let written = run.last().map_or(1, |(_, end)| end.next_record.max(1));
    // Nothing is written any more, and no bound of epochs is met sooner than the model's own.
    let bounds = Bounds { records: written, epochs: EPOCHS_MOST, faults: 0 };
    let onward = Question::new(Knobs { bounds, ..*knobs }).ok()?;
    let acknowledged = run.iter().position(|(_, state)| state.is_acknowledged(record))?;
    for step in (acknowledged..run.len()).rev() {
        if can_be_kept(&onward, run[step].1, record)? {
            return (step + 1 < run.len()).then_some(step + 1);
        }
    }
    // It was promised when it was lost already.
    Some(acknowledged)
}

/// Whether a leader can have the record without another fault. None if there are too many states to tell.
fn can_be_kept(question: &Question, from: State, record: Record) -> Option<bool> {
    let mut search = Search::new(Onward { question, from }, 0);
    while let Some(visited) = search.visit_next() {
        let state = visited.state;
        let leader = state.current().leader.filter(|leader| state.truly_leads(*leader));
        if leader.is_some_and(|leader| state.replica(leader).holds(record)) {
            return Some(true);
        }
        if search.states() > STATES_MOST {
            return None;
        }
    }
    Some(false)
}
