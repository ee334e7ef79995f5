//! What a leader answers to a fetch: its checks, in their order (Kafka: `Partition.fetchRecords`, `readRecords`).
//!
//! Epochs come before offsets. An offset alone means nothing: the same one may be another record in another log, and
//! only epochs tell. So a fetch from another leadership is refused whatever it asks for, and one whose log has parted
//! from the leader's is told where, even if the leader's log is too short for its offset.

use super::epoch_cache::EpochEntry;
use super::fencing::{Fencing, check_leader_epoch, is_stale_start};
use super::fetch_divergence::{Divergence, check_divergence};
use super::read::{Read, Readable, read_at};
use crate::ids::{LeaderEpoch, Offset};

/// Who fetches, and so how far it may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// A broker; it reads up to the log end.
    Follower {
        /// As far as this leader knows.
        is_replica: bool,
        /// Which start of the broker sends it.
        broker_epoch: i64,
        /// Which one is alive, as the leader's metadata has it. None if the broker is fenced.
        alive_epoch: Option<i64>,
    },
    /// A consumer with `isolation.level` `read_uncommitted`: up to the high watermark.
    ReadUncommitted,
    /// Up to the last stable offset.
    ReadCommitted,
}

/// What a fetch asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FetchRequest {
    pub offset: Offset,
    /// The leadership that the sender knows of.
    pub leader_epoch: Option<LeaderEpoch>,
    /// The epoch of the last record that the sender has, which is the one before `offset`.
    pub last_fetched: Option<LeaderEpoch>,
    pub reader: Reader,
}

/// The leader's log, as it is when the fetch arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FetchedLog<'a> {
    pub leader_epoch: LeaderEpoch,
    pub epochs: &'a [EpochEntry],
    pub log_start: Offset,
    pub last_stable_offset: Offset,
    pub high_watermark: Offset,
    pub log_end: Offset,
}

/// The answer. With the first five the leader learns nothing of where a follower is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchAnswer {
    /// The sender lives in another leadership.
    Refused(Fencing),
    /// `UNKNOWN_LEADER_EPOCH`, or `NOT_LEADER_OR_FOLLOWER` if the fetch names no epoch: the sender has been made a
    /// replica, which the leader has not heard, or is none any more.
    NotAReplica,
    /// No error and no records: of this epoch or an older one the leader has records up to `end` only.
    Diverging { epoch: LeaderEpoch, end: Offset },
    /// `OFFSET_OUT_OF_RANGE`.
    OutOfRange,
    /// `NOT_LEADER_OR_FOLLOWER`: sent by an earlier start of the broker. It is found last, when the leader is about to
    /// take note of the follower.
    StaleBrokerEpoch,
    /// Nothing yet, and no error: the fetch waits at the broker.
    NothingYet,
    /// The batches from the one that holds `from`, below `end`.
    Records { from: Offset, end: Offset },
}

