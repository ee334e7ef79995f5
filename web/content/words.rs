//! The words around the scenes: of the header, the settings, the help, the notices, the drawer.

pub(crate) const LAB: &str = "Build your own Kafka";
pub(crate) const SITE_TITLE: &str = "Build Kafka: the visual lab";
#[cfg(feature = "ssr")]
pub(crate) const SITE_DESCRIPTION: &str = "A log, its replicas, its writers and readers, run in the page. \
    Play it, stop it, go back, change one thing, and ask of anything why it happened.";
pub(crate) const SKIP: &str = "Skip to the page";

pub(crate) mod course {
    pub(crate) const LABEL: &str = "Course";
    pub(crate) const NOT_WRITTEN: &str = "not written yet";
    pub(crate) const FINISHED: &str = "finished";
    pub(crate) const HERE: &str = "you are here";
    pub(crate) const HEADING: &str = "The course";
    pub(crate) const EXPLAINED: &str = "Thirteen scenes, about seven minutes each. \
        Those in grey are not written yet and can't be entered.";
}

pub(crate) mod front {
    pub(crate) const HEADING: &str = "Kafka is a log. Watch it run.";
    pub(crate) const LEAD: &str = "A leader, a follower, one producer, two consumers. \
        Nothing here is drawn by hand: a small Kafka runs in the page, and what it says happened is shown.";
    pub(crate) const TIME: &str = "Time is a place. Play, stop, step back. Drag the line under the stage to any \
        event and everything stands as it stood then.";
    pub(crate) const WHY: &str = "Click anything on the stage. Under it stands what happened, why, the bytes, \
        and the line of code that decided.";
    pub(crate) const BEGIN: &str = "Begin: ";
}

pub(crate) mod not_found {
    pub(crate) const HEADING: &str = "Nothing is kept at this address";
    pub(crate) const WANTED: &str = "You asked for ";
    pub(crate) const EXISTS: &str = "These can be read:";
    pub(crate) const FRONT: &str = "The front page";
    pub(crate) const PLANNED: &str = "A scene of that name is planned. It is not written yet.";
}

pub(crate) mod settings {
    pub(crate) const BUTTON: &str = "Aa";
    pub(crate) const LABEL: &str = "Reading settings";
    pub(crate) const THEME: &str = "Paper";
    pub(crate) const THEMES: [(&str, &str); 3] = [("system", "As the system"), ("light", "Light"), ("dark", "Dark")];
    pub(crate) const TEXT: &str = "Text";
    pub(crate) const TEXTS: [(&str, &str); 2] = [("normal", "Normal"), ("larger", "Larger")];
    pub(crate) const MOTION: &str = "Motion";
    pub(crate) const MOTIONS: [(&str, &str); 2] = [("system", "As the system"), ("reduced", "None")];
    pub(crate) const KEPT: &str = "Kept in this browser. Nothing leaves it.";
    pub(crate) const NOT_KEPT: &str = "This browser does not let the page keep anything: the settings hold until you \
        leave.";
}

pub(crate) mod help {
    pub(crate) const LABEL: &str = "Keys";
    pub(crate) const BUTTON: &str = "?";
    pub(crate) const CLOSE: &str = "Close";
    /// Besides those that play, which the player lists.
    pub(crate) const KEYS: [(&str, &str); 1] = [("?", "This list")];
}

pub(crate) mod notices {
    pub(crate) const LOADING: &str = "Fetching the scene\u{2026}";
    pub(crate) const NOT_LOADED: &str = "This scene's text could not be fetched.";
    pub(crate) const PART_NOT_LOADED: &str = "This part of the page could not be fetched. ";
    pub(crate) const AGAIN: &str = "Try again";
    #[cfg(feature = "csr")]
    pub(crate) const PANIC: &str = "The lab has stopped: there is a mistake in it. \
        This link opens the page where you were: ";
}

