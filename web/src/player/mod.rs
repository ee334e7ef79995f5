//! Playing a run: which moment is shown, and how presentation time passes.

pub mod beat;
pub mod clock;
pub mod playback;
#[expect(clippy::module_inception, reason = "the player is what this module is about")]
pub mod player;
pub mod reel;

pub use beat::{Beat, BeatKind, Moment};
pub use clock::{Idle, Schedule};
pub use playback::Playback;
pub use player::{Player, PlayerCommand, SPEEDS};
pub use reel::Reel;
