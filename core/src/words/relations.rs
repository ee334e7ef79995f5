//! How the logs of two folders relate, in words.

use super::names::counted;
use crate::inspect::{Lack, Relation};

/// "A (broker-1/orders-0)".
fn name(side: usize, names: &[String]) -> String {
    let letter = if side == 0 { "A" } else { "B" };
    names.get(side).map_or_else(|| letter.to_owned(), |name| format!("{letter} ({name})"))
}

/// What was found.
pub(super) fn related(relation: &Relation, names: &[String]) -> String {
    match relation {
        Relation::Same { records } => {
            format!(
                "{} and {} have the same {}, each with the same offset, key, value and leader epoch.",
                name(0, names),
                name(1, names),
                of(*records)
            )
        }
        Relation::Shorter { side, end, by } => format!(
            "{} ends at offset {end}. {} begins with the same records and has {} more.",
            name(usize::from(*side), names),
            name(usize::from(1 - side), names),
            counted(*by)
        ),
        Relation::Diverged { at, epochs, .. } => {
            let epoch = |side: usize| {
                epochs
                    .get(side)
                    .copied()
                    .flatten()
                    .map_or_else(String::new, |epoch| format!(" of leader epoch {epoch}"))
            };
            format!(
                "What both have below offset {at} is the same. There {} has a record{}, and {} another one{}.",
                name(0, names),
                epoch(0),
                name(1, names),
                epoch(1)
            )
        }
        Relation::Thinned { side, lack } => format!(
            "{} lacks {} that {} has. What both have is the same.",
            name(usize::from(*side), names),
            of(lack.records),
            name(usize::from(1 - side), names)
        ),
        Relation::CleanedApart { lacks: [a, b] } => format!(
            "{} lacks {} that {} has, and that one lacks {}. What both have is the same.",
            name(0, names),
            of(a.records),
            name(1, names),
            of(b.records)
        ),
        Relation::OtherTopic => format!("{} and {} have different topic ids.", name(0, names), name(1, names)),
        Relation::Each { only: [a, b], first: [from_a, from_b] } => format!(
            "{one} has {} that {other} lacks, from offset {from_a} on; {other} has {} that {one} lacks, from {from_b} \
            on.",
            of(*a),
            of(*b),
            one = name(0, names),
            other = name(1, names),
        ),
    }
}

/// What is made of it.
pub(super) fn then_related(relation: &Relation, names: &[String]) -> String {
    match relation {
        Relation::Same { .. } => String::new(),
        Relation::Shorter { .. } => {
            "So a follower looks that has not fetched everything yet, or an older copy.".to_owned()
        }
        Relation::Diverged { cut: Some((side, cut)), .. } => format!(
            "One offset of two leader epochs is two different records. Were {} to follow the other, it would cut its \
            log to offset {cut}, as far as both have the same epochs, and fetch from there.",
            name(usize::from(*side), names)
        ),
        Relation::Diverged { epochs: [a, b], .. } if a != b => {
            "One offset of two leader epochs is two different records. \
            Where a follower would be cut can't be told from these epochs."
                .to_owned()
        }
        Relation::Diverged { .. } => {
            "One leader epoch writes an offset once. One of the files was changed or damaged, or \
            they are not of the same partition."
                .to_owned()
        }
        Relation::Thinned { lack, .. } => lacks(lack),
        Relation::CleanedApart { lacks: [a, b] } => {
            format!("So look replicas that were cleaned at different times. A: {} B: {}", lacks(a), lacks(b))
        }
        Relation::OtherTopic => {
            "They are not of the same topic, or it was deleted and made again in between. They are not compared."
                .to_owned()
        }
        Relation::Each { .. } => "Neither is an older copy or a compacted one of the other.".to_owned(),
    }
}

fn of(records: u64) -> String {
    if records == 1 { "1 record".to_owned() } else { format!("{} records", counted(records)) }
}

/// "Of these, 12 have a later record of the same key, 3 are of aborted transactions. That is what compaction does."
fn lacks(lack: &Lack) -> String {
    let parts = [
        (lack.superseded, "has a later record of the same key", "have a later record of the same key"),
        (lack.aborted, "is of an aborted transaction", "are of aborted transactions"),
        (lack.tombstones, "is a tombstone", "are tombstones"),
        (lack.markers, "is a transaction's marker", "are markers of transactions"),
        (lack.beyond, "may have had a later one that is gone too", "may have had later ones that are gone too"),
        (lack.unexplained, "has no such reason", "have no such reason"),
    ];
    let said: Vec<String> = parts
        .iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| format!("{} {}", counted(*count), if *count == 1 { one } else { many }))
        .collect();
    let first =
        lack.first_unexplained.map_or_else(String::new, |offset| format!(" The first of these was at {offset}."));
    let verdict = if lack.unexplained == 0 { " That is what compaction does." } else { "" };
    format!("Of these, {}.{verdict}{first}", said.join(", "))
}
