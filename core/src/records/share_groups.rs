//! What `__consumer_offsets` says of share groups (KIP-932).

use super::consumer_offsets::TOPIC_PARTITIONS;
use super::schema::Type::{Array, Int8, Int32, Int64, String, Struct, Uuid};
use super::schema::{Field, Message, field};

pub(super) const METADATA: Message = Message::flexible(0, &[field("epoch", Int32), field("metadataHash", Int64)]);

pub(super) const MEMBER_METADATA: Message = Message::flexible(
    0,
    &[
        field("rackId", String).nullable(),
        field("clientId", String),
        field("clientHost", String),
        field("subscribedTopicNames", Array(&String)),
    ],
);

pub(super) const CURRENT_ASSIGNMENT: Message = Message::flexible(
    0,
    &[
        field("memberEpoch", Int32),
        field("previousMemberEpoch", Int32),
        field("state", Int8),
        field("assignedPartitions", Array(&Struct(TOPIC_PARTITIONS))),
    ],
);

/// Which partitions have their state in `__share_group_state`.
pub(super) const STATE_PARTITION_METADATA: Message = Message::flexible(
    0,
    &[
        field("initializingTopics", Array(&Struct(TOPIC_PARTITIONS_INFO))),
        field("initializedTopics", Array(&Struct(TOPIC_PARTITIONS_INFO))),
        field("deletingTopics", Array(&Struct(&[field("topicId", Uuid), field("topicName", String)]))),
    ],
);

const TOPIC_PARTITIONS_INFO: &[Field] =
    &[field("topicId", Uuid), field("topicName", String), field("partitions", Array(&Int32))];
