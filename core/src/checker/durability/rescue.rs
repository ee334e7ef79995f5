//! What would have saved a record: the same question with one knob turned, or without one kind of fault.

use super::{Action, Bounds, Fault, Faults, Harm, Inquiry, Knobs, OutOfRange, Question, State};
use crate::checker::search::{Cost, Model};
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

/// What is otherwise when a question is put again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Otherwise {
    Turned(Turn),
    /// No fault of this kind happens.
    Without(Fault),
}

impl Otherwise {
    /// All there is for a run: the turns that change something, then each kind of fault that the run has.
    #[must_use]
    pub fn of(question: &Question, run: &[(Action, State)]) -> Vec<Otherwise> {
        let turns = Turn::of(question.knobs()).into_iter().map(Otherwise::Turned);
        turns.chain(faults_of(question, run).iter().map(Otherwise::Without)).collect()
    }

    /// The question with that, within so many faults.
    ///
    /// # Errors
    /// A knob that the model can't hold.
    pub fn question(self, question: &Question, faults: u8) -> Result<Question, OutOfRange> {
        let (knobs, forbidden) = match self {
            Otherwise::Turned(turn) => (turn.turned(question.knobs()), question.forbidden()),
            Otherwise::Without(fault) => (*question.knobs(), question.forbidden().with(fault)),
        };
        let bounds = Bounds { faults, ..knobs.bounds };
        Ok(forbidden.iter().fold(Question::new(Knobs { bounds, ..knobs })?, Question::without))
    }
}

impl std::fmt::Display for Otherwise {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Otherwise::Turned(turn) => turn.fmt(f),
            Otherwise::Without(fault) => write!(f, "without {fault}"),
        }
    }
}

/// The kinds of faults that a run has.
fn faults_of(question: &Question, run: &[(Action, State)]) -> Faults {
    let mut before = question.initial();
    let fault = |(action, after): &(Action, State)| action.fault(&std::mem::replace(&mut before, *after));
    run.iter().filter_map(fault).collect()
}

/// What the harm costs if something is otherwise, within so many faults; none where it is not found. Searched anew.
///
/// # Errors
/// A knob that the model can't hold.
pub fn cost_otherwise(
    question: &Question,
    otherwise: Otherwise,
    harm: Harm,
    faults: u8,
) -> Result<Option<Cost>, OutOfRange> {
    let mut inquiry = Inquiry::new(otherwise.question(question, faults)?, harm)?;
    while inquiry.advance(usize::MAX) {}
    Ok(inquiry.found(harm).map(|found| found.cost))
}
