//! Text to commands. Total: every line is either understood or a problem with its place; nothing is lost.

mod line;

use super::{Acks, COMMANDS, ClusterSettings, Command, ConsumerSettings, ElectionType, Link, OffsetReset, Polls};
use super::{ProducerSettings, Schedule, Script, ScriptLine, TopicChange, VERSION};
use crate::ids::{BrokerId, ConsumerIndex, ControllerId, Endpoint, MessageId, MessageKind, Offset, ProducerIndex};
use crate::rules::commit_rule::CommitRule;
use crate::rules::fold::Program;
use crate::rules::storage::StorageRule;
use crate::rules::truncation_rule::TruncationRule;
use crate::world::TopicSettings;
use line::{Arguments, Read, tokens};

/// What a text said, and what of it could not be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// The lines that were understood, in order.
    pub script: Script,
    /// In the order of the text.
    pub problems: Vec<Problem>,
}

/// A place in a script that could not be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// 1 for the first line.
    pub line: u32,
    /// In characters; 1 for the first.
    pub column: u32,
    /// The text that stands there; empty at the end of a line.
    pub found: String,
    pub expected: Expected,
}

/// What should have stood there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// One of [`COMMANDS`].
    CommandWord,
    /// The version that this engine speaks.
    KnownVersion,
    /// A whole number of this range, both ends included.
    Number {
        least: i64,
        most: i64,
    },
    /// One of these words.
    OneOf(&'static [&'static str]),
    ProducerName,
    ConsumerName,
    /// A broker's number, 1 to 9.
    BrokerNumber,
    /// Brokers' numbers with commas between them, each once, as in `2,3,1`.
    BrokerList,
    /// A broker's number, or a controller such as k1.
    MachineName,
    /// A kind of message, such as `fetch`.
    MessageKind,
    /// Two ends with a dash between them, as in `2-1`.
    LinkName,
    /// As in `fetch.2-1.4`.
    MessageName,
    /// A bare word or a text in quotes.
    Text,
    /// This option, which the command needs, as in `offset=0`.
    Option(&'static str),
    /// A quote that ends the text.
    ClosingQuote,
    /// One of `\" \\ \n \t \r \u{…}`.
    Escape,
    /// Nothing more: the command ends before this.
    EndOfLine,
}

/// Longest text that is read as one script, in bytes; more is refused as a whole.
const LINES_MAX: usize = 20_000;

pub(super) fn script(text: &str) -> Parsed {
    let mut script = Script { seed: 0, lines: Vec::new() };
    let mut problems = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        if index >= LINES_MAX {
            let expected = Expected::EndOfLine;
            problems.push(Problem { line: number, column: 1, found: String::from("more lines"), expected });
            break;
        }
        match read_line(line, number, &mut script.seed) {
            Ok(Some(command)) => script.lines.push(ScriptLine { number, command }),
            Ok(None) => {}
            Err(problem) => problems.push(*problem),
        }
    }
    Parsed { script, problems }
}

/// A command, nothing (an empty line, a comment, `version`, `seed`), or the first problem of the line.
fn read_line(line: &str, number: u32, seed: &mut u64) -> Read<Option<Command>> {
    let tokens = tokens(line, number)?;
    let mut rest = Arguments::new(tokens, number, line);
    let Some(word) = rest.verb() else { return Ok(None) };
    let command = match word.as_str() {
        "version" => {
            rest.fits(Expected::KnownVersion, |text| (text.parse() == Ok(VERSION)).then_some(()))?;
            None
        }
        "seed" => {
            let most = Expected::Number { least: 0, most: i64::MAX };
            *seed = rest.fits(most, |text| text.parse().ok())?;
            None
        }
        _ => Some(command(&word, &mut rest)?),
    };
    rest.finish()?;
    Ok(command)
}

