//! What is wrong with a partition's files, and what a broker or a reader makes of it.
//!
//! What recovery does is `LogSegment.recover`: after an unclean stop a broker goes through the batches of its last
//! segments, looks at lengths and CRCs alone, and cuts the file at the first that is not right. After a clean stop it
//! looks at nothing.

use super::beside::{then_beside, what_beside};
use super::names::counted;
use super::relations::{related, then_related};
use crate::inspect::{Finding, Recovery, Wrong};

const CUTS: &str = "A broker that starts after an unclean stop cuts the file here. What stands behind is gone.";
const CLOSED: &str = "It is in a segment that is closed. A broker does not look at one again, unless it stopped \
    uncleanly before all of it was flushed: then it cuts the log here, and deletes the segments behind. Else consumers \
    that come to it get an error.";
const KEEPS: &str = "Recovery keeps it, because the CRC is right. A consumer that comes to it stops with an error.";

/// Two pieces of text: what was found, and what was expected; what is made of it. `names` are those of the folders,
/// where two are compared; `recovery`: what becomes of the segment that it is about.
#[must_use]
pub fn finding_words(finding: &Finding, names: &[String], recovery: Recovery) -> (String, String) {
    let is_cut = matches!(
        finding.wrong,
        Wrong::CutInHeader { .. }
            | Wrong::CutInBatch { .. }
            | Wrong::Length { .. }
            | Wrong::Zeros { .. }
            | Wrong::Garbage { .. }
            | Wrong::Crc { .. }
    );
    if let Some(then) = then_closed(recovery).filter(|_| is_cut) {
        return (what(finding), then);
    }
    if let Wrong::Related(relation) = &finding.wrong {
        return (related(relation, names), then_related(relation, names));
    }
    (what(finding), then(&finding.wrong))
}

/// Of a segment that another follows: what a broker makes of a place where it would cut.
fn then_closed(recovery: Recovery) -> Option<String> {
    match recovery {
        Recovery::Last => None,
        Recovery::Closed => Some(CLOSED.to_owned()),
        Recovery::Unflushed { point } => Some(format!(
            "It is in a segment that is closed, and goes further than the recovery point, {point}: not all of it is \
            known to be flushed. A broker that starts after an unclean stop goes through it, cuts the log here, and \
            deletes the segments behind."
        )),
        Recovery::Flushed { point } => Some(format!(
            "It is in a segment that is closed, and lies below the recovery point, {point}: all of it was flushed. A \
            broker does not look at it again, not even after an unclean stop. Consumers that come to it get an error."
        )),
    }
}

fn what(finding: &Finding) -> String {
    match &finding.wrong {
        Wrong::Empty => "The file has no bytes.".to_owned(),
        Wrong::CutInHeader { left_bytes } => {
            format!("The last {} are the beginning of a batch. Its header alone takes 61.", bytes(*left_bytes))
        }
        Wrong::CutInBatch { size_bytes, left_bytes } => format!(
            "A batch of {} begins here, by its length field, and the file ends after {}.",
            bytes(*size_bytes),
            counted(*left_bytes)
        ),
        Wrong::Length { found, least } => {
            format!("The batch's length field says {found}. The least it can say is {least}.")
        }
        Wrong::Zeros { bytes: zeros, to_end: true } => {
            format!("The last {} of the file are zeros, where a batch should begin.", bytes(*zeros))
        }
        Wrong::Zeros { bytes: zeros, to_end: false } => {
            format!("{} of zeros stand where a batch should begin, and other bytes behind them.", bytes(*zeros))
        }
        Wrong::Garbage { bytes: left } => format!("The last {} do not begin as a batch does.", bytes(*left)),
        Wrong::UnknownMagic { found } => format!("The batch's magic is {found}. Kafka writes 0, 1 or 2."),
        Wrong::OldMagic { magic } => format!("Messages of magic {magic} begin here, from before Kafka 0.11."),
        Wrong::Crc { stored, computed } => {
            format!("The batch's CRC is stored as {stored:08x}, and that of its bytes is {computed:08x}.")
        }
        Wrong::UnknownCodec { code } => {
            format!("The batch's compression is number {code}. Kafka knows 0 to 4: none, gzip, snappy, lz4, zstd.")
        }
        Wrong::Compressed(problem) => format!("The batch's records do not unpack: {problem}."),
        Wrong::RecordCount { stated, read } => {
            format!("The batch's header says {}, and its bytes hold {}.", records(*stated), counted(u64::from(*read)))
        }
        Wrong::Records(problem) => format!("The batch's records can't be read to their end: {problem}."),
        Wrong::OffsetBack { found, after } => {
            format!("Offset {found} stands behind offset {after}, and should be above.")
        }
        Wrong::BelowName { name } => format!("The first batch lies below {name}, the offset in the file's name."),
        Wrong::Gap { first, last, .. } if first == last => format!("Offset {first} is not here."),
        Wrong::Gap { first, last, .. } => format!("Offsets {first} to {last} are not here."),
        Wrong::TooLong { size_bytes } => {
            format!("This batch has {}. The lab reads none that is longer than 64 MiB.", bytes(*size_bytes))
        }
        _ => what_beside(finding),
    }
}

fn then(wrong: &Wrong) -> String {
    let words = match wrong {
        Wrong::Empty => "That is how a new segment begins.",
        Wrong::CutInHeader { .. } => {
            "So a write ends that power loss or a full disk broke off. A broker that starts \
            after an unclean stop cuts the file here."
        }
        Wrong::CutInBatch { .. } => {
            "Either the write was broken off, or the length is wrong. A broker that starts \
            after an unclean stop cuts the file here, and what stands behind is gone."
        }
        Wrong::Length { .. } | Wrong::Crc { .. } | Wrong::Garbage { .. } => CUTS,
        Wrong::Zeros { to_end: true, .. } => {
            "So looks room that was set aside and never written, or a write that \
            never reached the disk. A broker that starts after an unclean stop cuts the file here."
        }
        Wrong::Zeros { to_end: false, .. } => CUTS,
        Wrong::UnknownMagic { .. } => {
            "The CRC does not cover this byte, so it may be all that is wrong. No consumer \
            reads the batch; its length leads to the next."
        }
        Wrong::OldMagic { .. } => "They are read here. Kafka 4 still reads them from disk, and writes magic 2 only.",
        Wrong::UnknownCodec { .. } | Wrong::Compressed(_) | Wrong::RecordCount { .. } | Wrong::Records(_) => KEEPS,
        Wrong::OffsetBack { .. } => {
            "The CRC does not cover a batch's base offset. Kafka looks offsets up in an index \
            that must ascend, and no broker appends such a batch."
        }
        Wrong::BelowName { .. } => {
            "An index counts from the offset in the name, so it could not say this one. The \
            file may have been renamed."
        }
        Wrong::TooLong { .. } => "It is passed over, and its CRC is not looked at.",
        _ => return then_beside(wrong),
    };
    words.to_owned()
}

pub(super) fn bytes(number: u64) -> String {
    if number == 1 { "1 byte".to_owned() } else { format!("{} bytes", counted(number)) }
}

fn records(number: u32) -> String {
    if number == 1 { "1 record".to_owned() } else { format!("{} records", counted(u64::from(number))) }
}
