//! The stage: layers drawn from a frame.