pub(crate) mod scene {
    pub(crate) const MINUTES: &str = "min";
    pub(crate) const BEATS: &str = "Steps";
    pub(crate) const STAGE: &str = "Stage";
    pub(crate) const CONTINUE: &str = "Continue";
    pub(crate) const BACK: &str = "Back";
    pub(crate) const REPLAY: &str = "Replay";
    pub(crate) const COMMIT: &str = "Commit answer";
    pub(crate) const SHOW_ME: &str = "Show me";
    pub(crate) const ANSWER: &str = "Your answer, an offset";
    pub(crate) const ANSWER_NUMBER: &str = "Your answer, a number";
    pub(crate) const LESS: &str = "One offset less";
    pub(crate) const MORE: &str = "One offset more";
    pub(crate) const NUMBER_LESS: &str = "One less";
    pub(crate) const NUMBER_MORE: &str = "One more";
    pub(crate) const RIGHT: &str = "Yes. It stands at ";
    pub(crate) const WRONG: (&str, &str) = ("You said ", ". It stands at ");
    pub(crate) const SHOWN: &str = "It stands at ";
    pub(crate) const DECIDED: &str = "What decided it: ";
    pub(crate) const NOT_TOUCHED: &str = "Nothing in this step moved it. What moved it last: ";
    pub(crate) const NEVER_TOUCHED: &str = "Nothing has ever moved it.";
    pub(crate) const ASK_AGAIN: &str = "Ask me again";
    pub(crate) const DONE: &str = "That is the whole run. Go back anywhere, or change something.";
}

pub(crate) mod sharing {
    pub(crate) const SHARE: &str = "Link to this moment";
    pub(crate) const ADDRESS: &str = "The link";
    pub(crate) const COPIED: &str = "Copied.";
    pub(crate) const COPY_IT: &str = "Copy it from here.";
    pub(crate) const NOT_WHOLE: &str = "Something is wrong with this link. What could be read of it is shown.";
    pub(crate) const OTHER_ENGINE: &str = "It was made by another version of the lab: the same script comes to another \
        state here.";
}

pub(crate) mod drawer {
    pub(crate) const LABEL: &str = "About this moment";
    pub(crate) const OPEN: &str = "Look closer";
    pub(crate) const CLOSE: &str = "Close";
    pub(crate) const STORY: &str = "Story";
    pub(crate) const WHY: &str = "Why";
    pub(crate) const BYTES: &str = "Bytes";
    pub(crate) const CODE: &str = "Code";
    pub(crate) const SCRIPT: &str = "Script";
    pub(crate) const ROUTINE: &str = "Routine events too";
    pub(crate) const NOTHING_YET: &str = "Nothing has happened yet.";
    pub(crate) const BECAUSE: &str = "because";
    pub(crate) const RESTS_ON: &str = "and it rested on";
    pub(crate) const NOT: &str = "What has not happened";
    pub(crate) const WHY_HINT: &str = "Click a mark, a record or a message on the stage to ask about it.";
    pub(crate) const BYTES_HINT: &str = "Click a record or a batch on the stage to see its bytes.";
    pub(crate) const BATCH_AT: &str = "Batch at";
    pub(crate) const ON_BROKER: &str = "on broker";
    pub(crate) const BATCH_IN: &str = "Batch in";
    pub(crate) const BYTES_LONG: &str = "bytes";
    pub(crate) const RECORD: &str = "record";
    pub(crate) const BYTES_FIELD: &str = "Field";
    pub(crate) const BYTES_RANGE: &str = "Bytes";
    pub(crate) const BYTES_HEX: &str = "Hex";
    pub(crate) const BYTES_VALUE: &str = "Value";
    pub(crate) const CODE_HINT: &str = "No rule decided this event. Step on, or choose an event of the story.";
    pub(crate) const CODE_LINE: &str = "this line decided";
    pub(crate) const SCRIPT_LABEL: &str = "The run's script";
    pub(crate) const SCRIPT_EDIT: &str = "Change the text";
    pub(crate) const SCRIPT_READ: &str = "Back to the lines";
    pub(crate) const SCRIPT_PLAY: &str = "Play this text";
    pub(crate) const SCRIPT_GOOD: &str = "Every line is understood.";
}

pub(crate) mod acting {
    pub(crate) const LABEL: &str = "Change something here";
    pub(crate) const BACK: &str = "Back to the lesson";
    pub(crate) const FORKED: &str = "Your own run, from event ";
    pub(crate) const OWN_SCRIPT: &str = "Your own script.";
    pub(crate) const SEND: &str = "Send";
    pub(crate) const LET: &str = "Let";
    pub(crate) const FETCH: &str = "fetch";
    pub(crate) const POLL: &str = "poll";
    pub(crate) const COMMIT: &str = "commit";
    pub(crate) const DELIVER: &str = "Deliver";
    pub(crate) const DROP: &str = "Lose";
    pub(crate) const SAME: &str = "Nothing differs from the lesson yet.";
    pub(crate) const DIFFERS: &str = "The first difference. ";
    pub(crate) const ONLY_LESSON: &str = "In the lesson: ";
    pub(crate) const ONLY_YOURS: &str = "In yours: ";
    pub(crate) const NOT_THERE: &str = "it does not happen.";
}
