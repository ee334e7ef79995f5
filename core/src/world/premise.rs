//! What the lab's promises rest on. A promise is kept as long as its premises are; where one was given up in a run, a
//! broken promise names it, and the page shows both.

/// Something that a promise rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Premise {
    /// A producer that wanted its records kept asked for acks=all.
    AcksAll,
    /// `min.insync.replicas` is 2 or more.
    MinInSyncTwo,
    /// No leader was elected that might lack committed records.
    CleanElections,
    /// Leaders in waiting are kept (`eligible.leader.replicas.version`).
    EligibleLeaderReplicas,
    /// No power was lost with records in the page cache alone.
    NoPowerLoss,
    /// No disk was wiped.
    NoWipedDisk,
    /// The mark is the smallest end of the in-sync replicas.
    KafkasCommitRule,
    /// Replicas are cut where KIP-320 says.
    KafkasTruncation,
    /// What was read is kept.
    KeptRecords,
    /// A leader that leads again has heard of those who led in between. Kafka's publishes what it replayed at once: one
    /// that was away goes from one leadership of its own straight to a later one, and keeps what it had noted of its
    /// followers (`Replica.resetReplicaState`, not a new leader), though others have had them cut their logs since.
    NoReignMissed,
}

/// A set of premises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Premises(u16);

impl Premise {
    pub const ALL: [Premise; 10] = [
        Premise::AcksAll,
        Premise::MinInSyncTwo,
        Premise::CleanElections,
        Premise::EligibleLeaderReplicas,
        Premise::NoPowerLoss,
        Premise::NoWipedDisk,
        Premise::KafkasCommitRule,
        Premise::KafkasTruncation,
        Premise::KeptRecords,
        Premise::NoReignMissed,
    ];

    fn bit(self) -> u16 {
        1 << (self as u16)
    }
}

impl Premises {
    pub fn insert(&mut self, premise: Premise) {
        self.0 |= premise.bit();
    }

    #[must_use]
    pub fn contains(self, premise: Premise) -> bool {
        self.0 & premise.bit() != 0
    }

    /// In the order of [`Premise::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Premise> {
        Premise::ALL.into_iter().filter(move |premise| self.contains(*premise))
    }

    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The set as a number, for the hash.
    #[must_use]
    pub fn bits(self) -> u16 {
        self.0
    }
}
