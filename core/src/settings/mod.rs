//! Kafka's settings that the lab speaks of, with the defaults of 4.3.1: every default on every page comes from here.
//!
//! A test compares each row with what Kafka's own `ConfigDef`s answered (`tests/fixtures/oracle/configs-4.3.1.csv`).
//! What a value may be is judged in [`value`], what goes together in [`check`].

mod broker;
mod chosen;
mod consumer;
mod producer;
mod table;
mod topic;
pub mod value;

pub use broker::{BrokerConflict, broker_conflict};
pub use chosen::{Chosen, Refused, check};
pub use consumer::{ConsumerConflict, auto_commits, consumer_conflict, generated_client_id};
pub use producer::{Idempotence, ProducerConflict, acks_number, delivery_timeout_ms, idempotence, producer_conflict};
pub use table::SETTINGS;
pub use topic::{TopicConflict, topic_conflict};

use value::Kind;

/// Whose setting it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Producer,
    Consumer,
    Topic,
    Broker,
}

impl Scope {
    /// As prose and the table of 4.3.1 write it; of a broker's settings the table also names the part.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Scope::Producer => "producer",
            Scope::Consumer => "consumer",
            Scope::Topic => "topic",
            Scope::Broker => "broker",
        }
    }
}

/// What a number of a setting counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A count, or no number at all.
    Plain,
    Milliseconds,
    Minutes,
}

/// One setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    pub scope: Scope,
    pub name: &'static str,
    /// As Kafka prints it.
    pub default: &'static str,
    pub unit: Unit,
    /// What it may be.
    pub kind: Kind,
}

impl Setting {
    /// The setting that prose names as `topic/retention.ms`.
    #[must_use]
    pub fn named(path: &str) -> Option<&'static Setting> {
        let (scope, name) = path.split_once('/')?;
        SETTINGS.iter().find(|setting| setting.scope.word() == scope && setting.name == name)
    }

    /// A time in the largest unit that it is a whole number of: "7 days". None for what is no time, or is never.
    #[must_use]
    pub fn in_words(&self) -> Option<String> {
        let milliseconds = match self.unit {
            Unit::Plain => return None,
            Unit::Milliseconds => 1,
            Unit::Minutes => 60_000,
        };
        let milliseconds = milliseconds * self.default.parse::<u64>().ok()?;
        let units = [(86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1_000, "second")];
        let (length, name) = units.into_iter().find(|(length, _)| milliseconds > 0 && milliseconds % length == 0)?;
        let count = milliseconds / length;
        Some(format!("{count} {name}{}", if count == 1 { "" } else { "s" }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{ConsumerSettings, ProducerSettings};

    #[test]
    fn the_world_begins_with_the_same_defaults() {
        let default = |path| Setting::named(path).expect("listed").default;
        let (producer, consumer) = (ProducerSettings::default(), ConsumerSettings::default());
        assert_eq!(producer.acks.to_string(), default("producer/acks"));
        assert_eq!(producer.linger_ms.to_string(), default("producer/linger.ms"));
        assert_eq!(producer.batch_size_bytes.to_string(), default("producer/batch.size"));
        assert_eq!(consumer.max_poll_records.to_string(), default("consumer/max.poll.records"));
        let reset = format!("{:?}", consumer.auto_offset_reset).to_lowercase();
        assert_eq!(reset, default("consumer/auto.offset.reset"));
    }

    #[test]
    fn times_are_said_in_the_largest_whole_unit() {
        let words = |path| Setting::named(path).and_then(Setting::in_words);
        assert_eq!(words("topic/retention.ms").as_deref(), Some("7 days"));
        assert_eq!(words("broker/offsets.retention.minutes").as_deref(), Some("7 days"));
        assert_eq!(words("consumer/auto.commit.interval.ms").as_deref(), Some("5 seconds"));
        assert_eq!(words("producer/linger.ms"), None);
        assert_eq!(words("topic/retention.bytes"), None);
    }
}
