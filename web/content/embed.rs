//! What a frame says of itself.

pub(super) const HEADING: &str = "There is no stage at this address";
pub(super) const WANTED: &str = "The page around this frame asked for ";
pub(super) const EXPECTED: &str = "It can ask for these:";
pub(super) const ENGLISH_ONLY: (&str, &str) =
    ("The page around this frame asked for the language \u{201c}", "\u{201d}. The lab speaks English only, so far.");
