//! How Kafka's dump tool words a control record: the quorum's messages as the JSON that Kafka's own converters write.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::jackson::jackson;
use crate::bytes::{Bytes, ControlRecord, DirectoryId, Endpoint, LeaderChange, Voter};
use crate::cli::java_utf8;

/// The words behind a control record's header keys, with a space in front.
pub(super) fn words(control: &ControlRecord) -> String {
    match control {
        ControlRecord::Abort { coordinator_epoch } => {
            format!(" endTxnMarker: ABORT coordinatorEpoch: {coordinator_epoch}")
        }
        ControlRecord::Commit { coordinator_epoch } => {
            format!(" endTxnMarker: COMMIT coordinatorEpoch: {coordinator_epoch}")
        }
        ControlRecord::LeaderChange(change) => format!(" LeaderChange: {}", jackson(&leader_change(change))),
        ControlRecord::SnapshotHeader { version, last_contained_log_timestamp_ms } => {
            let body = json!({"version": version, "lastContainedLogTimestamp": last_contained_log_timestamp_ms});
            format!(" SnapshotHeader {}", jackson(&body))
        }
        ControlRecord::SnapshotFooter { version } => format!(" SnapshotFooter {}", json!({"version": version})),
        ControlRecord::KraftVersion { version, kraft_version } => {
            format!(" KRaftVersion {}", json!({"version": version, "kRaftVersion": kraft_version}))
        }
        ControlRecord::KraftVoters { version, voters } => {
            let voters: Vec<Value> = voters.iter().map(voter).collect();
            format!(" KRaftVoters {}", jackson(&json!({"version": version, "voters": voters})))
        }
        ControlRecord::Unknown { type_id } => format!(" controlType: UNKNOWN({type_id})"),
    }
}

/// From version 1 on, Kafka prints a directory id for each voter, and as it reads none, that of nobody.
fn leader_change(change: &LeaderChange) -> Value {
    let voters = |voter_ids: &[i32]| -> Vec<Value> {
        let voter = |voter_id: &i32| match change.version {
            ..=0 => json!({"voterId": voter_id}),
            1.. => json!({"voterId": voter_id, "voterDirectoryId": uuid(DirectoryId::default())}),
        };
        voter_ids.iter().map(voter).collect()
    };
    json!({
        "version": change.version,
        "leaderId": change.leader_id,
        "voters": voters(&change.voters),
        "grantingVoters": voters(&change.granting_voters),
    })
}

fn voter(voter: &Voter) -> Value {
    let endpoints: Vec<Value> = voter.endpoints.iter().map(endpoint).collect();
    json!({
        "voterId": voter.voter_id,
        "voterDirectoryId": uuid(voter.directory_id),
        "endpoints": endpoints,
        "kRaftVersionFeature": {
            "minSupportedVersion": voter.min_supported_version,
            "maxSupportedVersion": voter.max_supported_version,
        },
    })
}

fn endpoint(endpoint: &Endpoint) -> Value {
    let text = |bytes: &Bytes| java_utf8(bytes);
    json!({"name": text(&endpoint.name), "host": text(&endpoint.host), "port": endpoint.port})
}

/// As Kafka writes a `Uuid`: base64url of its 16 bytes, no padding.
fn uuid(id: DirectoryId) -> String {
    BASE64URL_NOPAD.encode(&id.0)
}
