//! Commands as text: the mirror of `parse.rs`, in the same order.

use super::{Acks, Command, Link, OffsetReset, Polls, Schedule, Script, VERSION};
use crate::rules::storage::StorageRule;
use std::fmt;

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "version {VERSION}")?;
        writeln!(f, "seed {}", self.seed)?;
        for command in self.commands() {
            writeln!(f, "{command}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Command::Cluster { brokers, storage } => write!(f, "cluster brokers={brokers} storage={storage}"),
            Command::Network { latency_ms, jitter_ms } => {
                write!(f, "network latency.ms={latency_ms} jitter.ms={jitter_ms}")
            }
            Command::Link { link, latency_ms } => write!(f, "link {link} latency.ms={latency_ms}"),
            Command::Producer { id, settings } => {
                write!(f, "producer {id} acks={} linger.ms={}", settings.acks, settings.linger_ms)?;
                write!(f, " batch.size={}", settings.batch_size_bytes)
            }
            Command::Consumer { id, settings } => {
                write!(f, "consumer {id} poll={}", settings.polls)?;
                write!(f, " auto.offset.reset={}", settings.auto_offset_reset)?;
                write!(f, " max.poll.records={} work.ms={}", settings.max_poll_records, settings.work_ms)?;
                match settings.program {
                    Some(program) => write!(f, " program={}", program.word()),
                    None => Ok(()),
                }
            }
            Command::Schedule(schedule) => write!(f, "schedule {schedule}"),
            Command::Send { producer, key, value } => {
                write!(f, "send {producer} key={} value={}", Value(key.as_deref()), Value(value.as_deref()))
            }
            Command::Flush { producer } => write!(f, "flush {producer}"),
            Command::Fetch { broker } => write!(f, "fetch {broker}"),
            Command::Poll { consumer } => write!(f, "poll {consumer}"),
            Command::Commit { consumer } => write!(f, "commit {consumer}"),
            Command::Seek { consumer, offset } => write!(f, "seek {consumer} offset={offset}"),
            Command::Restart { consumer } => write!(f, "restart {consumer}"),
            Command::Deploy { consumer, program } => write!(f, "deploy {consumer} program={}", program.word()),
            Command::Storage(rule) => write!(f, "storage {rule}"),
            Command::Hold { link } => write!(f, "hold {link}"),
            Command::Release { link } => write!(f, "release {link}"),
            Command::Deliver { message } => write!(f, "deliver {message}"),
            Command::Drop { message } => write!(f, "drop {message}"),
            Command::Wait { ms } => write!(f, "wait {ms}"),
            Command::Step { count } => write!(f, "step {count}"),
            Command::Mark { name } => write!(f, "mark {}", Value(Some(name))),
        }
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from, self.to)
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Schedule::Automatic => "auto",
            Schedule::ByHand => "hand",
        })
    }
}

impl fmt::Display for StorageRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            StorageRule::Keep => "keep",
            StorageRule::DeleteOnAcknowledge => "delete-on-acknowledge",
        })
    }
}

impl fmt::Display for Acks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Acks::None => "0",
            Acks::Leader => "1",
            Acks::All => "all",
        })
    }
}

impl fmt::Display for Polls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Polls::InALoop => "loop",
            Polls::ByHand => "hand",
        })
    }
}

impl fmt::Display for OffsetReset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            OffsetReset::Earliest => "earliest",
            OffsetReset::Latest => "latest",
        })
    }
}

/// A key, value or name: bare where that reads back as the same text, else in quotes; null as the bare word.
struct Value<'a>(Option<&'a str>);

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(text) = self.0 else { return f.write_str("null") };
        let bare = |c: char| c.is_ascii_alphanumeric() || "+-_.:/€%@".contains(c);
        if !text.is_empty() && text != "null" && text.chars().all(bare) {
            return f.write_str(text);
        }
        f.write_str("\"")?;
        for c in text.chars() {
            match c {
                '"' => f.write_str("\\\"")?,
                '\\' => f.write_str("\\\\")?,
                '\n' => f.write_str("\\n")?,
                '\t' => f.write_str("\\t")?,
                '\r' => f.write_str("\\r")?,
                c if c.is_control() => write!(f, "\\u{{{:x}}}", u32::from(c))?,
                c => write!(f, "{c}")?,
            }
        }
        f.write_str("\"")
    }
}
