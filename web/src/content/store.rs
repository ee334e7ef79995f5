//! What has been fetched, so that it is fetched once.

use std::sync::Arc;

use litemap::LiteMap;

use super::fetch::NotFetched;
use super::{RuleText, SceneText};
use crate::course::SceneId;
use crate::reactive::*;

/// A file on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Load<T> {
    Loading,
    Ready(T),
    Failed(NotFetched),
}

/// A handle on everything that was fetched.
#[derive(Clone, Copy, Debug)]
pub struct Content {
    scenes: RwSignal<LiteMap<SceneId, Load<Arc<SceneText>>>>,
    rules: RwSignal<Option<Load<Arc<Vec<RuleText>>>>>,
}

impl Content {
    #[must_use]
    pub fn new() -> Self {
        Content { scenes: RwSignal::new(LiteMap::new()), rules: RwSignal::new(None) }
    }

    /// The one of the surrounding page.
    #[must_use]
    pub fn use_context() -> Self {
        use_context::<Content>().unwrap_or_default()
    }

    /// The scene's words; asks for them if nobody has.
    pub fn scene(self, scene: SceneId) -> Load<Arc<SceneText>> {
        self.want_scene(scene);
        self.scenes.with(|scenes| scenes.get(&scene).cloned().unwrap_or(Load::Loading))
    }

    /// The rules' source text; asks for it if nobody has.
    pub fn rules(self) -> Load<Arc<Vec<RuleText>>> {
        self.want_rules();
        self.rules.with(|rules| rules.clone().unwrap_or(Load::Loading))
    }

    /// Forgets a scene that could not be fetched, so that it is asked for again.
    pub fn again(self, scene: SceneId) {
        self.scenes.update(|scenes| {
            scenes.remove(&scene);
        });
    }
}

#[cfg(feature = "csr")]
impl Content {
    fn want_scene(self, scene: SceneId) {
        if self.scenes.with_untracked(|scenes| scenes.contains_key(&scene)) {
            return;
        }
        self.scenes.update_untracked(|scenes| {
            scenes.insert(scene, Load::Loading);
        });
        wasm_bindgen_futures::spawn_local(self.fetch_scene(scene));
    }

    /// Fetches a scene's words and keeps them; the shell waits for this before it takes the place of the built page.
    pub async fn fetch_scene(self, scene: SceneId) {
        let load = loaded(super::fetch::fetch(&format!("{scene}.bin")).await);
        self.scenes.update(|scenes| {
            scenes.insert(scene, load);
        });
    }

    fn want_rules(self) {
        if self.rules.with_untracked(Option::is_some) {
            return;
        }
        self.rules.update_untracked(|rules| *rules = Some(Load::Loading));
        wasm_bindgen_futures::spawn_local(async move {
            let load = loaded(super::fetch::fetch("rules.bin").await);
            self.rules.set(Some(load));
        });
    }
}

#[cfg(all(feature = "ssr", not(feature = "csr")))]
impl Content {
    fn want_scene(self, scene: SceneId) {
        let load = loaded(super::fetch::built_in(&format!("{scene}.bin")));
        self.scenes.update_untracked(|scenes| {
            scenes.insert(scene, load);
        });
    }

    fn want_rules(self) {
        let load = loaded(super::fetch::built_in("rules.bin"));
        self.rules.update_untracked(|rules| *rules = Some(load));
    }
}

#[cfg(not(any(feature = "csr", feature = "ssr")))]
impl Content {
    fn want_scene(self, _: SceneId) {}

    fn want_rules(self) {}
}

fn loaded<T>(result: Result<T, NotFetched>) -> Load<Arc<T>> {
    result.map_or_else(Load::Failed, |value| Load::Ready(Arc::new(value)))
}

impl Default for Content {
    fn default() -> Self {
        Content::new()
    }
}
