//! Packing and unpacking records. Each codec is read as far as Kafka's own reader goes, and no further than the limit,
//! and written in the frame of Kafka's producers. The packed bytes inside may be others than theirs: each library has
//! its own way to find what repeats.
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

/// Packs bytes behind `out`.
#[cfg(feature = "codecs")]
pub(super) fn pack(compression: Compression, bytes: &[u8], out: &mut Vec<u8>) {
    match compression {
        Compression::None => out.extend_from_slice(bytes),
        Compression::Gzip => gzip::pack(bytes, out),
        Compression::Snappy => snappy::pack(bytes, out),
        Compression::Lz4 => lz4::pack(bytes, out),
        Compression::Zstd => zstd::pack(bytes, out),
    }
}

#[cfg(all(test, feature = "codecs"))]
mod tests {
    use super::*;
    use crate::bytes::MAGIC;

    /// Sizes around those of the codecs' blocks; what repeats, and what does not and is stored as it is.
    fn samples() -> Vec<Vec<u8>> {
        let sizes = [0, 1, 100, 32 * 1024, 64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1, 300_000];
        let repeats = sizes.iter().map(|&size| b"account-1 paid 10; ".iter().copied().cycle().take(size).collect());
        let noise =
            sizes.iter().map(|&size| (0..size as u32).map(|n| crc32c::crc32c(&n.to_be_bytes()) as u8).collect());
        repeats.chain(noise).collect()
    }

    #[test]
    fn what_was_packed_unpacks_to_the_same() {
        for compression in Compression::ALL {
            for sample in samples() {
                let mut packed = Vec::new();
                pack(compression, &sample, &mut packed);
                let unpacked =
                    unpack(Packed { compression, bytes: &packed, magic: MAGIC }).expect("the codecs are there");
                let size = sample.len();
                assert_eq!(unpacked.problem, None, "{compression}, {size} bytes");
                assert!(unpacked.bytes == sample, "{compression}, {size} bytes");
            }
        }
    }

    #[test]
    fn what_repeats_takes_less_room() {
        let sample = vec![7; 200_000];
        for compression in [Compression::Gzip, Compression::Snappy, Compression::Lz4, Compression::Zstd] {
            let mut packed = Vec::new();
            pack(compression, &sample, &mut packed);
            assert!(packed.len() < sample.len() / 10, "{compression}: {} bytes", packed.len());
        }
    }
}
