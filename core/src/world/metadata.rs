//! The cluster's metadata: a log of named records, and what they come to when they are replayed.
//!
//! Controllers write it; each broker reads it at its own pace, so what two of them believe may differ for a while.
//! Source: `MetadataImage`, `ReplicationControlManager`, `ClusterControlManager`.

use crate::command::ClusterSettings;
use crate::ids::{BrokerId, ControllerId, LeaderEpoch, Offset};
use crate::rules::election::{Elected, Registration};
use litemap::LiteMap;

/// One record of `__cluster_metadata`. Names are Kafka's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetadataRecord {
    /// A controller leads the quorum from here on. It has to be committed before anything else of this epoch is.
    LeaderChange {
        controller: ControllerId,
        epoch: i32,
    },
    /// A broker's start is registered, fenced at first. The record's offset is its broker epoch (KIP-631).
    RegisterBroker {
        broker: BrokerId,
        start: u32,
    },
    BrokerRegistrationChange {
        broker: BrokerId,
        fenced: bool,
        shutting_down: bool,
    },
    /// The partition as it is created.
    Partition(Registration),
    /// The partition after a change. `elected`: how the leader was found, if the record names it; a new leader epoch
    /// begins then. Kafka's record has the name alone.
    PartitionChange {
        partition: Registration,
        elected: Option<Elected>,
    },
    /// The topic's settings from here on.
    Config(TopicSettings),
}

/// The settings of the topic that replication goes by. Defaults are Kafka's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopicSettings {
    /// `min.insync.replicas`.
    pub min_in_sync: u8,
    /// `unclean.leader.election.enable`.
    pub unclean_elections: bool,
}

impl Default for TopicSettings {
    fn default() -> Self {
        TopicSettings { min_in_sync: 1, unclean_elections: false }
    }
}

/// A broker as it is registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegisteredBroker {
    /// The offset of the record that registered this start.
    pub epoch: i64,
    /// Which of its starts registered.
    pub start: u32,
    pub fenced: bool,
    pub shutting_down: bool,
}

impl RegisteredBroker {
    /// May it lead, or be in an ISR?
    #[must_use]
    pub fn is_active(&self) -> bool {
        !self.fenced && !self.shutting_down
    }
}

/// The metadata as somebody knows it who has replayed the log up to `end`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Records below this are replayed.
    pub end: Offset,
    pub brokers: LiteMap<BrokerId, RegisteredBroker>,
    pub partition: Registration,
    pub topic: TopicSettings,
}

impl Image {
    #[must_use]
    pub fn empty() -> Self {
        let partition = Registration {
            replicas: Vec::new(),
            adding: Vec::new(),
            removing: Vec::new(),
            isr: Vec::new(),
            elr: Vec::new(),
            last_known_elr: Vec::new(),
            leader: None,
            recovering: false,
            leader_epoch: LeaderEpoch(-1),
            partition_epoch: -1,
        };
        let (brokers, topic) = (LiteMap::new(), TopicSettings::default());
        Image { end: Offset::ZERO, brokers, partition, topic }
    }

    /// Replays the next record.
    pub fn replay(&mut self, record: &MetadataRecord) {
        match record {
            MetadataRecord::LeaderChange { .. } => {}
            MetadataRecord::RegisterBroker { broker, start } => {
                let registered =
                    RegisteredBroker { epoch: self.end.0, start: *start, fenced: true, shutting_down: false };
                self.brokers.insert(*broker, registered);
            }
            MetadataRecord::BrokerRegistrationChange { broker, fenced, shutting_down } => {
                if let Some(registered) = self.brokers.get_mut(broker) {
                    registered.fenced = *fenced;
                    registered.shutting_down = *shutting_down;
                }
            }
            MetadataRecord::Partition(partition) | MetadataRecord::PartitionChange { partition, .. } => {
                self.partition = partition.clone();
            }
            MetadataRecord::Config(topic) => self.topic = *topic,
        }
        self.end = self.end.plus(1);
    }

    /// `min.insync.replicas`, but never more than there are replicas.
    #[must_use]
    pub fn min_in_sync(&self) -> usize {
        usize::from(self.topic.min_in_sync).min(self.partition.replicas.len().max(1))
    }
}

/// What the log begins with: every broker is registered and unfenced, and leads in the order of the list.
#[must_use]
pub(super) fn bootstrap(settings: &ClusterSettings) -> Vec<MetadataRecord> {
    let ids = || (1..=settings.brokers).map(BrokerId);
    let replicas = || (1..=settings.replication_factor).map(BrokerId);
    let mut records = vec![MetadataRecord::LeaderChange { controller: ControllerId(1), epoch: 1 }];
    records.extend(ids().map(|broker| MetadataRecord::RegisterBroker { broker, start: 1 }));
    let unfenced = |broker| MetadataRecord::BrokerRegistrationChange { broker, fenced: false, shutting_down: false };
    records.extend(ids().map(unfenced));
    records.push(MetadataRecord::Config(settings.topic));
    records.push(MetadataRecord::Partition(Registration {
        replicas: replicas().collect(),
        adding: Vec::new(),
        removing: Vec::new(),
        isr: replicas().collect(),
        elr: Vec::new(),
        last_known_elr: Vec::new(),
        leader: Some(BrokerId(1)),
        recovering: false,
        leader_epoch: LeaderEpoch(0),
        partition_epoch: 0,
    }));
    records
}
