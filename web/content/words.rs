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
    pub(crate) const LEAD: &str = "The same ten orders lie in a queue and in a log. Two programs read them all. Then a \
        third one comes.";
    pub(crate) const TIME: &str = "Nothing here is drawn by hand: a small Kafka runs in the page, and what it says \
        happened is shown. Time is a place: play, stop, step back.";
    pub(crate) const WHY: &str = "Click anything on a stage. Under it stands what happened, why, the bytes, and the \
        line of code that decided.";
    pub(crate) const BEGIN: &str = "Begin: ";
    pub(crate) const OR: &str = "Or see first how ";
    pub(crate) const OR_ELSE: &str = ", or try things out in the ";
    pub(crate) const SANDBOX: &str = "sandbox";
    pub(crate) const OR_BREAK: &str = ", or ";
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
    pub(crate) const FORGET: &str = "Begin the course anew";
    pub(crate) const FORGOTTEN: &str = "What you had finished is forgotten. ";
    pub(crate) const REMEMBER: &str = "Undo";
    pub(crate) const NOT_KEPT: &str = "This browser does not let the page keep anything: settings and progress hold \
        until you leave.";
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
    pub(crate) const PRACTICE: &str = "Now you";
    pub(crate) const BEGIN: &str = "Begin";
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
    pub(crate) const ANSWER_BROKER: &str = "Your answer, a broker";
    pub(crate) const ANSWER_BROKERS: &str = "Your answer, brokers";
    pub(crate) const ANSWER_FATE: &str = "Your answer, what comes of the record";
    pub(crate) const BROKER: &str = "broker ";
    /// To a right answer, to a wrong one and behind it, to none.
    pub(crate) const NUMBER_SAID: [&str; 4] = ["Yes. It stands at ", "You said ", ". It stands at ", "It stands at "];
    pub(crate) const BROKERS_SAID: [&str; 4] = ["Yes: ", "You said ", ". It is ", "It is "];
    pub(crate) const DECIDED: &str = "What decided it: ";
    pub(crate) const NOT_TOUCHED: &str = "Nothing in this step moved it. What moved it last: ";
    pub(crate) const NEVER_TOUCHED: &str = "Nothing has ever moved it.";
    pub(crate) const ASK_AGAIN: &str = "Ask me again";
    pub(crate) const DONE: &str = "That is the whole run. Go back anywhere, or change something.";
}

pub(crate) mod hook {
    pub(crate) const LABEL: &str = "The same run in two worlds";
    pub(crate) const PLAY: &str = "Play";
    pub(crate) const PAUSE: &str = "Pause";
}

pub(crate) mod practice {
    pub(crate) const CHOOSE: &str = "Versions of the rule";
    pub(crate) const TROUBLES: &str = "What happens to it";
    pub(crate) const RULE: &str = "What is chosen is the argument of ";
    pub(crate) const HOLDS: &str = "It holds: ";
    pub(crate) const HOLDS_NOT: &str = "Not yet: ";
    pub(crate) const KEPT: &str = "The promise is kept.";
    pub(crate) const BROKEN: &str = "The promise is broken.";
    pub(crate) const KAFKAS: &str = " This is what Kafka does.";
    pub(crate) const NOT_ALWAYS: &str = " Something else that can happen breaks it.";
    pub(crate) const HOW: &str = "It is on the stage. Act under it, by button or by command. All of this must hold:";
    pub(crate) const REACHED: (&str, &str) = ("Done. Commands that took, without waiting: ", ". Par: ");
    pub(crate) const WAS_SHOWN: &str = "That is one way. Begin again, and find yours.";
    pub(crate) const WAYS: &str = "Ways found: ";
    pub(crate) const SOLVED_BEFORE: &str = "You have solved this before.";
    pub(crate) const UNDO: &str = "Undo";
    pub(crate) const AGAIN: &str = "Begin again";
    pub(crate) const SOLUTION: &str = "Show a way";
    pub(crate) const HINT: &str = "Hint";
    pub(crate) const OF: &str = "of";
    pub(crate) const SHOW_ME: &str = "Show me";
    pub(crate) const CARD_KEPT: &str = "You keep this card for scene 09, where the knobs are picked.";
    pub(crate) const CARD_NOT_YET: &str = "Play the last step to its end and the card is yours, for scene 09.";
}

