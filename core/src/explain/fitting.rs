//! Which questions fit a thing that somebody points at.

use super::{Question, Reason, explain};
use crate::ids::{BrokerId, ConsumerIndex, Endpoint, Offset, ProducerIndex, RecordId};
use crate::world::{Body, Message, World};

/// What is pointed at.
#[derive(Clone, Copy, Debug)]
pub enum About<'a> {
    /// Nothing in particular.
    Cluster,
    Broker(BrokerId),
    /// What a broker has at an offset.
    Record {
        at: BrokerId,
        offset: Offset,
        record: Option<RecordId>,
    },
    Mark,
    Producer(ProducerIndex),
    Consumer(ConsumerIndex),
    Message(&'a Message),
}

/// Of a producer's records that nobody has acknowledged, this many are asked about.
const RECORDS_MOST: usize = 4;

/// What can be asked about it. Of the cluster and its brokers only what is not as one would wish.
#[must_use]
pub fn questions(world: &World, about: About<'_>) -> Vec<Question> {
    let mut questions = match about {
        About::Cluster => {
            let brokers = world.brokers.keys().flat_map(|id| of_broker(*id));
            [Question::NoLeader, Question::MarkStands].into_iter().chain(brokers).collect()
        }
        About::Broker(id) => [Question::NoLeader, Question::MarkStands].into_iter().chain(of_broker(id)).collect(),
        About::Record { at, offset, record } => {
            let acknowledged = record.map(Question::NotAcknowledged);
            return [Question::NotReadable { at, offset }].into_iter().chain(acknowledged).collect();
        }
        About::Mark => vec![Question::NoLeader, Question::MarkStands],
        About::Producer(id) => of_producer(world, id),
        About::Consumer(id) => return vec![Question::ReadsNothing(id)],
        About::Message(message) => of_message(world, message),
    };
    questions.retain(|question| explain(world, *question).reason != Reason::ItHas);
    // Without a leader nothing moves; that is one thing to be told, not one for each.
    if questions.first() == Some(&Question::NoLeader) {
        questions.retain(|question| !matches!(question, Question::MarkStands | Question::NotInSync(_)));
    }
    questions
}

fn of_broker(id: BrokerId) -> [Question; 2] {
    [Question::Fenced(id), Question::NotInSync(id)]
}

fn of_producer(world: &World, id: ProducerIndex) -> Vec<Question> {
    let Some(producer) = world.producers.get(&id) else { return Vec::new() };
    let asked = producer.asked.values().flat_map(|sent| sent.batch.names.iter().copied());
    let again = producer.again.iter().flat_map(|again| again.batch.names.iter().copied());
    let open = producer.open.iter().map(|send| send.name);
    let last = (producer.given > 0).then_some(RecordId { producer: id, count: producer.given });
    let mut records: Vec<RecordId> = asked.chain(again).chain(open).chain(last).collect();
    records.dedup();
    records.into_iter().take(RECORDS_MOST).map(Question::NotAcknowledged).collect()
}

fn of_message(world: &World, message: &Message) -> Vec<Question> {
    let request = message.body.request().unwrap_or(message.id);
    match (&message.body, request.from) {
        (Body::Produce { batch, .. }, _) => {
            batch.names.first().copied().map(Question::NotAcknowledged).into_iter().collect()
        }
        (_, Endpoint::Producer(id)) => of_producer(world, id),
        (_, Endpoint::Consumer(id)) => vec![Question::ReadsNothing(id)],
        (Body::AlterPartition { proposal, .. } | Body::AlterPartitionResponse { proposal, .. }, _) => {
            proposal.isr.iter().map(Question::NotInSync).collect()
        }
        (Body::Fetch { .. } | Body::FetchResponse { .. }, Endpoint::Broker(id)) => {
            vec![Question::MarkStands, Question::NotInSync(id)]
        }
        (_, Endpoint::Broker(id)) => vec![Question::Fenced(id)],
        (_, Endpoint::Controller(_)) => Vec::new(),
    }
}
