//! What must hold in every world, and the promises that hold while their premises do. Runs after every event in the
//! tests.

use super::{Broker, Leading, Premise, Premises, Process, Role, StoredBatch, World};
use crate::command::Acks;
use crate::ids::{BrokerId, ControllerId, LeaderEpoch, Offset, RecordId};
use std::sync::Arc;

/// Something that should hold and does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// `log_start <= high_watermark <= log_end` does not hold.
    MarkOutsideLog { broker: BrokerId, high_watermark: Offset, log_end: Offset },
    /// A batch does not begin where the one before it ends.
    Hole { broker: BrokerId, expected: Offset, found: Offset },
    /// Two brokers lead in the same epoch.
    TwoLeaders { left: BrokerId, right: BrokerId, epoch: LeaderEpoch },
    /// Below both high watermarks two replicas hold different records.
    LogsDisagree { left: BrokerId, right: BrokerId, at: Offset },
    /// The leader counts more for a follower of its epoch than that one holds.
    FollowerOverrated { follower: BrokerId, noted: Offset, log_end: Offset },
    /// The leader's mark is above what a replica in sync holds.
    MarkAboveReplica { broker: BrokerId, high_watermark: Offset, log_end: Offset },
    /// A leader's mark was lower than it had been in the same epoch. Only [`super::Watch`] sees it.
    MarkWentBack { broker: BrokerId, epoch: LeaderEpoch, from: Offset, to: Offset },
    /// A record that was acknowledged under acks=all is not where it was acknowledged, at the leader.
    AcknowledgedMissing { record: RecordId, offset: Offset },
    /// The same of a record for which the leader's word alone was asked.
    LeaderAcknowledgedMissing { record: RecordId, offset: Offset },
    /// A record that a consumer has read is not there any more.
    ReadMissing { record: RecordId, offset: Offset },
    /// Two controllers lead the quorum in the same epoch.
    TwoControllers { left: ControllerId, right: ControllerId, epoch: LeaderEpoch },
    /// Two controllers take different records for committed, or one has lost what it took for committed.
    MetadataDisagrees { left: ControllerId, right: ControllerId, at: Offset },
}

/// What should hold, as a name: a [`Violation`] without its places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Property {
    MarkInsideLog,
    NoHoles,
    OneLeaderAnEpoch,
    LogsAgree,
    FollowersRatedRight,
    MarkHeldInSync,
    MarkGoesForward,
    AcknowledgedKept,
    LeaderAcknowledgedKept,
    ReadStays,
    OneControllerAnEpoch,
    CommittedMetadataStays,
}

/// The premises of what concerns committed records.
const OF_COMMITTED: Premises = Premises::all_but(Premise::AcksAll);

/// The premises of what a leader makes of its followers: whom it counts and who was elected is no matter there.
const OF_NOTED: Premises = OF_COMMITTED
    .without(Premise::MinInSyncTwo)
    .without(Premise::CleanElections)
    .without(Premise::EligibleLeaderReplicas)
    .without(Premise::MinInSyncHeard)
    .without(Premise::ElrOfReplicas)
    .without(Premise::KeptRecords);

/// The premise of what the leader's word alone stands for.
const OF_ACKS_ONE: Premises = Premises::only(Premise::AcksAll);

impl Violation {
    /// What the promise rests on; nothing where it holds in any case.
    #[must_use]
    pub fn premises(&self) -> Premises {
        match self {
            Violation::MarkOutsideLog { .. }
            | Violation::Hole { .. }
            | Violation::TwoLeaders { .. }
            | Violation::MarkWentBack { .. }
            | Violation::TwoControllers { .. }
            | Violation::MetadataDisagrees { .. } => Premises::NONE,
            Violation::FollowerOverrated { .. } | Violation::MarkAboveReplica { .. } => OF_NOTED,
            Violation::LogsDisagree { .. } | Violation::AcknowledgedMissing { .. } | Violation::ReadMissing { .. } => {
                OF_COMMITTED
            }
            Violation::LeaderAcknowledgedMissing { .. } => OF_ACKS_ONE,
        }
    }

    /// Which property it violates.
    #[must_use]
    pub fn of(&self) -> Property {
        match self {
            Violation::MarkOutsideLog { .. } => Property::MarkInsideLog,
            Violation::Hole { .. } => Property::NoHoles,
            Violation::TwoLeaders { .. } => Property::OneLeaderAnEpoch,
            Violation::LogsDisagree { .. } => Property::LogsAgree,
            Violation::FollowerOverrated { .. } => Property::FollowersRatedRight,
            Violation::MarkAboveReplica { .. } => Property::MarkHeldInSync,
            Violation::MarkWentBack { .. } => Property::MarkGoesForward,
            Violation::AcknowledgedMissing { .. } => Property::AcknowledgedKept,
            Violation::LeaderAcknowledgedMissing { .. } => Property::LeaderAcknowledgedKept,
            Violation::ReadMissing { .. } => Property::ReadStays,
            Violation::TwoControllers { .. } => Property::OneControllerAnEpoch,
            Violation::MetadataDisagrees { .. } => Property::CommittedMetadataStays,
        }
    }