fn command(word: &str, rest: &mut Arguments) -> Read<Command> {
    Ok(match word {
        "cluster" => Command::Cluster(cluster(rest)?),
        "network" => Command::Network {
            latency_ms: rest.number("latency.ms", 0, 600_000)?.unwrap_or(10),
            jitter_ms: rest.number("jitter.ms", 0, 600_000)?.unwrap_or(0),
        },
        "link" => Command::Link { link: link(rest)?, latency_ms: rest.needed_number("latency.ms", 0, 600_000)? },
        "producer" => Command::Producer { id: producer(rest)?, settings: producer_settings(rest)? },
        "consumer" => Command::Consumer { id: consumer(rest)?, settings: consumer_settings(rest)? },
        "schedule" => Command::Schedule(rest.word(&["auto", "hand"], |word| match word {
            "auto" => Some(Schedule::Automatic),
            "hand" => Some(Schedule::ByHand),
            _ => None,
        })?),
        "send" => Command::Send { producer: producer(rest)?, key: rest.text("key")?, value: rest.text("value")? },
        "flush" => Command::Flush { producer: producer(rest)? },
        "fetch" => Command::Fetch { broker: broker(rest)? },
        "poll" => Command::Poll { consumer: consumer(rest)? },
        "commit" => Command::Commit { consumer: consumer(rest)? },
        "seek" => {
            Command::Seek { consumer: consumer(rest)?, offset: Offset(rest.needed_number("offset", 0, i64::MAX)?) }
        }
        "restart" => Command::Restart { consumer: consumer(rest)? },
        "deploy" => Command::Deploy { consumer: consumer(rest)?, program: deployed(rest)? },
        "storage" => Command::Storage(rest.word(&STORAGE, read_storage)?),
        "config" => Command::Config(config(rest)?),
        "commit-rule" => Command::CommitRule(rest.word(&["leader", "majority", "isr", "all"], read_commit_rule)?),
        "truncation-rule" => Command::TruncationRule(
            rest.word(&["high-watermark", "kip-101", "kip-279", "kip-320"], read_truncation_rule)?,
        ),
        "crash" => Command::Crash { at: machine(rest)?, keep: rest.number("keep", 0, i64::MAX)?.map(Offset) },
        "stop" => Command::Stop { broker: broker(rest)? },
        "start" => Command::Start { at: machine(rest)? },
        "freeze" => Command::Freeze { at: machine(rest)? },
        "thaw" => Command::Thaw { at: machine(rest)? },
        "wipe" => Command::Wipe { broker: broker(rest)? },
        "sync" => Command::Sync { broker: broker(rest)? },
        "slow-disk" => Command::SlowDisk { broker: broker(rest)?, ms: rest.needed_number("ms", 0, 600_000)? },
        "clock" => Command::Clock { broker: broker(rest)?, ahead_ms: rest.needed_number("ahead.ms", 0, 86_400_000)? },
        "cut" => Command::Cut { link: link(rest)?, both_ways: yes_or_no(rest, "both")?.unwrap_or(false) },
        "heal" => Command::Heal { link: link(rest)?, both_ways: yes_or_no(rest, "both")?.unwrap_or(false) },
        "drop-next" => Command::DropNext { kind: rest.fits(Expected::MessageKind, read_kind)?, link: link(rest)? },
        "elect" => Command::Elect(rest.word(&["preferred", "unclean"], |word| match word {
            "preferred" => Some(ElectionType::Preferred),
            "unclean" => Some(ElectionType::Unclean),
            _ => None,
        })?),
        "reassign" => Command::Reassign { replicas: rest.fits(Expected::BrokerList, read_brokers)? },
        "fence" => Command::Fence { broker: broker(rest)? },
        "learn" => Command::Learn { broker: broker(rest)? },
        "heartbeat" => Command::Heartbeat { broker: broker(rest)? },
        "register" => Command::Register { broker: broker(rest)? },
        "check-isr" => Command::CheckIsr { broker: broker(rest)? },
        "checkpoint" => Command::Checkpoint { broker: broker(rest)? },
        "hold" => Command::Hold { link: link(rest)? },
        "release" => Command::Release { link: link(rest)? },
        "deliver" => Command::Deliver { message: message(rest)? },
        "drop" => Command::Drop { message: message(rest)? },
        "wait" => Command::Wait { ms: rest.bare_number(0, 86_400_000)? },
        "step" => Command::Step { count: rest.bare_number(1, 100_000)? },
        "mark" => Command::Mark { name: rest.fits(Expected::Text, |text| Some(text.to_owned()))? },
        _ => return Err(rest.problem_at_verb(Expected::CommandWord)),
    })
}

fn cluster(rest: &mut Arguments) -> Read<ClusterSettings> {
    let default = ClusterSettings::of_brokers(rest.needed_number("brokers", 1, 5)?);
    let replicas = rest.number("replication.factor", 1, default.brokers.into())?;
    Ok(ClusterSettings {
        replication_factor: replicas.unwrap_or(default.brokers),
        controllers: rest.number("controllers", 0, 5)?.unwrap_or(default.controllers),
        storage: storage(rest)?,
        topic: topic(rest)?,
        elr: yes_or_no(rest, "elr")?.unwrap_or(default.elr),
        lag_max_ms: rest.number("replica.lag.time.max.ms", 1, 600_000)?.unwrap_or(default.lag_max_ms),
        ..default
    })
}

fn topic(rest: &mut Arguments) -> Read<TopicSettings> {
    Ok(topic_change(rest)?.of(TopicSettings::default()))
}

