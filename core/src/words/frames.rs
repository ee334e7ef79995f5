//! A moment in words: the caption of the stage, the lines of its actors, and the whole frame as text.

use super::names::{broker, endpoint, high_watermark, key_and_value, offset, records};
use super::roles::roles_now;
use super::standing::{in_sync_floor, in_sync_set, standing_lines, wire_words};
use super::story::duration;
use super::{Noun, Sentence};
use crate::frame::{Cell, CellKind, CellState, Frame, ReaderMarkKind, TableView, Tape, TapeId};
use crate::ids::Endpoint;
use crate::rules::commit_rule::CommitRule;
use crate::rules::high_watermark::{Advance, KnownReplica};
use crate::rules::storage::StorageRule;
use crate::world::{Consumer, Controller, Folded, LeaderKnown, Process, Producer, World};
use std::fmt::Write;

/// The rule at work, with this moment's numbers: the queue's, what tables are, else the high watermark's.
#[must_use]
pub fn caption(world: &World) -> Sentence {
    rule_at_work(world).with_roles(roles_now(world))
}

fn rule_at_work(world: &World) -> Sentence {
    let say = Sentence::new();
    let Some((leader, leading)) = world.leader() else {
        let nobody =
            if world.brokers.is_empty() { "Nothing has happened yet." } else { "The partition has no leader." };
        return say.say(nobody);
    };
    let end = leader.log.log_end();
    if world.topic.storage == StorageRule::DeleteOnAcknowledge {
        return say.say("A queue's rule: what one reader has committed is deleted for all.");
    }
    let mut tables = world.consumers.values().filter_map(|reader| Some((reader.id, reader.folded.as_ref()?.offset)));
    if let Some((first, to)) = tables.next() {
        let folded = say
            .say("A table is the log, folded in order: that of ")
            .span(endpoint(Endpoint::Consumer(first)))
            .say(" up to ");
        let folded = tables.fold(folded.span(offset(to)), |said, (next, to)| {
            said.say(", that of ").span(endpoint(Endpoint::Consumer(next))).say(" up to ").span(offset(to))
        });
        return folded.say(".");
    }
    if leading.followers.is_empty() {
        return say.say("A log's rule: reading and committing delete nothing. One replica, and no second copy.");
    }
    let replicas: Vec<KnownReplica> = world.partition_at(leader, leading).known_replicas(world.tick.0).collect();
    let commit = world.topic.commit_rule;
    let (of, who) = match commit {
        CommitRule::LeaderOnly => ("min", "the leader, which is enough by this rule,"),
        CommitRule::Majority => ("majority", "a majority"),
        CommitRule::InSyncReplicas if replicas.iter().any(|replica| !replica.counts) => {
            ("min", "every replica in sync")
        }
        CommitRule::InSyncReplicas | CommitRule::AllReplicas => ("min", "every replica"),
    };
    let counted = replicas.into_iter().filter(|replica| commit.counts(replica)).map(|replica| replica.log_end);
    let known = counted.map(|end| end.map_or(String::from("?"), |end| end.to_string()));
    let ends: Vec<String> = [end.to_string()].into_iter().chain(known).collect();
    let the_mark = say.say("The ").span(high_watermark());
    let rule = format!("{of}({})", ends.join(", "));
    match world.decide_high_watermark(leader, leading) {
        Advance::HeldBy { broker: id, log_end: None } => the_mark
            .say(" stays at ")
            .span(offset(leader.high_watermark))
            .say(" until ")
            .span(broker(id))
            .say(" has asked once."),
        Advance::HeldBy { broker: id, log_end: Some(known) } => {
            let until = the_mark.say(" is ").noun(Noun::Data, format!("{rule} = {}", leader.high_watermark));
            let until = until.say(" until ").span(broker(leader.id)).say(" sees ").span(broker(id));
            until.say(" ask for more than ").span(offset(known)).say(".")
        }
        Advance::AtTheEnd => the_mark
            .say(" is ")
            .noun(Noun::Data, format!("{rule} = {}", leader.high_watermark))
            .say(format!(": {who} holds all there is.")),
        Advance::To(to) => the_mark.say(" may move to ").span(offset(to)).say("."),
        Advance::UnderMinIsr => the_mark.say(" stands still: too few replicas are in sync."),
    }
}

