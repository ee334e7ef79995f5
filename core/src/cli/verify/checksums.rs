//! `crc32c.csv`: `bytes_hex`, `crc32c` (Kafka: `Crc32C`).

use data_encoding::HEXLOWER_PERMISSIVE;

use super::row::{Checks, CsvRow};

pub(super) fn check(row: &CsvRow) -> Checks {
    let hex = row.get("bytes_hex");
    let mut checks = Checks::new(hex);
    row.only(&["bytes_hex", "crc32c"], &mut checks);
    match HEXLOWER_PERMISSIVE.decode(hex.as_bytes()) {
        Ok(bytes) => checks.compare("crc32c", row.get("crc32c"), format!("{:08x}", crc32c::crc32c(&bytes))),
        Err(_) => checks.fail("bytes_hex", "hexadecimal digits", hex),
    }
    checks
}
