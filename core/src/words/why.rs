//! Why something has not happened, as sentences: the condition, what stands in the way, what would have to happen.

use super::names::{broker, capital, endpoint, high_watermark, list_of, offset};
use super::story::duration;
use super::{Noun, Sentence};
use crate::command::Link;
use crate::explain::{Explanation, Fate, Held, Obstacle, Question, Reason, Remedy};
use crate::ids::{BrokerId, Endpoint, MessageKind, Offset, Tick};

fn at(tick: Tick) -> String {
    duration(tick.0)
}

fn of(end: Endpoint) -> Sentence {
    Sentence::new().span(endpoint(end))
}

fn it(id: BrokerId) -> Sentence {
    Sentence::new().span(broker(id))
}

/// The question, as a heading: "Why is record p1.1 not acknowledged?"
#[must_use]
pub fn question(question: Question) -> Sentence {
    let say = Sentence::new().say("Why ");
    match question {
        Question::NotAcknowledged(record) => say.say("is record ").noun(Noun::Data, record).say(" not acknowledged?"),
        Question::NotReadable { at, offset: asked } => {
            say.say("can nobody read ").span(offset(asked)).say(" of ").span(broker(at)).say("?")
        }
        Question::MarkStands => say.say("does the ").span(high_watermark()).say(" not move?"),
        Question::ReadsNothing(id) => say.say("does ").span(endpoint(Endpoint::Consumer(id))).say(" get nothing?"),
        Question::NotInSync(id) => say.say("is ").span(broker(id)).say(" not in the ISR?"),
        Question::NoLeader => say.say("has the partition no leader?"),
        Question::Fenced(id) => say.say("is ").span(broker(id)).say(" fenced?"),
    }
}

/// The condition that is not met.
#[must_use]
pub fn because(question: Question, reason: &Reason) -> Sentence {
    let sentence = of_clients(reason)
        .or_else(|| of_offsets(reason))
        .or_else(|| of_brokers(reason))
        .or_else(|| of_members(reason))
        .unwrap_or_else(|| Sentence::new().say(it_has(question)));
    capital(sentence)
}

fn it_has(question: Question) -> &'static str {
    match question {
        Question::NotAcknowledged(_) => "it is acknowledged.",
        Question::NotReadable { .. } => "it is readable.",
        Question::MarkStands | Question::ReadsNothing(_) => "it has happened.",
        Question::NotInSync(_) => "it is in the ISR.",
        Question::NoLeader => "it has one.",
        Question::Fenced(_) => "it is not.",
    }
}

/// Of producers, consumers and their requests.
fn of_clients(reason: &Reason) -> Option<Sentence> {
    let say = Sentence::new();
    Some(match reason {
        Reason::Unknown => say.say("nothing of that name is there."),
        Reason::InTheOpenBatch => say.say("it lies in its producer's open batch; no broker has it."),
        Reason::WillBeSentAgain => say.say("its batch has failed and will be sent again."),
        Reason::OnTheWay(message) => {
            of(message.to).say(" has not got ").noun(Noun::Data, message).say(" yet; it is on its way.")
        }
        Reason::NoAnswerWanted => say.noun(Noun::Data, "acks=0").say(": the producer asked for no answer."),
        Reason::GivenUp(fate) => given_up(*fate),
        Reason::KnowsNoLeader(client) => of(*client).say(" does not know who leads, and asks."),
        Reason::AsksAnother { client, asks, leader } => of(*client)
            .say(" asks ")
            .span(broker(*asks))
            .say(", which does not lead any more; ")
            .span(broker(*leader))
            .say(" does. It will be refused."),
        Reason::LedBefore { broker: id, epoch, now } => {
            let led = it(*id).say(" led in epoch ").noun(Noun::Data, epoch).say(" and has not heard that epoch ");
            led.noun(Noun::Data, now).say(" has begun. What it is told there nobody confirms.")
        }
        Reason::NotPolled => say.say("there are records to read, and it has not polled since."),
        _ => return None,
    })
}

fn given_up(fate: Fate) -> Sentence {
    let say = Sentence::new().say("the request was refused or lost; no answer will come. ");
    match fate {
        Fate::Committed(offset_of) => say.say("The record is committed all the same, at ").span(offset(offset_of)),
        Fate::InLeadersLog(offset_of) => {
            say.say("The record is in the leader's log, not committed, at ").span(offset(offset_of))
        }
        Fate::OnlyAt(id, offset_of) => {
            say.say("Only ").span(broker(id)).say(", which does not lead, has the record, at ").span(offset(offset_of))
        }
        Fate::Nowhere => say.say("The record is in no log"),
    }
    .say(".")
}

