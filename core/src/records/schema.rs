//! How records of internal topics are described: messages of named, typed fields, each with the versions it is in.
//!
//! Kafka writes such descriptions as JSON (`GroupMetadataValue.json` and the like) and generates Java from them
//! (`MessageDataGenerator`). Here they are constants, and one reader goes by them.

use super::value::{Named, Struct, Value};

/// What a field holds, and so how it is laid out.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// One byte; any but 0 is true.
    Bool,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint16,
    /// Eight bytes, IEEE 754.
    Float64,
    /// Sixteen bytes.
    Uuid,
    /// A length in two bytes, in flexible versions as a varint, and UTF-8.
    String,
    /// A length in four bytes, in flexible versions as a varint, and bytes.
    Bytes,
    /// A count, laid out as a length of bytes is, and the elements.
    Array(&'static Type),
    /// The fields one after the other; in flexible versions tagged fields behind them (KIP-482).
    Struct(&'static [Field]),
}

/// A range of versions, both ends in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versions {
    pub first: i16,
    pub last: i16,
}

impl Versions {
    pub const ALL: Versions = Versions::since(0);
    pub const NONE: Versions = Versions { first: 0, last: -1 };

    #[must_use]
    pub const fn since(first: i16) -> Versions {
        Versions { first, last: i16::MAX }
    }

    #[must_use]
    pub fn contains(self, version: i16) -> bool {
        (self.first..=self.last).contains(&version)
    }
}

/// What a tagged field means when it is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// 0, false, no text, no elements, a struct of such fields.
    Zero,
    Null,
    Number(i64),
}

/// A field of a struct.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// As Kafka's tools print it.
    pub name: &'static str,
    pub kind: Type,
    pub versions: Versions,
    /// In which versions it may be null.
    pub nullable: Versions,
    /// A tagged field stands behind the others, and only if it is not the default.
    pub tag: Option<u32>,
    pub absent: Absent,
}

/// A field of all versions, never null.
#[must_use]
pub const fn field(name: &'static str, kind: Type) -> Field {
    Field { name, kind, versions: Versions::ALL, nullable: Versions::NONE, tag: None, absent: Absent::Zero }
}

impl Field {
    /// In this version and all later ones.
    #[must_use]
    pub const fn since(mut self, first: i16) -> Field {
        self.versions = Versions::since(first);
        self
    }

    /// In this version alone.
    #[must_use]
    pub const fn only_in(mut self, version: i16) -> Field {
        self.versions = Versions { first: version, last: version };
        self
    }

    /// May be null wherever it is.
    #[must_use]
    pub const fn nullable(mut self) -> Field {
        self.nullable = Versions::ALL;
        self
    }

    #[must_use]
    pub const fn tagged(mut self, tag: u32) -> Field {
        self.tag = Some(tag);
        self
    }

    /// What it is when it is not written, if that is not 0 or nothing.
    #[must_use]
    pub const fn or(mut self, number: i64) -> Field {
        self.absent = Absent::Number(number);
        self
    }

    #[must_use]
    pub const fn or_null(mut self) -> Field {
        self.absent = Absent::Null;
        self.nullable()
    }

    /// Its value when it is not written.
    #[must_use]
    pub fn default_value(&self, version: i16) -> Value {
        let number = match self.absent {
            Absent::Null => return Value::Null,
            Absent::Number(number) => number,
            Absent::Zero => 0,
        };
        match self.kind {
            Type::Bool => Value::Bool(number != 0),
            Type::Int8 | Type::Int16 | Type::Int32 | Type::Uint16 => Value::Int(i32::try_from(number).unwrap_or(0)),
            Type::Int64 => Value::Long(number),
            Type::Float64 => Value::Float(0.0),
            Type::Uuid => Value::Uuid([0; 16]),
            Type::String => Value::Text(bytes::Bytes::new()),
            Type::Bytes => Value::Bytes(bytes::Bytes::new()),
            Type::Array(_) => Value::Array(Vec::new()),
            Type::Struct(fields) => Value::Struct(Struct {
                fields: fields
                    .iter()
                    .filter(|field| field.versions.contains(version))
                    .map(|field| Named::new(field, field.default_value(version), version))
                    .collect(),
                unknown: Vec::new(),
            }),
        }
    }
}

/// A key or a value: versions from 0 on.
#[derive(Clone, Copy, Debug)]
pub struct Message {
    pub newest: i16,
    /// Versions with varint lengths and tagged fields.
    pub flexible: Versions,
    pub fields: &'static [Field],
}

impl Message {
    /// A message that has one version, 0, with lengths of fixed size. All keys are such, so that equal keys have
    /// equal bytes.
    #[must_use]
    pub const fn fixed(fields: &'static [Field]) -> Message {
        Message { newest: 0, flexible: Versions::NONE, fields }
    }

    /// A message that is flexible from its first version on.
    #[must_use]
    pub const fn flexible(newest: i16, fields: &'static [Field]) -> Message {
        Message { newest, flexible: Versions::ALL, fields }
    }

    /// A message that became flexible with a later version.
    #[must_use]
    pub const fn flexible_since(first: i16, newest: i16, fields: &'static [Field]) -> Message {
        Message { newest, flexible: Versions::since(first), fields }
    }
}

/// A type of record.
#[derive(Clone, Copy, Debug)]
pub struct RecordType {
    /// A coordinator's key begins with it; in the metadata log it is the value's API key.
    pub id: i16,
    /// Kafka's name. Of a coordinator's record, without `Key` and `Value`.
    pub name: &'static str,
    /// None in the metadata log.
    pub key: Option<Message>,
    pub value: Message,
}

impl RecordType {
    #[must_use]
    pub const fn keyed(id: i16, name: &'static str, key: Message, value: Message) -> RecordType {
        RecordType { id, name, key: Some(key), value }
    }

    #[must_use]
    pub const fn metadata(id: i16, name: &'static str, newest: i16, fields: &'static [Field]) -> RecordType {
        RecordType { id, name, key: None, value: Message::flexible(newest, fields) }
    }
}
