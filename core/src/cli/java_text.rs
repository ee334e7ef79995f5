//! Bytes as Java prints them: `new String(bytes, UTF_8)` puts U+FFFD where UTF-8 is broken, and how many depends on
//! how it is broken. Rust's own lossy decoding differs: it gives three for a surrogate, Java one.

/// What stands for broken bytes.
const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;

/// Decodes as Java 17 does.
///
/// ```
/// # use kafka_lab::cli::java_utf8;
/// assert_eq!(java_utf8("Zürich 🙂".as_bytes()), "Zürich 🙂");
/// assert_eq!(java_utf8(b"a\xed\xa0\x80b\xc0\x80"), "a\u{fffd}b\u{fffd}\u{fffd}");
/// ```
#[must_use]
pub fn java_utf8(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while !rest.is_empty() {
        let (char, len) = first(rest);
        text.push(char.unwrap_or(REPLACEMENT));
        rest = rest.get(len..).unwrap_or_default();
    }
    text
}

/// The first character and how many bytes it takes; none for broken bytes, and how many of them one replacement
/// character stands for.
fn first(bytes: &[u8]) -> (Option<char>, usize) {
    match *bytes {
        [lead @ 0x00..0x80, ..] => (Some(char::from(lead)), 1),
        [lead @ 0xc2..0xe0, second, ..] if continues(second) => (from_bits(&[lead & 0x1f, second]), 2),
        [lead @ 0xe0..0xf0, ref tail @ ..] => three(lead, tail),
        [lead @ 0xf0..0xf8, ref tail @ ..] => four(lead, tail),
        _ => (None, 1),
    }
}

/// A lead byte of three. A surrogate is one broken character of three bytes.
fn three(lead: u8, tail: &[u8]) -> (Option<char>, usize) {
    let second_is_wrong = |second: u8| !continues(second) || (lead == 0xe0 && second < 0xa0);
    match *tail {
        [second, ..] if second_is_wrong(second) => (None, 1),
        [second, third, ..] if continues(third) => (from_bits(&[lead & 0x0f, second, third]), 3),
        [_, _, ..] => (None, 2),
        // Cut off at the end: all that is left is one broken character.
        _ => (None, 1 + tail.len()),
    }
}

/// A lead byte of four, or one that would be: F5 to F7 name nothing that exists.
fn four(lead: u8, tail: &[u8]) -> (Option<char>, usize) {
    let second_is_wrong = |second: u8| {
        let out_of_range = (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second >= 0x90);
        !continues(second) || out_of_range
    };
    match *tail {
        _ if lead > 0xf4 => (None, 1),
        [second, ..] if second_is_wrong(second) => (None, 1),
        [_, third, ..] if !continues(third) => (None, 2),
        [second, third, fourth, ..] if continues(fourth) => (from_bits(&[lead & 0x07, second, third, fourth]), 4),
        [_, _, _, ..] => (None, 3),
        _ => (None, 1 + tail.len()),
    }
}

fn continues(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

/// The character whose bits these bytes carry, six in each.
fn from_bits(bytes: &[u8]) -> Option<char> {
    char::from_u32(bytes.iter().fold(0, |code, &byte| (code << 6) | u32::from(byte & 0x3f)))
}