/// Of the log and its marks.
fn of_offsets(reason: &Reason) -> Option<Sentence> {
    let say = Sentence::new();
    Some(match reason {
        Reason::MarkBelow { wanted, mark, held_by } => mark_below(*wanted, *mark, *held_by),
        Reason::UnderMinIsr { in_sync, wanted, out } => {
            let few = format!("only {in_sync} of the {wanted} replicas that it takes are in sync, so the ");
            let stands = say.say(few).span(high_watermark()).say(" stands still.");
            match out {
                Some(out) => stands.say(" One that is not in the ISR is ").span(broker(*out)).say("."),
                None => stands,
            }
        }
        Reason::BeyondLogEnd(end) => say.say("nothing is written there: the log ends at ").span(offset(*end)).say("."),
        Reason::BelowLogStart(start) => say.say("it is deleted: the log begins at ").span(offset(*start)).say("."),
        Reason::NotInLeadersLog { broker: id, leader } => say
            .span(broker(*leader))
            .say(" leads and does not have it there, so ")
            .span(broker(*id))
            .say(" will cut it off when it follows."),
        Reason::AllCommitted => say.say("everything in the log is committed; there is nowhere to move."),
        _ => return None,
    })
}

fn mark_below(wanted: Offset, mark: Offset, held_by: Option<Held>) -> Sentence {
    let stands = Sentence::new().say("the ").span(high_watermark()).say(" is ").span(offset(mark));
    let stands = stands.say(" and must reach ").span(offset(wanted)).say(". It waits for ");
    match held_by {
        Some(Held { broker: id, log_end: Some(known) }) => {
            stands.span(broker(id)).say(" to ask for more than ").span(offset(known)).say(".")
        }
        Some(Held { broker: id, log_end: None }) => stands.span(broker(id)).say(" to ask once."),
        None => stands.say("the next append, or for a follower to ask for more."),
    }
}

/// Of brokers that the controller takes for dead, and of a partition that nobody leads.
fn of_brokers(reason: &Reason) -> Option<Sentence> {
    let say = Sentence::new();
    Some(match reason {
        Reason::NoHeartbeat { broker: id, heard: Some(heard) } => {
            say.say("the controller has heard nothing of ").span(broker(*id)).say(format!(" since {}.", at(*heard)))
        }
        Reason::NoHeartbeat { broker: id, heard: None } => {
            say.say("no controller has heard of ").span(broker(*id)).say(" yet.")
        }
        Reason::NotRegistered(id) => it(*id).say(" has started, and is not registered yet."),
        Reason::NotCaughtUp { broker: id, end, registered_at } => it(*id)
            .say(" has to replay the metadata up to its own registration at ")
            .span(offset(*registered_at))
            .say(", and is at ")
            .span(offset(*end))
            .say("."),
        Reason::HeartbeatDue(id) => {
            it(*id).say(" is ready. The controller learns that from a heartbeat, which it has not had.")
        }
        Reason::LeaderNotThere(id) => {
            say.say("the metadata names ").span(broker(*id)).say(" as the leader, and it does not work.")
        }
        Reason::LeaderHasNotHeard(id) => it(*id).say(" is to lead, and has not heard of it."),
        Reason::NobodyFit { would_do } => say
            .say("nobody is alive that is known to have every committed record. Any of these would do: ")
            .noun(Noun::Data, list_of(would_do))
            .say("."),
        Reason::NobodyCertain { must_return } => say
            .say("who had every committed record has died, and may have lost what was not flushed. Back first: ")
            .noun(Noun::Data, list_of(must_return))
            .say("; then the last known leader leads with what it has."),
        _ => return None,
    })
}

