//! What `__cluster_metadata` says of brokers and controllers.

use super::schema::Type::{Array, Bool, Int8, Int16, Int32, Int64, String, Struct, Uint16, Uuid};
use super::schema::{Field, RecordType, field};

/// A broker has started. Version 3 adds directories (KIP-858), version 4 those that are cordoned (KIP-1066).
pub(super) const REGISTER_BROKER: RecordType = RecordType::metadata(
    0,
    "RegisterBrokerRecord",
    4,
    &[
        field("brokerId", Int32),
        field("isMigratingZkBroker", Bool).since(2),
        field("incarnationId", Uuid),
        field("brokerEpoch", Int64),
        field("endPoints", Array(&Struct(END_POINT))),
        field("features", Array(&Struct(FEATURE))),
        field("rack", String).nullable(),
        field("fenced", Bool),
        field("inControlledShutdown", Bool).since(1),
        field("logDirs", Array(&Uuid)).since(3).tagged(0),
        field("cordonedLogDirs", Array(&Uuid)).since(4).tagged(1).or_null(),
    ],
);

const END_POINT: &[Field] =
    &[field("name", String), field("host", String), field("port", Uint16), field("securityProtocol", Int16)];

const FEATURE: &[Field] =
    &[field("name", String), field("minSupportedVersion", Int16), field("maxSupportedVersion", Int16)];

pub(super) const UNREGISTER_BROKER: RecordType =
    RecordType::metadata(1, "UnregisterBrokerRecord", 0, &[field("brokerId", Int32), field("brokerEpoch", Int64)]);

pub(super) const FENCE_BROKER: RecordType =
    RecordType::metadata(7, "FenceBrokerRecord", 0, &[field("id", Int32), field("epoch", Int64)]);

pub(super) const UNFENCE_BROKER: RecordType =
    RecordType::metadata(8, "UnfenceBrokerRecord", 0, &[field("id", Int32), field("epoch", Int64)]);

/// What changes in a registration. `fenced` is −1 for a broker that is unfenced, 1 for one that is fenced.
pub(super) const BROKER_REGISTRATION_CHANGE: RecordType = RecordType::metadata(
    17,
    "BrokerRegistrationChangeRecord",
    3,
    &[
        field("brokerId", Int32),
        field("brokerEpoch", Int64),
        field("fenced", Int8).tagged(0),
        field("inControlledShutdown", Int8).since(1).tagged(1),
        field("logDirs", Array(&Uuid)).since(2).tagged(2),
        field("cordonedLogDirs", Array(&Uuid)).since(3).tagged(3).or_null(),
    ],
);

pub(super) const REGISTER_CONTROLLER: RecordType = RecordType::metadata(
    27,
    "RegisterControllerRecord",
    0,
    &[
        field("controllerId", Int32),
        field("incarnationId", Uuid),
        field("zkMigrationReady", Bool),
        field("endPoints", Array(&Struct(END_POINT))),
        field("features", Array(&Struct(FEATURE))),
    ],
);
