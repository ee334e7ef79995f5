//! The durability matrix: what every combination of settings loses, and when it stops writing, by the number of faults.
//!
//! A row is a set of knobs, a cell of it a number of faults. One search answers for all cells of a row, since it looks
//! at what costs fewer faults first; a second one, much smaller, says when the partition stops writing. So a row is
//! filled slice by slice, in a browser as natively.

use super::{Action, Bounds, Harm, Inquiry, Knobs, OutOfRange, Question, State, Stop, Stopping, in_causal_order};
use crate::checker::search::Cost;
use crate::command::Acks;

/// Each row has a cell for 0, 1, 2 and 3 faults.
pub const CELLS: usize = 4;

/// The rows, always in the same order: by `replication.factor`, acks, `min.insync.replicas`, unclean elections, ELR and
/// power loss, the last of them changing first.
///
/// `min.insync.replicas` is 1, its default, but for acks=all: a leader looks at it for acks=all alone.
#[must_use]
pub fn rows() -> Vec<Knobs> {
    let mut rows = Vec::new();
    for replicas in 1..=3 {
        let all = (1..=replicas).map(|min_isr| (Acks::All, min_isr));
        for (acks, min_isr) in [(Acks::None, 1), (Acks::Leader, 1)].into_iter().chain(all) {
            for of_three in 0..8_u8 {
                let [unclean, elr, power_loss] = [4, 2, 1].map(|bit| of_three & bit > 0);
                let initial_isr = replicas;
                let bounds = Bounds { records: 1, epochs: 4, faults: 3 };
                let knobs = Knobs {
                    replicas,
                    acks,
                    min_isr,
                    unclean,
                    elr,
                    power_loss,
                    initial_isr,
                    bounds,
                    ..Knobs::default()
                };
                rows.push(knobs);
            }
        }
    }
    rows
}

/// Whether an acknowledged record is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The cheapest way to lose one.
    Loses(Cost),
    /// None within these bounds: so many states were looked at, all that there are.
    NotFound { states: usize },
}

/// What so many faults come to at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub loss: Loss,
    /// The cheapest way to stop writing, which is no loss.
    pub stops: Option<Cost>,
}

/// A row that is filled.
#[derive(Clone, Debug)]
pub struct Row {
    pub knobs: Knobs,
    pub cells: [Cell; CELLS],
    /// The cheapest run that loses an acknowledged record, in causal order; every cell that loses one shows it.
    pub loss: Option<Vec<(Action, State)>>,
    pub stop: Option<Stop>,
}

/// A row while it is filled: first with what is lost, then with when the partition stops writing.
#[derive(Debug)]
pub struct Filling {
    inquiry: Inquiry,
    stopping: Stopping,
    /// What is lost is looked for no further.
    has_given_up: bool,
}

impl Filling {
    /// Begins with a row.
    ///
    /// # Errors
    /// A knob that the model can't hold.
    pub fn new(knobs: Knobs) -> Result<Filling, OutOfRange> {
        let question = Question::new(knobs)?;
        let stopping = Stopping::new(&question);
        Ok(Filling { inquiry: Inquiry::new(question, Harm::Lost)?, stopping, has_given_up: false })
    }

    /// Looks at so many states more. Says whether there is more to look at.
    pub fn advance(&mut self, states: usize) -> bool {
        if self.has_given_up || self.inquiry.is_over() {
            return self.stopping.advance(states);
        }
        self.inquiry.advance(states);
        true
    }

    /// Looks no further for what is lost, as where memory ends: there will be no row, but it is still said when the
    /// partition stops writing.
    pub fn give_up(&mut self) {
        self.has_given_up = true;
    }

    /// How far it is.
    #[must_use]
    pub fn inquiry(&self) -> &Inquiry {
        &self.inquiry
    }

    /// The cheapest way to stop writing, once there is nothing more to look at.
    #[must_use]
    pub fn stop(&self) -> Option<&Stop> {
        self.stopping.stop()
    }

    /// The row, once there is nothing more to look at.
    #[must_use]
    pub fn row(&self) -> Option<Row> {
        if !self.inquiry.is_over() || !self.stopping.is_over() {
            return None;
        }
        let question = self.inquiry.question();
        let found = self.inquiry.found(Harm::Lost);
        let loss = found.map(|found| in_causal_order(question, &self.inquiry.run_to(found)));
        let stop = self.stop().cloned();
        let within = |cost: &Cost, faults: usize| usize::from(cost.faults) <= faults;
        let cells = [0, 1, 2, 3].map(|faults| {
            let lost = found.map(|found| found.cost).filter(|cost| within(cost, faults));
            let stops = stop.as_ref().map(|stop| stop.cost).filter(|cost| within(cost, faults));
            let states = self.inquiry.levels().iter().take(faults + 1).flatten().sum();
            Cell { loss: lost.map_or(Loss::NotFound { states }, Loss::Loses), stops }
        });
        Some(Row { knobs: *question.knobs(), cells, loss, stop })
    }
}
