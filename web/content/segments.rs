//! The words of the page about segments. What is said of the files' bytes is the core's.

pub(crate) const LINK: &str = "Segments";
pub(crate) const HEADING: &str = "Read a partition's files";
pub(crate) const LEAD: &str = "A partition is a folder: segments of batches, and indexes, snapshots and checkpoints \
    beside them. Open one of yours, or two to compare. They are read here, piece by piece: nothing of them leaves this \
    machine.";

pub(super) const CHOOSE_FOLDER: &str = "Choose a folder";
pub(super) const CHOOSE: &str = "Choose files";
pub(super) const DROP: &str = "or drop either anywhere on this page. These are from a real Kafka 4.3:";

/// The cases that ship with the site: name in the address, label, what it is, and where it is gathered from at build
/// time: one folder, or two; or a single file.
#[cfg(feature = "ssr")]
pub(super) const EXAMPLES: [(&str, &str, &str, &[&str]); 5] = [
    (
        "compacted",
        "A compacted log",
        "An example: a partition after three passes of compaction. Later records of the same keys took the place of \
        those that are missing.",
        &["05-compaction/keys/03-after-pass-3/ckeys-0"],
    ),
    (
        "cleaning",
        "Before and after a cleaning",
        "An example: the same partition twice, before compaction and after three passes of it.",
        &["05-compaction/keys/00-before/ckeys-0", "05-compaction/keys/03-after-pass-3/ckeys-0"],
    ),
    (
        "diverged",
        "Two replicas that parted",
        "An example: broker 1 was killed with records that nobody else had. The others went on without it, and wrote \
        other records at the same offsets.",
        &[
            "06-leader-epochs/epochs/05-diverged/broker-1/epochs-0",
            "06-leader-epochs/epochs/05-diverged/broker-2/epochs-0",
        ],
    ),
    (
        "transactions",
        "Transactions",
        "An example: transactions of three producers, committed, aborted, and one that was never ended.",
        &["04-transactions/txn-0"],
    ),
    (
        "torn",
        "A torn segment",
        "An example: the write of the last batch was broken off in the middle of its records.",
        &["09-corrupted/truncated-mid-batch/00000000000000000000.log"],
    ),
];
pub(super) const NO_RECORDS: (&str, &str) =
    ("This is ", ". The records are in the .log file of the same name; expected one of those, or the whole folder.");
/// Files beside a segment, by their endings.
pub(super) const BESIDE: [(&str, &str); 6] = [
    (".index", "an offset index"),
    (".timeindex", "a time index"),
    (".txnindex", "an index of aborted transactions"),
    (".snapshot", "a snapshot of producers"),
    ("leader-epoch-checkpoint", "the list of leader epochs"),
    ("partition.metadata", "the topic's id"),
];
pub(super) const NO_SEGMENT: &str = "None of these files is a segment. Expected a partition's folder, with files as \
    00000000000000000000.log in it.";
pub(super) const NO_FILES: &str = "There are no files in what was dropped.";
pub(super) const PARTITIONS: &str = "partitions found. Read";
pub(super) const COMPARED_WITH: &str = "compared with";
pub(super) const NOTHING_ELSE: &str = "nothing";

pub(super) const READING: &str = "Reading";
pub(super) const OF: &str = "of";
pub(super) const CANCEL: &str = "Cancel";
pub(super) const READ_UP_TO: &str = "Cancelled: read up to byte";
pub(super) const AGAIN: &str = "Try again";
pub(super) const NO_WORKER: &str = "The part of the lab that reads files could not be started: ";
pub(super) const NO_EXAMPLE: &str = "The examples could not be fetched.";
pub(super) const UNREADABLE: &str =
    "The browser can't read {} any more at byte {}. It may have been moved or changed. Choose it again.";

pub(super) const FINDINGS: &str = "Findings";
pub(super) const NOTHING_WRONG: &str =
    "Nothing is wrong: every batch is whole, every CRC is that of its bytes, every record can be read.";
