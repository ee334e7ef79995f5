//! The words on and around the stage and its transport.

pub(crate) mod stage {
    pub(crate) const LABEL: &str = "Stage. Arrow keys go from thing to thing, Enter chooses, Escape leaves";
    /// After a length of time: "44 s pass".
    pub(crate) const PASSES: &str = "pass";
}

pub(crate) mod transport {
    use crate::player::BeatKind;

    pub(crate) const LABEL: &str = "Playing";
    pub(crate) const PLAY: &str = "Play";
    pub(crate) const PAUSE: &str = "Pause";
    pub(crate) const BACK: &str = "Back";
    pub(crate) const STEP: &str = "Step";
    pub(crate) const MORE: &str = "More controls";
    pub(crate) const SPEED: &str = "Speed";
    pub(crate) const TRACK: &str = "Place in the run";
    pub(crate) const EVENT: &str = "event";
    pub(crate) const OF: &str = "of";
    pub(crate) const KIND: &str = "Kind of event";
    pub(crate) const PREVIOUS: &str = "Previous of this kind";
    pub(crate) const NEXT: &str = "Next of this kind";
    pub(crate) const FORK: &str = "Fork here";
    pub(crate) const FORKED: &str = "yours from event";

    /// What is jumped to, as a choice in a list.
    pub(crate) fn kind(kind: BeatKind) -> &'static str {
        match kind {
            BeatKind::Command => "command",
            BeatKind::Append => "append",
            BeatKind::MarkMoved => "mark moves",
            BeatKind::Sent => "message leaves",
            BeatKind::Arrived => "message arrives",
            BeatKind::Dropped => "message lost",
            BeatKind::Acknowledged => "acknowledged",
            BeatKind::Read => "read",
            BeatKind::Committed => "offset committed",
            BeatKind::Fault => "fault",
            BeatKind::Leadership => "leadership",
            BeatKind::Other => "other",
        }
    }
}

pub(crate) mod keys {
    use crate::player::KeyAction;

    /// What a key does, for the list behind `?`.
    pub(crate) fn does(action: KeyAction) -> &'static str {
        match action {
            KeyAction::Toggle => "Play or pause",
            KeyAction::Step => "One event on",
            KeyAction::Back => "One event back",
            KeyAction::Next => "To the next event of the kind that is chosen",
            KeyAction::Previous => "To the one before",
            KeyAction::Start => "To the beginning",
            KeyAction::End => "To the end",
            KeyAction::Compare => "Compare: both runs beside each other, or one alone",
            KeyAction::Fork => "Fork: change something here, or go back to the lesson",
        }
    }
}
