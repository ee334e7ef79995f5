//! What a learner sets, and how far the search goes.

use super::guards::{Guard, Removed};
use super::state::{MOST_EPOCHS, MOST_RECORDS, MOST_REPLICAS};
use crate::command::{Acks, ClusterSettings, Command, ProducerSettings, Script};
use crate::ids::ProducerIndex;
use crate::rules::storage::StorageRule;
use crate::rules::truncation_rule::TruncationRule;
use crate::world::TopicSettings;

/// `replica.lag.time.max.ms` of a world that plays a run: shorter than all time-outs, so that followers can be late and
/// nothing else is over.
pub(super) const LAG_MAX_MS: u32 = 1_000;

/// The settings of a partition, and how large the searched model is. [`Knobs::check`] says if they go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Knobs {
    /// `replication.factor`: 1 to 3.
    pub replicas: u8,
    pub acks: Acks,
    /// `min.insync.replicas`: 1 to 3; never more than there are replicas is asked for.
    pub min_isr: u8,
    /// `unclean.leader.election.enable`.
    pub unclean: bool,
    pub truncation: TruncationRule,
    /// `eligible.leader.replicas.version` is 1.
    pub elr: bool,
    /// A crash may take any end of the log with it.
    pub power_loss: bool,
    /// So many replicas, the first of the list, are in sync at the start.
    pub initial_isr: u8,
    pub bounds: Bounds,
    /// What is not looked at, though Kafka does.
    pub removed: Removed,
}

/// How far a search goes. What lies beyond, nobody has looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// How many records are ever written: 1 to 4.
    pub records: u8,
    /// How many leader epochs there are, the first one counted: 1 to 5.
    pub epochs: u8,
    /// How many faults there are at most.
    pub faults: u8,
}

/// Kafka's defaults for a topic with three replicas, but for `min.insync.replicas=2`.
impl Default for Knobs {
    fn default() -> Self {
        Knobs {
            replicas: 3,
            acks: Acks::All,
            min_isr: 2,
            unclean: false,
            truncation: TruncationRule::Kip320,
            elr: true,
            power_loss: false,
            initial_isr: 3,
            bounds: Bounds { records: 1, epochs: 4, faults: 3 },
            removed: Removed::default(),
        }
    }
}

/// A knob outside of what the model can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange {
    pub name: &'static str,
    pub found: u8,
    pub from: u8,
    pub to: u8,
}

impl Knobs {
    /// Are all knobs within what the model can hold?
    ///
    /// # Errors
    /// The first one that is not.
    pub fn check(&self) -> Result<(), OutOfRange> {
        let most = |of: usize| u8::try_from(of).unwrap_or(u8::MAX);
        let ranges = [
            ("rf", self.replicas, 1, most(MOST_REPLICAS)),
            ("min-isr", self.min_isr, 1, most(MOST_REPLICAS)),
            ("initial-isr", self.initial_isr, 1, self.replicas),
            ("records", self.bounds.records, 1, most(MOST_RECORDS)),
            ("epochs", self.bounds.epochs, 1, most(MOST_EPOCHS)),
            ("max-faults", self.bounds.faults, 0, 3),
        ];
        let wrong = ranges.into_iter().find(|(_, found, from, to)| !(from..=to).contains(&found));
        wrong.map_or(Ok(()), |(name, found, from, to)| Err(OutOfRange { name, found, from, to }))
    }

    /// The cluster of a world with these settings.
    #[must_use]
    pub(super) fn cluster(&self) -> ClusterSettings {
        let topic = TopicSettings { min_in_sync: self.min_isr, unclean_elections: self.unclean };
        let (storage, elr, lag_max_ms) = (StorageRule::Keep, self.elr, LAG_MAX_MS);
        let default = ClusterSettings::of_brokers(self.replicas);
        ClusterSettings { controllers: 1, storage, topic, elr, lag_max_ms, ..default }
    }

    /// A producer of a world with these settings.
    #[must_use]
    pub(super) fn producer(&self) -> ProducerSettings {
        ProducerSettings { acks: self.acks, linger_ms: 0, ..Default::default() }
    }

    /// What stands on a stage before there is a run: the cluster with its rule of truncation, all in sync, and a
    /// producer.
    #[must_use]
    pub fn opening(&self) -> Script {
        let producer = Command::Producer { id: ProducerIndex(1), settings: self.producer() };
        let commands = [Command::Cluster(self.cluster()), Command::TruncationRule(self.truncation), producer];
        Script::of(1, commands.to_vec())
    }

    /// Whether a guard is in its place.
    #[must_use]
    pub(super) fn guards(&self, guard: Guard) -> bool {
        !self.removed.contains(guard)
    }

    /// `min.insync.replicas`, but never more than there are replicas.
    #[must_use]
    pub fn min_in_sync(&self) -> usize {
        usize::from(self.min_isr.min(self.replicas))
    }
}
