//! LZ4 frames, as far as Kafka reads them (`Lz4BlockInputStream`): blocks independent of each other, one frame.
//! What follows the frame's end mark is passed over.

use std::hash::Hasher;

use twox_hash::XxHash32;

use super::super::problem::{PackedFault, Problem};
use super::output::Output;

const MAGIC: [u8; 4] = [0x04, 0x22, 0x4d, 0x18];
/// The top bit of a block's length: the block did not shrink and is stored as it is.
const STORED: u32 = 0x8000_0000;
/// The most that a packed byte can give: a byte of 255 more in a match's length.
const GROWTH_MAX: usize = 255;

const FLAG_RESERVED: u8 = 0x03;
const FLAG_CONTENT_CHECKSUM: u8 = 0x04;
const FLAG_CONTENT_SIZE: u8 = 0x08;
const FLAG_BLOCK_CHECKSUM: u8 = 0x10;
const FLAG_INDEPENDENT: u8 = 0x20;
/// The upper two bits: the format's version, 1.
const FLAG_VERSION: u8 = 0xc0;
const VERSION_1: u8 = 0x40;

/// What is written: blocks of 64 KiB, independent, without checksums (`Lz4BlockOutputStream`).
const WRITTEN_FLAGS: u8 = VERSION_1 | FLAG_INDEPENDENT;
const WRITTEN_BLOCK: u8 = 0x40;
const INPUT_BYTES: usize = 64 * 1024;

/// Whether the header's own checksum counts. Old clients computed it wrongly in message sets of magic 0 (KAFKA-3160).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HeaderChecksum {
    Checked,
    Ignored,
}

impl HeaderChecksum {
    pub(super) fn of_magic(magic: i8) -> HeaderChecksum {
        if magic == 0 { HeaderChecksum::Ignored } else { HeaderChecksum::Checked }
    }
}

struct Frame {
    header_bytes: usize,
    block_bytes_max: usize,
    block_checksum: bool,
    content_checksum: bool,
}

/// Unpacks the frame, block by block.
pub(super) fn unpack(packed: &[u8], checksum: HeaderChecksum, out: &mut Output) -> Result<(), Problem> {
    let frame = read_header(packed, checksum).map_err(|(at, fault)| out.problem(at, fault))?;
    let ends = out.problem(packed.len(), PackedFault::Ends);
    let mut at = frame.header_bytes;
    loop {
        let size = u32::from_le_bytes(four(packed, at).ok_or(ends)?);
        let block_at = at + 4;
        let len = (size & !STORED) as usize;
        if len == 0 {
            // The content's checksum must be there; Kafka does not look what it says.
            return if frame.content_checksum { four(packed, block_at).ok_or(ends).map(drop) } else { Ok(()) };
        }
        if len > frame.block_bytes_max {
            return Err(out.problem(at, PackedFault::Size));
        }
        let block = packed.get(block_at..block_at + len).ok_or(ends)?;
        at = block_at + len;
        if frame.block_checksum {
            let stored = u32::from_le_bytes(four(packed, at).ok_or(ends)?);
            if stored != hash(block) {
                return Err(out.problem(at, PackedFault::Checksum));
            }
            at += 4;
        }
        if size & STORED == 0 {
            let most = len.saturating_mul(GROWTH_MAX).min(frame.block_bytes_max);
            out.fill(block_at, most, |room| lz4_flex::block::decompress_into(block, room))?;
        } else {
            out.push(block_at, block)?;
        }
    }
}

/// Reads magic, flags, block size, content size (which is passed over) and the header's checksum.
fn read_header(packed: &[u8], checksum: HeaderChecksum) -> Result<Frame, (usize, PackedFault)> {
    let ends = (packed.len(), PackedFault::Ends);
    let Some(&[m0, m1, m2, m3, flags, block]) = packed.first_chunk::<6>() else { return Err(ends) };
    if [m0, m1, m2, m3] != MAGIC {
        return Err((0, PackedFault::Start));
    }
    if flags & FLAG_RESERVED != 0 || flags & FLAG_INDEPENDENT == 0 || flags & FLAG_VERSION != VERSION_1 {
        return Err((4, PackedFault::Header));
    }
    // 4 to 7 in the upper half: 64 KiB, 256 KiB, 1 MiB, 4 MiB; all other bits are reserved.
    let block_size_code = block >> 4;
    if !(4..=7).contains(&block_size_code) || block & 0x0f != 0 {
        return Err((5, PackedFault::Header));
    }
    let end = if flags & FLAG_CONTENT_SIZE != 0 { 14 } else { 6 };
    let stored = *packed.get(end).ok_or(ends)?;
    let descriptor = packed.get(MAGIC.len()..end).ok_or(ends)?;
    if checksum == HeaderChecksum::Checked && stored != hash(descriptor).to_be_bytes()[2] {
        return Err((end, PackedFault::Checksum));
    }
    Ok(Frame {
        header_bytes: end + 1,
        block_bytes_max: 1 << (2 * block_size_code + 8),
        block_checksum: flags & FLAG_BLOCK_CHECKSUM != 0,
        content_checksum: flags & FLAG_CONTENT_CHECKSUM != 0,
    })
}

/// Packs into one frame. A block that does not shrink is stored.
pub(super) fn pack(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&[WRITTEN_FLAGS, WRITTEN_BLOCK]);
    out.push(hash(&[WRITTEN_FLAGS, WRITTEN_BLOCK]).to_be_bytes()[2]);
    for piece in bytes.chunks(INPUT_BYTES) {
        let packed = lz4_flex::block::compress(piece);
        let (block, stored) = if packed.len() < piece.len() { (packed.as_slice(), 0) } else { (piece, STORED) };
        let size = u32::try_from(block.len()).unwrap_or(u32::MAX) | stored;
        out.extend_from_slice(&size.to_le_bytes());
        out.extend_from_slice(block);
    }
    // The end mark: a block of no bytes.
    out.extend_from_slice(&0_u32.to_le_bytes());
}

fn four(packed: &[u8], at: usize) -> Option<[u8; 4]> {
    packed.get(at..).and_then(|rest| rest.first_chunk::<4>()).copied()
}

fn hash(bytes: &[u8]) -> u32 {
    let mut hasher = XxHash32::with_seed(0);
    hasher.write(bytes);
    hasher.finish_32()
}
