//! Where codecs put what they unpack: a vector that stops growing at the limit.

use super::super::attributes::Compression;
use super::super::limit::UNPACKED_BYTES_MAX;
use super::super::problem::{Fault, PackedFault, Problem};

/// Unpacked bytes of one batch.
pub(super) struct Output {
    bytes: Vec<u8>,
    compression: Compression,
}

impl Output {
    pub(super) fn new(compression: Compression) -> Output {
        Output { bytes: Vec::new(), compression }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Takes back what came after the first `len` bytes.
    pub(super) fn truncate(&mut self, len: usize) {
        self.bytes.truncate(len);
    }

    /// Appends what the packed bytes at `at` gave.
    pub(super) fn push(&mut self, at: usize, bytes: &[u8]) -> Result<(), Problem> {
        self.reserve(at, bytes.len())?;
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// Lets `fill` write up to `most` bytes at the end; it says how many it wrote.
    pub(super) fn fill<E>(
        &mut self,
        at: usize,
        most: usize,
        fill: impl FnOnce(&mut [u8]) -> Result<usize, E>,
    ) -> Result<(), Problem> {
        let before = self.bytes.len();
        self.reserve(at, most)?;
        self.bytes.resize(before + most, 0);
        let written = fill(self.bytes.get_mut(before..).unwrap_or_default());
        self.bytes.truncate(before + written.as_ref().map_or(0, |written| *written));
        written.map_err(|_| self.problem(at, PackedFault::Block)).map(drop)
    }

    /// A fault of the packed stream.
    pub(super) fn problem(&self, at: usize, fault: PackedFault) -> Problem {
        Problem::new(at, Fault::Packed { compression: self.compression, fault })
    }

    /// Makes room. Capacity doubles as in any vector, but not past the limit.
    fn reserve(&mut self, at: usize, more: usize) -> Result<(), Problem> {
        let limit_bytes = UNPACKED_BYTES_MAX;
        let limit = usize::try_from(limit_bytes).unwrap_or(usize::MAX);
        let needed = self.bytes.len().saturating_add(more);
        if needed > limit {
            return Err(Problem::new(at, Fault::UnpacksTooFar { limit_bytes }));
        }
        if needed > self.bytes.capacity() {
            let capacity = needed.max(self.bytes.capacity().saturating_mul(2).min(limit));
            self.bytes.reserve_exact(capacity - self.bytes.len());
        }
        Ok(())
    }
}
