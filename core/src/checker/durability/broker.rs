//! What brokers do, decided by the world's rules on values that are made of the state.

use super::controller::BeyondBounds;
use super::few::FewByBroker;
use super::state::{Epoch, MOST_REPLICAS, State, epoch_of, index, offset, small};
use super::{Guard, Knobs};
use crate::ids::{BrokerId, BrokerSet, LeaderEpoch, Offset};
use crate::rules::acknowledge::{Answer, LateAnswer, answer_waiting, may_acknowledge};
use crate::rules::alter_partition::{AlterResponse, Proposal};
use crate::rules::alter_partition_check::AlterCheck;
use crate::rules::begin_to_follow::{BeginToFollow, begin_to_follow};
use crate::rules::commit_rule::CommitRule;
use crate::rules::high_watermark::Advance;
use crate::rules::isr::{BrokerFacts, Isr, Join, may_join};
use crate::rules::partition::{ByBroker, Partition};
use crate::rules::replica::Follower;
use crate::rules::truncation::truncation_point;

/// Which start of a broker fetches: requests of an earlier one die with it, so all are of the same.
const START: i64 = 0;
/// Time passes between any two steps, as much as it takes: whoever is not at the leader's end is late.
const NOW_MS: i64 = 1;

/// The log end of a follower that nobody knows, where it is taken for granted: beyond all logs.
const TAKEN_FOR_GRANTED: u8 = u8::MAX;

/// A partition of a state.
type FewPartition = Partition<FewByBroker<Follower>, FewByBroker<BrokerFacts>>;

impl State {
    /// Whether a follower of this leader is late once time has passed.
    pub(super) fn is_late(&self, leader: BrokerId, follower: BrokerId) -> bool {
        let leading = self.replica(leader);
        leading.noted[index(follower)] != Some(leading.end)
    }

    /// The partition as its leader knows it, for the rules. `led`: it has led already.
    fn partition_at(&self, knobs: &Knobs, id: BrokerId, led: bool) -> FewPartition {
        let leading = self.replica(id);
        let others = || State::ids(knobs).filter(|other| *other != id);
        let taken_for_granted = (!knobs.guards(Guard::LogEndKnown)).then_some(TAKEN_FOR_GRANTED);
        let known = |other: BrokerId| Follower {
            log_end: leading.noted[index(other)].or(taken_for_granted).map(offset),
            broker_epoch: leading.noted[index(other)].map(|_| START),
            ..Follower::default()
        };
        let facts = |other: BrokerId| BrokerFacts {
            fenced: self.replica(other).fenced,
            epoch: START,
            ..BrokerFacts::default()
        };
        let cache = self.epoch_cache(id);
        let epoch_start = cache.entries().last().map_or(offset(leading.end), |latest| latest.start);
        Partition {
            followers: others().map(|other| (other, known(other))).collect(),
            brokers: others().map(|other| (other, facts(other))).collect(),
            isr: Isr { committed: leading.isr, in_flight: Some(leading.in_flight).filter(|isr| !isr.is_empty()) },
            commit_rule: CommitRule::InSyncReplicas,
            log_end: offset(leading.end),
            high_watermark: offset(leading.mark),
            leader_epoch: leading.epoch.filter(|_| led).map_or(LeaderEpoch(-1), epoch_of),
            partition_epoch: if led { self.partition_epoch_of(id) } else { -1 },
            epoch_start: if led { epoch_start } else { offset(leading.end) },
            min_in_sync: knobs.min_in_sync(),
            lag_max_ms: 0,
        }
    }

    /// Where the mark of this leader may go.
    pub(super) fn high_watermark_at(&self, knobs: &Knobs, leader: BrokerId) -> Advance {
        self.partition_at(knobs, leader, true).decide_high_watermark(NOW_MS)
    }

    /// 1 if the leader knows of the partition's last change, else 0.
    fn partition_epoch_of(&self, leader: BrokerId) -> i32 {
        self.replica(leader).is_up_to_date.into()
    }

    /// Takes over what the rules have made of the partition.
    fn settle(&mut self, knobs: &Knobs, id: BrokerId, after: &FewPartition) {
        let mut noted = [None; MOST_REPLICAS];
        for (other, known) in after.followers.each() {
            noted[index(other)] = known.log_end.map(small).filter(|end| *end != TAKEN_FOR_GRANTED);
        }
        let leading = self.replica_mut(id);
        leading.noted = noted;
        leading.isr = after.isr.committed;
        leading.in_flight = after.isr.in_flight.unwrap_or_default();
        leading.names_old_start &= !leading.in_flight.is_empty();
        self.advance_to(knobs, id, small(after.high_watermark), after.isr.maximal().len());
    }

