//! `.txnindex`: the transactions that aborted in a segment (Kafka: `TransactionIndex`, `AbortedTxn`, KIP-98).
//!
//! An entry takes 34 bytes. It stands in the segment that holds the marker; a segment without aborted transactions has
//! no such file.

use super::fields::Fields;
use super::problem::{FileFault, FileProblem};
use crate::ids::{Offset, ProducerId};
use crate::rules::last_stable_offset::AbortedTxn;

/// Bytes of an entry in a `.txnindex` file.
pub const ABORTED_TXN_BYTES: usize = 34;
/// The version that Kafka writes, and the only one.
const VERSION: i16 = 0;

/// A `.txnindex` file: entries in the order of their markers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransactionIndex {
    pub entries: Vec<AbortedTxn>,
}

impl TransactionIndex {
    /// The file.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.entries.len() * ABORTED_TXN_BYTES);
        for entry in &self.entries {
            out.extend_from_slice(&VERSION.to_be_bytes());
            out.extend_from_slice(&entry.producer.0.to_be_bytes());
            out.extend_from_slice(&entry.first_offset.0.to_be_bytes());
            out.extend_from_slice(&entry.last_offset.0.to_be_bytes());
            out.extend_from_slice(&entry.last_stable_offset.0.to_be_bytes());
        }
        out
    }

    /// Reads the whole entries of a file, and not what is left behind them: so does Kafka.
    ///
    /// # Errors
    /// An entry of another version.
    pub fn whole_entries(file: &[u8]) -> Result<TransactionIndex, FileProblem> {
        let whole = file.len() / ABORTED_TXN_BYTES * ABORTED_TXN_BYTES;
        TransactionIndex::decode(file.get(..whole).unwrap_or_default())
    }

    /// Reads a file. Entries are taken as they stand.
    ///
    /// # Errors
    /// An entry of another version, or one that is cut off.
    pub fn decode(file: &[u8]) -> Result<TransactionIndex, FileProblem> {
        let mut fields = Fields::new(file);
        let mut entries = Vec::new();
        while !fields.rest().is_empty() {
            let (at, left_bytes) = (fields.at(), fields.rest().len() as u64);
            if left_bytes < ABORTED_TXN_BYTES as u64 {
                let fault = FileFault::CutOff { left_bytes, needed_bytes: ABORTED_TXN_BYTES as u64 };
                return Err(FileProblem::at_byte(at, "entry", fault));
            }
            let version = fields.i16("version")?;
            if version != VERSION {
                let fault = FileFault::Version { found: version.into(), known: "0" };
                return Err(FileProblem::at_byte(at, "version", fault));
            }
            entries.push(AbortedTxn {
                producer: ProducerId(fields.i64("producer id")?),
                first_offset: Offset(fields.i64("first offset")?),
                last_offset: Offset(fields.i64("last offset")?),
                last_stable_offset: Offset(fields.i64("last stable offset")?),
            });
        }
        Ok(TransactionIndex { entries })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WIR-15 of the vectors.
    const WIR_15: &[u8; 34] = b"\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\x08\0\0\0\0\0\0\0\x0a\0\0\0\0\0\0\0\x0b";

    #[test]
    fn wir_15_is_an_entry() {
        let entry = AbortedTxn {
            producer: ProducerId(1),
            first_offset: Offset(8),
            last_offset: Offset(10),
            last_stable_offset: Offset(11),
        };
        let index = TransactionIndex { entries: vec![entry] };
        assert_eq!(TransactionIndex::decode(WIR_15), Ok(index.clone()));
        assert_eq!(index.encode(), WIR_15);
    }

    #[test]
    fn a_cut_entry_and_another_version_have_their_place() {
        let problem = |bytes: &[u8]| TransactionIndex::decode(bytes).unwrap_err().to_string();
        let mut two = [WIR_15.as_slice(), WIR_15].concat();
        assert_eq!(problem(&two[..67]), "byte 34: entry: found 33 bytes left, expected 34 bytes");
        assert_eq!(TransactionIndex::whole_entries(&two[..67]).unwrap().entries.len(), 1);
        two[35] = 1;
        assert_eq!(problem(&two), "byte 34: version: found 1, expected 0");
    }
}
