//! The question as names and values: what a form shows and a link holds.

use crate::checker::durability::{Bounds, Fault, Faults, Harm, Knobs, Otherwise, OutOfRange, Question, matrix};
use crate::command::Acks;
use crate::rules::truncation_rule::TruncationRule;

/// Settings, how far to look, and the harm that is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    pub knobs: Knobs,
    pub harm: Harm,
    /// Faults that do not happen.
    pub without: Faults,
}

/// What is recommended for a topic whose records matter, on machines whose power can fail. Without eligible leader
/// replicas, as in every cluster that was made before 4.1.
impl Default for Asked {
    fn default() -> Self {
        let knobs = Knobs { min_isr: 2, elr: false, power_loss: true, ..Knobs::default() };
        Asked::of(knobs)
    }
}

/// One thing that can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Knob {
    Replicas,
    Acks,
    MinIsr,
    Unclean,
    Elr,
    Truncation,
    PowerLoss,
    InSync,
    Faults,
    Records,
    Epochs,
    Without,
    Harm,
}

/// Faults that can be left out. Whether power is lost is a knob of its own.
const LEFT_OUT: [Fault; 4] = [Fault::Crash, Fault::Fence, Fault::DropFollower, Fault::ElectPreferred];
const NONE: &str = "none";

/// A name or a value in a link that means nothing here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotUnderstood {
    pub name: String,
    pub found: String,
    /// What could stand there; empty where the name itself is not known.
    pub expected: Vec<String>,
}

impl Knob {
    /// In the order in which they are read: how many replicas there are limits what follows.
    pub const ALL: [Knob; 13] = [
        Knob::Replicas,
        Knob::Acks,
        Knob::MinIsr,
        Knob::Unclean,
        Knob::Elr,
        Knob::Truncation,
        Knob::PowerLoss,
        Knob::InSync,
        Knob::Faults,
        Knob::Records,
        Knob::Epochs,
        Knob::Without,
        Knob::Harm,
    ];

    /// Kafka's name for it, where Kafka has one.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Knob::Replicas => "replication.factor",
            Knob::Acks => "acks",
            Knob::MinIsr => "min.insync.replicas",
            Knob::Unclean => "unclean.leader.election.enable",
            Knob::Elr => "eligible.leader.replicas.version",
            Knob::Truncation => "truncation",
            Knob::PowerLoss => "power.loss",
            Knob::InSync => "in.sync",
            Knob::Faults => "faults",
            Knob::Records => "records",
            Knob::Epochs => "epochs",
            Knob::Without => "without",
            Knob::Harm => "find",
        }
    }

    /// What it can be set to in this question. More faults than one are left out with commas between their words.
    #[must_use]
    pub fn values(self, asked: &Asked) -> Vec<String> {
        let numbers = |from: u8, to: u8| (from..=to).map(|number| number.to_string()).collect();
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        match self {
            Knob::Replicas => numbers(1, 3),
            Knob::Acks => words(&["0", "1", "all"]),
            Knob::MinIsr | Knob::InSync => numbers(1, asked.knobs.replicas),
            Knob::Unclean | Knob::PowerLoss => words(&["false", "true"]),
            Knob::Elr => numbers(0, 1),
            Knob::Truncation => words(&TruncationRule::ALL.map(TruncationRule::word)),
            Knob::Faults => numbers(0, 3),
            Knob::Records => numbers(1, 4),
            Knob::Epochs => numbers(1, 5),
            Knob::Without => words(&[&[NONE], &LEFT_OUT.map(Fault::word)[..]].concat()),
            Knob::Harm => words(&Harm::ALL.map(Harm::word)),
        }
    }

    /// What it is set to.
    #[must_use]
    pub fn value(self, asked: &Asked) -> String {
        let Asked { knobs, harm, without } = asked;
        match self {
            Knob::Replicas => knobs.replicas.to_string(),
            Knob::Acks => match knobs.acks {
                Acks::None => "0".to_owned(),
                Acks::Leader => "1".to_owned(),
                Acks::All => "all".to_owned(),
            },
            Knob::MinIsr => knobs.min_isr.to_string(),
            Knob::Unclean => knobs.unclean.to_string(),
            Knob::Elr => u8::from(knobs.elr).to_string(),
            Knob::Truncation => knobs.truncation.word().to_owned(),
            Knob::PowerLoss => knobs.power_loss.to_string(),
            Knob::InSync => knobs.initial_isr.to_string(),
            Knob::Faults => knobs.bounds.faults.to_string(),
            Knob::Records => knobs.bounds.records.to_string(),
            Knob::Epochs => knobs.bounds.epochs.to_string(),
            Knob::Without if without.is_empty() => NONE.to_owned(),
            Knob::Without => without.iter().map(Fault::word).collect::<Vec<_>>().join(","),
            Knob::Harm => harm.word().to_owned(),
        }
    }
}

