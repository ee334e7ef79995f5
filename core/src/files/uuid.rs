//! Ids of topics and directories: 16 bytes, written as 22 characters of base64 for addresses (Kafka: `Uuid`, RFC 4648).

use std::fmt;

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// 16 bytes of 8 bits, 6 in a character.
const CHARACTERS: usize = 22;

/// A UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Uuid(pub [u8; 16]);

impl Uuid {
    /// No id.
    pub const ZERO: Uuid = Uuid([0; 16]);

    /// Reads what `Display` writes; none for anything else.
    #[must_use]
    pub fn read(text: &str) -> Option<Uuid> {
        if text.len() != CHARACTERS {
            return None;
        }
        let digit = |byte: u8| DIGITS.iter().position(|digit| *digit == byte);
        // The last character carries two bits; its other four are zero, and fall off.
        let (last, others) = text.as_bytes().split_last()?;
        let last = digit(*last).filter(|digit| digit % 16 == 0)?;
        let number = others.iter().try_fold(0_u128, |number, byte| Some((number << 6) | digit(*byte)? as u128))?;
        Some(Uuid(((number << 2) | (last as u128 >> 4)).to_be_bytes()))
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = u128::from_be_bytes(self.0);
        let digit = |index: u128| char::from(*DIGITS.get((index & 63) as usize).unwrap_or(&b'?'));
        let first: String = (0..CHARACTERS - 1).map(|at| digit(number >> (122 - 6 * at))).collect();
        write!(f, "{first}{}", digit(number << 4))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_and_written_as_kafka_does() {
        for text in
            ["AAAAAAAAAAAAAAAAAAAAAQ", "z2rFl5bRSbeBRhUbEpIuAA", "Zml4dHVyZXMAAAAAAAAAAQ", "_-8jpfZ4Q2e0J8aAPcfLQg"]
        {
            assert_eq!(Uuid::read(text).unwrap().to_string(), text);
        }
        assert_eq!(Uuid::read("AAAAAAAAAAAAAAAAAAAAAQ"), Some(Uuid(1_u128.to_be_bytes())));
        assert_eq!(Uuid::read("Zml4dHVyZXMAAAAAAAAAAQ").unwrap().0[..8], *b"fixtures");
        for wrong in [
            "",
            "AAAAAAAAAAAAAAAAAAAAAR",
            "AAAAAAAAAAAAAAAAAAAA+Q",
            "AAAAAAAAAAAAAAAAAAAAA",
            "AAAAAAAAAAAAAAAAAAAAAQ==",
        ] {
            assert_eq!(Uuid::read(wrong), None, "{wrong}");
        }
    }
}
