//! What Kafka appended, read by the lab: every record that a consumer was given, and no other.

use std::fs;
use std::path::{Path, PathBuf};

use kafka_lab::bytes::RecordBatch;
use kafka_lab::log::Scan;
use serde_json::Value;

use crate::Outcome;
use crate::lines::Told;
use crate::topics::{self, Topic};

pub(crate) fn check(data: &Path, read: &Path) -> Outcome<String> {
    let (mut records, mut appended) = (0, 0);
    for topic in topics::all(0) {
        let consumed = fs::read_to_string(read.join(format!("{}.jsonl", topic.name)))?;
        let consumed: Vec<Value> = consumed.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
        let told = told(data, &topic)?;
        let differs = told.iter().zip(&consumed).find(|(told, consumed)| told.line() != **consumed);
        if let Some((told, consumed)) = differs {
            return Err(format!("{}: the log has {}\n  a consumer got {consumed}", topic.name, told.line()).into());
        }
        if told.len() != consumed.len() {
            let (log, consumer) = (told.len(), consumed.len());
            return Err(format!("{}: the log has {log} records, a consumer got {consumer}", topic.name).into());
        }
        records += told.len();
        appended += told.iter().filter(|told| told.offset >= topic.story.log_end()).count();
    }
    Ok(format!("{records} records as the consumers did, {appended} of them appended by Kafka"))
}

/// Every record of the partition but the control records, from the log's start on.
fn told(data: &Path, topic: &Topic) -> Outcome<Vec<Told>> {
    let mut told = Vec::new();
    for log in logs(&data.join(format!("{}-0", topic.name)))? {
        let bytes = fs::read(&log)?;
        let place = |problem: &dyn std::fmt::Display| format!("{}: {problem}", log.display());
        let scan = Scan::new(&bytes, 0);
        for batch in scan.clone() {
            let batch = batch.map_err(|problem| place(&problem))?;
            let batch = RecordBatch::decode(scan.bytes_of(&batch)).map_err(|problem| place(&problem))?;
            if !batch.attributes.is_control() {
                told.extend(batch.records.iter().map(|record| Told::of(&batch, record)));
            }
        }
    }
    told.retain(|told| told.offset >= topic.log_start);
    Ok(told)
}

fn logs(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries: Result<Vec<_>, _> = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut logs = entries?;
    logs.retain(|path| path.extension().is_some_and(|extension| extension == "log"));
    logs.sort();
    Ok(logs)
}