    /// Those of its premises that were given up: why it could come to this. Empty for a fault of the engine.
    #[must_use]
    pub fn because(&self, given_up: Premises) -> Vec<Premise> {
        self.premises().both(given_up).iter().collect()
    }
}

impl World {
    /// The first thing that does not hold, whatever was given up.
    #[must_use]
    pub fn check(&self) -> Option<Violation> {
        self.violations().next()
    }

    /// The first thing that does not hold although nothing was given up that it rests on.
    #[must_use]
    pub fn broken_promise(&self) -> Option<Violation> {
        self.violations().find(|violation| violation.because(self.ledger.given_up).is_empty())
    }

    /// What does not hold, one of a kind.
    pub fn violations(&self) -> impl Iterator<Item = Violation> {
        let kinds: [fn(&World) -> Option<Violation>; 10] = [
            World::check_marks,
            World::check_holes,
            World::check_leaders,
            World::check_noted,
            World::check_mark_held,
            World::check_agreement,
            World::check_acknowledged,
            World::check_read,
            World::check_leader_acknowledged,
            World::check_quorum,
        ];
        kinds.into_iter().filter_map(|check| check(self))
    }

    pub(super) fn check_marks(&self) -> Option<Violation> {
        for broker in self.brokers.values() {
            let (high_watermark, log_end) = (broker.high_watermark, broker.log.log_end());
            if high_watermark < broker.log.log_start || high_watermark > log_end {
                return Some(Violation::MarkOutsideLog { broker: broker.id, high_watermark, log_end });
            }
        }
        None
    }

    fn check_holes(&self) -> Option<Violation> {
        for broker in self.brokers.values() {
            let first = broker.log.batches().next().map_or(broker.log.log_start, |batch| batch.base_offset());
            let mut expected = first.min(broker.log.log_start);
            for batch in broker.log.batches() {
                let found = batch.base_offset();
                if found != expected {
                    return Some(Violation::Hole { broker: broker.id, expected, found });
                }
                expected = batch.next_offset();
            }
        }
        None
    }

    fn check_leaders(&self) -> Option<Violation> {
        let leading = || self.brokers.keys().filter_map(|id| self.leading(*id));
        for (left, one) in leading() {
            let same = leading().find(|(right, other)| right.id > left.id && other.epoch == one.epoch);
            if let Some((right, _)) = same {
                return Some(Violation::TwoLeaders { left: left.id, right: right.id, epoch: one.epoch });
            }
        }
        None
    }

    /// One controller leads in an epoch, and what is committed is the same everywhere. Of what both have committed the
    /// last record is looked at: those before it were, when they were the last.
    pub(super) fn check_quorum(&self) -> Option<Violation> {
        for left in self.controllers.values() {
            for right in self.controllers.values().filter(|right| right.id >= left.id) {
                let both_lead = left.voter.leading.is_some() && right.voter.leading.is_some();
                let epoch = left.voter.epoch;
                if both_lead && left.id != right.id && epoch == right.voter.epoch {
                    return Some(Violation::TwoControllers { left: left.id, right: right.id, epoch });
                }
                let at = left.committed.min(right.committed).plus(-1);
                let (one, other) = (left.log.get(&at), right.log.get(&at));
                if at >= Offset::ZERO && (one.is_none() || one != other) {
                    return Some(Violation::MetadataDisagrees { left: left.id, right: right.id, at });
                }
            }
        }
        None
    }

    /// Of two replicas both marks are behind what they share.
    fn check_agreement(&self) -> Option<Violation> {
        for left in self.brokers.values() {
            for right in self.brokers.values().filter(|right| right.id > left.id) {
                if let Some(at) = first_disagreement(left, right, Offset::ZERO) {
                    return Some(Violation::LogsDisagree { left: left.id, right: right.id, at });
                }
            }
        }
        None
    }

    /// The followers that are of the leader's epoch, and what it has noted of them.
    fn of_the_leaders_epoch(&self) -> impl Iterator<Item = (&Broker, &Leading, &Broker, Offset)> {
        self.leader().into_iter().flat_map(move |(leader, leading)| {
            self.brokers.values().filter_map(move |follower| {
                let noted = leading.followers.get(&follower.id)?.log_end?;
                let of_this_epoch = matches!(&follower.role, Role::Follower(at) if at.epoch == leading.epoch);
                of_this_epoch.then_some((leader, leading, follower, noted))
            })
        })
    }

    pub(super) fn check_noted(&self) -> Option<Violation> {
        self.of_the_leaders_epoch().find_map(|(_, _, follower, noted)| {
            let log_end = follower.log.log_end();
            (noted > log_end).then_some(Violation::FollowerOverrated { follower: follower.id, noted, log_end })
        })
    }

