//! The picture: tapes on one ruler, marks, and messages in motion.

pub mod question;
pub mod subject;

pub use question::{Asks, Question};
pub use subject::{MarkName, Subject};
