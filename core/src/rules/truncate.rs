//! What cutting a log at an offset does (Kafka: `UnifiedLog.truncateTo`).
//!
//! A follower cuts what its leader does not have. Only whole batches can be cut away, so one that holds the offset goes
//! with all its records; the log end is the offset all the same.

use crate::ids::Offset;

/// How a log is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truncate {
    /// There is nothing at the offset or above.
    Nothing,
    /// Batches with records at the offset or above go.
    Cut,
    /// All that the log has lies above: it is emptied, and starts at the offset.
    StartOver,
}

/// Cuts a log whose first segment begins at `first_base`, so that it ends at `to`.
#[must_use]
pub fn truncate_to(to: Offset, first_base: Offset, log_end: Offset) -> Truncate {
    if to >= log_end {
        Truncate::Nothing
    } else if first_base > to {
        Truncate::StartOver
    } else {
        Truncate::Cut
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn above_inside_and_below_the_log() {
        let cut = |to| truncate_to(Offset(to), Offset(5), Offset(9));
        assert_eq!(
            [cut(9), cut(8), cut(5), cut(4)],
            [Truncate::Nothing, Truncate::Cut, Truncate::Cut, Truncate::StartOver]
        );
    }
}
