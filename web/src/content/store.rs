//! What has been fetched, so that it is fetched once.

use std::sync::Arc;

use litemap::LiteMap;
use serde::de::DeserializeOwned;

use super::fetch::NotFetched;
use super::{HookText, PracticeText, RuleText, SceneText};
use crate::course::SceneId;
use crate::reactive::*;
#[cfg(any(feature = "csr", feature = "ssr"))]
use crate::route::Route;

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
    scenes: Shelf<SceneText>,
    hooks: Shelf<HookText>,
    practices: Shelf<PracticeText>,
    rules: Shelf<Vec<RuleText>>,
}

/// Files of one type, by name.
#[derive(Debug)]
struct Shelf<T: Send + Sync + 'static>(RwSignal<LiteMap<String, Load<Arc<T>>>>);

impl<T: Send + Sync + 'static> Clone for Shelf<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Shelf<T> {}

impl Content {
    #[must_use]
    pub fn new() -> Self {
        Content { scenes: Shelf::new(), hooks: Shelf::new(), practices: Shelf::new(), rules: Shelf::new() }
    }

    /// The one of the surrounding page.
    #[must_use]
    pub fn use_context() -> Self {
        use_context::<Content>().unwrap_or_default()
    }

    /// The scene's words; asks for them if nobody has.
    pub fn scene(self, scene: SceneId) -> Load<Arc<SceneText>> {
        self.scenes.get(&scene_file(scene))
    }

    /// What opens the scene, alone; asks for it if nobody has.
    pub fn hook(self, scene: SceneId) -> Load<Arc<HookText>> {
        self.hooks.get(&hook_file(scene))
    }

    /// What there is to do after the scene's beats; asks for it if nobody has.
    pub fn practice(self, scene: SceneId) -> Load<Arc<PracticeText>> {
        self.practices.get(&practice_file(scene))
    }

    /// The rules' source text; asks for it if nobody has.
    pub fn rules(self) -> Load<Arc<Vec<RuleText>>> {
        self.rules.get("rules.bin")
    }

    /// Forgets what could not be fetched of a scene, so that it is asked for again.
    pub fn again(self, scene: SceneId) {
        self.scenes.forget(&scene_file(scene));
        self.hooks.forget(&hook_file(scene));
    }

    /// As [`Content::again`], of the scene's practice.
    pub fn practice_again(self, scene: SceneId) {
        self.practices.forget(&practice_file(scene));
    }

    /// Fetches what a page shows first and keeps it; the shell waits for this before it takes the place of the built
    /// page.
    #[cfg(feature = "csr")]
    pub async fn fetch_for(self, route: &Route) {
        match route {
            Route::Front => self.hooks.fetch(hook_file(SceneId::SHOWN_FIRST)).await,
            Route::Scene { scene, .. } | Route::Embed { scene, .. } if scene.is_written() => {
                self.scenes.fetch(scene_file(*scene)).await;
            }
            _ => {}
        }
    }
}

/// The file that a page needs before it can be shown.
#[cfg(feature = "ssr")]
#[must_use]
pub fn file_for(route: &Route) -> Option<String> {
    match route {
        Route::Front => Some(hook_file(SceneId::SHOWN_FIRST)),
        Route::Scene { scene, .. } => Some(scene_file(*scene)),
        _ => None,
    }
}

fn hook_file(scene: SceneId) -> String {
    format!("{scene}-hook.bin")
}

fn scene_file(scene: SceneId) -> String {
    format!("{scene}.bin")
}

fn practice_file(scene: SceneId) -> String {
    format!("{scene}-practice.bin")
}

impl<T: DeserializeOwned + Send + Sync + 'static> Shelf<T> {
    fn new() -> Self {
        Shelf(RwSignal::new(LiteMap::new()))
    }

    /// The file; asks for it if nobody has.
    fn get(self, name: &str) -> Load<Arc<T>> {
        if !self.0.with_untracked(|files| files.contains_key(name)) {
            self.want(name.to_owned());
        }
        self.0.with(|files| files.get(name).cloned().unwrap_or(Load::Loading))
    }

    fn forget(self, name: &str) {
        self.0.update(|files| {
            files.remove(name);
        });
    }

    #[cfg(feature = "csr")]
    fn want(self, name: String) {
        self.0.update_untracked(|files| {
            files.insert(name.clone(), Load::Loading);
        });
        wasm_bindgen_futures::spawn_local(self.fetch(name));
    }

    #[cfg(feature = "csr")]
    async fn fetch(self, name: String) {
        let bytes = super::fetch::fetch(&name).await;
        let file = bytes.and_then(|bytes| super::fetch::read(&name, &bytes));
        let load = file.map_or_else(Load::Failed, |file| Load::Ready(Arc::new(file)));
        self.0.update(|files| {
            files.insert(name, load);
        });
    }

    #[cfg(all(feature = "ssr", not(feature = "csr")))]
    fn want(self, name: String) {
        let load = super::fetch::built_in(&name).map_or_else(Load::Failed, |file| Load::Ready(Arc::new(file)));
        self.0.update_untracked(|files| {
            files.insert(name, load);
        });
    }

    #[cfg(not(any(feature = "csr", feature = "ssr")))]
    fn want(self, _: String) {}
}

impl Default for Content {
    fn default() -> Self {
        Content::new()
    }
}
