//! `varints.csv`: `kind`, `value`, `bytes_hex`, `size`. A written number, or, with `read_` before the kind, what
//! reading some bytes gives (Kafka: `ByteUtils`).

use data_encoding::HEXLOWER_PERMISSIVE;

use super::row::{Checks, CsvRow};
use crate::bytes::varint::{self, VarintFault};

pub(super) fn check(row: &CsvRow) -> Checks {
    let (kind, value, hex, size) = (row.get("kind"), row.get("value"), row.get("bytes_hex"), row.get("size"));
    let mut checks = Checks::new(format!("{kind} of {value} {hex}"));
    row.only(&["kind", "value", "bytes_hex", "size"], &mut checks);
    let Ok(bytes) = HEXLOWER_PERMISSIVE.decode(hex.as_bytes()) else {
        checks.fail("bytes_hex", "hexadecimal digits", hex);
        return checks;
    };
    let Some(kind) = Kind::of_name(kind.strip_prefix("read_").unwrap_or(kind)) else {
        checks.fail("kind", "varint, uvarint, varlong or uvarlong, with read_ before it or not", kind);
        return checks;
    };
    let (read_value, read_size) = words(kind.read(&bytes));
    checks.compare("value", value, read_value);
    checks.compare("size", size, read_size);
    if !row.get("kind").starts_with("read_") {
        let Some(written) = kind.write(value) else {
            checks.fail("value", "a number that fits", value);
            return checks;
        };
        checks.compare("bytes_hex", hex, HEXLOWER_PERMISSIVE.encode(&written));
        checks.compare("size", size, written.len());
        checks.compare("size (computed)", size, kind.len(value).map_or(0, |len| len));
    }
    checks
}

#[derive(Clone, Copy)]
enum Kind {
    Varint,
    Uvarint,
    Varlong,
    Uvarlong,
}

impl Kind {
    fn of_name(name: &str) -> Option<Kind> {
        match name {
            "varint" => Some(Kind::Varint),
            "uvarint" => Some(Kind::Uvarint),
            "varlong" => Some(Kind::Varlong),
            "uvarlong" => Some(Kind::Uvarlong),
            _ => None,
        }
    }

    fn read(self, bytes: &[u8]) -> Result<(String, usize), VarintFault> {
        match self {
            Kind::Varint => varint::read_varint(bytes).map(|(value, size)| (value.to_string(), size)),
            Kind::Uvarint => varint::read_uvarint(bytes).map(|(value, size)| (value.to_string(), size)),
            Kind::Varlong => varint::read_varlong(bytes).map(|(value, size)| (value.to_string(), size)),
            Kind::Uvarlong => varint::read_uvarlong(bytes).map(|(value, size)| (value.to_string(), size)),
        }
    }

    fn write(self, value: &str) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        match self {
            Kind::Varint => varint::write_varint(&mut out, value.parse().ok()?),
            Kind::Uvarint => varint::write_uvarint(&mut out, value.parse().ok()?),
            Kind::Varlong => varint::write_varlong(&mut out, value.parse().ok()?),
            Kind::Uvarlong => varint::write_uvarlong(&mut out, value.parse().ok()?),
        }
        Some(out)
    }

    fn len(self, value: &str) -> Option<usize> {
        Some(match self {
            Kind::Varint => varint::varint_len(value.parse().ok()?),
            Kind::Uvarint => varint::uvarint_len(value.parse().ok()?),
            Kind::Varlong => varint::varlong_len(value.parse().ok()?),
            Kind::Uvarlong => varint::uvarlong_len(value.parse().ok()?),
        })
    }
}

/// The two columns, with Kafka's exceptions by their names.
fn words(outcome: Result<(String, usize), VarintFault>) -> (String, String) {
    match outcome {
        Ok((value, size)) => (value, size.to_string()),
        Err(VarintFault::TooLong) => ("IllegalArgumentException".to_owned(), String::new()),
        Err(VarintFault::Ends) => ("BufferUnderflowException".to_owned(), String::new()),
    }
}
