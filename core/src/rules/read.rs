//! What a fetch at an offset gets.
//!
//! A consumer may read below the high watermark, a follower up to the log end. A reader at the end is not in
//! error: it waits. Source: `UnifiedLog.read`, `Partition.readRecords`.

use crate::ids::Offset;

/// The log as a reader meets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readable {
    pub log_start: Offset,
    /// The first offset that this reader may not have: the high watermark for a consumer.
    pub readable_end: Offset,
    pub log_end: Offset,
}

/// What the fetch gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    /// The batches from the one that holds `from`, below `end`.
    Records { from: Offset, end: Offset },
    /// Nothing yet, and no error: the fetch waits at the broker.
    NothingYet,
    /// `OFFSET_OUT_OF_RANGE`: below the log start or beyond the log end.
    OutOfRange,
}

/// Reads at `asked`.
#[must_use]
pub fn read_at(asked: Offset, log: Readable) -> Read {
    if asked < log.log_start || asked > log.log_end {
        Read::OutOfRange
    } else if asked >= log.readable_end {
        Read::NothingYet
    } else {
        Read::Records { from: asked, end: log.readable_end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_a_log() {
        let log = Readable { log_start: Offset(2), readable_end: Offset(5), log_end: Offset(7) };
        let records = |from| Read::Records { from: Offset(from), end: Offset(5) };
        let answers: Vec<Read> = (1..=8).map(|asked| read_at(Offset(asked), log)).collect();
        assert_eq!(
            answers,
            [
                Read::OutOfRange,
                records(2),
                records(3),
                records(4),
                Read::NothingYet,
                Read::NothingYet,
                Read::NothingYet,
                Read::OutOfRange,
            ]
        );
    }
}
