//! Kafka's bytes: record batches of magic 2, encoded and decoded byte for byte.
//!
//! Everything that reads is a total function over foreign bytes: it returns what it understood and the first
//! [`Problem`], with its place, what was found and what was expected.

mod attributes;
mod batch;
mod batch_header;
mod codec;
mod control;
mod field;
mod inspect;
#[cfg(feature = "codecs")]
pub mod legacy;
mod limit;
mod problem;
mod quorum;
mod reader;
mod record;
mod records;
pub mod varint;

pub use ::bytes::Bytes;

pub use attributes::{Attributes, Compression, TimestampType};
pub use batch::RecordBatch;
pub use batch_header::{BatchHeader, HEADER_BYTES, LOG_OVERHEAD_BYTES, MAGIC, MAGIC_AT, NO_SEQUENCE};
pub use batch_header::{sequence_after, sequence_before};
pub use control::ControlRecord;
pub use field::{Field, FieldName, FieldValue};
pub use inspect::{Inspection, fields, fields_of_records};
pub use limit::UNPACKED_BYTES_MAX;
pub use problem::{Fault, PackedFault, Place, Problem};
pub use quorum::{DirectoryId, Endpoint, LeaderChange, Voter};
pub use record::{Header, Record};
pub use records::Records;
