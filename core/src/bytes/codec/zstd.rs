//! Zstandard frames (RFC 8878), as libzstd reads a stream: one frame after the other, skippable ones passed over.
//!
//! A frame's header says how far back its matches may reach, and a decoder sets that much memory aside. A few bytes
//! can say 100 MiB. So the blocks are counted first, and the decoder is given a header with a window that is no
//! larger than what these blocks can fill.

use std::io::Read;

use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use ruzstd::encoding::{CompressionLevel, compress};

use super::super::limit::UNPACKED_BYTES_MAX;
use super::super::problem::{PackedFault, Problem};
use super::output::Output;

const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Skippable frames begin with 50 to 5f in the first byte, and these three.
const SKIPPABLE_END: [u8; 3] = [0x2a, 0x4d, 0x18];
/// A block gives at most this.
const BLOCK_BYTES_MAX: u64 = 128 * 1024;
/// A window is at least this (RFC 8878, 3.1.1.1.2).
const WINDOW_BYTES_MIN: u64 = 1024;
/// The largest window that libzstd takes from a stream unless told otherwise.
const WINDOW_BYTES_MAX: u64 = 1 << 27;
/// How much is handed over at a time.
const PIECE_BYTES: usize = 16 * 1024;

/// One frame's header, and its extent.
struct Frame {
    /// Where its first block begins.
    blocks_at: usize,
    end: usize,
    window_bytes: u64,
    content_bytes: Option<u64>,
    checksum: bool,
}

/// Unpacks one frame after the other.
pub(super) fn unpack(packed: &[u8], out: &mut Output) -> Result<(), Problem> {
    let mut at = 0;
    while at < packed.len() {
        if let Some(end) = skippable(packed, at, out)? {
            at = end;
            continue;
        }
        let frame = read_header(packed, at).map_err(|(at, fault)| out.problem(at, fault))?;
        unpack_frame(packed, &frame, out)?;
        at = frame.end;
    }
    Ok(())
}

/// Where the skippable frame that begins at `at` ends, if there is one.
fn skippable(packed: &[u8], at: usize, out: &Output) -> Result<Option<usize>, Problem> {
    let Some(&[kind, m1, m2, m3, l0, l1, l2, l3]) = packed.get(at..).and_then(|rest| rest.first_chunk::<8>()) else {
        return Ok(None);
    };
    if kind & 0xf0 != 0x50 || [m1, m2, m3] != SKIPPABLE_END {
        return Ok(None);
    }
    let end = at.saturating_add(8).saturating_add(u32::from_le_bytes([l0, l1, l2, l3]) as usize);
    if end > packed.len() { Err(out.problem(packed.len(), PackedFault::Ends)) } else { Ok(Some(end)) }
}

/// Reads a frame's header and walks over its blocks.
fn read_header(packed: &[u8], start: usize) -> Result<Frame, (usize, PackedFault)> {
    let ends = (packed.len(), PackedFault::Ends);
    let rest = packed.get(start..).unwrap_or_default();
    if !rest.starts_with(&MAGIC) {
        return Err(if MAGIC.starts_with(rest) { ends } else { (start, PackedFault::Start) });
    }
    let descriptor = *rest.get(4).ok_or(ends)?;
    let single_segment = descriptor & 0x20 != 0;
    if descriptor & 0x08 != 0 {
        return Err((start + 4, PackedFault::Header));
    }
    let mut at = start + 5;
    let window = if single_segment { None } else { Some(window_bytes(little_endian(packed, &mut at, 1).ok_or(ends)?)) };
    let dictionary_bytes = [0, 1, 2, 4][usize::from(descriptor & 0x03)];
    if little_endian(packed, &mut at, dictionary_bytes).ok_or(ends)? != 0 {
        return Err((at - dictionary_bytes, PackedFault::Header));
    }
    let content_bytes = match (descriptor >> 6, single_segment) {
        (0, false) => None,
        (0, true) => Some(little_endian(packed, &mut at, 1).ok_or(ends)?),
        (1, _) => Some(little_endian(packed, &mut at, 2).ok_or(ends)? + 256),
        (2, _) => Some(little_endian(packed, &mut at, 4).ok_or(ends)?),
        (_, _) => Some(little_endian(packed, &mut at, 8).ok_or(ends)?),
    };
    let declared = window.or(content_bytes).unwrap_or_default();
    if window.is_some_and(|window| window > WINDOW_BYTES_MAX) {
        return Err((start + 5, PackedFault::Size));
    }
    let checksum = descriptor & 0x04 != 0;
    let (end, most_bytes) = walk_blocks(packed, at)?;
    let end = if checksum { end + 4 } else { end };
    let window_bytes = declared.min(most_bytes.max(BLOCK_BYTES_MAX)).max(WINDOW_BYTES_MIN);
    Ok(Frame { blocks_at: at, end, window_bytes, content_bytes, checksum })
}

