//! The lab's bytes against those that a real Kafka wrote. All files are this repository's own copies.

mod dump;
mod findings;
mod fixtures;
mod program;
mod recovery;
mod reencode;
mod settings;
mod verify;
