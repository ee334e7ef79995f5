//! What real consumers got of the fixtures' partitions, by isolation level, is what the core reads from the folder.

use std::path::{Path, PathBuf};

use kafka_lab::bytes::Bytes;
use kafka_lab::files::{OffsetCheckpoint, TransactionIndex};
use kafka_lab::ids::Offset;
use kafka_lab::log::{ConsumedRecord, FetchRange, IsolationLevel, SegmentFiles, consume};

use crate::fixtures::{folder, sorted};

/// A partition folder and what its consumers were told of it.
#[derive(Debug)]
struct Partition {
    /// The folder with the `.jsonl` files.
    case: PathBuf,
    segments: Vec<SegmentFiles>,
    log_start: Offset,
    high_watermark: Offset,
    last_stable: Offset,
}

impl Partition {
    fn lines(&self, isolation: IsolationLevel, start: Offset) -> Vec<String> {
        let end = match isolation {
            IsolationLevel::ReadUncommitted => self.high_watermark,
            IsolationLevel::ReadCommitted => self.last_stable,
        };
        let records = consume(&self.segments, FetchRange { start, end, isolation });
        let records =
            records.map(|record| record.unwrap_or_else(|stopped| panic!("{}: {stopped:?}", self.case.display())));
        records.map(|record| line(&record)).collect()
    }

    fn expected(&self, isolation: IsolationLevel) -> Vec<String> {
        let name = match isolation {
            IsolationLevel::ReadUncommitted => "consumed-uncommitted.jsonl",
            IsolationLevel::ReadCommitted => "consumed-committed.jsonl",
        };
        read(&self.case.join(name)).lines().map(str::to_owned).collect()
    }
}

const LEVELS: [IsolationLevel; 2] = [IsolationLevel::ReadUncommitted, IsolationLevel::ReadCommitted];

#[test]
fn every_consumer_got_what_the_core_reads() {
    let partitions = partitions();
    assert_eq!(partitions.len(), 36);
    for partition in &partitions {
        for isolation in LEVELS {
            let (got, expected) = (partition.lines(isolation, partition.log_start), partition.expected(isolation));
            for (got, expected) in got.iter().zip(&expected) {
                assert_eq!(got, expected, "{} {isolation:?}", partition.case.display());
            }
            assert_eq!(got.len(), expected.len(), "{} {isolation:?}", partition.case.display());
        }
    }
}

/// Where a consumer begins changes nothing of what comes behind: also inside an aborted transaction, where it needs to
/// be told of one that began before.
#[test]
fn a_consumer_that_begins_later_gets_the_rest() {
    for partition in partitions() {
        for isolation in LEVELS {
            let whole = partition.lines(isolation, partition.log_start);
            for start in partition.log_start.0..=partition.high_watermark.0 {
                let rest: Vec<&String> = whole.iter().filter(|line| offset_in(line) >= start).collect();
                let got = partition.lines(isolation, Offset(start));
                assert!(got.iter().eq(rest), "{} {isolation:?} from {start}", partition.case.display());
            }
        }
    }
}

/// The replicas differ here, so the test above can tell which one a consumer was served by.
#[test]
fn another_replica_than_the_leader_would_have_given_other_records() {
    let case = folder("kafka-4.3.1/06-leader-epochs/epochs/05-diverged");
    let leader = of_replicas(&case);
    let killed = Partition { segments: segments_of(&case.join("broker-1/epochs-0")), ..of_replicas(&case) };
    let lines = |partition: &Partition| partition.lines(IsolationLevel::ReadUncommitted, partition.log_start);
    assert_eq!(lines(&leader)[..10], lines(&killed)[..10]);
    assert_ne!(lines(&leader)[10..], lines(&killed)[10..]);
}

fn partitions() -> Vec<Partition> {
    let mut cases = Vec::new();
    collect(&folder("kafka-4.3.1"), &mut cases);
    cases
        .iter()
        .map(|case| if case.join("offsets.txt").exists() { of_one_folder(case) } else { of_replicas(case) })
        .collect()
}

fn collect(folder: &Path, cases: &mut Vec<PathBuf>) {
    if folder.join("consumed-committed.jsonl").exists() {
        cases.push(folder.to_owned());
    }
    sorted(folder).iter().filter(|path| path.is_dir()).for_each(|path| collect(path, cases));
}

