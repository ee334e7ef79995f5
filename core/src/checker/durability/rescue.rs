//! What would have saved a record: the same question with one knob turned.

use super::{Fault, Harm, Inquiry, Knobs, OutOfRange, Question};
use crate::checker::search::Cost;
use crate::command::Acks;
use crate::rules::truncation_rule::TruncationRule;

/// A knob, and where it is turned to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    AcksAll,
    /// `min.insync.replicas`
    MinIsr(u8),
    UncleanOff,
    Truncation(TruncationRule),
    ElrOn,
    /// The other way: for the sake of what it costs.
    ElrOff,
}

impl Turn {
    /// The turns that change something, in a fixed order.
    #[must_use]
    pub fn of(knobs: &Knobs) -> Vec<Turn> {
        let mut turns = Vec::new();
        if knobs.acks != Acks::All {
            turns.push(Turn::AcksAll);
        }
        turns.extend((1..=knobs.replicas).filter(|min_isr| *min_isr != knobs.min_isr).map(Turn::MinIsr));
        if knobs.unclean {
            turns.push(Turn::UncleanOff);
        }
        let rules = TruncationRule::ALL.into_iter().filter(|rule| *rule > knobs.truncation);
        turns.extend(rules.map(Turn::Truncation));
        turns.push(if knobs.elr { Turn::ElrOff } else { Turn::ElrOn });
        turns
    }

    /// The knobs with this one turned.
    #[must_use]
    pub fn turned(self, knobs: &Knobs) -> Knobs {
        let knobs = *knobs;
        match self {
            Turn::AcksAll => Knobs { acks: Acks::All, ..knobs },
            Turn::MinIsr(min_isr) => Knobs { min_isr, ..knobs },
            Turn::UncleanOff => Knobs { unclean: false, ..knobs },
            Turn::Truncation(truncation) => Knobs { truncation, ..knobs },
            Turn::ElrOn => Knobs { elr: true, ..knobs },
            Turn::ElrOff => Knobs { elr: false, ..knobs },
        }
    }
}

impl std::fmt::Display for Turn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Turn::AcksAll => f.write_str("acks=all"),
            Turn::MinIsr(min_isr) => write!(f, "min.insync.replicas={min_isr}"),
            Turn::UncleanOff => f.write_str("unclean elections off"),
            Turn::Truncation(rule) => write!(f, "truncation by {}", rule.word()),
            Turn::ElrOn => f.write_str("ELR on"),
            Turn::ElrOff => f.write_str("ELR off"),
        }
    }
}

/// What the harm costs with one knob turned, within as many faults; none where it is not found. Searched anew.
///
/// # Errors
/// A knob that the model can't hold.
pub fn cost_if_turned(knobs: &Knobs, turn: Turn, harm: Harm, faults: u8) -> Result<Option<Cost>, OutOfRange> {
    cost_of(Question::new(with_faults(turn.turned(knobs), faults))?, harm)
}

/// What the harm costs if no fault of a kind happens, within as many faults of other kinds; none where it is not found.
/// Searched anew.
///
/// # Errors
/// A knob that the model can't hold.
pub fn cost_without(knobs: &Knobs, fault: Fault, harm: Harm, faults: u8) -> Result<Option<Cost>, OutOfRange> {
    cost_of(Question::new(with_faults(*knobs, faults))?.without(fault), harm)
}

fn with_faults(knobs: Knobs, faults: u8) -> Knobs {
    Knobs { bounds: super::Bounds { faults, ..knobs.bounds }, ..knobs }
}

fn cost_of(question: Question, harm: Harm) -> Result<Option<Cost>, OutOfRange> {
    let mut inquiry = Inquiry::new(question, harm)?;
    while inquiry.advance(usize::MAX) {}
    Ok(inquiry.found(harm).map(|found| found.cost))
}
