//! What is in `__consumer_offsets`: committed offsets, and the groups of the classic protocol and of KIP-848. The
//! later kinds of groups have their records in files of their own.

use super::schema::Type::{Array, Bytes, Int8, Int32, Int64, String, Struct, Uuid};
use super::schema::{Field, Message, RecordType, field};
use super::{share_groups as share, streams_groups as streams};

/// By type, as the number in the key says it.
pub(super) const TYPES: [RecordType; 22] = [
    LEGACY_OFFSET_COMMIT,
    OFFSET_COMMIT,
    GROUP_METADATA,
    RecordType::keyed(3, "ConsumerGroupMetadata", GROUP_KEY, CONSUMER_GROUP_METADATA),
    RecordType::keyed(4, "ConsumerGroupPartitionMetadata", GROUP_KEY, CONSUMER_GROUP_PARTITION_METADATA),
    RecordType::keyed(5, "ConsumerGroupMemberMetadata", MEMBER_KEY, CONSUMER_GROUP_MEMBER_METADATA),
    RecordType::keyed(6, "ConsumerGroupTargetAssignmentMetadata", GROUP_KEY, TARGET_ASSIGNMENT_METADATA),
    RecordType::keyed(7, "ConsumerGroupTargetAssignmentMember", MEMBER_KEY, TARGET_ASSIGNMENT_MEMBER),
    RecordType::keyed(8, "ConsumerGroupCurrentMemberAssignment", MEMBER_KEY, CONSUMER_GROUP_CURRENT_ASSIGNMENT),
    RecordType::keyed(10, "ShareGroupMemberMetadata", MEMBER_KEY, share::MEMBER_METADATA),
    RecordType::keyed(11, "ShareGroupMetadata", GROUP_KEY, share::METADATA),
    RecordType::keyed(12, "ShareGroupTargetAssignmentMetadata", GROUP_KEY, TARGET_ASSIGNMENT_METADATA),
    RecordType::keyed(13, "ShareGroupTargetAssignmentMember", MEMBER_KEY, TARGET_ASSIGNMENT_MEMBER),
    RecordType::keyed(14, "ShareGroupCurrentMemberAssignment", MEMBER_KEY, share::CURRENT_ASSIGNMENT),
    RecordType::keyed(15, "ShareGroupStatePartitionMetadata", GROUP_KEY, share::STATE_PARTITION_METADATA),
    CONSUMER_GROUP_REGULAR_EXPRESSION,
    RecordType::keyed(17, "StreamsGroupMetadata", GROUP_KEY, streams::METADATA),
    RecordType::keyed(19, "StreamsGroupMemberMetadata", MEMBER_KEY, streams::MEMBER_METADATA),
    RecordType::keyed(20, "StreamsGroupTargetAssignmentMetadata", GROUP_KEY, TARGET_ASSIGNMENT_METADATA),
    RecordType::keyed(21, "StreamsGroupTargetAssignmentMember", MEMBER_KEY, streams::TARGET_ASSIGNMENT_MEMBER),
    RecordType::keyed(22, "StreamsGroupCurrentMemberAssignment", MEMBER_KEY, streams::CURRENT_ASSIGNMENT),
    RecordType::keyed(23, "StreamsGroupTopology", GROUP_KEY, streams::TOPOLOGY),
];

/// Every newer kind of record is about a group or about one of its members.
const GROUP_KEY: Message = Message::fixed(&[field("groupId", String)]);
const MEMBER_KEY: Message = Message::fixed(&[field("groupId", String), field("memberId", String)]);
const OFFSET_KEY: Message =
    Message::fixed(&[field("group", String), field("topic", String), field("partition", Int32)]);

const LEGACY_OFFSET_COMMIT: RecordType = RecordType::keyed(
    0,
    "LegacyOffsetCommit",
    OFFSET_KEY,
    Message::fixed(&[field("offset", Int64), field("metadata", String), field("commitTimestamp", Int64)]),
);

/// An offset that a group has committed: where its next reader of the partition begins.
const OFFSET_COMMIT: RecordType = RecordType::keyed(
    1,
    "OffsetCommit",
    OFFSET_KEY,
    Message::flexible_since(
        4,
        4,
        &[
            field("offset", Int64),
            field("leaderEpoch", Int32).since(3),
            field("metadata", String),
            field("commitTimestamp", Int64),
            field("expireTimestamp", Int64).only_in(1),
            field("topicId", Uuid).since(4).tagged(0),
        ],
    ),
);

