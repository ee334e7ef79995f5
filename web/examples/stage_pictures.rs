//! Draws the sample stages as pages that a browser can open, to look at them while drawing is worked on:
//! `cargo run -p kafka-lab-web --features ssr --example stage_pictures -- FOLDER`
#![allow(missing_docs, reason = "a program")]

use std::path::PathBuf;
use std::{env, fs, io};

use kafka_lab_web::stage::{View, layers, sample, svg_text};

fn main() -> io::Result<()> {
    let folder = PathBuf::from(env::args().nth(1).unwrap_or_else(|| "stage-pictures".to_owned()));
    fs::create_dir_all(&folder)?;
    let style: String = ["tokens.css", "fonts.css", "stage.css"]
        .iter()
        .filter_map(|name| fs::read_to_string(PathBuf::from("web/style").join(name)).ok())
        .collect();
    for theme in ["light", "dark"] {
        for width_px in [390.0, 820.0, 928.0] {
            let pictures: String = sample::all()
                .iter()
                .map(|(name, frame)| svg_text::picture(layers::STANDARD, frame, &View::of_width(width_px), name))
                .map(|svg| format!("<div class=\"stage\">{svg}</div>"))
                .collect();
            let page = format!(
                "<!doctype html><html data-theme=\"{theme}\"><meta charset=\"utf-8\"><style>{style}\
                 body{{margin:0;background:var(--stage)}}</style><body>{pictures}"
            );
            fs::write(folder.join(format!("{theme}-{width_px}.html")), page)?;
        }
    }
    Ok(())
}
