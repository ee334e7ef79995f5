//! How things are called.

use super::{Noun, Sentence, Span};
use crate::ids::{BrokerId, BrokerSet, Endpoint, Offset, RecordId};
use crate::rules::alter_partition_check::AlterCheck;
use crate::rules::offset_for_leader_epoch::LeaderAnswer;
use crate::world::{Body, ControllerError, ErrorCode, HeartbeatAnswer, Message};

/// "broker 2". Who knows its role gives it that role's colour (`Sentence::with_roles`).
pub(super) fn broker(id: BrokerId) -> Span {
    Span::Noun(Noun::Broker(id), format!("broker {id}"))
}

pub(super) fn endpoint(end: Endpoint) -> Span {
    match end {
        Endpoint::Broker(id) => broker(id),
        Endpoint::Producer(id) => Span::Noun(Noun::Producer, format!("producer {id}")),
        Endpoint::Consumer(id) => Span::Noun(Noun::Consumer, format!("consumer {id}")),
        Endpoint::Controller(id) => Span::Noun(Noun::Data, format!("controller {id}")),
    }
}

pub(super) fn offset(offset: Offset) -> Span {
    Span::Noun(Noun::Data, offset.to_string())
}

pub(super) fn high_watermark() -> Span {
    Span::Noun(Noun::HighWatermark, String::from("high watermark"))
}

/// "offset 4", or "offsets 4 to 6".
pub(super) fn offsets(first: Offset, last: Offset) -> String {
    if first == last { format!("offset {first}") } else { format!("offsets {first} to {last}") }
}

/// "1 record", "3 records".
pub(super) fn records(count: usize) -> String {
    if count == 1 { String::from("1 record") } else { format!("{count} records") }
}

/// "record p1.1", "records p1.1 to p1.3".
pub(super) fn named_records(records: &[RecordId]) -> String {
    match records {
        [] => String::from("no record"),
        [only] => format!("record {only}"),
        [first, .., last] => format!("records {first} to {last}"),
    }
}

pub(super) fn text(text: Option<&str>) -> &str {
    text.unwrap_or("null")
}

/// "ada +50": a record's key and value.
pub(super) fn key_and_value(key: Option<&str>, value: Option<&str>) -> String {
    match key {
        Some(key) => format!("{key} {}", text(value)),
        None => text(value).to_owned(),
    }
}

pub(super) fn error(error: ErrorCode) -> Span {
    Span::Noun(Noun::Danger, error.name().to_owned())
}

/// A sentence that begins with a capital letter.
pub(super) fn capital(mut sentence: Sentence) -> Sentence {
    if let Some(Span::Plain(words) | Span::Noun(_, words)) = sentence.spans.first_mut() {
        // Our sentences begin in ASCII; all of Unicode's cases would be 6 KiB of the wasm.
        if let Some(first) = words.get_mut(..1) {
            first.make_ascii_uppercase();
        }
    }
    sentence
}

