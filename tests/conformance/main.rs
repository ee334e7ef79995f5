//! The lab's bytes against those that a real Kafka wrote. All files are this repository's own copies.

mod checker;
mod consumed;
mod dump;
mod files;
mod findings;
mod fixtures;
mod folder;
mod inspect;
mod leader_epochs;
mod program;
mod records;
mod recovery;
mod reencode;
mod settings;
mod verify;