pub(crate) mod sandbox {
    pub(crate) const HEADING: &str = "Sandbox";
    pub(crate) const BACK: &str = "Back to where it began";
    pub(crate) const LEAD: &str = "A stage of your own. Everything that a scene can do can be done here, by button or \
        by command.";
    pub(crate) const TEXT: [&str; 3] = [
        "Under the stage, open \u{201c}Change something here\u{201d}. Each act makes a new run; the one before is an \
            undo away. Messages arrive by themselves. To move each one by hand, say \u{201c}schedule hand\u{201d}.",
        "The whole script stands under \u{201c}Look closer\u{201d}. Change its text, paste another, play it.",
        "Any moment of any scene opens here with what has happened so far. A link to this moment carries the run with \
            it, and nothing is sent anywhere.",
    ];
}

pub(crate) mod terminal {
    pub(crate) const LABEL: &str = "A command, such as: send p1 key=ada value=+50";
    pub(crate) const LOG: &str = "Commands so far";
    pub(crate) const HELP: &str = "Enter carries out, Tab completes, arrows bring back what was typed, Escape clears; \
        on an empty line Tab moves on.";
    pub(crate) const EVENT: &str = "event";
    pub(crate) const EVENTS: &str = "events";
    pub(crate) const COLUMN: &str = "column";
    pub(crate) const FOUND: &str = "found";
    pub(crate) const ENDS: &str = "the line ends here";
    pub(crate) const EXPECTED: &str = "expected";
}

pub(crate) mod sharing {
    pub(crate) const SHARE: &str = "Link to this moment";
    pub(crate) const SANDBOX: &str = "Open in the sandbox";
    pub(crate) const ADDRESS: &str = "The link";
    pub(crate) const COPIED: &str = "Copied.";
    pub(crate) const COPY_IT: &str = "Copy it from here.";
    pub(crate) const NOT_WHOLE: &str = "Something is wrong with this link. What could be read of it is shown.";
    pub(crate) const OTHER_ENGINE: (&str, &str, &str) = (
        "It was made by another version of the lab. Up to event ",
        " the same script comes to the same state; by event ",
        " it does not.",
    );
}