/// At least one of them.
fn config(rest: &mut Arguments) -> Read<TopicChange> {
    match topic_change(rest)? {
        TopicChange { min_in_sync: None, unclean_elections: None } => {
            Err(rest.problem_at_end(Expected::Option("min.insync.replicas")))
        }
        change => Ok(change),
    }
}

fn topic_change(rest: &mut Arguments) -> Read<TopicChange> {
    Ok(TopicChange {
        min_in_sync: rest.number("min.insync.replicas", 1, 5)?,
        unclean_elections: yes_or_no(rest, "unclean.leader.election.enable")?,
    })
}

fn yes_or_no(rest: &mut Arguments, name: &'static str) -> Read<Option<bool>> {
    rest.option(name, &["true", "false"], |word| word.parse().ok())
}

fn read_commit_rule(word: &str) -> Option<CommitRule> {
    CommitRule::ALL.into_iter().find(|rule| rule.word() == word)
}

fn read_truncation_rule(word: &str) -> Option<TruncationRule> {
    TruncationRule::ALL.into_iter().find(|rule| rule.word() == word)
}

fn broker(rest: &mut Arguments) -> Read<BrokerId> {
    rest.fits(Expected::BrokerNumber, read_broker)
}

/// As in `2,3,1`; nobody twice.
fn read_brokers(text: &str) -> Option<Vec<BrokerId>> {
    let mut brokers = Vec::new();
    for word in text.split(',') {
        let broker = read_broker(word).filter(|broker| !brokers.contains(broker))?;
        brokers.push(broker);
    }
    Some(brokers)
}

/// A broker or a controller.
fn machine(rest: &mut Arguments) -> Read<Endpoint> {
    rest.fits(Expected::MachineName, |text| {
        read_endpoint(text).filter(|end| matches!(end, Endpoint::Broker(_) | Endpoint::Controller(_)))
    })
}

fn read_kind(word: &str) -> Option<MessageKind> {
    MessageKind::ALL.into_iter().find(|kind| kind.word() == word)
}

fn producer_settings(rest: &mut Arguments) -> Read<ProducerSettings> {
    let default = ProducerSettings::default();
    let linger_ms = rest.number("linger.ms", 0, 86_400_000)?.unwrap_or(default.linger_ms);
    let request_timeout_ms = rest.number("request.timeout.ms", 0, 86_400_000)?.unwrap_or(default.request_timeout_ms);
    // A record has to be sent once at least.
    let once_ms: u32 = linger_ms + request_timeout_ms;
    let delivery_timeout_ms = rest.number("delivery.timeout.ms", once_ms.into(), i64::from(i32::MAX))?;
    Ok(ProducerSettings {
        acks: rest.option("acks", &["all", "0", "1"], read_acks)?.unwrap_or(default.acks),
        linger_ms,
        batch_size_bytes: rest.number("batch.size", 0, 1_048_576)?.unwrap_or(default.batch_size_bytes),
        retries: rest.number("retries", 0, i64::from(i32::MAX))?.unwrap_or(default.retries),
        delivery_timeout_ms: delivery_timeout_ms.unwrap_or(default.delivery_timeout_ms.max(once_ms)),
        request_timeout_ms,
    })
}

fn consumer_settings(rest: &mut Arguments) -> Read<ConsumerSettings> {
    let default = ConsumerSettings::default();
    let polls = rest.option("poll", &["loop", "hand"], |word| match word {
        "loop" => Some(Polls::InALoop),
        "hand" => Some(Polls::ByHand),
        _ => None,
    })?;
    let reset = rest.option("auto.offset.reset", &["earliest", "latest"], |word| match word {
        "earliest" => Some(OffsetReset::Earliest),
        "latest" => Some(OffsetReset::Latest),
        _ => None,
    })?;
    Ok(ConsumerSettings {
        polls: polls.unwrap_or(default.polls),
        auto_offset_reset: reset.unwrap_or(default.auto_offset_reset),
        max_poll_records: rest.number("max.poll.records", 1, 1_000_000)?.unwrap_or(default.max_poll_records),
        work_ms: rest.number("work.ms", 0, 86_400_000)?.unwrap_or(default.work_ms),
        program: rest.option("program", &PROGRAMS, read_program)?,
    })
}

const PROGRAMS: [&str; 3] = ["balances-v1", "balances-v2", "orders"];

fn read_program(word: &str) -> Option<Program> {
    Program::ALL.into_iter().find(|program| program.word() == word)
}

fn deployed(rest: &mut Arguments) -> Read<Program> {
    let program = rest.option("program", &PROGRAMS, read_program)?;
    program.ok_or_else(|| rest.problem_at_end(Expected::Option("program")))
}

fn storage(rest: &mut Arguments) -> Read<StorageRule> {
    Ok(rest.option("storage", &STORAGE, read_storage)?.unwrap_or(StorageRule::Keep))
}

