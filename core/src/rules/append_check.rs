//! May a producer's batch be appended to this topic at all? (Kafka: `UnifiedLog.analyzeAndValidateRecords`,
//! `LogValidator`, KIP-937.)
//!
//! The leader asks once, before the batch gets its offsets; a follower takes what its leader took.

/// The topic's settings that a batch has to fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopicLimits {
    /// `max.message.bytes`: of a batch, as it is sent.
    pub max_message_bytes: u64,
    /// `segment.bytes`.
    pub segment_bytes: u64,
    /// `cleanup.policy` has `compact` in it.
    pub compacted: bool,
    /// `message.timestamp.type` is `LogAppendTime`: the broker's clock counts, not the producer's.
    pub log_append_time: bool,
    /// `message.timestamp.after.max.ms`.
    pub timestamp_after_max_ms: i64,
}

/// A record that arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArrivingRecord {
    pub timestamp_ms: i64,
    pub has_key: bool,
}

/// What the leader finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppendCheck {
    Fits,
    /// `MESSAGE_TOO_LARGE`.
    MessageTooLarge,
    /// `INVALID_RECORD`: compaction keeps the last value of each key, so there has to be one.
    NullKey,
    /// `INVALID_TIMESTAMP`: a record from the far future would keep its segment from retention.
    TooFarInTheFuture,
    /// `RECORD_LIST_TOO_LARGE`: no segment could hold it.
    LargerThanASegment,
}

/// Looks at a batch of `size_bytes` that arrives at `now_ms`. Of a record one thing is said to be wrong, the missing
/// key first; of a batch too, its times first.
#[must_use]
pub fn check_append(size_bytes: u64, records: &[ArrivingRecord], limits: TopicLimits, now_ms: i64) -> AppendCheck {
    let lacks_key = |record: &ArrivingRecord| limits.compacted && !record.has_key;
    let too_far = |record: &ArrivingRecord| {
        let ahead_ms = record.timestamp_ms.saturating_sub(now_ms);
        !limits.log_append_time && !lacks_key(record) && ahead_ms > limits.timestamp_after_max_ms
    };
    if size_bytes > limits.max_message_bytes {
        AppendCheck::MessageTooLarge
    } else if records.iter().any(too_far) {
        AppendCheck::TooFarInTheFuture
    } else if records.iter().any(lacks_key) {
        AppendCheck::NullKey
    } else if size_bytes > limits.segment_bytes {
        AppendCheck::LargerThanASegment
    } else {
        AppendCheck::Fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason() {
        let limits = TopicLimits {
            max_message_bytes: 100,
            segment_bytes: 90,
            compacted: true,
            log_append_time: false,
            timestamp_after_max_ms: 3_600_000,
        };
        let record = ArrivingRecord { timestamp_ms: 3_600_005, has_key: true };
        let keyless = ArrivingRecord { has_key: false, ..record };
        let check = |size_bytes, records: &[ArrivingRecord], now_ms| check_append(size_bytes, records, limits, now_ms);
        assert_eq!(check(80, &[record], 5), AppendCheck::Fits);
        assert_eq!(
            [check(101, &[record], 5), check(91, &[record], 5)],
            [AppendCheck::MessageTooLarge, AppendCheck::LargerThanASegment]
        );
        assert_eq!(
            [check(80, &[keyless], 4), check(80, &[keyless, record], 4)],
            [AppendCheck::NullKey, AppendCheck::TooFarInTheFuture]
        );
        let roomy = TopicLimits { segment_bytes: 200, ..limits };
        assert_eq!([check(90, &[record], 5), check_append(100, &[record], roomy, 5)], [AppendCheck::Fits; 2]);
        let by_broker = TopicLimits { log_append_time: true, ..limits };
        assert_eq!(check_append(80, &[record], by_broker, 4), AppendCheck::Fits);
    }
}
