//! Which rule decided an event, and what it said.
//!
//! An event carries what happened, not the rule behind it. The rules are pure, so they are asked again with the
//! small values of that moment, and the decision that comes out is the one that was taken.

use crate::command::Acks;
use crate::event::{Event, EventKind, Subject};
use crate::frame::readable;
use crate::ids::{BrokerId, EventId, LeaderEpoch, MessageId, Offset};
use crate::rules::acknowledge::{answer_waiting, may_acknowledge, may_append};
use crate::rules::append::{assign_offsets, copy_batch};
use crate::rules::begin_to_follow::begin_to_follow;
use crate::rules::election::Elected;
use crate::rules::fetch_divergence::check_divergence;
use crate::rules::fold::fold;
use crate::rules::high_watermark::learn_high_watermark;
use crate::rules::isr::{Join, may_join, shrink};
use crate::rules::linger::{OpenBatch, batch_is_ready};
use crate::rules::partition::Partition;
use crate::rules::read::{Readable, read_at};
use crate::rules::storage::after_commit;
use crate::timeline::Run;
use crate::world::{Body, Broker, ErrorCode, Leading, Message, MetadataRecord, StoredBatch, Wants, World};
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
        EventKind::FollowerNoted { leader, .. } => {
            let after = run.world_at(index + 1);
            let (leader, leading) = after.leading(*leader)?;
            said("advance_high_watermark", &after.decide_high_watermark(leader, leading))
        }
        EventKind::HighWatermarkAdvanced { broker, .. } => {
            let (leader, leading) = before.leading(*broker)?;
            said("advance_high_watermark", &before.decide_high_watermark(leader, leading))
        }
        EventKind::HighWatermarkLearned { broker, from, .. } => {
            let log = &before.brokers.get(broker)?.log;
            let told = told_mark(run, event)?;
            said("learn_high_watermark", &learn_high_watermark(*from, told, log.log_start, log.log_end()))
        }
        EventKind::IsrProposed { broker, isr } => {
            let (leader, leading) = before.leading(*broker)?;
            let partition = before.partition_at(leader, leading);
            match isr.minus(leading.isr.committed).first() {
                Some(follower) => said("may_join", &asked_to_join(&partition, follower)?),
                None => {
                    let now_ms = event.tick.0 + leader.clock_ahead_ms;
                    said("shrink", &shrink(leading.isr, partition.late(now_ms)))
                }
            }
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
        EventKind::MetadataAppended { record, .. } => match &**record {
            MetadataRecord::PartitionChange { elected, .. } => said("elect_leader", elected.as_ref()?),
            _ => None,
        },
        EventKind::BecameLeader { broker, leading } => {
            said("elect_leader", &election_of(run, index, *broker, leading)?)
        }
        EventKind::BecameFollower { broker, .. } => {
            let latest = before.brokers.get(broker)?.epochs.entries().last().map(|entry| entry.epoch);
            said("begin_to_follow", &begin_to_follow(before.topic.truncation_rule, latest))
        }
        EventKind::LogTruncated { point, .. } if !was_out_of_range(run, event) => said("truncation_point", point),
        EventKind::MessageSent { message, .. } => of_message(run, &before, message),
        _ => None,
    }
}

/// How the controller found who leads in this epoch. A leader from the start was not elected.
fn election_of(run: &Run, until: usize, broker: BrokerId, leading: &Leading) -> Option<Elected> {
    run.events().iter().take(until).rev().find_map(|event| match &event.kind {
        EventKind::MetadataAppended { record, .. } => match &**record {
            MetadataRecord::PartitionChange { partition, elected }
                if (partition.leader, partition.leader_epoch) == (Some(broker), leading.epoch) =>
            {
                *elected
            }
            _ => None,
        },
        _ => None,
    })
}

/// May this follower join, which the leader has just heard of?
fn asked_to_join(partition: &Partition, follower: BrokerId) -> Option<Join> {
    let known = partition.followers.get(&follower)?;
    let eligible = partition.brokers.get(&follower)?.is_eligible(known.broker_epoch);
    let (mark, start) = (partition.high_watermark, partition.epoch_start);
    Some(may_join(partition.isr, follower, eligible, known.log_end?, mark, start))
}

