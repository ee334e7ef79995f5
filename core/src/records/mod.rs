//! Records of Kafka's internal topics, key and value as named fields: `__consumer_offsets`, `__transaction_state`
//! and `__cluster_metadata`, as Kafka 4.3 writes them and in all older versions that it reads.
//!
//! What is in a topic stands in its table: `consumer_offsets.rs`, `transaction_state.rs`, `cluster_metadata.rs`.

mod cluster_metadata;
mod consumer_offsets;
mod consumer_protocol;
mod decoded;
mod metadata_access;
mod metadata_brokers;
mod metadata_topics;
mod problem;
mod read;
pub mod schema;
mod share_groups;
mod streams_groups;
#[cfg(test)]
mod tests;
mod transaction_state;
mod value;
mod write;

use std::fmt;

pub use decoded::{Decoded, Part, decode};
pub use problem::{Fault, Problem, Side};
pub use value::{Named, Struct, Value, uuid_text};

use schema::RecordType;

/// A topic in which Kafka keeps its own state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InternalTopic {
    /// Groups and their offsets, written by group coordinators.
    ConsumerOffsets,
    /// Transactional ids, written by transaction coordinators.
    TransactionState,
    /// The cluster itself, written by the active controller.
    ClusterMetadata,
}

impl InternalTopic {
    pub const ALL: [InternalTopic; 3] =
        [InternalTopic::ConsumerOffsets, InternalTopic::TransactionState, InternalTopic::ClusterMetadata];

    /// The topic's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            InternalTopic::ConsumerOffsets => "__consumer_offsets",
            InternalTopic::TransactionState => "__transaction_state",
            InternalTopic::ClusterMetadata => "__cluster_metadata",
        }
    }

    /// The topic of a partition's folder: `__consumer_offsets-7`.
    #[must_use]
    pub fn of_folder(name: &str) -> Option<InternalTopic> {
        let (topic, partition) = name.rsplit_once('-')?;
        let is_number = !partition.is_empty() && partition.bytes().all(|byte| byte.is_ascii_digit());
        InternalTopic::ALL.into_iter().find(|internal| is_number && internal.name() == topic)
    }

    /// What can be in it, by type.
    #[must_use]
    pub fn record_types(self) -> &'static [RecordType] {
        match self {
            InternalTopic::ConsumerOffsets => &consumer_offsets::TYPES,
            InternalTopic::TransactionState => &transaction_state::TYPES,
            InternalTopic::ClusterMetadata => &cluster_metadata::TYPES,
        }
    }

    fn record_type(self, id: i16) -> Option<&'static RecordType> {
        self.record_types().iter().find(|record| record.id == id)
    }
}

impl fmt::Display for InternalTopic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
