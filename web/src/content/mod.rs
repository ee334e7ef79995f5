//! The words of the scenes and the text of the rules: files of their own, fetched when they are first needed.

mod fetch;
pub mod model;
mod store;
#[cfg(all(test, feature = "ssr"))]
mod tests;

pub(crate) use fetch::late_address;
pub use model::{
    Ask, BeatText, Block, BuildText, ChallengeText, ChoiceText, HookText, Inline, MythText, PartHead, PartKind,
    PracticeText, RuleText, SceneText, SearchText, WayText, WorldText,
};
#[cfg(feature = "ssr")]
pub use store::file_for;
pub use store::{Content, Load};

// What build.rs found in `content`: the list of scenes, and the files.
include!(concat!(env!("OUT_DIR"), "/content.rs"));

impl PracticeText {
    /// The mark from which on a run is watched, if it is not its start.
    pub(crate) const SHOW: &'static str = "show";
}

impl ChallengeText {
    /// The mark where the learner takes over, if it is not the script's end.
    pub(crate) const HERE: &'static str = "here";

    /// The script with these commands done where the learner takes over.
    #[must_use]
    pub fn with(&self, commands: &str) -> String {
        let here = format!("mark {}\n", Self::HERE);
        match self.script.split_once(&here) {
            Some((before, to_come)) => format!("{before}{here}{commands}\n{to_come}"),
            None => format!("{}\n{commands}", self.script),
        }
    }
}
