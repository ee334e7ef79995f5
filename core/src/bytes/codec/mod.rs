//! Unpacking compressed records. Each codec is read as far as Kafka's own reader goes, and no further than the limit.

use super::attributes::Compression;
use super::problem::Fault;
use super::problem::Problem;

/// What a packed stream gave.
#[derive(Clone, Debug)]
pub(super) struct Unpacked {
    pub(super) bytes: Vec<u8>,
    /// Why it did not give more.
    pub(super) problem: Option<Problem>,
}

/// Compressed batches are told of and not read.
pub(super) fn unpack(compression: Compression, _packed: &[u8]) -> Result<Unpacked, Problem> {
    Err(Problem::new(0, Fault::CodecLeftOut { compression }))
}
