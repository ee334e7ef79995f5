//! What `__consumer_offsets` says of streams groups (KIP-1071).

use super::schema::Type::{Array, Int8, Int16, Int32, Int64, String, Struct, Uint16};
use super::schema::{Field, Message, field};

pub(super) const METADATA: Message = Message::flexible(
    0,
    &[
        field("epoch", Int32),
        field("metadataHash", Int64),
        field("validatedTopologyEpoch", Int32).tagged(0).or(-1),
        field("lastAssignmentConfigs", Array(&Struct(&[field("key", String), field("value", String)])))
            .nullable()
            .tagged(1),
    ],
);

pub(super) const MEMBER_METADATA: Message = Message::flexible(
    0,
    &[
        field("instanceId", String).nullable(),
        field("rackId", String).nullable(),
        field("clientId", String),
        field("clientHost", String),
        field("rebalanceTimeoutMs", Int32),
        field("topologyEpoch", Int32),
        field("processId", String),
        field("userEndpoint", Struct(&[field("host", String), field("port", Uint16)])).nullable(),
        field("clientTags", Array(&Struct(&[field("key", String), field("value", String)]))),
    ],
);

pub(super) const TARGET_ASSIGNMENT_MEMBER: Message = Message::flexible(
    0,
    &[
        field("activeTasks", Array(&Struct(TASK_IDS))),
        field("standbyTasks", Array(&Struct(TASK_IDS))),
        field("warmupTasks", Array(&Struct(TASK_IDS))),
    ],
);

const TASK_IDS: &[Field] = &[field("subtopologyId", String), field("partitions", Array(&Int32))];

pub(super) const CURRENT_ASSIGNMENT: Message = Message::flexible(
    0,
    &[
        field("memberEpoch", Int32),
        field("previousMemberEpoch", Int32),
        field("state", Int8),
        field("activeTasks", Array(&Struct(OWNED_TASKS))),
        field("standbyTasks", Array(&Struct(OWNED_TASKS))),
        field("warmupTasks", Array(&Struct(OWNED_TASKS))),
        field("activeTasksPendingRevocation", Array(&Struct(OWNED_TASKS))),
        field("standbyTasksPendingRevocation", Array(&Struct(OWNED_TASKS))),
        field("warmupTasksPendingRevocation", Array(&Struct(OWNED_TASKS))),
    ],
);

const OWNED_TASKS: &[Field] = &[
    field("subtopologyId", String),
    field("partitions", Array(&Int32)),
    field("assignmentEpochs", Array(&Int32)).nullable().tagged(0),
];

pub(super) const TOPOLOGY: Message =
    Message::flexible(0, &[field("epoch", Int32), field("subtopologies", Array(&Struct(SUBTOPOLOGY)))]);

const SUBTOPOLOGY: &[Field] = &[
    field("subtopologyId", String),
    field("sourceTopics", Array(&String)),
    field("sourceTopicRegex", Array(&String)),
    field("stateChangelogTopics", Array(&Struct(TOPIC_INFO))),
    field("repartitionSinkTopics", Array(&String)),
    field("repartitionSourceTopics", Array(&Struct(TOPIC_INFO))),
    field("copartitionGroups", Array(&Struct(COPARTITION_GROUP))),
];

const TOPIC_INFO: &[Field] = &[
    field("name", String),
    field("partitions", Int32),
    field("replicationFactor", Int16),
    field("topicConfigs", Array(&Struct(&[field("key", String), field("value", String)]))),
];

/// Places in the subtopology's lists of topics.
const COPARTITION_GROUP: &[Field] = &[
    field("sourceTopics", Array(&Int16)),
    field("sourceTopicRegex", Array(&Int16)),
    field("repartitionSourceTopics", Array(&Int16)),
];
