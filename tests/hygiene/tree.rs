//! The files of the repository: what git has, and what it would take.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// The largest file that may be committed, in bytes.
const FILE_BYTES_MAX: usize = 256 * 1024;
/// All files together, in bytes: a clone should stay quick.
const TREE_BYTES_MAX: usize = 12 * 1024 * 1024;

/// Every file, by its path from the root of the repository.
#[derive(Debug)]
pub(crate) struct Tree {
    /// Those that are UTF-8.
    pub(crate) texts: BTreeMap<String, String>,
    sizes: BTreeMap<String, usize>,
}

impl Tree {
    pub(crate) fn of_this_repository() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let listed = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(&root)
            .output()
            .expect("git lists the files");
        assert!(listed.status.success(), "git: {}", String::from_utf8_lossy(&listed.stderr));
        let names = String::from_utf8(listed.stdout).expect("file names are UTF-8");
        let mut tree = Self { texts: BTreeMap::new(), sizes: BTreeMap::new() };
        for name in names.split('\0').filter(|name| !name.is_empty()) {
            // Listed but not there: deleted, and not yet committed so.
            let Ok(bytes) = std::fs::read(root.join(name)) else { continue };
            tree.sizes.insert(name.to_owned(), bytes.len());
            if let Ok(text) = String::from_utf8(bytes) {
                tree.texts.insert(name.to_owned(), text);
            }
        }
        assert!(tree.texts.contains_key("Cargo.toml"), "the repository's files were not found");
        tree
    }

    pub(crate) fn big_files(&self) -> Vec<String> {
        let big = self.sizes.iter().filter(|(_, size)| **size > FILE_BYTES_MAX);
        let mut complaints: Vec<String> =
            big.map(|(path, size)| format!("{path}: {size} bytes, at most {FILE_BYTES_MAX}")).collect();
        let total: usize = self.sizes.values().sum();
        if total > TREE_BYTES_MAX {
            complaints.push(format!("the whole tree: {total} bytes, at most {TREE_BYTES_MAX}"));
        }
        complaints
    }
}
