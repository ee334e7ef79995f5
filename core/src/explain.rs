//! Why something has not happened: the condition that is not met, and who touched it last.
//!
//! What does not happen is not an event, so it can't be looked up; it is worked out from the world as it stands.

mod decided;

pub use decided::{Decided, decided, deciding_event};

use crate::event::Subject;
use crate::ids::{BrokerId, ConsumerIndex, EventId, MessageId, Offset, RecordId};
use crate::rules::acknowledge::{Answer, may_acknowledge};
use crate::rules::high_watermark::Advance;
use crate::world::{Body, Wants, World};

/// What a person may ask about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Why has the producer not heard that this record is stored?
    NotAcknowledged(RecordId),
    /// Why can no consumer read this offset?
    NotReadable(Offset),
    /// Why does the high watermark not move?
    MarkStands,
    /// Why does this consumer get nothing?
    ReadsNothing(ConsumerIndex),
}

/// The condition that is not met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It has happened: there is nothing to explain.
    ItHas,
    /// Nothing of that name is known.
    Unknown,
    /// The record lies in its producer's open batch.
    InTheOpenBatch,
    /// This message is on its way, or held.
    OnTheWay(MessageId),
    /// acks=0: there will be no answer.
    NoAnswerWanted,
    /// The request was given up, refused or lost; no answer will come.
    GivenUp,
    /// The high watermark must reach this offset first, and this keeps it back.
    MarkBelow { wanted: Offset, mark: Offset, held_by: Option<Held> },
    /// Too few replicas are in sync: the mark stands still whatever they fetch (KIP-966).
    UnderMinIsr { in_sync: usize, wanted: usize },
    /// The offset is not written yet: the log ends here.
    BeyondLogEnd(Offset),
    /// The consumer has not polled since.
    NotPolled,
    /// Everything in the log is committed.
    AllCommitted,
}

/// The replica that keeps the mark where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    pub broker: BrokerId,
    /// What it last asked for.
    pub log_end: Option<Offset>,
}

/// The answer to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    pub reason: Reason,
    /// Who last touched what is not as it would have to be.
    pub last_touch: Option<EventId>,
}

/// Why not?
#[must_use]
pub fn explain(world: &World, question: Question) -> Explanation {
    let reason = match question {
        Question::NotAcknowledged(record) => not_acknowledged(world, record),
        Question::NotReadable(offset) => not_readable(world, offset),
        Question::MarkStands => mark_stands(world),
        Question::ReadsNothing(consumer) => reads_nothing(world, consumer),
    };
    let subject = match reason {
        Reason::MarkBelow { held_by: Some(held), .. } => Some(Subject::FollowerEnd(held.broker)),
        Reason::MarkBelow { held_by: None, .. } | Reason::AllCommitted | Reason::BeyondLogEnd(_) => {
            world.leader().map(|(leader, _)| Subject::Log(leader.id))
        }
        Reason::UnderMinIsr { .. } => Some(Subject::Isr),
        Reason::OnTheWay(message) => Some(Subject::Message(message)),
        Reason::InTheOpenBatch | Reason::NoAnswerWanted | Reason::GivenUp | Reason::ItHas | Reason::Unknown => {
            match question {
                Question::NotAcknowledged(record) => Some(Subject::Record(record)),
                _ => None,
            }
        }
        Reason::NotPolled => match question {
            Question::ReadsNothing(consumer) => Some(Subject::Position(consumer)),
            _ => None,
        },
    };
    Explanation { reason, last_touch: subject.and_then(|subject| world.last_touch(subject)) }
}

fn not_acknowledged(world: &World, record: RecordId) -> Reason {
    if world.ledger.acknowledged.contains_key(&record) {
        return Reason::ItHas;
    }
    let Some(producer) = world.producers.get(&record.producer) else { return Reason::Unknown };
    if record.count > producer.given {
        return Reason::Unknown;
    }
    if producer.open.iter().any(|send| send.name == record) {
        return Reason::InTheOpenBatch;
    }
    let Some(request) = producer.asked.iter().find(|(_, (_, records))| records.contains(&record)).map(|(id, _)| *id)
    else {
        let acks = producer.settings.acks;
        let no_answer = may_acknowledge(acks, Offset::ZERO, Offset::ZERO) == Answer::Never;
        return if no_answer { Reason::NoAnswerWanted } else { Reason::GivenUp };
    };
    if let Some(message) = message_about(world, request) {
        return Reason::OnTheWay(message);
    }
    let waiting = world.leader().and_then(|(_, leading)| leading.waiting.iter().find(|w| w.request == request));
    match waiting.map(|waiting| waiting.wants) {
        Some(Wants::HighWatermark { mark, .. }) => mark_below(world, mark),
        _ => Reason::GivenUp,
    }
}

/// The request itself or its answer, if one of them is on its way.
fn message_about(world: &World, request: MessageId) -> Option<MessageId> {
    world.network.on_the_way.values().map(|travel| &travel.message).find_map(|message| match &message.body {
        Body::ProduceResponse { request: answered, .. } if *answered == request => Some(message.id),
        _ => (message.id == request).then_some(request),
    })
}

fn not_readable(world: &World, offset: Offset) -> Reason {
    let Some((leader, _)) = world.leader() else { return Reason::Unknown };
    if offset >= leader.log.log_end() {
        Reason::BeyondLogEnd(leader.log.log_end())
    } else if offset < leader.high_watermark {
        Reason::ItHas
    } else {
        mark_below(world, offset.plus(1))
    }
}

fn mark_stands(world: &World) -> Reason {
    let Some((leader, _)) = world.leader() else { return Reason::Unknown };
    if leader.high_watermark == leader.log.log_end() {
        return Reason::AllCommitted;
    }
    mark_below(world, leader.high_watermark.plus(1))
}

fn mark_below(world: &World, wanted: Offset) -> Reason {
    let Some((leader, leading)) = world.leader() else { return Reason::Unknown };
    let held_by = match world.decide_high_watermark(leader, leading) {
        Advance::HeldBy { broker, log_end } => Some(Held { broker, log_end }),
        Advance::UnderMinIsr => {
            let (in_sync, wanted) = (leading.isr.committed.len(), leader.image.min_in_sync());
            return Reason::UnderMinIsr { in_sync, wanted };
        }
        Advance::To(_) | Advance::AtTheEnd => None,
    };
    Reason::MarkBelow { wanted, mark: leader.high_watermark, held_by }
}

fn reads_nothing(world: &World, id: ConsumerIndex) -> Reason {
    let (Some(consumer), Some((leader, _))) = (world.consumers.get(&id), world.leader()) else {
        return Reason::Unknown;
    };
    if consumer.position < leader.high_watermark {
        let asked = consumer.fetch.map(|asked| asked.request);
        let under_way = world.network.on_the_way.values().map(|travel| &travel.message).find(|message| {
            Some(message.id) == asked
                || matches!(&message.body, Body::FetchResponse { request, .. } if Some(*request) == asked)
        });
        return under_way.map_or(Reason::NotPolled, |message| Reason::OnTheWay(message.id));
    }
    not_readable(world, consumer.position)
}
