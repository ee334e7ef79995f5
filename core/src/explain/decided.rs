//! Which rule decided an event, and what it said.
//!
//! An event carries what happened, not the rule behind it. The rules are pure, so they are asked again with the
//! small values of that moment, and the decision that comes out is the one that was taken.

use crate::event::{Event, EventKind, Subject};
use crate::frame::readable;
use crate::ids::{EventId, MessageId, Offset};
use crate::rules::acknowledge::may_acknowledge;
use crate::rules::append::{assign_offsets, copy_batch};
use crate::rules::fold::fold;
use crate::rules::high_watermark::learn_high_watermark;
use crate::rules::linger::{OpenBatch, batch_is_ready};
use crate::rules::read::{Readable, read_at};
use crate::rules::storage::after_commit;
use crate::timeline::Run;
use crate::world::{Body, Message, StoredBatch, Wants, World};
use std::fmt::Debug;

/// A rule's decision, by the names that they have in the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The function, below `core/src/rules`.
    pub rule: &'static str,
    /// The variant of its decision; of a struct, the struct's name.
    pub variant: String,
}

/// The rule behind an event of the run; none for what no rule decides.
#[must_use]
pub fn decided(run: &Run, id: EventId) -> Option<Decided> {
    let index = usize::try_from(id.0).ok()?;
    let event = run.event(index)?;
    let before = run.world_at(index);
    match &event.kind {
        EventKind::BatchAppended { broker, batch } => {
            let records = u32::try_from(batch.names.len()).ok()?;
            let log_end = before.brokers.get(broker)?.log.log_end();
            said("assign_offsets", &assign_offsets(log_end, records))
        }
        EventKind::BatchCopied { broker, batch } => {
            let log_end = before.brokers.get(broker)?.log.log_end();
            said("copy_batch", &copy_batch(log_end, batch.base_offset(), batch.last_offset()))
        }
        EventKind::FollowerNoted { .. } => {
            let after = run.world_at(index + 1);
            let (leader, leading) = after.leader()?;
            said("advance_high_watermark", &after.decide_high_watermark(leader, leading))
        }
        EventKind::HighWatermarkAdvanced { .. } => {
            let (leader, leading) = before.leader()?;
            said("advance_high_watermark", &before.decide_high_watermark(leader, leading))
        }
        EventKind::HighWatermarkLearned { broker, from, .. } => {
            let log = &before.brokers.get(broker)?.log;
            let told = told_mark(run, event)?;
            said("learn_high_watermark", &learn_high_watermark(*from, told, log.log_start, log.log_end()))
        }
        EventKind::OffsetCommitted { offset, .. } => {
            let (leader, _) = before.leader()?;
            said(
                "after_commit",
                &after_commit(before.topic.storage, *offset, leader.log.log_start, leader.high_watermark),
            )
        }
        EventKind::RowChanged { consumer, offset, key, .. } | EventKind::RowLeft { consumer, offset, key, .. } => {
            let consumer = before.consumers.get(consumer)?;
            let value = value_at(&before, *offset)?;
            said("fold", &fold(consumer.settings.program?, consumer.table.get(key).copied(), value.as_deref()))
        }
        EventKind::RequestParked { waiting, .. } => match waiting.wants {
            Wants::Records { offset, .. } => read(&before, waiting.request, offset),
            Wants::HighWatermark { mark, .. } => acknowledge(&before, waiting.request, mark.plus(-1)),
        },
        EventKind::MessageSent { message, .. } => of_message(run, &before, message),
        _ => None,
    }
}

/// The rule that let a message go.
fn of_message(run: &Run, before: &World, message: &Message) -> Option<Decided> {
    match &message.body {
        Body::Produce { .. } => {
            let producer = before.producers.values().find(|producer| message.id.from == producer.id.into())?;
            let open = OpenBatch {
                size_bytes: u32::try_from(StoredBatch::of_sends(&producer.open).batch.encoded_len()).ok()?,
                waited_ms: before.tick.0 - producer.open.first()?.timestamp.0,
                flushing: producer.flushing,
            };
            let settings = producer.settings;
            said("batch_is_ready", &batch_is_ready(open, settings.batch_size_bytes, settings.linger_ms))
        }
        Body::ProduceResponse { request, answer: Ok(base) } => {
            let Body::Produce { batch, .. } = &sending_of(run, *request)?.body else { return None };
            let records = i64::try_from(batch.names.len()).ok()?;
            acknowledge(before, *request, base.plus(records - 1))
        }
        Body::FetchResponse { request, .. } => {
            let Body::Fetch { offset, .. } = &sending_of(run, *request)?.body else { return None };
            read(before, *request, *offset)
        }
        _ => None,
    }
}

fn acknowledge(before: &World, request: MessageId, last: Offset) -> Option<Decided> {
    let producer = before.producers.values().find(|producer| request.from == producer.id.into())?;
    let mark = before.leader()?.0.high_watermark;
    said("may_acknowledge", &may_acknowledge(producer.settings.acks, last, mark))
}

fn read(before: &World, request: MessageId, offset: Offset) -> Option<Decided> {
    let (leader, _) = before.leader()?;
    let log_end = leader.log.log_end();
    let follows = before.brokers.keys().any(|id| request.from == (*id).into());
    let readable_end = if follows { log_end } else { leader.high_watermark };
    said("read_at", &read_at(offset, Readable { log_start: leader.log.log_start, readable_end, log_end }))
}

