//! What can be wrong with bytes from outside: where, what was found, what was expected.

use std::fmt;

use super::attributes::Compression;
use super::field::FieldName;

/// Where a problem sits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Byte offset in what was given to the reader: a batch, or a whole file.
    pub at: u64,
    /// Byte offset in the unpacked records, if the batch is compressed; `at` is then where the packed bytes begin.
    pub unpacked_at: Option<u64>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}", self.at)?;
        match self.unpacked_at {
            Some(unpacked_at) => write!(f, ", unpacked byte {unpacked_at}"),
            None => Ok(()),
        }
    }
}

/// One thing that is wrong with the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem {
    pub place: Place,
    pub fault: Fault,
}

impl Problem {
    /// A problem `at` bytes into what is being read.
    #[must_use]
    #[cold]
    pub fn new(at: usize, fault: Fault) -> Problem {
        Problem { place: Place { at: at as u64, unpacked_at: None }, fault }
    }

    /// The same problem, seen from `by_bytes` further out: of a batch that stands there in its file.
    #[must_use]
    pub fn further(mut self, by_bytes: u64) -> Problem {
        self.place.at = self.place.at.saturating_add(by_bytes);
        self
    }

    /// The same problem, found in what the packed bytes at `packed_at` unpacked to.
    #[must_use]
    pub fn in_unpacked(self, packed_at: usize) -> Problem {
        let place = Place { at: packed_at as u64, unpacked_at: Some(self.place.at) };
        Problem { place, fault: self.fault }
    }

    /// What stands there.
    #[must_use]
    pub fn found(&self) -> String {
        self.fault.found()
    }

    /// What should stand there.
    #[must_use]
    pub fn expected(&self) -> String {
        self.fault.expected()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: found {}, expected {}", self.place, self.fault.subject(), self.found(), self.expected())
    }
}

impl std::error::Error for Problem {}

/// The ways in which bytes can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The bytes end inside a field.
    CutOff { field: FieldName, left_bytes: u64, needed_bytes: u64 },
    /// A varint goes on after the last byte it may have: 5 for an int, 10 for a long.
    VarintTooLong { field: FieldName, most_bytes: u8 },
    /// A length or a count is below the least it can be.
    TooSmall { field: FieldName, found: i64, least: i64 },
    /// A length or a count is above what the bytes that follow can hold.
    TooLarge { field: FieldName, found: i64, most: i64 },
    /// The magic byte names a format that this reader does not read.
    Magic { found: i8, expected: i8 },
    /// The stored CRC is not that of the bytes.
    Crc { stored: u32, computed: u32 },
    /// Attribute bits 0 to 2 name no compression that Kafka knows.
    UnknownCompression { code: u8 },
    /// Zstandard came with magic 2 (KIP-110); a message set of magic 0 or 1 can't have it.
    CompressionTooNew { compression: Compression },
    /// The batch is compressed, and this build reads no compressed batches.
    CodecLeftOut { compression: Compression },
    /// A record says another length than its fields have.
    RecordLength { stated_bytes: u64, read_bytes: u64 },
    /// There are bytes behind the last record that the batch says it has.
    LeftOver { bytes: u64 },
    /// The codec's own frame says something that its format does not allow.
    Packed { compression: Compression, fault: PackedFault },
    /// The batch would unpack to more than the lab reads of one batch.
    UnpacksTooFar { limit_bytes: u64 },
    /// A control record has no key, or one too short for a version and a type.
    ControlKey { found_bytes: u64 },
    /// A control record's body is missing.
    ControlValue,
    /// A control record's key, or a marker's body, has a negative version.
    ControlVersion { found: i16 },
}

/// What a compressed stream got wrong. Places are those of the batch's packed bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackedFault {
    /// The stream does not begin as its format does.
    Start,
    /// The stream ends before it is complete.
    Ends,
    /// A header field of the stream has a value that the format, or Kafka, does not allow.
    Header,
    /// A checksum inside the stream differs.
    Checksum,
    /// A block can't be unpacked.
    Block,
    /// A block or a window says a size that its bytes can't justify.
    Size,
}

