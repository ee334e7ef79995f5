//! Records of internal topics, as Kafka's dump tool prints them with `--offsets-decoder`,
//! `--transaction-log-decoder` and `--cluster-metadata-decoder`.

use std::path::Path;

use bytes::Bytes;
use data_encoding::BASE64;
use serde_json::{Map, Value as Json, json};

use super::jackson::jackson;
use super::name::FileKind;
use crate::cli::java_utf8;
use crate::ids::Offset;
use crate::records::{Decoded, Fault, InternalTopic, Part, Problem, Side, Struct, Value, uuid_text};

/// The topic that a file belongs to, if it is an internal one: by the folder that it lies in. Snapshots are always of
/// the metadata log.
pub(super) fn topic_of(path: &Path, kind: FileKind) -> Option<InternalTopic> {
    if !matches!(kind, FileKind::Segment { .. }) {
        return Some(InternalTopic::ClusterMetadata);
    }
    let path = std::path::absolute(path).ok()?;
    InternalTopic::of_folder(&path.parent()?.file_name()?.to_string_lossy())
}

/// A record's key and value as lines of the dump have them; none where Kafka's tool stops, for want of a key.
pub(super) fn contents(topic: InternalTopic, offset: Offset, decoded: &Decoded) -> Option<String> {
    if topic == InternalTopic::ClusterMetadata {
        return Some(format!(" payload: {}", metadata(offset, decoded)));
    }
    if let Part::Null { .. } = decoded.key {
        return None;
    }
    let (Some(record), Some(key)) = (decoded.record, decoded.key.fields()) else {
        let problem = decoded.key.problem()?;
        return Some(match problem.fault {
            Fault::UnknownType { found } => format!(" key: Unknown record type {found} at offset {offset}, skipping."),
            _ => format!(" key: Error at offset {offset}, skipping. {}", coordinator_error(decoded, &problem)),
        });
    };
    let key = jackson(&json!({"type": record.id.to_string(), "data": fields(key)}));
    let value = match (&decoded.value, decoded.readable_value()) {
        (Part::Fields { version, .. }, Some(value)) => {
            jackson(&json!({"version": version.to_string(), "data": fields(&value)}))
        }
        (Part::Bytes { problem, .. }, _) => {
            return Some(format!(" key: Error at offset {offset}, skipping. {}", coordinator_error(decoded, problem)));
        }
        _ => "<DELETE>".to_owned(),
    };
    Some(format!(" key: {key} payload: {value}"))
}

/// `CoordinatorRecordSerde`, in its words. The version of a key is its type.
fn coordinator_error(decoded: &Decoded, problem: &Problem) -> String {
    let side = problem.side;
    let bytes = match (&decoded.key, &decoded.value, side) {
        (Part::Bytes { bytes, .. }, _, Side::Key) | (_, Part::Bytes { bytes, .. }, Side::Value) => bytes,
        _ => &Bytes::new(),
    };
    let Some(version) = bytes.first_chunk().map(|bytes| i16::from_be_bytes(*bytes)) else {
        return format!("Could not read version from {side}'s buffer.");
    };
    let id = decoded.record.map_or(-1, |record| record.id);
    match problem.fault {
        Fault::UnknownVersion { found, .. } => format!("Found an unknown record version {found} for {id} type"),
        _ => format!("Could not read record with version {version} from {side}'s buffer due to: {}.", reason(problem)),
    }
}

/// What Kafka's readers say when they throw. Where the bytes end within a number, they say nothing: null.
fn reason(problem: &Problem) -> String {
    let element = if problem.is_element { " element" } else { "" };
    let field = problem.field;
    match problem.fault {
        Fault::VarintTooLong { read } => {
            let set = "the most significant bit in the 5th byte is set";
            format!("Varint is too long, {set}, converted value: {read:x}")
        }
        Fault::Null => format!("non-nullable field {field}{element} was serialized as null"),
        Fault::Length { found, left_bytes } => {
            format!("Error reading byte array of {found} byte(s): only {left_bytes} byte(s) available")
        }
        Fault::Count { found, left_bytes } => {
            format!("Tried to allocate a collection of size {found}, but there are only {left_bytes} bytes remaining.")
        }
        Fault::StringLength { found } => format!("string field {field}{element} had invalid length {found}"),
        Fault::TagSize { found } => found.cast_signed().to_string(),
        Fault::Tag { found, version } => format!("Tag {found} is not valid for version {version}"),
        Fault::CutOff { .. }
        | Fault::Frame { .. }
        | Fault::FrameNumber { .. }
        | Fault::UnknownType { .. }
        | Fault::UnknownVersion { .. }
        | Fault::LeftOver { .. }
        | Fault::Missing => "null".to_owned(),
    }
}