/// The value of the leader's record at this offset.
fn value_at(world: &World, offset: Offset) -> Option<Option<String>> {
    let (leader, _) = world.leader()?;
    let batch = leader.log.batches_from(offset).next()?;
    let record = batch.batch.records.iter().find(|record| record.offset == offset)?;
    Some(record.value.as_ref().map(|value| readable(value)))
}

/// The high watermark in the answer that a follower's event was triggered by.
fn told_mark(run: &Run, event: &Event) -> Option<Offset> {
    let trigger = usize::try_from(event.trigger?.0).ok()?;
    match &run.event(trigger)?.kind {
        EventKind::MessageDelivered { message } => match &message.body {
            Body::FetchResponse { answer: Ok(fetched), .. } => Some(fetched.high_watermark),
            _ => None,
        },
        _ => None,
    }
}

/// The event that decided what a subject is at `moment`: the last that changed it, or, later than that, the answer
/// or the append that could have changed it and did not.
#[must_use]
pub fn deciding_event(run: &Run, subject: Subject, moment: usize) -> Option<EventId> {
    let happened = run.events().get(..moment)?;
    let bearing = happened.iter().rev().find(|event| bears_on(run, &event.kind, subject))?;
    match &bearing.kind {
        // What a delivered answer says was settled when it was sent.
        EventKind::MessageDelivered { message } => {
            let sent = happened.iter().find(|event| sends(event, message.id));
            sent.map(|event| event.id)
        }
        _ => Some(bearing.id),
    }
}

fn bears_on(run: &Run, kind: &EventKind, subject: Subject) -> bool {
    if kind.subjects().contains(&subject) {
        return true;
    }
    let leader = run.end().leader().map(|(leader, _)| leader.id);
    match (kind, subject) {
        (EventKind::FollowerNoted { leader: id, .. }, Subject::HighWatermark(asked)) => *id == asked,
        (EventKind::BatchAppended { broker, .. }, Subject::HighWatermark(asked)) => *broker == asked,
        (EventKind::MessageDelivered { message }, Subject::HighWatermark(asked) | Subject::Log(asked)) => {
            Some(asked) != leader && matches!(message.body, Body::FetchResponse { .. }) && message.id.to == asked.into()
        }
        (EventKind::MessageDelivered { message }, Subject::Position(asked)) => {
            matches!(message.body, Body::FetchResponse { .. }) && message.id.to == asked.into()
        }
        _ => false,
    }
}

fn sending_of(run: &Run, id: MessageId) -> Option<&Message> {
    run.events().iter().find_map(|event| match &event.kind {
        EventKind::MessageSent { message, .. } if message.id == id => Some(message.as_ref()),
        _ => None,
    })
}

fn sends(event: &Event, id: MessageId) -> bool {
    matches!(&event.kind, EventKind::MessageSent { message, .. } if message.id == id)
}

/// The variant's name, as `derive(Debug)` prints it first.
fn said(rule: &'static str, decision: &impl Debug) -> Option<Decided> {
    let printed = format!("{decision:?}");
    let variant = printed.split(|letter: char| !letter.is_alphanumeric()).next()?;
    Some(Decided { rule, variant: variant.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Script;
    use crate::ids::BrokerId;

    const SCRIPT: &str = "cluster brokers=2\nproducer p1 linger.ms=0\nschedule hand\nsend p1 key=ada value=+50\n\
        deliver produce.p1-1.1\nfetch 2\ndeliver fetch.2-1.1\ndeliver fetch-response.1-2.1\n\
        send p1 key=bo value=+20\ndeliver produce.p1-1.2\nfetch 2\ndeliver fetch.2-1.2\ndeliver fetch-response.1-2.2\n";

    #[test]
    fn each_event_names_the_rule_that_decided_it() {
        let run = Run::play(&Script::parse(SCRIPT).script);
        let said: Vec<String> = run
            .events()
            .iter()
            .filter_map(|event| decided(&run, event.id))
            .map(|decided| format!("{} {}", decided.rule, decided.variant))
            .collect();
        expect_test::expect![[r#"
            [
                "batch_is_ready Lingered",
                "assign_offsets Assigned",
                "may_acknowledge WaitFor",
                "advance_high_watermark HeldBy",
                "read_at Records",
                "copy_batch Append",
                "batch_is_ready Lingered",
                "assign_offsets Assigned",
                "may_acknowledge WaitFor",
                "advance_high_watermark To",
                "advance_high_watermark To",
                "may_acknowledge Committed",
                "read_at Records",
                "copy_batch Append",
            ]
        "#]]
        .assert_debug_eq(&said);
    }

    #[test]
    fn a_mark_that_stays_was_decided_by_the_answer_that_told_it() {
        let run = Run::play(&Script::parse(SCRIPT).script);
        let follower = deciding_event(&run, Subject::HighWatermark(BrokerId(2)), run.len());
        let event = follower.and_then(|id| run.event(usize::try_from(id.0).ok()?)).expect("there is one");
        assert_eq!(
            crate::words::story(event).to_string(),
            "Broker 1 answers broker 2 with 1 record and tells the high watermark as 0."
        );
        let leader = deciding_event(&run, Subject::HighWatermark(BrokerId(1)), run.len());
        let event = leader.and_then(|id| run.event(usize::try_from(id.0).ok()?)).expect("there is one");
        assert!(matches!(event.kind, EventKind::HighWatermarkAdvanced { .. }), "{event:?}");
    }
}
