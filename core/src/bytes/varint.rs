//! Variable-length integers as Kafka writes them (`ByteUtils`): seven bits a byte, lowest first, the top bit says
//! that another byte follows. Signed ones are zigzag: 0, −1, 1, −2 … become 0, 1, 2, 3 …, so that small negative
//! numbers stay short.
//!
//! Kafka's reader is lenient in two ways that this one shares: an encoding may be longer than needed (`80 00` is 0),
//! and in the last byte of an int, bits above the 32nd are dropped without a word.

/// The most bytes an int may take.
pub const VARINT_BYTES_MAX: u8 = 5;
/// The most bytes a long may take.
pub const VARLONG_BYTES_MAX: u8 = 10;

/// Why no varint could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VarintFault {
    /// The bytes end where another byte must follow (Kafka: `BufferUnderflowException`).
    Ends,
    /// The last byte it may have says that another follows (Kafka: `IllegalArgumentException`).
    TooLong,
}

/// Reads an unsigned int: its value and how many bytes it took.
///
/// ```
/// # use kafka_lab::bytes::varint::*;
/// assert_eq!(read_uvarint(&[0x96, 0x01, 0xff]), Ok((150, 2)));
/// assert_eq!(read_uvarint(&[0x80]), Err(VarintFault::Ends));
/// ```
#[inline]
pub fn read_uvarint(bytes: &[u8]) -> Result<(u32, usize), VarintFault> {
    if let Some(&first) = bytes.first()
        && first < 0x80
    {
        return Ok((u32::from(first), 1));
    }
    let (value, size) = read_long_form(bytes, VARINT_BYTES_MAX)?;
    #[expect(clippy::cast_possible_truncation, reason = "Kafka drops the bits above the 32nd of a fifth byte")]
    Ok((value as u32, size))
}

/// Reads an unsigned long: its value and how many bytes it took.
#[inline]
pub fn read_uvarlong(bytes: &[u8]) -> Result<(u64, usize), VarintFault> {
    if let Some(&first) = bytes.first()
        && first < 0x80
    {
        return Ok((u64::from(first), 1));
    }
    read_long_form(bytes, VARLONG_BYTES_MAX)
}

/// Reads a zigzag int: its value and how many bytes it took.
#[inline]
pub fn read_varint(bytes: &[u8]) -> Result<(i32, usize), VarintFault> {
    let (raw, size) = read_uvarint(bytes)?;
    Ok(((raw >> 1).cast_signed() ^ -(raw & 1).cast_signed(), size))
}

/// Reads a zigzag long: its value and how many bytes it took.
#[inline]
pub fn read_varlong(bytes: &[u8]) -> Result<(i64, usize), VarintFault> {
    let (raw, size) = read_uvarlong(bytes)?;
    Ok(((raw >> 1).cast_signed() ^ -(raw & 1).cast_signed(), size))
}

/// The general case: up to `most` bytes, seven bits of value in each.
fn read_long_form(bytes: &[u8], most: u8) -> Result<(u64, usize), VarintFault> {
    let mut value = 0_u64;
    for (index, &byte) in bytes.iter().take(usize::from(most)).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte < 0x80 {
            return Ok((value, index + 1));
        }
    }
    if bytes.len() < usize::from(most) { Err(VarintFault::Ends) } else { Err(VarintFault::TooLong) }
}

/// Appends an unsigned int.
#[inline]
pub fn write_uvarint(out: &mut Vec<u8>, value: u32) {
    write_uvarlong(out, u64::from(value));
}

/// Appends an unsigned long.
#[inline]
pub fn write_uvarlong(out: &mut Vec<u8>, value: u64) {
    // Nearly every length and delta takes one byte or two.
    if value < 0x80 {
        out.push(low_seven(value));
    } else if value < 0x4000 {
        out.extend_from_slice(&[low_seven(value) | 0x80, low_seven(value >> 7)]);
    } else {
        write_long_form(out, value);
    }
}

#[cold]
fn write_long_form(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(low_seven(value) | 0x80);
        value >>= 7;
    }
    out.push(low_seven(value));
}

/// Appends a zigzag int.
#[inline]
pub fn write_varint(out: &mut Vec<u8>, value: i32) {
    write_uvarint(out, zigzag(value));
}

/// Appends a zigzag long.
#[inline]
pub fn write_varlong(out: &mut Vec<u8>, value: i64) {
    write_uvarlong(out, zigzag_long(value));
}

/// How many bytes an unsigned int takes.
#[inline]
#[must_use]
pub fn uvarint_len(value: u32) -> usize {
    uvarlong_len(u64::from(value))
}

/// How many bytes an unsigned long takes: one for each seven bits, and one for 0.
#[inline]
#[must_use]
pub fn uvarlong_len(value: u64) -> usize {
    if value < 0x80 {
        return 1;
    }
    let bits = u64::BITS - value.leading_zeros();
    bits.div_ceil(7) as usize
}

/// How many bytes a zigzag int takes.
#[inline]
#[must_use]
pub fn varint_len(value: i32) -> usize {
    uvarint_len(zigzag(value))
}

/// How many bytes a zigzag long takes.
#[inline]
#[must_use]
pub fn varlong_len(value: i64) -> usize {
    uvarlong_len(zigzag_long(value))
}

fn zigzag(value: i32) -> u32 {
    ((value << 1) ^ (value >> 31)).cast_unsigned()
}

fn zigzag_long(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

fn low_seven(value: u64) -> u8 {
    (value & 0x7f) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_than_needed_is_read_and_a_sixth_byte_is_not() {
        assert_eq!(read_varint(&[0x80, 0x00]), Ok((0, 2)));
        assert_eq!(read_varint(&[0x80, 0x80, 0x80, 0x80, 0x10]), Ok((0, 5)));
        assert_eq!(read_varint(&[0xff, 0xff, 0xff, 0xff, 0x1f]), Ok((i32::MIN, 5)));
        assert_eq!(read_varint(&[0x80; 5]), Err(VarintFault::TooLong));
        assert_eq!(read_varint(&[0x80; 4]), Err(VarintFault::Ends));
        assert_eq!(read_varlong(&[0x80; 10]), Err(VarintFault::TooLong));
        assert_eq!(read_varlong(&[0x80; 9]), Err(VarintFault::Ends));
    }

    #[test]
    fn lengths_are_those_that_are_written() {
        for value in [0, 1, -1, 63, 64, -64, -65, 8191, 8192, i64::MAX, i64::MIN] {
            let mut out = Vec::new();
            write_varlong(&mut out, value);
            assert_eq!(out.len(), varlong_len(value));
            assert_eq!(read_varlong(&out), Ok((value, out.len())));
        }
        for value in [0, 1, -1, 63, 64, -64, -65, 8191, 8192, i32::MAX, i32::MIN] {
            let mut out = Vec::new();
            write_varint(&mut out, value);
            assert_eq!(out.len(), varint_len(value));
            assert_eq!(read_varint(&out), Ok((value, out.len())));
        }
    }
}
