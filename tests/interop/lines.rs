//! Records as JSON lines, one object each: bytes in hexadecimal digits, null is null.

use kafka_lab::bytes::{Bytes, Header, Record, RecordBatch};
use kafka_lab::ids::{LeaderEpoch, Offset};
use serde_json::{Value, json};

/// What a reader is told of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) offset: Offset,
    timestamp_ms: i64,
    timestamp_type: &'static str,
    leader_epoch: LeaderEpoch,
    key: Option<Bytes>,
    value: Option<Bytes>,
    headers: Vec<Header>,
}

impl Told {
    pub(crate) fn of(batch: &RecordBatch, record: &Record) -> Told {
        Told {
            offset: record.offset,
            timestamp_ms: batch.timestamp_ms(record),
            timestamp_type: batch.attributes.timestamp_type().name(),
            leader_epoch: batch.partition_leader_epoch,
            key: record.key.clone(),
            value: record.value.clone(),
            headers: record.headers.clone(),
        }
    }

    pub(crate) fn line(&self) -> Value {
        let header = |header: &Header| json!([String::from_utf8_lossy(&header.key), hexadecimal(&header.value)]);
        json!({
            "offset": self.offset.0,
            "timestamp": self.timestamp_ms,
            "timestampType": self.timestamp_type,
            "leaderEpoch": self.leader_epoch.0,
            "key": hexadecimal(&self.key),
            "value": hexadecimal(&self.value),
            "headers": self.headers.iter().map(header).collect::<Vec<_>>(),
        })
    }
}

fn hexadecimal(bytes: &Option<Bytes>) -> Option<String> {
    bytes.as_ref().map(|bytes| bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// One line each.
pub(crate) fn text<'a>(told: impl IntoIterator<Item = &'a Told>) -> String {
    told.into_iter().map(|told| format!("{}\n", told.line())).collect()
}
