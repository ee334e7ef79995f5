//! How each broker stands in its cluster: whether it works, what it believes of the leadership, whether it is in sync.
//!
//! What a broker believes may be old; what is current is the newest state of the partition that anybody has replayed.

use crate::ids::{BrokerId, LeaderEpoch, Offset};
use crate::rules::election::Registration;
use crate::rules::isr::Isr;
use crate::world::{Broker, Image, Process, Role, TopicSettings, World};

/// How the broker behind a tape is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub health: Health,
    /// The controllers take it for dead: it may neither lead nor be in sync.
    pub fenced: bool,
    /// The leadership that it goes by; none while it has no part in the partition.
    pub belief: Option<Belief>,
    pub membership: Membership,
    /// How long each write to its disk takes.
    pub disk_slow_ms: u32,
    pub clock_ahead_ms: i64,
    /// How far it has replayed the metadata, and how far that goes; none if it has replayed all, or does nothing.
    pub behind: Option<(Offset, Offset)>,
}

/// Whether a broker works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    Running,
    /// Its process is new: it has not replayed the metadata yet.
    Starting,
    /// It hands over, and waits for leave to stop.
    Stopping,
    /// It does nothing; its connections stay open.
    Frozen,
    /// Its process ended at once.
    Crashed,
    /// It stopped of its own accord.
    Stopped,
}

impl Health {
    /// Its process is gone.
    #[must_use]
    pub fn is_down(self) -> bool {
        matches!(self, Health::Crashed | Health::Stopped)
    }
}

/// A leadership that a broker goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Belief {
    /// Itself, if it leads.
    pub leader: BrokerId,
    pub epoch: LeaderEpoch,
    /// No later leadership has begun.
    pub is_current: bool,
    /// The cluster's leadership can change at all: there are controllers.
    pub can_change: bool,
}

/// Whether a replica is in the ISR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Membership {
    InSync,
    /// The leader has asked the controller to take it in.
    Joining,
    /// In the ISR, but the leader or the controller has decided to leave it out.
    Leaving,
    /// Outside, with every committed record all the same (ELR, KIP-966).
    Eligible,
    Outside,
    /// The partition is on other brokers.
    NoReplica,
}

impl Membership {
    /// It counts as a member now.
    #[must_use]
    pub fn is_in(self) -> bool {
        matches!(self, Membership::InSync | Membership::Leaving)
    }
}

/// What is so now, whoever knows it already.
pub(super) struct Current<'a> {
    world: &'a World,
    partition: Option<&'a Registration>,
    metadata_end: Offset,
    /// As the leader has it, if it leads in the current epoch.
    isr: Option<Isr>,
}

impl<'a> Current<'a> {
    pub(super) fn of(world: &'a World) -> Self {
        let images = || world.controllers.values().map(|controller| &controller.image);
        let images = images().chain(world.brokers.values().map(|broker| &broker.image));
        let newest: Option<&Image> =
            images.max_by_key(|image| (image.partition.leader_epoch, image.partition.partition_epoch));
        let partition = newest.map(|image| &image.partition);
        let epoch = partition.map_or(LeaderEpoch(-1), |partition| partition.leader_epoch);
        let leading = world.leader().filter(|(_, leading)| leading.epoch >= epoch);
        let metadata_end = world.controllers.values().map(|controller| controller.committed).max();
        Current {
            world,
            partition,
            metadata_end: metadata_end.unwrap_or_default(),
            isr: leading.map(|(_, leading)| leading.isr),
        }
    }

    /// The broker that leads or is to lead; none while the partition has no leader.
    pub(super) fn leader(&self) -> Option<BrokerId> {
        self.partition.and_then(|partition| partition.leader)
    }

    /// The topic's settings, as far as they are written.
    pub(super) fn topic(&self) -> Option<TopicSettings> {
        let newest = self.world.controllers.values().max_by_key(|controller| controller.image.end)?;
        Some(newest.image.topic)
    }

    /// The replica that the others are held against: the leader's, else the one that was written to last.
    pub(super) fn reference(&self) -> Option<&'a Broker> {
        let leader = self.leader().and_then(|id| self.world.brokers.get(&id));
        let written =
            |broker: &&Broker| (broker.epochs.entries().last().map(|entry| entry.epoch), broker.log.log_end());
        leader.or_else(|| self.world.brokers.values().max_by_key(written))
    }

    pub(super) fn standing(&self, broker: &Broker) -> Standing {
        let registered = self.world.active_controller().and_then(|active| active.image.brokers.get(&broker.id));
        let behind = broker.process == Process::Up && broker.image.end < self.metadata_end;
        Standing {
            health: health(broker),
            fenced: registered.is_some_and(|registered| registered.fenced),
            belief: self.belief(broker),
            membership: self.membership(broker.id),
            disk_slow_ms: broker.disk.slow_ms,
            clock_ahead_ms: broker.clock_ahead_ms,
            behind: behind.then_some((broker.image.end, self.metadata_end)),
        }
    }

    fn belief(&self, broker: &Broker) -> Option<Belief> {
        let (leader, epoch) = match &broker.role {
            Role::Leader(leading) => (broker.id, leading.epoch),
            Role::Follower(following) => (following.leader, following.epoch),
            Role::None => return None,
        };
        let is_current = self.partition.is_none_or(|partition| epoch >= partition.leader_epoch);
        Some(Belief { leader, epoch, is_current, can_change: !self.world.controllers.is_empty() })
    }

    fn membership(&self, id: BrokerId) -> Membership {
        let registered = self.partition.is_some_and(|partition| partition.isr.contains(&id));
        let eligible = self.partition.is_some_and(|partition| partition.elr.contains(&id));
        if self.partition.is_some_and(|partition| !partition.replicas.contains(&id)) {
            return Membership::NoReplica;
        }
        match self.isr {
            Some(Isr { committed, in_flight }) if committed.contains(id) => {
                let stays = in_flight.is_none_or(|proposed| proposed.contains(id)) && registered;
                if stays { Membership::InSync } else { Membership::Leaving }
            }
            Some(Isr { in_flight, .. }) if registered || in_flight.is_some_and(|proposed| proposed.contains(id)) => {
                Membership::Joining
            }
            None if registered => Membership::InSync,
            _ if eligible => Membership::Eligible,
            _ => Membership::Outside,
        }
    }
}

fn health(broker: &Broker) -> Health {
    match broker.process {
        Process::Frozen => Health::Frozen,
        Process::Down { clean: true } => Health::Stopped,
        Process::Down { clean: false } => Health::Crashed,
        Process::Up if broker.duties.stopping => Health::Stopping,
        Process::Up if !broker.duties.caught_up => Health::Starting,
        Process::Up => Health::Running,
    }
}