/// Was the log cut because what its broker asked for is not in the leader's? Then nobody was asked about an epoch.
fn was_out_of_range(run: &Run, event: &Event) -> bool {
    let trigger = event.trigger.and_then(|id| usize::try_from(id.0).ok()).and_then(|index| run.event(index));
    trigger.is_some_and(|trigger| match &trigger.kind {
        EventKind::MessageDelivered { message } => {
            matches!(message.body, Body::FetchResponse { answer: Err(ErrorCode::OffsetOutOfRange), .. })
        }
        _ => false,
    })
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
        Body::ProduceResponse { request, answer: Err(ErrorCode::NotEnoughReplicas) } => {
            let (acks, partition) = produced(before, *request)?;
            said("may_append", &may_append(acks, partition.isr.committed.len(), partition.min_in_sync))
        }
        Body::ProduceResponse { request, answer: Err(ErrorCode::NotEnoughReplicasAfterAppend) } => {
            let (_, partition) = produced(before, *request)?;
            let (mark, in_sync) = (partition.high_watermark, partition.isr.maximal().len());
            said("answer_waiting", &answer_waiting(mark, mark, in_sync, partition.min_in_sync))
        }
        Body::FetchResponse { request, answer } => {
            let Body::Fetch { offset, last_fetched, .. } = &sending_of(run, *request)?.body else { return None };
            match (answer, last_fetched) {
                (Ok(fetched), Some(epoch)) if fetched.diverging.is_some() => {
                    diverges(asked(before, *request)?, *offset, *epoch)
                }
                (Ok(_) | Err(ErrorCode::OffsetOutOfRange), _) => read(before, *request, *offset),
                (Err(_), _) => None,
            }
        }
        Body::OffsetForLeaderEpochResponse { answer: Ok(answer), .. } => said("offset_for_leader_epoch", answer),
        _ => None,
    }
}

/// What the asked broker found when it saw that the logs part.
fn diverges(leader: &Broker, offset: Offset, last_fetched: LeaderEpoch) -> Option<Decided> {
    said("check_divergence", &check_divergence(leader.epochs.entries(), leader.log.log_end(), offset, last_fetched))
}

fn acknowledge(before: &World, request: MessageId, last: Offset) -> Option<Decided> {
    let producer = before.producers.values().find(|producer| request.from == producer.id.into())?;
    let mark = asked(before, request)?.high_watermark;
    said("may_acknowledge", &may_acknowledge(producer.settings.acks, last, mark))
}

/// What was asked of a leader by a produce request, and the partition as it knows it.
fn produced(before: &World, request: MessageId) -> Option<(Acks, Partition)> {
    let producer = before.producers.values().find(|producer| request.from == producer.id.into())?;
    let (leader, leading) = before.leading(asked(before, request)?.id)?;
    Some((producer.settings.acks, before.partition_at(leader, leading)))
}

fn read(before: &World, request: MessageId, offset: Offset) -> Option<Decided> {
    let leader = asked(before, request)?;
    let log_end = leader.log.log_end();
    let follows = before.brokers.keys().any(|id| request.from == (*id).into());
    let readable_end = if follows { log_end } else { leader.high_watermark };
    said("read_at", &read_at(offset, Readable { log_start: leader.log.log_start, readable_end, log_end }))
}

