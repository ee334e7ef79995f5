//! What is in `__cluster_metadata`, the log from which every broker and controller builds its picture of the cluster
//! (KIP-631). Records of topics, of brokers and of access stand in files of their own; here are the rest, and the list.

use super::metadata_access as access;
use super::metadata_brokers as brokers;
use super::metadata_topics as topics;
use super::schema::Type::{Int8, Int16, Int32, Int64, String};
use super::schema::{RecordType, field};

/// By API key. 6, 13 and 16 are not in use.
pub(super) const TYPES: [RecordType; 26] = [
    brokers::REGISTER_BROKER,
    brokers::UNREGISTER_BROKER,
    topics::TOPIC,
    topics::PARTITION,
    CONFIG,
    topics::PARTITION_CHANGE,
    brokers::FENCE_BROKER,
    brokers::UNFENCE_BROKER,
    topics::REMOVE_TOPIC,
    access::DELEGATION_TOKEN,
    access::USER_SCRAM_CREDENTIAL,
    FEATURE_LEVEL,
    access::CLIENT_QUOTA,
    PRODUCER_IDS,
    brokers::BROKER_REGISTRATION_CHANGE,
    access::ACCESS_CONTROL_ENTRY,
    access::REMOVE_ACCESS_CONTROL_ENTRY,
    NO_OP,
    ZK_MIGRATION_STATE,
    access::REMOVE_USER_SCRAM_CREDENTIAL,
    BEGIN_TRANSACTION,
    END_TRANSACTION,
    ABORT_TRANSACTION,
    access::REMOVE_DELEGATION_TOKEN,
    brokers::REGISTER_CONTROLLER,
    topics::CLEAR_ELR,
];

/// A setting of a topic, a broker, a group or a client; null to go back to the default.
const CONFIG: RecordType = RecordType::metadata(
    4,
    "ConfigRecord",
    0,
    &[
        field("resourceType", Int8),
        field("resourceName", String),
        field("name", String),
        field("value", String).nullable(),
    ],
);

const FEATURE_LEVEL: RecordType =
    RecordType::metadata(12, "FeatureLevelRecord", 0, &[field("name", String), field("featureLevel", Int16)]);

/// A block of producer ids is given to a broker, up to the next one that is free.
const PRODUCER_IDS: RecordType = RecordType::metadata(
    15,
    "ProducerIdsRecord",
    0,
    &[field("brokerId", Int32), field("brokerEpoch", Int64), field("nextProducerId", Int64)],
);

/// Written now and then when nothing else is, so that the log's end moves (KIP-835).
const NO_OP: RecordType = RecordType::metadata(20, "NoOpRecord", 0, &[]);

const ZK_MIGRATION_STATE: RecordType =
    RecordType::metadata(21, "ZkMigrationStateRecord", 0, &[field("zkMigrationState", Int8)]);

/// From here to the end or the abort, records count only together (KIP-868).
const BEGIN_TRANSACTION: RecordType =
    RecordType::metadata(23, "BeginTransactionRecord", 0, &[field("name", String).tagged(0).or_null()]);

const END_TRANSACTION: RecordType = RecordType::metadata(24, "EndTransactionRecord", 0, &[]);

const ABORT_TRANSACTION: RecordType =
    RecordType::metadata(25, "AbortTransactionRecord", 0, &[field("reason", String).tagged(0).or_null()]);
