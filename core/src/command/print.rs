//! Commands as text: the mirror of `parse.rs`, in the same order.

use super::{Acks, ClusterSettings, Command, ElectionType, Link, OffsetReset, Polls, ProducerSettings, Schedule};
use super::{Script, VERSION};
use crate::ids::BrokerId;
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
            Command::Cluster(settings) => settings.fmt(f),
            Command::Network { latency_ms, jitter_ms } => {
                write!(f, "network latency.ms={latency_ms} jitter.ms={jitter_ms}")
            }
            Command::Link { link, latency_ms } => write!(f, "link {link} latency.ms={latency_ms}"),
            Command::Producer { id, settings } => write!(f, "producer {id} {settings}"),
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
            Command::Config(change) => {
                f.write_str("config")?;
                change.min_in_sync.map_or(Ok(()), |to| write!(f, " min.insync.replicas={to}"))?;
                change.unclean_elections.map_or(Ok(()), |to| write!(f, " unclean.leader.election.enable={to}"))
            }
            Command::CommitRule(rule) => write!(f, "commit-rule {}", rule.word()),
            Command::TruncationRule(rule) => write!(f, "truncation-rule {}", rule.word()),
            Command::Crash { at, keep: None } => write!(f, "crash {at}"),
            Command::Crash { at, keep: Some(keep) } => write!(f, "crash {at} keep={keep}"),
            Command::Stop { broker } => write!(f, "stop {broker}"),
            Command::Start { at } => write!(f, "start {at}"),
            Command::Freeze { at } => write!(f, "freeze {at}"),
            Command::Thaw { at } => write!(f, "thaw {at}"),
            Command::Wipe { broker } => write!(f, "wipe {broker}"),
            Command::Sync { broker } => write!(f, "sync {broker}"),
            Command::SlowDisk { broker, ms } => write!(f, "slow-disk {broker} ms={ms}"),
            Command::Clock { broker, ahead_ms } => write!(f, "clock {broker} ahead.ms={ahead_ms}"),
            Command::Cut { link, both_ways } => write!(f, "cut {link}{}", Both(*both_ways)),
            Command::Heal { link, both_ways } => write!(f, "heal {link}{}", Both(*both_ways)),
            Command::DropNext { kind, link } => write!(f, "drop-next {} {link}", kind.word()),
            Command::Reassign { replicas } => write!(f, "reassign {}", Replicas(replicas)),
            Command::Elect(ElectionType::Preferred) => f.write_str("elect preferred"),
            Command::Elect(ElectionType::Unclean) => f.write_str("elect unclean"),
            Command::Fence { broker } => write!(f, "fence {broker}"),
            Command::Learn { broker } => write!(f, "learn {broker}"),
            Command::Heartbeat { broker } => write!(f, "heartbeat {broker}"),
            Command::Register { broker } => write!(f, "register {broker}"),
            Command::CheckIsr { broker } => write!(f, "check-isr {broker}"),
            Command::Checkpoint { broker } => write!(f, "checkpoint {broker}"),
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

/// What is seldom chosen is printed where it is.
impl fmt::Display for ProducerSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ProducerSettings { acks, linger_ms, batch_size_bytes, .. } = self;
        write!(f, "acks={acks} linger.ms={linger_ms} batch.size={batch_size_bytes}")?;
        let default = ProducerSettings::default();
        let seldom = [
            ("retries", self.retries, default.retries),
            ("delivery.timeout.ms", self.delivery_timeout_ms, default.delivery_timeout_ms),
            ("request.timeout.ms", self.request_timeout_ms, default.request_timeout_ms),
        ];
        let mut chosen = seldom.into_iter().filter(|(_, value, default)| value != default);
        chosen.try_for_each(|(name, value, _)| write!(f, " {name}={value}"))
    }
}

/// What is as it is by default is left out, but for what is kept.
impl fmt::Display for ClusterSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ClusterSettings { brokers, controllers, replication_factor, storage, topic, elr, lag_max_ms } = *self;
        let default = ClusterSettings::of_brokers(brokers);
        write!(f, "cluster brokers={brokers}")?;
        if controllers != default.controllers {
            write!(f, " controllers={controllers}")?;
        }
        if replication_factor != brokers {
            write!(f, " replication.factor={replication_factor}")?;
        }
        write!(f, " storage={storage}")?;
        if topic != default.topic {
            write!(f, " min.insync.replicas={}", topic.min_in_sync)?;
            write!(f, " unclean.leader.election.enable={}", topic.unclean_elections)?;
        }
        if elr != default.elr {
            write!(f, " elr={elr}")?;
        }
        if lag_max_ms != default.lag_max_ms {
            write!(f, " replica.lag.time.max.ms={lag_max_ms}")?;
        }
        Ok(())
    }
}

/// Brokers with commas between them.
struct Replicas<'a>(&'a [BrokerId]);

impl fmt::Display for Replicas<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(at, id)| write!(f, "{}{id}", if at == 0 { "" } else { "," }))
    }
}

/// The option that makes a cut go both ways.
struct Both(bool);

impl fmt::Display for Both {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 { f.write_str(" both=true") } else { Ok(()) }
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

#[cfg(test)]
mod tests {
    use crate::command::Script;

    #[test]
    fn a_setting_that_is_not_named_is_not_printed() {
        for line in ["min.insync.replicas=2", "unclean.leader.election.enable=true"] {
            let line = format!("config {line}");
            let read = Script::parse(&line).script;
            assert_eq!(read.commands().map(ToString::to_string).collect::<Vec<_>>(), [line]);
        }
        assert_eq!(Script::parse("config").problems.len(), 1);
    }
}
