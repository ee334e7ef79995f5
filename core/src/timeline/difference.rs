//! Two runs compared by subject: never by event number, since one event more shifts all that follow.

use super::Run;
use crate::event::{Event, Subject};
use crate::ids::{EventId, Tick};
use std::collections::{BTreeMap, BTreeSet};

/// A subject's history that goes on differently. At least one side has an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    pub subject: Subject,
    /// The event on the left side, `None` if nothing more happened to the subject there.
    pub left: Option<EventId>,
    pub right: Option<EventId>,
}

/// The first difference of each subject, in the order of virtual time in which they show.
#[must_use]
pub fn differences(left: &Run, right: &Run) -> Vec<Difference> {
    let (of_left, of_right) = (histories(left), histories(right));
    let subjects: BTreeSet<Subject> = of_left.keys().chain(of_right.keys()).copied().collect();
    let none = Vec::new();
    let mut found: Vec<Difference> = Vec::new();
    for subject in subjects {
        let left = of_left.get(&subject).unwrap_or(&none);
        let right = of_right.get(&subject).unwrap_or(&none);
        let same = left.iter().zip(right).take_while(|(left, right)| left.kind == right.kind).count();
        let (left, right) = (left.get(same).map(|event| event.id), right.get(same).map(|event| event.id));
        if left.is_some() || right.is_some() {
            found.push(Difference { subject, left, right });
        }
    }
    found.sort_by_key(|difference| (shows_at(difference, left, right), difference.subject));
    found
}

/// Where two runs part, if they do.
#[must_use]
pub fn first_difference(left: &Run, right: &Run) -> Option<Difference> {
    differences(left, right).into_iter().next()
}

/// When the first of its two events happens; of what happens at one tick, which is the earlier one of its run.
fn shows_at(difference: &Difference, left: &Run, right: &Run) -> Option<(Tick, EventId)> {
    let when = |run: &Run, id: EventId| Some((run.event(usize::try_from(id.0).ok()?)?.tick, id));
    let left = difference.left.and_then(|id| when(left, id));
    let right = difference.right.and_then(|id| when(right, id));
    left.into_iter().chain(right).min()
}

/// What happened to each subject, in order; an event counts for its first subject.
fn histories(run: &Run) -> BTreeMap<Subject, Vec<&Event>> {
    let mut histories: BTreeMap<Subject, Vec<&Event>> = BTreeMap::new();
    for event in run.events() {
        if let Some(subject) = event.kind.subjects().first() {
            histories.entry(*subject).or_default().push(event);
        }
    }
    histories
}
