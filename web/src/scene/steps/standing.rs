//! How a scene's steps stand, for who tells others of it.

use super::{Step, Steps};
use crate::player::Moment;
use crate::reactive::*;

impl Steps {
    /// The beats' names, in order.
    pub(crate) fn names(self) -> Vec<String> {
        self.text.with_value(|text| text.beats.iter().map(|beat| beat.id.clone()).collect())
    }

    /// The names of all that can be opened: the beats, then the parts of the practice.
    pub(crate) fn all_names(self) -> Vec<String> {
        let parts = self.text.with_value(|text| text.parts.iter().map(|part| part.id.clone()).collect::<Vec<_>>());
        self.names().into_iter().chain(parts).collect()
    }

    /// The name of the step that is open.
    pub(crate) fn current_name(self) -> Option<String> {
        match self.current.get() {
            Step::Hook => None,
            Step::Beat(beat) => self.beat(beat, |beat| beat.id.clone()),
            Step::Part(part) => self.part(part, |part| part.id.clone()),
        }
    }

    /// Where the open step begins in the lesson's run: a part of the practice at its end.
    pub(crate) fn current_begins(self) -> Moment {
        match self.current.get_untracked() {
            Step::Hook => Moment::START,
            Step::Beat(beat) => self.border(beat),
            Step::Part(_) => self.border(self.count()),
        }
    }

    /// Where the beat begins in the lesson's run; past the last one, the run's end.
    pub(crate) fn begins(self, beat: usize) -> Moment {
        self.border(beat)
    }

    /// How many questions the scene asks, how many of them are answered, and how many of those rightly.
    pub(crate) fn score(self) -> (usize, usize, usize) {
        let asked = (0..self.count()).filter(|beat| self.quantity(*beat).is_some()).count();
        self.verdicts.with(|verdicts| {
            let right = verdicts.values().filter(|verdict| verdict.is_right()).count();
            (asked, verdicts.len(), right)
        })
    }
}
