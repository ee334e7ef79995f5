//! gzip (RFC 1952), as `java.util.zip.GZIPInputStream` reads it, which Kafka uses.

use std::io::Write;

use flate2::write::GzEncoder;
use flate2::{Compression, Crc, Decompress, FlushDecompress, Status};

use super::super::problem::{PackedFault, Problem};
use super::output::Output;

/// First bytes of a member: the magic number, and deflate, the only method there is.
const START: [u8; 3] = [0x1f, 0x8b, 0x08];
/// Magic, method, flags, time, extra flags, operating system.
const HEADER_BYTES: usize = 10;
/// CRC-32 and length of the unpacked bytes, little-endian.
const TRAILER_BYTES: usize = 8;
/// Java looks for another member only if more than this stands behind a member.
const IGNORED_TAIL_BYTES: usize = 18;
/// What Kafka gives the decompressor at a time. Of a piece that does not unpack, nothing is handed out.
const INPUT_BYTES: usize = 8 * 1024;
const OUTPUT_BYTES: usize = 16 * 1024;

const HAS_HEADER_CRC: u8 = 0x02;
const HAS_EXTRA: u8 = 0x04;
const HAS_NAME: u8 = 0x08;
const HAS_COMMENT: u8 = 0x10;

/// Unpacks one member after the other. What follows the last one and is no member is passed over.
pub(super) fn unpack(packed: &[u8], out: &mut Output) -> Result<(), Problem> {
    let mut at = read_header(packed, 0).map_err(|(at, fault)| out.problem(at, fault))?;
    loop {
        at = unpack_member(packed, at, out)?;
        if packed.len() - at <= IGNORED_TAIL_BYTES {
            return Ok(());
        }
        match read_header(packed, at) {
            Ok(next) => at = next,
            Err(_) => return Ok(()),
        }
    }
}

/// Passes over a member's header: where its deflate stream begins.
fn read_header(packed: &[u8], start: usize) -> Result<usize, (usize, PackedFault)> {
    let ends = (packed.len(), PackedFault::Ends);
    let header = packed.get(start..).and_then(|rest| rest.first_chunk::<HEADER_BYTES>());
    let header = match header {
        Some(header) if header.starts_with(&START) => header,
        Some(_) => return Err((start, PackedFault::Start)),
        None => return Err(ends),
    };
    let [_, _, _, flags, ..] = *header;
    let mut at = start + HEADER_BYTES;
    if flags & HAS_EXTRA != 0 {
        let len = packed.get(at..).and_then(|rest| rest.first_chunk::<2>()).ok_or(ends)?;
        at += 2 + usize::from(u16::from_le_bytes(*len));
    }
    for text in [HAS_NAME, HAS_COMMENT] {
        if flags & text != 0 {
            let rest = packed.get(at..).ok_or(ends)?;
            at += 1 + rest.iter().position(|&byte| byte == 0).ok_or(ends)?;
        }
    }
    if flags & HAS_HEADER_CRC != 0 {
        let stored = packed.get(at..).and_then(|rest| rest.first_chunk::<2>()).ok_or(ends)?;
        let mut crc = Crc::new();
        crc.update(packed.get(start..at).ok_or(ends)?);
        if crc.sum() & 0xffff != u32::from(u16::from_le_bytes(*stored)) {
            return Err((at, PackedFault::Checksum));
        }
        at += 2;
    }
    if at > packed.len() { Err(ends) } else { Ok(at) }
}

/// Unpacks the member whose deflate stream begins at `start`: where it ends.
fn unpack_member(packed: &[u8], start: usize, out: &mut Output) -> Result<usize, Problem> {
    let mut inflate = Decompress::new(false);
    let mut crc = Crc::new();
    let mut piece = vec![0; OUTPUT_BYTES];
    let mut at = start;
    loop {
        let rest = packed.get(at..).unwrap_or_default();
        let input = rest.get(..INPUT_BYTES).unwrap_or(rest);
        let (read_before, written_before) = (inflate.total_in(), inflate.total_out());
        let status = inflate.decompress(input, &mut piece, FlushDecompress::None);
        let status = status.map_err(|_| out.problem(at, PackedFault::Block))?;
        let read = difference(inflate.total_in(), read_before);
        let written = piece.get(..difference(inflate.total_out(), written_before)).unwrap_or_default();
        crc.update(written);
        out.push(at, written)?;
        at += read;
        match status {
            Status::StreamEnd => break,
            _ if read == 0 && written.is_empty() => return Err(out.problem(packed.len(), PackedFault::Ends)),
            _ => {}
        }
    }
    let trailer = packed.get(at..).and_then(|rest| rest.first_chunk::<TRAILER_BYTES>());
    let Some(&[c0, c1, c2, c3, l0, l1, l2, l3]) = trailer else {
        return Err(out.problem(packed.len(), PackedFault::Ends));
    };
    if u32::from_le_bytes([c0, c1, c2, c3]) != crc.sum() || u32::from_le_bytes([l0, l1, l2, l3]) != crc.amount() {
        return Err(out.problem(at, PackedFault::Checksum));
    }
    Ok(at + TRAILER_BYTES)
}

fn difference(now: u64, before: u64) -> usize {
    usize::try_from(now.saturating_sub(before)).unwrap_or(usize::MAX)
}

/// Packs all into one member.
pub(super) fn pack(bytes: &[u8], out: &mut Vec<u8>) {
    let mut member = GzEncoder::new(out, Compression::default());
    // Writing to a vector cannot fail.
    member.write_all(bytes).and_then(|()| member.try_finish()).ok();
}
