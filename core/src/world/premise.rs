//! What the lab's promises rest on. A promise is kept as long as its premises are; where one was given up in a run, a
//! broken promise names it, and the page shows both.

/// Something that a promise rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Premise {
    /// A producer that wanted its records kept asked for acks=all.
    AcksAll,
    /// `min.insync.replicas` is 2 or more, and there are as many replicas: more than there are is never asked for.
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
    /// followers (`Replica.resetReplicaState`, not a new leader), though others have had them cut their logs since. The
    /// same of a follower that was no replica in between, and has deleted what it had.
    NoReignMissed,
    /// A leader goes by the `min.insync.replicas` that the controller goes by. The setting reaches it as metadata, like
    /// all else: a leader that has not heard yet that it was raised goes on with fewer in sync, while the controller
    /// counts whoever has left for one that has everything committed, and may elect it (KIP-966).
    MinInSyncHeard,
    /// Who may lead for having everything committed (ELR) has a replica. The record that ends a reassignment takes
    /// replicas out; where the ISR is small then, it counts those for eligible, which delete what they have. Brought
    /// back by the next reassignment, one may be elected (`PartitionChangeBuilder.maybePopulateTargetElr` does not look
    /// at the replicas; read, not tried on a broker).
    ElrOfReplicas,
}

/// A set of premises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Premises(u16);

impl Premise {
    pub const ALL: [Premise; 12] = [
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
        Premise::MinInSyncHeard,
        Premise::ElrOfReplicas,
    ];

    const fn bit(self) -> u16 {
        1 << (self as u16)
    }
}

impl Premises {
    pub const NONE: Premises = Premises(0);

    #[must_use]
    pub const fn only(premise: Premise) -> Premises {
        Premises(premise.bit())
    }

    /// All of them but this one.
    #[must_use]
    pub const fn all_but(left_out: Premise) -> Premises {
        let all = (1 << Premise::ALL.len()) - 1;
        Premises(all & !left_out.bit())
    }

    /// The set without this one.
    #[must_use]
    pub const fn without(self, left_out: Premise) -> Premises {
        Premises(self.0 & !left_out.bit())
    }

    /// Those that are in both.
    #[must_use]
    pub const fn both(self, other: Premises) -> Premises {
        Premises(self.0 & other.0)
    }

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
