//! Unpacking compressed records. Each codec is read as far as Kafka's own reader goes, and no further than the limit.
//!
//! Places count from the start of the packed bytes.

#[cfg(feature = "codecs")]
mod gzip;
#[cfg(feature = "codecs")]
mod lz4;
#[cfg(feature = "codecs")]
mod output;
#[cfg(feature = "codecs")]
mod snappy;
#[cfg(feature = "codecs")]
mod zstd;

use super::attributes::Compression;
use super::problem::Problem;

/// A packed stream, and where it comes from.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(feature = "codecs"), expect(dead_code, reason = "only a codec looks into it"))]
pub(super) struct Packed<'a> {
    pub(super) compression: Compression,
    pub(super) bytes: &'a [u8],
    /// The magic byte of the batch or message around it: what Kafka forgives depends on it.
    pub(super) magic: i8,
}

/// What a packed stream gave.
#[derive(Clone, Debug)]
pub(super) struct Unpacked {
    pub(super) bytes: Vec<u8>,
    /// Why it did not give more.
    pub(super) problem: Option<Problem>,
}

/// Unpacks as much as there is, up to [`super::UNPACKED_BYTES_MAX`].
///
/// # Errors
/// Never with the feature `codecs`: what could be unpacked is handed out with the problem.
#[cfg(feature = "codecs")]
pub(super) fn unpack(packed: Packed<'_>) -> Result<Unpacked, Problem> {
    let mut out = output::Output::new(packed.compression);
    let outcome = match packed.compression {
        Compression::None => out.push(0, packed.bytes),
        Compression::Gzip => gzip::unpack(packed.bytes, &mut out),
        Compression::Snappy => snappy::unpack(packed.bytes, &mut out),
        Compression::Lz4 => lz4::unpack(packed.bytes, lz4::HeaderChecksum::of_magic(packed.magic), &mut out),
        Compression::Zstd => zstd::unpack(packed.bytes, &mut out),
    };
    Ok(Unpacked { bytes: out.into_bytes(), problem: outcome.err() })
}

/// Without the feature `codecs`, compressed batches are told of and not read.
#[cfg(not(feature = "codecs"))]
pub(super) fn unpack(packed: Packed<'_>) -> Result<Unpacked, Problem> {
    use super::problem::Fault;
    Err(Problem::new(0, Fault::CodecLeftOut { compression: packed.compression }))
}
