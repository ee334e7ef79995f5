//! From cargo's wasm to what a browser fetches, in four steps:
//!
//! 1. **split** (`wasm_split_cli_support`): functions behind `#[wasm_split]`, with all that only they need, become
//!    wasms of their own (chunks); a script, the loader, fetches a chunk when a function of it is first called;
//! 2. **bind** (`wasm-bindgen`): the glue between the rest, the main wasm, and JavaScript;
//! 3. **shrink** (`wasm-opt`): each wasm by itself;
//! 4. **name**: glue and loader import each other, so no piece can carry the hash of its own content alone. All carry
//!    one hash, made of all pieces.

use std::path::{Path, PathBuf};
use std::process::Command;

use wasm_bindgen_cli_support::{Bindgen, Output};
use xxhash_rust::xxh3::Xxh3;

use crate::Problem;
use crate::files::{self, Site};
use crate::minify::{Language, minified};

/// What glue and main wasm are called, before the hash.
const NAME: &str = "kafka-lab-web";
/// What the loader is called, before the hash; the main wasm imports from it under this name.
const LOADER: &str = "later";

/// As small as it gets once it is packed. What the pages download is packed, so functions that are alike stand beside
/// each other (by name: what one generic function became) and stay as they are: merged into one with more arguments
/// they are fewer bytes, but pack worse.
const SMALL: &[&str] = &[
    "-Oz",
    "--converge",
    "--one-caller-inline-max-function-size=100",
    "--skip-pass=merge-similar-functions",
    "--reorder-functions-by-name",
];

/// The worker counts in millions, and comes late.
const FAST: &[&str] = &["-O3"];

/// In the features that Rust's wasm32 target uses by itself. Nothing lies in the first kilobyte of memory, where the
/// linker puts the far end of the stack.
const WASM_OPT: &[&str] = &[
    "--low-memory-unused",
    "--strip-producers",
    "--strip-target-features",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Names of the pieces that the first load needs, in the site's root. Only the loader knows the chunks.
#[derive(Debug)]
pub(crate) struct Bundle {
    pub(crate) glue: String,
    pub(crate) loader: String,
    pub(crate) wasm: String,
}

/// Takes all four steps; the pieces are in the site's root then.
pub(crate) fn bundle(site: &mut Site, raw: &Path) -> Result<Bundle, Problem> {
    let workshop = site.workshop()?;
    let (unbound, chunks) = split(raw, &workshop)?;
    bind(&unbound, NAME, true, &workshop)?;
    let main = workshop.join(format!("{NAME}_bg.wasm"));
    shrink_all(&main, &chunks)?;
    let pieces = Pieces {
        glue: files::text(&workshop.join(format!("{NAME}.js")))?,
        loader: files::text(&workshop.join(format!("{LOADER}.js")))?,
        wasm: files::bytes(&main)?,
        chunks: chunks
            .iter()
            .map(|path| Ok((files::stem(path), files::bytes(path)?)))
            .collect::<Result<_, Problem>>()?,
    };
    let hash = pieces.hash();
    let bundle = Bundle {
        glue: format!("{NAME}-{hash}.js"),
        loader: format!("{LOADER}-{hash}.js"),
        wasm: format!("{NAME}-{hash}_bg.wasm"),
    };
    let glue = minified(&pieces.glue_naming(&bundle)?, Language::Js)?;
    site.write(&bundle.glue, glue.as_bytes())?;
    let loader = minified(&pieces.loader_naming(&bundle, &hash)?, Language::Js)?;
    site.write(&bundle.loader, loader.as_bytes())?;
    site.write(&bundle.wasm, &pieces.wasm)?;
    for (name, bytes) in &pieces.chunks {
        site.write(&format!("{name}-{hash}.wasm"), bytes)?;
    }
    site.copy_snippets(&workshop)?;
    site.close_workshop()?;
    Ok(bundle)
}

/// Writes the main wasm, the chunks and the loader into the folder; gives the paths of the first two.
fn split(raw: &Path, folder: &Path) -> Result<(PathBuf, Vec<PathBuf>), Problem> {
    let bytes = files::bytes(raw)?;
    let main = folder.join("unbound.wasm");
    let (link_name, main_module) = (format!("./{LOADER}.js"), format!("./{NAME}.js"));
    let mut options = wasm_split_cli_support::Options::new(&bytes);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.link_name = &link_name;
    options.main_module = &main_module;
    let done = wasm_split_cli_support::transform(options).map_err(|problem| Problem::Wasm {
        doing: "splitting",
        file: raw.to_owned(),
        said: format!("{problem:#}"),
        advice: "it must be linked with --emit-relocs (.cargo/config.toml), which RUSTFLAGS would switch off",
    })?;
    let mut chunks = done.split_modules;
    chunks.sort();
    Ok((main, chunks))
}

/// Writes `<name>.js` and `<name>_bg.wasm` into the folder. What is split has chunks, which need what the linker
/// exported, and is told where its wasm is (`boot.js`); other glue expects it beside itself.
pub(crate) fn bind(wasm: &Path, name: &str, is_split: bool, folder: &Path) -> Result<(), Problem> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name(name).typescript(false);
    bindgen.keep_lld_exports(is_split).omit_default_module_path(is_split);
    let output = bindgen.web(true).and_then(Bindgen::generate_output).and_then(|mut output| {
        let names = number_imports(&mut output, name);
        output.emit(folder).map(|()| names)
    });
    let names = output.map_err(|problem| Problem::Wasm {
        doing: "making the glue of",
        file: wasm.to_owned(),
        said: format!("{problem:#}"),
        advice: "wasm-bindgen-cli-support (web/site/Cargo.toml) must have the version of wasm-bindgen (web/Cargo.toml)",
    })?;
    let glue = folder.join(format!("{name}.js"));
    let numbered = numbered(&files::text(&glue)?, &names)?;
    std::fs::write(&glue, numbered).map_err(|problem| Problem::Io(glue, problem))
}

