//! `.snapshot`: what a partition knows of its producers at the offset in the file's name (Kafka:
//! `ProducerStateManager`, `ProducerSnapshot`, KIP-98).
//!
//! A version, a CRC-32C of all that follows it, a count, and 46 bytes for each producer.

use super::fields::Fields;
use super::problem::{FileFault, FileProblem};
use crate::ids::{Offset, ProducerEpoch, ProducerId};

/// The version that Kafka writes, and the only one.
const VERSION: i16 = 1;
/// Where the CRC stands, and where what it covers begins.
const CRC_AT: usize = 2;
const COVERED_FROM: usize = 6;
/// Bytes of a producer.
const ENTRY_BYTES: usize = 46;

/// A `.snapshot` file. Kafka writes the producers in no order that means anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProducerSnapshot {
    pub entries: Vec<SnapshotEntry>,
}

/// A producer, as the file has it: of its batches only the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotEntry {
    pub producer: ProducerId,
    pub epoch: ProducerEpoch,
    /// Of the last batch; −1 if it has none in this epoch.
    pub last_sequence: i32,
    /// Of the last batch; −1 if it has none in this epoch.
    pub last_offset: Offset,
    /// How far the last record of that batch lies above the first.
    pub offset_delta: i32,
    /// The largest of the last batch or marker.
    pub timestamp_ms: i64,
    /// Of the coordinator that wrote the last marker; −1 before the first.
    pub coordinator_epoch: i32,
    /// Where its open transaction begins; −1 if it has none.
    pub current_txn_first_offset: Offset,
}

impl ProducerSnapshot {
    /// The file.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut covered = Vec::with_capacity(4 + self.entries.len() * ENTRY_BYTES);
        let count = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        covered.extend_from_slice(&count.to_be_bytes());
        for entry in &self.entries {
            entry.write(&mut covered);
        }
        let mut out = Vec::with_capacity(COVERED_FROM + covered.len());
        out.extend_from_slice(&VERSION.to_be_bytes());
        out.extend_from_slice(&crc32c::crc32c(&covered).to_be_bytes());
        out.extend_from_slice(&covered);
        out
    }

    /// Reads a file.
    ///
    /// # Errors
    /// Another version, a count that the bytes can't hold, bytes left over, another CRC (Kafka:
    /// `CorruptSnapshotException`).
    pub fn decode(file: &[u8]) -> Result<ProducerSnapshot, FileProblem> {
        let mut fields = Fields::new(file);
        let version = fields.i16("version")?;
        if version != VERSION {
            let fault = FileFault::Version { found: version.into(), known: "1" };
            return Err(FileProblem::at_byte(0, "version", fault));
        }
        let stored = fields.u32("CRC")?;
        let (computed, count_at) = (crc32c::crc32c(fields.rest()), fields.at());
        let count = fields.i32("producer count")?;
        let most = fields.rest().len() / ENTRY_BYTES;
        let fault = match usize::try_from(count) {
            Err(_) => Some(FileFault::TooSmall { found: count.into(), least: 0 }),
            Ok(known) if known > most => Some(FileFault::TooLarge { found: count.into(), most: most as i64 }),
            Ok(_) => None,
        };
        if let Some(fault) = fault {
            return Err(FileProblem::at_byte(count_at, "producer count", fault));
        }
        let entries: Result<Vec<_>, _> = (0..count).map(|_| SnapshotEntry::read(&mut fields)).collect();
        let (entries, left_bytes) = (entries?, fields.rest().len() as u64);
        if stored != computed {
            return Err(FileProblem::at_byte(CRC_AT, "CRC", FileFault::Crc { stored, computed }));
        }
        if left_bytes > 0 {
            let fault = FileFault::LeftOver { bytes: left_bytes };
            return Err(FileProblem::at_byte(fields.at(), "after the last producer", fault));
        }
        Ok(ProducerSnapshot { entries })
    }
}

impl SnapshotEntry {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.producer.0.to_be_bytes());
        out.extend_from_slice(&self.epoch.0.to_be_bytes());
        out.extend_from_slice(&self.last_sequence.to_be_bytes());
        out.extend_from_slice(&self.last_offset.0.to_be_bytes());
        out.extend_from_slice(&self.offset_delta.to_be_bytes());
        out.extend_from_slice(&self.timestamp_ms.to_be_bytes());
        out.extend_from_slice(&self.coordinator_epoch.to_be_bytes());
        out.extend_from_slice(&self.current_txn_first_offset.0.to_be_bytes());
    }

    fn read(fields: &mut Fields<'_>) -> Result<SnapshotEntry, FileProblem> {
        Ok(SnapshotEntry {
            producer: ProducerId(fields.i64("producer id")?),
            epoch: ProducerEpoch(fields.i16("producer epoch")?),
            last_sequence: fields.i32("last sequence")?,
            last_offset: Offset(fields.i64("last offset")?),
            offset_delta: fields.i32("offset delta")?,
            timestamp_ms: fields.i64("timestamp")?,
            coordinator_epoch: fields.i32("coordinator epoch")?,
            current_txn_first_offset: Offset(fields.i64("first offset of the transaction")?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WIR-13 of the vectors.
    const WIR_13: &[u8; 56] = b"\0\x01\x5b\x83\xe0\x57\0\0\0\x01\
        \0\0\0\0\0\0\0\x01\0\x02\0\0\0\x01\0\0\0\0\0\0\0\x02\0\0\0\x03\
        \xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\x03\0\0\0\0\0\0\0\x64";

    #[test]
    fn wir_13_is_a_snapshot() {
        let entry = SnapshotEntry {
            producer: ProducerId(1),
            epoch: ProducerEpoch(2),
            last_sequence: 1,
            last_offset: Offset(2),
            offset_delta: 3,
            timestamp_ms: -1,
            coordinator_epoch: 3,
            current_txn_first_offset: Offset(100),
        };
        let snapshot = ProducerSnapshot { entries: vec![entry] };
        assert_eq!(ProducerSnapshot::decode(WIR_13), Ok(snapshot.clone()));
        assert_eq!(snapshot.encode(), WIR_13);
    }

    #[test]
    fn each_fault_has_its_place() {
        let problem = |at: usize, byte: u8, len: usize| {
            let mut bytes = WIR_13.to_vec();
            bytes[at] = byte;
            bytes.resize(len, 0);
            ProducerSnapshot::decode(&bytes).unwrap_err().to_string()
        };
        assert_eq!(problem(1, 2, 56), "byte 0: version: found 2, expected 1");
        assert_eq!(problem(55, 0, 56), "byte 2: CRC: found 5b83e057, expected fddfe42a");
        assert_eq!(problem(9, 2, 56), "byte 6: producer count: found 2, expected 1 or less");
        assert_eq!(problem(6, 255, 56), "byte 6: producer count: found -16777215, expected 0 or more");
        assert_eq!(problem(9, 1, 55), "byte 6: producer count: found 1, expected 0 or less");
        assert_eq!(problem(0, 0, 8), "byte 6: producer count: found 2 bytes left, expected 4 bytes");
        let mut longer = WIR_13.to_vec();
        longer.push(0);
        let crc = crc32c::crc32c(&longer[6..]);
        longer[2..6].copy_from_slice(&crc.to_be_bytes());
        let problem = ProducerSnapshot::decode(&longer).unwrap_err().to_string();
        assert_eq!(problem, "byte 56: after the last producer: found 1 bytes, expected the end of the file");
    }
}
