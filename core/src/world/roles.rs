//! How a broker takes up what the metadata says of it: leader, follower, or nothing.
//! Source: `ReplicaManager.applyDelta`, `Partition.makeLeader`, `makeFollower`.

use super::{Acting, Asking, Following, Leading, Role};
use crate::event::EventKind;
use crate::ids::{BrokerId, BrokerSet, LeaderEpoch, Offset};
use crate::pairs::map_of;
use crate::rules::begin_to_follow::{BeginToFollow, begin_to_follow};
use crate::rules::isr::Isr;
use crate::rules::partition::Partition;
use crate::rules::truncation::truncation_point;
use std::sync::Arc;

impl Acting<'_> {
    /// Compares what the broker does with what the metadata that it has replayed says, and makes it so.
    pub(super) fn take_up_role(&mut self, id: BrokerId) {
        let Some(broker) = self.world.brokers.get(&id).filter(|broker| broker.duties.caught_up) else { return };
        let partition = &broker.image.partition;
        let (leader, epoch) = (partition.leader, partition.leader_epoch);
        let is_replica = partition.replicas.contains(&id);
        match (leader.filter(|_| is_replica), &broker.role) {
            (Some(leader), Role::Leader(leading)) if leader == id && leading.epoch == epoch => {
                if partition.partition_epoch > leading.partition_epoch {
                    self.commit_isr(id);
                }
            }
            (Some(leader), _) if leader == id => self.become_leader(id),
            (Some(leader), Role::Follower(following)) if following.leader == leader && following.epoch == epoch => {}
            (Some(leader), _) => self.become_follower(id, leader, epoch),
            (None, Role::None) => {}
            (None, _) => {
                self.turn_away(id);
                self.emit(EventKind::LostRole { broker: id });
            }
        }
        self.delete_what_is_no_replica(id);
    }

    /// What lies on a broker's disk that is no replica any more, or was none when it started, is deleted (Kafka:
    /// `ReplicaManager.stopPartitions`).
    fn delete_what_is_no_replica(&mut self, id: BrokerId) {
        let Some(broker) = self.world.brokers.get(&id) else { return };
        let partition = &broker.image.partition;
        let has_none = partition.partition_epoch >= 0 && !partition.replicas.contains(&id);
        if has_none && broker.log.log_end() > Offset::ZERO {
            self.emit(EventKind::ReplicaDeleted { broker: id });
        }
    }

    fn become_leader(&mut self, id: BrokerId) {
        let Some(broker) = self.world.brokers.get(&id) else { return };
        let registered = broker.image.partition.clone();
        let led = match &broker.role {
            Role::Leader(leading) => Some(leading.clone()),
            Role::Follower(_) | Role::None => None,
        };
        let others = registered.replicas.iter().copied().filter(|replica| *replica != id);
        let known = |replica: BrokerId| led.as_ref().and_then(|led| led.followers.get(&replica)).copied();
        let fresh = Leading {
            epoch: led.as_ref().map_or(LeaderEpoch(-1), |led| led.epoch),
            partition_epoch: led.as_ref().map_or(-1, |led| led.partition_epoch),
            epoch_start: broker.log.log_end(),
            isr: Isr { committed: BrokerSet::default(), in_flight: None },
            proposed_epochs: Vec::new(),
            followers: map_of(others.map(|replica| (replica, known(replica).unwrap_or_default()))),
            waiting: Vec::new(),
        };
        let mut partition = self.world.partition_at(broker, &fresh);
        let isr: BrokerSet = registered.isr.iter().copied().collect();
        partition.become_leader(registered.leader_epoch, registered.partition_epoch, isr, self.world.now_at(broker));
        self.turn_away(id);
        let leading = Arc::new(leading_of(&partition));
        self.emit_then(EventKind::BecameLeader { broker: id, leading });
        self.advance_to(id, partition.high_watermark);
    }

    fn become_follower(&mut self, id: BrokerId, leader: BrokerId, epoch: LeaderEpoch) {
        self.turn_away(id);
        let Some(broker) = self.world.brokers.get(&id) else { return };
        let begins = begin_to_follow(self.world.topic.truncation_rule, broker.latest_epoch());
        let point = match begins {
            BeginToFollow::CutToHighWatermark => {
                let (log_end, mark) = (broker.log.log_end(), broker.high_watermark);
                Some(truncation_point(broker.epochs.entries(), log_end, mark, None))
            }
            BeginToFollow::AskForEndOf(_) | BeginToFollow::FetchNaming(_) => None,
        };
        let asks_end_of = match begins {
            BeginToFollow::AskForEndOf(epoch) => Some(epoch),
            BeginToFollow::CutToHighWatermark | BeginToFollow::FetchNaming(_) => None,
        };
        let following = Following { leader, epoch, fetch: Asking::Idle, last_asked: None, asks_end_of };
        self.emit_then(EventKind::BecameFollower { broker: id, following });
        if let Some(point) = point {
            self.cut_log(id, point);
        }
    }

    /// The controller has written down another ISR for the same leadership.
    fn commit_isr(&mut self, id: BrokerId) {
        let Some(broker) = self.world.brokers.get(&id) else { return };
        let registered = &broker.image.partition;
        let (isr, partition_epoch) = (registered.isr.iter().copied().collect(), registered.partition_epoch);
        self.isr_committed(id, isr, partition_epoch);
    }

    /// The leader takes the ISR, and the mark may move.
    pub(super) fn isr_committed(&mut self, id: BrokerId, isr: BrokerSet, partition_epoch: i32) {
        let arrived = self.trigger;
        self.emit_then(EventKind::IsrCommitted { broker: id, isr, partition_epoch });
        if let Some((leader, leading)) = self.world.leading(id) {
            let decision = self.world.decide_high_watermark(leader, leading);
            if let crate::rules::high_watermark::Advance::To(to) = decision {
                self.advance_to(id, to);
            }
        }
        self.trigger = arrived;
    }
}

/// What a leader keeps of what the rules say.
fn leading_of(partition: &Partition) -> Leading {
    Leading {
        epoch: partition.leader_epoch,
        partition_epoch: partition.partition_epoch,
        epoch_start: partition.epoch_start,
        isr: partition.isr,
        proposed_epochs: Vec::new(),
        followers: partition.followers.clone(),
        waiting: Vec::new(),
    }
}
