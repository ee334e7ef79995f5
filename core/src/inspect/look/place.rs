//! Where a look begins: the place that the indexes know before an offset, a time, or a window.

use std::collections::VecDeque;

use super::NEAR_BYTES;
use crate::ids::Offset;
use crate::inspect::answer::Place;
use crate::inspect::batch::Summary;
use crate::inspect::folder::Folder;
use crate::inspect::window::COLUMNS;

/// Where to read from to know what stands before a place: two steps of the index back, so that a whole window's
/// batches are there.
pub(super) fn before(until: Place, folder: &Folder) -> Place {
    let back = |segment: u32, position: u64| {
        let index = folder.index(segment as usize);
        let position = index.map_or(0, |index| index.before(position.saturating_sub(NEAR_BYTES).max(1)));
        Place { side: until.side, segment, position, offset: Offset::ZERO }
    };
    match until.segment.checked_sub(1) {
        Some(segment) if until.position <= NEAR_BYTES => {
            let size = folder.log_file(segment as usize).map_or(0, |(_, size)| size);
            back(segment, size)
        }
        _ => back(until.segment, until.position),
    }
}

pub(super) fn at_offset(side: u8, offset: Offset, folder: &Folder) -> Place {
    let segment = folder.segment_of(offset);
    let position = folder.index(segment).map_or(0, |index| index.for_offset(offset));
    Place { side, segment: u32::try_from(segment).unwrap_or(0), position, offset }
}

pub(super) fn at_time(side: u8, time_ms: i64, folder: &Folder) -> Place {
    let segment = (0..folder.segments()).find(|segment| !folder.ends_before(*segment, time_ms));
    let segment = segment.unwrap_or(folder.segments().saturating_sub(1));
    let position = folder.index(segment).map_or(0, |index| index.for_time(time_ms));
    Place { side, segment: u32::try_from(segment).unwrap_or(0), position, offset: Offset::ZERO }
}

/// Where a window must begin to end before `until`; `here` is the batch that it stands in.
pub(super) fn start_before(near: &VecDeque<(u32, Summary)>, until: Place, here: Option<(u32, &Summary)>) -> Place {
    let is_here = |(segment, here): &(u32, &Summary)| {
        *segment == until.segment && here.position == until.position && here.base < until.offset
    };
    if let Some((_, here)) = here.filter(is_here) {
        // Within one batch.
        let offset = Offset(until.offset.0.saturating_sub(COLUMNS)).max(here.base);
        return Place { offset, ..until };
    }
    let mut start = Place { side: until.side, ..Place::default() };
    let mut end: Option<Offset> = None;
    let mut above = i64::MAX;
    for (segment, summary) in near.iter().rev() {
        let last = *end.get_or_insert(summary.last);
        if summary.last.0 >= above {
            break;
        }
        let first = last.0.saturating_sub(COLUMNS - 1);
        let is_whole = summary.base.0 >= first;
        if end == Some(summary.last) || is_whole {
            let offset = Offset(summary.base.0.max(first));
            start = Place { segment: *segment, position: summary.position, offset, ..start };
        }
        if !is_whole {
            break;
        }
        above = summary.base.0;
    }
    start
}
