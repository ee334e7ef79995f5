//! Where the copies of Kafka's files are.

use std::path::{Path, PathBuf};

/// A case: segments and what Kafka's dump tool printed of them.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    /// In name order.
    pub(crate) logs: Vec<PathBuf>,
    pub(crate) dump: String,
}

pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// Every case, in name order.
pub(crate) fn cases() -> Vec<Case> {
    let root = folder("kafka-4.3.1");
    let mut cases = Vec::new();
    collect(&root, &root, &mut cases);
    assert!(cases.len() > 50, "only {} cases were found", cases.len());
    cases
}

fn collect(root: &Path, folder: &Path, cases: &mut Vec<Case>) {
    if let Ok(dump) = std::fs::read_to_string(folder.join("dump.txt")) {
        let name = folder.strip_prefix(root).unwrap_or(folder).display().to_string();
        let mut logs = Vec::new();
        logs_in(folder, &mut logs);
        cases.push(Case { name, logs, dump });
    }
    for path in sorted(folder).iter().filter(|path| path.is_dir()) {
        collect(root, path, cases);
    }
}

/// The segments and snapshots of a case: beside its dump, or in the partition's folder beside it.
fn logs_in(folder: &Path, logs: &mut Vec<PathBuf>) {
    for path in sorted(folder) {
        let is_segment =
            path.extension().is_some_and(|e| e == "log") && path.file_stem().is_some_and(|s| s.len() == 20);
        if is_segment || path.extension().is_some_and(|e| e == "checkpoint") {
            logs.push(path);
        } else if path.is_dir() && !path.join("dump.txt").exists() {
            logs_in(&path, logs);
        }
    }
}

/// Files of a folder whose names begin so, in name order.
pub(crate) fn files(folder: &Path, start: &str) -> Vec<PathBuf> {
    let named = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(start));
    sorted(folder).into_iter().filter(named).collect()
}

pub(crate) fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder of fixtures");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

/// A case: the files beside a log, and what Kafka's dump tool printed of them.
#[derive(Debug)]
pub(crate) struct IndexCase {
    pub(crate) name: String,
    /// In name order, as the tool was run on them, one at a time.
    pub(crate) files: Vec<PathBuf>,
    pub(crate) dump: String,
}

/// Every case with files beside a log, in name order.
pub(crate) fn index_cases() -> Vec<IndexCase> {
    let root = folder("kafka-4.3.1");
    let mut cases = Vec::new();
    collect_indexes(&root, &root, &mut cases);
    cases
}

fn collect_indexes(root: &Path, folder: &Path, cases: &mut Vec<IndexCase>) {
    if let Ok(dump) = std::fs::read_to_string(folder.join("index.dump.txt")) {
        let name = folder.strip_prefix(root).unwrap_or(folder).display().to_string();
        let mut files = Vec::new();
        indexes_in(folder, &mut files);
        // Of an index that was broken by hand, that one alone was dumped: `what.txt` begins with its name.
        if let Ok(what) = std::fs::read_to_string(folder.join("what.txt")) {
            let broken = what.split(':').next().unwrap_or_default();
            files.retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy() == broken));
        }
        cases.push(IndexCase { name, files, dump });
    }
    for path in sorted(folder).iter().filter(|path| path.is_dir()) {
        collect_indexes(root, path, cases);
    }
}

/// Beside the dump, or in the partition's folder beside it.
fn indexes_in(folder: &Path, files: &mut Vec<PathBuf>) {
    const SUFFIXES: [&str; 4] = ["index", "timeindex", "txnindex", "snapshot"];
    for path in sorted(folder) {
        if path.extension().is_some_and(|suffix| SUFFIXES.iter().any(|known| suffix == *known)) {
            files.push(path);
        } else if path.is_dir() && !path.join("index.dump.txt").exists() {
            indexes_in(&path, files);
        }
    }
}
