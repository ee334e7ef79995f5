//! The byte inspector's table: every field of a batch with its place, its bytes and what it says. It is written by
//! the decoders themselves while they read.

use std::ops::Range;

use bytes::Bytes;

use super::batch_header::{BatchHeader, HEADER_BYTES};
use super::field::{Field, FieldLog, FieldName, FieldValue, Watch};
use super::problem::{Fault, Problem};
use super::reader::Reader;
use super::records::Records;
use super::{attributes::Compression, control};

/// What could be read of a batch, and what could not.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Inspection {
    pub fields: Vec<Field>,
    pub problems: Vec<Problem>,
}

/// All fields of a batch of magic 2, in the order in which they stand. A total function: from damaged bytes it reads
/// what it can. Lengths, CRC and magic are not held against the bytes here; a problem is only what stops the reading.
#[must_use]
pub fn fields(batch: &[u8]) -> Inspection {
    fields_of_records(batch, 0..u32::MAX)
}

/// Like [`fields`], but of the records only those whose number in the batch is wanted.
#[must_use]
pub fn fields_of_records(batch: &[u8], wanted: Range<u32>) -> Inspection {
    let bytes = Bytes::copy_from_slice(batch);
    let mut log =
        FieldLog { bytes: bytes.clone(), in_unpacked: false, wanted, record: None, header: None, fields: Vec::new() };
    let mut problems = Vec::new();
    let outcome = read_all(&bytes, &mut log, &mut problems);
    problems.extend(outcome.err());
    Inspection { fields: log.fields, problems }
}

/// Reads to the end, or to what stops it. A control record that says nothing sensible does not: it has its length.
fn read_all(bytes: &Bytes, log: &mut FieldLog, problems: &mut Vec<Problem>) -> Result<(), Problem> {
    let header = BatchHeader::read(&mut Reader::new(bytes, 0, log))?;
    if header.magic != super::MAGIC {
        return Err(Problem::new(super::MAGIC_AT, Fault::Magic { found: header.magic, expected: super::MAGIC }));
    }
    if header.attributes.compression() != Ok(Compression::None) {
        log.field(FieldName::PackedRecords, HEADER_BYTES..bytes.len(), FieldValue::Bytes);
    }
    let mut records = Records::new(&header, bytes)?;
    log.bytes = records.bytes().clone();
    log.in_unpacked = records.is_packed();
    while let Some(record) = records.read_next(log) {
        let record = record?;
        if header.attributes.is_control() {
            let outcome = control::log_fields(&record, log);
            problems.extend(
                outcome.err().map(|problem| if log.in_unpacked { problem.in_unpacked(HEADER_BYTES) } else { problem }),
            );
        }
    }
    Ok(())
}
