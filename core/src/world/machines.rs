//! How machines begin, end and change: the part of [`super::apply`] that is about brokers and controllers as processes.

use super::metadata::{Image, MetadataRecord, bootstrap};
use super::state::{
    Asking, Broker, Controller, Disk, Duties, Following, Leading, Process, ReplicaLog, Role, Session, Topic,
};
use super::{MARK_CHECKPOINT_INTERVAL_MS, Premise, StoredBatch, World};
use crate::command::ClusterSettings;
use crate::ids::{BrokerId, BrokerSet, ControllerId, Endpoint, LeaderEpoch, Offset, Tick};
use crate::pairs::map_of;
use crate::rules::election::Registration;
use crate::rules::epoch_cache::EpochCache;
use crate::rules::isr::Isr;
use crate::rules::quorum_voter::{QuorumClock, QuorumVoter};
use crate::rules::replica::Follower;
use litemap::LiteMap;
use rpds::RedBlackTreeMapSync as Shared;
use std::sync::Arc;

impl World {
    /// All brokers are registered, in sync, and have replayed the metadata; broker 1 leads.
    pub(super) fn start_cluster(&mut self, settings: &ClusterSettings) {
        let records: Vec<Arc<MetadataRecord>> = bootstrap(settings).into_iter().map(Arc::new).collect();
        let mut image = Image::empty();
        records.iter().for_each(|record| image.replay(record));
        self.topic =
            Topic { storage: settings.storage, elr: settings.elr, lag_max_ms: settings.lag_max_ms, ..Topic::default() };
        for id in (1..=settings.brokers).map(BrokerId) {
            self.brokers.insert(id, Broker::begin(id, &image, settings));
        }
        let voters: Vec<ControllerId> = (1..=settings.controllers).map(ControllerId).collect();
        for id in &voters {
            let controller = Controller::begin(*id, &voters, &image, &records, self.quorum_clock());
            self.controllers.insert(*id, controller);
        }
        if settings.topic.min_in_sync.min(settings.replication_factor) < 2 {
            self.ledger.given_up.insert(Premise::MinInSyncTwo);
        }
        if !settings.elr {
            self.ledger.given_up.insert(Premise::EligibleLeaderReplicas);
        }
    }

    pub(super) fn set_process(&mut self, at: Endpoint, process: Process) {
        match at {
            Endpoint::Broker(id) => self.at_broker(id, |at| at.process = process),
            Endpoint::Controller(id) => self.at_controller(id, |at| at.process = process),
            Endpoint::Producer(_) | Endpoint::Consumer(_) => {}
        }
    }

    pub(super) fn crash(&mut self, at: Endpoint, log_end: Offset, lost_power: bool) {
        if lost_power {
            self.ledger.given_up.insert(Premise::NoPowerLoss);
        }
        self.set_process(at, Process::Down { clean: false });
        if let Endpoint::Broker(id) = at {
            self.at_broker(id, |at| {
                if lost_power {
                    at.cut(log_end);
                }
                at.forget_all();
            });
        }
        if let Endpoint::Controller(id) = at {
            self.at_controller(id, |at| {
                at.fetch = Asking::Idle;
                at.sessions.clear();
                at.waiting.clear();
            });
        }
    }

    pub(super) fn start_process(&mut self, at: Endpoint) {
        let (now, lag_max_ms) = (self.tick, self.topic.lag_max_ms);
        let alone = self.controllers.is_empty();
        let clock = self.quorum_clock();
        match at {
            Endpoint::Broker(id) => self.at_broker(id, |at| at.start(now, lag_max_ms, alone)),
            Endpoint::Controller(id) => self.at_controller(id, |at| {
                at.process = Process::Up;
                at.voter = at.voter.restarted(at.log_epoch(), clock);
            }),
            Endpoint::Producer(_) | Endpoint::Consumer(_) => {}
        }
    }

    /// A leader leads again: has another been named since, or a follower been no replica for a while, of which it has
    /// not heard?
    pub(super) fn note_missed_reign(&mut self, id: BrokerId, epoch: LeaderEpoch) {
        let Some((leader, leading)) = self.leading(id) else { return };
        let (since, now) = (leading.epoch, &leader.image.partition);
        let was_out = |partition: &Registration| {
            let back = leading.followers.keys().filter(|follower| now.replicas.contains(follower));
            partition.partition_epoch < now.partition_epoch
                && back.into_iter().any(|follower| !partition.replicas.contains(follower))
        };
        let is_missed = |record: &MetadataRecord| match record {
            MetadataRecord::PartitionChange { partition, .. } if partition.leader_epoch > since => {
                let led_by_another = partition.leader.is_some_and(|leader| leader != id);
                (partition.leader_epoch < epoch && led_by_another) || was_out(partition)
            }
            _ => false,
        };
        let missed = self.controllers.values().flat_map(|at| at.log.values()).any(|(_, record)| is_missed(record));
        if missed {
            self.ledger.given_up.insert(Premise::NoReignMissed);
        }
    }

