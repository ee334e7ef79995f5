//! A run of the checker in words, and as a script.

use super::answer::{RunTold, StepTold};
use crate::checker::Model;
use crate::checker::durability::{Action, Question, Record, State, play, sentence};

/// Tells a run, but for its point of no return. `record`: what the harm is done to, where it is done to one.
pub(super) fn told(question: &Question, run: &[(Action, State)], record: Option<Record>) -> RunTold {
    let mut before = question.initial();
    let mut steps = Vec::with_capacity(run.len());
    for (action, after) in run {
        steps.push(StepTold {
            says: sentence(*action, &before, after),
            is_fault: action.faults(&before) > 0,
            acknowledges: after.acknowledged & !before.acknowledged != 0,
        });
        before = *after;
    }
    let script = play(question, run).ok().map(|played| played.script.to_string());
    RunTold { steps, record, no_return: None, script }
}
