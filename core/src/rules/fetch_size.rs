//! How many bytes a fetch gets (Kafka: `LogSegment.read`, KIP-74).
//!
//! A broker cuts the file at a byte, not at a batch, so the last batch of an answer may be torn; the reader drops it
//! and fetches it again. A batch that is larger than all limits would never arrive, so the first one comes whole.

/// What ends the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Portion {
    /// Nothing more may be read in this segment.
    All(u64),
    /// The limit of the request; the last batch may be torn.
    UpToLimit(u64),
    /// The first batch, whole, though it is larger than the limit.
    FirstBatch(u64),
    /// The beginning of the first batch: a reader that did not ask for one whole batch can do nothing with it.
    TornFirstBatch(u64),
}

/// Of `readable` bytes, the first of them a batch of `first_batch`, how many go into an answer of at most `max_bytes`?
#[must_use]
pub fn fetch_portion(readable: u64, first_batch: u64, max_bytes: u64, whole_first: bool) -> Portion {
    if readable <= max_bytes {
        Portion::All(readable)
    } else if max_bytes >= first_batch {
        Portion::UpToLimit(max_bytes)
    } else if whole_first {
        Portion::FirstBatch(first_batch.min(readable))
    } else {
        Portion::TornFirstBatch(max_bytes)
    }
}

impl Portion {
    #[must_use]
    pub fn bytes(self) -> u64 {
        match self {
            Portion::All(bytes) | Portion::UpToLimit(bytes) => bytes,
            Portion::FirstBatch(bytes) | Portion::TornFirstBatch(bytes) => bytes,
        }
    }
}

/// Of batches of these sizes, how many come whole in so many bytes? And how many bytes come of the next one?
#[must_use]
pub fn whole_batches(sizes: impl IntoIterator<Item = u64>, bytes: u64) -> (usize, u64) {
    let mut left_bytes = bytes;
    let whole = sizes.into_iter().map_while(|size| {
        left_bytes = left_bytes.checked_sub(size)?;
        Some(())
    });
    (whole.count(), left_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_batch_comes_whole_if_asked_for() {
        assert_eq!(fetch_portion(500, 100, 150, true), Portion::UpToLimit(150));
        assert_eq!(fetch_portion(500, 100, 80, true), Portion::FirstBatch(100));
        assert_eq!(fetch_portion(500, 100, 80, false), Portion::TornFirstBatch(80));
        assert_eq!(fetch_portion(500, 100, 1000, false), Portion::All(500));
    }

    #[test]
    fn the_last_batch_may_be_torn() {
        let whole = [0, 99, 100, 150, 160, 200].map(|bytes| whole_batches([100, 60, 10], bytes));
        assert_eq!(whole, [(0, 0), (0, 99), (1, 0), (1, 50), (2, 0), (3, 30)]);
    }
}
