//! The stories of the fixture `06-leader-epochs`, told to the lab: at each moment its replicas hold what the real ones
//! held on their disks, and its controller wrote the same changes of the partition as the real one.

use std::path::{Path, PathBuf};

use kafka_lab::bytes::{Bytes, RecordBatch};
use kafka_lab::command::Script;
use kafka_lab::event::EventKind;
use kafka_lab::files::{LeaderEpochCheckpoint, OffsetCheckpoint};
use kafka_lab::ids::{BrokerId, LeaderEpoch, Offset};
use kafka_lab::log::Scan;
use kafka_lab::records::{InternalTopic, Struct, Value, decode, uuid_text};
use kafka_lab::rules::election::Registration;
use kafka_lab::rules::epoch_cache::EpochEntry;
use kafka_lab::timeline::Run;
use kafka_lab::world::{Broker, MetadataRecord, World};

use crate::fixtures::{files, folder, sorted};

/// A topic of the fixture, and its story as a script.
struct Told {
    topic: &'static str,
    /// The real brokers, in the order of the replica list: the lab's are 1, 2, 3.
    real: &'static [u8],
    run: Run,
}

const EPOCHS: &str = include_str!("leader_epochs/epochs.lab");
const FAST: &str = include_str!("leader_epochs/fast.lab");
const TRIO: &str = include_str!("leader_epochs/trio.lab");

fn tell(topic: &'static str, real: &'static [u8], script: &str) -> Told {
    let parsed = Script::parse(script);
    assert_eq!(parsed.problems, [], "{topic}");
    let run = Run::play(&parsed.script);
    assert!(!run.is_cut(), "{topic} is too long");
    let refused = run.events().iter().find(|event| matches!(event.kind, EventKind::Refused(_)));
    assert_eq!(refused, None, "{topic}");
    Told { topic, real, run }
}

fn stories() -> [Told; 3] {
    [tell("epochs", &[1, 2, 3], EPOCHS), tell("fast", &[1, 2], FAST), tell("trio", &[1, 3, 2], TRIO)]
}

impl Told {
    /// The folders of its moments, in order; a mark of the story has the name of each.
    fn moments(&self) -> Vec<PathBuf> {
        let paths = sorted(&folder("kafka-4.3.1/06-leader-epochs").join(self.topic));
        paths.into_iter().filter(|path| path.is_dir()).collect()
    }

    fn at(&self, moment: &Path) -> World {
        let name = moment.file_name().expect("a name").to_string_lossy().into_owned();
        let place = self.run.moment_of_mark(&name).unwrap_or_else(|| panic!("{}: no mark {name}", self.topic));
        self.run.world_at(place)
    }

    /// The lab's broker that stands for a real one.
    fn lab(&self, real: u8) -> BrokerId {
        let place = self.real.iter().position(|id| *id == real).expect("a replica");
        BrokerId(u8::try_from(place).expect("few") + 1)
    }

    fn labs(&self, real: &[u8]) -> Vec<BrokerId> {
        let mut labs: Vec<BrokerId> = real.iter().map(|id| self.lab(*id)).collect();
        labs.sort();
        labs
    }
}

/// What a replica's files say; of each batch its ends, its leader epoch and the values of its records.
#[derive(Debug, PartialEq)]
struct Replica {
    epochs: Vec<EpochEntry>,
    batches: Vec<(Offset, Offset, LeaderEpoch, Vec<String>)>,
    checkpointed_mark: Offset,
}

impl Replica {
    fn of_files(broker: &Path, topic: &str) -> Replica {
        let read = |path: PathBuf| std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let partition = broker.join(format!("{topic}-0"));
        let epochs = LeaderEpochCheckpoint::decode(&read(partition.join("leader-epoch-checkpoint")));
        let marks = OffsetCheckpoint::decode(&read(broker.join("replication-offset-checkpoint")));
        let logs = sorted(&partition).into_iter().filter(|path| path.extension().is_some_and(|end| end == "log"));
        let batches: Vec<RecordBatch> = logs.flat_map(|log| batches(&read(log))).collect();
        Replica {
            epochs: epochs.expect("a checkpoint").expect("is not empty").entries,
            batches: batches.iter().map(told).collect(),
            checkpointed_mark: marks
                .expect("a checkpoint")
                .expect("is not empty")
                .offset_of(topic, 0)
                .expect("is there"),
        }
    }

    fn of_lab(broker: &Broker) -> Replica {
        Replica {
            epochs: broker.epochs.entries().to_vec(),
            batches: broker.log.batches().map(|stored| told(&stored.batch)).collect(),
            checkpointed_mark: broker.disk.checkpointed,
        }
    }
}

fn batches(log: &[u8]) -> Vec<RecordBatch> {
    let scan = Scan::new(log, 0);
    let places: Vec<_> = scan.clone().map(|place| place.expect("a whole batch")).collect();
    places.iter().map(|place| RecordBatch::decode(scan.bytes_of(place)).expect("a batch")).collect()
}