/// The broker that a request went to.
fn asked(before: &World, request: MessageId) -> Option<&Broker> {
    before.brokers.values().find(|broker| request.to == broker.id.into())
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
        (EventKind::MessageDelivered { message }, Subject::Log(asked))
            if matches!(message.body, Body::OffsetForLeaderEpochResponse { .. }) =>
        {
            message.id.to == asked.into()
        }
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

    /// Of three one is left in sync, and two are asked for.
    #[test]
    fn a_write_that_is_refused_was_refused_by_the_floor() {
        let script = "cluster brokers=3 controllers=1 min.insync.replicas=2\nproducer p1 linger.ms=0\nschedule hand\n\
            fence 2\nfence 3\nlearn 1\ndeliver fetch-metadata.1-k1.1\ndeliver fetch-metadata-response.k1-1.1\n\
            send p1 value=+1\ndeliver produce.p1-1.1\n";
        let run = Run::play(&Script::parse(script).script);
        let said = run.events().iter().filter_map(|event| decided(&run, event.id)).next_back().expect("it was decided");
        assert_eq!((said.rule, said.variant.as_str()), ("may_append", "NotEnoughReplicas"));
    }

    /// KIP-101's loss: broker 3 gets another leader, and is told nothing about its last epoch.
    #[test]
    fn a_log_is_cut_by_the_rule_of_truncation() {
        let script = include_str!("../../tests/schedules/truncation-high-watermark.lab");
        let cuts = |script: &str| -> Vec<String> {
            let run = Run::play(&Script::parse(script).script);
            let of_epochs = run.events().iter().filter_map(|event| decided(&run, event.id)).filter(|decided| {
                ["begin_to_follow", "truncation_point", "offset_for_leader_epoch"].contains(&decided.rule)
            });
            of_epochs.map(|decided| format!("{} {}", decided.rule, decided.variant)).collect()
        };
        assert_eq!(cuts(script), ["begin_to_follow CutToHighWatermark", "truncation_point HighWatermark"]);
        let asks = script.replace("truncation-rule high-watermark", "truncation-rule kip-101");
        let asks = asks.replace("crash 2\n", "fetch 3\ndeliver epoch-end.3-2.1\ncrash 2\n");
        assert_eq!(cuts(&asks), ["begin_to_follow AskForEndOf", "offset_for_leader_epoch EndsAt"]);
    }

    /// Brokers 2 and 3 fall out of the set, and broker 1, which is left, dies.
    #[test]
    fn how_a_leader_was_found_is_said_of_the_record_and_of_who_leads_by_it() {
        let elections = |settings: &str, then: &str| -> Vec<String> {
            let script = format!(
                "cluster brokers=3 controllers=1 {settings}\nproducer p1 linger.ms=0\nfreeze 2\nfreeze 3\nwait 12000\n\
                 send p1 value=+1\nwait 100\ncrash 1 keep=0\nwait 12000\n{then}\nwait 4000\n"
            );
            let run = Run::play(&Script::parse(&script).script);
            let of_elections = run.events().iter().filter_map(|event| {
                let decided = decided(&run, event.id).filter(|decided| decided.rule == "elect_leader")?;
                let leads = matches!(event.kind, EventKind::BecameLeader { .. });
                Some(format!("{}{}", if leads { "leads: " } else { "" }, decided.variant))
            });
            of_elections.collect()
        };
        let unclean = "elr=false unclean.leader.election.enable=true";
        assert_eq!(elections(unclean, "thaw 2"), ["Nobody", "AnyLive", "leads: AnyLive"]);
        let last_known = ["Nobody", "LastKnownLeader", "leads: LastKnownLeader"];
        assert_eq!(elections("min.insync.replicas=1", "start 1"), last_known);
        assert_eq!(elections("min.insync.replicas=2", "thaw 3"), ["Nobody", "InListOrder", "leads: InListOrder"]);
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

    #[test]
    fn who_leaves_the_isr_and_who_joins_it_is_decided_by_a_rule_each() {
        let script = "cluster brokers=3 controllers=1 replica.lag.time.max.ms=10000\nproducer p1 linger.ms=0\n\
            wait 1000\ncut 3-1\nsend p1 value=+1\nwait 20000\nheal 3-1\nwait 40000\n";
        let run = Run::play(&Script::parse(script).script);
        let proposed = run.events().iter().filter(|event| matches!(event.kind, EventKind::IsrProposed { .. }));
        let said: Vec<String> = proposed
            .filter_map(|event| decided(&run, event.id))
            .map(|decided| format!("{} {}", decided.rule, decided.variant))
            .collect();
        assert_eq!(said, ["shrink Propose", "may_join Propose"]);
    }
}
