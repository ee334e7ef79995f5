//! The reader by hand-made bytes, and the tables by what every schema of Kafka's obeys.

use bytes::Bytes;

use super::problem::{Fault, Problem, Side};
use super::read::Reader;
use super::schema::{Absent, Field, Message, Type, Versions, field};
use super::value::{Struct, Value};
use super::{InternalTopic, Part, decode, write};

/// Version 0 with lengths of fixed size, 1 and 2 with varints and tags.
const MESSAGE: Message = Message::flexible_since(
    1,
    2,
    &[
        field("old", Type::Int16).only_in(0),
        field("text", Type::String).nullable(),
        field("numbers", Type::Array(&Type::Int8)),
        field("part", Type::Struct(&[field("flag", Type::Bool)])).since(1).nullable(),
        field("leader", Type::Int32).since(1).tagged(0).or(-2),
        field("late", Type::Array(&Type::String)).since(2).tagged(1).or_null(),
        field("maybe", Type::Struct(&[field("flag", Type::Bool)])).since(1).tagged(2).nullable(),
    ],
);

fn read(version: i16, bytes: &[u8]) -> Result<Struct, Problem> {
    let bytes = Bytes::copy_from_slice(bytes);
    let mut reader = Reader::new(Side::Value, &bytes);
    let fields = reader.message(&MESSAGE, version)?;
    reader.left_over().map_or(Ok(fields), Err)
}

fn said(version: i16, bytes: &[u8]) -> String {
    read(version, bytes).map_or_else(|problem| problem.to_string(), |fields| fields.to_string())
}

const VERSION_0: &[u8] = &[0x12, 0x34, 0, 2, b'h', b'i', 0, 0, 0, 2, 7, 0xff];
/// text, numbers, part with its flag and no tags; then the tags: leader −1, late, maybe as null, one unknown.
const VERSION_2: &[u8] = &[
    3, b'h', b'i', 3, 7, 0xff, 1, 1, 0, // fields
    4, 0, 4, 0xff, 0xff, 0xff, 0xff, 1, 3, 2, 2, b'x', 2, 1, 0, 9, 2, 0xab, 0xcd, // tags
];