/// What the wasm asks of its glue gets a number for its name, which is long and ends in a hash: that makes the two of
/// them 5 KiB less, packed. Gives the names that they had, in order.
fn number_imports(output: &mut Output, name: &str) -> Vec<String> {
    let glue = format!("./{name}_bg.js");
    let of_glue = output.wasm_mut().imports.iter_mut().filter(|import| import.module == glue);
    of_glue.enumerate().map(|(number, import)| std::mem::replace(&mut import.name, number.to_string())).collect()
}

/// The glue with these numbers, which it gives out as properties of one object.
fn numbered(glue: &str, names: &[String]) -> Result<String, Problem> {
    let number = |glue: String, (number, name): (usize, &String)| {
        renamed(&glue, &format!(" {name}: function("), &format!(" {number}: function("))
    };
    names.iter().enumerate().try_fold(glue.to_owned(), number)
}

/// Writes `worker.wasm` and `worker.js` into the folder of late files. The script is the glue, and what starts it
/// behind it: it imports nothing, so each of the two may carry a hash of its own.
pub(crate) fn worker(wasm: &Path, late: &Path) -> Result<(), Problem> {
    let io = |problem| Problem::Io(late.to_owned(), problem);
    bind(wasm, "worker", false, late)?;
    let (bound, done) = (late.join("worker_bg.wasm"), late.join("worker.wasm"));
    shrink(&bound, FAST)?;
    std::fs::rename(&bound, &done).map_err(io)?;
    let glue = files::text(&late.join("worker.js"))?;
    let start = include_str!("../../worker/start.js");
    std::fs::write(late.join("worker.js"), format!("{glue}\n{start}")).map_err(io)
}

/// The main wasm takes as long as all chunks, so each side has a thread.
fn shrink_all(main: &Path, chunks: &[PathBuf]) -> Result<(), Problem> {
    std::thread::scope(|scope| {
        let others = scope.spawn(|| chunks.iter().try_for_each(|chunk| shrink(chunk, SMALL)));
        let first = shrink(main, SMALL);
        let others = others.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        first.and(others)
    })
}

fn shrink(wasm: &Path, goal: &[&str]) -> Result<(), Problem> {
    let failed = |said: String, advice| Problem::Wasm { doing: "wasm-opt on", file: wasm.to_owned(), said, advice };
    let run = Command::new("wasm-opt").args(goal).args(WASM_OPT).arg("-o").arg(wasm).arg(wasm).output();
    let run =
        run.map_err(|problem| failed(problem.to_string(), "./lab build installs wasm-opt, and puts it on PATH"))?;
    if run.status.success() {
        return Ok(());
    }
    let said = format!("{}: {}", run.status, String::from_utf8_lossy(&run.stderr).trim());
    Err(failed(said, "tools/lib/tools.sh names the version that is known to work"))
}

/// What the steps made, still without hashes in its names.
struct Pieces {
    glue: String,
    loader: String,
    wasm: Vec<u8>,
    /// Each with its name, without the ending.
    chunks: Vec<(String, Vec<u8>)>,
}

impl Pieces {
    fn hash(&self) -> String {
        let mut hasher = Xxh3::new();
        for bytes in [self.glue.as_bytes(), self.loader.as_bytes(), &self.wasm] {
            hasher.update(bytes);
        }
        for (name, bytes) in &self.chunks {
            hasher.update(name.as_bytes());
            hasher.update(bytes);
        }
        format!("{:016x}", hasher.digest())
    }

