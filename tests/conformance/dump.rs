//! `kafka-lab dump` against `org.apache.kafka.tools.DumpLogSegments`.

use std::ffi::OsString;
use std::path::PathBuf;

use kafka_lab::cli::{Exit, java_utf8, run};

use crate::fixtures::{cases, folder, index_cases};

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

/// Where Kafka's tool threw, ours goes on with the next file: the tool was run anew for each.
#[test]
fn prints_what_kafkas_tool_prints_of_the_files_beside_a_log() {
    let mut files = 0;
    for case in index_cases() {
        let plain = case.dump.split("-- with --index-sanity-check").next().unwrap_or_default();
        let (thrown, expected): (Vec<&str>, Vec<&str>) = plain.lines().partition(|line| line.contains(THROWN));
        let ran = dump(&[], &case.files);
        let got: Vec<&str> = ran.out.lines().collect();
        for (number, (got, expected)) in got.iter().zip(&expected).enumerate() {
            assert_eq!(got, expected, "{} line {}", case.name, number + 1);
        }
        assert_eq!(got, expected, "{}", case.name);
        if !thrown.is_empty() {
            assert_eq!(ran.exit, Exit::Problems, "{}", case.name);
            assert!(ran.err.contains("found") && ran.err.contains("expected"), "{}: {}", case.name, ran.err);
        } else if !case.name.starts_with("09-corrupted")
            && !plain.contains("Mismatches")
            && !plain.contains("not found")
        {
            assert_eq!((ran.exit, ran.err.as_str()), (Exit::Fine, ""), "{}", case.name);
        }
        files += case.files.len();
    }
    assert!(files > 380, "only {files} files were dumped");
}

#[test]
fn says_what_is_wrong_with_an_index_and_where() {
    let indexes = index_cases();
    for (case, expected) in [
        ("09-corrupted/index-offset-not-monotonic", "byte 8: offset: found 75, expected 101, the last of the batch"),
        ("09-corrupted/index-position-wrong", "byte 12: position: found 3, expected where a whole batch"),
        ("09-corrupted/index-size-not-multiple-of-8", "byte 24: after the last entry: found 5 bytes"),
        ("09-corrupted/index-zero-offset-entry", "byte 14: after the last entry: found 08, expected zeros"),
        ("09-corrupted/timeindex-not-monotonic", "byte 12: timestamp: found 5, expected 1767227008060"),
        ("09-corrupted/recovery/cut/before", "byte 36: position: found 788, expected where a whole batch"),
        ("09-corrupted/recovery/zeros/before", "in the log beside it: byte 972: batch length: found 0, expected 14"),
        (
            "06-leader-epochs/epochs/09-below-high-watermark/broker-2",
            "byte 36: position: found 1324, expected 0 to 1314, the size of the log",
        ),
    ] {
        let case = indexes.iter().find(|known| known.name == case).expect("a case");
        let ran = dump(&[], &case.files);
        assert!(ran.exit == Exit::Problems && ran.err.contains(expected), "{}: {}", case.name, ran.err);
    }
}

#[test]
fn an_index_without_its_segment_is_a_problem() {
    let folder = std::env::temp_dir().join(format!("kafka-lab-dump-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).expect("a file");
        path
    };
    let index = file("00000000000000000099.index", &[0, 0, 0, 1, 0, 0, 0, 9]);
    let times = file("00000000000000000099.timeindex", &[0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 1]);
    let without_log = dump(&[], &[index.clone(), times.clone()]);
    file("00000000000000000099.log", &[]);
    let empty_log = dump(&[], std::slice::from_ref(&index));
    std::fs::remove_file(&index).expect("the file goes");
    let without_index = dump(&[], &[times]);
    std::fs::remove_dir_all(&folder).expect("the folder goes");
    assert_eq!(without_log.out, "Dumping 00000000000000000099.index\nDumping 00000000000000000099.timeindex\n");
    assert_eq!(without_log.err.matches("found no .log beside it").count(), 2, "{}", without_log.err);
    assert!(empty_log.err.contains("byte 4: position: found 9, expected 0 to 0"), "{}", empty_log.err);
    assert!(without_index.err.contains("found no .index beside it"), "{}", without_index.err);
}

/// Every case in every form: nothing panics, each line of JSON is one, and findings are on standard output.
#[test]
fn files_beside_a_log_are_also_json_and_findings() {
    for case in index_cases() {
        let as_json = dump(&["--json"], &case.files);
        for line in as_json.out.lines() {
            serde_json::from_str::<serde_json::Value>(line).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        }
        let found = dump(&["--findings"], &case.files);
        let is_broken = case.name.starts_with("09-corrupted/index") || case.name.starts_with("09-corrupted/timeindex");
        let is_broken = is_broken || case.name == "09-corrupted/recovery/badindex/before";
        assert_eq!(found.exit == Exit::Problems, is_broken, "{}: {}", case.name, found.out);
        assert_eq!((as_json.exit, found.err.as_str()), (found.exit, ""), "{}", case.name);
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

#[test]
fn json_has_the_fields_of_internal_records_beside_their_bytes() {
    let folder = folder("kafka-4.3.1/07-internal/consumer-offsets/__consumer_offsets-0");
    let ran = dump(&["--json"], &[folder.join("00000000000000000000.log")]);
    let batches = ran.out.lines().map(|line| serde_json::from_str(line).expect("a JSON object"));
    let records: Vec<_> =
        batches.flat_map(|batch: serde_json::Value| batch["records"].as_array().cloned().unwrap_or_default()).collect();
    let decoded = |offset: usize| records[offset]["decoded"].to_string();
    let key = r#""key":{"groupId":"search-index"}"#;
    let value = r#""version":0,"value":{"epoch":2,"metadataHash":8157094795305215273}"#;
    assert_eq!(decoded(1), format!(r#"{{"type":"ConsumerGroupMetadata",{key},{value}}}"#));
    // A marker is no record of the topic; null for a value deletes.
    assert!(records[27].get("decoded").is_none() && records[27]["control"].is_string());
    assert!(decoded(30).ends_with(r#""version":null,"value":null}"#), "{}", decoded(30));
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
