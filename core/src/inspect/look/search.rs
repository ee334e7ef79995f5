//! What a batch has of what is looked for: the record that was sought, or the records of a list.

use crate::frame::CellKind;
use crate::ids::Offset;
use crate::inspect::answer::{Place, Sought};
use crate::inspect::batch::Batch;
use crate::inspect::content::content;
use crate::inspect::records::{Filter, RecordRow};
use crate::records::InternalTopic;

/// Records that one list holds, at most.
const LIST_MAX: usize = 100;

pub(super) fn find(sought: &Sought, after: Option<Place>, batch: &Batch, here: Place) -> Option<Place> {
    let summary = batch.summary;
    let place = |offset| Place { offset, ..here };
    let is_further = |offset| after.is_none_or(|after| place(offset) > after);
    match sought {
        Sought::Offset(offset) if summary.last.0 < *offset => None,
        Sought::Time(time_ms) if summary.timestamp_ms < *time_ms => None,
        // Only the batch that was found last may hold a record that is not further.
        Sought::Producer(id) => {
            let is_new = after.is_none_or(|after| (here.segment, here.position) > (after.segment, after.position));
            (batch.producer()?.0 == *id && is_new).then(|| place(summary.base))
        }
        _ => {
            let mut found = None;
            batch.records(|record| {
                let fits = match sought {
                    Sought::Offset(offset) => record.offset.0 >= *offset,
                    Sought::Time(time_ms) => record.timestamp_ms >= *time_ms,
                    Sought::Key(key) => record.key.as_deref() == Some(key.as_bytes()) && is_further(record.offset),
                    Sought::Producer(_) => false,
                };
                if fits {
                    found = Some(place(record.offset));
                }
                !fits
            });
            // An offset that compaction took out of a batch still lies in it.
            let in_batch = matches!(sought, Sought::Offset(_)).then(|| place(summary.last));
            found.or(in_batch)
        }
    }
}

/// A batch that a list comes to.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) batch: &'a Batch,
    pub(super) here: Place,
    pub(super) is_aborted: bool,
    pub(super) differs: &'a [Offset],
    pub(super) topic: Option<InternalTopic>,
}

/// Adds a batch's records to a list; where to go on, once it is full.
pub(super) fn list(from: Place, filter: &Filter, rows: &mut Vec<RecordRow>, seen: Seen<'_>) -> Option<Place> {
    let Seen { batch, here, is_aborted, differs, topic } = seen;
    let producer = batch.producer().map(|id| id.0);
    let epoch = batch.leader_epoch().map(|epoch| epoch.0);
    if filter.producer.is_some_and(|wanted| producer != Some(wanted))
        || filter.epoch.is_some_and(|wanted| epoch != Some(wanted))
    {
        return None;
    }
    let wanted = filter.text.as_str();
    let has_text = |bytes: Option<&[u8]>| bytes.is_some_and(|bytes| String::from_utf8_lossy(bytes).contains(wanted));
    let has_content = |text: Option<&String>| text.is_some_and(|text| text.contains(wanted));
    let mut next = None;
    batch.records(|record| {
        let place = Place { offset: record.offset, ..here };
        if place < from {
            return true;
        }
        let is_data = matches!(record.kind, CellKind::Record | CellKind::Tombstone);
        let kind = if is_aborted && is_data { CellKind::Aborted } else { record.kind };
        let (key, value) = content(&record, topic);
        let fits = filter.kind.is_none_or(|wanted| wanted == kind)
            && (filter.text.is_empty()
                || has_text(record.key.as_deref())
                || has_text(record.value.as_deref())
                || has_content(key.as_ref())
                || has_content(value.as_ref()))
            && (!filter.only_differences || differs.binary_search(&record.offset).is_ok());
        if !fits {
            return true;
        }
        if rows.len() >= LIST_MAX {
            next = Some(place);
            return false;
        }
        rows.push(RecordRow {
            place,
            kind,
            timestamp_ms: record.timestamp_ms,
            producer,
            epoch,
            key,
            value,
            headers: u32::try_from(record.headers.len()).unwrap_or(u32::MAX),
        });
        true
    });
    next
}
