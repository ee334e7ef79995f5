//! What can be acted upon besides clients: chosen on the stage, or in the list.

use kafka_lab::command::Link;
use kafka_lab::frame::{Frame, TapeId};
use kafka_lab::ids::{BrokerId, Endpoint, MessageId, ProducerIndex};
use kafka_lab::words::endpoint_name;
use kafka_lab::world::World;

use super::everyday::is_busy;
use crate::stage::{MarkName, Subject};
use crate::words::acting as words;

/// One thing, or the messages or rules as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// A broker or a controller.
    Machine(Endpoint),
    /// Both ways between two ends.
    Link(Link),
    Message(MessageId),
    Messages,
    /// The high watermark of a broker.
    Mark(BrokerId),
    /// Who is in sync.
    Isr,
    Producer(ProducerIndex),
    Rules,
}

impl Who {
    /// Whom the list offers.
    pub(super) fn all(world: &World) -> Vec<Who> {
        let brokers = || world.brokers.keys().copied().map(Endpoint::Broker);
        let machines = brokers().chain(world.controllers.keys().copied().map(Endpoint::Controller));
        let mut all: Vec<Who> = machines.map(Who::Machine).collect();
        for from in brokers() {
            all.extend(brokers().filter(|to| from < *to).map(|to| Who::Link(Link { from, to })));
        }
        all.extend(is_busy(world).then_some(Who::Isr));
        all.extend(world.producers.keys().copied().map(Who::Producer));
        all.extend(is_busy(world).then_some(Who::Messages));
        all.push(Who::Rules);
        all
    }

    /// What was chosen on the stage, if it can be acted upon. A record is its broker's.
    pub(super) fn of(subject: &Subject) -> Option<Who> {
        match subject {
            Subject::Mark { tape: TapeId::Broker(id), mark: MarkName::HighWatermark } => Some(Who::Mark(*id)),
            Subject::Mark { mark: MarkName::Position(_) | MarkName::Committed(_), .. } => None,
            Subject::Tape(TapeId::Broker(id))
            | Subject::Cell { tape: TapeId::Broker(id), .. }
            | Subject::Batch { tape: TapeId::Broker(id), .. }
            | Subject::Mark { tape: TapeId::Broker(id), .. } => Some(Who::Machine((*id).into())),
            Subject::Actor(end @ (Endpoint::Broker(_) | Endpoint::Controller(_))) => Some(Who::Machine(*end)),
            Subject::Actor(Endpoint::Producer(id)) => Some(Who::Producer(*id)),
            Subject::Isr => Some(Who::Isr),
            Subject::Message(id) => Some(Who::Message(*id)),
            Subject::Link(link) => Some(Who::Link(*link)),
            Subject::Actor(_) | Subject::Table(_) | Subject::Tape(_) | Subject::Cell { .. } | Subject::Batch { .. } => {
                None
            }
            Subject::Mark { .. } => None,
        }
    }

    /// Whether it has settings that can be turned: who chooses it on the stage wants to see them.
    pub(super) fn has_knobs(self) -> bool {
        matches!(self, Who::Isr | Who::Producer(_) | Who::Machine(Endpoint::Controller(_)))
    }

    /// What stands on the stage for it.
    pub(super) fn subject(self) -> Option<Subject> {
        match self {
            Who::Machine(Endpoint::Broker(id)) => Some(Subject::Tape(TapeId::Broker(id))),
            Who::Machine(end) => Some(Subject::Actor(end)),
            Who::Message(id) => Some(Subject::Message(id)),
            Who::Mark(id) => Some(Subject::Mark { tape: TapeId::Broker(id), mark: MarkName::HighWatermark }),
            Who::Link(link) => Some(Subject::Link(link)),
            Who::Isr => Some(Subject::Isr),
            Who::Producer(id) => Some(Subject::Actor(id.into())),
            Who::Messages | Who::Rules => None,
        }
    }

    pub(super) fn name(self, frame: &Frame) -> String {
        match self {
            Who::Machine(end) => endpoint_name(end),
            Who::Link(link) => format!("{} {}\u{2013}{}", words::LINK, link.from, link.to),
            Who::Message(id) => {
                let label = frame.messages.iter().find(|message| message.id == id).map(|message| message.label.clone());
                label.unwrap_or_else(|| id.to_string())
            }
            Who::Messages => words::MESSAGES.to_owned(),
            Who::Mark(_) => words::MARK.to_owned(),
            Who::Isr => words::IN_SYNC.to_owned(),
            Who::Producer(id) => endpoint_name(id.into()),
            Who::Rules => words::RULES.to_owned(),
        }
    }
}
