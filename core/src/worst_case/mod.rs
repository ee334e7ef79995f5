//! "Break my settings": a learner's settings, the worst that can happen to them, and what would have helped.
//!
//! [`Asked`] is the question, in Kafka's own names, so that it fits into a link. A [`Desk`] answers it in small pieces:
//! whoever holds the thread calls [`Desk::work`] until there is nothing left to do, takes new requests between two
//! pieces, and passes on what is said. All of it is decided by [`crate::checker::durability`]; here it is only put in
//! order and in words.

mod answer;
mod asked;
mod desk;
mod hindsight;
mod run;
#[cfg(test)]
mod tests;

pub use answer::{
    Answer, Ask, Looked, Met, Outcome, Reply, Request, RowTold, RunTold, StepTold, StopTold, Told, Turned, Verdict,
};
pub use asked::{Asked, Knob, NotUnderstood, rows};
pub use desk::{BYTES_MOST, Desk};
pub use hindsight::Hindsight;
