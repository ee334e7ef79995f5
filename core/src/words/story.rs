//! Each event as a sentence, with its real numbers.

use super::names::{broker, capital, endpoint, error, high_watermark, key_and_value, named_records, offset, offsets};
use super::names::{message_label, records};
use super::roles::roles_in;
use super::{Noun, Sentence};
use crate::command::{ClusterSettings, Command, OffsetReset, Schedule};
use crate::event::{Event, EventKind, Refusal};
use crate::ids::{BrokerId, Endpoint, Offset, RecordId};
use crate::rules::fold::Fold;
use crate::rules::storage::StorageRule;
use crate::world::{Body, ErrorCode, Message, StoredBatch, Waiting, Wants};

/// What happened, in one or two sentences.
#[must_use]
pub fn story(event: &Event) -> Sentence {
    let say = Sentence::new();
    let sentence = match &event.kind {
        EventKind::Commanded(command) => commanded(command),
        EventKind::Refused(refusal) => say.say("that can't be done: ").say(refused(*refusal)).say("."),
        EventKind::TimePassed { ms } => say.noun(Noun::Data, duration(*ms)).say(" pass and nothing happens."),
        EventKind::MessageSent { message, .. } => sent(message),
        EventKind::MessageDelivered { message } => delivered(message),
        EventKind::MessageDropped { message } => say
            .say("the message “")
            .noun(Noun::Data, message_label(message))
            .say("” from ")
            .span(endpoint(message.id.from))
            .say(" to ")
            .span(endpoint(message.id.to))
            .say(" is lost."),
        kind => set_up(kind)
            .or_else(|| at_producers(kind))
            .or_else(|| at_consumers(kind))
            .or_else(|| in_tables(kind))
            .or_else(|| at_brokers(kind))
            .or_else(|| super::cluster::in_cluster(kind))
            .or_else(|| super::quorum::in_quorum(kind))
            .unwrap_or_default(),
    };
    capital(sentence).with_roles(roles_in(&event.kind))
}

fn commanded(command: &Command) -> Sentence {
    Sentence::new().say("command: ").noun(Noun::Data, command).say(".")
}

fn set_up(kind: &EventKind) -> Option<Sentence> {
    let say = Sentence::new();
    Some(match kind {
        EventKind::ClusterStarted(ClusterSettings { brokers: 1, .. }) => {
            say.say("one broker is up and leads the partition: ").span(broker(BrokerId(1))).say(".")
        }
        EventKind::ClusterStarted(ClusterSettings { brokers, replication_factor, .. }) => say
            .noun(Noun::Data, brokers)
            .say(" brokers are up, ")
            .say(if replication_factor == brokers { "each".into() } else { format!("the first {replication_factor}") })
            .say(" with a replica of the partition; ")
            .span(broker(BrokerId(1)))
            .say(" leads it."),
        EventKind::NetworkSet { latency_ms, jitter_ms } => say
            .say("messages take ")
            .noun(Noun::Data, format!("{latency_ms} ms"))
            .say(" and up to ")
            .noun(Noun::Data, format!("{jitter_ms} ms"))
            .say(" more."),
        EventKind::LinkSet { link, latency_ms } => say
            .say("messages from ")
            .span(endpoint(link.from))
            .say(" to ")
            .span(endpoint(link.to))
            .say(" take ")
            .noun(Noun::Data, format!("{latency_ms} ms"))
            .say("."),
        EventKind::ScheduleSet(Schedule::Automatic) => say.say("messages arrive when they are due."),
        EventKind::ScheduleSet(Schedule::ByHand) => say.say("from now on nothing arrives unless told to."),
        EventKind::StorageSet(StorageRule::Keep) => {
            say.say("from now on the log keeps what was read: a commit is only written down.")
        }
        EventKind::StorageSet(StorageRule::DeleteOnAcknowledge) => {
            say.say("from now on what one reader has committed is deleted for all.")
        }
        EventKind::LinkHeld { link } => say
            .say("messages from ")
            .span(endpoint(link.from))
            .say(" to ")
            .span(endpoint(link.to))
            .say(" are held back."),
        EventKind::LinkReleased { link } => say
            .say("messages from ")
            .span(endpoint(link.from))
            .say(" to ")
            .span(endpoint(link.to))
            .say(" go through again."),
        _ => return None,
    })
}