/// What a producer holds and waits for.
#[must_use]
pub fn producer_lines(world: &World, producer: &Producer) -> Vec<Sentence> {
    let settings = producer.settings;
    let mut lines: Vec<Sentence> = belief(world, &producer.leader).into_iter().collect();
    lines.push(Sentence::new().noun(Noun::Data, format!("acks={}", settings.acks)));
    let waiting: usize = producer.asked.values().map(|sent| sent.batch.names.len()).sum();
    if waiting > 0 {
        lines.push(Sentence::new().say("waits for ").say(records(waiting)));
    }
    let again: usize = producer.again.iter().map(|again| again.batch.names.len()).sum();
    if again > 0 {
        lines.push(Sentence::new().say("sends ").say(records(again)).say(" again"));
    }
    lines
}

/// Whom a client takes for the leader, where that is not so any more.
fn belief(world: &World, known: &LeaderKnown) -> Option<Sentence> {
    let say = Sentence::new();
    let Some(leader) = known.usable() else { return Some(say.say("asks who leads")) };
    let (current, leading) = world.leader()?;
    let is_so = (leader, known.epoch) == (current.id, leading.epoch);
    (!is_so).then(|| say.say("goes by ").span(broker(leader)).say(format!(", epoch {}", known.epoch)))
}

/// What a controller is, by which settings it elects if it does, and how much metadata there is.
#[must_use]
pub fn controller_lines(controller: &Controller) -> Vec<Sentence> {
    let say = Sentence::new();
    let role = match controller.process {
        Process::Frozen => say.noun(Noun::Danger, "frozen"),
        Process::Down { clean: false } => say.noun(Noun::Danger, "crashed"),
        Process::Down { clean: true } => say.noun(Noun::Danger, "stopped"),
        Process::Up if controller.is_active() => say.say(format!("active, epoch {}", controller.voter.epoch)),
        Process::Up => say.say("stands by"),
    };
    let decides = controller.process == Process::Up && controller.is_active();
    let unclean = decides.then(|| match controller.image.topic.unclean_elections {
        true => Sentence::new().noun(Noun::Danger, "unclean elections on"),
        false => Sentence::new().say("unclean elections off"),
    });
    let log = Sentence::new().say(records(controller.log.size()));
    [role].into_iter().chain(unclean).chain([log]).collect()
}

/// Where a consumer stands.
#[must_use]
pub fn consumer_lines(world: &World, consumer: &Consumer) -> Vec<Sentence> {
    let committed = world.topic.committed.get(&consumer.id).copied();
    let committed = committed.map_or(String::from("none"), |offset| offset.to_string());
    let mut lines: Vec<Sentence> = belief(world, &consumer.leader).into_iter().collect();
    lines.push(Sentence::new().say("position ").span(offset(consumer.position)));
    lines.push(Sentence::new().say("committed ").noun(Noun::Data, committed));
    lines
}

