//! Prints what the functions of this crate give natively. `sample-hashes N`: the hashes for the seeds 0 to N, one a
//! line. `sample-hashes answers`: the checker's answers.

use std::process::ExitCode;

use kafka_lab_measures::{checker_answer, checker_questions, sample_hash};

fn main() -> ExitCode {
    let word = std::env::args().nth(1).unwrap_or_default();
    if word == "answers" {
        (0..checker_questions()).for_each(|number| print!("{}", checker_answer(number)));
        return ExitCode::SUCCESS;
    }
    let Ok(count) = word.parse::<u32>() else {
        eprintln!("usage: sample-hashes N | answers");
        return ExitCode::from(2);
    };
    for seed in 0..count {
        println!("{}", sample_hash(seed));
    }
    ExitCode::SUCCESS
}