/// Of a replica that is not in the ISR.
fn of_members(reason: &Reason) -> Option<Sentence> {
    let say = Sentence::new();
    Some(match reason {
        Reason::NoReplica(id) => it(*id).say(" has no replica of the partition."),
        Reason::IsFenced(id) => it(*id).say(" is fenced, and who is fenced is in no ISR."),
        Reason::ShuttingDown(id) => it(*id).say(" is stopping."),
        Reason::LeaderHasNotSeen { leader, broker: id } => {
            it(*leader).say(" leads and has not heard yet that ").span(broker(*id)).say(" is back.")
        }
        Reason::LacksCommitted { broker: id, end, mark } => it(*id)
            .say(" is behind: it asks from ")
            .span(offset(*end))
            .say(", and the ")
            .span(high_watermark())
            .say(" is ")
            .span(offset(*mark))
            .say("."),
        Reason::BelowEpochStart { broker: id, end, start } => it(*id)
            .say(" is behind: it asks from ")
            .span(offset(*end))
            .say(", and this leadership began at ")
            .span(offset(*start))
            .say("."),
        Reason::MustFetch(id) => it(*id).say(" joins with its next fetch."),
        Reason::Proposed(id) => {
            say.say("the leader has asked for ").span(broker(*id)).say(" to join; the controller has not answered.")
        }
        Reason::OtherChangeProposed => {
            say.say("the leader has asked for another change of the ISR, and asks for one at a time.")
        }
        _ => return None,
    })
}

/// The condition that is not met, and what stands in the way of the next step.
#[must_use]
pub fn why_not(question: Question, told: &Explanation) -> Sentence {
    let mut sentence = because(question, &told.reason);
    let said = |stands: &Obstacle| told.reason == as_reason(*stands);
    if let Some(stands) = told.obstacle.filter(|stands| !said(stands)) {
        sentence = sentence.say(" ");
        sentence.spans.extend(obstacle(stands).spans);
    }
    sentence
}

fn as_reason(obstacle: Obstacle) -> Reason {
    match obstacle {
        Obstacle::OnTheWay(message) => Reason::OnTheWay(message),
        _ => Reason::Unknown,
    }
}

fn obstacle(obstacle: Obstacle) -> Sentence {
    let say = Sentence::new();
    let sentence = match obstacle {
        Obstacle::Down(end) => of(end).say(" is down."),
        Obstacle::Frozen(end) => of(end).say(" stands still."),
        Obstacle::Cut(link) => on(link, "is lost"),
        Obstacle::Held(link) => on(link, "is held back"),
        Obstacle::OnTheWay(message) => say.say("the message ").noun(Noun::Data, message).say(" is on its way."),
        Obstacle::Parked { request, until } => say
            .say("the request ")
            .noun(Noun::Data, request)
            .say(" waits at ")
            .span(endpoint(request.to))
            .say(format!(", until {} at most.", at(until))),
        Obstacle::AwaitsAnswer { request, until } => of(request.from)
            .say(" waits for the answer to ")
            .noun(Noun::Data, request)
            .say(format!(", which is lost, until {}.", at(until))),
        Obstacle::Pauses { who, until } => of(who).say(format!(" asks again at {}.", at(until))),
        Obstacle::NotAsked { who, kind } => of(who).say(match kind {
            MessageKind::Fetch | MessageKind::OffsetForLeaderEpoch => " has not fetched since.",
            MessageKind::BrokerRegistration => " has not asked to be registered.",
            MessageKind::BrokerHeartbeat => " has sent no heartbeat since.",
            MessageKind::FetchMetadata => " has not fetched the metadata since.",
            MessageKind::AlterPartition => " has not asked the controller again.",
            _ => " has not asked.",
        }),
        Obstacle::FormerStart { broker: id, until } => say
            .say("the process that ")
            .span(broker(id))
            .say(format!(" was before counts as alive until {}, so its id is taken.", at(until))),
        Obstacle::Busy { who, until } => of(who).say(format!(" goes on at {}.", at(until))),
        Obstacle::AwaitsNews(end) => {
            of(end).say(" was refused, and waits for the metadata to say something new. It knows all there is.")
        }
        Obstacle::Electing => say.say("the controllers are electing a leader of their own."),
        Obstacle::Committing => say.say("what was written has not come to a majority of the controllers."),
        Obstacle::NoController => say.say("there is no controller, so the metadata never changes."),
    };
    capital(sentence)
}

fn on(link: Link, what: &str) -> Sentence {
    let say = Sentence::new().say("what ").span(endpoint(link.from)).say(" sends to ").span(endpoint(link.to));
    say.say(format!(" {what}."))
}

/// What would have to happen: "`start 2`", or when it goes on by itself.
#[must_use]
pub fn remedy(remedy: &Remedy) -> Sentence {
    match remedy {
        Remedy::Do(command) => Sentence::new().noun(Noun::Data, command),
        Remedy::Until(tick) => Sentence::new().say(format!("By itself, at {}.", at(*tick))),
    }
}
