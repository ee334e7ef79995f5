//! The words of the scenes and the text of the rules: files of their own, fetched when they are first needed.

mod fetch;
pub mod model;
mod store;
#[cfg(all(test, feature = "ssr"))]
mod tests;

pub(crate) use fetch::late_address;
pub use model::{
    Ask, BeatText, Block, BuildText, ChallengeText, ChoiceText, HookText, Inline, MythText, PartHead, PartKind,
    PracticeText, RuleText, SceneText, SearchText, WorldText,
};
#[cfg(feature = "ssr")]
pub use store::file_for;
pub use store::{Content, Load};

// What build.rs found in `content`: the list of scenes, and the files.
include!(concat!(env!("OUT_DIR"), "/content.rs"));