fn client(end: Endpoint) -> Sentence {
    Sentence::new().span(endpoint(end))
}

fn at_producers(kind: &EventKind) -> Option<Sentence> {
    Some(match kind {
        EventKind::ProducerAdded { producer, settings } => client(Endpoint::Producer(*producer))
            .say(" is there, with ")
            .noun(Noun::Data, format!("acks={}", settings.acks))
            .say("."),
        EventKind::RecordAccumulated { producer, record } => client(Endpoint::Producer(*producer))
            .say(" puts ")
            .noun(Noun::Data, key_and_value(record.key.as_deref(), record.value.as_deref()))
            .say(" into its open batch. No broker has it yet."),
        EventKind::FlushAsked { producer } => client(Endpoint::Producer(*producer)).say(" is told to flush."),
        EventKind::Acknowledged { producer, records, base } => {
            client(Endpoint::Producer(*producer)).say(" learns that ").say(stands(records, *base)).say(".")
        }
        EventKind::SendFailed { producer, records, error: code } => client(Endpoint::Producer(*producer))
            .say(" gives up on ")
            .say(named_records(records))
            .say(": ")
            .span(error(*code))
            .say(". Whether a log holds it, it can't know."),
        EventKind::SendWillBeRetried { producer, again, error: code } => client(Endpoint::Producer(*producer))
            .say(" hears nothing good of ")
            .say(named_records(&again.batch.names))
            .say(" (")
            .span(error(*code))
            .say(") and will send it again. Whether a log holds it, it can't know."),
        EventKind::SentWithoutAnswer { producer, records } => client(Endpoint::Producer(*producer))
            .say(" asks for no answer, so it forgets ")
            .say(named_records(records))
            .say("."),
        _ => return None,
    })
}

fn at_consumers(kind: &EventKind) -> Option<Sentence> {
    let say = Sentence::new();
    Some(match kind {
        EventKind::ConsumerAdded { consumer, position, .. } => {
            client(Endpoint::Consumer(*consumer)).say(" is there and will read from ").span(offset(*position)).say(".")
        }
        EventKind::RecordsFetched { consumer, batches } => {
            client(Endpoint::Consumer(*consumer)).say(" has ").say(records_in(batches)).say(" in memory.")
        }
        EventKind::RecordsRead { consumer, records: read, position, .. } => {
            let what = match (read.first(), read.last()) {
                (Some((first, _)), Some((last, _))) => offsets(*first, *last),
                _ => records(0),
            };
            let reads = client(Endpoint::Consumer(*consumer)).say(" reads ").say(what);
            reads.say(". Its position is ").span(offset(*position)).say(": the next offset that it will read.")
        }
        EventKind::PositionReset { consumer, from, to, reset } => say
            .span(offset(*from))
            .say(" is not in the log; ")
            .noun(Noun::Data, format!("auto.offset.reset={reset}"))
            .say(" moves ")
            .span(endpoint(Endpoint::Consumer(*consumer)))
            .say(match reset {
                OffsetReset::Earliest => " to the log start, ",
                OffsetReset::Latest => " to the high watermark, ",
            })
            .span(offset(*to))
            .say("."),
        EventKind::PositionSought { consumer, from, to } => client(Endpoint::Consumer(*consumer))
            .say(" goes from ")
            .span(offset(*from))
            .say(" to ")
            .span(offset(*to))
            .say(". The log does not notice."),
        EventKind::CommitConfirmed { consumer, offset: to } => {
            client(Endpoint::Consumer(*consumer)).say(" hears that ").span(offset(*to)).say(" is kept for it.")
        }
        EventKind::ConsumerRestarted { consumer, from, to } => client(Endpoint::Consumer(*consumer))
            .say(" starts again. Its position ")
            .span(offset(*from))
            .say(" was only in memory; it begins at ")
            .span(offset(*to))
            .say("."),
        _ => return None,
    })
}

