//! `kafka-lab dump` against `org.apache.kafka.tools.DumpLogSegments`.

use std::ffi::OsString;
use std::path::PathBuf;

use kafka_lab::cli::{Exit, java_utf8, run};

use crate::fixtures::{cases, folder};

/// What Kafka's tool wrote on standard error when it threw.
const THROWN: &str = "Exception in thread";

pub(crate) struct Ran {
    pub(crate) exit: Exit,
    pub(crate) out: String,
    pub(crate) err: String,
}

pub(crate) fn dump(flags: &[&str], files: &[PathBuf]) -> Ran {
    let words = ["kafka-lab", "dump"].iter().chain(flags).map(OsString::from);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = run(words.chain(files.iter().map(OsString::from)), &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ran { exit, out: text(out), err: text(err) }
}

#[test]
fn prints_what_kafkas_tool_prints() {
    for case in cases() {
        let ran = dump(&[], &case.logs);
        let expected = case.dump.split(THROWN).next().unwrap_or_default();
        for (number, (got, expected)) in ran.out.lines().zip(expected.lines()).enumerate() {
            assert_eq!(got, expected, "{} line {}", case.name, number + 1);
        }
        assert_eq!(ran.out, expected, "{}", case.name);
        if case.dump.contains(THROWN) {
            assert_eq!(ran.exit, Exit::Problems, "{}", case.name);
            assert!(ran.err.contains("found") && ran.err.contains("expected"), "{}: {}", case.name, ran.err);
        }
        if !case.name.starts_with("09-corrupted") {
            assert_eq!((ran.exit, ran.err.as_str()), (Exit::Fine, ""), "{}", case.name);
        }
    }
}

#[test]
fn says_what_is_wrong_and_where() {
    let problem_of = |case: &str| {
        let log = folder("kafka-4.3.1/09-corrupted").join(case).join("00000000000000000000.log");
        let ran = dump(&[], &[log]);
        assert_eq!(ran.exit, Exit::Problems, "{case}");
        ran.err
    };
    for (case, place, found) in [
        ("bad-magic", "byte 382: magic", "found 7"),
        ("codec-7", "byte 387: compression", "found code 7"),
        ("crc-bit-flipped", "byte 383: CRC", "found 245a4dcf"),
        ("garbage-tail", "byte 1322: tail", "found 86 bytes"),
        ("length-negative", "byte 374: batch length", "found -1"),
        ("length-too-large", "byte 366: tail", "found 956 bytes"),
        ("length-too-small", "byte 374: batch length", "found 10"),
        ("offset-goes-back", "byte 366: offset", "found 1, expected one above 8"),
        ("record-count-too-large", "byte 383: CRC", "expected 77469250"),
        ("truncated-mid-batch", "byte 550: tail", "found 398 bytes"),
        ("zero-tail", "byte 1330: batch length", "found 0, expected 14 or more"),
    ] {
        let err = problem_of(case);
        assert!(err.contains(place) && err.contains(found), "{case}: {err}");
    }
}

#[test]
fn each_line_of_json_is_an_object_and_counts_the_same_records() {
    for case in cases() {
        let ran = dump(&["--json"], &case.logs);
        let mut records = 0;
        for line in ran.out.lines() {
            let object: serde_json::Value = serde_json::from_str(line).expect("a JSON object");
            records += object.get("records").and_then(|records| records.as_array()).map_or(0, Vec::len);
        }
        let expected = dump(&[], &case.logs).out.lines().filter(|line| line.starts_with("| offset: ")).count();
        assert_eq!(records, expected, "{}", case.name);
    }
}

/// Answers of Java 17's `new String(bytes, UTF_8)`.
#[test]
fn broken_text_is_printed_as_java_does() {
    for (bytes, expected) in [
        (&b"\xed\xa0\x80"[..], "\u{fffd}"),
        (b"\xed\xa0\x80\xed\xb0\x80", "\u{fffd}\u{fffd}"),
        (b"\xc0\x80", "\u{fffd}\u{fffd}"),
        (b"\xe0\x80\x80", "\u{fffd}\u{fffd}\u{fffd}"),
        (b"\xe2\x82", "\u{fffd}"),
        (b"\xe2\x82a", "\u{fffd}a"),
        (b"\xf0\x9f\x98", "\u{fffd}"),
        (b"\xf0\x9f\x98a", "\u{fffd}a"),
        (b"\xf5\x80\x80\x80", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
        (b"\xf4\x90\x80\x80", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
        (b"a\xffb", "a\u{fffd}b"),
    ] {
        assert_eq!(java_utf8(bytes), expected, "{bytes:x?}");
    }
}
