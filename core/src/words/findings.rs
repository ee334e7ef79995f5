//! What is wrong with a partition's files, and what a broker or a reader makes of it.
//!
//! What recovery does is `LogSegment.recover`: after an unclean stop a broker goes through the batches of its last
//! segments, looks at lengths and CRCs alone, and cuts the file at the first that is not right. After a clean stop it
//! looks at nothing.

use super::names::counted;
use super::relations::{related, then_related};
use crate::inspect::{Finding, Why, Wrong, iso_time};

const CUTS: &str = "A broker that starts after an unclean stop cuts the file here. What stands behind is gone.";
const KEEPS: &str = "Recovery keeps it, because the CRC is right. A consumer that comes to it stops with an error.";

/// Two pieces of text: what was found, and what was expected; what is made of it. `names` are those of the folders,
/// where two are compared.
#[must_use]
pub fn finding_words(finding: &Finding, names: &[String]) -> (String, String) {
    if let Wrong::Related(relation) = &finding.wrong {
        return (related(relation, names), then_related(relation, names));
    }
    (what(finding), then(&finding.wrong))
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

/// Of the files beside a log, and of a log held against them.
fn what_beside(finding: &Finding) -> String {
    let at = finding.offset.map_or_else(String::new, |offset| offset.to_string());
    match &finding.wrong {
        Wrong::IndexSize { bytes: size, entry_bytes } => {
            format!("The index has {}, which is no multiple of {entry_bytes}, the size of an entry.", bytes(*size))
        }
        Wrong::IndexOrder { offset, position, after, after_position } => format!(
            "The entry says offset {offset} at byte {position}. The one before it says {after} at {after_position}, \
            and both must ascend."
        ),
        Wrong::IndexPoints { offset, position, found: Some(found) } => format!(
            "The entry says that the batch at byte {position} ends with offset {offset}. The batch there ends with \
            {found}."
        ),
        Wrong::IndexPoints { offset, position, found: None } => {
            format!("The entry says that offset {offset} is in the batch at byte {position}. No batch begins there.")
        }
        Wrong::IndexLeftOver { entries: 1 } => format!("The last entry, for offset {at}, does not fit the log."),
        Wrong::IndexLeftOver { entries } => {
            format!("The last {} entries, from offset {at} on, do not fit the log.", counted(*entries))
        }
        Wrong::TimeIndexOrder { offset, time_ms, after, after_ms } => format!(
            "The entry says {} for offset {offset}. The one before it says {} for {after}, and both must ascend.",
            iso_time(*time_ms),
            iso_time(*after_ms)
        ),
        Wrong::TimeIndexPoints { offset, time_ms, found_ms: Some(found) } => format!(
            "The entry says {} for offset {offset}. The largest timestamp of the batch there is {}.",
            iso_time(*time_ms),
            iso_time(*found)
        ),
        Wrong::TimeIndexPoints { offset, time_ms, found_ms: None } => {
            format!("The entry says {} for offset {offset}. The log has no such offset.", iso_time(*time_ms))
        }
        Wrong::Unread(problem) => format!("The file is not as Kafka writes it: {problem}."),
        Wrong::EpochDiffers { batch, checkpoint: Some(checkpoint) } => {
            format!("The checkpoint says that offset {at} is of leader epoch {checkpoint}. Its batch says {batch}.")
        }
        Wrong::EpochDiffers { batch, checkpoint: None } => {
            format!("The checkpoint has no leader epoch for offset {at}. Its batch says {batch}.")
        }
        Wrong::OpenTransaction { producer, log_end } => format!(
            "Producer {producer} began a transaction at offset {at}, and no marker ends it. The log ends at {log_end}."
        ),
        Wrong::AbortNotListed { producer, marker } => format!(
            "The marker at {marker} aborts what producer {producer} wrote from {at} on. No transaction index lists it."
        ),
        Wrong::ListedNotAborted { producer, marker } => format!(
            "The index lists a transaction of producer {producer} as aborted, from {at} on. The marker at {marker} \
            commits it."
        ),
        Wrong::SnapshotDiffers { producer, snapshot, log } => format!(
            "Of producer {producer} the snapshot says {}; by the log it is {}.",
            sequence(*snapshot),
            sequence(*log)
        ),
        _ => String::new(),
    }
}

fn sequence((epoch, last_sequence, last_offset): (i16, i32, i64)) -> String {
    format!("epoch {epoch}, last sequence {last_sequence} at offset {last_offset}")
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
        Wrong::Gap { first, last, why } => return then_gap(*why, first == last),
        Wrong::TooLong { .. } => "It is passed over, and its CRC is not looked at.",
        Wrong::IndexSize { .. } => {
            "A broker that looks at it when it opens the segment takes it for corrupt and builds it again from the log."
        }
        Wrong::IndexOrder { .. }
        | Wrong::IndexPoints { .. }
        | Wrong::TimeIndexOrder { .. }
        | Wrong::TimeIndexPoints { .. } => {
            "The log is not harmed. A look-up through this entry begins at the wrong place, and may miss records; \
            after an unclean stop a broker builds the index again. Deleting the file has it do so."
        }
        Wrong::IndexLeftOver { .. } => {
            "The file has room set aside, so its broker was running, and knew in memory how many entries count. When a \
            log is cut, those that no longer count stay in the file until new ones are written over them."
        }
        Wrong::Unread(_) => "What it would have said is not known here. The rest of the folder is read all the same.",
        Wrong::EpochDiffers { .. } => {
            "A follower that asks where an epoch ends is answered from the checkpoint, and would cut its log at the \
            wrong offset."
        }
        Wrong::OpenTransaction { .. } => {
            "Readers of committed records wait at its first offset, though there are records behind. The coordinator \
            aborts it when transaction.timeout.ms has passed; a transaction that hangs for longer is ended with \
            kafka-transactions.sh abort."
        }
        Wrong::AbortNotListed { .. } => {
            "A broker tells its readers of aborted transactions from the index, so these records would be handed out \
            as if they were committed."
        }
        Wrong::ListedNotAborted { .. } => "Readers of committed records would skip records that are committed.",
        Wrong::SnapshotDiffers { .. } => {
            "After a clean stop a broker believes the snapshot. It would take a new batch of this producer for out of \
            order, or a repeated one for new."
        }
        Wrong::Related(_) => "",
    };
    words.to_owned()
}

fn then_gap(why: Why, is_one: bool) -> String {
    match why {
        Why::OneFile => {
            "Compaction leaves gaps, for records that later ones of the same key replace. Where nothing is \
            compacted, something was removed."
                .to_owned()
        }
        Why::Aborted { marker } => {
            let of = if is_one { "It is" } else { "They are" };
            format!("{of} of the transaction that is aborted at {marker}: compaction removes aborted records first.")
        }
        Why::CleanedTo { to } => {
            format!("Compaction explains it: the broker's checkpoint says that it cleaned up to {to}.")
        }
        Why::Thinned => {
            "Compaction explains it: other batches of this log have fewer records than offsets too.".to_owned()
        }
        Why::NoSign => {
            "Nothing here explains it: no batch was thinned by compaction, no transaction was aborted, and no \
            checkpoint says that this was cleaned. Compaction of whole batches leaves no other trace."
                .to_owned()
        }
    }
}

fn bytes(number: u64) -> String {
    if number == 1 { "1 byte".to_owned() } else { format!("{} bytes", counted(number)) }
}

fn records(number: u32) -> String {
    if number == 1 { "1 record".to_owned() } else { format!("{} records", counted(u64::from(number))) }
}