pub(super) const NOTHING_YET: &str = "Nothing so far.";
pub(super) const MORE: &str = "more of the same kinds are not listed.";
pub(super) const BYTE: &str = "byte";
pub(super) const OFFSET: &str = "offset";
pub(super) const SAVE_TEXT: &str = "Save as text";
pub(super) const SAVE_JSON: &str = "Save as JSON";
pub(super) const SAVE_NOTE: &str = "What was found, the tables, and the records that are listed.";

pub(super) const TAPE: &str = "Tape";
pub(super) const EARLIER: &str = "\u{2190} Earlier";
pub(super) const LATER: &str = "Later \u{2192}";
pub(super) const RECORDS_FROM: &str = "Offsets";
pub(super) const TO: &str = "to";
pub(super) const NO_TAPE: &str = "No batch can be read here.";
pub(super) const TAPE_NOTE: &str = "Under the cells: a tick where the offset index has an entry, a ring where the time \
    index has one.";
pub(super) const TAPE_NOTE_TRANSACTIONS: &str = "A line: a transaction, from its first record to its marker; solid \
    where it was committed, dashed where it was aborted, dotted where it is open.";
pub(super) const TAPE_NOTE_TWO: &str = "A bar under a cell: the other log has no such record there.";

pub(super) const DIFFERS: &str = "not so in the other log";

pub(super) const GO_TO: &str = "Go to";
pub(super) const GO: &str = "Go";
pub(super) const IN: &str = "in";
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
    "No record in this log stands at this offset or above.",
    "No record in this log is as late as that.",
    "No record has this key. It is compared whole, byte for byte.",
    "No batch in this log is from this producer.",
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

pub(super) const RECORDS: &str = "Records";
pub(super) const RECORDS_NOTE: &str = "All records of the log that fit, a hundred at a time.";
pub(super) const KIND: &str = "Kind";
/// A kind of record in the filter, in the order of `records.rs`.
pub(super) const RECORD_KINDS: [&str; 6] = ["any", "record", "tombstone", "aborted", "commit marker", "abort marker"];
pub(super) const FILTER_PRODUCER: &str = "Producer id";
pub(super) const FILTER_EPOCH: &str = "Leader epoch";
pub(super) const FILTER_TEXT: &str = "Text in key or value";
pub(super) const ONLY_DIFFERENCES: &str = "only what differs";
pub(super) const LIST: &str = "List";
pub(super) const NEXT_ONES: &str = "More records";
pub(super) const NONE_FIT: &str = "No record fits.";
pub(super) const LISTED: &str = "listed";
pub(super) const NO_NUMBER: &str = "is no whole number.";
pub(super) const RECORD_COLUMNS: [&str; 6] = ["Offset", "Kind", "Time", "Producer", "Key", "Value"];
pub(super) const NULL: &str = "null";

pub(super) const SEGMENTS: &str = "Segments";
pub(super) const SEGMENT_COLUMNS: [&str; 7] =
    ["File", "Bytes", "Batches", "Records", "Offsets", "Offset index", "Time index"];
pub(super) const NO_FILE: &str = "no file";
pub(super) const ENTRIES: &str = "entries";
pub(super) const EPOCHS: &str = "Leader epochs";
pub(super) const EPOCH_COLUMNS: [&str; 3] = ["Epoch", "Offsets of its batches", "Begins, by the checkpoint"];
pub(super) const TRANSACTIONS: &str = "Transactions";
pub(super) const TRANSACTION_COLUMNS: [&str; 3] = ["Producer", "Offsets", "Ended"];
pub(super) const OUTCOMES: [&str; 3] = ["committed", "aborted", "still open"];
pub(super) const PRODUCERS: &str = "Producers";
pub(super) const PRODUCER_COLUMNS: [&str; 5] = ["Producer", "Epoch", "Last sequence", "Last offset", "In the snapshot"];
pub(super) const SAME: &str = "the same";
pub(super) const NOT_IN_LOG: &str = "not in this log";
pub(super) const SNAPSHOT_AT: &str = "The snapshot was taken when the log ended at";
pub(super) const MARKS: [&str; 5] = ["log start", "recovery point", "high watermark", "last stable offset", "log end"];
pub(super) const ROWS_LEFT_OUT: &str = "more rows are left out.";
pub(super) const NOT_READ: &str = "Nothing is read of:";
