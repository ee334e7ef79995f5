//! Files in, files with hashed names out.

use std::fs;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64;

use crate::Problem;

/// The folder that is being written.
#[derive(Debug)]
pub(crate) struct Site {
    out: PathBuf,
}

impl Site {
    /// Empties the folder, or makes it.
    pub(crate) fn begin(out: &Path) -> Result<Self, Problem> {
        if out.exists() {
            fs::remove_dir_all(out).map_err(|problem| Problem::Io(out.to_owned(), problem))?;
        }
        fs::create_dir_all(out).map_err(|problem| Problem::Io(out.to_owned(), problem))?;
        Ok(Self { out: out.to_owned() })
    }

    /// A folder inside it for what is not finished; `close_workshop` takes it away.
    pub(crate) fn workshop(&self) -> Result<PathBuf, Problem> {
        let folder = self.out.join(".workshop");
        fs::create_dir_all(&folder).map_err(|problem| Problem::Io(folder.clone(), problem))?;
        Ok(folder)
    }

    pub(crate) fn close_workshop(&self) -> Result<(), Problem> {
        let folder = self.out.join(".workshop");
        fs::remove_dir_all(&folder).map_err(|problem| Problem::Io(folder, problem))
    }

    /// Writes `name` with its content's hash put before the ending; gives the new name.
    pub(crate) fn add(&mut self, name: &str, bytes: &[u8]) -> Result<String, Problem> {
        let hashed = hashed_name(name, bytes);
        self.write(&hashed, bytes)?;
        Ok(hashed)
    }

    /// As `add`, for a file that need not be there.
    pub(crate) fn add_if_there(&mut self, path: &Path) -> Result<Option<String>, Problem> {
        match (path.exists(), path.file_name().and_then(|name| name.to_str())) {
            (true, Some(name)) => self.add(name, &bytes(path)?).map(Some),
            _ => Ok(None),
        }
    }

    /// Copies the JavaScript that crates of the app bring along, in the folders where the glue looks for it.
    pub(crate) fn copy_snippets(&mut self, bound: &Path) -> Result<(), Problem> {
        for path in tree(&bound.join("snippets"))? {
            let name = path.strip_prefix(bound).unwrap_or(&path);
            self.write(&name.to_string_lossy(), &bytes(&path)?)?;
        }
        Ok(())
    }

    /// Writes `index.html` into a folder of the site; the empty name is its root.
    pub(crate) fn write_page(&mut self, folder: &str, html: &str) -> Result<(), Problem> {
        let name = if folder.is_empty() { "index.html".to_owned() } else { format!("{folder}/index.html") };
        self.write(&name, html.as_bytes())
    }

    /// Writes a file under exactly this name.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Problem> {
        let path = self.out.join(name);
        let folder = path.parent().unwrap_or(&self.out);
        fs::create_dir_all(folder).map_err(|problem| Problem::Io(folder.to_owned(), problem))?;
        fs::write(&path, bytes).map_err(|problem| Problem::Io(path, problem))
    }
}

/// `boot.js` becomes `boot-0123456789abcdef.js`.
fn hashed_name(name: &str, bytes: &[u8]) -> String {
    let hash = xxh3_64(bytes);
    match name.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}-{hash:016x}.{ending}"),
        None => format!("{name}-{hash:016x}"),
    }
}

/// Name and content of every file directly in a folder, by name; none if there is no such folder.
pub(crate) fn all_of(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, Problem> {
    let direct = tree(folder)?.into_iter().filter(|path| path.parent() == Some(folder));
    direct.map(|path| Ok((file_name(&path), bytes(&path)?))).collect()
}

/// Every file under a folder, in order of path; none if there is no such folder.
pub(crate) fn tree(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let mut found = Vec::new();
    if !folder.exists() {
        return Ok(found);
    }
    let io = |problem| Problem::Io(folder.to_owned(), problem);
    for entry in fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if path.is_dir() {
            found.extend(tree(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A file's name without its ending.
pub(crate) fn stem(path: &Path) -> String {
    path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, Problem> {
    fs::read(path).map_err(|problem| Problem::Io(path.to_owned(), problem))
}

pub(crate) fn text(path: &Path) -> Result<String, Problem> {
    String::from_utf8(bytes(path)?).map_err(|_| Problem::NotText(path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_stands_before_the_ending_and_follows_the_content() {
        let one = hashed_name("02.json", b"one");
        assert!(one.starts_with("02-") && one.ends_with(".json"), "{one}");
        assert_ne!(one, hashed_name("02.json", b"two"));
        assert_eq!(one, hashed_name("02.json", b"one"));
    }
}