    /// The main wasm goes on asking for the loader by its old name, which the glue resolves; only the import changes.
    fn glue_naming(&self, bundle: &Bundle) -> Result<String, Problem> {
        renamed(&self.glue, &format!(r#"from "./{LOADER}.js""#), &format!(r#"from "./{}""#, bundle.loader))
    }

    fn loader_naming(&self, bundle: &Bundle, hash: &str) -> Result<String, Problem> {
        let mut loader = renamed(&self.loader, &format!(r#""./{NAME}.js""#), &format!(r#""./{}""#, bundle.glue))?;
        for (name, _) in &self.chunks {
            loader = renamed(&loader, &format!(r#""./{name}.wasm""#), &format!(r#""./{name}-{hash}.wasm""#))?;
        }
        Ok(loader)
    }
}

/// Replaces what must be there: otherwise a browser would ask for a file that is not.
fn renamed(script: &str, old: &str, new: &str) -> Result<String, Problem> {
    if script.contains(old) { Ok(script.replace(old, new)) } else { Err(Problem::NotNamed(old.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces() -> Pieces {
        Pieces {
            glue: "import * as i from \"./later.js\"\n{ \"./later.js\": i }".into(),
            loader: r#"import { initSync } from "./kafka-lab-web.js"; fetch("./one.wasm"); fetch("./two.wasm")"#.into(),
            wasm: b"main".to_vec(),
            chunks: vec![("one".into(), b"1".to_vec()), ("two".into(), b"2".to_vec())],
        }
    }

    fn names() -> Bundle {
        Bundle { glue: "glue-0.js".into(), loader: "later-0.js".into(), wasm: "main-0.wasm".into() }
    }

    #[test]
    fn glue_and_loader_import_each_other_under_their_new_names() {
        let glue = pieces().glue_naming(&names()).expect("it names both");
        assert_eq!(glue, "import * as i from \"./later-0.js\"\n{ \"./later.js\": i }");
        let loader = pieces().loader_naming(&names(), "0").expect("it names all");
        assert!(loader.contains(r#"from "./glue-0.js""#), "{loader}");
        assert!(loader.contains(r#"fetch("./one-0.wasm"); fetch("./two-0.wasm")"#), "{loader}");
    }

    #[test]
    fn a_chunk_that_the_loader_does_not_name_is_a_problem() {
        let pieces = Pieces { loader: r#"from "./kafka-lab-web.js""#.into(), ..pieces() };
        let problem = pieces.loader_naming(&names(), "0").expect_err("one.wasm is not named");
        assert!(problem.to_string().contains("one.wasm"), "{problem}");
    }

    #[test]
    fn the_glue_gives_by_number_what_the_wasm_asks_for_by_number() {
        let names = ["__wbg_get_00ff".to_owned(), "__wbg_body_11ee".to_owned()];
        let glue = "{ __wbg_body_11ee: function(a) {}, __wbg_get_00ff: function(b) {} }";
        let numbered = numbered(glue, &names).expect("it gives both");
        assert_eq!(numbered, "{ 1: function(a) {}, 0: function(b) {} }");
        let problem = super::numbered(glue, &["__wbg_get".to_owned()]).expect_err("no such thing is given");
        assert!(problem.to_string().contains("__wbg_get"), "{problem}");
    }

    #[test]
    fn the_hash_follows_every_piece() {
        let mut hashes = vec![pieces().hash()];
        hashes.push(Pieces { glue: String::new(), ..pieces() }.hash());
        hashes.push(Pieces { loader: String::new(), ..pieces() }.hash());
        hashes.push(Pieces { wasm: Vec::new(), ..pieces() }.hash());
        hashes.push(Pieces { chunks: Vec::new(), ..pieces() }.hash());
        let different: std::collections::BTreeSet<&String> = hashes.iter().collect();
        assert_eq!(different.len(), hashes.len(), "{hashes:?}");
        assert_eq!(hashes[0], pieces().hash());
    }

    #[test]
    fn what_makes_the_glue_is_of_the_version_that_the_app_is_built_with() {
        let lock = include_str!("../../../Cargo.lock");
        let version = |name: &str| {
            let package = lock.split("[[package]]").find(|package| package.contains(&format!("\nname = \"{name}\"\n")));
            package.and_then(|package| package.lines().find(|line| line.starts_with("version"))).map(str::to_owned)
        };
        assert!(version("wasm-bindgen").is_some(), "Cargo.lock names wasm-bindgen");
        assert_eq!(version("wasm-bindgen"), version("wasm-bindgen-cli-support"), "web/Cargo.toml, web/site/Cargo.toml");
    }
}
