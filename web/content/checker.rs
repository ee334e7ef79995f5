//! The words of "Break my settings". What happens in a run is the core's to say.

use kafka_lab::checker::durability::Harm;
use kafka_lab::worst_case::Knob;

pub(crate) const LINK: &str = "break your settings";
pub(crate) const HEADING: &str = "Break my settings";
pub(crate) const LEAD: &str = "Set the knobs of a topic and ask for the worst. Every schedule of steps and faults is \
    tried, the cheapest first, until an acknowledged record is lost, or none is left to try.";
#[cfg(feature = "ssr")]
pub(crate) const NEEDS_SCRIPT: &str = "The search runs in the page, so it needs a browser that runs WebAssembly.";

pub(super) const QUESTION: &str = "The question";
pub(super) const SETTINGS: &str = "Settings";
pub(super) const HOW_FAR: &str = "How far to look";
pub(super) const SEARCH: &str = "Search";
pub(super) const CANCEL: &str = "Cancel";
pub(super) const LINK_TO_IT: &str = "Link to this question";
pub(super) const NOT_UNDERSTOOD: &str = "Not all of this link is understood. What could be read of it is set.";
pub(super) const NO_WORKER: &str = "The search has stopped: ";
pub(super) const AGAIN: &str = "Try again";
pub(super) const SEARCHING: &str = "Searching.";
pub(super) const CHANGED: &str = "The settings have changed since. Search again for their answer.";

/// What a knob is, under its name; and what its values are called, where they are not called as in a link.
pub(super) fn of_knob(knob: Knob) -> (&'static str, &'static str) {
    match knob {
        Knob::Replicas => ("replication.factor", "Copies of the partition, one a broker."),
        Knob::Acks => ("acks", "Whose word the producer waits for: nobody\u{2019}s, the leader\u{2019}s, all in sync."),
        Knob::MinIsr => ("min.insync.replicas", "How many must be in sync before acks=all may be answered."),
        Knob::Unclean => ("unclean.leader.election.enable", "May a replica lead that was not in sync?"),
        Knob::Elr => ("eligible.leader.replicas.version", "KIP-966: who left a set that was too small is remembered."),
        Knob::Truncation => ("truncation", "How a follower gets rid of what its new leader lacks."),
        Knob::PowerLoss => ("power loss", "Can a crash take records that were not flushed to disk?"),
        Knob::InSync => ("in sync at the start", "The rest were taken for dead, and have not fetched since."),
        Knob::Faults => ("faults", "Crashes, false alarms, operator\u{2019}s acts."),
        Knob::Records => ("records", "Written at most."),
        Knob::Epochs => ("leader epochs", "The first one counted."),
        Knob::Without => ("faults left out", "None of these happens. Power loss is a setting above."),
        Knob::Harm => ("what counts", "The harm that is looked for."),
    }
}

pub(super) fn of_value(knob: Knob, value: &str) -> String {
    let said = match (knob, value) {
        (Knob::PowerLoss, "false") => "no",
        (Knob::PowerLoss, "true") => "yes",
        (Knob::Truncation, "high-watermark") => "to the mark",
        (Knob::Truncation, "kip-101") => "KIP-101",
        (Knob::Truncation, "kip-279") => "KIP-279",
        (Knob::Truncation, "kip-320") => "KIP-320",
        (Knob::Without, "crash") => "process crashes",
        (Knob::Without, "fence") => "working brokers taken for dead",
        (Knob::Without, "drop-follower") => "working followers dropped",
        (Knob::Without, "elect-preferred") => "preferred elections",
        (Knob::Harm, "lost") => "acknowledged, and the leader lacks it",
        (Knob::Harm, "gone") => "acknowledged, and on no disk",
        (Knob::Harm, "diverged") => "two logs differ below both marks",
        _ => value,
    };
    said.to_owned()
}

pub(super) const RESULT: &str = "The answer";
pub(super) const PLAY: &str = "Play it on the stage";
pub(super) const PLAY_STOP: &str = "Play this on the stage";
pub(super) const SANDBOX: &str = "Open in the sandbox";
pub(super) const NOT_PLAYED: &str = "The lab\u{2019}s world does not play this run; it is the checker\u{2019}s alone.";
pub(super) const RUN: &str = "The run";
pub(super) const FAULT: &str = "fault";
pub(super) const PROMISED: &str = "promised";
pub(super) const NO_RETURN: (&str, &str) =
    ("The point of no return. From here on no leader has ", " again, unless something else fails or an operator acts.");
pub(super) const SAVED: &str = "What would have saved it";
pub(super) const SAVED_NOTE: &str = "Each is searched anew with one knob turned, within as many faults. Then the run \
    is followed as far as it goes.";
