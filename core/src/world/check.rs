//! What must hold in every world, and the promises that hold while their premises do. Runs after every event in the
//! tests.

use super::{Premise, Premises, Process, Role, StoredBatch, World};
use crate::command::Acks;
use crate::ids::{BrokerId, LeaderEpoch, Offset, RecordId};
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
    /// A record that was acknowledged under acks=all is not where it was acknowledged, at the leader.
    AcknowledgedMissing { record: RecordId, offset: Offset },
    /// A record that a consumer has read is not there any more.
    ReadMissing { record: RecordId, offset: Offset },
}

/// The premises of what concerns committed records.
const OF_COMMITTED: &[Premise] = &[
    Premise::MinInSyncTwo,
    Premise::CleanElections,
    Premise::EligibleLeaderReplicas,
    Premise::NoPowerLoss,
    Premise::NoWipedDisk,
    Premise::KafkasCommitRule,
    Premise::KafkasTruncation,
    Premise::KeptRecords,
];

impl Violation {
    /// What the promise rests on; nothing where it holds in any case.
    #[must_use]
    pub fn premises(&self) -> &'static [Premise] {
        match self {
            Violation::MarkOutsideLog { .. } | Violation::Hole { .. } | Violation::TwoLeaders { .. } => &[],
            Violation::FollowerOverrated { .. } | Violation::MarkAboveReplica { .. } => {
                &[Premise::NoPowerLoss, Premise::NoWipedDisk, Premise::KafkasCommitRule, Premise::KafkasTruncation]
            }
            Violation::LogsDisagree { .. } | Violation::AcknowledgedMissing { .. } | Violation::ReadMissing { .. } => {
                OF_COMMITTED
            }
        }
    }

    /// Those of its premises that were given up: why it could come to this. Empty for a fault of the engine.
    #[must_use]
    pub fn because(&self, given_up: Premises) -> Vec<Premise> {
        self.premises().iter().copied().filter(|premise| given_up.contains(*premise)).collect()
    }
}

impl World {
    /// The first thing that does not hold, whatever was given up.
    #[must_use]
    pub fn check(&self) -> Option<Violation> {
        self.check_logs()
            .or_else(|| self.check_leaders())
            .or_else(|| self.check_leader())
            .or_else(|| self.check_agreement())
            .or_else(|| self.check_kept())
    }

    /// The first thing that does not hold although nothing was given up that it rests on.
    #[must_use]
    pub fn broken_promise(&self) -> Option<Violation> {
        let all =
            [self.check_logs(), self.check_leaders(), self.check_leader(), self.check_agreement(), self.check_kept()];
        all.into_iter().flatten().find(|violation| violation.because(self.ledger.given_up).is_empty())
    }

    fn check_logs(&self) -> Option<Violation> {
        for broker in self.brokers.values() {
            let (high_watermark, log_end) = (broker.high_watermark, broker.log.log_end());
            if high_watermark < broker.log.log_start || high_watermark > log_end {
                return Some(Violation::MarkOutsideLog { broker: broker.id, high_watermark, log_end });
            }
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

    /// Of two replicas both marks are behind what they share.
    fn check_agreement(&self) -> Option<Violation> {
        for left in self.brokers.values() {
            for right in self.brokers.values().filter(|right| right.id > left.id) {
                let from = left.log.log_start.max(right.log.log_start);
                let to = left.high_watermark.min(right.high_watermark);
                let below = |batch: &&Arc<StoredBatch>| batch.base_offset() < to;
                let ours = left.log.batches_from(from).take_while(below);
                let theirs = right.log.batches_from(from).take_while(below);
                if let Some((ours, _)) = ours.zip(theirs).find(|(ours, theirs)| !same(ours, theirs)) {
                    return Some(Violation::LogsDisagree { left: left.id, right: right.id, at: ours.base_offset() });
                }
            }
        }
        None
    }

    fn check_leader(&self) -> Option<Violation> {
        let (leader, leading) = self.leader()?;
        for follower in self.brokers.values() {
            let of_this_epoch = matches!(&follower.role, Role::Follower(at) if at.epoch == leading.epoch);
            let log_end = follower.log.log_end();
            let noted = leading.followers.get(&follower.id).and_then(|known| known.log_end);
            if let Some(noted) = noted.filter(|noted| of_this_epoch && *noted > log_end) {
                return Some(Violation::FollowerOverrated { follower: follower.id, noted, log_end });
            }
            let counts = of_this_epoch && leading.isr.committed.contains(follower.id) && noted.is_some();
            if counts && leader.high_watermark > log_end {
                let high_watermark = leader.high_watermark;
                return Some(Violation::MarkAboveReplica { broker: follower.id, high_watermark, log_end });
            }
        }
        None
    }

    /// What was acknowledged under acks=all and what was read is at the leader, if there is one that all agree on.
    fn check_kept(&self) -> Option<Violation> {
        let (leader, leading) = self.leader()?;
        let newest = self.active_controller().map_or(leading.epoch, |active| active.image.partition.leader_epoch);
        if leading.epoch < newest || leader.process != Process::Up {
            return None;
        }
        let held = |record: &RecordId, offset: &Offset| {
            if *offset < leader.log.log_start {
                return *offset < self.topic.deleted_below;
            }
            let batch = leader.log.batches_from(*offset).next();
            batch.is_some_and(|batch| batch.offsets_and_names().any(|pair| pair == (*offset, *record)))
        };
        let wants_all = |record: &RecordId| {
            self.producers.get(&record.producer).is_some_and(|producer| producer.settings.acks == Acks::All)
        };
        let promised = self.ledger.acknowledged.iter().filter(|(record, _)| wants_all(record));
        for (record, offset) in promised {
            if !held(record, offset) {
                return Some(Violation::AcknowledgedMissing { record: *record, offset: *offset });
            }
        }
        let mut read = self.ledger.read.iter();
        let (offset, record) = read.find(|(offset, record)| !held(record, offset))?;
        Some(Violation::ReadMissing { record: *record, offset: *offset })
    }
}

/// The same batch: mostly the very same one, shared.
fn same(left: &Arc<StoredBatch>, right: &Arc<StoredBatch>) -> bool {
    Arc::ptr_eq(left, right) || left == right
}