const STORAGE: [&str; 2] = ["keep", "delete-on-acknowledge"];

fn read_storage(word: &str) -> Option<StorageRule> {
    match word {
        "keep" => Some(StorageRule::Keep),
        "delete-on-acknowledge" => Some(StorageRule::DeleteOnAcknowledge),
        _ => None,
    }
}

fn read_acks(word: &str) -> Option<Acks> {
    match word {
        "0" => Some(Acks::None),
        "1" => Some(Acks::Leader),
        "all" | "-1" => Some(Acks::All),
        _ => None,
    }
}

fn producer(rest: &mut Arguments) -> Read<ProducerIndex> {
    rest.fits(Expected::ProducerName, |text| match read_endpoint(text)? {
        Endpoint::Producer(id) => Some(id),
        _ => None,
    })
}

fn consumer(rest: &mut Arguments) -> Read<ConsumerIndex> {
    rest.fits(Expected::ConsumerName, |text| match read_endpoint(text)? {
        Endpoint::Consumer(id) => Some(id),
        _ => None,
    })
}

fn link(rest: &mut Arguments) -> Read<Link> {
    rest.fits(Expected::LinkName, read_link)
}

fn message(rest: &mut Arguments) -> Read<MessageId> {
    rest.fits(Expected::MessageName, read_message)
}

fn read_broker(text: &str) -> Option<BrokerId> {
    text.parse().ok().filter(|n| (1..=9).contains(n)).map(BrokerId)
}

fn read_endpoint(text: &str) -> Option<Endpoint> {
    let number = |text: &str| text.parse::<u8>().ok().filter(|n| (1..=99).contains(n));
    if let Some(rest) = text.strip_prefix('p') {
        return number(rest).map(|n| Endpoint::Producer(ProducerIndex(n)));
    }
    if let Some(rest) = text.strip_prefix('c') {
        return number(rest).map(|n| Endpoint::Consumer(ConsumerIndex(n)));
    }
    if let Some(rest) = text.strip_prefix('k') {
        return number(rest).map(|n| Endpoint::Controller(ControllerId(n)));
    }
    read_broker(text).map(Endpoint::Broker)
}

fn read_link(text: &str) -> Option<Link> {
    let (from, to) = text.split_once('-')?;
    Some(Link { from: read_endpoint(from)?, to: read_endpoint(to)? })
}

fn read_message(text: &str) -> Option<MessageId> {
    let mut parts = text.split('.');
    let word = parts.next()?;
    let kind = read_kind(word)?;
    let Link { from, to } = read_link(parts.next()?)?;
    let count = parts.next()?.parse().ok()?;
    parts.next().is_none().then_some(MessageId { kind, from, to, count })
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, column {}: ", self.line, self.column)?;
        match self.found.as_str() {
            "" => f.write_str("the line ends here")?,
            found => write!(f, "found `{found}`")?,
        }
        write!(f, "; expected {}", self.expected)
    }
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Expected::CommandWord => {
                let words: Vec<&str> = COMMANDS.iter().map(|help| help.word).collect();
                write!(f, "a command: {}", words.join(", "))
            }
            Expected::KnownVersion => write!(f, "{VERSION}, the version that this engine speaks"),
            Expected::Number { least, most: i64::MAX } => write!(f, "a whole number, {least} or more"),
            Expected::Number { least, most } => write!(f, "a whole number from {least} to {most}"),
            Expected::OneOf(words) => write!(f, "{}", words.join(" or ")),
            Expected::ProducerName => f.write_str("a producer, such as p1"),
            Expected::ConsumerName => f.write_str("a consumer, such as c1"),
            Expected::BrokerNumber => f.write_str("a broker's number, 1 to 9"),
            Expected::BrokerList => f.write_str("brokers' numbers with commas between them, each once, such as 2,3,1"),
            Expected::MachineName => f.write_str("a broker's number, or a controller, such as k1"),
            Expected::MessageKind => {
                let words: Vec<&str> = MessageKind::ALL.iter().map(|kind| kind.word()).collect();
                write!(f, "a kind of message: {}", words.join(", "))
            }
            Expected::LinkName => f.write_str("a link, such as 2-1"),
            Expected::MessageName => f.write_str("a message, such as fetch.2-1.4"),
            Expected::Text => f.write_str("a word, or a text in quotes"),
            Expected::Option(name) => write!(f, "{name}=…"),
            Expected::ClosingQuote => f.write_str("a quote that ends the text"),
            Expected::Escape => f.write_str(r#"one of \" \\ \n \t \r \u{…}"#),
            Expected::EndOfLine => f.write_str("the end of the line"),
        }
    }
}
