//! Which partitions there are among the files that somebody chose or dropped.

use std::collections::BTreeMap;

use super::answer::{FileGiven, FolderGiven};

/// Checkpoints of a broker, which lie beside its partitions' folders.
pub const CHECKPOINTS: [&str; 4] = [
    "replication-offset-checkpoint",
    "recovery-point-offset-checkpoint",
    "log-start-offset-checkpoint",
    "cleaner-offset-checkpoint",
];

/// The folders that have segments in them, by path, each with its broker's checkpoints. `files` are paths and sizes; a
/// file's handle is its place. One file by itself is a folder of its own.
#[must_use]
pub fn partitions(files: &[(String, u64)]) -> Vec<FolderGiven> {
    let given: Vec<(&str, FileGiven)> = (0..)
        .zip(files)
        .map(|(handle, (path, size_bytes))| {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            (folder, FileGiven { handle, name: name.to_owned(), size_bytes: *size_bytes })
        })
        .collect();
    if let [(folder, file)] = given.as_slice() {
        return vec![FolderGiven { name: (*folder).to_owned(), files: vec![file.clone()] }];
    }
    let mut folders: BTreeMap<&str, Vec<FileGiven>> = BTreeMap::new();
    for (folder, file) in &given {
        folders.entry(folder).or_default().push(file.clone());
    }
    let above = |folder: &str| folder.rsplit_once('/').map_or("", |(above, _)| above).to_owned();
    let partitions =
        folders.iter().filter(|(_, files)| files.iter().any(|file| is_segment(&file.name))).map(|(folder, own)| {
            let mut files = own.clone();
            let beside = folders.get(above(folder).as_str()).filter(|_| !folder.is_empty());
            files
                .extend(beside.into_iter().flatten().filter(|file| CHECKPOINTS.contains(&file.name.as_str())).cloned());
            FolderGiven { name: (*folder).to_owned(), files }
        });
    shortened(partitions.collect())
}

/// Whether it is a name as `00000000000000000042.log`.
#[must_use]
pub fn is_segment(name: &str) -> bool {
    name.strip_suffix(".log").is_some_and(|stem| stem.len() == 20 && stem.bytes().all(|b| b.is_ascii_digit()))
}

/// Takes the folders away that all have in common; of one only its own name is left.
#[must_use]
pub fn shortened(mut folders: Vec<FolderGiven>) -> Vec<FolderGiven> {
    let parts: Vec<Vec<String>> =
        folders.iter().map(|folder| folder.name.split('/').map(str::to_owned).collect()).collect();
    let is_shared = |at: &usize| {
        let first = parts.first().and_then(|parts| parts.get(*at));
        first.is_some() && parts.iter().all(|parts| parts.get(*at) == first)
    };
    let shared = (0..).take_while(is_shared).count();
    for (folder, parts) in folders.iter_mut().zip(&parts) {
        let from = shared.min(parts.len().saturating_sub(1));
        folder.name = parts.get(from..).unwrap_or_default().join("/");
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEGMENT: &str = "00000000000000000000.log";

    fn of(paths: &[&str]) -> Vec<(String, Vec<String>)> {
        let files: Vec<(String, u64)> = paths.iter().map(|path| ((*path).to_owned(), 1)).collect();
        let names = |folder: FolderGiven| (folder.name, folder.files.into_iter().map(|file| file.name).collect());
        partitions(&files).into_iter().map(names).collect()
    }

    fn file(folder: &str, name: &str) -> String {
        format!("{folder}/{name}")
    }

    #[test]
    fn files_are_told_apart_by_their_folders_and_get_their_brokers_checkpoints() {
        let paths = [
            file("run/broker-1/orders-0", SEGMENT),
            file("run/broker-1/orders-0", "leader-epoch-checkpoint"),
            file("run/broker-1", "replication-offset-checkpoint"),
            file("run/broker-1", "meta.properties"),
            file("run/broker-2/orders-0", SEGMENT),
            file("run", "cleaner.log"),
        ];
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            of(&paths),
            [
                (
                    "broker-1/orders-0".to_owned(),
                    names(&[SEGMENT, "leader-epoch-checkpoint", "replication-offset-checkpoint"])
                ),
                ("broker-2/orders-0".to_owned(), names(&[SEGMENT])),
            ]
        );
    }

    #[test]
    fn files_without_folders_are_one_partition_and_a_file_alone_is_taken_as_it_is() {
        let both = of(&[SEGMENT, "00000000000000000000.index"]);
        assert_eq!(both.len(), 1);
        assert_eq!(both[0].1.len(), 2);
        assert_eq!(of(&["notes.txt"]).len(), 1);
        assert_eq!(of(&["a.index", "b.timeindex"]), []);
        assert_eq!(of(&[&file("data/orders-0", SEGMENT), "data/x"])[0].0, "orders-0");
    }
}
