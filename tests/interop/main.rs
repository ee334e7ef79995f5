//! The lab's part in `./lab interop segments`: it writes the data folder that a real broker starts on, and reads what
//! the broker made of it. The other part, with the broker and its clients, is in `java/`.

mod check;
mod compare;
mod data_folder;
mod lines;
mod story;
mod topics;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

/// What goes wrong here is told and ends the program: nothing in it is for others to handle.
type Outcome<T> = Result<T, Box<dyn Error>>;

const USAGE: &str = "interop topics
    a line for each topic to create: its name and its settings
interop write DATA IDS EXPECTED NOW-MS
    replaces the partitions' files in the data folder; IDS has a line 'topic id' each; EXPECTED gets what readers
    should be told
interop check DATA READ
    holds the logs against what a consumer read of them
interop compare WRITTEN REBUILT
    holds the files that a broker built anew against those that the lab wrote";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(told) => {
            println!("{told}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("interop: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Outcome<String> {
    match words {
        ["topics"] => Ok(topics::settings()),
        ["write", data, ids, expected, now_ms] => {
            data_folder::write(Path::new(data), Path::new(ids), Path::new(expected), now_ms.parse()?)
        }
        ["check", data, read] => check::check(Path::new(data), Path::new(read)),
        ["compare", written, rebuilt] => compare::compare(Path::new(written), Path::new(rebuilt)),
        _ => Err(USAGE.into()),
    }
}
