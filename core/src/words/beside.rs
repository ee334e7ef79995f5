//! What the files beside a log say of it, and what is made of that.

use super::findings::bytes;
use super::names::counted;
use crate::inspect::{Finding, Says, Why, Wrong, iso_time};

/// Of the files beside a log, and of a log held against them.
pub(super) fn what_beside(finding: &Finding) -> String {
    let at = finding.offset.map_or_else(String::new, |offset| offset.to_string());
    match &finding.wrong {
        Wrong::IndexSize { .. }
        | Wrong::IndexOrder { .. }
        | Wrong::IndexPoints { .. }
        | Wrong::IndexBeyond { .. }
        | Wrong::IndexLeftOver { .. }
        | Wrong::TimeIndexOrder { .. }
        | Wrong::TimeIndexPoints { .. } => what_index(finding, &at),
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
        Wrong::SnapshotDiffers { producer, snapshot, log, below } => {
            let below = below.map_or_else(String::new, |at| format!(" below {at}"));
            let log = log.map_or_else(
                || format!("the log has no batch of it{below}"),
                |log| format!("by the log{below} it is {}", sequence(log)),
            );
            format!("Of producer {producer} the snapshot says {}; {log}.", sequence(*snapshot))
        }
        Wrong::EmptyBetween => "The file has no bytes, and a segment follows it.".to_owned(),
        Wrong::NoLog => format!("There is an index for a segment that begins at {at}, and no log of that name."),
        Wrong::LogEndsBefore { says, log_end } => {
            let says = match says {
                Says::LeaderEpoch => "The last leader epoch begins at",
                Says::Snapshot => "A snapshot was taken when the log ended at",
                Says::HighWatermark => "The high watermark was",
                Says::RecoveryPoint => "The log was flushed to disk up to",
            };
            format!("{says} {at}. The log ends at {log_end}.")
        }
        Wrong::ComparedWithin { start, limit: None } => {
            format!("The logs begin at different offsets on disk. Compared is what lies at {start} and above.")
        }
        Wrong::ComparedWithin { start, limit: Some(limit) } => {
            format!(
                "Compared are the offsets from {start} to below {limit}: the lab keeps a million records of each log."
            )
        }
        _ => String::new(),
    }
}

fn sequence((epoch, last_sequence, last_offset): (i16, i32, i64)) -> String {
    format!("epoch {epoch}, last sequence {last_sequence} at offset {last_offset}")
}

/// Of an index, held against its log.
fn what_index(finding: &Finding, at: &str) -> String {
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
        Wrong::IndexBeyond { entries: 1, last } => {
            format!("The last entry says offset {last}. The log ends before that.")
        }
        Wrong::IndexBeyond { entries, last } => {
            format!("The last {} entries lie behind the log's end, as far as offset {last}.", counted(*entries))
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
        _ => String::new(),
    }
}

/// What is made of it.
pub(super) fn then_beside(wrong: &Wrong) -> String {
    let words = match wrong {
        Wrong::Gap { first, last, why } => return then_gap(*why, first == last),
        Wrong::IndexSize { .. } => {
            "The log is not harmed. Once its .index file is deleted while the broker is stopped, both indexes of the \
            segment are built again."
        }
        Wrong::IndexOrder { .. }
        | Wrong::IndexPoints { .. }
        | Wrong::TimeIndexOrder { .. }
        | Wrong::TimeIndexPoints { .. } => {
            "The log is not harmed. A look-up through this entry begins at the wrong place, and may miss records; \
            after an unclean stop a broker builds the index again. It also does once the segment's .index file is \
            deleted while it is stopped."
        }
        Wrong::IndexBeyond { .. } => "The log had these offsets when the index was written: it has lost its end.",
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
        Wrong::SnapshotDiffers { below: Some(_), .. } => {
            "A broker goes back to this snapshot when its log is cut below the later ones, or when it reads the \
            segment from here again after an unclean stop. Of a producer that wrote nothing behind it, it would then \
            take a new batch for out of order, or a repeated one for new."
        }
        Wrong::SnapshotDiffers { below: None, .. } => {
            "After a clean stop a broker believes the snapshot. It would take a new batch of this producer for out of \
            order, or a repeated one for new."
        }
        Wrong::EmptyBetween => {
            "Compaction may have emptied it, and keeps the file. In a log that is not compacted its records are lost."
        }
        Wrong::NoLog => "The segment's log is lost, or was not chosen. A broker that starts deletes such an index.",
        Wrong::LogEndsBefore { .. } => {
            "The log has lost its end, or was cut since: a new leader's epoch, or an unclean stop, cuts a log below \
            what was known before."
        }
        Wrong::ComparedWithin { limit: None, .. } => {
            "Each replica deletes its old segments by itself, so they need not begin at the same offset."
        }
        Wrong::ComparedWithin { limit: Some(_), .. } => "What stands elsewhere may differ.",
        _ => "",
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
