//! What stands on the page before any script: the first example, read by the same inspector at build time. And the
//! examples themselves, packed into one file of the site.

use kafka_lab::inspect::{Reply, Request};
use serde::{Deserialize, Serialize};

/// The site's file of examples.
pub const EXAMPLES_FILE: &str = "examples.bin";

/// A small case that ships with the site.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Example {
    /// In the address.
    pub(super) name: String,
    pub(super) label: String,
    /// What it is.
    pub(super) about: String,
    /// One folder, or two.
    pub(super) folders: Vec<Bundled>,
}

/// A partition's folder with its files, by their names.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Bundled {
    pub(super) name: String,
    pub(super) files: Vec<(String, Vec<u8>)>,
}

/// All of them, in order. Their words come with them, since what the page says is downloaded with every page.
pub(super) type Bundle = Vec<Example>;

/// Asks, reads all that is wanted, and gives the answers; none where there is a worker for it.
#[cfg(feature = "ssr")]
pub(super) fn ask(request: &Request, sources: &[Vec<u8>]) -> Option<Vec<Reply>> {
    Some(DESK.with_borrow_mut(|desk| {
        let mut replies = desk.ask(request.clone());
        while let Some(want) = desk.wants() {
            let range = usize::try_from(want.range.start).ok().zip(usize::try_from(want.range.end).ok());
            let file = sources.get(want.handle as usize);
            let bytes = file.zip(range).and_then(|(file, (start, end))| file.get(start..end)).unwrap_or_default();
            replies.extend(desk.feed(&want, bytes));
        }
        replies
    }))
}

#[cfg(not(feature = "ssr"))]
pub(super) fn ask(_: &Request, _: &[Vec<u8>]) -> Option<Vec<Reply>> {
    None
}

/// The examples, where they are built in.
#[cfg(feature = "ssr")]
pub(super) fn bundle() -> Option<Bundle> {
    Some(gathered::bundle())
}

#[cfg(not(feature = "ssr"))]
pub(super) fn bundle() -> Option<Bundle> {
    None
}

/// The file of examples, as the site has it.
#[cfg(feature = "ssr")]
#[must_use]
pub fn examples() -> Vec<u8> {
    // Texts and bytes always can be written.
    postcard::to_allocvec(&gathered::bundle()).unwrap_or_default()
}

#[cfg(feature = "ssr")]
thread_local! {
    static DESK: std::cell::RefCell<kafka_lab::inspect::Desk> = std::cell::RefCell::default();
}

/// Gathered at build time out of the files of a real Kafka that the tests have.
#[cfg(feature = "ssr")]
mod gathered {
    use std::fs;
    use std::path::{Path, PathBuf};

    use kafka_lab::inspect::CHECKPOINTS;

    use super::{Bundle, Bundled, Example};
    use crate::segments::words::EXAMPLES;

    pub(super) fn bundle() -> Bundle {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/kafka-4.3.1");
        let example = |&(name, label, about, folders): &(&str, &str, &str, &[&str])| Example {
            name: name.to_owned(),
            label: label.to_owned(),
            about: about.to_owned(),
            folders: folders.iter().map(|path| bundled(&root, path)).collect(),
        };
        EXAMPLES.iter().map(example).collect()
    }

    fn bundled(root: &Path, path: &str) -> Bundled {
        let folder = root.join(path);
        let mut files: Vec<PathBuf> = match fs::read_dir(&folder) {
            Ok(entries) => entries.filter_map(Result::ok).map(|entry| entry.path()).collect(),
            // One file by itself.
            Err(_) => vec![folder.clone()],
        };
        files.sort();
        if folder.is_dir() {
            files.extend(folder.parent().into_iter().flat_map(|above| CHECKPOINTS.map(|name| above.join(name))));
        }
        let read = |path: PathBuf| Some((path.file_name()?.to_string_lossy().into_owned(), fs::read(&path).ok()?));
        let files: Vec<(String, Vec<u8>)> = files.into_iter().filter_map(read).collect();
        assert!(!files.is_empty(), "{}: no files to show", folder.display());
        let name = path.rsplit('/').take(2).collect::<Vec<_>>();
        Bundled { name: name.into_iter().rev().collect::<Vec<_>>().join("/"), files }
    }
}
