//! What is asked of a [`Desk`](super::Desk), and what it answers: plain data, which may cross from thread to thread.

use crate::frame::Tape;
use crate::ids::Offset;

use super::field_row::FieldRow;
use super::folder::{FolderGiven, Overview};
use super::records::{Filter, RecordList, RecordRow};

/// Where a record stands: which folder, which of its segments, its batch's first byte in the file, and its offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Place {
    /// The first folder, or the second.
    pub side: u8,
    /// Counted in order of base offset.
    pub segment: u32,
    pub position: u64,
    pub offset: Offset,
}

/// A question with its number: every answer to it carries that.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Request {
    pub id: u32,
    pub ask: Ask,
}

/// An answer, with the number of the request that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Reply {
    pub id: u32,
    pub answer: Answer,
}

/// What can be asked. A later one about the files takes the place of an earlier one about the files; so do those that
/// look.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Ask {
    /// Read one partition, or two, from the beginning to the end: answered with [`Answer::Read`], again and again, and
    /// once with [`Answer::Overview`].
    Open(Vec<FolderGiven>),
    /// Read no further; what has been read stays.
    Stop,
    /// The records from a place on: [`Answer::Window`].
    Window(Place),
    /// The records before a place.
    Before(Place),
    /// Where something stands: [`Answer::Found`]. `after` is where the last one of its kind was found, if one was.
    Find { side: u8, sought: Sought, after: Option<Place> },
    /// The bytes of the batch that stands at a place: [`Answer::Bytes`].
    Bytes(Place),
    /// The records from a place on that a filter lets through: [`Answer::Records`].
    Records { from: Place, filter: Filter },
    /// What was found, and these records, as text or as JSON: [`Answer::Exported`].
    Export { as_json: bool, records: Vec<RecordRow> },
}

/// What can be looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Sought {
    /// The first record at or above an offset.
    Offset(i64),
    /// The first record that is not older, in milliseconds since 1970 (as Kafka's `ListOffsets` looks).
    Time(i64),
    /// The next record with this key, as UTF-8.
    Key(String),
    /// The next batch of this producer.
    Producer(i64),
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Answer {
    Read(Progress),
    Overview(Box<Overview>),
    Window(Box<Window>),
    /// A search or a look is still on its way, at this byte.
    Looking {
        at: u64,
    },
    Found(Option<Place>),
    Bytes(Option<BatchBytes>),
    Records(RecordList),
    Exported(String),
    /// A file's bytes could not be had: it was moved, changed, or may not be read.
    Unreadable {
        file: String,
        position: u64,
    },
}

/// How far the files have been read, and what is new.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Progress {
    /// Of all files.
    pub read_bytes: u64,
    pub size_bytes: u64,
    /// Nothing more will be read: the end was reached, or it was stopped.
    pub is_over: bool,
    /// Of each folder.
    pub totals: Vec<Totals>,
    /// Since the last answer, in order of place.
    pub new: Vec<Told>,
}

/// What has been counted so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Totals {
    pub batches: u64,
    pub records: u64,
    /// The lowest and the highest offset of a batch.
    pub offsets: Option<(Offset, Offset)>,
    /// The lowest and the highest timestamp of a batch, in milliseconds; −1 is no time.
    pub times_ms: Option<(i64, i64)>,
    /// Findings that are not told one by one, because there are many of their kind.
    pub untold: u64,
}

/// A finding in words.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Told {
    /// False for what is worth knowing, and not wrong.
    pub is_wrong: bool,
    /// The kind in two or three words.
    pub kind: String,
    /// What was found, and what was expected.
    pub what: String,
    /// What a broker or a reader makes of it.
    pub then: String,
    pub side: u8,
    /// Which file says so; empty for what is found by comparing.
    pub file: String,
    /// The byte of that file.
    pub position: u64,
    pub offset: Option<Offset>,
    /// Where to look at it, if it stands in a log.
    pub place: Option<Place>,
}

/// A part of a log as a tape, at most [`COLUMNS`](super::COLUMNS) offsets long; of two logs, the same offsets of both.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Window {
    /// The offsets that are shown: the first, and the first one that is not.
    pub first: Offset,
    pub end: Offset,
    /// The folder that is gone through first; of two, the other one.
    pub parts: Vec<Part>,
    pub from: Place,
    /// Where the next window begins, if something follows.
    pub next: Option<Place>,
    /// Whether a batch stands before it.
    pub has_before: bool,
    /// False while files are being read, and a transaction that is here may turn out to be aborted.
    pub is_settled: bool,
}

/// One folder's part of a window.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Part {
    pub side: u8,
    pub tape: Tape,
    /// The batches that the cells are of, in order.
    pub batches: Vec<BatchRow>,
    /// Offsets that an index has an entry for: of the offset index, of the time index.
    pub indexed: [Vec<Offset>; 2],
    /// Offsets that are not the same in the other folder.
    pub differs: Vec<Offset>,
}

/// A batch as a line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct BatchRow {
    /// Where it begins, with its base offset.
    pub place: Place,
    pub size_bytes: u64,
    pub last: Offset,
    pub records: u32,
    pub magic: i8,
    /// The largest, in milliseconds; −1 is none.
    pub timestamp_ms: i64,
    /// Producer id, epoch and first sequence; none where no idempotent producer wrote.
    pub producer: Option<(i64, i16, i32)>,
    /// Compression, and what the attribute bits say besides.
    pub attributes: String,
}

/// A batch's bytes, with the fields that its decoder reads.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct BatchBytes {
    pub place: Place,
    /// Of the whole batch.
    pub size_bytes: u64,
    /// From its beginning, as many as are shown.
    pub bytes: Vec<u8>,
    pub rows: Vec<FieldRow>,
    /// What stopped the decoder, in words.
    pub problem: Option<String>,
    /// How many records' fields are left out.
    pub left_out: u32,
}
