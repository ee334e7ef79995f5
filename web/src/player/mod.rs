//! Playing a run: which moment is shown, and how presentation time passes.

pub mod beat;
pub mod playback;
pub mod reel;

pub use beat::{Beat, BeatKind, Moment};
pub use playback::Playback;
pub use reel::Reel;
