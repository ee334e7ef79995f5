//! What goes wrong, by its kind.

use std::fmt;

/// What goes wrong, or an operator's act, by its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A process dies, and its disk stays whole.
    Crash,
    /// A process dies, and an end of its log with it.
    PowerLoss,
    /// The controller takes a broker for dead that works.
    Fence,
    /// A leader drops a follower that works, because it lags.
    DropFollower,
    /// An operator asks for the preferred leader.
    ElectPreferred,
}

impl Fault {
    pub const ALL: [Fault; 5] =
        [Fault::Crash, Fault::PowerLoss, Fault::Fence, Fault::DropFollower, Fault::ElectPreferred];

    /// The word for it in a link and on a command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Fault::Crash => "crash",
            Fault::PowerLoss => "power-loss",
            Fault::Fence => "fence",
            Fault::DropFollower => "drop-follower",
            Fault::ElectPreferred => "elect-preferred",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fault::Crash => "a process crash",
            Fault::PowerLoss => "a loss of power",
            Fault::Fence => "a working broker taken for dead",
            Fault::DropFollower => "a working follower dropped",
            Fault::ElectPreferred => "a preferred election",
        })
    }
}

/// Some kinds of faults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults(u8);

impl Faults {
    #[must_use]
    pub fn with(self, fault: Fault) -> Faults {
        Faults(self.0 | 1 << fault as u8)
    }

    #[must_use]
    pub fn contains(self, fault: Fault) -> bool {
        self.0 >> fault as u8 & 1 == 1
    }

    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// In the order of [`Fault::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Fault> {
        Fault::ALL.into_iter().filter(move |fault| self.contains(*fault))
    }
}

impl FromIterator<Fault> for Faults {
    fn from_iter<I: IntoIterator<Item = Fault>>(faults: I) -> Faults {
        faults.into_iter().fold(Faults::default(), Faults::with)
    }
}
