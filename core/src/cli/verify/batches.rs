//! `batches.jsonl`: one batch a line, described and as bytes (Kafka: `MemoryRecordsBuilder`, `DefaultRecordBatch`,
//! `MemoryRecords.filterTo`). Each is decoded and described again, column by column; encoded again; and, if it is not
//! compressed, built from its description alone.

use bytes::Bytes;
use data_encoding::HEXLOWER_PERMISSIVE;
use serde::Deserialize;
use serde_json::{Value, json};

use super::row::Checks;
use crate::bytes::{Attributes, BatchHeader, Compression, ControlRecord, Header, Record, RecordBatch, TimestampType};
use crate::ids::{LeaderEpoch, Offset, ProducerEpoch, ProducerId};

/// A row. A column that is not listed here is refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    what: String,
    bytes_len: usize,
    base_offset: i64,
    last_offset: i64,
    leader_epoch: i32,
    magic: i8,
    crc: String,
    attributes: i16,
    compression: String,
    timestamp_type: String,
    transactional: bool,
    control: bool,
    delete_horizon: Option<i64>,
    last_offset_delta: i32,
    base_timestamp: i64,
    max_timestamp: i64,
    producer_id: i64,
    producer_epoch: i16,
    base_sequence: i32,
    last_sequence: i32,
    count: i32,
    records: Vec<RowRecord>,
    /// Where readers are told another time than was written.
    written_timestamps: Option<Vec<i64>>,
    hex: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RowRecord {
    offset: i64,
    timestamp: i64,
    key: Option<String>,
    value: Option<String>,
    #[serde(default)]
    headers: Vec<(String, Option<String>)>,
}

pub(super) fn check(line: &str) -> Checks {
    let row: Row = match serde_json::from_str(line) {
        Ok(row) => row,
        Err(error) => {
            let mut checks = Checks::new(line);
            checks.fail("row", "a batch with the columns of batches.jsonl", error);
            return checks;
        }
    };
    let mut checks = Checks::new(format!("{} {}", row.id, row.hex));
    let Ok(bytes) = HEXLOWER_PERMISSIVE.decode(row.hex.as_bytes()).map(Bytes::from) else {
        checks.fail("hex", "hexadecimal digits", &row.hex);
        return checks;
    };
    match (BatchHeader::decode(&bytes), RecordBatch::decode_shared(&bytes)) {
        (Ok(header), Ok(batch)) => {
            compare_header(&row, &header, bytes.len(), &mut checks);
            compare_records(&row, &batch, &mut checks);
            if header.attributes.compression() == Ok(Compression::None) {
                checks.compare("hex (decoded, encoded again)", &row.hex, hex(&batch.encode()));
                checks.compare("bytes_len (computed)", row.bytes_len, batch.encoded_len());
                compare_built(&row, &mut checks);
            }
        }
        (Err(problem), _) | (_, Err(problem)) => checks.fail("hex", "a batch", problem),
    }
    checks
}

fn compare_header(row: &Row, header: &BatchHeader, len: usize, checks: &mut Checks) {
    let attributes = header.attributes;
    checks.compare("bytes_len", row.bytes_len, len);
    checks.compare("base_offset", row.base_offset, header.base_offset);
    checks.compare("last_offset", row.last_offset, header.last_offset());
    checks.compare("leader_epoch", row.leader_epoch, header.partition_leader_epoch);
    checks.compare("magic", row.magic, header.magic);
    checks.compare("crc", &row.crc, format!("{:08x}", header.crc));
    checks.compare("attributes", row.attributes, attributes.0);
    checks.compare("compression", &row.compression, attributes.compression().map_or("unknown", Compression::name));
    checks.compare("timestamp_type", &row.timestamp_type, attributes.timestamp_type());
    checks.compare("transactional", row.transactional, attributes.is_transactional());
    checks.compare("control", row.control, attributes.is_control());
    checks.compare("delete_horizon", json!(row.delete_horizon), json!(header.delete_horizon_ms()));
    checks.compare("last_offset_delta", row.last_offset_delta, header.last_offset_delta);
    checks.compare("base_timestamp", row.base_timestamp, header.base_timestamp_ms);
    checks.compare("max_timestamp", row.max_timestamp, header.max_timestamp_ms);
    checks.compare("producer_id", row.producer_id, header.producer_id);
    checks.compare("producer_epoch", row.producer_epoch, header.producer_epoch);
    checks.compare("base_sequence", row.base_sequence, header.base_sequence);
    checks.compare("last_sequence", row.last_sequence, header.last_sequence());
    checks.compare("count", row.count, header.record_count);
}

