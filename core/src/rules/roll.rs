//! When a log begins a new segment (Kafka: `LogSegment.shouldRoll`).
//!
//! Only appending rolls: a quiet log keeps its active segment, however old. And the time that counts is that of the
//! records, from the segment's first batch to the one that is being appended, so a wrong clock of a producer can roll.

use crate::ids::Offset;

/// The active segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActiveSegment {
    pub base: Offset,
    pub size_bytes: u64,
    /// The largest timestamp of its first batch, in milliseconds; none while it is empty.
    pub first_timestamp_ms: Option<i64>,
    /// One of its indexes has no room left (`segment.index.bytes`).
    pub index_full: bool,
}

/// The batch that is about to be appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextBatch {
    pub size_bytes: u64,
    pub last: Offset,
    pub max_timestamp_ms: i64,
}

/// Whether the batch goes into the active segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Roll {
    Stay,
    /// With the batch it would be larger than `segment.bytes`.
    Size,
    /// The batch is later than the segment's first one by more than `segment.ms`.
    Time,
    IndexFull,
    /// An index can say offsets up to 2³¹ − 1 above the segment's base.
    OffsetsTooFar,
}

/// Does the batch need a new segment? What chance takes off `segment_ms` (`segment.jitter.ms`), the caller knows.
#[must_use]
pub fn should_roll(active: ActiveSegment, batch: NextBatch, segment_bytes: u64, segment_ms: i64) -> Roll {
    let waited_ms = active.first_timestamp_ms.map(|first_ms| batch.max_timestamp_ms.saturating_sub(first_ms));
    let above_base = batch.last.0.saturating_sub(active.base.0);
    if active.size_bytes.saturating_add(batch.size_bytes) > segment_bytes {
        Roll::Size
    } else if active.size_bytes > 0 && waited_ms.is_some_and(|waited_ms| waited_ms > segment_ms) {
        Roll::Time
    } else if active.index_full {
        Roll::IndexFull
    } else if i32::try_from(above_base).is_err() {
        Roll::OffsetsTooFar
    } else {
        Roll::Stay
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason() {
        let active =
            ActiveSegment { base: Offset(10), size_bytes: 300, first_timestamp_ms: Some(1000), index_full: false };
        let batch = NextBatch { size_bytes: 100, last: Offset(14), max_timestamp_ms: 6000 };
        assert_eq!(should_roll(active, batch, 400, 5000), Roll::Stay);
        assert_eq!(should_roll(active, batch, 399, 5000), Roll::Size);
        assert_eq!(should_roll(active, batch, 400, 4999), Roll::Time);
        assert_eq!(should_roll(ActiveSegment { index_full: true, ..active }, batch, 400, 5000), Roll::IndexFull);
        let empty = ActiveSegment { size_bytes: 0, ..active };
        assert_eq!(should_roll(empty, batch, 400, 4999), Roll::Stay, "there is nothing to leave behind");
        let far = NextBatch { last: Offset(10 + (1 << 31)), ..batch };
        assert_eq!(should_roll(active, far, 400, 5000), Roll::OffsetsTooFar);
    }
}
