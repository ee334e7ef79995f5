//! snappy, as `org.xerial.snappy.SnappyInputStream` reads it, which Kafka uses: framed, or one raw block.
//!
//! The frame: 8 magic bytes, a version and the lowest compatible version; then blocks, each with a 4-byte length.
//! Where a length could stand, another whole header may: streams that were put one behind the other.

use super::super::problem::{PackedFault, Problem};
use super::output::Output;

const MAGIC: [u8; 8] = *b"\x82SNAPPY\0";
/// Magic and two versions.
const HEADER_BYTES: usize = 16;
/// The version that is written, and the least that the reader takes.
const VERSION_MIN: i32 = 1;
/// Kafka's reader refuses packed blocks above this (`SnappyInputStream.MAX_CHUNK_SIZE`).
const BLOCK_BYTES_MAX: usize = 512 * 1024 * 1024;
/// How much is packed at a time (`SnappyOutputStream`, as Kafka sets it up).
const INPUT_BYTES: usize = 32 * 1024;
/// The most that a packed byte can give: a copy takes 3 bytes and gives 64.
const GROWTH_MAX: usize = 22;

/// Unpacks a framed stream, or a raw block if it does not begin as a frame.
pub(super) fn unpack(packed: &[u8], out: &mut Output) -> Result<(), Problem> {
    if packed.is_empty() {
        return Err(out.problem(0, PackedFault::Ends));
    }
    if packed.len() < HEADER_BYTES || !packed.starts_with(&MAGIC) {
        return unpack_block(0, packed, out);
    }
    let mut at = HEADER_BYTES;
    while let Some(head) = packed.get(at..).and_then(|rest| rest.first_chunk::<4>()) {
        if MAGIC.starts_with(head) {
            if !is_header(packed, at, out)? {
                return Ok(());
            }
            at += HEADER_BYTES;
            continue;
        }
        let len = match usize::try_from(i32::from_be_bytes(*head)) {
            Ok(len) if len <= BLOCK_BYTES_MAX => len,
            _ => return Err(out.problem(at, PackedFault::Size)),
        };
        let block_at = at + head.len();
        let Some(block) = packed.get(block_at..block_at.saturating_add(len)) else {
            return Err(out.problem(packed.len(), PackedFault::Ends));
        };
        unpack_block(block_at, block, out)?;
        at = block_at + len;
    }
    Ok(())
}

/// Whether a whole header of the right version stands there. Kafka's reader stops, content, at another magic number.
fn is_header(packed: &[u8], at: usize, out: &Output) -> Result<bool, Problem> {
    let Some(header) = packed.get(at..).and_then(|rest| rest.first_chunk::<HEADER_BYTES>()) else {
        return Err(out.problem(packed.len(), PackedFault::Ends));
    };
    let [magic @ .., v0, v1, v2, v3, _, _, _, _] = *header;
    if magic != MAGIC {
        return Ok(false);
    }
    if i32::from_be_bytes([v0, v1, v2, v3]) < VERSION_MIN {
        return Err(out.problem(at + MAGIC.len(), PackedFault::Header));
    }
    Ok(true)
}

fn unpack_block(at: usize, block: &[u8], out: &mut Output) -> Result<(), Problem> {
    let stated = snap::raw::decompress_len(block).map_err(|_| out.problem(at, PackedFault::Block))?;
    if stated > block.len().saturating_mul(GROWTH_MAX) {
        return Err(out.problem(at, PackedFault::Size));
    }
    out.fill(at, stated, |room| snap::raw::Decoder::new().decompress(block, room))
}

/// Packs into a framed stream.
pub(super) fn pack(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&VERSION_MIN.to_be_bytes());
    out.extend_from_slice(&VERSION_MIN.to_be_bytes());
    for piece in bytes.chunks(INPUT_BYTES) {
        // Only a piece of 4 GiB or more is refused.
        let block = snap::raw::Encoder::new().compress_vec(piece).unwrap_or_default();
        out.extend_from_slice(&u32::try_from(block.len()).unwrap_or(u32::MAX).to_be_bytes());
        out.extend_from_slice(&block);
    }
}
