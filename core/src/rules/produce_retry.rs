//! What a producer makes of a batch that failed (Kafka: `Sender.canRetry`, `RecordAccumulator.reenqueue`; KIP-91,
//! KIP-580).
//!
//! Every error that a produce request can end with here may pass, so the batch is sent again. Without idempotence
//! nobody knows whether the first one is in the log: then the records are in it twice.

/// `retry.backoff.ms`.
pub const RETRY_BACKOFF_MS: i64 = 100;
/// `retry.backoff.max.ms`.
pub const RETRY_BACKOFF_MAX_MS: i64 = 1_000;

/// A batch whose request has failed, or got no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailedBatch {
    /// How often it has failed before.
    pub attempts: u32,
    /// Since its first record was given to `send()`.
    pub age_ms: i64,
    /// `retries`.
    pub retries: u32,
    /// `delivery.timeout.ms`.
    pub delivery_timeout_ms: u32,
}

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterFailure {
    /// It goes to the head of the queue, and is sent again so many milliseconds later.
    SendAgain { after_ms: i64 },
    /// It was sent again as often as `retries` allows.
    RetriesSpent,
    /// `delivery.timeout.ms` is over.
    TooOld,
}

/// Is the batch sent again?
#[must_use]
pub fn after_failure(batch: FailedBatch) -> AfterFailure {
    if batch.age_ms >= i64::from(batch.delivery_timeout_ms) {
        AfterFailure::TooOld
    } else if batch.attempts >= batch.retries {
        AfterFailure::RetriesSpent
    } else {
        AfterFailure::SendAgain { after_ms: retry_backoff_ms(batch.attempts) }
    }
}

/// Twice as long each time, up to the most. Kafka draws up to a fifth more or less; here nothing is drawn.
#[must_use]
pub fn retry_backoff_ms(attempts: u32) -> i64 {
    RETRY_BACKOFF_MS.saturating_mul(1 << attempts.min(10)).min(RETRY_BACKOFF_MAX_MS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Setting;

    fn failed(attempts: u32, age_ms: i64) -> AfterFailure {
        after_failure(FailedBatch { attempts, age_ms, retries: 6, delivery_timeout_ms: 120_000 })
    }

    #[test]
    fn each_pause_is_twice_the_one_before_up_to_a_second() {
        let pauses = [100, 200, 400, 800, 1_000, 1_000].map(|after_ms| AfterFailure::SendAgain { after_ms });
        assert_eq!([0, 1, 2, 3, 4, 5].map(|attempts| failed(attempts, 30_000)), pauses);
        assert_eq!(retry_backoff_ms(u32::MAX), 1_000);
    }

    #[test]
    fn it_ends_by_count_or_by_age() {
        assert_eq!(failed(6, 30_000), AfterFailure::RetriesSpent);
        assert_eq!(
            [119_999, 120_000].map(|age| failed(0, age)),
            [AfterFailure::SendAgain { after_ms: 100 }, AfterFailure::TooOld]
        );
        let once = FailedBatch { attempts: 0, age_ms: 0, retries: 0, delivery_timeout_ms: 120_000 };
        assert_eq!(after_failure(once), AfterFailure::RetriesSpent);
    }

    #[test]
    fn the_pauses_are_kafkas_defaults() {
        let default = |name| Setting::named(name).expect("listed").default.parse::<i64>();
        assert_eq!(default("producer/retry.backoff.ms"), Ok(RETRY_BACKOFF_MS));
        assert_eq!(default("producer/retry.backoff.max.ms"), Ok(RETRY_BACKOFF_MAX_MS));
    }
}
