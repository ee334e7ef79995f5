//! The checker: every schedule of steps and faults, the cheapest first, until a promise breaks or all have been seen.
//!
//! [`search`] knows nothing of Kafka. What it searches is a [`Model`]: [`spec`] has the five published protocols, whose
//! numbers of states an outside authority has counted; that they come out equal is what the search is trusted for.
//! [`durability`] is what a learner asks about: settings, faults and acknowledged records.

pub mod durability;
pub mod search;
pub mod spec;

pub use search::{Cost, Model, Search, StateId, Visited};
