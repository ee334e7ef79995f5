//! The lab's core: a log, its bytes and its replication, as Apache Kafka does them.
//!
//! Nothing in here knows that a browser, a wall clock, a thread or a colour exists:
//! time, randomness and the order of the network are arguments.

pub mod bytes;
pub mod checker;
#[cfg(feature = "cli")]
pub mod cli;
pub mod command;
pub mod event;
pub mod explain;
pub mod files;
pub mod fingerprint;
pub mod frame;
pub mod goal;
pub mod ids;
pub mod inspect;
#[cfg(feature = "link")]
pub mod link;
pub mod log;
pub mod metrics;
mod pairs;
pub mod random;
pub mod records;
pub mod rules;
pub mod sample;
pub mod settings;
pub mod soak;
pub mod timeline;
pub mod words;
pub mod world;
pub mod worst_case;
