//! Where a batch goes in the log.
//!
//! The leader gives out the offsets; a follower copies batches and keeps the offsets that they have.
//! Source: `UnifiedLog.appendAsLeader`, `UnifiedLog.appendAsFollower`.

use crate::ids::Offset;

/// The offsets that a leader gives to a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assigned {
    pub base: Offset,
    pub last: Offset,
    /// The log end afterwards.
    pub log_end: Offset,
}

/// The next `records` offsets, from the log end on. Nothing that is in the log ever moves.
#[must_use]
pub fn assign_offsets(log_end: Offset, records: u32) -> Assigned {
    let next = log_end.plus(i64::from(records));
    Assigned { base: log_end, last: next.plus(-1), log_end: next }
}

/// What a follower does with a batch that it fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copy {
    /// It continues the log.
    Append,
    /// The follower has it already: the answer to an older fetch.
    HaveIt,
    /// It begins above the log end. A follower's log may not have a hole of its own making.
    WouldLeaveAHole,
    /// It begins below the log end and reaches beyond: the logs have parted, and nobody told the follower. It does not
    /// go on (`UnexpectedAppendOffsetException`).
    Overlaps,
}

/// May a follower append a batch with these offsets?
#[must_use]
pub fn copy_batch(log_end: Offset, base: Offset, last: Offset) -> Copy {
    if last < log_end {
        Copy::HaveIt
    } else if base > log_end {
        Copy::WouldLeaveAHole
    } else if base < log_end {
        Copy::Overlaps
    } else {
        Copy::Append
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_continue_from_the_log_end() {
        let assigned = assign_offsets(Offset(7), 3);
        assert_eq!(assigned, Assigned { base: Offset(7), last: Offset(9), log_end: Offset(10) });
    }

    #[test]
    fn a_follower_appends_only_what_continues_its_log() {
        assert_eq!(copy_batch(Offset(5), Offset(5), Offset(6)), Copy::Append);
        assert_eq!(copy_batch(Offset(5), Offset(3), Offset(4)), Copy::HaveIt);
        assert_eq!(copy_batch(Offset(5), Offset(6), Offset(6)), Copy::WouldLeaveAHole);
        assert_eq!(copy_batch(Offset(5), Offset(4), Offset(5)), Copy::Overlaps);
    }
}