/// Answers a fetch. How much of the records goes into the answer is another question.
#[must_use]
pub fn fetch_answer(log: FetchedLog<'_>, fetch: FetchRequest) -> FetchAnswer {
    let fencing = check_leader_epoch(fetch.leader_epoch, log.leader_epoch);
    if fencing != Fencing::Pass {
        return FetchAnswer::Refused(fencing);
    }
    let (readable_end, is_stale) = match fetch.reader {
        Reader::Follower { is_replica: false, .. } => return FetchAnswer::NotAReplica,
        Reader::Follower { broker_epoch, alive_epoch, .. } => (log.log_end, is_stale_start(broker_epoch, alive_epoch)),
        Reader::ReadUncommitted => (log.high_watermark, false),
        Reader::ReadCommitted => (log.last_stable_offset, false),
    };
    let last_fetched = fetch.last_fetched;
    let divergence = last_fetched.map(|epoch| check_divergence(log.epochs, log.log_end, fetch.offset, epoch));
    let read = read_at(fetch.offset, Readable { log_start: log.log_start, readable_end, log_end: log.log_end });
    match (divergence, read) {
        // What is below the log start can't be compared any more.
        (Some(Divergence::Diverges { epoch, end }), _) if fetch.offset >= log.log_start => {
            FetchAnswer::Diverging { epoch, end }
        }
        (Some(Divergence::UnknownEpoch), _) | (_, Read::OutOfRange) => FetchAnswer::OutOfRange,
        _ if is_stale => FetchAnswer::StaleBrokerEpoch,
        (_, Read::NothingYet) => FetchAnswer::NothingYet,
        (_, Read::Records { from, end }) => FetchAnswer::Records { from, end },
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::epochs;
    use super::*;

    /// Epochs 1 from 2, 3 from 5 and 4 from 9; the log ends at 12, the mark is at 10, a transaction is open from 7.
    fn answer(offset: i64, leader_epoch: Option<i32>, last_fetched: Option<i32>, reader: Reader) -> FetchAnswer {
        let log = FetchedLog {
            leader_epoch: LeaderEpoch(4),
            epochs: &epochs(&[(1, 2), (3, 5), (4, 9)]),
            log_start: Offset(2),
            last_stable_offset: Offset(7),
            high_watermark: Offset(10),
            log_end: Offset(12),
        };
        let (leader_epoch, last_fetched) = (leader_epoch.map(LeaderEpoch), last_fetched.map(LeaderEpoch));
        fetch_answer(log, FetchRequest { offset: Offset(offset), leader_epoch, last_fetched, reader })
    }

    const FOLLOWER: Reader = Reader::Follower { is_replica: true, broker_epoch: 8, alive_epoch: Some(8) };
    const STRANGER: Reader = Reader::Follower { is_replica: false, broker_epoch: 8, alive_epoch: Some(8) };
    const STALE: Reader = Reader::Follower { is_replica: true, broker_epoch: 7, alive_epoch: Some(8) };

    fn diverging(epoch: i32, end: i64) -> FetchAnswer {
        FetchAnswer::Diverging { epoch: LeaderEpoch(epoch), end: Offset(end) }
    }

    #[test]
    fn how_far_each_may_read() {
        let at = |offset, reader| answer(offset, Some(4), None, reader);
        let records = |from, end| FetchAnswer::Records { from: Offset(from), end: Offset(end) };
        assert_eq!(at(6, FOLLOWER), records(6, 12));
        assert_eq!(at(6, Reader::ReadUncommitted), records(6, 10));
        assert_eq!(at(6, Reader::ReadCommitted), records(6, 7));
        let waits = [at(12, FOLLOWER), at(11, Reader::ReadUncommitted), at(7, Reader::ReadCommitted)];
        assert_eq!(waits, [FetchAnswer::NothingYet; 3]);
        assert_eq!([at(1, FOLLOWER), at(13, Reader::ReadCommitted)], [FetchAnswer::OutOfRange; 2]);
    }

    #[test]
    fn the_leadership_comes_before_all_else() {
        let refused = FetchAnswer::Refused(Fencing::FencedLeaderEpoch);
        assert_eq!([answer(99, Some(3), Some(9), STRANGER), answer(6, Some(3), None, STALE)], [refused; 2]);
        let behind = answer(6, Some(5), Some(4), FOLLOWER);
        assert_eq!(behind, FetchAnswer::Refused(Fencing::UnknownLeaderEpoch));
        assert_eq!(answer(6, None, None, Reader::ReadUncommitted), answer(6, Some(4), None, Reader::ReadUncommitted));
        assert_eq!(answer(99, Some(4), Some(9), STRANGER), FetchAnswer::NotAReplica);
    }

    #[test]
    fn where_the_logs_part_comes_before_the_offsets_range() {
        assert_eq!(answer(11, Some(4), Some(3), FOLLOWER), diverging(3, 9));
        assert_eq!(answer(99, Some(4), Some(2), STALE), diverging(1, 5));
        assert_eq!(answer(6, Some(4), Some(5), FOLLOWER), FetchAnswer::OutOfRange);
        assert_eq!(answer(1, Some(4), Some(2), FOLLOWER), FetchAnswer::OutOfRange);
        assert_eq!(answer(9, Some(4), Some(3), FOLLOWER), answer(9, Some(4), None, FOLLOWER));
    }

    #[test]
    fn an_earlier_start_of_the_broker_is_found_last() {
        assert_eq!([6, 12].map(|offset| answer(offset, Some(4), None, STALE)), [FetchAnswer::StaleBrokerEpoch; 2]);
        assert_eq!(answer(13, Some(4), None, STALE), FetchAnswer::OutOfRange);
        let fenced = Reader::Follower { is_replica: true, broker_epoch: 7, alive_epoch: None };
        assert_eq!(answer(12, Some(4), None, fenced), FetchAnswer::NothingYet);
    }
}
