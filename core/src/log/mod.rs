//! A log on disk: segments of batches with their sparse indexes, what recovery makes of a broken one, the whole folder
//! of a partition, and what a consumer reads of it.

mod consume;
#[cfg(feature = "codecs")]
mod folder;
mod offset_index;
#[cfg(feature = "codecs")]
mod producers;
mod recovery;
mod scan;
mod segment;
mod time_index;

pub use consume::{
    ConsumeProblem, ConsumedRecord, Consumer, FetchRange, IsolationLevel, SegmentFiles, collect_aborted, consume,
};
#[cfg(feature = "codecs")]
pub use folder::{FolderFault, FolderFile, FolderSettings, partition_folder};
pub use offset_index::{OFFSET_ENTRY_BYTES, OffsetEntry, OffsetIndex};
#[cfg(feature = "codecs")]
pub(crate) use offset_index::{absolute, raw_entry};
pub use recovery::{CutReason, Recovered};
pub use scan::{BatchSummary, Scan};
pub use segment::{AppendRefused, Segment, SegmentConfig};
pub use time_index::{TIME_ENTRY_BYTES, TimeEntry, TimeIndex};
