//! The topics of the data folder: what each log holds, and by which settings its folder is written.

use kafka_lab::bytes::{Bytes, Compression};
use kafka_lab::files::Uuid;
use kafka_lab::ids::{LeaderEpoch, Offset, ProducerId};
use kafka_lab::log::{FolderSettings, SegmentConfig};

use crate::story::{Draft, Story};

/// A topic with one partition.
#[derive(Debug)]
pub(crate) struct Topic {
    pub(crate) name: &'static str,
    pub(crate) story: Story,
    index_interval_bytes: u32,
    segment_bytes: u64,
    pub(crate) log_start: Offset,
}

impl Topic {
    fn new(name: &'static str, story: Story) -> Topic {
        Topic { name, story, index_interval_bytes: 4096, segment_bytes: 1 << 30, log_start: Offset::ZERO }
    }

    /// With segments this small, and index entries this close.
    fn rolled(self, segment_bytes: u64, index_interval_bytes: u32) -> Topic {
        Topic { segment_bytes, index_interval_bytes, ..self }
    }

    pub(crate) fn folder_settings(&self, topic_id: Uuid) -> FolderSettings {
        FolderSettings {
            topic_id,
            segment: SegmentConfig { index_interval_bytes: self.index_interval_bytes },
            segment_bytes: self.segment_bytes,
            segment_ms: i64::MAX,
            log_start: self.log_start,
        }
    }
}

/// A line for each topic: its name, and the settings that it is created with. The size of segments is none of them: the
/// broker takes nothing below 1 MiB, and does not mind smaller ones on disk.
pub(crate) fn settings() -> String {
    let line = |topic: &Topic| format!("{} index.interval.bytes={}", topic.name, topic.index_interval_bytes);
    all(0).iter().map(line).collect::<Vec<_>>().join("\n")
}

/// All of them, written in the hour before `now_ms`: a broker forgets producers that have been silent for a day.
pub(crate) fn all(now_ms: i64) -> Vec<Topic> {
    let start_ms = now_ms - 3_600_000;
    vec![
        Topic::new("plain", plain(Story::new(start_ms))).rolled(1 << 30, 200),
        Topic::new("stamped", packed(Story::new(start_ms).stamped_by_the_broker())),
        Topic::new("gzip", packed(Story::new(start_ms).packed(Compression::Gzip))),
        Topic::new("snappy", packed(Story::new(start_ms).packed(Compression::Snappy))),
        Topic::new("lz4", packed(Story::new(start_ms).packed(Compression::Lz4))),
        Topic::new("zstd", packed(Story::new(start_ms).packed(Compression::Zstd))),
        Topic::new("idempotent", idempotent(Story::new(start_ms))).rolled(700, 300),
        Topic::new("transactional", transactional(Story::new(start_ms))).rolled(900, 300),
        Topic::new("open", open(Story::new(start_ms))).rolled(500, 100),
        Topic::new("segments", segments(Story::new(start_ms))).rolled(20_000, 1_000),
        Topic::new("epochs", epochs(Story::new(start_ms))).rolled(400, 100),
        Topic {
            // Batches of four records: the second record of the third batch.
            log_start: Offset(9),
            ..Topic::new("trimmed", trimmed(Story::new(start_ms))).rolled(700, 200)
        },
    ]
}

fn plain(mut story: Story) -> Story {
    let empty = Draft { key: Some(Bytes::new()), value: Some(Bytes::new()), ..Draft::default() };
    story.plain(vec![Draft::new("account-1", "first")]);
    story.plain(vec![
        Draft { key: None, ..Draft::new("", "no key") },
        Draft { value: None, ..Draft::new("account-2", "") },
        Draft::default(),
        empty,
        Draft::new("Zürich", "日本語 🙂"),
    ]);
    story.plain(vec![
        Draft::new("account-3", "headers").header("trace", Some("a")).header("trace", Some("b")).header("none", None),
        Draft::new("account-4", "more").header("", Some("no name")).header("ключ", Some("")),
    ]);
    // Time goes back within a batch, and from one batch to the next.
    story.plain(vec![
        Draft::new("account-5", "late").later(5_000),
        Draft::new("account-5", "early").later(-5_000),
        Draft::new("account-5", "on time"),
    ]);
    for number in 0..40 {
        story.plain(vec![Draft::new(&format!("account-{}", number % 7), &"x".repeat(number))]);
    }
    story
}

/// One, two, many records; one that is longer than any codec's block; one of nothing.
fn packed(mut story: Story) -> Story {
    story.plain(vec![Draft::new("account-1", "one")]);
    story.plain(vec![Draft::new("account-1", "of two"), Draft::new("account-2", "of two").header("h", Some("v"))]);
    story.plain((0..300).map(|n| Draft::new(&format!("account-{}", n % 11), "the same again and again")).collect());
    story.plain(vec![Draft::new("long", &"0123456789abcdef".repeat(10_000))]);
    story.plain(vec![Draft::new("noise", &noise(100_000))]);
    story.plain(vec![Draft::default()]);
    story
}

/// Text in which little repeats.
fn noise(bytes: usize) -> String {
    let mut number = 1_u64;
    let letters = std::iter::repeat_with(|| {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b' ' + (number >> 57).to_le_bytes()[0] % 95)
    });
    letters.take(bytes).collect()
}

fn some(what: &str, count: usize) -> Vec<Draft> {
    (0..count).map(|number| Draft::new(&format!("account-{number}"), what)).collect()
}

