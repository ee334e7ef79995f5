//! When a producer's open batch is sent.
//!
//! Source: `RecordAccumulator.batchReady`.

/// The open batch of a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenBatch {
    pub size_bytes: u32,
    /// Since its first record.
    pub waited_ms: i64,
    /// `KafkaProducer.flush` was called.
    pub flushing: bool,
}

/// Why it goes, or how long it stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ready {
    /// It has reached batch.size.
    Full,
    Flushed,
    /// linger.ms has passed.
    Lingered,
    /// So many milliseconds are left.
    NotFor(i64),
}

/// Is the batch ready to be sent?
#[must_use]
pub fn batch_is_ready(batch: OpenBatch, batch_size_bytes: u32, linger_ms: u32) -> Ready {
    let left_ms = i64::from(linger_ms) - batch.waited_ms;
    if batch.size_bytes >= batch_size_bytes {
        Ready::Full
    } else if batch.flushing {
        Ready::Flushed
    } else if left_ms <= 0 {
        Ready::Lingered
    } else {
        Ready::NotFor(left_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason() {
        let batch = OpenBatch { size_bytes: 70, waited_ms: 3, flushing: false };
        assert_eq!(batch_is_ready(batch, 16_384, 5), Ready::NotFor(2));
        assert_eq!(batch_is_ready(OpenBatch { waited_ms: 5, ..batch }, 16_384, 5), Ready::Lingered);
        assert_eq!(batch_is_ready(OpenBatch { flushing: true, ..batch }, 16_384, 5), Ready::Flushed);
        assert_eq!(batch_is_ready(batch, 70, 5), Ready::Full);
        assert_eq!(batch_is_ready(OpenBatch { waited_ms: 0, ..batch }, 16_384, 0), Ready::Lingered);
    }
}