    /// The mark moves: with as many in sync as the newest `min.insync.replicas` asks for?
    pub(super) fn note_unheard_minimum(&mut self, id: BrokerId) {
        let Some((leader, leading)) = self.leading(id) else { return };
        let newest = self.controllers.values().max_by_key(|controller| controller.image.end);
        let newest = newest.map_or(0, |controller| controller.image.min_in_sync());
        if leader.image.min_in_sync() < newest && leading.isr.committed.len() < newest {
            self.ledger.given_up.insert(Premise::MinInSyncHeard);
        }
    }

    /// What a record gives up of what the promises rest on.
    pub(super) fn note_premises(&mut self, record: &MetadataRecord) {
        match record {
            MetadataRecord::Config(topic) if topic.min_in_sync < 2 => {
                self.ledger.given_up.insert(Premise::MinInSyncTwo);
            }
            MetadataRecord::PartitionChange { partition, .. } => {
                let is_none = |broker: &BrokerId| !partition.replicas.contains(broker);
                for (given_up, premise) in [
                    (partition.recovering, Premise::CleanElections),
                    (partition.replicas.len() < 2, Premise::MinInSyncTwo),
                    (partition.elr.iter().any(is_none), Premise::ElrOfReplicas),
                ] {
                    if given_up {
                        self.ledger.given_up.insert(premise);
                    }
                }
            }
            _ => {}
        }
    }
}

impl Controller {
    /// Controller 1 leads, and all others follow it.
    fn begin(
        id: ControllerId,
        voters: &[ControllerId],
        image: &Image,
        records: &[Arc<MetadataRecord>],
        clock: QuorumClock,
    ) -> Controller {
        let mut log = Shared::new_sync();
        for (offset, record) in (0i64..).zip(records) {
            log.insert_mut(Offset(offset), (1, Arc::clone(record)));
        }
        let mut epochs = EpochCache::default();
        epochs.assign(LeaderEpoch(1), Offset::ZERO);
        let mut controller = Controller {
            id,
            process: Process::Up,
            log,
            committed: image.end,
            image: image.clone(),
            epochs,
            voter: QuorumVoter::begin(id, voters, ControllerId(1), LeaderEpoch(1), image.end, clock),
            fetch: Asking::Idle,
            sessions: LiteMap::new(),
            active_since: clock.now,
            waiting: Vec::new(),
        };
        if controller.is_active() {
            controller.begin_sessions(clock.now, image.end);
        }
        controller
    }

    /// The epoch of the last record of its log.
    pub(super) fn log_epoch(&self) -> LeaderEpoch {
        self.epochs.entries().last().map_or(LeaderEpoch(0), |entry| entry.epoch)
    }

    /// It is active from now on; each broker has a whole session to be heard in.
    pub(super) fn begin_sessions(&mut self, now: Tick, known_end: Offset) {
        self.active_since = now;
        let session = Session { heard: now, metadata_end: known_end, may_stop_at: None };
        self.sessions = map_of(self.image.brokers.keys().map(|broker| (*broker, session)));
    }

    pub(super) fn write(&mut self, offset: Offset, epoch: i32, record: &Arc<MetadataRecord>) {
        self.epochs.assign(LeaderEpoch(epoch), offset);
        self.log.insert_mut(offset, (epoch, Arc::clone(record)));
        self.image.replay(record);
    }

    /// Nothing at `end` or above is left; what the rest comes to is worked out anew.
    pub(super) fn cut(&mut self, end: Offset) {
        while let Some(last) = self.log.last().map(|(last, _)| *last).filter(|last| *last >= end) {
            self.log.remove_mut(&last);
        }
        self.epochs.truncate_from_end(end);
        self.image = Image::empty();
        self.log.values().for_each(|(_, record)| self.image.replay(record));
    }

    /// Its part in the quorum changes. Who follows another leader than before fetches anew, who does not lead watches
    /// no broker.
    pub(super) fn turn(&mut self, voter: &QuorumVoter) {
        if (voter.epoch, voter.leader()) != (self.voter.epoch, self.voter.leader()) {
            self.fetch = Asking::Idle;
        }
        if voter.leading.is_none() {
            self.sessions.clear();
        }
        self.voter = voter.clone();
    }
}

