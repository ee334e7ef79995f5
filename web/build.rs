//! Makes the content ready: prose to spans, rules to highlighted lines. What is wrong with either stops the build.

#[path = "build/highlight.rs"]
mod highlight;
#[path = "src/content/model.rs"]
#[expect(unreachable_pub, reason = "the app's own module, public there")]
mod model;
#[path = "build/practice.rs"]
mod practice;
#[path = "build/prose.rs"]
mod prose;
#[path = "build/rules.rs"]
mod rules;
#[path = "build/scenes.rs"]
mod scenes;

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    println!("cargo::rerun-if-changed=content");
    println!("cargo::rerun-if-changed=../core/src/rules");
    if let Err(problem) = make(&out) {
        println!("cargo::error={problem}");
    }
}

fn make(out: &Path) -> Result<(), String> {
    let scenes = scenes::read(Path::new("content"))?;
    let rules = rules::read(Path::new("content/rules.toml"), Path::new("../core/src/rules"))?;
    let mut late = vec![("rules.bin".to_owned(), packed(&rules)?)];
    let mut slugs = Vec::new();
    for scene in &scenes {
        let slug = &scene.text.slug;
        late.push((format!("{slug}.bin"), packed(&scene.text)?));
        // The front page shows a hook, and needs nothing else of its scene.
        if let Some(hook) = &scene.text.hook {
            late.push((format!("{slug}-hook.bin"), packed(hook)?));
        }
        if let Some(practice) = &scene.practice {
            late.push((format!("{slug}-practice.bin"), packed(practice)?));
        }
        slugs.push(slug);
    }
    let mut listing = format!(
        "/// Scenes that have a folder in `content`.\npub(crate) const WRITTEN: &[&str] = &{slugs:?};\n\n\
         /// Name and content of the files that are loaded late.\n#[cfg(feature = \"ssr\")]\n\
         pub(crate) const LATE: &[(&str, &[u8])] = &[\n"
    );
    for (name, text) in &late {
        write(&out.join(name), text)?;
        listing.push_str(&format!("    ({name:?}, include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}\"))),\n"));
    }
    listing.push_str("];\n");
    write(&out.join("content.rs"), listing.as_bytes())
}

/// As postcard packs it: reading that back takes a fraction of the code that names of fields would.
fn packed(value: &impl serde::Serialize) -> Result<Vec<u8>, String> {
    postcard::to_allocvec(value).map_err(|problem| problem.to_string())
}

fn write(path: &Path, text: &[u8]) -> Result<(), String> {
    fs::write(path, text).map_err(|problem| format!("{}: {problem}", path.display()))
}

/// The text of a file; the problem names it.
fn text_of(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|problem| format!("{}: {problem}", path.display()))
}
