//! A run in causal order: what the controller and an operator do comes as late as it can, and each broker keeps its own
//! order. As many steps, with the same end.

use super::{Action, Question, State};
use crate::checker::search::Model;

/// Brings a run from the initial state into causal order.
#[must_use]
pub fn in_causal_order(question: &Question, run: &[(Action, State)]) -> Vec<(Action, State)> {
    let mut ordered = run.to_vec();
    // Each swap brings an act of the controller nearer to the end, so this ends.
    while let Some(first) = (1..ordered.len()).rev().find_map(|second| swap(question, &mut ordered, second - 1)) {
        debug_assert!(first < ordered.len(), "a place in the run");
    }
    ordered
}

/// Swaps a step with the next one, if the first is the controller's and the second is not, and both come to the same.
fn swap(question: &Question, run: &mut [(Action, State)], first: usize) -> Option<usize> {
    let before = first.checked_sub(1).map_or_else(|| question.initial(), |last| run[last].1);
    let ((act, after_act), (other, end)) = (run[first], run[first + 1]);
    if !is_of_controller(act) || is_of_controller(other) {
        return None;
    }
    let middle = question.next(&before, other)?;
    let is_same = question.next(&middle, act) == Some(end) && middle != before && middle != end;
    let costs_same = other.faults(&before) == other.faults(&after_act) && act.faults(&middle) == act.faults(&before);
    if !is_same || !costs_same || !is_enabled(question, &before, other) || !is_enabled(question, &middle, act) {
        return None;
    }
    (run[first], run[first + 1]) = ((other, middle), (act, end));
    Some(first)
}

fn is_of_controller(action: Action) -> bool {
    matches!(action, Action::Fence(_) | Action::ElectPreferred | Action::Unfence(_))
}

fn is_enabled(question: &Question, state: &State, action: Action) -> bool {
    let mut is_enabled = false;
    question.enabled(state, &mut |enabled| is_enabled |= enabled == action);
    is_enabled
}
