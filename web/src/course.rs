//! The course: thirteen scenes in their order, and which of them are written.

use std::fmt;

use crate::content::WRITTEN;

/// A page that shows one stage: a scene of the course, or the tracer that stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SceneId(usize);

/// What the course tape says of a scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name in links and on the tape: `02a`.
    pub slug: &'static str,
    pub title: &'static str,
}

/// The tracer first, which is no record of the course tape; then the course.
const ENTRIES: [Entry; 14] = [
    entry("tracer", "A record is written and read"),
    entry("01", "Foundations: what Kafka is, the words you'll hear"),
    entry("01a", "Hello Kafka: topic, brokers, records"),
    entry("02", "The log is the database"),
    entry("02a", "Offsets, retention, and where bookmarks live"),
    entry("03", "Partitions: splitting the log"),
    entry("04", "Replication: ISR is not a quorum"),
    entry("04a", "Cluster, controller, and metadata"),
    entry("05", "Durability is four knobs, not one"),
    entry("05a", "Log compaction: keep the last value per key"),
    entry("06", "Leader epoch: the fix for truncation"),
    entry("07", "Rebalance: stop-the-world against cooperative"),
    entry("08", "Exactly-once: three monotonic counters"),
    entry("09", "Design canvas: pick the knobs"),
];

const fn entry(slug: &'static str, title: &'static str) -> Entry {
    Entry { slug, title }
}

impl SceneId {
    /// The beat that stands before the course.
    pub const TRACER: SceneId = SceneId(0);

    /// The scene whose hook is on the front page.
    pub const SHOWN_FIRST: SceneId = SceneId(3);

    /// The scene with this name in links.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<SceneId> {
        ENTRIES.iter().position(|entry| entry.slug == slug).map(SceneId)
    }

    /// The course's scenes in order, without the tracer.
    pub fn course() -> impl ExactSizeIterator<Item = SceneId> {
        (1..ENTRIES.len()).map(SceneId)
    }

    /// Every page that can be entered, the tracer first.
    pub fn written() -> impl Iterator<Item = SceneId> {
        (0..ENTRIES.len()).map(SceneId).filter(|scene| scene.is_written())
    }

    /// Whether its content is there. A scene that is not written can be seen on the tape and not entered.
    #[must_use]
    pub fn is_written(self) -> bool {
        WRITTEN.contains(&self.entry().slug)
    }

    #[must_use]
    pub fn entry(self) -> &'static Entry {
        &ENTRIES[self.0]
    }

    /// Its offset on the course tape, 0 to 12; the tracer has none.
    #[must_use]
    pub fn offset(self) -> Option<usize> {
        self.0.checked_sub(1)
    }
}

impl fmt::Display for SceneId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.entry().slug)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_course_has_thirteen_records() {
        assert_eq!(SceneId::course().len(), 13);
        assert_eq!(SceneId::course().next().and_then(SceneId::offset), Some(0));
    }

    #[test]
    fn what_is_on_the_front_page_is_written() {
        assert_eq!(SceneId::SHOWN_FIRST.entry().slug, "02");
        assert!(SceneId::SHOWN_FIRST.is_written());
    }

    #[test]
    fn every_folder_of_content_is_a_scene() {
        assert_eq!(SceneId::written().count(), WRITTEN.len());
    }

    #[test]
    fn every_slug_names_one_scene() {
        for scene in SceneId::course() {
            assert_eq!(SceneId::from_slug(scene.entry().slug), Some(scene));
        }
    }
}