/// A group of the classic protocol, with its members. `subscription` and `assignment` are bytes of the clients' own
/// making; those of consumers are read in `consumer_protocol.rs`.
const GROUP_METADATA: RecordType = RecordType::keyed(
    2,
    "GroupMetadata",
    Message::fixed(&[field("group", String)]),
    Message::flexible_since(
        4,
        4,
        &[
            field("protocolType", String),
            field("generation", Int32),
            field("protocol", String).nullable(),
            field("leader", String).nullable(),
            field("currentStateTimestamp", Int64).since(2),
            field(
                "members",
                Array(&Struct(&[
                    field("memberId", String),
                    field("groupInstanceId", String).since(3).nullable(),
                    field("clientId", String),
                    field("clientHost", String),
                    field("rebalanceTimeout", Int32).since(1),
                    field("sessionTimeout", Int32),
                    field("subscription", Bytes),
                    field("assignment", Bytes),
                ])),
            ),
        ],
    ),
);

const CONSUMER_GROUP_METADATA: Message =
    Message::flexible(0, &[field("epoch", Int32), field("metadataHash", Int64).tagged(0)]);

/// Older versions wrote it; since the metadata hash it is only deleted (KIP-1101).
const CONSUMER_GROUP_PARTITION_METADATA: Message = Message::flexible(
    0,
    &[field(
        "topics",
        Array(&Struct(&[
            field("topicId", Uuid),
            field("topicName", String),
            field("numPartitions", Int32),
            field("partitionMetadata", Array(&Struct(&[field("partition", Int32), field("racks", Array(&String))]))),
        ])),
    )],
);

/// The last field stands for a member that still speaks the classic protocol. Kafka writes null for all others: the
/// default is an empty struct.
const CONSUMER_GROUP_MEMBER_METADATA: Message = Message::flexible(
    0,
    &[
        field("instanceId", String).nullable(),
        field("rackId", String).nullable(),
        field("clientId", String),
        field("clientHost", String),
        field("subscribedTopicNames", Array(&String)),
        field("subscribedTopicRegex", String).nullable(),
        field("rebalanceTimeoutMs", Int32),
        field("serverAssignor", String).nullable(),
        field(
            "classicMemberMetadata",
            Struct(&[
                field("sessionTimeoutMs", Int32),
                field("supportedProtocols", Array(&Struct(&[field("name", String), field("metadata", Bytes)]))),
            ]),
        )
        .nullable()
        .tagged(0),
    ],
);

const TARGET_ASSIGNMENT_METADATA: Message =
    Message::flexible(0, &[field("assignmentEpoch", Int32), field("assignmentTimestamp", Int64).tagged(0)]);

const TARGET_ASSIGNMENT_MEMBER: Message =
    Message::flexible(0, &[field("topicPartitions", Array(&Struct(TOPIC_PARTITIONS)))]);

pub(super) const TOPIC_PARTITIONS: &[Field] = &[field("topicId", Uuid), field("partitions", Array(&Int32))];

const CONSUMER_GROUP_CURRENT_ASSIGNMENT: Message = Message::flexible(
    0,
    &[
        field("memberEpoch", Int32),
        field("previousMemberEpoch", Int32),
        field("state", Int8),
        field("assignedPartitions", Array(&Struct(OWNED_PARTITIONS))),
        field("partitionsPendingRevocation", Array(&Struct(OWNED_PARTITIONS))),
    ],
);

const OWNED_PARTITIONS: &[Field] = &[
    field("topicId", Uuid),
    field("partitions", Array(&Int32)),
    field("assignmentEpochs", Array(&Int32)).nullable().tagged(0),
];

const CONSUMER_GROUP_REGULAR_EXPRESSION: RecordType = RecordType::keyed(
    16,
    "ConsumerGroupRegularExpression",
    Message::fixed(&[field("groupId", String), field("regularExpression", String)]),
    Message::flexible(0, &[field("topics", Array(&String)), field("version", Int64), field("timestamp", Int64)]),
);
