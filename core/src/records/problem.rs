//! What can be wrong with a record of an internal topic: where, what was found, what was expected.

use std::fmt;

/// Which of a record's two byte strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Key,
    Value,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Side::Key => "key",
            Side::Value => "value",
        })
    }
}

/// One thing that is wrong with a record's key or value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem {
    pub side: Side,
    /// Byte offset in the key or the value.
    pub at: u64,
    /// The field's name in the schema, or that of a part of the frame.
    pub field: &'static str,
    /// The problem is in an element of the field, which is an array of strings or bytes.
    pub is_element: bool,
    pub fault: Fault,
}

/// The ways in which a key or a value can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The bytes end inside a field.
    CutOff { left_bytes: u64, needed_bytes: u64 },
    /// A varint's fifth byte says that another follows. `read` is what the five say.
    VarintTooLong { read: u32 },
    /// Null in a field that can't be null.
    Null,
    /// A length is above what the bytes that follow can hold.
    Length { found: u64, left_bytes: u64 },
    /// A count of elements is above the number of bytes that follow.
    Count { found: u64, left_bytes: u64 },
    /// A string is longer than one can be: 32,767 bytes.
    StringLength { found: u64 },
    /// An unknown tagged field says a size of 2^31 or more, which Kafka takes for a negative one.
    TagSize { found: u32 },
    /// A tag of a later version.
    Tag { found: u32, version: i16 },
    /// The frame of the metadata log has another version.
    Frame { found: i32 },
    /// A number in the frame is above what a version or a type can be.
    FrameNumber { found: i32 },
    /// No record of this type is known.
    UnknownType { found: i16 },
    /// The type is known, in other versions.
    UnknownVersion { found: i16, newest: i16 },
    /// There are bytes behind the last field.
    LeftOver { bytes: u64 },
    /// The key or the value is missing.
    Missing,
}

impl Problem {
    /// What stands there.
    #[must_use]
    pub fn found(&self) -> String {
        match self.fault {
            Fault::CutOff { left_bytes, .. } => format!("{left_bytes} bytes left"),
            Fault::VarintTooLong { .. } => "a varint of more than 5 bytes".to_owned(),
            Fault::Null | Fault::Missing => "null".to_owned(),
            Fault::Length { found, .. } | Fault::Count { found, .. } | Fault::StringLength { found } => {
                found.to_string()
            }
            Fault::TagSize { found } => format!("{found} bytes"),
            Fault::Tag { found, .. } => format!("tag {found}"),
            Fault::Frame { found } | Fault::FrameNumber { found } => found.to_string(),
            Fault::UnknownType { found } | Fault::UnknownVersion { found, .. } => found.to_string(),
            Fault::LeftOver { bytes } => format!("{bytes} bytes"),
        }
    }

    /// What should stand there.
    #[must_use]
    pub fn expected(&self) -> String {
        match self.fault {
            Fault::CutOff { needed_bytes, .. } => format!("{needed_bytes} bytes"),
            Fault::VarintTooLong { .. } => "at most 5 bytes".to_owned(),
            Fault::Null => "a value".to_owned(),
            Fault::Length { left_bytes, .. } | Fault::Count { left_bytes, .. } => format!("{left_bytes} or less"),
            Fault::StringLength { .. } => format!("{STRING_BYTES_MAX} or less"),
            Fault::TagSize { .. } => format!("{} or less", i32::MAX),
            Fault::Tag { version, .. } => format!("a tag of version {version}"),
            Fault::Frame { .. } => "1".to_owned(),
            Fault::FrameNumber { .. } => format!("{} or less", i16::MAX),
            Fault::UnknownType { .. } => "a type that Kafka 4.3 knows".to_owned(),
            Fault::UnknownVersion { newest, .. } => format!("0 to {newest}"),
            Fault::LeftOver { .. } => "the end".to_owned(),
            Fault::Missing => "bytes".to_owned(),
        }
    }
}

/// The longest string that the format has.
pub(super) const STRING_BYTES_MAX: u64 = 0x7fff;

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let element = if self.is_element { " element" } else { "" };
        let Problem { side, at, field, .. } = self;
        write!(f, "{side} byte {at}: {field}{element}: found {}, expected {}", self.found(), self.expected())
    }
}

impl std::error::Error for Problem {}
