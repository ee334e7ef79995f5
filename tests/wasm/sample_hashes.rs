//! Prints what `sample_hash` gives natively for the seeds 0 to N, one a line: `sample-hashes N`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(count) = std::env::args().nth(1).and_then(|word| word.parse::<u32>().ok()) else {
        eprintln!("usage: sample-hashes N");
        return ExitCode::from(2);
    };
    for seed in 0..count {
        println!("{}", kafka_lab_measures::sample_hash(seed));
    }
    ExitCode::SUCCESS
}
