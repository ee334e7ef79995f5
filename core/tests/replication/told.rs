//! How a story is played and told: at each mark, who is what and holds what; between marks, what decided it.

use kafka_lab::command::{Command, Script, ScriptLine};
use kafka_lab::event::{Event, EventKind};
use kafka_lab::ids::{BrokerId, Offset, Tick};
use kafka_lab::rules::truncation_rule::TruncationRule;
use kafka_lab::timeline::Run;
use kafka_lab::words::story;
use kafka_lab::world::{Broker, ErrorCode, Process, Role, World};
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;

/// A story that was played.
#[derive(Debug)]
pub(crate) struct Told {
    name: String,
    script: Script,
    pub(crate) run: Run,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/replication/stories")
}

/// Plays `stories/<name>.lab`, and holds what it tells against `stories/<name>.txt`.
pub(crate) fn tell(name: &str) -> Told {
    tell_with(name, name, |_| {})
}

/// The same story where replicas cut their logs by another rule; `stories/<name>-<rule>.txt`.
pub(crate) fn tell_by(name: &str, rule: TruncationRule) -> Told {
    tell_with(name, &format!("{name}-{}", rule.word()), |script| go_by(script, rule))
}

/// The same without holding it against a text.
pub(crate) fn play_by(name: &str, rule: TruncationRule) -> Told {
    play_with(name, |script| go_by(script, rule))
}

/// Replicas cut their logs by this rule from the beginning.
pub(crate) fn go_by(script: &mut Script, rule: TruncationRule) {
    let cluster = script.lines.iter().position(|line| line.command.word() == "cluster").expect("a cluster");
    script.lines.insert(cluster + 1, ScriptLine { number: 0, command: Command::TruncationRule(rule) });
}

/// Plays a story after a change to its script, without telling it.
pub(crate) fn play_with(name: &str, change: impl FnOnce(&mut Script)) -> Told {
    let text = std::fs::read_to_string(folder().join(format!("{name}.lab"))).expect("the story is there");
    let parsed = Script::parse(&text);
    assert_eq!(parsed.problems, [], "{name}");
    let mut script = parsed.script;
    change(&mut script);
    let run = Run::play(&script);
    assert!(!run.is_cut(), "{name} is too long");
    for event in run.events() {
        assert!(!matches!(event.kind, EventKind::Refused(_)), "{name}: {}", story(event));
    }
    Told { name: name.to_owned(), script, run }
}

fn tell_with(name: &str, expected: &str, change: impl FnOnce(&mut Script)) -> Told {
    let told = play_with(name, change);
    expect_test::expect_file![folder().join(format!("{expected}.txt"))].assert_eq(&told.text());
    told
}

impl Told {
    fn moment(&self, mark: &str) -> usize {
        self.run.moment_of_mark(mark).unwrap_or_else(|| panic!("{} has no mark {mark}", self.name))
    }

    pub(crate) fn at(&self, mark: &str) -> World {
        self.run.world_at(self.moment(mark))
    }

    /// When the mark is.
    pub(crate) fn tick(&self, mark: &str) -> Tick {
        self.at(mark).tick
    }

    /// What happened after the mark, to the end.
    pub(crate) fn after(&self, mark: &str) -> &[Arc<Event>] {
        &self.run.events()[self.moment(mark)..]
    }

    /// When something of this kind first happened after the mark, in milliseconds since then.
    pub(crate) fn first_after(&self, mark: &str, is_it: impl Fn(&EventKind) -> bool) -> Option<i64> {
        let from = self.tick(mark);
        self.after(mark).iter().find(|event| is_it(&event.kind)).map(|event| event.tick.0 - from.0)
    }

    /// Log end and high watermark of each broker.
    pub(crate) fn ends(&self, mark: &str) -> Vec<(i64, i64)> {
        self.at(mark).brokers.values().map(|at| (at.log.log_end().0, at.high_watermark.0)).collect()
    }

    /// The values in a broker's log.
    pub(crate) fn values(&self, mark: &str, broker: u8) -> Vec<String> {
        values(&self.at(mark).brokers[&BrokerId(broker)])
    }

    /// Where a broker cut its log, and how long it was, in order.
    pub(crate) fn cuts(&self, broker: u8) -> Vec<(i64, i64)> {
        let cut = |event: &Arc<Event>| match event.kind {
            EventKind::LogTruncated { broker: id, from, to, .. } if id == BrokerId(broker) => Some((from.0, to.0)),
            _ => None,
        };
        self.run.events().iter().filter_map(cut).collect()
    }

