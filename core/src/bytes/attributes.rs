//! The attribute bits of a batch.

use std::fmt;

use super::problem::Fault;

/// How a batch's records are packed: attribute bits 0 to 2 (Kafka: `CompressionType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Compression {
    None,
    Gzip,
    Snappy,
    Lz4,
    Zstd,
}

impl Compression {
    pub const ALL: [Compression; 5] =
        [Compression::None, Compression::Gzip, Compression::Snappy, Compression::Lz4, Compression::Zstd];

    /// The three bits.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Compression::None => 0,
            Compression::Gzip => 1,
            Compression::Snappy => 2,
            Compression::Lz4 => 3,
            Compression::Zstd => 4,
        }
    }

    /// The compression with these bits; 5 to 7 are none of Kafka's.
    pub fn from_code(code: u8) -> Result<Compression, Fault> {
        Compression::ALL.into_iter().find(|c| c.code() == code).ok_or(Fault::UnknownCompression { code })
    }

    /// The name that Kafka's tools and settings use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Compression::None => "none",
            Compression::Gzip => "gzip",
            Compression::Snappy => "snappy",
            Compression::Lz4 => "lz4",
            Compression::Zstd => "zstd",
        }
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whose clock a record's timestamp is (Kafka: `TimestampType`, `message.timestamp.type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimestampType {
    /// The producer's.
    CreateTime,
    /// The broker's, when it appended the batch: readers get the batch's max timestamp for every record.
    LogAppendTime,
}

impl TimestampType {
    /// The name that Kafka's tools and settings use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            TimestampType::CreateTime => "CreateTime",
            TimestampType::LogAppendTime => "LogAppendTime",
        }
    }
}

impl fmt::Display for TimestampType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The 16 attribute bits of a batch, kept as they stand, unused ones too.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Attributes(pub i16);

impl Attributes {
    const COMPRESSION: i16 = 0x07;
    const LOG_APPEND_TIME: i16 = 0x08;
    const TRANSACTIONAL: i16 = 0x10;
    const CONTROL: i16 = 0x20;
    const DELETE_HORIZON: i16 = 0x40;

    /// A plain batch: not compressed, the producer's timestamps, no transaction.
    pub const PLAIN: Attributes = Attributes(0);

    /// Bits 0 to 2.
    pub fn compression(self) -> Result<Compression, Fault> {
        Compression::from_code((self.0 & Attributes::COMPRESSION).to_le_bytes()[0])
    }

    /// Bit 3.
    #[must_use]
    pub fn timestamp_type(self) -> TimestampType {
        if self.has(Attributes::LOG_APPEND_TIME) { TimestampType::LogAppendTime } else { TimestampType::CreateTime }
    }

    /// Bit 4: the batch is part of a transaction; its marker is too.
    #[must_use]
    pub fn is_transactional(self) -> bool {
        self.has(Attributes::TRANSACTIONAL)
    }

    /// Bit 5: the records are Kafka's own notes (markers, leader changes), which no consumer is given.
    #[must_use]
    pub fn is_control(self) -> bool {
        self.has(Attributes::CONTROL)
    }

    /// Bit 6: the base timestamp is the time from which tombstones and markers in here may go (KAFKA-8522).
    #[must_use]
    pub fn has_delete_horizon(self) -> bool {
        self.has(Attributes::DELETE_HORIZON)
    }

    #[must_use]
    pub fn with_compression(self, compression: Compression) -> Attributes {
        Attributes((self.0 & !Attributes::COMPRESSION) | i16::from(compression.code()))
    }

    #[must_use]
    pub fn with_timestamp_type(self, timestamp_type: TimestampType) -> Attributes {
        match timestamp_type {
            TimestampType::CreateTime => Attributes(self.0 & !Attributes::LOG_APPEND_TIME),
            TimestampType::LogAppendTime => Attributes(self.0 | Attributes::LOG_APPEND_TIME),
        }
    }

    #[must_use]
    pub fn with_transactional(self) -> Attributes {
        Attributes(self.0 | Attributes::TRANSACTIONAL)
    }

    #[must_use]
    pub fn with_control(self) -> Attributes {
        Attributes(self.0 | Attributes::CONTROL)
    }

    #[must_use]
    pub fn with_delete_horizon(self) -> Attributes {
        Attributes(self.0 | Attributes::DELETE_HORIZON)
    }

    fn has(self, bit: i16) -> bool {
        self.0 & bit != 0
    }
}

impl fmt::Debug for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attributes({:#06x})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_compression_has_its_bits_and_its_name() {
        let codes = Compression::ALL.map(|compression| (compression.code(), compression.to_string()));
        let expected = [(0, "none"), (1, "gzip"), (2, "snappy"), (3, "lz4"), (4, "zstd")];
        assert_eq!(codes, expected.map(|(code, name)| (code, name.to_owned())));
        for compression in Compression::ALL {
            assert_eq!(Attributes(-1).with_compression(compression).compression(), Ok(compression));
            assert_eq!(Attributes(-1).with_compression(compression).0 | 7, -1, "the other bits stay");
            assert_eq!(Attributes(8).with_compression(compression).0, 8 + i16::from(compression.code()));
        }
        assert_eq!(Compression::from_code(5), Err(Fault::UnknownCompression { code: 5 }));
    }

    /// Set once and set twice; seen where it is set, and nowhere else.
    #[test]
    fn each_bit_is_set_and_seen() {
        type Bit = (i16, fn(Attributes) -> Attributes, fn(Attributes) -> bool);
        let log_append = |attributes: Attributes| attributes.with_timestamp_type(TimestampType::LogAppendTime);
        let bits: [Bit; 4] = [
            (0x08, log_append, |attributes| attributes.timestamp_type() == TimestampType::LogAppendTime),
            (0x10, Attributes::with_transactional, Attributes::is_transactional),
            (0x20, Attributes::with_control, Attributes::is_control),
            (0x40, Attributes::with_delete_horizon, Attributes::has_delete_horizon),
        ];
        for (bit, with, has) in bits {
            assert_eq!((with(Attributes::PLAIN).0, with(with(Attributes(1))).0), (bit, bit | 1));
            assert!(has(Attributes(bit)) && !has(Attributes(!bit)));
        }
        let created = Attributes(-1).with_timestamp_type(TimestampType::CreateTime);
        assert_eq!(created.0, !0x08);
        assert_eq!(created.with_timestamp_type(TimestampType::CreateTime), created);
    }

    #[test]
    fn names_are_those_of_kafkas_tools() {
        let names = [TimestampType::CreateTime, TimestampType::LogAppendTime].map(|kind| kind.to_string());
        assert_eq!(names, ["CreateTime", "LogAppendTime"]);
        assert_eq!(format!("{:?}", Attributes(0x13)), "Attributes(0x0013)");
    }
}
