//! When a produce request is answered.
//!
//! Source: `ReplicaManager.appendRecords`, `DelayedProduce`.

use crate::command::Acks;
use crate::ids::Offset;

/// When the producer hears of its batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// acks=0: there is no answer, not even to a failure.
    Never,
    /// The leader has it, and for acks=1 that is enough.
    Now,
    /// acks=all: every replica in sync has it.
    Committed,
    /// acks=all: not before the high watermark reaches this offset.
    WaitFor(Offset),
}

/// May the batch that ends at `last` be acknowledged?
#[must_use]
pub fn may_acknowledge(acks: Acks, last: Offset, high_watermark: Offset) -> Answer {
    match acks {
        Acks::None => Answer::Never,
        Acks::Leader => Answer::Now,
        Acks::All if high_watermark > last => Answer::Committed,
        Acks::All => Answer::WaitFor(last.plus(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acks_all_waits_until_the_mark_is_past_the_last_record() {
        assert_eq!(may_acknowledge(Acks::All, Offset(4), Offset(4)), Answer::WaitFor(Offset(5)));
        assert_eq!(may_acknowledge(Acks::All, Offset(4), Offset(5)), Answer::Committed);
        assert_eq!(may_acknowledge(Acks::Leader, Offset(4), Offset(0)), Answer::Now);
        assert_eq!(may_acknowledge(Acks::None, Offset(4), Offset(9)), Answer::Never);
    }
}