fn in_tables(kind: &EventKind) -> Option<Sentence> {
    Some(match kind {
        EventKind::RowChanged { consumer, offset: at, key, from, to } => {
            let row = |row: &Option<i64>| row.map_or(String::from("nothing"), |row| row.to_string());
            client(Endpoint::Consumer(*consumer))
                .say(" folds ")
                .span(offset(*at))
                .say(" into its table: ")
                .noun(Noun::Data, key)
                .say(" goes from ")
                .noun(Noun::Data, row(from))
                .say(" to ")
                .noun(Noun::Data, row(to))
                .say(".")
        }
        EventKind::RowLeft { consumer, offset: at, key, why } => client(Endpoint::Consumer(*consumer))
            .say(" leaves its row of ")
            .noun(Noun::Data, key)
            .say(" as it is at ")
            .span(offset(*at))
            .say(match why {
                Fold::DropRefund => ": version 1 drops refunds.",
                _ => ": the value is no amount.",
            }),
        EventKind::ProgramDeployed { consumer, program, to } => client(Endpoint::Consumer(*consumer))
            .say(" runs ")
            .noun(Noun::Data, program.word())
            .say(" now: its table is empty and it reads from ")
            .span(offset(*to))
            .say("."),
        _ => return None,
    })
}

fn at_brokers(kind: &EventKind) -> Option<Sentence> {
    let at = |id: &BrokerId| Sentence::new().span(broker(*id));
    Some(match kind {
        EventKind::BatchAppended { broker: id, batch } => at(id)
            .say(" writes ")
            .say(records(batch.names.len()))
            .say(" at the end of its log: ")
            .say(offsets(batch.base_offset(), batch.last_offset()))
            .say("."),
        EventKind::BatchCopied { broker: id, batch } => at(id)
            .say(" writes the same ")
            .say(records(batch.names.len()))
            .say(" at the same ")
            .say(offsets(batch.base_offset(), batch.last_offset()))
            .say("."),
        EventKind::FollowerNoted { leader, follower, log_end, .. } => {
            at(leader).say(" notes ").span(broker(*follower)).say(" at ").span(offset(*log_end)).say(holds(*log_end))
        }
        EventKind::HighWatermarkAdvanced { broker: id, to, ends, .. } => {
            let ends: Vec<String> = ends.iter().map(|(_, end)| end.to_string()).collect();
            let moves = at(id).say(" moves the ").span(high_watermark()).say(" to ").span(offset(*to));
            match ends.as_slice() {
                [_] => moves.say(", its own log end: there is no other replica."),
                ends => moves.say(format!(", the smallest of the log ends {}.", ends.join(", "))),
            }
        }
        EventKind::HighWatermarkLearned { broker: id, to, .. } => {
            at(id).say(" is told the ").span(high_watermark()).say(" and takes ").span(offset(*to)).say(".")
        }
        EventKind::LogStartMoved { broker: id, to, .. } => {
            at(id).say(" deletes what lies below ").span(offset(*to)).say(": its log starts there.")
        }
        EventKind::RequestParked { broker: id, waiting } => parked(*id, waiting),
        EventKind::OffsetCommitted { broker: id, consumer, offset: to } => at(id)
            .say(" keeps ")
            .span(offset(*to))
            .say(" as the committed offset of ")
            .span(endpoint(Endpoint::Consumer(*consumer)))
            .say("."),
        EventKind::RequestGivenUp { request, error: ErrorCode::NetworkException, .. } => Sentence::new()
            .span(endpoint(request.from))
            .say(" has lost its connection to ")
            .span(endpoint(request.to))
            .say(" and gives up on ")
            .noun(Noun::Data, request)
            .say("."),
        EventKind::RequestGivenUp { request, .. } => Sentence::new()
            .span(endpoint(request.from))
            .say(" has waited long enough and gives up on ")
            .noun(Noun::Data, request)
            .say("."),
        EventKind::BackOffEnded { broker: id } => at(id).say(" may ask again."),
        _ => return None,
    })
}

