//! Why something has not happened, as a sentence with what would have to happen.

use super::names::{broker, capital, endpoint, high_watermark, offset};
use super::{Noun, Sentence};
use crate::explain::{Held, Question, Reason};
use crate::ids::{Endpoint, Offset};

/// The question, as a heading: "Why is record p1.1 not acknowledged?"
#[must_use]
pub fn question(question: Question) -> Sentence {
    let say = Sentence::new().say("Why ");
    match question {
        Question::NotAcknowledged(record) => say.say("is record ").noun(Noun::Data, record).say(" not acknowledged?"),
        Question::NotReadable(at) => say.say("can nobody read ").span(offset(at)).say("?"),
        Question::MarkStands => say.say("does the ").span(high_watermark()).say(" not move?"),
        Question::ReadsNothing(id) => say.say("does ").span(endpoint(Endpoint::Consumer(id))).say(" get nothing?"),
    }
}

/// The condition that is not met.
#[must_use]
pub fn because(reason: Reason) -> Sentence {
    let say = Sentence::new();
    let sentence = match reason {
        Reason::ItHas => say.say("it has happened."),
        Reason::Unknown => say.say("nothing of that name is there."),
        Reason::InTheOpenBatch => say.say("it lies in its producer's open batch; no broker has it."),
        Reason::OnTheWay(message) => {
            let from = endpoint(message.from);
            say.noun(Noun::Data, message).say(" from ").span(from).say(" has not arrived.")
        }
        Reason::NoAnswerWanted => say.noun(Noun::Data, "acks=0").say(": the producer asked for no answer."),
        Reason::GivenUp => say.say("the producer was refused or has given up; no answer will come."),
        Reason::MarkBelow { wanted, mark, held_by } => mark_below(wanted, mark, held_by),
        Reason::UnderMinIsr { in_sync, wanted } => say
            .say(format!("only {in_sync} of the {wanted} replicas that it takes are in sync, so the "))
            .span(high_watermark())
            .say(" stands still."),
        Reason::BeyondLogEnd(end) => say.say("nothing is written there: the log ends at ").span(offset(end)).say("."),
        Reason::NotPolled => say.say("there are records to read, and it has not polled since."),
        Reason::AllCommitted => say.say("everything in the log is committed; there is nowhere to move."),
    };
    capital(sentence)
}

fn mark_below(wanted: Offset, mark: Offset, held_by: Option<Held>) -> Sentence {
    let stands = Sentence::new().say("the ").span(high_watermark()).say(" is ").span(offset(mark));
    let stands = stands.say(" and must reach ").span(offset(wanted)).say(". It waits for ");
    match held_by {
        Some(Held { broker: id, log_end: Some(known) }) => {
            stands.span(broker(id)).say(" to ask for more than ").span(offset(known)).say(".")
        }
        Some(Held { broker: id, log_end: None }) => stands.span(broker(id)).say(" to ask once."),
        None => stands.say("the leader."),
    }
}