/// One folder beside the `.jsonl`; `offsets.txt` has what ListOffsets answered.
fn of_one_folder(case: &Path) -> Partition {
    let offsets = read(&case.join("offsets.txt"));
    let answered = |name: &str| {
        let line = offsets.lines().find_map(|line| line.strip_prefix(name)).expect("an offset");
        Offset(line.trim().parse().expect("a number"))
    };
    let is_partition = |path: &PathBuf| path.join("partition.metadata").exists();
    Partition {
        case: case.to_owned(),
        segments: segments_of(&sorted(case).into_iter().find(is_partition).expect("a partition's folder")),
        log_start: answered("logStartOffset"),
        high_watermark: answered("highWatermark"),
        last_stable: answered("lastStableOffset"),
    }
}

/// Several replicas beside the `.jsonl`: consumers were served by the leader, whose id and high watermark are in
/// `moment.txt`. No transactions: the last stable offset is the high watermark.
fn of_replicas(case: &Path) -> Partition {
    let moment = read(&case.join("moment.txt"));
    let behind = |word: &str| {
        let text = moment.split(word).nth(1).expect("a word of the moment");
        text.split([',', '\t', ' ', '\n']).next().expect("a number behind it").to_owned()
    };
    let broker = case.join(format!("broker-{}", behind("Leader: ")));
    let topic = behind("Topic: ");
    let checkpoint = std::fs::read(broker.join("log-start-offset-checkpoint")).expect("a checkpoint");
    let starts = OffsetCheckpoint::decode(&checkpoint).expect("a checkpoint").unwrap_or_default();
    let segments = segments_of(&broker.join(format!("{topic}-0")));
    let high_watermark = Offset(behind("\nhigh watermark ").parse().expect("a number"));
    Partition {
        case: case.to_owned(),
        // A partition is in this file only if its log does not begin with its first segment.
        log_start: starts.offset_of(&topic, 0).unwrap_or(segments[0].base_offset),
        segments,
        high_watermark,
        last_stable: high_watermark,
    }
}

fn segments_of(folder: &Path) -> Vec<SegmentFiles> {
    let logs = sorted(folder).into_iter().filter(|path| path.extension().is_some_and(|suffix| suffix == "log"));
    let segments: Vec<SegmentFiles> = logs.map(|path| segment(&path)).collect();
    assert!(!segments.is_empty(), "{}", folder.display());
    segments
}

fn segment(log: &Path) -> SegmentFiles {
    let stem = log.file_stem().and_then(|stem| stem.to_str()).expect("a name");
    // There is none where nothing aborted.
    let index = std::fs::read(log.with_extension("txnindex")).unwrap_or_default();
    SegmentFiles {
        base_offset: Offset(stem.parse().expect("an offset")),
        log: Bytes::from(std::fs::read(log).expect("a log")),
        aborted: TransactionIndex::decode(&index).expect("a transaction index").entries,
    }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn offset_in(line: &str) -> i64 {
    let number = line.strip_prefix(r#"{"offset":"#).and_then(|rest| rest.split(',').next());
    number.and_then(|number| number.parse().ok()).expect("an offset first")
}

/// A record as the fixtures have it.
fn line(consumed: &ConsumedRecord) -> String {
    let record = &consumed.record;
    let header = |header: &kafka_lab::bytes::Header| {
        let key = serde_json::to_string(&String::from_utf8_lossy(&header.key)).expect("a string");
        format!("[{key},{}]", base64(header.value.as_deref()))
    };
    let headers: Vec<String> = record.headers.iter().map(header).collect();
    format!(
        r#"{{"offset":{},"timestamp":{},"timestampType":"{}","leaderEpoch":{},"key":{},"value":{},"headers":[{}]}}"#,
        record.offset,
        record.timestamp_ms,
        consumed.timestamp_type.name(),
        consumed.leader_epoch,
        base64(record.key.as_deref()),
        base64(record.value.as_deref()),
        headers.join(","),
    )
}

fn base64(bytes: Option<&[u8]>) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let Some(bytes) = bytes else { return "null".to_owned() };
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for digit in 0..4 {
            let index = (bits >> (18 - 6 * digit)) & 63;
            text.push(if digit <= chunk.len() { char::from(DIGITS[index as usize]) } else { '=' });
        }
    }
    format!("\"{text}\"")
}
