//! What a broker does with a segment after an unclean stop: it keeps the batches that are whole and right, cuts the
//! rest, and builds the indexes anew (Kafka: `LogSegment.recover`).

use super::scan::Scan;
use super::segment::{AppendRefused, Segment, SegmentConfig};
use crate::bytes::Problem;
use crate::ids::Offset;

/// What recovery made of a segment's bytes.
#[derive(Clone, Debug)]
pub struct Recovered {
    /// The good batches, with new indexes, closed as after a clean stop.
    pub segment: Segment,
    /// How many bytes were cut from the end.
    pub cut_bytes: u64,
    /// Why: the first batch that was not whole or not right. None if nothing was cut.
    pub reason: Option<CutReason>,
}

/// Why recovery stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutReason {
    /// A torn batch, zeros, a length that can't be, a wrong CRC: with its place in the file.
    Bytes(Problem),
    /// A batch whose offsets do not belong into the segment.
    Refused { position: u64, why: AppendRefused },
}

impl Segment {
    /// Recovers a segment from its `.log` file's bytes. Only batches of magic 2 are kept.
    ///
    /// The records inside a batch are not looked at: its CRC answers for them.
    #[must_use]
    pub fn recover(base_offset: Offset, config: SegmentConfig, file: &[u8]) -> Recovered {
        let mut segment = Segment::new(base_offset, config);
        let mut reason = None;
        let scan = Scan::new(file, 0);
        for batch in scan.clone() {
            reason = match batch {
                Ok(batch) => {
                    let bytes = scan.bytes_of(&batch);
                    match batch.header.check(bytes) {
                        Ok(()) => {
                            let appended = segment.append_encoded(&batch.header, bytes);
                            appended.err().map(|why| CutReason::Refused { position: batch.position, why })
                        }
                        Err(problem) => Some(CutReason::Bytes(problem.further(batch.position))),
                    }
                }
                Err(problem) => Some(CutReason::Bytes(problem)),
            };
            if reason.is_some() {
                break;
            }
        }
        segment.close();
        let cut_bytes = (file.len() - segment.size_bytes()) as u64;
        Recovered { segment, cut_bytes, reason }
    }
}
