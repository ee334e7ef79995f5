//! The transport and the place in a run.
