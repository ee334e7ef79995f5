//! The files that lie beside a log, read and written byte for byte: one format a file.
//!
//! Each has a `decode` that is total, and an `encode` that gives the same bytes back. What Kafka would never have
//! written is a [`FileProblem`]: its place, what was found, what was expected.

mod checkpoint;
#[cfg(feature = "cli")]
mod clean_shutdown;
mod fields;
mod index;
mod leader_epoch_checkpoint;
mod meta_properties;
mod offset_checkpoint;
mod partition_metadata;
mod problem;
mod producer_snapshot;
mod properties;
#[cfg(feature = "cli")]
mod quorum_state;
mod time_index;
mod transaction_index;
mod uuid;

pub use checkpoint::{Checkpoint, CheckpointEntry};
#[cfg(feature = "cli")]
pub use clean_shutdown::CleanShutdown;
pub use index::OffsetIndexFile;
pub use leader_epoch_checkpoint::LeaderEpochCheckpoint;
pub use meta_properties::MetaProperties;
pub use offset_checkpoint::{OffsetCheckpoint, PartitionOffset};
pub use partition_metadata::PartitionMetadata;
pub use problem::{FileFault, FilePlace, FileProblem};
pub use producer_snapshot::{ProducerSnapshot, SnapshotEntry};
pub use properties::Properties;
#[cfg(feature = "cli")]
pub use quorum_state::{QuorumState, QuorumVoter};
pub use time_index::TimeIndexFile;
pub use transaction_index::{ABORTED_TXN_BYTES, TransactionIndex};
pub use uuid::Uuid;
