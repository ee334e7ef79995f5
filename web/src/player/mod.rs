//! Playing a run: which moment is shown, and how presentation time passes.

pub mod beat;
pub mod clock;
pub mod keys;
pub mod playback;
#[expect(clippy::module_inception, reason = "the player is what this module is about")]
pub mod player;
pub mod reel;
pub mod track;
pub mod transport;

pub use beat::{Beat, BeatKind, Moment};
pub use clock::{Idle, Schedule};
pub use keys::{KEYS, Key, KeyAction};
pub use playback::Playback;
pub use player::{Player, PlayerCommand, SPEEDS};
pub use reel::Reel;
pub use track::{TickStyle, Track};
pub(crate) use transport::asked_by;
pub use transport::{Forking, transport};
