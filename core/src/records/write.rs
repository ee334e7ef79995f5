//! Writes a message by its schema: the inverse of reading, byte for byte.

use super::schema::{Field, Message, Type};
use super::value::{Struct, Value};
use crate::bytes::varint::write_uvarint;

/// Appends a message's fields. What does not fit the schema, which reading can't give, is left out.
pub(super) fn message(out: &mut Vec<u8>, message: &Message, version: i16, fields: &Struct) {
    write_fields(out, message.fields, fields, version, message.flexible.contains(version));
}

fn write_fields(out: &mut Vec<u8>, schema: &[Field], fields: &Struct, version: i16, is_flexible: bool) {
    let of_version = schema.iter().filter(|field| field.versions.contains(version));
    let mut tagged: Vec<(u32, Vec<u8>)> = fields.unknown.iter().map(|(tag, bytes)| (*tag, bytes.to_vec())).collect();
    for (field, named) in of_version.zip(&fields.fields) {
        match field.tag {
            None => {
                write_value(out, field.kind, &named.value, Layout { field, version, is_flexible, is_tagged: false })
            }
            Some(_) if named.is_left_out => {}
            Some(tag) => {
                let mut bytes = Vec::new();
                let layout = Layout { field, version, is_flexible, is_tagged: true };
                write_value(&mut bytes, field.kind, &named.value, layout);
                tagged.push((tag, bytes));
            }
        }
    }
    if is_flexible {
        tagged.sort_by_key(|(tag, _)| *tag);
        write_count(out, tagged.len());
        for (tag, bytes) in tagged {
            write_uvarint(out, tag);
            write_count(out, bytes.len());
            out.extend_from_slice(&bytes);
        }
    }
}

#[derive(Clone, Copy)]
struct Layout<'a> {
    field: &'a Field,
    version: i16,
    is_flexible: bool,
    is_tagged: bool,
}

fn write_value(out: &mut Vec<u8>, kind: Type, value: &Value, layout: Layout<'_>) {
    let is_nullable_struct =
        layout.field.nullable.contains(layout.version) && matches!(layout.field.kind, Type::Struct(_));
    match (kind, value) {
        (_, Value::Bool(value)) => out.push((*value).into()),
        (Type::Int8, Value::Int(value)) => out.extend(value.to_be_bytes().get(3..).unwrap_or_default()),
        (Type::Int16 | Type::Uint16, Value::Int(value)) => {
            out.extend(value.to_be_bytes().get(2..).unwrap_or_default());
        }
        (_, Value::Int(value)) => out.extend(value.to_be_bytes()),
        (_, Value::Long(value)) => out.extend(value.to_be_bytes()),
        (_, Value::Float(value)) => out.extend(value.to_be_bytes()),
        (_, Value::Uuid(bytes)) => out.extend(bytes),
        (_, Value::Text(bytes) | Value::Bytes(bytes)) => {
            write_length(out, kind, Some(bytes.len()), layout);
            out.extend_from_slice(bytes);
        }
        (Type::Array(element), Value::Array(elements)) => {
            write_length(out, kind, Some(elements.len()), layout);
            for value in elements {
                write_value(out, *element, value, layout);
            }
        }
        (Type::Struct(fields), Value::Struct(value)) => {
            if is_nullable_struct {
                out.push(1);
            }
            write_fields(out, fields, value, layout.version, layout.is_flexible);
        }
        (Type::Struct(_), Value::Null) => out.push(if layout.is_tagged { 0 } else { 0xff }),
        (_, Value::Null) => write_length(out, kind, None, layout),
        (_, Value::Array(_) | Value::Struct(_)) => {}
    }
}

/// A length or a count, as [`Type`] says; none for null.
fn write_length(out: &mut Vec<u8>, kind: Type, length: Option<usize>, layout: Layout<'_>) {
    match (length, kind) {
        (length, _) if layout.is_flexible => write_count(out, length.map_or(0, |length| length + 1)),
        (Some(length), Type::String) => out.extend(i16::try_from(length).unwrap_or(i16::MAX).to_be_bytes()),
        (Some(length), _) => out.extend(i32::try_from(length).unwrap_or(i32::MAX).to_be_bytes()),
        (None, Type::String) => out.extend((-1_i16).to_be_bytes()),
        (None, _) => out.extend((-1_i32).to_be_bytes()),
    }
}

fn write_count(out: &mut Vec<u8>, count: usize) {
    write_uvarint(out, u32::try_from(count).unwrap_or(u32::MAX));
}