/// A record of the metadata log, or what `AbstractApiMessageSerde` says that it is not.
fn metadata(offset: Offset, decoded: &Decoded) -> String {
    let id = decoded.record.map_or(-1, |record| record.id);
    let nearest = decoded.in_nearest_version();
    let why = match (nearest.as_ref().unwrap_or(&decoded.value), decoded.record) {
        (Part::Fields { left_over: Some(Problem { fault: Fault::LeftOver { bytes }, .. }), .. }, _) => {
            format!("Found {bytes} byte(s) of garbage after {id}")
        }
        (Part::Fields { version, fields: value, .. }, Some(record)) => {
            return jackson(&json!({"type": type_name(record.name), "version": version, "data": fields(value)}));
        }
        (Part::Bytes { .. }, Some(_)) => format!("Failed to deserialize record with type {id}"),
        (Part::Bytes { problem, .. }, None) => frame_error(problem),
        _ => "Error while reading frame version".to_owned(),
    };
    format!("Error at {offset}, skipping. {why}")
}

fn frame_error(problem: &Problem) -> String {
    match problem.fault {
        Fault::Frame { found: 0 } => "Could not deserialize metadata record with frame version 0. Note that upgrades \
                                      from the preview release of KRaft in 2.8 to newer versions are not supported."
            .to_owned(),
        Fault::Frame { found } => format!(
            "Could not deserialize metadata record due to unknown frame version {found}(only frame version 1 is \
             supported)"
        ),
        Fault::FrameNumber { .. } => format!("Value for {} was too large.", problem.field),
        Fault::UnknownType { found } => {
            format!("org.apache.kafka.common.errors.UnsupportedVersionException: Unknown metadata id {found}")
        }
        _ => format!("Error while reading {}", problem.field),
    }
}

/// `MetadataRecordType`: `PartitionRecord` is `PARTITION_RECORD`.
fn type_name(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_uppercase());
    }
    text
}

/// The same for `--json`: type, key, the value's version and fields; null for what can't be read.
pub(super) fn json(decoded: &Decoded) -> Json {
    let part = |part: &Part| part.fields().map(fields);
    let version = match decoded.value {
        Part::Fields { version, .. } => Some(version),
        Part::Bytes { .. } | Part::Null { .. } => None,
    };
    json!({
        "type": decoded.record.map(|record| record.name),
        "key": part(&decoded.key),
        "version": version,
        "value": decoded.readable_value().as_ref().map(fields),
    })
}

/// Fields as Kafka's JSON converters write them: a tagged field only if it is not the default.
fn fields(fields: &Struct) -> Json {
    let written = fields.fields.iter().filter(|field| !field.is_left_out);
    Json::Object(written.map(|field| (field.name.to_owned(), value(&field.value))).collect::<Map<_, _>>())
}