fn compare_records(row: &Row, batch: &RecordBatch, checks: &mut Checks) {
    checks.compare("what", &row.what, what(batch));
    checks.compare("records (number)", row.records.len(), batch.records.len());
    for (index, (expected, record)) in row.records.iter().zip(&batch.records).enumerate() {
        let timestamp_ms = batch.timestamp_ms(record);
        checks.compare(&format!("records[{index}]"), described_row(expected), described(record, timestamp_ms));
    }
    let written: Vec<i64> = batch.records.iter().map(|record| record.timestamp_ms).collect();
    match (&row.written_timestamps, batch.attributes.timestamp_type()) {
        (Some(expected), _) => checks.compare("written_timestamps", json!(expected), json!(written)),
        (None, TimestampType::LogAppendTime) => checks.fail("written_timestamps", "not given", json!(written)),
        (None, TimestampType::CreateTime) => {}
    }
    for record in batch.records.iter().filter(|_| batch.attributes.is_control()) {
        compare_control(record, checks);
    }
}

/// A control record is read, and written again.
fn compare_control(record: &Record, checks: &mut Checks) {
    let bytes = |bytes: &Option<Bytes>| bytes.as_deref().map(hex).unwrap_or_default();
    match ControlRecord::decode(record) {
        Ok(control) => {
            let written = control.record(record.offset, record.timestamp_ms);
            checks.compare("control key (encoded again)", bytes(&record.key), bytes(&written.key));
            checks.compare("control value (encoded again)", bytes(&record.value), bytes(&written.value));
        }
        Err(problem) => checks.fail("control record", "a control record", problem),
    }
}

/// Builds the batch from the description, without a look at the bytes.
fn compare_built(row: &Row, checks: &mut Checks) {
    let Some(records) = row.records.iter().enumerate().map(|(index, record)| built(row, index, record)).collect()
    else {
        checks.fail("records", "keys and values in hexadecimal", "something else");
        return;
    };
    let batch = RecordBatch {
        base_offset: Offset(row.base_offset),
        partition_leader_epoch: LeaderEpoch(row.leader_epoch),
        attributes: Attributes(row.attributes),
        last_offset_delta: row.last_offset_delta,
        base_timestamp_ms: row.base_timestamp,
        max_timestamp_ms: row.max_timestamp,
        producer_id: ProducerId(row.producer_id),
        producer_epoch: ProducerEpoch(row.producer_epoch),
        base_sequence: row.base_sequence,
        records,
    };
    checks.compare("hex (built from the description)", &row.hex, hex(&batch.encode()));
}

fn built(row: &Row, index: usize, record: &RowRecord) -> Option<Record> {
    let written = row.written_timestamps.as_ref().and_then(|written| written.get(index).copied());
    let mut headers = Vec::new();
    for (key, value) in &record.headers {
        headers.push(Header::new(Bytes::copy_from_slice(key.as_bytes()), unhex(value.as_ref())?));
    }
    let timestamp_ms = written.unwrap_or(record.timestamp);
    let plain =
        Record::new(Offset(record.offset), timestamp_ms, unhex(record.key.as_ref())?, unhex(record.value.as_ref())?);
    Some(Record { headers, ..plain })
}

/// What kind of batch it is, in the words of the column `what`.
fn what(batch: &RecordBatch) -> &'static str {
    if batch.attributes.compression() != Ok(Compression::None) {
        return "compressed";
    }
    if batch.attributes.has_delete_horizon() {
        return "delete-horizon";
    }
    let Some(first) = batch.records.first() else { return "empty" };
    if !batch.attributes.is_control() {
        return "data";
    }
    match ControlRecord::decode(first) {
        Ok(ControlRecord::Abort { .. } | ControlRecord::Commit { .. }) => "end-txn",
        Ok(ControlRecord::LeaderChange(_)) => "leader-change",
        Ok(ControlRecord::SnapshotHeader { .. }) => "snapshot-header",
        Ok(ControlRecord::SnapshotFooter { .. }) => "snapshot-footer",
        Ok(ControlRecord::KraftVersion { .. }) => "kraft-version",
        Ok(ControlRecord::KraftVoters { .. }) => "voters",
        Ok(ControlRecord::Unknown { .. }) | Err(_) => "unknown",
    }
}

fn described_row(record: &RowRecord) -> Value {
    json!([record.offset, record.timestamp, record.key, record.value, record.headers])
}

fn described(record: &Record, timestamp_ms: i64) -> Value {
    let optional = |bytes: &Option<Bytes>| bytes.as_deref().map(hex);
    let headers: Vec<_> = record
        .headers
        .iter()
        .map(|header| (String::from_utf8_lossy(&header.key).into_owned(), optional(&header.value)))
        .collect();
    json!([record.offset.0, timestamp_ms, optional(&record.key), optional(&record.value), headers])
}

fn hex(bytes: &[u8]) -> String {
    HEXLOWER_PERMISSIVE.encode(bytes)
}

/// None if there is something and it is not hexadecimal.
fn unhex(text: Option<&String>) -> Option<Option<Bytes>> {
    let Some(text) = text else { return Some(None) };
    HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok().map(|bytes| Some(Bytes::from(bytes)))
}
