//! A record's fields with their values: a tree in the order of the schema.

use std::fmt;

use bytes::Bytes;

use super::schema::Field;

/// The value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    /// Of 8, 16 or 32 bits.
    Int(i32),
    Long(i64),
    Float(f64),
    Uuid([u8; 16]),
    /// UTF-8, unless somebody else wrote it.
    Text(Bytes),
    Bytes(Bytes),
    Array(Vec<Value>),
    Struct(Struct),
}

/// Fields of one version of a message, in schema order, and what a newer Kafka has added behind them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Struct {
    pub fields: Vec<Named>,
    /// Tagged fields that the schema does not have, by tag, as Kafka writes them: tag and bytes.
    pub unknown: Vec<(u32, Bytes)>,
}

impl Struct {
    /// The value of a field, if this version has it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.fields.iter().find(|field| field.name == name).map(|field| &field.value)
    }
}

/// A field's name and value.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    pub name: &'static str,
    pub value: Value,
    /// A tagged field with its default: it is not written, and Kafka's tools do not print it.
    pub is_left_out: bool,
}

impl Named {
    pub(super) fn new(field: &Field, value: Value, version: i16) -> Named {
        let is_left_out = field.tag.is_some() && value == field.default_value(version);
        Named { name: field.name, value, is_left_out }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Bool(value) => value.fmt(f),
            Value::Int(value) => value.fmt(f),
            Value::Long(value) => value.fmt(f),
            Value::Float(value) => write!(f, "{value:?}"),
            Value::Uuid(bytes) => f.write_str(&uuid_text(*bytes)),
            Value::Text(text) => write!(f, "{:?}", String::from_utf8_lossy(text)),
            Value::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Value::Array(elements) => {
                f.write_str("[")?;
                separated(f, elements.iter())?;
                f.write_str("]")
            }
            Value::Struct(fields) => fields.fmt(f),
        }
    }
}

impl fmt::Display for Struct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        separated(f, self.fields.iter().filter(|field| !field.is_left_out))?;
        for (tag, bytes) in &self.unknown {
            write!(f, ", tag {tag}: {} bytes", bytes.len())?;
        }
        f.write_str(")")
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.value)
    }
}

fn separated<T: fmt::Display>(f: &mut fmt::Formatter<'_>, items: impl Iterator<Item = T>) -> fmt::Result {
    for (index, item) in items.enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        write!(f, "{comma}{item}")?;
    }
    Ok(())
}

/// Sixteen bytes as Kafka writes a `Uuid`: base64 with `-` and `_`, without padding, 22 characters.
#[must_use]
pub fn uuid_text(bytes: [u8; 16]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let number = u128::from_be_bytes(bytes);
    let digit = |six_bits: u128| DIGITS.get((six_bits & 0x3f) as usize).map_or('?', |digit| char::from(*digit));
    // 21 digits hold 126 bits; the last one holds the 2 that are left, and four zeros.
    (0..21).rev().map(|index| digit(number >> (2 + 6 * index))).chain([digit(number << 4)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts that Kafka's own `Uuid.toString` gave.
    #[test]
    fn a_uuid_is_written_as_kafka_writes_it() {
        assert_eq!(uuid_text([0; 16]), "AAAAAAAAAAAAAAAAAAAAAA");
        assert_eq!(uuid_text([0xff; 16]), "_____________________w");
        let bytes = 0x0123_4567_89ab_cdef_fedc_ba98_7654_3210_u128.to_be_bytes();
        assert_eq!(uuid_text(bytes), "ASNFZ4mrze_-3LqYdlQyEA");
    }
}