fn value(of: &Value) -> Json {
    match of {
        Value::Null => Json::Null,
        Value::Bool(value) => json!(value),
        Value::Int(value) => json!(value),
        Value::Long(value) => json!(value),
        Value::Float(value) if value.is_finite() => json!(value),
        Value::Float(value) if value.is_nan() => json!("NaN"),
        Value::Float(value) => json!(if *value > 0.0 { "Infinity" } else { "-Infinity" }),
        Value::Uuid(bytes) => json!(uuid_text(*bytes)),
        Value::Text(bytes) => json!(java_utf8(bytes)),
        Value::Bytes(bytes) => json!(BASE64.encode(bytes)),
        Value::Array(elements) => Json::Array(elements.iter().map(value).collect()),
        Value::Struct(value) => fields(value),
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    fn said(topic: InternalTopic, key: Option<&str>, value: Option<&str>) -> Option<String> {
        let bytes = |hex: &str| Bytes::from(HEXLOWER.decode(hex.as_bytes()).expect("hexadecimal digits"));
        contents(topic, Offset(7), &crate::records::decode(topic, key.map(bytes).as_ref(), value.map(bytes).as_ref()))
    }

    /// Answers of `DumpLogSegments` of Kafka 4.3.1.
    #[test]
    fn what_a_coordinators_record_is_not_is_said_as_kafka_says_it() {
        let (group, offset) = ("0003000167", "00010001610001620000000000");
        let member = "00050001610001620000";
        let no_bytes = "Error reading byte array of 1 byte(s): only 0 byte(s) available";
        for (key, value, expected) in [
            (group, None, r#"{"type":"3","data":{"groupId":"g"}} payload: <DELETE>"#),
            ("0063", None, "Unknown record type 99 at offset 7, skipping."),
            ("00", None, "Could not read version from key's buffer."),
            ("00030001", None, &format!("Could not read record with version 3 from key's buffer due to: {no_bytes}.")),
            (offset, Some("0005"), "Found an unknown record version 5 for 1 type"),
            (offset, Some("00"), "Could not read version from value's buffer."),
            (group, Some("000000000002"), "Could not read record with version 0 from value's buffer due to: null."),
            (
                group,
                Some("0000000000020105ffffffff0f00"),
                "Could not read record with version 0 from value's buffer due to: -1.",
            ),
            (
                group,
                Some("0000000000020105ffffffffff00"),
                "Could not read record with version 0 from value's buffer due to: Varint is too long, the most \
                 significant bit in the 5th byte is set, converted value: ffffffff.",
            ),
            (
                member,
                Some("000000000101020000"),
                "Could not read record with version 0 from value's buffer due to: non-nullable field \
                 subscribedTopicNames element was serialized as null.",
            ),
            (
                member,
                Some("00000000ffffff7f"),
                "Could not read record with version 0 from value's buffer due to: string field clientId had invalid \
                 length 268435454.",
            ),
            // Bytes behind the last field are nothing to Kafka.
            (
                "0003000167ff",
                Some("0000000000020000ff"),
                r#"{"type":"3","data":{"groupId":"g"}} payload: {"version":"0","data":{"epoch":2}}"#,
            ),
        ] {
            let line = said(InternalTopic::ConsumerOffsets, Some(key), value).expect("a line");
            let error = line.strip_prefix(" key: Error at offset 7, skipping. ");
            assert_eq!(error.or(line.strip_prefix(" key: ")), Some(expected));
        }
        assert_eq!(said(InternalTopic::ConsumerOffsets, None, Some("0000")), None);
    }

    /// Answers of `DumpLogSegments` of Kafka 4.3.1.
    #[test]
    fn what_a_metadata_record_is_not_is_said_as_kafka_says_it() {
        let unknown = "org.apache.kafka.common.errors.UnsupportedVersionException: Unknown metadata id";
        for (value, expected) in [
            (None, "Error while reading frame version"),
            (Some(""), "Error while reading frame version"),
            (Some("01"), "Error while reading type"),
            (
                Some("02"),
                "Could not deserialize metadata record due to unknown frame version 2(only frame version 1 is \
                 supported)",
            ),
            (Some("01ffffff7f"), "Value for type was too large."),
            (Some("016300"), &format!("{unknown} 99")),
            (Some("01ffffffff0f00"), &format!("{unknown} -1")),
            (Some("01020003"), "Failed to deserialize record with type 2"),
            (Some("010200036161000000000000000000000000000000000000"), "Found 1 byte(s) of garbage after 2"),
        ] {
            let line = said(InternalTopic::ClusterMetadata, None, value).expect("a line");
            assert_eq!(line.strip_prefix(" payload: Error at 7, skipping. "), Some(expected));
        }
        let newer = said(InternalTopic::ClusterMetadata, None, Some("011c7f027400"));
        let expected = r#" payload: {"type":"CLEAR_ELR_RECORD","version":127,"data":{"topicName":"t"}}"#;
        assert_eq!(newer.as_deref(), Some(expected));
    }
}