impl Broker {
    fn begin(id: BrokerId, image: &Image, settings: &ClusterSettings) -> Broker {
        let leader = BrokerId(1);
        let mut broker = Broker {
            id,
            process: Process::Up,
            log: ReplicaLog::default(),
            high_watermark: Offset::ZERO,
            epochs: EpochCache::default(),
            role: Role::None,
            disk: Disk::default(),
            clock_ahead_ms: 0,
            image: image.clone(),
            duties: Duties {
                start: 0,
                clean_start: true,
                epoch: None,
                caught_up: true,
                stopping: false,
                controller: ControllerId(1),
                registration: Asking::Idle,
                heartbeat: Asking::Idle,
                metadata: Asking::Idle,
                alter_partition: Asking::Idle,
                next_isr_check: Tick::ZERO,
                next_checkpoint: Tick::ZERO,
            },
        };
        broker.start(Tick::ZERO, settings.lag_max_ms, true);
        let epoch = image.partition.leader_epoch;
        if id == leader {
            let in_sync: BrokerSet = image.partition.isr.iter().copied().collect();
            let others = in_sync.without(leader).iter();
            let known = Follower::default().at_new_epoch(true, false, Offset::ZERO, 0);
            broker.lead(&Leading {
                epoch,
                partition_epoch: image.partition.partition_epoch,
                epoch_start: Offset::ZERO,
                isr: Isr { committed: in_sync, in_flight: None },
                proposed_epochs: Vec::new(),
                followers: map_of(others.map(|id| (id, known))),
                waiting: Vec::new(),
            });
        } else if image.partition.replicas.contains(&id) {
            let (fetch, last_asked, asks_end_of) = (Asking::Idle, None, None);
            broker.role = Role::Follower(Following { leader, epoch, fetch, last_asked, asks_end_of });
        }
        broker
    }

    /// A batch at the end of the log; its epoch begins there if it is a new one.
    pub(super) fn write(&mut self, batch: &Arc<StoredBatch>) {
        self.epochs.assign(batch.leader_epoch(), batch.base_offset());
        self.log.push(Arc::clone(batch));
    }

    /// Takes the lead. The epoch begins at the log's end, before there is a record of it.
    pub(super) fn lead(&mut self, leading: &Leading) {
        self.epochs.assign(leading.epoch, leading.epoch_start);
        self.role = Role::Leader(leading.clone());
        self.duties.alter_partition = Asking::Idle;
    }

    /// Nothing at `end` or above is left, in the log or in what is said of it.
    pub(super) fn cut(&mut self, end: Offset) {
        self.log.truncate(end);
        let end = end.min(self.log.log_end());
        self.epochs.truncate_from_end(end);
        self.high_watermark = self.high_watermark.min(end);
        self.disk.flushed = self.disk.flushed.min(end);
        self.disk.checkpointed = self.disk.checkpointed.min(end);
    }

    /// What was in memory is gone. The mark in the checkpoint is what is left of the mark.
    pub(super) fn forget_all(&mut self) {
        self.role = Role::None;
        self.high_watermark = self.disk.checkpointed.clamp(self.log.log_start, self.log.log_end());
        self.duties.stopping = false;
        self.duties.epoch = None;
        self.duties.caught_up = false;
        self.duties.alter_partition = Asking::Idle;
        self.duties.heartbeat = Asking::Idle;
        self.duties.metadata = Asking::Idle;
        self.duties.registration = Asking::Idle;
    }

    /// It ends of its own accord: everything is on the disk.
    pub(super) fn stop(&mut self) {
        self.disk.flushed = self.log.log_end();
        self.disk.checkpointed = self.high_watermark;
        self.forget_all();
        self.process = Process::Down { clean: true };
    }

    /// A new process. `alone`: there is no controller to catch up with. Loading the log drops an epoch that began at
    /// its end (`LogLoader.load`).
    pub(super) fn start(&mut self, now: Tick, lag_max_ms: u32, alone: bool) {
        self.epochs.truncate_from_end(self.log.log_end());
        self.duties.clean_start = self.process != Process::Down { clean: false };
        self.process = Process::Up;
        self.duties.start += 1;
        self.duties.caught_up = alone;
        if alone {
            // Nobody registers it anew: it stays who it was.
            self.duties.epoch = self.image.brokers.get(&self.id).map(|known| known.epoch);
        }
        self.duties.next_isr_check = now.plus_ms(i64::from(lag_max_ms / 2).max(1));
        self.duties.next_checkpoint = now.plus_ms(MARK_CHECKPOINT_INTERVAL_MS);
    }

    /// The disk is empty: log, checkpoints and the metadata that was on it.
    pub(super) fn wipe(&mut self) {
        self.delete_replica();
        self.image = Image::empty();
        self.process = Process::Down { clean: false };
    }

    /// The partition's folder is gone.
    pub(super) fn delete_replica(&mut self) {
        self.log = ReplicaLog::default();
        self.epochs = EpochCache::default();
        self.disk = Disk { slow_ms: self.disk.slow_ms, ..Disk::default() };
        self.high_watermark = Offset::ZERO;
    }
}
