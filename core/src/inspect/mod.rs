//! Reads a partition's files that no world wrote, piece by piece: what is in them, what is wrong with them and where,
//! and any place of the log to look at. A log file by itself is a partition too.
//!
//! Nothing here opens a file. A [`Desk`] says which bytes it wants next and is fed them, so a file is never held whole:
//! the page's worker reads it out of a dropped file, the program out of the file system, a test out of memory.

mod answer;
#[cfg(feature = "codecs")]
mod batch;
#[cfg(feature = "codecs")]
mod content;
#[cfg(feature = "codecs")]
mod desk;
mod field_row;
#[cfg(feature = "codecs")]
mod finding;
mod folder;
#[cfg(feature = "codecs")]
mod framer;
#[cfg(feature = "codecs")]
mod index;
#[cfg(feature = "codecs")]
mod inspector;
#[cfg(feature = "codecs")]
mod look;
mod records;
#[cfg(feature = "codecs")]
mod report;
mod time;
#[cfg(feature = "codecs")]
mod window;

#[cfg(all(test, feature = "codecs"))]
mod tests;

/// What the first folder is called where there are two, and the second.
#[must_use]
pub fn side_name(side: u8) -> &'static str {
    if side == 0 { "A" } else { "B" }
}

pub use answer::{
    Answer, Ask, BatchBytes, BatchRow, Part, Place, Progress, Reply, Request, Sought, Told, Totals, Window,
};
#[cfg(feature = "codecs")]
pub use desk::{Desk, Want};
pub use field_row::FieldRow;
#[cfg(feature = "codecs")]
pub use finding::{Finding, Lack, Recovery, Relation, Says, Why, Wrong};
pub use folder::{
    CHECKPOINTS, EpochRow, FileGiven, FolderGiven, Outcome, Overview, ProducerRow, SegmentRow, Sequence, SideView,
    TransactionRow, is_segment, partitions, shortened,
};
#[cfg(feature = "codecs")]
pub use inspector::Inspector;
pub use records::{Filter, RecordList, RecordRow};
#[cfg(feature = "codecs")]
pub use report::Report;
pub use time::{iso_time, read_time};
#[cfg(feature = "codecs")]
pub use window::COLUMNS;
