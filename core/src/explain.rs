//! Why something has not happened: the condition that is not met, what stands in the way, what would have to happen,
//! and who touched it last.
//!
//! What does not happen is not an event, so it can't be looked up; it is worked out from the world as it stands.

mod decided;
mod fitting;
mod mark;
mod path;
mod reader;
mod reason;
mod record;
mod replica;
mod roles;

pub use decided::{Decided, decided, deciding_event};
pub use fitting::{About, questions};
pub use reason::{Explanation, Fate, Held, Obstacle, Question, Reason, Remedy};

use crate::event::Subject;
use crate::world::World;

/// Why not?
#[must_use]
pub fn explain(world: &World, question: Question) -> Explanation {
    let mut explanation = match question {
        Question::NotAcknowledged(record) => record::not_acknowledged(world, record),
        Question::NotReadable { at, offset } => record::not_readable(world, at, offset),
        Question::MarkStands => mark::mark_stands(world),
        Question::ReadsNothing(consumer) => reader::reads_nothing(world, consumer),
        Question::NotInSync(broker) => replica::not_in_sync(world, broker),
        Question::NoLeader => roles::no_leader(world),
        Question::Fenced(broker) => roles::fenced(world, broker),
    };
    let subject = explanation.obstacle.and_then(touched_by_obstacle).or_else(|| touched(world, &explanation, question));
    explanation.last_touch = subject.and_then(|subject| world.last_touch(subject));
    explanation
}

/// Whose last change made the obstacle.
fn touched_by_obstacle(obstacle: Obstacle) -> Option<Subject> {
    match obstacle {
        Obstacle::Down(end) | Obstacle::Frozen(end) => Some(Subject::Process(end)),
        Obstacle::Cut(link) | Obstacle::Held(link) => Some(Subject::Link(link)),
        Obstacle::OnTheWay(message)
        | Obstacle::Parked { request: message, .. }
        | Obstacle::AwaitsAnswer { request: message, .. } => Some(Subject::Message(message)),
        Obstacle::FormerStart { broker, .. } => Some(Subject::Session(broker)),
        Obstacle::NotAsked { .. }
        | Obstacle::Pauses { .. }
        | Obstacle::AwaitsNews(_)
        | Obstacle::Electing
        | Obstacle::Committing
        | Obstacle::NoController
        | Obstacle::Busy { .. } => None,
    }
}

/// Whose last change made the condition what it is.
fn touched(world: &World, explanation: &Explanation, question: Question) -> Option<Subject> {
    match explanation.reason {
        Reason::MarkBelow { held_by: Some(held), .. } => Some(Subject::FollowerEnd(held.broker)),
        Reason::MarkBelow { held_by: None, .. } | Reason::AllCommitted | Reason::BeyondLogEnd(_) => {
            world.leader().map(|(leader, _)| Subject::Log(leader.id))
        }
        Reason::BelowLogStart(_) => world.leader().map(|(leader, _)| Subject::LogStart(leader.id)),
        Reason::NotInLeadersLog { leader, .. } => Some(Subject::Role(leader)),
        Reason::UnderMinIsr { .. } | Reason::Proposed(_) | Reason::OtherChangeProposed => Some(Subject::Isr),
        Reason::LacksCommitted { broker, .. } | Reason::BelowEpochStart { broker, .. } | Reason::MustFetch(broker) => {
            Some(Subject::FollowerEnd(broker))
        }
        Reason::IsFenced(broker) | Reason::ShuttingDown(broker) => Some(Subject::Registration(broker)),
        Reason::NoHeartbeat { broker, .. } => Some(Subject::Session(broker)),
        Reason::NotRegistered(broker) | Reason::NotCaughtUp { broker, .. } | Reason::HeartbeatDue(broker) => {
            Some(Subject::Duties(broker))
        }
        Reason::LeaderNotThere(_) | Reason::NobodyFit { .. } | Reason::NobodyCertain { .. } | Reason::NoReplica(_) => {
            Some(Subject::Partition)
        }
        Reason::LeaderHasNotHeard(broker) | Reason::LeaderHasNotSeen { leader: broker, .. } => {
            Some(Subject::Image(broker))
        }
        Reason::LedBefore { broker, .. } => Some(Subject::Role(broker)),
        Reason::KnowsNoLeader(client) | Reason::AsksAnother { client, .. } => Some(Subject::Leader(client)),
        Reason::OnTheWay(message) => Some(Subject::Message(message)),
        Reason::NotPolled => match question {
            Question::ReadsNothing(consumer) => Some(Subject::Position(consumer)),
            _ => None,
        },
        Reason::InTheOpenBatch
        | Reason::WillBeSentAgain
        | Reason::NoAnswerWanted
        | Reason::GivenUp(_)
        | Reason::ItHas
        | Reason::Unknown => match question {
            Question::NotAcknowledged(record) => Some(Subject::Record(record)),
            _ => None,
        },
    }
}