pub(crate) mod compare {
    pub(crate) const LABEL: &str = "Two runs beside each other";
    pub(crate) const COMPARE: &str = "Compare";
    pub(crate) const LEAVE: &str = "Stop comparing";
    pub(crate) const LETTERS: [&str; 2] = ["A", "B"];
    pub(crate) const LESSON: &str = "the lesson";
    pub(crate) const BEFORE: &str = "where it began";
    pub(crate) const YOURS: &str = "yours";
    pub(crate) const SAME: &str = "The two runs are the same.";
    pub(crate) const FIRST: &str = "First difference at ";
    pub(crate) const NOTHING: &str = "it does not happen.";
    pub(crate) const PREVIOUS: &str = "Previous difference";
    pub(crate) const NEXT: &str = "Next difference";
    pub(crate) const CHOICE: &str = "What is shown";
    pub(crate) const DIFFERENCE: &str = "Difference";
    pub(crate) const NOW: &str = "What differs now";
    pub(crate) const NOW_SAME: &str = "At this moment both show the same.";
    pub(crate) const ABOUT: &str = "Where";
    pub(crate) const LIST: &str = "Where each thing first went another way";
    pub(crate) const IN_STEP: &str = "Both runs stand at the same virtual time. What happens in one alone is shown \
        while the other waits; time is skipped only where nothing happens in either.";
    pub(crate) const MORE: &str = "more";
    pub(crate) const EVENTS: &str = "events";
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
    pub(crate) const SPACE_TIME: &str = "Space-time";
    pub(crate) const METRICS: &str = "Metrics";
    pub(crate) const OF_YOURS: &str = "Of run B, the one that is shown.";
    pub(crate) const DIFFERENCES: &str = "Differences";
    pub(crate) const ROUTINE: &str = "Routine events too";
    pub(crate) const NOTHING_YET: &str = "Nothing has happened yet.";
    pub(crate) const BECAUSE: &str = "because";
    pub(crate) const RESTS_ON: &str = "and it rested on";
    pub(crate) const NOT: &str = "What has not happened";
    pub(crate) const WHY_HINT: &str = "Click a broker, a mark, a record or a message on the stage to ask about it.";
    pub(crate) const HELPS: &str = "What would have to happen: ";
    pub(crate) const ALL_WELL: &str = "Nothing is waited for here.";
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

pub(crate) mod space_time {
    pub(crate) const LABEL: &str = "Space-time diagram. Arrow keys go from event to event, Enter goes there, Escape \
        leaves";
    pub(crate) const WHY: &str = "Why?";
    pub(crate) const EARLIER: &str = "Earlier";
    pub(crate) const LATER: &str = "Later";
    pub(crate) const IN_WORDS: &str = "In words";
}

pub(crate) mod metrics {
    pub(crate) const NAME: &str = "Metric";
    pub(crate) const TOTAL: &str = "Now";
    pub(crate) const EACH: &str = "Reported by";
    pub(crate) const PLOT: &str = "The metric over the run. Arrow keys go from change to change";
    pub(crate) const SOURCE: &str = "In Kafka: ";
    pub(crate) const AT: &str = "After event";
    pub(crate) const NOT_YET: &str = "Nothing is reported yet.";
    pub(crate) const IN_WORDS: &str = "Every change so far";
}

pub(crate) mod acting {
    pub(crate) const LABEL: &str = "Change something here";
    pub(crate) const BACK: &str = "Back to the lesson";
    pub(crate) const COMPARE: &str = "Compare both runs";
    pub(crate) const FORKED: &str = "Your own run, from event ";
    pub(crate) const OWN_SCRIPT: &str = "A run of its own; the one before it is kept.";
    /// Alone, and beside who does it.
    pub(crate) const SEND: (&str, &str) = ("Send", "send");
    pub(crate) const LET: &str = "Let";
    pub(crate) const FETCH: &str = "fetch";
    pub(crate) const POLL: &str = "poll";
    pub(crate) const COMMIT: &str = "commit";
    pub(crate) const SEEK: &str = "seek";
    pub(crate) const RUN: &str = "run";
    pub(crate) const RULE: &str = "rule";
    pub(crate) const KEEP: &str = "keep what was read";
    pub(crate) const DELETE: &str = "delete what was acknowledged";
    pub(crate) const TIME: &str = "time";
    pub(crate) const PASSES: &str = "let 100 ms pass";
    pub(crate) const LET_PASS: &str = "Let 100 ms pass";
    pub(crate) const PASSES_LONG: &str = "let 10 s pass";
    pub(crate) const LET_PASS_LONG: &str = "Let 10 s pass";
    pub(crate) const UNDO: &str = "Undo";
    pub(crate) const DELIVER: (&str, &str) = ("Deliver", "deliver");
    pub(crate) const DROP: (&str, &str) = ("Lose", "lose");
    pub(crate) const UPON: &str = "act upon";
    pub(crate) const NOTHING: &str = "Nothing can be done to it now.";
    pub(crate) const LINK: &str = "link";
    pub(crate) const MESSAGES: &str = "messages";
    pub(crate) const MARK: &str = "high watermark";
    pub(crate) const RULES: &str = "rules";
    pub(crate) const IN_SYNC: &str = "ISR";
    pub(crate) const CRASH: &str = "crash";
    pub(crate) const LOSE_POWER: &str = "lose power with what is not flushed";
    pub(crate) const START: &str = "start";
    pub(crate) const STOP: &str = "stop cleanly";
    pub(crate) const FREEZE: &str = "freeze";
    pub(crate) const THAW: &str = "thaw";
    pub(crate) const FENCE: &str = "fence";
    pub(crate) const SLOW_DISK: &str = "slow its disk";
    pub(crate) const FAST_DISK: &str = "mend its disk";
    pub(crate) const WIPE: &str = "wipe its disk";
    pub(crate) const SYNC: &str = "flush its disk";
    pub(crate) const LEARN: &str = "fetch metadata";
    pub(crate) const HEARTBEAT: &str = "send a heartbeat";
    pub(crate) const REGISTER: &str = "register";
    pub(crate) const CHECK_ISR: &str = "look for late replicas";
    pub(crate) const CUT_OFF: &str = "cut off from all";
    pub(crate) const CONNECT: &str = "connect again";
    pub(crate) const CUT: &str = "cut";
    pub(crate) const HEAL: &str = "heal";
    pub(crate) const CUT_BOTH: &str = "cut both ways";
    pub(crate) const HEAL_BOTH: &str = "heal both ways";
    pub(crate) const LOSE_NEXT: &str = "lose the next";
    pub(crate) const LOSE_NEXT_TOO: &str = "lose the next of its kind";
    pub(crate) const ADD_REPLICA: &str = "give it a replica";
    pub(crate) const REMOVE_REPLICA: &str = "take its replica away";
    pub(crate) const ELECT_PREFERRED: &str = "elect the preferred leader";
    pub(crate) const ELECT_UNCLEAN: &str = "elect any live replica";
    pub(crate) const COMMIT_RULE: &str = "commit rule:";
    pub(crate) const TRUNCATION_RULE: &str = "truncation rule:";
    pub(crate) const SAME: &str = "Nothing differs yet.";
    pub(crate) const DIFFERS: &str = "The first difference. ";
    pub(crate) const ONLY_BEFORE: &str = "Without it: ";
    pub(crate) const ONLY_YOURS: &str = "In yours: ";
    pub(crate) const NOT_THERE: &str = "it does not happen.";
}