    /// Records that a producer was told are there, by when.
    pub(crate) fn acknowledged(&self) -> Vec<(Tick, Offset)> {
        let told = |event: &Arc<Event>| match event.kind {
            EventKind::Acknowledged { base, .. } => Some((event.tick, base)),
            _ => None,
        };
        self.run.events().iter().filter_map(told).collect()
    }

    /// How sends failed, in order.
    pub(crate) fn failed(&self) -> Vec<ErrorCode> {
        let told = |event: &Arc<Event>| match event.kind {
            EventKind::SendFailed { error, .. } => Some(error),
            _ => None,
        };
        self.run.events().iter().filter_map(told).collect()
    }

    fn text(&self) -> String {
        let mut text = String::new();
        let mut from = 0;
        let marks = self.script.commands().filter_map(|command| match command {
            Command::Mark { name } => Some(name),
            _ => None,
        });
        for mark in marks {
            let moment = self.moment(mark);
            let world = self.run.world_at(moment);
            for event in self.run.events()[from..moment].iter().filter(|event| decides(&event.kind)) {
                writeln!(text, "{:>6}  {}", event.tick.0, story(event)).expect("a string takes it");
            }
            writeln!(text, "== {mark}, at {} ms", world.tick.0).expect("a string takes it");
            text.push_str(&state(&world));
            from = moment;
        }
        text
    }
}

/// Is it more than a message on its way, a command, or something that every round brings?
fn decides(kind: &EventKind) -> bool {
    let shown = matches!(
        kind,
        EventKind::MessageSent { .. }
            | EventKind::MessageDelivered { .. }
            | EventKind::RequestParked { .. }
            | EventKind::RecordAccumulated { .. }
            | EventKind::RequestGivenUp { .. }
            | EventKind::MetadataReplayed { .. }
            | EventKind::MessageDropped { .. }
            | EventKind::FollowerNoted { .. }
            | EventKind::LeaderDoubted { .. }
            | EventKind::ControllerKnown { .. }
    );
    !shown && !kind.is_bookkeeping()
}

/// What the partition is to each machine.
pub(crate) fn state(world: &World) -> String {
    let mut text = String::new();
    if let Some(controller) = world.active_controller() {
        let at = &controller.image.partition;
        let leader = at.leader.map_or_else(|| String::from("none"), |id| id.to_string());
        let recovering = if at.recovering { ", recovering" } else { "" };
        writeln!(
            text,
            "controller: leader {leader} of epoch {}, ISR {}, ELR {}, last known {}, partition epoch {}{recovering}",
            at.leader_epoch,
            list(&at.isr),
            list(&at.elr),
            list(&at.last_known_elr),
            at.partition_epoch,
        )
        .expect("a string takes it");
    }
    for broker in world.brokers.values() {
        writeln!(
            text,
            "broker {}: {}, log {} to {}, mark {}, epochs {}",
            broker.id,
            role(broker),
            broker.log.log_start,
            broker.log.log_end(),
            broker.high_watermark,
            epochs(broker),
        )
        .expect("a string takes it");
    }
    for consumer in world.consumers.values() {
        writeln!(text, "consumer {}: position {}", consumer.id, consumer.position).expect("a string takes it");
    }
    text
}

fn role(broker: &Broker) -> String {
    let role = match &broker.role {
        Role::Leader(leading) => {
            let isr: Vec<BrokerId> = leading.isr.committed.iter().collect();
            format!("leads epoch {} with ISR {}", leading.epoch, list(&isr))
        }
        Role::Follower(following) => format!("follows {} in epoch {}", following.leader, following.epoch),
        Role::None => String::from("has no role"),
    };
    match broker.process {
        Process::Up => role,
        Process::Frozen => format!("stands still, {role}"),
        Process::Down { .. } => String::from("down"),
    }
}

/// The lines of its `leader-epoch-checkpoint`.
pub(crate) fn epochs(broker: &Broker) -> String {
    let lines: Vec<String> =
        broker.epochs.entries().iter().map(|entry| format!("{} {}", entry.epoch, entry.start)).collect();
    if lines.is_empty() { String::from("-") } else { lines.join("; ") }
}

fn values(broker: &Broker) -> Vec<String> {
    let records = broker.log.batches().flat_map(|batch| &batch.batch.records);
    let text = |bytes: &kafka_lab::bytes::Bytes| String::from_utf8_lossy(bytes).into_owned();
    records.map(|record| record.value.as_ref().map(text).unwrap_or_default()).collect()
}

fn list(brokers: &[BrokerId]) -> String {
    let names: Vec<String> = brokers.iter().map(ToString::to_string).collect();
    if names.is_empty() { String::from("-") } else { names.join(" ") }
}