impl Asked {
    /// What loses an acknowledged record, whatever breaks.
    #[must_use]
    pub fn of(knobs: Knobs) -> Asked {
        Asked { knobs, harm: Harm::Lost, without: Faults::default() }
    }

    /// What is searched.
    ///
    /// # Errors
    /// Knobs that do not go together, which [`Asked::set`] does not let happen.
    pub fn question(&self) -> Result<Question, OutOfRange> {
        Ok(self.without.iter().fold(Question::new(self.knobs)?, Question::without))
    }

    /// The question with something otherwise.
    #[must_use]
    pub fn otherwise(self, otherwise: Otherwise) -> Asked {
        match otherwise {
            Otherwise::Turned(turn) => Asked { knobs: turn.turned(&self.knobs), ..self },
            Otherwise::Without(Fault::PowerLoss) => Asked { knobs: Knobs { power_loss: false, ..self.knobs }, ..self },
            Otherwise::Without(fault) => Asked { without: self.without.with(fault), ..self },
        }
    }

    /// Turns a knob. With fewer replicas fewer can be in sync, or be asked for; with more, all of the new ones are.
    ///
    /// # Errors
    /// A value that the knob does not have.
    pub fn set(&mut self, knob: Knob, value: &str) -> Result<(), NotUnderstood> {
        let values = knob.values(self);
        // Of faults there can be several.
        let words = if knob == Knob::Without { value.split(',').collect() } else { vec![value] };
        let place = |word: &str| values.iter().position(|known| known == word);
        let Some(places) = words.into_iter().map(place).collect::<Option<Vec<usize>>>() else {
            return Err(NotUnderstood { name: knob.name().to_owned(), found: value.to_owned(), expected: values });
        };
        let place = places.first().map_or(0, |place| u8::try_from(*place).unwrap_or(u8::MAX));
        let knobs = &mut self.knobs;
        match knob {
            Knob::Replicas => {
                let all_are = knobs.initial_isr == knobs.replicas;
                knobs.replicas = place + 1;
                knobs.initial_isr = if all_are { knobs.replicas } else { knobs.initial_isr.min(knobs.replicas) };
                knobs.min_isr = knobs.min_isr.min(knobs.replicas);
            }
            Knob::Acks => knobs.acks = [Acks::None, Acks::Leader, Acks::All][usize::from(place)],
            Knob::MinIsr => knobs.min_isr = place + 1,
            Knob::Unclean => knobs.unclean = place == 1,
            Knob::Elr => knobs.elr = place == 1,
            Knob::Truncation => knobs.truncation = TruncationRule::ALL[usize::from(place)],
            Knob::PowerLoss => knobs.power_loss = place == 1,
            Knob::InSync => knobs.initial_isr = place + 1,
            Knob::Faults => knobs.bounds = Bounds { faults: place, ..knobs.bounds },
            Knob::Records => knobs.bounds = Bounds { records: place + 1, ..knobs.bounds },
            Knob::Epochs => knobs.bounds = Bounds { epochs: place + 1, ..knobs.bounds },
            Knob::Without => {
                let after_none = places.iter().filter_map(|place| place.checked_sub(1));
                self.without = after_none.map(|place| LEFT_OUT[place]).collect();
            }
            Knob::Harm => self.harm = Harm::ALL[usize::from(place)],
        }
        Ok(())
    }

    /// Every knob with its value, for a link: the question can be read in the address, and stays what it is should a
    /// default ever change.
    #[must_use]
    pub fn pairs(&self) -> Vec<(String, String)> {
        Knob::ALL.into_iter().map(|knob| (knob.name().to_owned(), knob.value(self))).collect()
    }

    /// Reads what [`Asked::pairs`] wrote, or any part of it; the rest is as in `or`. Total: what is not understood is
    /// left as it was, and said.
    #[must_use]
    pub fn read(pairs: &[(String, String)], or: &Asked) -> (Asked, Vec<NotUnderstood>) {
        let (mut asked, mut problems) = (*or, Vec::new());
        for knob in Knob::ALL {
            if let Some((_, value)) = pairs.iter().find(|(name, _)| name == knob.name()) {
                problems.extend(asked.set(knob, value).err());
            }
        }
        let is_known = |name: &str| Knob::ALL.into_iter().any(|knob| knob.name() == name);
        let unknown = |(name, found): &(String, String)| NotUnderstood {
            name: name.clone(),
            found: found.clone(),
            expected: Vec::new(),
        };
        problems.extend(pairs.iter().filter(|(name, _)| !is_known(name)).map(unknown));
        (asked, problems)
    }
}

/// The questions of the durability matrix, always in the same order.
#[must_use]
pub fn rows() -> Vec<Asked> {
    matrix::rows().into_iter().map(Asked::of).collect()
}

impl std::fmt::Display for NotUnderstood {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let NotUnderstood { name, found, expected } = self;
        if expected.is_empty() {
            return write!(f, "{name}={found}: there is no such knob");
        }
        write!(f, "{name}={found}: expected {}", expected.join(", "))
    }
}
