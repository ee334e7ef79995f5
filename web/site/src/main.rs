//! Makes the static site out of the wasm that cargo made and what the app renders at build time.
//!
//! `kafka-lab-site make WASM LATE OUT`, run from the root of the repository:
//! - `WASM` is the app as cargo left it, linked with `--emit-relocs`; `bundle` makes it ready for browsers.
//! - `LATE` is a folder of files that pages load when they first need them, such as a worker's wasm.
//!   It may be missing. `kafka_lab_web::pages::late_files()` adds those that the app itself makes.
//! - `OUT` is written anew.
//!
//! `kafka-lab-site worker WASM LATE` makes a worker's wasm ready, and the one script that starts it: `worker.wasm` and
//! `worker.js`, for `LATE`.
//!
//! `kafka-lab-site bind WASM OUT` only makes the glue: `<name>.js` and `<name>_bg.wasm`, in `OUT`.
//!
//! How the parts find each other, under any sub-path and from nested pages as `02/index.html`:
//! - Every file but the pages carries a hash of its content in its name, so hosts may cache it for ever. What other
//!   people's pages link to has a name that stays: `embed.js`, `example-course/`.
//! - A page names its files relative to its own folder (`../boot-….js` in `02/index.html`).
//! - `<meta name="kafka-lab-page" content="02">` tells the wasm which page it is on when the address has no fragment.
//! - `<meta name="kafka-lab-files" content="02.json=../02-1f….json worker.wasm=../worker-8c….wasm">` tells the wasm
//!   where each late file is: pairs `name=address` between spaces, the address relative to the page.
//! - No page has an inline script or a `style` attribute; `policy.txt` is the content security policy. Pages carry
//!   it as a `<meta>` too (without `frame-ancestors`, which only works as a header), for hosts that set no headers.
//! - `web/style/*.css` become one style sheet, in order of their paths; `web/style/late/*.css` another, `late.css`.
//!   `url("fonts/x.woff2")` in it means `web/assets/fonts/x.woff2`.
//! - `web/assets/early.js`, if there is one, runs before the first paint (the reader's theme); keep it tiny.

mod bundle;
mod embed;
mod files;
mod minify;
mod page;
mod styles;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use files::Site;
use minify::{Language, minified};

/// Fonts that the first picture needs; the others come when the style sheet asks for them, or for a letter of theirs.
const FONTS_PRELOADED: [&str; 3] = ["serif-400.woff2", "serif-600.woff2", "mono-400.woff2"];

/// What the app asks for by this name (`web/src/markup/late.rs`).
const LATE_STYLE: &str = "late.css";

/// What stops the site from being made; each says which file or folder.
#[derive(Debug)]
pub(crate) enum Problem {
    /// The file system said no.
    Io(PathBuf, std::io::Error),
    /// A tool could not do its part on the way from cargo's wasm to the browser's.
    Wasm { doing: &'static str, file: PathBuf, said: String, advice: &'static str },
    /// esbuild would not make a script or a style sheet small.
    NotMinified { said: String },
    /// Glue or loader does not hold these words, which name another piece: the tools write them otherwise now.
    NotNamed(String),
    /// The style sheet names a file that is not there.
    MissingAsset(PathBuf),
    /// A file that is text by its name is not UTF-8.
    NotText(PathBuf),
    /// A late file's name has a blank or a `=` in it, which its list in the page can't hold.
    LateName(String),
}

impl std::fmt::Display for Problem {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io(path, problem) => write!(out, "{}: {problem}", path.display()),
            Self::Wasm { doing, file, said, advice } => {
                write!(out, "{doing} {}: {said}\n  {advice}", file.display())
            }
            Self::NotMinified { said } => write!(out, "esbuild: {said}"),
            Self::NotNamed(words) => {
                write!(out, "the scripts of the wasm do not say {words}; does no function have #[wasm_split]?")
            }
            Self::MissingAsset(path) => write!(out, "{}: named by a style sheet, but not there", path.display()),
            Self::NotText(path) => write!(out, "{}: expected UTF-8 text", path.display()),
            Self::LateName(name) => write!(out, "late file {name:?}: no blanks and no = in a name"),
        }
    }
}

const USAGE: &str = "usage: kafka-lab-site make WASM LATE OUT
       kafka-lab-site worker WASM LATE
       kafka-lab-site bind WASM OUT";

fn main() -> ExitCode {
    let words: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let words: Vec<&Path> = words.iter().map(PathBuf::as_path).collect();
    let done = match words.as_slice() {
        [verb, wasm, late, out] if *verb == Path::new("make") => {
            make(wasm, late, out).map(|pages| println!("{pages} page(s) rendered into {}", out.display()))
        }
        [verb, wasm, late] if *verb == Path::new("worker") => bundle::worker(wasm, late),
        [verb, wasm, out] if *verb == Path::new("bind") => bundle::bind(wasm, &files::stem(wasm), false, out),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("kafka-lab-site: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// Writes the whole site; says how many pages it has.
fn make(wasm: &Path, late: &Path, out: &Path) -> Result<usize, Problem> {
    let mut site = Site::begin(out)?;

    let app = bundle::bundle(&mut site, wasm)?;
    let boot = include_str!("../boot.js").replace("{glue}", &app.glue).replace("{wasm}", &app.wasm);
    let boot = site.add("boot.js", minified(&boot, Language::Js)?.as_bytes())?;
    let (sheet, fonts) = styles::gather(&mut site, Path::new("web"))?;
    let style = site.add("style.css", sheet.as_bytes())?;
    let early = site.add_if_there(Path::new("web/assets/early.js"))?;
    let icon = site.add("icon.svg", &files::bytes(Path::new("web/assets/icon.svg"))?)?;

    embed::write(&site, Path::new("web"), &icon)?;

    let late_style = styles::gather_late(Path::new("web"))?;
    let mut late_files = vec![(site.add(LATE_STYLE, late_style.as_bytes())?, LATE_STYLE.to_owned())];
    for file in kafka_lab_web::pages::late_files() {
        late_files.push((site.add(&file.name, &file.bytes)?, file.name));
    }
    for (name, bytes) in files::all_of(late)? {
        late_files.push((site.add(&name, &bytes)?, name));
    }
    if let Some((_, name)) = late_files.iter().find(|(_, name)| name.contains([' ', '='])) {
        return Err(Problem::LateName(name.clone()));
    }

    let preloaded = |(hashed, name): (String, String)| FONTS_PRELOADED.contains(&name.as_str()).then_some(hashed);
    let fonts = fonts.into_iter().filter_map(preloaded).collect();
    let parts = page::Parts { app, boot, style, early, icon, late_files, fonts };
    let template = files::text(Path::new("index.html"))?;
    let pages = kafka_lab_web::pages::pages();
    for page in &pages {
        site.write_page(&page.folder, &page::html(&template, page, &parts))?;
    }
    Ok(pages.len())
}
