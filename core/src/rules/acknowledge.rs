//! Whether a produce request is taken, and when it is answered.
//!
//! `acks=all` means all replicas that are in sync *now*, be they few: `min.insync.replicas` says how few are too few.
//! It is asked twice, before the append and when the batch is committed. In between, the record is in the log.
//! Source: `ReplicaManager.appendRecords`, `Partition.appendRecordsToLeader`, `DelayedProduce`.

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

/// What the leader does with a produce request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    Append,
    /// `NOT_ENOUGH_REPLICAS`: nothing is appended.
    NotEnoughReplicas,
}

/// May a batch be appended, with so many replicas in the committed ISR? `min_in_sync` is `min.insync.replicas`, but
/// never more than there are replicas. It is looked at for acks=all alone.
#[must_use]
pub fn may_append(acks: Acks, in_sync: usize, min_in_sync: usize) -> Admission {
    if acks == Acks::All && in_sync < min_in_sync { Admission::NotEnoughReplicas } else { Admission::Append }
}

/// What a produce request with acks=all that waits at the leader is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LateAnswer {
    Waits,
    /// `NONE`: committed, and by enough replicas.
    Committed,
    /// `NOT_ENOUGH_REPLICAS_AFTER_APPEND`: committed, but the ISR has shrunk meanwhile. The record stays in the log.
    NotEnoughReplicasAfterAppend,
}

/// May a request that waits for the mark to reach `required` be answered? Replicas that are about to join count.
/// Source: `Partition.checkEnoughReplicasReachOffset`.
#[must_use]
pub fn answer_waiting(required: Offset, high_watermark: Offset, maximal_isr: usize, min_in_sync: usize) -> LateAnswer {
    if high_watermark < required {
        LateAnswer::Waits
    } else if maximal_isr < min_in_sync {
        LateAnswer::NotEnoughReplicasAfterAppend
    } else {
        LateAnswer::Committed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_few_in_sync_is_found_before_or_after_the_append() {
        assert_eq!(may_append(Acks::All, 1, 2), Admission::NotEnoughReplicas);
        assert_eq!(may_append(Acks::Leader, 1, 2), Admission::Append);
        assert_eq!(answer_waiting(Offset(5), Offset(4), 1, 2), LateAnswer::Waits);
        assert_eq!(answer_waiting(Offset(5), Offset(5), 1, 2), LateAnswer::NotEnoughReplicasAfterAppend);
        assert_eq!(answer_waiting(Offset(5), Offset(5), 2, 2), LateAnswer::Committed);
    }

    #[test]
    fn acks_all_waits_until_the_mark_is_past_the_last_record() {
        assert_eq!(may_acknowledge(Acks::All, Offset(4), Offset(4)), Answer::WaitFor(Offset(5)));
        assert_eq!(may_acknowledge(Acks::All, Offset(4), Offset(5)), Answer::Committed);
        assert_eq!(may_acknowledge(Acks::Leader, Offset(4), Offset(0)), Answer::Now);
        assert_eq!(may_acknowledge(Acks::None, Offset(4), Offset(9)), Answer::Never);
    }
}
