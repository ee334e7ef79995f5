//! The lab's core: a log, its bytes and its replication, as Apache Kafka does them.
//!
//! Nothing in here knows that a browser, a wall clock, a thread or a colour exists:
//! time, randomness and the order of the network are arguments.

pub mod bytes;
pub mod frame;
pub mod ids;
pub mod words;
