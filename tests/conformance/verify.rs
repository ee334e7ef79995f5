//! `kafka-lab verify` on the committed vectors, and on vectors that have been made wrong.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use kafka_lab::cli::{Exit, run};

use crate::fixtures::{files, folder};

fn verify(flags: &[&str], path: &Path) -> (Exit, String, String) {
    let words = ["kafka-lab", "verify"].iter().chain(flags).map(OsString::from);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = run(words.chain([path.as_os_str().to_owned()]), &mut out, &mut err);
    (exit, String::from_utf8_lossy(&out).into_owned(), String::from_utf8_lossy(&err).into_owned())
}

/// How each kind of file begins, in one part or more, and how many rows it has.
const VECTORS: &[(&str, usize)] = &[
    ("batches", 392),
    ("config.", 655),
    ("crc32c", 120),
    ("election", 5264),
    ("epoch_cache", 500),
    ("fetch", 10),
    ("index", 60),
    ("log_ops", 120),
    ("murmur2", 1000),
    ("partition", 170),
    ("producer", 300),
    ("retention", 200),
    ("varints", 684),
];

#[test]
fn every_row_is_as_kafka_answered() {
    for &(start, all_rows) in VECTORS {
        let mut rows = 0;
        for path in files(&folder("oracle"), start) {
            let (exit, out, _) = verify(&[], &path);
            assert_eq!(exit, Exit::Fine, "{out}");
            let count = out.trim_end().rsplit(' ').next().and_then(|n| n.parse::<usize>().ok()).expect("N of N");
            assert_eq!(out, format!("{}: {count} of {count}\n", path.display()));
            rows += count;
        }
        assert_eq!(rows, all_rows, "{start}");
    }
}

/// A copy of a vector file with one thing changed on its lines 2 to 6.
fn wrong(name: &str, from: &str, to: &str) -> PathBuf {
    let text = std::fs::read_to_string(folder("oracle").join(name)).expect("vectors");
    let lines: Vec<String> = text
        .lines()
        .enumerate()
        .map(|(index, line)| if (1..6).contains(&index) { line.replacen(from, to, 1) } else { line.to_owned() })
        .collect();
    let path = std::env::temp_dir().join(format!("kafka-lab-{}-{from}-{name}", std::process::id()));
    std::fs::write(&path, lines.join("\n")).expect("a temporary file");
    path
}

#[test]
fn a_wrong_answer_is_told() {
    for (name, from, to) in [
        ("batches-1.jsonl", "\"leader_epoch\":", "\"leader_epoch\":1"),
        ("batches-1.jsonl", "\"last_sequence\":", "\"last_sequence\":1"),
        ("batches-1.jsonl", "\"crc\":\"", "\"crc\":\"0"),
        ("batches-1.jsonl", "\"what\":\"data", "\"what\":\"empty"),
        ("batches-1.jsonl", "\"offset\":", "\"offset\":1"),
        ("batches-1.jsonl", "\"id\"", "\"unheard_of\":1,\"id\""),
        ("epoch_cache-1.jsonl", "[[-1,-1,-1],", "[[-1,-1,1],"),
        ("config.jsonl", "\"accepted\":", "\"was\":1,\"accepted\":"),
        ("election-1.csv", ",0,~,", ",1,~,"),
        ("fetch.jsonl", "\"bytes\":", "\"bytes\":1"),
        ("fetch.jsonl", "\"aborted\":[", "\"aborted\":[1,"),
        ("fetch.jsonl", "\"epoch_ends\":[", "\"epoch_ends\":[[0,0,0],"),
        ("fetch.jsonl", "\"lso\":", "\"lso\":1"),
        ("index.jsonl", "\"offset_index\":[", "\"offset_index\":[[1,1],"),
        ("log_ops-1.jsonl", "\"leo\":", "\"leo\":1"),
        ("partition-1.jsonl", "\"hw\":", "\"hw\":1"),
        ("election-1.csv", "1 2 3", "1 2 64"),
        ("partition-1.jsonl", "\"isr\":[", "\"isr\":[64,"),
        ("partition-1.jsonl", "\"replica\":", "\"replica\":9"),
        ("producer-1.jsonl", "\"leo\":", "\"leo\":1"),
        ("retention-1.jsonl", "\"deleted\":", "\"deleted\":1"),
        ("epoch_cache-1.jsonl", "\"op\"", "\"unheard_of\":1,\"op\""),
    ] {
        let path = wrong(name, from, to);
        let (exit, out, _) = verify(&[], &path);
        let (_, all, _) = verify(&["--all"], &path);
        std::fs::remove_file(&path).ok();
        assert_eq!(exit, Exit::Problems, "{from}: {out}");
        assert_eq!(out.matches("differs").count(), 3, "{from}: {out}");
        assert_eq!(all.matches("differs").count(), 5, "{from}: {all}");
    }
}

#[test]
fn an_unknown_file_is_said() {
    let (exit, _, err) = verify(&[], &folder("README.md"));
    assert_eq!(exit, Exit::Usage);
    assert!(err.contains("not known"), "{err}");
    let (exit, _, err) = verify(&[], &folder("not-there.csv"));
    assert_eq!(exit, Exit::Usage);
    assert!(err.contains("cannot read"), "{err}");
}
