//! A record's key and value as text a person can read.

use super::batch::FileRecord;
use crate::frame::CellKind;
use crate::records::{InternalTopic, decode};

/// Characters of a key or a value that are kept: a cell shows a few, its label all of them.
const CHARS_MAX: usize = 80;
/// Of a record with named fields, in one of Kafka's own topics.
const FIELDS_CHARS_MAX: usize = 400;

/// Key and value; none is null. In an internal topic the record's type stands for the key, its fields for the value.
pub(super) fn content(record: &FileRecord, topic: Option<InternalTopic>) -> (Option<String>, Option<String>) {
    let is_data = matches!(record.kind, CellKind::Record | CellKind::Tombstone | CellKind::Aborted);
    let decoded = topic.filter(|_| is_data).map(|topic| decode(topic, record.key.as_ref(), record.value.as_ref()));
    match decoded.as_ref().and_then(|decoded| Some((decoded, decoded.record?))) {
        Some((decoded, of)) => {
            let fields = shortened(decoded.to_string().chars(), FIELDS_CHARS_MAX);
            (Some(of.name.to_owned()), Some(fields))
        }
        None => (record.key.as_deref().map(text_of), record.value.as_deref().map(text_of)),
    }
}

/// As text where it is text, else as hexadecimal.
fn text_of(bytes: &[u8]) -> String {
    let printable = std::str::from_utf8(bytes).ok().filter(|text| !text.chars().any(char::is_control));
    match printable {
        Some(text) => shortened(text.chars(), CHARS_MAX),
        None => format!("0x{}", shortened(bytes.iter().flat_map(hex_digits), CHARS_MAX)),
    }
}

fn hex_digits(byte: &u8) -> [char; 2] {
    [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap_or('?'))
}

fn shortened(mut chars: impl Iterator<Item = char>, most: usize) -> String {
    let mut text: String = chars.by_ref().take(most).collect();
    if chars.next().is_some() {
        text.push('\u{2026}');
    }
    text
}
