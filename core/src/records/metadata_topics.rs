//! What `__cluster_metadata` says of topics and their partitions.

use super::schema::Type::{Array, Int8, Int32, String, Uuid};
use super::schema::{RecordType, field};

pub(super) const TOPIC: RecordType =
    RecordType::metadata(2, "TopicRecord", 0, &[field("name", String), field("topicId", Uuid)]);

pub(super) const REMOVE_TOPIC: RecordType = RecordType::metadata(9, "RemoveTopicRecord", 0, &[field("topicId", Uuid)]);

/// A partition as a whole. Version 1 adds directories (KIP-858), version 2 eligible leader replicas (KIP-966).
pub(super) const PARTITION: RecordType = RecordType::metadata(
    3,
    "PartitionRecord",
    2,
    &[
        field("partitionId", Int32),
        field("topicId", Uuid),
        field("replicas", Array(&Int32)),
        field("isr", Array(&Int32)),
        field("removingReplicas", Array(&Int32)),
        field("addingReplicas", Array(&Int32)),
        field("leader", Int32),
        field("leaderRecoveryState", Int8).tagged(0),
        field("leaderEpoch", Int32),
        field("partitionEpoch", Int32),
        field("directories", Array(&Uuid)).since(1),
        field("eligibleLeaderReplicas", Array(&Int32)).since(2).tagged(1).or_null(),
        field("lastKnownElr", Array(&Int32)).since(2).tagged(2).or_null(),
    ],
);

/// What changes in a partition: fields that stay are not written. A leader of −2 is no change, −1 is none.
pub(super) const PARTITION_CHANGE: RecordType = RecordType::metadata(
    5,
    "PartitionChangeRecord",
    2,
    &[
        field("partitionId", Int32),
        field("topicId", Uuid),
        field("isr", Array(&Int32)).tagged(0).or_null(),
        field("leader", Int32).tagged(1).or(-2),
        field("replicas", Array(&Int32)).tagged(2).or_null(),
        field("removingReplicas", Array(&Int32)).tagged(3).or_null(),
        field("addingReplicas", Array(&Int32)).tagged(4).or_null(),
        field("leaderRecoveryState", Int8).tagged(5).or(-1),
        field("directories", Array(&Uuid)).since(1).tagged(8).or_null(),
        field("eligibleLeaderReplicas", Array(&Int32)).since(2).tagged(6).or_null(),
        field("lastKnownElr", Array(&Int32)).since(2).tagged(7).or_null(),
    ],
);

/// No eligible leader replicas any more: of this topic, or of all if the name is empty.
pub(super) const CLEAR_ELR: RecordType = RecordType::metadata(28, "ClearElrRecord", 0, &[field("topicName", String)]);
