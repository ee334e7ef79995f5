//! What the learner has finished. Kept in the browser, never sent anywhere.

use crate::course::SceneId;
use crate::reactive::*;
use crate::shell::Keep;

const KEPT_AS: &str = "finished";

/// A handle on the finished scenes.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    finished: RwSignal<Vec<SceneId>>,
    keep: Keep,
}

impl Progress {
    /// Reads what the browser kept.
    #[must_use]
    pub fn new(keep: Keep) -> Self {
        let kept = keep.read(KEPT_AS).unwrap_or_default();
        Progress { finished: RwSignal::new(kept.split(' ').filter_map(SceneId::from_slug).collect()), keep }
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

    pub fn finish(self, scene: SceneId) {
        self.finished.update(|finished| {
            finished.retain(|other| *other != scene);
            finished.push(scene);
        });
        let slugs =
            self.finished.with_untracked(|finished| finished.iter().map(SceneId::to_string).collect::<Vec<_>>());
        self.keep.write(KEPT_AS, &slugs.join(" "));
    }
}
