//! What can be played: a line of events, and the frame of any moment between them.

use std::fmt;
use std::sync::Arc;

use kafka_lab::frame::Frame;

use super::beat::{Beat, Moment};

type FrameAt = dyn Fn(Moment) -> Frame + Send + Sync;
type PlaceAt = dyn Fn(Moment) -> String + Send + Sync;

/// A run as the player sees it. Cheap to clone.
#[derive(Clone)]
pub struct Reel {
    pub beats: Arc<[Beat]>,
    frame_at: Arc<FrameAt>,
    /// What a moment is called, where it is not simply so many events.
    pub place_at: Option<Arc<PlaceAt>>,
}

impl Reel {
    /// `frame_at` answers for every moment from 0 to `beats.len()`.
    pub fn new(beats: Vec<Beat>, frame_at: impl Fn(Moment) -> Frame + Send + Sync + 'static) -> Self {
        Reel { beats: beats.into(), frame_at: Arc::new(frame_at), place_at: None }
    }

    /// Nothing to play: one empty frame.
    #[must_use]
    pub fn empty() -> Self {
        Reel::new(Vec::new(), |_| Frame::default())
    }

    /// The moment after the last event.
    #[must_use]
    pub fn end(&self) -> Moment {
        Moment(self.beats.len())
    }

    #[must_use]
    pub fn frame_at(&self, moment: Moment) -> Frame {
        (self.frame_at)(moment.min(self.end()))
    }
}

impl fmt::Debug for Reel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reel").field("events", &self.beats.len()).finish_non_exhaustive()
    }
}