/// Where the blocks that begin at `at` end, or the packed bytes if that is earlier; and the most that they can give.
fn walk_blocks(packed: &[u8], mut at: usize) -> Result<(usize, u64), (usize, PackedFault)> {
    let mut most_bytes = 0_u64;
    loop {
        let block_at = at;
        let Some(header) = little_endian(packed, &mut at, 3) else { return Ok((packed.len(), most_bytes)) };
        let size = header >> 3;
        let (takes_bytes, gives_bytes) = match (header >> 1) & 3 {
            0 => (size, size),
            1 => (1, size),
            2 => (size, BLOCK_BYTES_MAX),
            _ => return Err((block_at, PackedFault::Block)),
        };
        if size > BLOCK_BYTES_MAX {
            return Err((block_at, PackedFault::Size));
        }
        most_bytes += gives_bytes;
        at = at.saturating_add(usize::try_from(takes_bytes).unwrap_or(usize::MAX));
        if header & 1 == 1 || at > packed.len() {
            return Ok((at, most_bytes));
        }
    }
}

/// Unpacks one frame's blocks, handing over what is ready as it goes.
fn unpack_frame(packed: &[u8], frame: &Frame, out: &mut Output) -> Result<(), Problem> {
    let before = out.len();
    let blocks = packed.get(frame.blocks_at..).unwrap_or_default();
    let stopped = decode_blocks(blocks, frame, out)?;
    if let Some(Stopped { whole_blocks, last_block_at, left_bytes }) = stopped {
        // The decoder keeps back what later matches may need. Told that the last good block is the last, it gives all.
        let mut good = blocks.get(..whole_blocks).unwrap_or_default().to_vec();
        if let Some(header) = last_block_at.and_then(|at| good.get_mut(at)) {
            *header |= 1;
            out.truncate(before);
            decode_blocks(&good, &Frame { checksum: false, ..*frame }, out)?;
        }
        let fault = if left_bytes == 0 || frame.end > packed.len() { PackedFault::Ends } else { PackedFault::Block };
        return Err(out.problem(frame.blocks_at + whole_blocks, fault));
    }
    if frame.content_bytes.is_some_and(|content_bytes| content_bytes != (out.len() - before) as u64) {
        return Err(out.problem(frame.blocks_at, PackedFault::Size));
    }
    Ok(())
}

/// Where the decoder could not go on.
struct Stopped {
    /// How many bytes of good blocks there are.
    whole_blocks: usize,
    /// Where the last good one begins, if there is one.
    last_block_at: Option<usize>,
    left_bytes: usize,
}

/// Decodes blocks up to the last one, or to the first that is not whole.
fn decode_blocks(blocks: &[u8], frame: &Frame, out: &mut Output) -> Result<Option<Stopped>, Problem> {
    let mut header = MAGIC.to_vec();
    header.extend([if frame.checksum { 0x04 } else { 0 }, window_descriptor(frame.window_bytes)]);
    let mut decoder = FrameDecoder::new();
    decoder.set_max_window_size(2 * UNPACKED_BYTES_MAX);
    decoder.init(header.as_slice()).map_err(|_| out.problem(frame.blocks_at, PackedFault::Header))?;
    let mut rest = blocks;
    let mut last_block_at = None;
    let mut piece = vec![0; PIECE_BYTES];
    while !decoder.is_finished() {
        let whole_blocks = blocks.len() - rest.len();
        if decoder.decode_blocks(&mut rest, BlockDecodingStrategy::UptoBlocks(1)).is_err() {
            return Ok(Some(Stopped { whole_blocks, last_block_at, left_bytes: rest.len() }));
        }
        last_block_at = Some(whole_blocks);
        hand_over(&mut decoder, &mut piece, out, frame.blocks_at + whole_blocks)?;
    }
    let stored = decoder.get_checksum_from_data();
    if stored.is_some() && stored != decoder.get_calculated_checksum() {
        return Err(out.problem(frame.end.saturating_sub(4), PackedFault::Checksum));
    }
    Ok(None)
}

/// Hands over what lies further back than the window reaches, and everything once the frame is complete.
fn hand_over(decoder: &mut FrameDecoder, piece: &mut [u8], out: &mut Output, at: usize) -> Result<(), Problem> {
    loop {
        let len = decoder.read(piece).map_err(|_| out.problem(at, PackedFault::Block))?;
        if len == 0 {
            return Ok(());
        }
        out.push(at, piece.get(..len).unwrap_or_default())?;
    }
}

/// The next `len` bytes as a number, lowest first.
fn little_endian(packed: &[u8], at: &mut usize, len: usize) -> Option<u64> {
    let bytes = packed.get(*at..at.checked_add(len)?)?;
    *at += len;
    Some(bytes.iter().rev().fold(0, |value, &byte| (value << 8) | u64::from(byte)))
}

/// A window descriptor's meaning: a power of two from 1 KiB on, and eighths of it more.
fn window_bytes(descriptor: u64) -> u64 {
    let base = 1_u64 << (10 + (descriptor >> 3));
    base + base / 8 * (descriptor & 7)
}

/// The least window descriptor that reaches as far as asked.
fn window_descriptor(least_bytes: u64) -> u8 {
    (0..=u8::MAX).find(|&descriptor| window_bytes(descriptor.into()) >= least_bytes).unwrap_or(u8::MAX)
}

/// Packs all into one frame.
pub(super) fn pack(bytes: &[u8], out: &mut Vec<u8>) {
    compress(bytes, out, CompressionLevel::Fastest);
}
