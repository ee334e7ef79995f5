//! The constants of a module, spelt as TLC's configuration and the oracle's files spell them.

use std::fmt;

/// How large a model is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Constants {
    /// 1 to 4.
    pub replicas: u8,
    /// How many offsets a log has: 0 to 7.
    pub log_size: u8,
    /// How many records are ever written: 0 to 4.
    pub max_records: u8,
    /// The last epoch that the controller hands out, from 0 on: 0 to 4.
    pub max_leader_epoch: u8,
    /// Whether states that differ only in which replica is which are one.
    pub symmetry: bool,
}

/// Why constants can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstantsProblem {
    /// This part is not `Name=value`, or no constant has that name.
    NotKnown(String),
    /// This constant wants a whole number from the first to the second.
    OutOfRange { name: &'static str, found: String, from: u8, to: u8 },
    /// It is given twice.
    Twice(&'static str),
    /// It is not given.
    Missing(&'static str),
}

impl fmt::Display for ConstantsProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConstantsProblem::NotKnown(found) => write!(
                f,
                "'{found}': expected Replicas=, LogSize=, MaxRecords=, MaxLeaderEpoch= or {}={}",
                SYMMETRY.0, SYMMETRY.1
            ),
            ConstantsProblem::OutOfRange { name, found, from, to } => {
                write!(f, "{name}={found}: expected a whole number from {from} to {to}; larger models do not fit")
            }
            ConstantsProblem::Twice(name) => write!(f, "{name} is given twice"),
            ConstantsProblem::Missing(name) => write!(f, "{name} is missing"),
        }
    }
}

const NUMBERS: [(&str, u8, u8); 4] =
    [("Replicas", 1, 4), ("LogSize", 0, 7), ("MaxRecords", 0, 4), ("MaxLeaderEpoch", 0, 4)];
const SYMMETRY: (&str, &str) = ("SYMMETRY", "Permutations(Replicas)");

impl Constants {
    /// Reads `Replicas=3;LogSize=2;MaxRecords=2;MaxLeaderEpoch=2`, with `;SYMMETRY=Permutations(Replicas)` or without.
    ///
    /// # Errors
    /// The first part that is not understood, or what is missing.
    pub fn parse(text: &str) -> Result<Constants, ConstantsProblem> {
        let mut numbers = [None; 4];
        let mut symmetry = false;
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let not_known = || ConstantsProblem::NotKnown(part.to_owned());
            let (name, value) = part.split_once('=').ok_or_else(not_known)?;
            let (name, value) = (name.trim(), value.trim());
            if (name, value) == SYMMETRY {
                if symmetry {
                    return Err(ConstantsProblem::Twice(SYMMETRY.0));
                }
                symmetry = true;
                continue;
            }
            let index = NUMBERS.iter().position(|(known, ..)| *known == name).ok_or_else(not_known)?;
            let (name, from, to) = NUMBERS[index];
            let number = value.parse().ok().filter(|number| (from..=to).contains(number));
            let number =
                number.ok_or_else(|| ConstantsProblem::OutOfRange { name, found: value.to_owned(), from, to })?;
            if numbers[index].replace(number).is_some() {
                return Err(ConstantsProblem::Twice(name));
            }
        }
        let number = |index: usize| numbers[index].ok_or(ConstantsProblem::Missing(NUMBERS[index].0));
        Ok(Constants {
            replicas: number(0)?,
            log_size: number(1)?,
            max_records: number(2)?,
            max_leader_epoch: number(3)?,
            symmetry,
        })
    }
}

impl fmt::Display for Constants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers = [self.replicas, self.log_size, self.max_records, self.max_leader_epoch];
        for (index, ((name, ..), number)) in NUMBERS.iter().zip(numbers).enumerate() {
            write!(f, "{}{name}={number}", if index == 0 { "" } else { ";" })?;
        }
        if self.symmetry { write!(f, ";{}={}", SYMMETRY.0, SYMMETRY.1) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read() {
        for text in [
            "Replicas=3;LogSize=2;MaxRecords=2;MaxLeaderEpoch=2",
            "Replicas=2;LogSize=7;MaxRecords=0;MaxLeaderEpoch=0;SYMMETRY=Permutations(Replicas)",
        ] {
            assert_eq!(Constants::parse(text).map(|constants| constants.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let said = |text| Constants::parse(text).expect_err("wrong").to_string();
        assert!(said("Replicas=3;LogSize=2;MaxRecords=2").contains("MaxLeaderEpoch is missing"));
        assert!(said("Replicas=5;LogSize=2").contains("Replicas=5: expected a whole number from 1 to 4"));
        assert!(said("Replicas=3;Replicas=3").contains("twice"));
        assert!(said("replicas=3").contains("'replicas=3'"));
        assert!(said("SYMMETRY=none").contains("'SYMMETRY=none'"));
    }
}
