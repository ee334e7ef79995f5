//! Reads a message by its schema (Kafka: the `read` of the classes that `MessageDataGenerator` makes).
//!
//! What Kafka's readers take, this one takes: a compact length is a signed int, so that anything below 1 is null; the
//! size of a tagged field that the schema knows is not looked at; a tag that comes twice counts the second time.

use bytes::Bytes;

use super::problem::{Fault, Problem, STRING_BYTES_MAX, Side};
use super::schema::{Field, Message, Type, Versions};
use super::value::{Named, Struct, Value};
use crate::bytes::varint::{VARINT_BYTES_MAX, read_uvarint};

/// What the count, the tags and the sizes of tagged fields are called in problems.
const TAGGED: &str = "tagged fields";

/// A place in a key or a value.
pub(super) struct Reader<'a> {
    side: Side,
    bytes: &'a Bytes,
    at: usize,
    /// Of a message in a version above the newest one that is known: the structs in it refuse to be read.
    beyond: Option<Fault>,
}

/// What is being read, and how it is laid out.
#[derive(Clone, Copy)]
struct Layout {
    field: &'static str,
    is_element: bool,
    version: i16,
    is_flexible: bool,
    is_tagged: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(side: Side, bytes: &'a Bytes) -> Reader<'a> {
        Reader { side, bytes, at: 0, beyond: None }
    }

    /// The fields of a message, whose version has been read.
    pub(super) fn message(&mut self, message: &Message, version: i16) -> Result<Struct, Problem> {
        if !(0..=message.newest).contains(&version) {
            return Err(self.problem("version", Fault::UnknownVersion { found: version, newest: message.newest }));
        }
        self.fields(message.fields, version, message.flexible.contains(version))
    }

    /// The fields of a message by the nearest version that is known. Kafka's readers do this where nobody has looked at
    /// the version before: only the structs within a message know what is too new for them.
    pub(super) fn message_in_nearest_version(&mut self, message: &Message, version: i16) -> Result<Struct, Problem> {
        let newest = message.newest;
        self.beyond = (version > newest).then_some(Fault::UnknownVersion { found: version, newest });
        self.message(message, version.clamp(0, newest))
    }

    /// Whether all has been read; a problem if not.
    pub(super) fn left_over(&self) -> Option<Problem> {
        match self.left_bytes() {
            0 => None,
            bytes => Some(self.problem("after the last field", Fault::LeftOver { bytes })),
        }
    }

    /// The byte offset of what is read next.
    pub(super) fn at(&self) -> u64 {
        self.at as u64
    }

    pub(super) fn problem(&self, field: &'static str, fault: Fault) -> Problem {
        Problem { side: self.side, at: self.at(), field, is_element: false, fault }
    }

    fn fields(&mut self, schema: &'static [Field], version: i16, is_flexible: bool) -> Result<Struct, Problem> {
        let mut fields = Vec::with_capacity(schema.len());
        for field in schema.iter().filter(|field| field.versions.contains(version)) {
            let value = match field.tag {
                Some(_) => field.default_value(version),
                None => self.field(field, version, is_flexible, false)?,
            };
            fields.push(Named::new(field, value, version));
        }
        let mut unknown = Vec::new();
        if is_flexible {
            let count = self.uvarint(TAGGED)?.cast_signed();
            for _ in 0..count {
                self.tagged(schema, version, &mut fields, &mut unknown)?;
            }
            unknown.sort_by_key(|(tag, _)| *tag);
        }
        Ok(Struct { fields, unknown })
    }

    fn tagged(
        &mut self,
        schema: &'static [Field],
        version: i16,
        fields: &mut [Named],
        unknown: &mut Vec<(u32, Bytes)>,
    ) -> Result<(), Problem> {
        let tag_at = self.at;
        let tag = self.uvarint(TAGGED)?;
        let size_at = self.at;
        let size = self.uvarint(TAGGED)?;
        let Some(field) = schema.iter().find(|field| field.tag == Some(tag)) else {
            if size.cast_signed() < 0 {
                self.at = size_at;
                return Err(self.problem(TAGGED, Fault::TagSize { found: size }));
            }
            unknown.push((tag, self.take(TAGGED, size.into())?));
            return Ok(());
        };
        if !field.versions.contains(version) {
            self.at = tag_at;
            return Err(self.problem(field.name, Fault::Tag { found: tag, version }));
        }
        let value = self.field(field, version, true, true)?;
        if let Some(named) = fields.iter_mut().find(|named| named.name == field.name) {
            *named = Named::new(field, value, version);
        }
        Ok(())
    }

    fn field(&mut self, field: &Field, version: i16, is_flexible: bool, is_tagged: bool) -> Result<Value, Problem> {
        let layout = Layout { field: field.name, is_element: false, version, is_flexible, is_tagged };
        self.value(field.kind, field.nullable, layout)
    }

    fn value(&mut self, kind: Type, nullable: Versions, layout: Layout) -> Result<Value, Problem> {
        let name = layout.field;
        let is_nullable = nullable.contains(layout.version);
        Ok(match kind {
            Type::Bool => Value::Bool(self.array(name)? != [0]),
            Type::Int8 => Value::Int(i8::from_be_bytes(self.array(name)?).into()),
            Type::Int16 => Value::Int(i16::from_be_bytes(self.array(name)?).into()),
            Type::Uint16 => Value::Int(u16::from_be_bytes(self.array(name)?).into()),
            Type::Int32 => Value::Int(i32::from_be_bytes(self.array(name)?)),
            Type::Int64 => Value::Long(i64::from_be_bytes(self.array(name)?)),
            Type::Float64 => Value::Float(f64::from_be_bytes(self.array(name)?)),
            Type::Uuid => Value::Uuid(self.array(name)?),
            Type::Struct(_) if is_nullable && self.is_null_struct(layout)? => Value::Null,
            Type::Struct(_) if let Some(beyond) = self.beyond => return Err(self.problem_in(layout, beyond)),
            Type::Struct(fields) => Value::Struct(self.fields(fields, layout.version, layout.is_flexible)?),
            Type::String | Type::Bytes | Type::Array(_) => match self.length(kind, layout)? {
                None if is_nullable => Value::Null,
                None => return Err(self.problem_in(layout, Fault::Null)),
                Some(len) => self.of_length(kind, len, layout)?,
            },
        })
    }

    /// A nullable struct has a byte in front, below 0 for null; a tagged one a varint, 0 for null.
    fn is_null_struct(&mut self, layout: Layout) -> Result<bool, Problem> {
        if layout.is_tagged {
            return Ok(self.uvarint(layout.field)?.cast_signed() <= 0);
        }
        Ok(i8::from_be_bytes(self.array(layout.field)?) < 0)
    }

    /// A length or a count; none for null.
    fn length(&mut self, kind: Type, layout: Layout) -> Result<Option<u64>, Problem> {
        let name = layout.field;
        let length = match kind {
            _ if layout.is_flexible => self.uvarint(name)?.cast_signed().wrapping_sub(1),
            Type::String => i16::from_be_bytes(self.array(name)?).into(),
            _ => i32::from_be_bytes(self.array(name)?),
        };
        Ok(u64::try_from(length).ok())
    }

    fn of_length(&mut self, kind: Type, len: u64, layout: Layout) -> Result<Value, Problem> {
        let name = layout.field;
        Ok(match kind {
            Type::Array(element) => self.elements(*element, len, layout)?,
            Type::String if len > STRING_BYTES_MAX => {
                return Err(self.problem_in(layout, Fault::StringLength { found: len }));
            }
            Type::String => Value::Text(self.take(name, len)?),
            _ => Value::Bytes(self.take(name, len)?),
        })
    }

    fn elements(&mut self, kind: Type, count: u64, layout: Layout) -> Result<Value, Problem> {
        let left_bytes = self.left_bytes();
        if count > left_bytes {
            return Err(self.problem_in(layout, Fault::Count { found: count, left_bytes }));
        }
        let layout = Layout { is_element: true, ..layout };
        // No more are held than have been read: a count that the bytes do not bear out costs nothing.
        let mut elements = Vec::new();
        for _ in 0..count {
            elements.push(self.value(kind, Versions::NONE, layout)?);
        }
        Ok(Value::Array(elements))
    }

    fn problem_in(&self, layout: Layout, fault: Fault) -> Problem {
        Problem { is_element: layout.is_element, ..self.problem(layout.field, fault) }
    }

    fn left_bytes(&self) -> u64 {
        self.rest().len() as u64
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    pub(super) fn i16(&mut self, field: &'static str) -> Result<i16, Problem> {
        Ok(i16::from_be_bytes(self.array(field)?))
    }

    fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], Problem> {
        let Some(array) = self.rest().first_chunk::<N>().copied() else {
            return Err(self.problem(field, self.cut_off(N as u64)));
        };
        self.at += N;
        Ok(array)
    }

    fn take(&mut self, field: &'static str, len: u64) -> Result<Bytes, Problem> {
        let left_bytes = self.left_bytes();
        match usize::try_from(len) {
            Ok(size) if len <= left_bytes => {
                let taken = self.bytes.slice(self.at..self.at + size);
                self.at += size;
                Ok(taken)
            }
            _ => Err(self.problem(field, Fault::Length { found: len, left_bytes })),
        }
    }

    pub(super) fn uvarint(&mut self, field: &'static str) -> Result<u32, Problem> {
        if let Ok((value, size)) = read_uvarint(self.rest()) {
            self.at += size;
            return Ok(value);
        }
        let first = self.rest().iter().take(VARINT_BYTES_MAX.into());
        let read = first.enumerate().fold(0, |read, (index, byte)| read | (u32::from(byte & 0x7f) << (7 * index)));
        let is_whole = self.left_bytes() >= VARINT_BYTES_MAX.into();
        let fault = if is_whole { Fault::VarintTooLong { read } } else { self.cut_off(self.left_bytes() + 1) };
        Err(self.problem(field, fault))
    }

    fn cut_off(&self, needed_bytes: u64) -> Fault {
        Fault::CutOff { left_bytes: self.left_bytes(), needed_bytes }
    }
}