    /// The mark moves, and producers who waited for it are answered: those whose record came in this leadership.
    fn advance_to(&mut self, knobs: &Knobs, id: BrokerId, to: u8, maximal_isr: usize) {
        let leading = *self.replica(id);
        for at in leading.mark..to {
            let record = leading.log[usize::from(at)];
            let waits = leading.epoch == Some(self.written_in[usize::from(record)]);
            let answer = answer_waiting(offset(at + 1), offset(to), maximal_isr, knobs.min_in_sync());
            if waits && knobs.acks == crate::command::Acks::All && answer == LateAnswer::Committed {
                self.acknowledged |= 1 << record;
            }
        }
        self.replica_mut(id).mark = leading.mark.max(to);
    }

    /// A process ends; what it knew is gone, its mark too: it had not been written down yet.
    pub(super) fn crash(&mut self, id: BrokerId, keep: Option<u8>) {
        let replica = self.replica_mut(id);
        let end = keep.unwrap_or(replica.end).min(replica.end);
        replica.cut(end);
        replica.mark = 0;
        (replica.up, replica.epoch, replica.heard) = (false, None, 0);
        replica.lose_role();
        self.forget_lost_records();
    }

    /// A fenced broker starts, and is registered. One that is not fenced passes for the start before: that can only be
    /// where [`super::Guard::HeartbeatStart`] is taken away.
    pub(super) fn restart(&mut self, knobs: &Knobs, id: BrokerId) -> Result<(), BeyondBounds> {
        if self.replica(id).fenced {
            self.register(knobs, id)?;
        }
        let newest = self.newest;
        let replica = self.replica_mut(id);
        (replica.up, replica.heard) = (true, newest);
        Ok(())
    }

    /// A broker has replayed the metadata up to the last change in this epoch, and takes up its part.
    pub(super) fn learn(&mut self, knobs: &Knobs, id: BrokerId, epoch: Epoch) {
        let newest = self.newest;
        let was = self.replica(id).epoch;
        let led = self.leads(id);
        let leader = self.leadership(epoch).leader;
        if was == Some(epoch) {
            self.replica_mut(id).heard = newest;
            return self.take_isr(knobs, id, epoch);
        }
        if leader == Some(id) {
            self.become_leader(knobs, id, epoch, led);
        } else {
            let replica = self.replica_mut(id);
            let noted = replica.noted;
            replica.lose_role();
            if !knobs.guards(Guard::FollowerState) {
                replica.noted = noted;
            }
            replica.epoch = Some(epoch);
            if leader.is_some() {
                self.begin_to_follow(knobs, id);
            }
        }
        self.replica_mut(id).heard = newest;
    }

    /// The controller has changed the ISR, and nobody's leadership.
    fn take_isr(&mut self, knobs: &Knobs, id: BrokerId, epoch: Epoch) {
        let (isr, is_newest) = (self.leadership(epoch).isr, epoch == self.newest);
        let leading = self.replica_mut(id);
        if !knobs.guards(Guard::IsrPartitionEpoch) && !leading.in_flight.is_empty() {
            leading.asked_late = leading.in_flight;
        }
        (leading.isr, leading.in_flight) = (isr, BrokerSet::EMPTY);
        leading.is_up_to_date = is_newest;
        let mut partition = self.partition_at(knobs, id, true);
        partition.advance(NOW_MS);
        self.settle(knobs, id, &partition);
    }

    fn become_leader(&mut self, knobs: &Knobs, id: BrokerId, epoch: Epoch, led: bool) {
        // Who leads and goes on leading keeps what it knows of its followers; who followed in between must not.
        let mut partition = self.partition_at(knobs, id, led || !knobs.guards(Guard::FollowerState));
        partition.become_leader(epoch_of(epoch), 1, self.leadership(epoch).isr, NOW_MS);
        let is_newest = epoch == self.newest;
        let replica = self.replica_mut(id);
        replica.lose_role();
        (replica.epoch, replica.empty_epoch) = (Some(epoch), Some(epoch));
        replica.is_up_to_date = is_newest;
        self.settle(knobs, id, &partition);
    }

