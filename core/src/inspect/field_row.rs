//! A line of the byte inspector: a field with its place, its bytes and what it says, as text.

use std::ops::Range;

use crate::bytes::{Attributes, Field, FieldValue};

/// Bytes of one field that are written out.
const HEX_BYTES_MAX: usize = 64;
/// Characters of one value that are written out.
const VALUE_CHARS_MAX: usize = 200;

/// A field of a batch, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FieldRow {
    pub name: String,
    /// Which record of the batch it belongs to: 0 for the first. None for the batch's own fields.
    pub record: Option<u32>,
    /// Where it stands: in the batch, or in what its records unpack to.
    pub range: Range<usize>,
    pub in_unpacked: bool,
    /// Its first 64 bytes, in hexadecimal.
    pub hex: String,
    pub value: String,
}

impl FieldRow {
    #[must_use]
    pub fn of(field: &Field) -> FieldRow {
        let hex: Vec<String> = field.raw.iter().take(HEX_BYTES_MAX).map(|byte| format!("{byte:02x}")).collect();
        let more = if field.raw.len() > HEX_BYTES_MAX { " \u{2026}" } else { "" };
        FieldRow {
            name: field.name.to_string(),
            record: field.record,
            range: field.range.clone(),
            in_unpacked: field.in_unpacked,
            hex: hex.join(" ") + more,
            value: value(field),
        }
    }
}

/// What a field says, as text.
fn value(field: &Field) -> String {
    match &field.value {
        FieldValue::Int(number) => number.to_string(),
        FieldValue::Crc(crc) => format!("{crc:08x}"),
        FieldValue::Attributes(attributes) => attribute_words(*attributes),
        FieldValue::Bytes => {
            let text = String::from_utf8_lossy(&field.raw);
            match text.char_indices().nth(VALUE_CHARS_MAX) {
                Some((end, _)) => format!("{}\u{2026}", text.get(..end).unwrap_or_default()),
                None => text.into_owned(),
            }
        }
        FieldValue::Null => "null".to_owned(),
    }
}

/// A batch's attribute bits in words.
pub(super) fn attribute_words(attributes: Attributes) -> String {
    let compression = attributes.compression().map_or("unknown", |kind| kind.name());
    let mut words = vec![format!("compression {compression}"), attributes.timestamp_type().name().to_owned()];
    if attributes.is_transactional() {
        words.push("transactional".to_owned());
    }
    if attributes.is_control() {
        words.push("control".to_owned());
    }
    words.join(", ")
}
