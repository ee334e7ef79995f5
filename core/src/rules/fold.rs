//! A table out of a log: begin empty, take the records in order, change one row for each.
//!
//! The table of an offset is the fold of all records below it, so it can be had again at any time, for any
//! moment, and by a program that did not exist when the records were written.

/// The programs that fold. Each keeps one number a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Program {
    /// The sum of the amounts of a key, as first written: it forgets refunds.
    BalancesV1,
    /// The sum of the amounts of a key.
    BalancesV2,
    /// How many records a key has.
    Orders,
}

impl Program {
    pub const ALL: [Program; 3] = [Program::BalancesV1, Program::BalancesV2, Program::Orders];

    /// Its name in the command language.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Program::BalancesV1 => "balances-v1",
            Program::BalancesV2 => "balances-v2",
            Program::Orders => "orders",
        }
    }

    /// The same program as it should have been written.
    #[must_use]
    pub fn without_bug(self) -> Program {
        match self {
            Program::BalancesV1 | Program::BalancesV2 => Program::BalancesV2,
            Program::Orders => Program::Orders,
        }
    }
}

/// What a record does to the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// The row of the record's key becomes this.
    Set(i64),
    /// A null value takes the row away.
    Remove,
    /// The bug of version 1: money that goes back is not looked at.
    DropRefund,
    /// The value is not an amount.
    NotAnAmount,
}

/// Folds one record into its key's row.
#[must_use]
pub fn fold(program: Program, row: Option<i64>, value: Option<&str>) -> Fold {
    let Some(value) = value else { return Fold::Remove };
    let adds = if program == Program::Orders { Ok(1) } else { value.parse::<i64>() };
    match adds {
        Err(_) => Fold::NotAnAmount,
        Ok(refund) if program == Program::BalancesV1 && refund < 0 => Fold::DropRefund,
        Ok(amount) => Fold::Set(row.unwrap_or(0).saturating_add(amount)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn balance(program: Program, values: &[&str]) -> Option<i64> {
        values.iter().fold(None, |row, value| match fold(program, row, Some(value)) {
            Fold::Set(to) => Some(to),
            Fold::Remove => None,
            Fold::DropRefund | Fold::NotAnAmount => row,
        })
    }

    #[test]
    fn two_versions_of_one_program_disagree_from_the_first_refund_on() {
        let values = ["+50", "+20", "-30", "+5"];
        let agree: Vec<bool> = (0..=values.len())
            .map(|n| balance(Program::BalancesV1, &values[..n]) == balance(Program::BalancesV2, &values[..n]))
            .collect();
        assert_eq!(agree, [true, true, true, false, false]);
        assert_eq!(balance(Program::BalancesV2, &values), Some(45));
        assert_eq!(balance(Program::Orders, &values), Some(4));
    }

    #[test]
    fn a_null_value_takes_the_row_away() {
        assert_eq!(fold(Program::Orders, Some(3), None), Fold::Remove);
        assert_eq!(fold(Program::BalancesV2, Some(3), Some("lots")), Fold::NotAnAmount);
    }
}