impl PackedFault {
    fn found(self) -> &'static str {
        match self {
            PackedFault::Start => "another start",
            PackedFault::Ends => "an end inside the stream",
            PackedFault::Header => "a header that is not allowed",
            PackedFault::Checksum => "another checksum",
            PackedFault::Block => "a block that does not unpack",
            PackedFault::Size => "a size that its bytes cannot have",
        }
    }

    fn expected(self) -> &'static str {
        match self {
            PackedFault::Start => "the format's own first bytes",
            PackedFault::Ends => "the rest of the stream",
            PackedFault::Header => "a header as Kafka writes and reads it",
            PackedFault::Checksum => "the checksum of the bytes",
            PackedFault::Block => "a whole block",
            PackedFault::Size => "a size that its bytes can have",
        }
    }
}

impl Fault {
    /// What the problem is about, as a short noun.
    #[must_use]
    pub fn subject(&self) -> String {
        match self {
            Fault::CutOff { field, .. }
            | Fault::VarintTooLong { field, .. }
            | Fault::TooSmall { field, .. }
            | Fault::TooLarge { field, .. } => field.name().to_owned(),
            Fault::Magic { .. } => FieldName::Magic.name().to_owned(),
            Fault::Crc { .. } => FieldName::Crc.name().to_owned(),
            Fault::UnknownCompression { .. } | Fault::CompressionTooNew { .. } | Fault::CodecLeftOut { .. } => {
                "compression".to_owned()
            }
            Fault::RecordLength { .. } => FieldName::RecordLength.name().to_owned(),
            Fault::LeftOver { .. } => "after the last record".to_owned(),
            Fault::Packed { compression, .. } => format!("{compression} stream"),
            Fault::UnpacksTooFar { .. } => "unpacked size".to_owned(),
            Fault::ControlKey { .. } => "control record key".to_owned(),
            Fault::ControlValue => "control record value".to_owned(),
            Fault::ControlVersion { .. } => "control record version".to_owned(),
        }
    }

    fn found(&self) -> String {
        match self {
            Fault::CutOff { left_bytes, .. } => format!("{left_bytes} bytes left"),
            Fault::VarintTooLong { most_bytes, .. } => {
                format!("a varint of more than {most_bytes} bytes")
            }
            Fault::TooSmall { found, .. } | Fault::TooLarge { found, .. } => found.to_string(),
            Fault::Magic { found, .. } => found.to_string(),
            Fault::Crc { stored, .. } => format!("{stored:08x}"),
            Fault::UnknownCompression { code } => format!("code {code}"),
            Fault::CompressionTooNew { compression } | Fault::CodecLeftOut { compression } => compression.to_string(),
            Fault::RecordLength { stated_bytes, .. } => format!("{stated_bytes} bytes stated"),
            Fault::LeftOver { bytes } => format!("{bytes} bytes"),
            Fault::Packed { fault, .. } => fault.found().to_owned(),
            Fault::UnpacksTooFar { limit_bytes } => format!("more than {limit_bytes} bytes"),
            Fault::ControlKey { found_bytes } => format!("{found_bytes} bytes"),
            Fault::ControlValue => "null".to_owned(),
            Fault::ControlVersion { found } => found.to_string(),
        }
    }

    fn expected(&self) -> String {
        match self {
            Fault::CutOff { needed_bytes, .. } => format!("{needed_bytes} bytes"),
            Fault::VarintTooLong { most_bytes, .. } => format!("at most {most_bytes} bytes"),
            Fault::TooSmall { least, .. } => format!("{least} or more"),
            Fault::TooLarge { most, .. } => format!("{most} or less"),
            Fault::Magic { expected, .. } => expected.to_string(),
            Fault::Crc { computed, .. } => format!("{computed:08x}"),
            Fault::UnknownCompression { .. } => "0 to 4 (none, gzip, snappy, lz4, zstd)".to_owned(),
            Fault::CompressionTooNew { .. } => "none, gzip, snappy or lz4 in a message set".to_owned(),
            Fault::CodecLeftOut { .. } => "no compression (this build reads none)".to_owned(),
            Fault::RecordLength { read_bytes, .. } => {
                format!("{read_bytes} bytes, as its fields have")
            }
            Fault::LeftOver { .. } => "the end of the batch".to_owned(),
            Fault::Packed { fault, .. } => fault.expected().to_owned(),
            Fault::UnpacksTooFar { limit_bytes } => {
                format!("at most {limit_bytes} bytes from one batch")
            }
            Fault::ControlKey { .. } => "4 bytes or more: a version and a type".to_owned(),
            Fault::ControlValue => "a body".to_owned(),
            Fault::ControlVersion { .. } => "0 or more".to_owned(),
        }
    }
}