fn parked(id: BrokerId, waiting: &Waiting) -> Sentence {
    let waits = Sentence::new().span(endpoint(waiting.request.from));
    match waiting.wants {
        Wants::Records { offset: from, .. } => {
            waits.say(" waits at ").span(broker(id)).say(" for something at ").span(offset(from)).say(".")
        }
        Wants::HighWatermark { mark, .. } => waits
            .say(" waits: acks=all is answered when the ")
            .span(high_watermark())
            .say(" reaches ")
            .span(offset(mark))
            .say("."),
    }
}

fn sent(message: &Message) -> Sentence {
    let (from, to) = (endpoint(message.id.from), endpoint(message.id.to));
    let say = Sentence::new().span(from);
    match &message.body {
        Body::Produce { batch, .. } => {
            say.say(" sends ").say(records(batch.names.len())).say(" to ").span(to).say(" in one batch.")
        }
        Body::Fetch { offset: from, .. } => match message.id.from {
            Endpoint::Broker(_) => say.say(" asks ").span(to).say(" for ").span(offset(*from)).say(holds(*from)),
            _ => say.say(" asks ").span(to).say(" for what comes from ").span(offset(*from)).say(" on."),
        },
        Body::OffsetCommit { offset: position } => {
            say.say(" asks ").span(to).say(" to keep ").span(offset(*position)).say(" as its committed offset.")
        }
        Body::ProduceResponse { answer: Ok(base), .. } => {
            say.say(" answers ").span(to).say(": stored from ").span(offset(*base)).say(" on.")
        }
        Body::FetchResponse { answer: Ok(fetched), .. } => {
            let what =
                if fetched.batches.is_empty() { String::from("nothing new") } else { records_in(&fetched.batches) };
            if let Some((epoch, end)) = fetched.diverging {
                return say
                    .say(" tells ")
                    .span(to)
                    .say(format!(" where their logs part: epoch {epoch} ends at "))
                    .span(offset(end))
                    .say(".");
            }
            say.say(" answers ")
                .span(to)
                .say(" with ")
                .say(what)
                .say(" and tells the ")
                .span(high_watermark())
                .say(" as ")
                .span(offset(fetched.high_watermark))
                .say(".")
        }
        Body::ProduceResponse { answer: Err(code), .. } | Body::FetchResponse { answer: Err(code), .. } => {
            say.say(" answers ").span(to).say(": ").span(error(*code)).say(".")
        }
        Body::OffsetCommitResponse { .. } => say.say(" tells ").span(to).say(" that its offset is kept."),
        _ => say.say(" to ").span(to).say(": ").noun(Noun::Data, message_label(message)).say("."),
    }
}

fn delivered(message: &Message) -> Sentence {
    let to = Sentence::new().span(endpoint(message.id.to)).say(" gets ");
    let from = endpoint(message.id.from);
    match &message.body {
        Body::Produce { .. } => to.say("the batch of ").span(from).say("."),
        Body::Fetch { offset: at, .. } => to.say("the fetch of ").span(from).say(" from ").span(offset(*at)).say("."),
        Body::OffsetCommit { .. } => to.say("the commit of ").span(from).say("."),
        Body::ProduceResponse { .. } | Body::FetchResponse { .. } | Body::OffsetCommitResponse { .. } => {
            to.say("the answer of ").span(from).say(".")
        }
        _ => to.say("“").noun(Noun::Data, message_label(message)).say("” from ").span(from).say("."),
    }
}