fn told(batch: &RecordBatch) -> (Offset, Offset, LeaderEpoch, Vec<String>) {
    let text = |value: &Bytes| String::from_utf8_lossy(value).into_owned();
    let values = batch.records.iter().map(|record| record.value.as_ref().map(text).unwrap_or_default());
    (batch.base_offset, batch.last_offset(), batch.partition_leader_epoch, values.collect())
}

#[test]
fn at_each_moment_the_replicas_hold_what_the_real_ones_held() {
    let mut compared = 0;
    for story in stories() {
        for moment in story.moments() {
            let world = story.at(&moment);
            for real in story.real {
                let expected = Replica::of_files(&moment.join(format!("broker-{real}")), story.topic);
                let lab = Replica::of_lab(&world.brokers[&story.lab(*real)]);
                assert_eq!(lab, expected, "{}, real broker {real}", moment.display());
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 10 * 3 + 4 * 2 + 3 * 3);
}

/// What `kafka-topics --describe` and a consumer's ListOffsets said: `moment.txt`.
#[test]
fn at_each_moment_leader_isr_elr_and_mark_are_the_real_ones() {
    let mut compared = 0;
    for story in stories() {
        for moment in story.moments() {
            let Ok(text) = std::fs::read_to_string(moment.join("moment.txt")) else { continue };
            let behind = |word: &str, until: char| {
                let rest = text.split(word).nth(1).unwrap_or_else(|| panic!("{word} in {}", moment.display()));
                rest.split(until).next().unwrap_or_default().trim().to_owned()
            };
            let list = |word: &str| {
                let line = behind(word, '\t');
                let first = line.lines().next().unwrap_or_default();
                let ids: Vec<u8> = first.split(',').filter_map(|id| id.parse().ok()).collect();
                story.labs(&ids)
            };
            let world = story.at(&moment);
            let known = &world.active_controller().expect("one").image.partition;
            let (leader, leading) = world.leader().expect("one");
            assert_eq!(vec![leader.id], list("Leader: "), "{}", moment.display());
            let sorted = |ids: &[BrokerId]| {
                let mut ids = ids.to_vec();
                ids.sort();
                ids
            };
            let expected = [list("Isr: "), list("\tElr: "), list("LastKnownElr: ")];
            let lab = [&known.isr, &known.elr, &known.last_known_elr].map(|ids| sorted(ids));
            assert_eq!(lab, expected, "{}", moment.display());
            assert_eq!(leader.high_watermark.to_string(), behind("\nhigh watermark ", ','), "{}", moment.display());
            assert_eq!(leading.epoch.to_string(), behind("of that answer ", '\n'), "{}", moment.display());
            compared += 1;
        }
    }
    assert_eq!(compared, 9 + 3 + 2);
}

/// Where followers cut their logs: the brokers' own lines, but those of a log that was empty still.
#[test]
fn logs_are_cut_where_the_real_ones_were() {
    let mut compared = Vec::new();
    for story in stories() {
        for moment in story.moments() {
            for lines in files(&moment, "broker-").into_iter().filter(|path| path.is_file()) {
                let name = lines.file_name().expect("a name").to_string_lossy().into_owned();
                let real: u8 = name["broker-".len()..][..1].parse().expect("a number");
                let text = std::fs::read_to_string(&lines).expect("lines");
                let cuts = text.lines().filter(|line| line.contains("due to leader epoch"));
                let expected: Vec<i64> = cuts.map(|line| number_behind(line, "TruncationState(offset=")).collect();
                let world = story.at(&moment);
                let until = story.run.events().iter().take_while(|event| event.tick <= world.tick);
                let lab: Vec<i64> = until
                    .filter_map(|event| match event.kind {
                        EventKind::LogTruncated { broker, to, .. } if broker == story.lab(real) => Some(to.0),
                        _ => None,
                    })
                    .collect();
                assert_eq!(lab, expected, "{}", lines.display());
                compared.push((story.topic, real, expected));
            }
        }
    }
    assert_eq!(compared, [("epochs", 1, vec![10]), ("epochs", 2, vec![15]), ("fast", 2, vec![6])]);
}

fn number_behind(line: &str, word: &str) -> i64 {
    let rest = line.split(word).nth(1).expect("the word");
    rest.split(',').next().and_then(|number| number.parse().ok()).expect("a number")
}

/// The partition after each change that the real controller wrote, from its creation on.
fn real_changes(story: &Told) -> Vec<Registration> {
    let path = folder("kafka-4.3.1/07-internal/cluster-metadata/__cluster_metadata-0");
    let logs = sorted(&path).into_iter().filter(|path| path.extension().is_some_and(|end| end == "log"));
    let batches: Vec<RecordBatch> = logs.flat_map(|log| batches(&std::fs::read(log).expect("a log"))).collect();
    let records = batches.iter().filter(|batch| !batch.attributes.is_control()).flat_map(|batch| &batch.records);
    let mut id = None;
    let mut changes: Vec<Registration> = Vec::new();
    for record in records {
        let decoded = decode(InternalTopic::ClusterMetadata, None, record.value.as_ref());
        let (Some(kind), Some(fields)) = (decoded.record.map(|kind| kind.name), decoded.value.fields()) else {
            continue;
        };
        let of_topic = id.is_some() && fields.get("topicId") == id.as_ref();
        match kind {
            "TopicRecord" if text(fields, "name") == story.topic => id = fields.get("topicId").cloned(),
            "PartitionRecord" if of_topic => changes.push(created(story, fields)),
            "PartitionChangeRecord" if of_topic => {
                let before = changes.last().expect("it was created").clone();
                changes.push(changed(story, before, fields));
            }
            _ => {}
        }
    }
    changes
}

fn text(fields: &Struct, name: &str) -> String {
    match fields.get(name) {
        Some(Value::Text(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
        Some(Value::Uuid(bytes)) => uuid_text(*bytes),
        other => panic!("{name} is {other:?}"),
    }
}

fn int(fields: &Struct, name: &str) -> i32 {
    match fields.get(name) {
        Some(Value::Int(number)) => *number,
        other => panic!("{name} is {other:?}"),
    }
}

/// Brokers by their numbers in the lab, ascending: the real controller sorts some of its lists. None if it is null.
fn brokers(story: &Told, fields: &Struct, name: &str) -> Option<Vec<BrokerId>> {
    let Some(Value::Array(values)) = fields.get(name) else { return None };
    let ids = values.iter().map(|value| match value {
        Value::Int(id) => u8::try_from(*id).expect("a broker"),
        other => panic!("{other:?} in {name}"),
    });
    Some(story.labs(&ids.collect::<Vec<u8>>()))
}

fn leader(story: &Told, number: i32) -> Option<BrokerId> {
    u8::try_from(number).ok().map(|id| story.lab(id))
}

fn created(story: &Told, fields: &Struct) -> Registration {
    Registration {
        replicas: brokers(story, fields, "replicas").expect("replicas"),
        adding: Vec::new(),
        removing: Vec::new(),
        isr: brokers(story, fields, "isr").expect("an ISR"),
        elr: brokers(story, fields, "eligibleLeaderReplicas").unwrap_or_default(),
        last_known_elr: brokers(story, fields, "lastKnownElr").unwrap_or_default(),
        leader: leader(story, int(fields, "leader")),
        recovering: int(fields, "leaderRecoveryState") == 1,
        leader_epoch: LeaderEpoch(int(fields, "leaderEpoch")),
        partition_epoch: int(fields, "partitionEpoch"),
    }
}

/// What is not written stays; each change is a partition epoch, each that names a leader a leader epoch.
fn changed(story: &Told, before: Registration, fields: &Struct) -> Registration {
    let names_leader = int(fields, "leader") != -2;
    let recovery = int(fields, "leaderRecoveryState");
    Registration {
        replicas: brokers(story, fields, "replicas").unwrap_or(before.replicas),
        adding: brokers(story, fields, "addingReplicas").unwrap_or(before.adding),
        removing: brokers(story, fields, "removingReplicas").unwrap_or(before.removing),
        isr: brokers(story, fields, "isr").unwrap_or(before.isr),
        elr: brokers(story, fields, "eligibleLeaderReplicas").unwrap_or(before.elr),
        last_known_elr: brokers(story, fields, "lastKnownElr").unwrap_or(before.last_known_elr),
        leader: if names_leader { leader(story, int(fields, "leader")) } else { before.leader },
        recovering: if recovery < 0 { before.recovering } else { recovery == 1 },
        leader_epoch: LeaderEpoch(before.leader_epoch.0 + i32::from(names_leader)),
        partition_epoch: before.partition_epoch + 1,
    }
}

/// The same of the lab's controller.
fn lab_changes(story: &Told) -> Vec<Registration> {
    let ascending = |ids: &[BrokerId]| {
        let mut ids = ids.to_vec();
        ids.sort();
        ids
    };
    let written = story.run.events().iter().filter_map(|event| match &event.kind {
        EventKind::MetadataAppended { record, .. } => Some(record),
        _ => None,
    });
    let changes = written.filter_map(|record| match &**record {
        MetadataRecord::PartitionChange { partition, .. } => {
            Some(Registration { isr: ascending(&partition.isr), elr: ascending(&partition.elr), ..partition.clone() })
        }
        _ => None,
    });
    changes.collect()
}

#[test]
fn the_controller_writes_the_changes_that_the_real_one_wrote() {
    let counts = stories().map(|story| {
        let (expected, lab) = (real_changes(&story), lab_changes(&story));
        for (number, (lab, expected)) in lab.iter().zip(&expected[1..]).enumerate() {
            assert_eq!(lab, expected, "{}, change {number}", story.topic);
        }
        assert_eq!(lab.len(), expected.len() - 1, "{}", story.topic);
        (story.topic, lab.len())
    });
    assert_eq!(counts, [("epochs", 22), ("fast", 9), ("trio", 26)]);
}
