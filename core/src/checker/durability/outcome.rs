//! What must not happen to a record.

use super::{Record, State};
use crate::ids::BrokerId;
use std::fmt;

/// A harm that is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Harm {
    /// The leader of the newest epoch works, and lacks a record that was acknowledged.
    Lost,
    /// No disk has a record that was acknowledged.
    Gone,
    /// Two logs differ below both high watermarks.
    Diverged,
}

impl Harm {
    pub const ALL: [Harm; 3] = [Harm::Lost, Harm::Gone, Harm::Diverged];

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Harm::Lost => "lost",
            Harm::Gone => "gone",
            Harm::Diverged => "diverged",
        }
    }
}

impl fmt::Display for Harm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Harm::Lost => "an acknowledged record is lost",
            Harm::Gone => "an acknowledged record is on no disk",
            Harm::Diverged => "two logs differ below both high watermarks",
        })
    }
}

/// The harms of a state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Harms {
    pub lost: Option<Record>,
    pub gone: Option<Record>,
    /// The two brokers.
    pub diverged: Option<(BrokerId, BrokerId)>,
}

impl Harms {
    #[must_use]
    pub fn has(self, harm: Harm) -> bool {
        match harm {
            Harm::Lost => self.lost.is_some(),
            Harm::Gone => self.gone.is_some(),
            Harm::Diverged => self.diverged.is_some(),
        }
    }
}

impl State {
    /// What has gone wrong.
    #[must_use]
    pub fn harms(&self) -> Harms {
        let acknowledged = || (0..self.next_record).filter(|record| self.is_acknowledged(*record));
        let leader = self.current().leader.filter(|leader| self.truly_leads(*leader));
        let lost = leader.and_then(|leader| acknowledged().find(|record| !self.replica(leader).holds(*record)));
        let gone = acknowledged().find(|record| !self.replicas.iter().any(|replica| replica.holds(*record)));
        Harms { lost, gone, diverged: self.diverged() }
    }

    fn diverged(&self) -> Option<(BrokerId, BrokerId)> {
        let ids = || (1..).map(BrokerId).zip(&self.replicas);
        ids().find_map(|(left, one)| {
            let differs = |(right, other): &(BrokerId, &super::Replica)| {
                let mark = usize::from(one.mark.min(other.mark));
                *right > left && one.log[..mark] != other.log[..mark]
            };
            ids().find(differs).map(|(right, _)| (left, right))
        })
    }
}
