//! A script on the lesson's stage, and how conditions stand there.

use kafka_lab::goal::{Condition, Goal, Outcome, Sight};
use kafka_lab::timeline::BranchId;
use kafka_lab::words as core_words;

use crate::content::ChallengeText;
use crate::markup::{El, Markup, el, live, many};
use crate::reactive::*;
use crate::scene::{Lab, sentence_view};
use crate::words::practice as words;

/// A script that was put on the stage: it and what is forked from it is looked at, nothing else.
#[derive(Clone, Copy)]
pub(super) struct Stage {
    lab: Lab,
    branch: RwSignal<Option<BranchId>>,
}

impl Stage {
    pub(super) fn new(lab: Lab) -> Self {
        Stage { lab, branch: RwSignal::new(None) }
    }

    /// Puts the script on the stage: where the learner takes over, or played to its end.
    pub(super) fn open(self, script: &str, plays: bool) {
        self.branch.set(Some(self.lab.open(script, plays)));
    }

    /// Whether it, or a fork of it, is what is shown.
    pub(super) fn is_shown(self) -> bool {
        self.branch.get().is_some_and(|branch| branch == self.lab.root())
    }

    /// Where it was opened, and what is shown of it now; none while something else is shown.
    pub(super) fn sights(self) -> Option<(Sight, Sight)> {
        let branch = self.branch.get().filter(|_| self.is_shown())?;
        let run = self.lab.run_of(branch);
        let begun = run.moment_of_mark(ChallengeText::HERE).unwrap_or(run.len());
        Some((Sight::new(&run, begun), self.lab.sight()))
    }
}

/// The conditions that content wrote; a test reads every goal of every scene.
pub(super) fn goal_of(lines: &[String]) -> Goal {
    Goal::parse(lines).unwrap_or_default()
}

/// Each condition with how it stands, as it stands now.
pub(super) fn standing(stage: Stage, goal: &Goal) -> Markup {
    let goal = goal.clone();
    let outcomes = memo(move || stage.sights().map(|(start, now)| (goal.clone(), goal.outcomes(&start, &now))));
    live(move || {
        let (goal, outcomes) = outcomes.get()?;
        let items = goal.0.iter().zip(outcomes).map(|(condition, outcome)| line(condition, outcome));
        Some(el("ul").class("conditions").child(many(items)))
    })
}

fn line(condition: &Condition, outcome: Outcome) -> El {
    let (class, said) = if outcome.holds { ("holds", words::HOLDS) } else { ("holds-not", words::HOLDS_NOT) };
    let sign = el("span").class("condition-sign").attr("aria-hidden", "true");
    el("li")
        .class(class)
        .child(sign.child(if outcome.holds { "\u{2713}" } else { "\u{b7}" }))
        .child(el("span").class("unseen").child(said))
        .child(el("span").child(sentence_view(core_words::condition(condition, outcome))))
}
