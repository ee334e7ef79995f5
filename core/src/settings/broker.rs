//! What goes together in a broker (Kafka: `KafkaConfig.validateValues`, `GroupCoordinatorConfig`).

use super::chosen::{Chosen, ILLEGAL_ARGUMENT, Refused};
use super::value::Value;

const DEDUPE_BUFFER: &str = "log.cleaner.dedupe.buffer.size";
const CLEANER_THREADS: &str = "log.cleaner.threads";
const FETCH_WAIT: &str = "replica.fetch.wait.max.ms";
const LAG_TIME: &str = "replica.lag.time.max.ms";
const SOCKET_TIMEOUT: &str = "replica.socket.timeout.ms";
const ASSIGNORS: &str = "group.consumer.assignors";
const HEARTBEAT: [&str; 3] = [
    "group.consumer.min.heartbeat.interval.ms",
    "group.consumer.heartbeat.interval.ms",
    "group.consumer.max.heartbeat.interval.ms",
];
const INTERVAL: [&str; 3] = [
    "group.consumer.min.assignment.interval.ms",
    "group.consumer.assignment.interval.ms",
    "group.consumer.max.assignment.interval.ms",
];
const OFFSETS_CODEC: &str = "offsets.topic.compression.codec";
/// None, gzip, snappy, lz4, zstd.
const CODECS: std::ops::RangeInclusive<i64> = 0..=4;
const RETENTION: &str = "log.retention.ms";
const ROLL: &str = "log.roll.ms";
const ROLL_JITTER: &str = "log.roll.jitter.ms";
const SESSION: [&str; 3] = [
    "group.consumer.min.session.timeout.ms",
    "group.consumer.session.timeout.ms",
    "group.consumer.max.session.timeout.ms",
];

const MIB: i64 = 1024 * 1024;

/// The assignors of the broker that have a short name; others are classes.
const KNOWN_ASSIGNORS: [&str; 2] = ["uniform", "range"];

/// What does not go together, or what only this check refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokerConflict {
    /// An assignor that is neither known nor a class.
    UnknownAssignor,
    /// `offsets.topic.compression.codec` is a number, and this one means nothing.
    UnknownCodec,
    /// The first has to be at least, or more than, the second.
    Order { larger: &'static str, smaller: &'static str },
    /// No time at all to keep records, to fill a segment, or less than none to vary that by.
    NoTime(&'static str),
    /// The map of compaction needs 1 MiB a thread, and more.
    DedupeBufferTooSmall,
}

/// The first conflict that Kafka finds.
#[must_use]
pub fn broker_conflict(chosen: &Chosen) -> Option<BrokerConflict> {
    let is_out_of_order = |pair: &Ordered| {
        chosen.exceeds(pair.smaller, pair.larger) || !pair.equal_too && !chosen.exceeds(pair.larger, pair.smaller)
    };
    let order = |pair: Ordered| BrokerConflict::Order { larger: pair.larger, smaller: pair.smaller };
    let assignors = chosen.given(ASSIGNORS).filter(|assignors| !are_known(assignors));
    let small = dedupe_bytes_a_thread(chosen).filter(|bytes| *bytes <= MIB);
    let codec = chosen.number(OFFSETS_CODEC).filter(|codec| !CODECS.contains(codec));
    assignors
        .map(|_| BrokerConflict::UnknownAssignor)
        .or_else(|| group_order().find(is_out_of_order).map(order))
        .or_else(|| codec.map(|_| BrokerConflict::UnknownCodec))
        .or_else(|| no_time(chosen).map(BrokerConflict::NoTime))
        .or_else(|| small.map(|_| BrokerConflict::DedupeBufferTooSmall))
        .or_else(|| replica_order().into_iter().find(is_out_of_order).map(order))
}

/// The first may not be smaller than the second, nor equal where it says so.
struct Ordered {
    larger: &'static str,
    smaller: &'static str,
    equal_too: bool,
}

fn group_order() -> impl Iterator<Item = Ordered> {
    let pair = |larger, smaller| Ordered { larger, smaller, equal_too: true };
    let within = move |[min, value, max]: [&'static str; 3]| [pair(max, min), pair(value, min), pair(max, value)];
    let [_, heartbeat, _] = HEARTBEAT;
    let [_, session, _] = SESSION;
    let timeouts = within(HEARTBEAT).into_iter().chain(within(SESSION));
    timeouts.chain([Ordered { larger: session, smaller: heartbeat, equal_too: false }]).chain(within(INTERVAL))
}

fn replica_order() -> [Ordered; 2] {
    [SOCKET_TIMEOUT, LAG_TIME].map(|larger| Ordered { larger, smaller: FETCH_WAIT, equal_too: true })
}

/// The setting that leaves no time, by the name of the one that wins over the others of its kind.
fn no_time(chosen: &Chosen) -> Option<&'static str> {
    if chosen.number(ROLL).is_some_and(|ms| ms < 1) {
        Some(ROLL)
    } else if chosen.number(ROLL_JITTER).is_some_and(|ms| ms < 0) {
        Some(ROLL_JITTER)
    } else if retention_ms(chosen) == Some(0) {
        Some(RETENTION)
    } else {
        None
    }
}

/// Milliseconds win over minutes, minutes over hours; anything negative is for ever.
fn retention_ms(chosen: &Chosen) -> Option<i64> {
    let scaled = |name, ms: i64| chosen.number(name).map(|number| number.saturating_mul(ms));
    let minutes = || scaled("log.retention.minutes", 60_000);
    let hours = || scaled("log.retention.hours", 3_600_000);
    scaled(RETENTION, 1).or_else(minutes).or_else(hours)
}

fn dedupe_bytes_a_thread(chosen: &Chosen) -> Option<i64> {
    chosen.number(DEDUPE_BUFFER)?.checked_div(chosen.number(CLEANER_THREADS)?)
}

fn are_known(assignors: &Value) -> bool {
    match assignors {
        Value::List(names) => names.iter().all(|name| KNOWN_ASSIGNORS.contains(&name.as_str())),
        _ => false,
    }
}

impl BrokerConflict {
    pub(super) fn refused(self) -> Refused {
        match self {
            BrokerConflict::UnknownCodec => Refused::new(ILLEGAL_ARGUMENT, &[]),
            BrokerConflict::UnknownAssignor => Refused::new("ClassNotFoundException", &[]),
            BrokerConflict::Order { larger, smaller } => Refused::new(ILLEGAL_ARGUMENT, &[larger, smaller]),
            BrokerConflict::NoTime(name) => Refused::new(ILLEGAL_ARGUMENT, &[name]),
            BrokerConflict::DedupeBufferTooSmall => Refused::new(ILLEGAL_ARGUMENT, &[DEDUPE_BUFFER]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Scope, check};
    use super::*;

    #[test]
    fn a_follower_that_waits_longer_than_it_may_lag_is_refused() {
        let lag = |lag| check(Scope::Broker, [(LAG_TIME, lag), (FETCH_WAIT, "500")]).is_ok();
        assert!(lag("500") && !lag("499"));
    }

    #[test]
    fn retention_for_no_time_is_refused_and_for_ever_is_not() {
        let keep = |name, time| check(Scope::Broker, [(name, time)]).is_ok();
        assert!(!keep("log.retention.ms", "0") && !keep("log.retention.minutes", "0"));
        assert!(keep("log.retention.ms", "-1"));
    }
}