    fn begin_to_follow(&mut self, knobs: &Knobs, id: BrokerId) {
        let cache = self.epoch_cache(id);
        let latest = cache.entries().last().map(|entry| entry.epoch);
        match begin_to_follow(knobs.truncation, latest) {
            BeginToFollow::CutToHighWatermark => {
                let Self { replicas, .. } = self;
                let replica = &mut replicas[index(id)];
                let point = truncation_point(cache.entries(), offset(replica.end), offset(replica.mark), None);
                replica.cut(small(point.offset()));
                self.forget_lost_records();
            }
            BeginToFollow::AskForEndOf(_) => self.replica_mut(id).asks = true,
            BeginToFollow::FetchNaming(_) => {}
        }
    }

    /// A record arrives. Says whether it was taken.
    pub(super) fn produce(&mut self, knobs: &Knobs, id: BrokerId) -> bool {
        let mut partition = self.partition_at(knobs, id, true);
        if partition.append(knobs.acks, 1, NOW_MS).is_err() {
            return false;
        }
        let record = self.next_record;
        let leading = self.replica_mut(id);
        let at = leading.end;
        leading.append(record);
        // Its epoch begins with this record, if it had none.
        leading.empty_epoch = None;
        let epoch = leading.epoch.unwrap_or_default();
        self.written_in[usize::from(record)] = epoch;
        self.next_record += 1;
        self.settle(knobs, id, &partition);
        match may_acknowledge(knobs.acks, offset(at), partition.high_watermark) {
            Answer::Now | Answer::Committed => self.acknowledged |= 1 << record,
            Answer::Never | Answer::WaitFor(_) => {}
        }
        true
    }

    /// The leader looks for late followers.
    pub(super) fn check_isr(&mut self, knobs: &Knobs, id: BrokerId) {
        let mut partition = self.partition_at(knobs, id, true);
        if partition.shrink_isr(NOW_MS).is_some() {
            self.settle(knobs, id, &partition);
        }
    }

    /// What the leader has in flight is judged, and the leader told. One that it waits for no more comes before.
    pub(super) fn alter_isr(&mut self, knobs: &Knobs, id: BrokerId) -> Result<(), BeyondBounds> {
        let late = std::mem::take(&mut self.replica_mut(id).asked_late);
        if !late.is_empty() {
            let epoch = self.replica(id).epoch.unwrap_or_default();
            return self.judge_isr(knobs, id, (late, epoch), false).map(|_| ());
        }
        let mut partition = self.partition_at(knobs, id, true);
        let (isr, epoch) = (self.replica(id).in_flight, self.replica(id).epoch.unwrap_or_default());
        let proposal =
            Proposal { isr, leader_epoch: partition.leader_epoch, partition_epoch: partition.partition_epoch };
        let judged = self.judge_isr(knobs, id, (isr, epoch), partition.partition_epoch == 1)?;
        partition.controller_answered(proposal, AlterResponse::from(judged), NOW_MS);
        self.replica_mut(id).is_up_to_date |= judged == AlterCheck::Accept;
        self.settle(knobs, id, &partition);
        Ok(())
    }

    /// The leader takes note of a fetch at this offset.
    pub(super) fn note_fetch(&mut self, knobs: &Knobs, leader: BrokerId, follower: BrokerId, at: Offset) {
        let mut partition = self.partition_at(knobs, leader, true);
        let leader_epoch = partition.leader_epoch;
        let fetch =
            crate::rules::partition_fetch::FollowerFetch { follower, broker_epoch: START, leader_epoch, offset: at };
        partition.fetch(fetch, NOW_MS);
        self.let_join(knobs, &mut partition, leader, (follower, at));
        self.settle(knobs, leader, &partition);
    }

    /// Who may join the ISR if less is looked at than Kafka does.
    fn let_join(
        &self,
        knobs: &Knobs,
        partition: &mut FewPartition,
        leader: BrokerId,
        (follower, at): (BrokerId, Offset),
    ) {
        let (at_mark, at_start) = (knobs.guards(Guard::JoinsAtMark), knobs.guards(Guard::JoinsAtEpochStart));
        if at_mark && at_start {
            return;
        }
        let eligible = !self.replica(follower).fenced;
        let mark = if at_mark { offset(self.replica(leader).mark) } else { Offset::ZERO };
        let start = if at_start { partition.epoch_start } else { Offset::ZERO };
        if may_join(partition.isr, follower, eligible, at, mark, start) == Join::Propose {
            partition.isr.in_flight = Some(partition.isr.committed.with(follower));
        }
    }

    /// Which start of this broker is known to be alive.
    pub(super) fn alive_start(&self, id: BrokerId) -> Option<i64> {
        (!self.replica(id).fenced).then_some(START)
    }

    pub(super) const START: i64 = START;
}