/// What a follower promises by asking for this offset.
fn holds(asked: Offset) -> &'static str {
    if asked == Offset::ZERO { ": it holds nothing yet." } else { ": it holds everything below." }
}

fn stands(records: &[RecordId], base: Offset) -> String {
    let last = base.plus(i64::try_from(records.len()).unwrap_or(1) - 1);
    let verb = if records.len() == 1 { "is" } else { "are" };
    format!("{} {verb} stored at {}", named_records(records), offsets(base, last))
}

fn records_in(batches: &[std::sync::Arc<StoredBatch>]) -> String {
    records(batches.iter().map(|batch| batch.names.len()).sum())
}

/// "500 ms", "44 s", "2 min".
#[must_use]
pub fn duration(ms: i64) -> String {
    match ms {
        120_000.. if ms % 60_000 == 0 => format!("{} min", ms / 60_000),
        10_000.. => format!("{} s", ms / 1_000),
        1_000.. if ms % 1_000 == 0 => format!("{} s", ms / 1_000),
        1_000.. => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        _ => format!("{ms} ms"),
    }
}

/// Why a command could not be done, without a full stop.
#[must_use]
pub fn refused(refusal: Refusal) -> String {
    match refusal {
        Refusal::NoCluster => String::from("there is no cluster yet; begin with `cluster brokers=2`"),
        Refusal::ClusterExists => String::from("there is a cluster already; a script has one"),
        Refusal::NoSuchBroker(id) => format!("there is no broker {id}; `cluster brokers=3` makes 1 to 3"),
        Refusal::NoSuchProducer(id) => format!("there is no producer {id}; add it with `producer {id}`"),
        Refusal::NoSuchConsumer(id) => format!("there is no consumer {id}; add it with `consumer {id}`"),
        Refusal::ProducerExists(id) => format!("there is a producer {id} already; give this one another number"),
        Refusal::ConsumerExists(id) => format!("there is a consumer {id} already; give this one another number"),
        Refusal::LeaderDoesNotFetch(id) => {
            format!("broker {id} leads and has nobody to fetch from; `fetch` is for its followers")
        }
        Refusal::AlreadyAsked(request) => {
            format!("{} waits for the answer to {request}; that has to arrive first, or to be dropped", request.from)
        }
        Refusal::NotOnTheWay(message) => {
            format!("no message {message} is on its way; it has arrived, was lost, or was never sent")
        }
        Refusal::NoController => {
            String::from("no controller is active; `cluster controllers=1` makes one, and one that is down must start")
        }
        Refusal::NoSuchController(id) => format!("there is no controller {id}; `cluster controllers=3` makes k1 to k3"),
        Refusal::NotRunning(end) => {
            format!("{end} does not run; `start {end}` if it is down, `thaw {end}` if it stands still")
        }
        Refusal::Running(end) => format!("{end} is not down; `crash {end}` or `stop {end}` comes first"),
        Refusal::DoesNotLead(id) => format!("broker {id} does not lead; only a leader does that"),
        Refusal::HasNoLeader(id) => {
            format!("broker {id} has been told of no leader to fetch from; it learns of one from the metadata")
        }
        Refusal::CannotKeep { flushed, log_end } => {
            format!("what was flushed stays, below {flushed}, and nothing can stay above the log end, {log_end}")
        }
        Refusal::IsRegistered(id) => format!("broker {id} is registered; only a new start registers"),
        Refusal::NothingToElect => {
            String::from("the election would change nothing: who should lead does, or nobody who may lead is there")
        }
        Refusal::NothingToReassign => {
            String::from("the partition is on these brokers already, in this order; name others, or another order")
        }
        Refusal::IsFenced(id) => format!("broker {id} counts as dead already; its heartbeats bring it back"),
        Refusal::NothingDue => {
            String::from("nothing is due, and nothing will be; send something, or let time pass with `wait`")
        }
    }
}
