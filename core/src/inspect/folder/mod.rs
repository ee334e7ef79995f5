//! A partition's folder: its segments read as one log, held against the files that lie beside them.
//!
//! The order of reading is fixed: small files first (indexes, snapshots, checkpoints), then the logs in order of base
//! offset, once, batch by batch. Whatever is said of the folder is collected on the way in [`history::History`].

#[cfg(feature = "codecs")]
pub(super) mod aborted;
mod answer;
#[cfg(feature = "codecs")]
pub(super) mod beside;
#[cfg(feature = "codecs")]
mod checks;
#[cfg(feature = "codecs")]
mod compare;
#[cfg(feature = "codecs")]
mod gaps;
mod given;
#[cfg(feature = "codecs")]
mod history;
#[cfg(feature = "codecs")]
mod known;
#[cfg(feature = "codecs")]
pub(super) mod name;
#[cfg(feature = "codecs")]
pub(super) mod reading;
#[cfg(feature = "codecs")]
mod snapshots;
#[cfg(feature = "codecs")]
mod verdicts;
#[cfg(feature = "codecs")]
mod view;

pub use answer::{
    EpochRow, FileGiven, FolderGiven, Outcome, Overview, ProducerRow, SegmentRow, Sequence, SideView, TransactionRow,
};
#[cfg(feature = "codecs")]
pub(super) use compare::{Comparison, compare};
pub use given::{CHECKPOINTS, is_segment, partitions, shortened};
#[cfg(feature = "codecs")]
pub(super) use reading::{Folder, Found};
