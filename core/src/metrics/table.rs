//! What each metric is called in Kafka 4, and what it says.

use super::Metric;

/// A metric as it is found in a real cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    pub metric: Metric,
    /// The object's name in JMX, without the tags that name the topic or the client.
    pub name: &'static str,
    /// Which of the object's attributes it is.
    pub attribute: &'static str,
    pub says: &'static str,
    /// The class that registers it.
    pub source: &'static str,
}

const fn known(
    metric: Metric,
    name: &'static str,
    attribute: &'static str,
    says: &'static str,
    source: &'static str,
) -> Known {
    Known { metric, name, attribute, says, source }
}

/// All of them, those first that an operator looks at first.
pub const METRICS: [Known; 23] = [
    known(
        Metric::UnderReplicatedPartitions,
        "kafka.server:type=ReplicaManager,name=UnderReplicatedPartitions",
        "Value",
        "1 at a leader whose ISR is smaller than the replica list.",
        "ReplicaManager",
    ),
    known(
        Metric::UnderMinIsrPartitionCount,
        "kafka.server:type=ReplicaManager,name=UnderMinIsrPartitionCount",
        "Value",
        "1 at a leader whose ISR is smaller than min.insync.replicas: acks=all is refused.",
        "ReplicaManager",
    ),
    known(
        Metric::AtMinIsrPartitionCount,
        "kafka.server:type=ReplicaManager,name=AtMinIsrPartitionCount",
        "Value",
        "1 at a leader that can't spare one more replica.",
        "ReplicaManager",
    ),
    known(
        Metric::OfflinePartitionsCount,
        "kafka.controller:type=KafkaController,name=OfflinePartitionsCount",
        "Value",
        "Partitions without a leader.",
        "ControllerMetadataMetrics",
    ),
    known(
        Metric::ActiveControllerCount,
        "kafka.controller:type=KafkaController,name=ActiveControllerCount",
        "Value",
        "1 at the controller that leads the quorum.",
        "QuorumControllerMetrics",
    ),
    known(
        Metric::FencedBrokerCount,
        "kafka.controller:type=KafkaController,name=FencedBrokerCount",
        "Value",
        "Brokers that are registered and count as dead.",
        "ControllerMetadataMetrics",
    ),
    known(
        Metric::ActiveBrokerCount,
        "kafka.controller:type=KafkaController,name=ActiveBrokerCount",
        "Value",
        "Brokers that are registered and not fenced.",
        "ControllerMetadataMetrics",
    ),
    known(
        Metric::PreferredReplicaImbalanceCount,
        "kafka.controller:type=KafkaController,name=PreferredReplicaImbalanceCount",
        "Value",
        "Partitions that the first of their replica list does not lead.",
        "ControllerMetadataMetrics",
    ),
    known(
        Metric::UncleanLeaderElections,
        "kafka.controller:type=ControllerStats,name=UncleanLeaderElectionsPerSec",
        "Count",
        "Leaders that were elected from outside ISR and ELR.",
        "ControllerMetadataMetrics",
    ),
    known(
        Metric::ElectionsFromElr,
        "kafka.controller:type=ControllerStats,name=ElectionFromEligibleLeaderReplicasPerSec",
        "Count",
        "Leaders that were elected from the ELR.",
        "ControllerMetadataMetrics",
    ),
    known(
        Metric::IsrShrinks,
        "kafka.server:type=ReplicaManager,name=IsrShrinksPerSec",
        "Count",
        "How often this leader had a late replica taken out of the ISR. A fencing is not one.",
        "ReplicaManager",
    ),
    known(
        Metric::IsrExpands,
        "kafka.server:type=ReplicaManager,name=IsrExpandsPerSec",
        "Count",
        "How often this leader had a replica taken into the ISR.",
        "ReplicaManager",
    ),
    known(
        Metric::ConsumerLag,
        "kafka.server:type=FetcherLagMetrics,name=ConsumerLag",
        "Value",
        "How far a follower's log ends below the high watermark that it was told last.",
        "AbstractFetcherThread",
    ),
    known(
        Metric::MaxLag,
        "kafka.server:type=ReplicaFetcherManager,name=MaxLag",
        "Value",
        "The largest of these at a broker.",
        "AbstractFetcherManager",
    ),
    known(
        Metric::LeaderCount,
        "kafka.server:type=ReplicaManager,name=LeaderCount",
        "Value",
        "Partitions that this broker takes itself to lead. Two may.",
        "ReplicaManager",
    ),
    known(
        Metric::ProducePurgatorySize,
        "kafka.server:type=DelayedOperationPurgatory,name=PurgatorySize,delayedOperation=Produce",
        "Value",
        "Produce requests that wait for the high watermark.",
        "DelayedOperationPurgatory",
    ),
    known(
        Metric::FetchPurgatorySize,
        "kafka.server:type=DelayedOperationPurgatory,name=PurgatorySize,delayedOperation=Fetch",
        "Value",
        "Fetches that wait for records.",
        "DelayedOperationPurgatory",
    ),
    known(
        Metric::MessagesIn,
        "kafka.server:type=BrokerTopicMetrics,name=MessagesInPerSec",
        "Count",
        "Records that producers had this broker append.",
        "BrokerTopicMetrics",
    ),
    known(
        Metric::FailedProduceRequests,
        "kafka.server:type=BrokerTopicMetrics,name=FailedProduceRequestsPerSec",
        "Count",
        "Produce requests refused for too small an ISR. NOT_LEADER_OR_FOLLOWER is not counted.",
        "BrokerTopicMetrics",
    ),
    known(
        Metric::ProduceExpires,
        "kafka.server:type=DelayedProduceMetrics,name=ExpiresPerSec",
        "Count",
        "Produce requests that waited too long. Their records are in the log.",
        "DelayedProduce",
    ),
    known(
        Metric::LastAppliedRecordOffset,
        "kafka.server:type=broker-metadata-metrics",
        "last-applied-record-offset",
        "How far a broker has replayed the metadata. The smallest is shown for all.",
        "BrokerServerMetrics",
    ),
    known(
        Metric::RecordsLag,
        "kafka.consumer:type=consumer-fetch-manager-metrics",
        "records-lag",
        "How far a consumer's position lies below the high watermark that it was told last.",
        "FetchMetricsManager",
    ),
    known(
        Metric::RecordErrors,
        "kafka.producer:type=producer-metrics",
        "record-error-total",
        "Records that a producer has given up.",
        "SenderMetricsRegistry",
    ),
];
