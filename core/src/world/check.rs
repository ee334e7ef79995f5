//! What must hold in every world, whatever was asked of it. Runs after every event in the tests.

use super::{Role, World};
use crate::ids::{BrokerId, Offset, RecordId};

/// A promise that is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// `log_start <= high_watermark <= log_end` does not hold.
    MarkOutsideLog { broker: BrokerId, high_watermark: Offset, log_end: Offset },
    /// A batch does not begin where the one before it ends.
    Hole { broker: BrokerId, expected: Offset, found: Offset },
    /// Below both log ends two replicas hold different records.
    LogsDisagree { left: BrokerId, right: BrokerId, at: Offset },
    /// The leader counts more for a follower than it holds.
    FollowerOverrated { follower: BrokerId, noted: Offset, log_end: Offset },
    /// The mark is above what some replica holds.
    MarkAboveReplica { broker: BrokerId, high_watermark: Offset, log_end: Offset },
    /// An acknowledged record is not where it was acknowledged.
    AcknowledgedMissing { record: RecordId, offset: Offset },
}

impl World {
    /// The first promise that is broken, if one is.
    #[must_use]
    pub fn check(&self) -> Option<Violation> {
        self.check_logs().or_else(|| self.check_agreement()).or_else(|| self.check_leader())
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

    fn check_agreement(&self) -> Option<Violation> {
        let (leader, _) = self.leader()?;
        for broker in self.brokers.values() {
            let from = leader.log.log_start.max(broker.log.log_start);
            let mut pairs = leader.log.batches_from(from).zip(broker.log.batches_from(from));
            if let Some((ours, _)) = pairs.find(|(ours, theirs)| ours != theirs) {
                return Some(Violation::LogsDisagree { left: leader.id, right: broker.id, at: ours.base_offset() });
            }
        }
        None
    }

    fn check_leader(&self) -> Option<Violation> {
        let (leader, leading) = self.leader()?;
        for follower in self.brokers.values().filter(|broker| matches!(broker.role, Role::Follower(_))) {
            let log_end = follower.log.log_end();
            if let Some(noted) = leading.followers.get(&follower.id).copied().flatten()
                && noted > log_end
            {
                return Some(Violation::FollowerOverrated { follower: follower.id, noted, log_end });
            }
            if leader.high_watermark > log_end {
                let high_watermark = leader.high_watermark;
                return Some(Violation::MarkAboveReplica { broker: follower.id, high_watermark, log_end });
            }
        }
        let held = |record: &RecordId, offset: &Offset| {
            if *offset < leader.log.log_start {
                return *offset < leading.deleted_below;
            }
            leader
                .log
                .batches_from(*offset)
                .next()
                .is_some_and(|batch| batch.offsets_and_names().any(|pair| pair == (*offset, *record)))
        };
        let missing = self.ledger.acknowledged.iter().find(|(record, offset)| !held(record, offset));
        missing.map(|(record, offset)| Violation::AcknowledgedMissing { record: *record, offset: *offset })
    }
}
