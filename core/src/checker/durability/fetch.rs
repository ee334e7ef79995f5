//! A follower asks its leader: where its last epoch ended, or for what comes after its log.

use super::few::Epochs;
use super::state::{State, epoch_of, offset, small};
use super::{Guard, Knobs};
use crate::ids::{BrokerId, LeaderEpoch};
use crate::rules::fetch_answer::{FetchAnswer, FetchRequest, FetchedLog, Reader, fetch_answer};
use crate::rules::high_watermark::{Learn, learn_high_watermark};
use crate::rules::offset_for_leader_epoch::{LeaderAnswer, offset_for_leader_epoch};
use crate::rules::out_of_range::{OutOfRange, out_of_range};
use crate::rules::truncation::{TruncationPoint, truncation_point};

impl State {
    /// The request arrives at the leader that the follower believes in, if that one takes itself for a leader at all,
    /// and the answer at the follower.
    pub(super) fn fetch(&mut self, knobs: &Knobs, follower: BrokerId) {
        let Some(leader) = self.leader_of(follower).filter(|leader| *leader != follower && self.leads(*leader)) else {
            return;
        };
        if self.replica(follower).asks {
            self.ask_epoch_end(knobs, follower, leader);
        } else {
            self.ask_for_records(knobs, follower, leader);
        }
    }

    /// The request arrives, and its answer is on the way for so long that it comes to nothing.
    pub(super) fn ask_in_vain(&mut self, knobs: &Knobs, follower: BrokerId) {
        let (own, before) = (*self.replica(follower), *self);
        self.fetch(knobs, follower);
        *self.replica_mut(follower) = own;
        // A log that was cut still has what it had.
        (self.written_in, self.next_record) = (before.written_in, before.next_record);
    }

    fn ask_epoch_end(&mut self, knobs: &Knobs, follower: BrokerId, leader: BrokerId) {
        let Some((_, answer)) = self.epoch_answer(knobs, follower, leader) else { return };
        let point = self.cut_to_answer(follower, answer);
        let again = matches!(point, TruncationPoint::AskAgain(_));
        let knows_epochs = !self.epoch_cache(follower).entries().is_empty();
        self.replica_mut(follower).asks = again && knows_epochs;
    }

    /// The epoch that a follower asks about, the last of its log, and what this leader answers. Up to KIP-320 such a
    /// question names no leader epoch, so whoever leads answers.
    pub(super) fn epoch_answer(
        &self,
        knobs: &Knobs,
        follower: BrokerId,
        leader: BrokerId,
    ) -> Option<(LeaderEpoch, LeaderAnswer)> {
        let asked = self.epoch_cache(follower).entries().last().map(|entry| entry.epoch)?;
        let (log_end, known) = (offset(self.replica(leader).end), self.epoch_cache(leader));
        Some((asked, offset_for_leader_epoch(knobs.truncation, known.entries(), asked, log_end)))
    }

    fn cut_to_answer(&mut self, follower: BrokerId, answer: LeaderAnswer) -> TruncationPoint {
        let cache = self.epoch_cache(follower);
        let own = self.replica_mut(follower);
        let point = truncation_point(cache.entries(), offset(own.end), offset(own.mark), Some(answer));
        self.cut_log(follower, &cache, small(point.offset()));
        point
    }

    /// An epoch without a record goes only if it begins where the log is cut.
    fn cut_log(&mut self, id: BrokerId, cache: &Epochs, to: u8) {
        let own = self.replica_mut(id);
        let empty_epoch = cache.entries().last().is_some_and(|latest| latest.start >= offset(to));
        if to < own.end || empty_epoch {
            own.cut(to.min(own.end));
            self.forget_lost_records();
        }
    }

    /// What a leader answers to a follower that asks for records.
    pub(super) fn records_answer(&self, knobs: &Knobs, follower: BrokerId, leader: BrokerId) -> FetchAnswer {
        let fences = knobs.truncation.fetch_names_epochs();
        let (own_epochs, known) = (self.epoch_cache(follower), self.epoch_cache(leader));
        let (own, leading) = (self.replica(follower), self.replica(leader));
        let alive_epoch = self.alive_start(follower);
        let last_epoch = own_epochs.entries().last().map(|entry| entry.epoch);
        let request = FetchRequest {
            offset: offset(own.end),
            leader_epoch: own.epoch.filter(|_| fences && knobs.guards(Guard::FetchLeaderEpoch)).map(epoch_of),
            last_fetched: last_epoch.filter(|_| fences && knobs.guards(Guard::FetchLastEpoch)),
            reader: Reader::Follower { is_replica: true, broker_epoch: State::START, alive_epoch },
        };
        let log = FetchedLog {
            leader_epoch: epoch_of(leading.epoch.unwrap_or_default()),
            epochs: known.entries(),
            log_start: offset(0),
            last_stable_offset: offset(leading.mark),
            high_watermark: offset(leading.mark),
            log_end: offset(leading.end),
        };
        fetch_answer(log, request)
    }

    fn ask_for_records(&mut self, knobs: &Knobs, follower: BrokerId, leader: BrokerId) {
        let (at, leading) = (offset(self.replica(follower).end), *self.replica(leader));
        match self.records_answer(knobs, follower, leader) {
            FetchAnswer::Diverging { epoch, end } => {
                self.cut_to_answer(follower, LeaderAnswer::Ends { epoch, end });
            }
            FetchAnswer::OutOfRange => {
                if let OutOfRange::CutTo(to) = out_of_range(at, offset(0), offset(leading.end)) {
                    let own_epochs = self.epoch_cache(follower);
                    self.cut_log(follower, &own_epochs, small(to));
                }
            }
            FetchAnswer::Records { from, end } => {
                self.note_fetch(knobs, leader, follower, at);
                self.copy(follower, leader, (small(from), small(end)), leading.mark);
            }
            // The fetch waits at the leader. If it tells nothing new, it is answered in the end, with the mark alone.
            FetchAnswer::NothingYet => {
                let before = *self;
                self.note_fetch(knobs, leader, follower, at);
                if *self == before {
                    self.learn_mark(follower, leading.mark);
                }
            }
            FetchAnswer::Refused(_) | FetchAnswer::NotAReplica | FetchAnswer::StaleBrokerEpoch => {}
        }
    }

    fn copy(&mut self, follower: BrokerId, leader: BrokerId, (from, end): (u8, u8), mark: u8) {
        let leading = *self.replica(leader);
        let own = self.replica_mut(follower);
        for at in usize::from(from)..usize::from(end) {
            own.append(leading.log[at]);
            own.empty_epoch = None;
        }
        self.learn_mark(follower, mark);
    }

    fn learn_mark(&mut self, follower: BrokerId, told: u8) {
        let own = self.replica_mut(follower);
        match learn_high_watermark(offset(own.mark), offset(told), offset(0), offset(own.end)) {
            Learn::Take(to) | Learn::UpToLogEnd(to) => own.mark = small(to),
            Learn::Same => {}
        }
    }
}
