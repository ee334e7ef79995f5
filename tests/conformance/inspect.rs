//! What `kafka-lab inspect` says of folders that a real broker wrote, and of pairs of them. The page about segments
//! says the same, from the same code.

use std::ffi::OsString;
use std::fmt::Write;

use expect_test::expect_file;
use kafka_lab::cli::{Exit, run};

use crate::fixtures::folder;

fn inspect(flags: &[&str], cases: &[&str]) -> (Exit, String, String) {
    let words = ["kafka-lab", "inspect"].iter().chain(flags).map(OsString::from);
    let paths = cases.iter().map(|case| folder("kafka-4.3.1").join(case).into_os_string());
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = run(words.chain(paths), &mut out, &mut err);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (exit, text(out), text(err))
}

/// Folders and pairs that tell a story, with whether something is wrong.
const STORIES: &[(&[&str], Exit)] = &[
    (&["01-plain/log-start/trimmed-0"], Exit::Fine),
    (&["04-transactions/txn-0"], Exit::Fine),
    (&["05-compaction/edge/02-after-pass-2/cedge-0"], Exit::Fine),
    (&["05-compaction/keys/00-before/ckeys-0", "05-compaction/keys/01-after-pass-1/ckeys-0"], Exit::Fine),
    (&["05-compaction/keys/01-after-pass-1/ckeys-0", "05-compaction/keys/02-after-pass-2/ckeys-0"], Exit::Fine),
    (&["05-compaction/txn/00-before/ctxn-0", "05-compaction/txn/03-after-pass-3/ctxn-0"], Exit::Fine),
    (
        &[
            "06-leader-epochs/epochs/05-diverged/broker-1/epochs-0",
            "06-leader-epochs/epochs/05-diverged/broker-2/epochs-0",
        ],
        Exit::Problems,
    ),
    (
        &[
            "06-leader-epochs/epochs/06-truncated/broker-1/epochs-0",
            "06-leader-epochs/epochs/06-truncated/broker-2/epochs-0",
        ],
        Exit::Fine,
    ),
    (
        &[
            "06-leader-epochs/fast/99-clean-shutdown/broker-1/fast-0",
            "06-leader-epochs/fast/99-clean-shutdown/broker-2/fast-0",
        ],
        Exit::Fine,
    ),
    (&["09-corrupted/index-offset-not-monotonic"], Exit::Problems),
    (&["09-corrupted/index-position-wrong"], Exit::Problems),
    (&["09-corrupted/index-size-not-multiple-of-8"], Exit::Problems),
    (&["09-corrupted/index-zero-offset-entry"], Exit::Problems),
    (&["09-corrupted/timeindex-not-monotonic"], Exit::Problems),
    (&["09-corrupted/recovery/badindex/before/badindex-0"], Exit::Problems),
    (&["09-corrupted/recovery/cut/before/cut-0"], Exit::Problems),
    (&["09-corrupted/recovery/cut/before/cut-0", "09-corrupted/recovery/cut/after/cut-0"], Exit::Problems),
    (&["09-corrupted/recovery/flip/before/flip-0", "09-corrupted/recovery/flip/after/flip-0"], Exit::Problems),
    (&["09-corrupted/recovery/zeros/before/zeros-0"], Exit::Problems),
];

#[test]
fn folders_tell_their_stories() {
    let mut said = String::new();
    for (cases, expected) in STORIES {
        let (exit, out, err) = inspect(&[], cases);
        assert_eq!((exit, err.as_str()), (*expected, ""), "{cases:?}: {out}");
        writeln!(said, "{}", cases.join(" ")).expect("a text");
        out.lines().for_each(|line| writeln!(said, "  {line}").expect("a text"));
    }
    expect_file!["inspect.txt"].assert_eq(&said);
}

#[test]
fn json_says_the_same() {
    for (cases, _) in STORIES {
        let (_, text, _) = inspect(&[], cases);
        let (_, json, _) = inspect(&["--json"], cases);
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let findings = json["findings"].as_array().expect("findings");
        assert!(text.contains(&format!("findings: {}\n", findings.len())), "{cases:?}");
        assert_eq!(json["sides"].as_array().map(Vec::len), Some(cases.len()));
    }
}

#[test]
fn what_is_no_folder_of_a_partition_is_said() {
    let (exit, out, err) = inspect(&[], &["05-compaction"]);
    assert_eq!((exit, out.as_str()), (Exit::Usage, ""));
    assert!(err.contains("found no segment, expected a partition's folder"), "{err}");
    let (exit, _, err) = inspect(&[], &["not-there"]);
    assert_eq!(exit, Exit::Usage);
    assert!(err.contains("not-there: cannot read"), "{err}");
}
