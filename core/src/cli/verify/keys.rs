//! `murmur2.csv`: `key_hex`, `murmur2`, `to_positive`, and `pN`: the partition among N (Kafka: `Utils.murmur2`,
//! `BuiltInPartitioner.partitionForKey`).

use data_encoding::HEXLOWER_PERMISSIVE;

use super::row::{Checks, CsvRow};
use crate::rules::partition_for_key::{murmur2, partition_for_key, to_positive};

pub(super) fn check(row: &CsvRow) -> Checks {
    let hex = row.get("key_hex");
    let mut checks = Checks::new(format!("key {hex}"));
    let Ok(key) = HEXLOWER_PERMISSIVE.decode(hex.as_bytes()) else {
        checks.fail("key_hex", "hexadecimal digits", hex);
        return checks;
    };
    for (column, expected) in row.cells() {
        match (column, column.strip_prefix('p').and_then(|partitions| partitions.parse().ok())) {
            ("key_hex", _) => {}
            ("murmur2", _) => checks.compare(column, expected, murmur2(&key)),
            ("to_positive", _) => checks.compare(column, expected, to_positive(murmur2(&key))),
            (_, Some(partitions)) => {
                let partition = partition_for_key(&key, partitions);
                checks.compare(column, expected, partition.map_or_else(String::new, |p| p.to_string()));
            }
            _ => checks.fail(column, expected, "a column that this version does not compare"),
        }
    }
    checks
}