/// The whole frame as text: what a screen reader reads and what the tests compare.
#[must_use]
pub fn describe(frame: &Frame) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "At {}.", duration(frame.tick.0));
    for tape in &frame.tapes {
        describe_tape(tape, &mut text);
    }
    if let Some(set) = in_sync_set(frame) {
        let floor = in_sync_floor(frame).map_or_else(String::new, |floor| format!(", {floor}"));
        let _ = writeln!(text, "{set}{floor}.");
    }
    for actor in &frame.actors {
        let lines: Vec<String> = actor.lines.iter().map(ToString::to_string).collect();
        let _ = write!(text, "{}: {}.", Sentence::new().span(endpoint(actor.id)), lines.join(", "));
        if !actor.pending.is_empty() {
            let held = actor.pending.iter().map(|record| key_and_value(record.key.as_deref(), record.value.as_deref()));
            let _ = write!(text, " In its open batch: {}.", held.collect::<Vec<String>>().join(", "));
        }
        if let Some(table) = &actor.table {
            let _ = write!(text, " Its {}", describe_table(table));
        }
        text.push('\n');
    }
    for message in &frame.messages {
        let (from, to) = (endpoint(message.id.from), endpoint(message.id.to));
        let way = Sentence::new().say("On its way from ").span(from).say(" to ").span(to);
        let when = match message.due {
            Some(due) => format!(", due at {}", duration(due.0)),
            None => String::from(", held"),
        };
        let _ = writeln!(text, "{way}: {}{when}.", message.label);
    }
    for wire in &frame.wires {
        let amiss = wire_words(wire);
        if !amiss.is_empty() {
            let (from, to) = (endpoint(wire.link.from), endpoint(wire.link.to));
            let between = Sentence::new().say("Between ").span(from).say(" and ").span(to);
            let _ = writeln!(text, "{between}: {amiss}.");
        }
    }
    let _ = writeln!(text, "{}", frame.caption);
    text
}

/// "table (balances-v1): ada 80, bo 20. The record at 5 changed bo."
#[must_use]
pub fn describe_table(table: &TableView) -> String {
    let rows: Vec<String> = table.rows.iter().map(|(key, row)| format!("{key} {row}")).collect();
    let rows = if rows.is_empty() { String::from("empty") } else { rows.join(", ") };
    let last = table.folded.as_ref().map_or_else(String::new, |Folded { offset, key, changed }| {
        let did = if *changed { format!("changed {key}") } else { format!("left {key} as it was") };
        format!(" The record at {offset} {did}.")
    });
    format!("table ({}): {rows}.{last}", table.program.word())
}

fn describe_tape(tape: &Tape, text: &mut String) {
    let name = match &tape.id {
        TapeId::Broker(id) => format!("Broker {id}"),
        TapeId::File(name) => name.clone(),
    };
    let _ = write!(text, "{name}");
    for line in standing_lines(tape) {
        let _ = write!(text, ", {line}");
    }
    let _ = write!(text, ": log {} to {}, high watermark {}", tape.log_start, tape.log_end, tape.high_watermark);
    let _ = match tape.parts_at {
        Some(at) => writeln!(text, "; another history from offset {at} on."),
        None => writeln!(text, "."),
    };
    for cell in &tape.cells {
        let _ = writeln!(text, "  {}", describe_cell(cell));
    }
    for mark in &tape.marks {
        let kind = match mark.kind {
            ReaderMarkKind::Position => "position",
            ReaderMarkKind::Committed => "committed offset",
        };
        let _ = writeln!(text, "  {kind} of consumer {}: {}", mark.consumer, mark.offset);
    }
}

/// "4: ada +50, not committed".
#[must_use]
pub fn describe_cell(cell: &Cell) -> String {
    let what = match cell.kind {
        _ if cell.state == CellState::Lost => cell.record.map_or_else(String::new, |name| format!("record {name}")),
        CellKind::Record => key_and_value(cell.key.as_deref(), cell.value.as_deref()),
        CellKind::Tombstone => format!("tombstone for {}", cell.key.as_deref().unwrap_or("null")),
        CellKind::CommitMarker => String::from("commit marker"),
        CellKind::AbortMarker => String::from("abort marker"),
        CellKind::OtherControl => String::from("control record"),
        CellKind::Aborted => format!("aborted: {}", key_and_value(cell.key.as_deref(), cell.value.as_deref())),
        CellKind::EmptyBatch => String::from("empty batch"),
        CellKind::Gap => String::from("gap"),
    };
    let state = match cell.state {
        CellState::Committed => "",
        CellState::NotCommitted => ", not committed",
        CellState::BelowLogStart => ", below the log start",
        CellState::Lost => ", lost",
    };
    format!("{}: {what}{state}", cell.offset)
}

/// "consumer c1", for titles and lists.
#[must_use]
pub fn endpoint_name(end: Endpoint) -> String {
    Sentence::new().span(endpoint(end)).to_string()
}
