//! What `__cluster_metadata` says of who may do what, and how much of it.

use super::schema::Type::{Array, Bool, Bytes, Float64, Int8, Int32, Int64, String, Struct, Uuid};
use super::schema::{RecordType, field};

pub(super) const ACCESS_CONTROL_ENTRY: RecordType = RecordType::metadata(
    18,
    "AccessControlEntryRecord",
    0,
    &[
        field("id", Uuid),
        field("resourceType", Int8),
        field("resourceName", String),
        field("patternType", Int8),
        field("principal", String),
        field("host", String),
        field("operation", Int8),
        field("permissionType", Int8),
    ],
);

pub(super) const REMOVE_ACCESS_CONTROL_ENTRY: RecordType =
    RecordType::metadata(19, "RemoveAccessControlEntryRecord", 0, &[field("id", Uuid)]);

/// What a user's password is checked against; the password itself is nowhere (RFC 5802).
pub(super) const USER_SCRAM_CREDENTIAL: RecordType = RecordType::metadata(
    11,
    "UserScramCredentialRecord",
    0,
    &[
        field("name", String),
        field("mechanism", Int8),
        field("salt", Bytes),
        field("storedKey", Bytes),
        field("serverKey", Bytes),
        field("iterations", Int32),
    ],
);

pub(super) const REMOVE_USER_SCRAM_CREDENTIAL: RecordType =
    RecordType::metadata(22, "RemoveUserScramCredentialRecord", 0, &[field("name", String), field("mechanism", Int8)]);

pub(super) const DELEGATION_TOKEN: RecordType = RecordType::metadata(
    10,
    "DelegationTokenRecord",
    0,
    &[
        field("owner", String),
        field("requester", String),
        field("renewers", Array(&String)),
        field("issueTimestamp", Int64),
        field("maxTimestamp", Int64),
        field("expirationTimestamp", Int64),
        field("tokenId", String),
    ],
);

pub(super) const REMOVE_DELEGATION_TOKEN: RecordType =
    RecordType::metadata(26, "RemoveDelegationTokenRecord", 0, &[field("tokenId", String)]);

/// A quota for whoever fits all of the entity; a null name is the default of its type.
pub(super) const CLIENT_QUOTA: RecordType = RecordType::metadata(
    14,
    "ClientQuotaRecord",
    0,
    &[
        field("entity", Array(&Struct(&[field("entityType", String), field("entityName", String).nullable()]))),
        field("key", String),
        field("value", Float64),
        field("remove", Bool),
    ],
);