    pub(super) fn check_mark_held(&self) -> Option<Violation> {
        self.of_the_leaders_epoch().find_map(|(leader, leading, follower, _)| {
            let (broker, high_watermark, log_end) = (follower.id, leader.high_watermark, follower.log.log_end());
            let counts = leading.isr.committed.contains(broker);
            let above = counts && high_watermark > log_end;
            above.then_some(Violation::MarkAboveReplica { broker, high_watermark, log_end })
        })
    }

    /// The leader, if there is one that all agree on and that works: what was promised is held against it.
    #[must_use]
    pub fn settled_leader(&self) -> Option<(&Broker, &Leading)> {
        let (leader, leading) = self.leader()?;
        // A controller that is down remembers: a stale leader does not become the leader by its death.
        let newest = self.controllers.values().map(|at| at.image.partition.leader_epoch).max();
        let newest = newest.unwrap_or(leading.epoch);
        (leading.epoch >= newest && leader.process == Process::Up).then_some((leader, leading))
    }

    /// Whether the log has the record there, or had to delete it.
    fn holds(&self, leader: &Broker, record: RecordId, offset: Offset) -> bool {
        if offset < leader.log.log_start {
            return offset < self.topic.deleted_below;
        }
        let batch = leader.log.batches_from(offset).next();
        batch.is_some_and(|batch| batch.offsets_and_names().any(|pair| pair == (offset, record)))
    }

    fn acks_of(&self, record: RecordId) -> Option<Acks> {
        self.producers.get(&record.producer).map(|producer| producer.settings.acks)
    }

    /// A promise about an acknowledged record, held against the leader.
    pub(super) fn missing(&self, leader: &Broker, record: RecordId, offset: Offset) -> Option<Violation> {
        if self.holds(leader, record, offset) {
            return None;
        }
        match self.acks_of(record)? {
            Acks::All => Some(Violation::AcknowledgedMissing { record, offset }),
            Acks::Leader => Some(Violation::LeaderAcknowledgedMissing { record, offset }),
            Acks::None => None,
        }
    }

    fn check_promised(&self, acks: Acks) -> Option<Violation> {
        let (leader, _) = self.settled_leader()?;
        let promised = self.ledger.acknowledged.iter().filter(|(record, _)| self.acks_of(**record) == Some(acks));
        promised.into_iter().find_map(|(record, offset)| self.missing(leader, *record, *offset))
    }

    /// How many acknowledged records the leader lacks, whatever acks was; none while nobody leads.
    #[must_use]
    pub fn lost_records(&self) -> Option<usize> {
        self.lost_of(|_| true)
    }

    /// The same of those that were acknowledged under acks=all.
    #[must_use]
    pub fn lost_under_all(&self) -> Option<usize> {
        self.lost_of(|record| self.acks_of(record) == Some(Acks::All))
    }

    fn lost_of(&self, counts: impl Fn(RecordId) -> bool) -> Option<usize> {
        let (leader, _) = self.settled_leader()?;
        let promised = self.ledger.acknowledged.iter().filter(|(record, _)| counts(**record));
        Some(promised.filter(|(record, offset)| !self.holds(leader, **record, **offset)).count())
    }

    pub(super) fn check_acknowledged(&self) -> Option<Violation> {
        self.check_promised(Acks::All)
    }

    pub(super) fn check_leader_acknowledged(&self) -> Option<Violation> {
        self.check_promised(Acks::Leader)
    }

    pub(super) fn check_read(&self) -> Option<Violation> {
        let (leader, _) = self.settled_leader()?;
        self.ledger.read.keys().find_map(|offset| self.no_longer_read(leader, *offset))
    }

    /// What was read there, if the leader has it no more.
    pub(super) fn no_longer_read(&self, leader: &Broker, offset: Offset) -> Option<Violation> {
        let record = *self.ledger.read.get(&offset)?;
        (!self.holds(leader, record, offset)).then_some(Violation::ReadMissing { record, offset })
    }
}

/// Where two replicas hold different batches from `from` on, below both marks.
pub(super) fn first_disagreement(left: &Broker, right: &Broker, from: Offset) -> Option<Offset> {
    let from = from.max(left.log.log_start).max(right.log.log_start);
    let to = left.high_watermark.min(right.high_watermark);
    let below = |batch: &&Arc<StoredBatch>| batch.base_offset() < to;
    let ours = left.log.batches_from(from).take_while(below);
    let theirs = right.log.batches_from(from).take_while(below);
    ours.zip(theirs).find(|(ours, theirs)| !same(ours, theirs)).map(|(ours, _)| ours.base_offset())
}

/// The same batch: mostly the very same one, shared.
fn same(left: &Arc<StoredBatch>, right: &Arc<StoredBatch>) -> bool {
    Arc::ptr_eq(left, right) || left == right
}