#[test]
fn each_version_has_its_own_fields_and_lengths() {
    assert_eq!(said(0, VERSION_0), r#"(old: 4660, text: "hi", numbers: [7, -1])"#);
    assert_eq!(
        said(1, &[3, b'h', b'i', 3, 7, 0xff, 1, 1, 0, 0]),
        r#"(text: "hi", numbers: [7, -1], part: (flag: true))"#
    );
    assert_eq!(
        said(2, VERSION_2),
        r#"(text: "hi", numbers: [7, -1], part: (flag: true), leader: -1, late: ["x"], maybe: null, tag 9: 2 bytes)"#
    );
}

#[test]
fn null_is_a_length_below_0_and_a_varint_0() {
    assert_eq!(said(0, &[0, 0, 0xff, 0xff, 0, 0, 0, 0]), "(old: 0, text: null, numbers: [])");
    assert_eq!(said(1, &[0, 1, 0xff, 0]), "(text: null, numbers: [], part: null)");
    assert_eq!(said(1, &[0, 0, 0xff, 0]), "value byte 2: numbers: found null, expected a value");
}

#[test]
fn a_tagged_field_that_is_not_written_has_its_default() {
    let fields = read(2, &[0, 1, 0xff, 0]).expect("fields");
    assert_eq!(fields.get("leader"), Some(&Value::Int(-2)));
    assert_eq!(fields.get("late"), Some(&Value::Null));
    assert!(
        matches!(fields.get("maybe"), Some(Value::Struct(maybe)) if maybe.get("flag") == Some(&Value::Bool(false)))
    );
    let left_out: Vec<bool> = fields.fields.iter().map(|field| field.is_left_out).collect();
    assert_eq!(left_out, [false, false, false, true, true, true]);
    // Written although it is the default: read, and not told apart.
    assert_eq!(read(2, &[0, 1, 0xff, 1, 0, 4, 0xff, 0xff, 0xff, 0xfe]), Ok(fields));
}

#[test]
fn what_is_wrong_has_a_place() {
    for (version, bytes, expected) in [
        (3, VERSION_2, "value byte 0: version: found 3, expected 0 to 2"),
        (-1, VERSION_2, "value byte 0: version: found -1, expected 0 to 2"),
        (0, &[1], "value byte 0: old: found 1 bytes left, expected 2 bytes"),
        (0, &[0, 0, 0, 9, b'x'], "value byte 4: text: found 9, expected 1 or less"),
        (0, &[0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 1], "value byte 8: numbers: found 2147483647, expected 1 or less"),
        (
            1,
            &[0x80, 0x80, 0x80, 0x80, 0x80, 1],
            "value byte 0: text: found a varint of more than 5 bytes, expected at most 5 bytes",
        ),
        (1, &[0x81, 0x80, 0x02, 0], "value byte 3: text: found 32768, expected 32767 or less"),
        (1, &[0, 1, 0xff, 1, 1, 1, 0], "value byte 4: late: found tag 1, expected a tag of version 1"),
        (1, &[0, 1, 0xff, 1, 9, 2, 0], "value byte 6: tagged fields: found 2, expected 1 or less"),
        (
            1,
            &[0, 1, 0xff, 1, 9, 0xff, 0xff, 0xff, 0xff, 0xf],
            "value byte 5: tagged fields: found 4294967295 bytes, expected 2147483647 or less",
        ),
        (2, &[0, 1, 0xff, 1, 1, 1, 2, 0], "value byte 8: late element: found null, expected a value"),
        (1, &[0, 1, 0xff, 0, 7, 7], "value byte 4: after the last field: found 2 bytes, expected the end"),
    ] {
        assert_eq!(said(version, bytes), expected);
    }
}

#[test]
fn cut_off_at_every_byte_it_is_a_problem_within_what_is_left() {
    for (version, whole) in [(0, VERSION_0), (2, VERSION_2)] {
        for len in 0..whole.len() {
            let problem = read(version, &whole[..len]).expect_err("a problem");
            assert!(problem.at <= len as u64, "{problem}");
            assert!(
                matches!(problem.fault, Fault::CutOff { .. } | Fault::Length { .. } | Fault::Count { .. }),
                "{problem}"
            );
        }
    }
}

#[test]
fn what_is_written_has_the_bytes_that_were_read() {
    for (version, bytes) in
        [(0, VERSION_0), (2, VERSION_2), (1, &[0, 1, 0xff, 0]), (0, &[0, 0, 0xff, 0xff, 0, 0, 0, 0])]
    {
        let mut out = Vec::new();
        write::message(&mut out, &MESSAGE, version, &read(version, bytes).expect("fields"));
        assert_eq!(out, bytes);
    }
}

#[test]
fn every_table_is_well_formed() {
    for topic in InternalTopic::ALL {
        let types = topic.record_types();
        assert!(types.is_sorted_by(|a, b| a.id < b.id), "{topic}: types are in order, each once");
        for record in types {
            let is_metadata = topic == InternalTopic::ClusterMetadata;
            assert_eq!(record.key.is_none(), is_metadata, "{}", record.name);
            assert_eq!(record.name.ends_with("Record"), is_metadata, "{}", record.name);
            for message in record.key.iter().chain([&record.value]) {
                assert_well_formed(record.name, message, message.fields);
            }
        }
    }
}

fn assert_well_formed(record: &str, message: &Message, fields: &'static [Field]) {
    let of_version = |field: &Field, version| field.versions.contains(version);
    for (index, field) in fields.iter().enumerate() {
        let name = format!("{record}: {}", field.name);
        assert!(field.name.starts_with(|letter: char| letter.is_ascii_lowercase()), "{name} begins small");
        assert!(fields.iter().skip(index + 1).all(|other| other.name != field.name), "{name} is there once");
        assert!((0..=message.newest).any(|version| of_version(field, version)), "{name} is in some version");
        match field.tag {
            Some(tag) => {
                let is_flexible = |version| !of_version(field, version) || message.flexible.contains(version);
                assert!((0..=message.newest).all(is_flexible), "{name} has a tag in flexible versions alone");
                let tags = fields.iter().filter_map(|field| field.tag);
                assert!((tag as usize) < tags.clone().count(), "{name}: tags are used without a gap");
                assert_eq!(tags.filter(|other| *other == tag).count(), 1, "{name}: a tag is used once");
            }
            None => assert_eq!(field.absent, Absent::Zero, "{name} is always written"),
        }
        let can_be_null =
            !matches!(field.default_value(0), Value::Bool(_) | Value::Int(_) | Value::Long(_) | Value::Uuid(_));
        assert!(can_be_null || field.nullable == Versions::NONE, "{name} can't be null");
        match field.kind {
            Type::Struct(fields) => assert_well_formed(record, message, fields),
            Type::Array(Type::Struct(fields)) => assert_well_formed(record, message, fields),
            Type::Array(element) => assert!(!matches!(element, Type::Array(_)), "{name}: no array of arrays"),
            _ => {}
        }
    }
}

/// Whatever can't be read is kept, and given back as it was.
#[test]
fn unknown_types_and_versions_are_kept_as_bytes() {
    let value = Bytes::from_static(&[0, 9, 1, 2, 3]);
    for (key, problem) in [
        (&[0, 99, 1][..], "key byte 0: type: found 99, expected a type that Kafka 4.3 knows"),
        (&[0, 3, 0, 1, b'g'], "value byte 2: version: found 9, expected 0 to 0"),
        (&[0], "key byte 0: type: found 1 bytes left, expected 2 bytes"),
    ] {
        let decoded = decode(InternalTopic::ConsumerOffsets, Some(&Bytes::copy_from_slice(key)), Some(&value));
        assert_eq!(decoded.problem().map(|problem| problem.to_string()).as_deref(), Some(problem));
        assert!(matches!(&decoded.value, Part::Bytes { bytes, .. } if *bytes == value));
        assert_eq!((decoded.encode_key().as_deref(), decoded.encode_value().as_deref()), (Some(key), Some(&*value)));
    }
    let newer = Bytes::from_static(&[1, 28, 7, 2, b't', 0]);
    let decoded = decode(InternalTopic::ClusterMetadata, None, Some(&newer));
    assert_eq!(decoded.to_string(), "ClearElrRecord(6 bytes)");
    let nearest = decoded.in_nearest_version().expect("a newer version");
    assert_eq!(nearest.fields().map(ToString::to_string).as_deref(), Some(r#"(topicName: "t")"#));
}