/// What a message says, short enough to stand on it: "fetch from 8".
#[must_use]
pub fn message_label(message: &Message) -> String {
    match &message.body {
        Body::Produce { batch, .. } => match batch.batch.records.as_slice() {
            [only] => {
                let text = |bytes: &Option<_>| bytes.as_ref().map(|bytes: &bytes::Bytes| crate::frame::readable(bytes));
                key_and_value(text(&only.key).as_deref(), text(&only.value).as_deref())
            }
            several => records(several.len()),
        },
        Body::ProduceResponse { answer: Ok(base), .. } => format!("stored at {base}"),
        Body::Fetch { offset, .. } => format!("fetch from {offset}"),
        Body::FetchResponse { answer: Ok(fetched), .. } => match fetched.batches.as_slice() {
            // Which mark it tells is seen when it lands: a question about the mark is often asked while it flies.
            [] if fetched.diverging.is_some() => "the logs part".to_owned(),
            [] => "the mark alone".to_owned(),
            batches => {
                let count: usize = batches.iter().map(|batch| batch.names.len()).sum();
                format!("{}, the mark", records(count))
            }
        },
        Body::ProduceResponse { answer: Err(error), .. }
        | Body::FetchResponse { answer: Err(error), .. }
        | Body::OffsetForLeaderEpochResponse { answer: Err(error), .. } => {
            error.name().to_ascii_lowercase().replace('_', " ")
        }
        Body::OffsetCommit { offset } => format!("commit {offset}"),
        Body::OffsetCommitResponse { offset, .. } => format!("committed {offset}"),
        Body::OffsetForLeaderEpoch { asked, .. } => format!("end of epoch {asked}?"),
        Body::OffsetForLeaderEpochResponse { answer: Ok(answer), .. } => match answer {
            LeaderAnswer::Ends { epoch, end } => format!("epoch {epoch} ends at {end}"),
            LeaderAnswer::EndsAt(end) => format!("ends at {end}"),
            LeaderAnswer::Undefined => "unknown epoch".to_owned(),
        },
        Body::Metadata => "who leads?".to_owned(),
        Body::MetadataResponse { leader: Some(leader), leader_epoch, .. } => {
            format!("{leader} leads, epoch {leader_epoch}")
        }
        Body::MetadataResponse { leader: None, .. } => "nobody leads".to_owned(),
        Body::BrokerRegistration { .. } => "register".to_owned(),
        Body::BrokerRegistrationResponse { answer: Ok(epoch), .. } => format!("broker epoch {epoch}"),
        Body::BrokerHeartbeat { wants_to_stop: true, .. } => "wants to stop".to_owned(),
        Body::BrokerHeartbeat { .. } => "heartbeat".to_owned(),
        Body::BrokerHeartbeatResponse { answer: Ok(answer), .. } => match answer {
            HeartbeatAnswer { may_stop: true, .. } => "may stop".to_owned(),
            HeartbeatAnswer { fenced: true, .. } => "fenced".to_owned(),
            HeartbeatAnswer { .. } => "heard".to_owned(),
        },
        Body::FetchMetadata { offset } => format!("metadata from {offset}"),
        Body::FetchMetadataResponse { answer: Ok(fetched), .. } => {
            format!("{} of metadata", records(fetched.records.len()))
        }
        Body::BrokerRegistrationResponse { answer: Err(error), .. }
        | Body::BrokerHeartbeatResponse { answer: Err(error), .. }
        | Body::FetchMetadataResponse { answer: Err(error), .. } => controller_error(*error).to_owned(),
        Body::AlterPartition { proposal, .. } => format!("ISR {}?", brokers(proposal.isr)),
        Body::AlterPartitionResponse { proposal, answer: AlterCheck::Accept, .. } => {
            format!("ISR {}", brokers(proposal.isr))
        }
        Body::AlterPartitionResponse { .. } => "ISR refused".to_owned(),
        Body::Quorum(message) => super::quorum::said(message),
        Body::FetchQuorum(fetch) => format!("metadata from {}", fetch.offset),
        Body::FetchQuorumResponse { answer, .. } => super::quorum::fetched(answer),
    }
}

/// A controller's refusal, by Kafka's name.
pub(super) fn controller_error(error: ControllerError) -> &'static str {
    match error {
        ControllerError::NotController(_) => "not controller",
        ControllerError::DuplicateBrokerRegistration => "duplicate broker registration",
        ControllerError::StaleBrokerEpoch => "stale broker epoch",
    }
}

/// "1, 2, 3", or "nobody".
pub(super) fn brokers(set: BrokerSet) -> String {
    list_of(&set.iter().collect::<Vec<_>>())
}

/// The same for a list.
pub(super) fn list_of(list: &[BrokerId]) -> String {
    if list.is_empty() {
        return String::from("nobody");
    }
    let ids: Vec<String> = list.iter().map(ToString::to_string).collect();
    ids.join(", ")
}

/// With a comma before each three digits: 1,048,576.
#[must_use]
pub fn counted(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