/// Two producers, and a third whose sequences go on from 2³¹ − 1 with 0.
fn idempotent(mut story: Story) -> Story {
    let (one, two) = (story.join(900_001, 0, 0), story.join(900_002, 3, 100));
    let three = story.join(900_003, 0, i32::MAX - 1);
    for round in 0..6 {
        story.idempotent(one, some("one", 1 + round % 3));
        story.idempotent(two, some("two", 2));
        story.plain(some("nobody", 1));
        story.idempotent(three, some("three", 2));
    }
    story
}

fn transactional(mut story: Story) -> Story {
    let (one, two) = (story.join(910_001, 0, 0), story.join(910_002, 4, 0));
    story.transactional(one, some("committed", 3));
    story.commit(one);
    story.transactional(two, some("aborted", 2));
    story.plain(some("amid a transaction", 1));
    story.abort(two);
    for round in 0..4 {
        interleaved(&mut story, one, two, round);
    }
    story.transactional(one, some("the last", 1));
    story.commit(one);
    story
}

/// The one that began first ends last in every second round, and each aborts now and then.
fn interleaved(story: &mut Story, one: ProducerId, two: ProducerId, round: usize) {
    story.transactional(one, some("interleaved one", 2));
    story.transactional(two, some("interleaved two", 1));
    story.plain(some("between", 1));
    story.transactional(one, some("interleaved one again", 1));
    let (first, last) = if round.is_multiple_of(2) { (one, two) } else { (two, one) };
    if round < 2 {
        story.abort(first)
    } else {
        story.commit(first)
    }
    if round == 1 { story.abort(last) } else { story.commit(last) }
}

/// A transaction that nobody ends, with a committed and an aborted one behind it.
fn open(mut story: Story) -> Story {
    let (one, two, three) = (story.join(920_001, 0, 0), story.join(920_002, 0, 0), story.join(920_003, 0, 0));
    story.transactional(one, some("committed", 2));
    story.transactional(two, some("aborted", 2));
    story.abort(two);
    story.commit(one);
    story.plain(some("stable", 2));
    story.transactional(three, some("never ended", 2));
    story.plain(some("held back", 2));
    story.transactional(two, some("aborted, held back", 1));
    story.transactional(one, some("committed, held back", 1));
    story.abort(two);
    story.commit(one);
    story.transactional(three, some("never ended", 1));
    story
}

/// Many entries in each index.
fn segments(mut story: Story) -> Story {
    let producer = story.join(930_001, 0, 0);
    for number in 0..400 {
        let records = some(&"y".repeat(number % 90), 1 + number % 4);
        if number % 3 == 0 { story.idempotent(producer, records) } else { story.plain(records) }
    }
    story
}

/// One leader after the other; that of epoch 2 wrote nothing.
fn epochs(mut story: Story) -> Story {
    for epoch in [0, 1, 3] {
        story.lead(LeaderEpoch(epoch));
        story.plain(some("of one leader", 2));
        story.plain(some("of the same leader", 3));
    }
    story
}

fn trimmed(mut story: Story) -> Story {
    for _ in 0..12 {
        story.plain(some("four", 4));
    }
    story
}

#[cfg(test)]
mod tests {
    use kafka_lab::log::{Segment, partition_folder};

    use super::*;

    #[test]
    fn every_topic_has_a_folder_whose_indexes_recovery_builds_again() {
        for topic in all(1_800_000_000_000) {
            let settings = topic.folder_settings(Uuid([1; 16]));
            let files = partition_folder(&settings, &topic.story.batches).expect("a folder");
            let bytes_of = |name: String| files.iter().find(|file| file.name == name).map(|file| &file.bytes);
            for log in files.iter().filter(|file| file.name.ends_with(".log")) {
                let digits = log.name.trim_end_matches(".log");
                let base_offset = Offset(digits.parse().expect("an offset"));
                let recovered = Segment::recover(base_offset, settings.segment, &log.bytes);
                assert_eq!(recovered.reason, None, "{} {}", topic.name, log.name);
                let (index, time_index) = (recovered.segment.offset_index(), recovered.segment.time_index());
                assert_eq!(bytes_of(format!("{digits}.index")), Some(&index.encode()), "{}", topic.name);
                assert_eq!(bytes_of(format!("{digits}.timeindex")), Some(&time_index.encode()), "{}", topic.name);
            }
        }
    }

    #[test]
    fn the_topics_have_what_they_are_for() {
        let topics = all(1_800_000_000_000);
        let files = |name: &str, suffix: &str| {
            let topic = topics.iter().find(|topic| topic.name == name).expect("the topic");
            let files =
                partition_folder(&topic.folder_settings(Uuid([1; 16])), &topic.story.batches).expect("a folder");
            files.iter().filter(|file| file.name.ends_with(suffix)).count()
        };
        assert!(files("transactional", ".log") > 1 && files("transactional", ".txnindex") > 1);
        assert!(files("segments", ".log") > 1 && files("trimmed", ".log") > 1 && files("open", ".txnindex") > 0);
        let records = |name: &str| {
            let topic = topics.iter().find(|topic| topic.name == name).expect("the topic");
            (topic.story.uncommitted(topic.log_start).len(), topic.story.committed(topic.log_start).len())
        };
        let (all, stable) = records("open");
        assert!(0 < stable && stable < all);
        assert_eq!(records("trimmed"), (39, 39));
    }
}
