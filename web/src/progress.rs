//! What the learner has finished and solved. Kept in the browser, never sent anywhere.

use crate::course::SceneId;
use crate::reactive::*;
use crate::shell::Keep;

const FINISHED: &str = "finished";
const SOLVED: &str = "solved";

/// A handle on the finished scenes and the solved challenges.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    finished: RwSignal<Vec<SceneId>>,
    /// As they are kept: `02/repair`.
    solved: RwSignal<Vec<String>>,
    keep: Keep,
}

/// What was made to be forgotten, so that it can be had back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgotten {
    finished: Vec<SceneId>,
    solved: Vec<String>,
}

impl Progress {
    /// Reads what the browser kept.
    #[must_use]
    pub fn new(keep: Keep) -> Self {
        let kept = |name| keep.read(name).unwrap_or_default();
        let finished = kept(FINISHED).split(' ').filter_map(SceneId::from_slug).collect();
        let solved = kept(SOLVED).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        Progress { finished: RwSignal::new(finished), solved: RwSignal::new(solved), keep }
    }

    /// The one of the surrounding page.
    #[must_use]
    pub fn use_context() -> Self {
        use_context::<Progress>().unwrap_or_else(|| Progress::new(Keep::use_context()))
    }

    #[must_use]
    pub fn is_finished(self, scene: SceneId) -> bool {
        self.finished.with(|finished| finished.contains(&scene))
    }

    #[must_use]
    pub fn is_solved(self, scene: SceneId, challenge: &str) -> bool {
        let name = format!("{scene}/{challenge}");
        self.solved.with(|solved| solved.contains(&name))
    }

    pub fn finish(self, scene: SceneId) {
        self.finished.update(|finished| {
            finished.retain(|other| *other != scene);
            finished.push(scene);
        });
        self.write();
    }

    pub fn solve(self, scene: SceneId, challenge: &str) {
        let name = format!("{scene}/{challenge}");
        self.solved.update(|solved| {
            solved.retain(|other| *other != name);
            solved.push(name);
        });
        self.write();
    }

    /// Whether there is anything to forget.
    #[must_use]
    pub fn is_begun(self) -> bool {
        self.finished.with(|finished| !finished.is_empty()) || self.solved.with(|solved| !solved.is_empty())
    }

    /// Begins the course anew; gives back what was there.
    pub fn forget(self) -> Forgotten {
        let (finished, solved) = (self.finished.get_untracked(), self.solved.get_untracked());
        self.remember(Forgotten { finished: Vec::new(), solved: Vec::new() });
        Forgotten { finished, solved }
    }

    /// Has back what was forgotten.
    pub fn remember(self, was: Forgotten) {
        self.finished.set(was.finished);
        self.solved.set(was.solved);
        self.write();
    }

    fn write(self) {
        let finished = self.finished.with_untracked(|all| all.iter().map(SceneId::to_string).collect::<Vec<_>>());
        self.keep.write(FINISHED, &finished.join(" "));
        self.keep.write(SOLVED, &self.solved.with_untracked(|solved| solved.join(" ")));
    }
}
