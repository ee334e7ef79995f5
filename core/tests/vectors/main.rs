//! Facts about Kafka by their numbers, each held against the rule that it is about. They were read off Kafka's own
//! tests and classes as of October 2024, before 4.0; where 4.3.1 answers otherwise, the row says so.
//!
//! A test is named by its row's number (`lec_05_…`), or the number stands first in a row of a table. What needs a log,
//! a controller or a clock around the rules builds it here out of the rules alone.

mod divergence;
mod election;
mod epochs;
mod partition_choice;
mod producers;
mod quorum;
mod replication;
mod retention;
mod wire;

/// The rows whose rules the core has. Not here: compaction, assignors and groups, the transaction coordinator, a
/// consumer's own validation of its position (VAL), and three file formats (WIR-13, WIR-15, WIR-16), whose tests stand
/// beside their code.
const IN_SCOPE: [(&str, &str); 19] = [
    ("MUR", "01 02 03 06 07 08 10 11 12 14 16 17 18 20 21 23 24 25 28 30 32 34 36 37 39"),
    ("STK", "01 02 04 05"),
    ("GRP", "01 03"),
    ("WIR", "01 02 04 05 06 07 08 10 17"),
    ("LEC", "01 02 03 04 05 08 10 11 12 15 16 17 19 20 21 22 23 27 28 30 31 33 34"),
    ("DIV", "01 02 03 06 07 08 12"),
    ("TRU", "01 02 04 07 08 10"),
    ("KIP", "01 02 03"),
    ("ISR", "01 02 03 04 06 07 09 11 13 14 16"),
    ("HWM", "01 02 04"),
    ("EPV", "01"),
    ("RET", "01 02 04 05 06"),
    ("SEQ", "01 02 03 04 05 07 09 10 13 14 15 17 18 21 22 23 25"),
    ("LSO", "01 02 04"),
    ("ELE", "01 02 03"),
    ("ELR", "01 02 05 07 08 11"),
    ("APR", "01 03 05"),
    ("KHW", "01 02 03 07"),
    ("VOT", "01 02 03 05 07"),
];

const SOURCES: [&str; 9] = [
    include_str!("divergence.rs"),
    include_str!("election.rs"),
    include_str!("epochs.rs"),
    include_str!("partition_choice.rs"),
    include_str!("producers.rs"),
    include_str!("quorum.rs"),
    include_str!("replication.rs"),
    include_str!("retention.rs"),
    include_str!("wire.rs"),
];

/// A number is covered by the name of a test, or by a row that begins with it.
#[test]
fn every_row_in_scope_has_its_test() {
    let numbers = IN_SCOPE.iter().flat_map(|(kind, numbers)| numbers.split(' ').map(move |number| (kind, number)));
    let is_covered = |kind: &str, number: &str| {
        let (name, row) = (format!("fn {}_{number}_", kind.to_lowercase()), format!("(\"{kind}-{number}\""));
        SOURCES.iter().any(|source| source.contains(&name) || source.contains(&row))
    };
    let missing: Vec<_> = numbers.clone().filter(|(kind, number)| !is_covered(kind, number)).collect();
    assert!(missing.is_empty(), "rows without a test: {missing:?}");
    assert_eq!(numbers.count(), 140);
}

/// The bytes that are written like this, two digits each.
fn hex(text: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal digits");
    (0..text.len()).step_by(2).map(digit).collect()
}
