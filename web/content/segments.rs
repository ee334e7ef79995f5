//! The words of the page about segments. What is said of a file's bytes is the core's.

pub(crate) const LINK: &str = "Segments";
pub(crate) const HEADING: &str = "Read a log segment";
pub(crate) const LEAD: &str = "A partition is a folder of .log files, and each of them is batches, one after the \
    other. Open one of yours. It is read here, piece by piece: nothing of it leaves this machine.";

pub(super) const CHOOSE: &str = "Choose a .log file";
pub(super) const DROP: &str = "or drop one anywhere on this page. Two small ones of Kafka 4.3 are here:";
/// Name in the route, label, late file, file name, what it is.
pub(super) const EXAMPLES: [(&str, &str, &str, &str, &str); 2] = [
    (
        "compacted",
        "A compacted one",
        "compacted.log",
        "00000000000000000000.log",
        "An example: a segment after three passes of compaction. Later records of the same keys took the place of \
        those that are missing.",
    ),
    (
        "torn",
        "A torn one",
        "torn.log",
        "00000000000000000000.log",
        "An example: the write of the last batch was broken off in the middle of its records.",
    ),
];
pub(super) const NO_RECORDS: (&str, &str) =
    ("This is ", ". The records are in the .log file of the same name; expected one of those.");
/// Files beside a segment, by their endings.
pub(super) const BESIDE: [(&str, &str); 6] = [
    (".index", "an offset index"),
    (".timeindex", "a time index"),
    (".txnindex", "an index of aborted transactions"),
    (".snapshot", "a snapshot of producers"),
    ("leader-epoch-checkpoint", "the list of leader epochs"),
    ("partition.metadata", "the topic's id"),
];

pub(super) const READING: &str = "Reading";
pub(super) const OF: &str = "of";
pub(super) const CANCEL: &str = "Cancel";
pub(super) const READ_UP_TO: &str = "Read up to byte";
pub(super) const AGAIN: &str = "Try again";
pub(super) const NO_WORKER: &str = "The part of the lab that reads files could not be started: ";
pub(super) const NO_EXAMPLE: &str = "The example could not be fetched.";
pub(super) const UNREADABLE: &str =
    "The browser can't read this file any more at byte {}. It may have been moved or changed. Choose it again.";

pub(super) const FINDINGS: &str = "Findings";
pub(super) const NOTHING_WRONG: &str =
    "Nothing is wrong: every batch is whole, every CRC is that of its bytes, every record can be read.";
pub(super) const NOTHING_YET: &str = "Nothing so far.";
pub(super) const MORE: &str = "more of the same kinds are not listed.";
pub(super) const BYTE: &str = "byte";
pub(super) const OFFSET: &str = "offset";

pub(super) const TAPE: &str = "Tape";
pub(super) const EARLIER: &str = "\u{2190} Earlier";
pub(super) const LATER: &str = "Later \u{2192}";
pub(super) const RECORDS_FROM: &str = "Offsets";
pub(super) const TO: &str = "to";
pub(super) const NO_TAPE: &str = "No batch can be read here.";

pub(super) const GO_TO: &str = "Go to";
pub(super) const GO: &str = "Go";
pub(super) const LOOKING: &str = "Looking, at byte";
pub(super) const STOP_LOOKING: &str = "Stop looking";
pub(super) const WANTED: &str = "What to look for";
/// What can be looked for: its name in the list, and what is expected.
pub(super) const KINDS: [(&str, &str); 4] = [
    ("offset", "a whole number, as 42"),
    ("time", "a date in UTC, as 2026-01-01T10:30, or milliseconds since 1970"),
    ("key", "the whole key as text. Go again for the next one"),
    ("producer id", "a whole number, as 4000. Go again for its next batch"),
];
pub(super) const EXPECTED: &str = "Expected: ";
pub(super) const NO_SUCH: [&str; 4] = [
    "No record in this file stands at this offset or above.",
    "No record in this file is as late as that.",
    "No record has this key. It is compared whole, byte for byte.",
    "No batch in this file is from this producer.",
];
pub(super) const NO_FURTHER: &str = "There is no further one. Go again to begin from the start.";

pub(super) const BATCHES: &str = "Batches";
pub(super) const COLUMNS: [&str; 7] = ["Byte", "Offsets", "Records", "Bytes", "Largest time", "Producer", "Attributes"];
pub(super) const NO_PRODUCER: &str = "none";
pub(super) const NO_TIME: &str = "none";
pub(super) const MAGIC: &str = "magic";
pub(super) const EPOCH: &str = "epoch";
pub(super) const SEQUENCE: &str = "from";
pub(super) const BATCH_AT: &str = "Bytes at";
pub(super) const BYTES: &str = "bytes";
pub(super) const FIRST: &str = "The first";
pub(super) const SHOWN: &str = "are shown.";
pub(super) const LEFT_OUT: &str = "more records are not taken apart.";
pub(super) const PROBLEM: &str = "The decoder stopped: ";
pub(super) const TOTALS: [&str; 3] = ["batches", "records", "read on this machine, sent nowhere"];
