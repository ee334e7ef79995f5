//! The program itself, once: its exit codes, and where it writes.

use std::path::PathBuf;
use std::process::{Command, Output};

use crate::fixtures::folder;

fn kafka_lab(words: &[&str]) -> Output {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["run", "--quiet", "--package", "kafka-lab", "--features", "cli", "--bin", "kafka-lab", "--"]);
    cargo.args(words).current_dir(PathBuf::from(env!("CARGO_MANIFEST_DIR"))).output().expect("the program runs")
}

#[test]
fn exit_codes_and_streams() {
    let log = |case: &str, name: &str| folder("kafka-4.3.1").join(case).join(name).display().to_string();
    let plain = log("01-plain/create-time/plain-0", "00000000000000000000.log");
    let broken = log("09-corrupted/zero-tail", "00000000000000000000.log");
    for (words, code, on_out, on_err) in [
        (vec!["dump", &plain], 0, "Dumping 00000000000000000000.log\n", ""),
        (vec!["dump", &broken, &plain], 1, "Dumping 00000000000000000000.log\n", "byte 1330"),
        (vec!["dump"], 2, "", "required"),
        (vec!["dump", "--nonsense", &plain], 2, "", "--nonsense"),
        (vec!["dump", "not-there.log"], 2, "", "not-there.log: cannot read"),
        (vec!["dump", "Cargo.toml"], 2, "", "file name"),
        (vec!["nonsense"], 2, "", "nonsense"),
        (vec!["verify", "Cargo.toml"], 2, "", "not known"),
        (vec!["--help"], 0, "dump", ""),
    ] {
        let ran = kafka_lab(&words);
        let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
        assert_eq!(ran.status.code(), Some(code), "{words:?}: {err}");
        assert!(out.contains(on_out), "{words:?}: {out}");
        assert!(err.contains(on_err) && (!on_err.is_empty() || err.is_empty()), "{words:?}: {err}");
    }
}