pub(super) const SAVED_BY_NONE: &str = "No knob alone.";
pub(super) const SAVED_NOT: &str = "Would not have saved it";
pub(super) const AT_STEP: &str = "At step ";
pub(super) const WITHOUT: &str = "Without one of its faults";
pub(super) const WITHOUT_NOTE: &str =
    "Each is searched anew with no fault of that kind, within as many of other kinds.";
pub(super) const SAVES: [&str; 2] = ["no loss within ", "no difference within "];
pub(super) const SAVES_NOT: &str = "still: ";
pub(super) const NOT_KNOWN: &str = "not known: it took too much memory";
pub(super) const ASK_THIS: &str = "Ask this";
pub(super) const STOPS: &str = "Does it stop writing?";
pub(super) const STOPS_AFTER: &str = "It stops writing after ";
pub(super) const LEADERLESS: &str = ": nobody leads, and nobody can be elected until somebody starts again.";
pub(super) const NOBODY_ACKNOWLEDGES: &str =
    ": a leader is there, and can acknowledge nothing until somebody starts again.";
pub(super) const NOT_WITHIN: &str = "Not within ";
pub(super) const GOES_ON: &str = "With that many faults, and nothing started again, somebody can still be told that a \
    record is stored.";
pub(super) const STATES: &str = "States that were looked at";
pub(super) const STATES_NOTE: &str = "By faults, then by steps from the start.";
pub(super) const MET: &str = "Met before: ";
pub(super) const CANCELLED: &str = "The search was cancelled before it had an answer.";

pub(super) fn found(harm: Harm, record: &str, cost: &str) -> String {
    match harm {
        Harm::Lost => format!("Record {record} was acknowledged and is lost: {cost}."),
        Harm::Gone => format!("Record {record} was acknowledged and is on no disk: {cost}."),
        Harm::Diverged => format!("Two logs differ below both high watermarks: {cost}."),
    }
}

pub(super) fn not_found(harm: Harm) -> String {
    let nothing = match harm {
        Harm::Lost => "No acknowledged record is lost",
        Harm::Gone => "Every acknowledged record stays on a disk",
        Harm::Diverged => "No two logs differ below both high watermarks",
    };
    format!("{nothing} within these bounds.")
}

pub(super) fn memory_full(mebibytes: u64) -> String {
    format!("No answer: the search may take {mebibytes} MiB of memory, and has.")
}

pub(super) fn nothing_cheaper(seen: &str, bounds: &str) -> String {
    format!("Nothing cheaper among {seen} states. Bounds: {bounds}.")
}

pub(super) fn all_seen(seen: &str, bounds: &str) -> String {
    format!("All {seen} states were looked at. Bounds: {bounds}. Nothing is said of what lies beyond them.")
}

pub(super) fn seen_so_far(found: &str, seen: &str, cost: &str) -> String {
    format!("Until then {found} states were found and {seen} looked at, up to {cost}, and none had the harm.")
}

pub(super) mod matrix {
    pub(crate) const HEADING: &str = "Every setting, every number of faults";
    pub(crate) const TEXT: &str = "Each row is a question of its own, searched here, on this page, as far as 3 faults, \
        1 record and 4 leader epochs, with all replicas in sync at the start and Kafka\u{2019}s truncation of today. \
        With acks=0 nothing is ever acknowledged, so nothing \
        that was promised can be lost. Press a cell for the run that decides it, or for the number of states that were \
        seen without one.";
    pub(crate) const LOSES: &str = "loses";
    pub(crate) const LOSES_LONG: &str = "an acknowledged record is lost";
    pub(crate) const KEEPS: &str = "no loss";
    pub(crate) const KEEPS_LONG: &str = "no loss within these bounds";
    pub(crate) const STOPS: &str = "stops";
    pub(crate) const STOPS_LONG: &str = "nothing is acknowledged until somebody starts again";
    pub(crate) const WRITES: &str = "writes";
    pub(crate) const WRITES_LONG: &str = "writing goes on";
    pub(crate) const WAITS: &str = "\u{b7}";
    pub(crate) const NOT_KNOWN: &str = "not known, it took too much memory";
    pub(crate) const FILL: &str = "Fill it in";
    pub(crate) const GO_ON: &str = "Go on";
    pub(crate) const CANCEL: &str = "Cancel";
    pub(crate) const FILLING: &str = "The matrix is being filled in.";
    pub(crate) const FILLED: &str = "The matrix is filled in.";
    pub(crate) const POWER: [&str; 2] = ["no power loss", "power loss"];
    pub(crate) const ELR: [&str; 2] = ["ELR off", "ELR on"];
    pub(crate) const UNCLEAN: [&str; 2] = ["clean elections", "unclean elections"];
}
