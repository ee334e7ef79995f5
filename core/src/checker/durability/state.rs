//! A state of the model: what each broker and the controller know, and which records were acknowledged.
//!
//! Left out of the world: time, payloads, messages that carry nothing but what is decided when they arrive.

use super::Knobs;
use super::few::Epochs;
use crate::ids::{BrokerId, BrokerSet, LeaderEpoch, Offset};

pub(super) const MOST_REPLICAS: usize = 3;
pub(super) const MOST_RECORDS: usize = 4;
pub(super) const MOST_EPOCHS: usize = 5;

/// A record, from 0 on, in the order in which they are written.
pub type Record = u8;

/// A leader epoch, from 0 on.
pub type Epoch = u8;

/// A broker with its replica: what is on its disk, and what it believes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replica {
    pub up: bool,
    /// As the controller has it.
    pub fenced: bool,
    /// The newest epoch there was when it last heard of one: no older news can still be on its way.
    pub heard: Epoch,
    /// The epoch of the metadata that it has replayed. None while it is down, and until it has replayed its own
    /// registration.
    pub epoch: Option<Epoch>,
    /// The record at each offset below `end`; 0 above it.
    pub log: [Record; MOST_RECORDS],
    pub end: u8,
    pub mark: u8,
    /// An epoch in which it began to lead at its log's end, and has not written.
    pub empty_epoch: Option<Epoch>,
    /// As a follower: it has yet to ask where its last epoch ended (KIP-101, KIP-279).
    pub asks: bool,
    /// As a leader: the ISR that it takes for committed.
    pub isr: BrokerSet,
    /// As a leader: the ISR that it has asked for; empty for none.
    pub in_flight: BrokerSet,
    /// As a leader: an ISR that it has asked for and, since it heard of another change, waits for no more. Kafka's
    /// controller refuses it, so it is kept only where [`super::Guard::IsrPartitionEpoch`] is taken away.
    pub asked_late: BrokerSet,
    /// As a leader: it knows of the partition's last change.
    pub is_up_to_date: bool,
    /// As a leader: a broker that it has asked for has been started anew since.
    pub names_old_start: bool,
    /// As a leader: the log end of each follower, where it is known.
    pub noted: [Option<u8>; MOST_REPLICAS],
}

impl Replica {
    /// The records of the log, in order.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.log[..usize::from(self.end)]
    }

    /// Whether the log has the record.
    #[must_use]
    pub fn holds(&self, record: Record) -> bool {
        self.records().contains(&record)
    }

    pub(super) fn append(&mut self, record: Record) {
        self.log[usize::from(self.end)] = record;
        self.end += 1;
    }

    /// Nothing at `end` or above is left, nor an epoch that begins there.
    pub(super) fn cut(&mut self, end: u8) {
        self.log[usize::from(end)..].fill(0);
        self.end = end;
        self.mark = self.mark.min(end);
        self.empty_epoch = None;
    }

    /// What it kept as a leader or a follower is gone.
    pub(super) fn lose_role(&mut self) {
        (self.asks, self.is_up_to_date, self.names_old_start) = (false, false, false);
        (self.isr, self.in_flight, self.asked_late) = (BrokerSet::EMPTY, BrokerSet::EMPTY, BrokerSet::EMPTY);
        self.noted = [None; MOST_REPLICAS];
    }
}

/// Who leads in an epoch, and the ISR when it was last changed in that epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Leadership {
    pub leader: Option<BrokerId>,
    pub isr: BrokerSet,
}

/// One state. Brokers are 1 to n, as in a world, and the list of replicas has them in that order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    pub(super) replicas: [Replica; MOST_REPLICAS],
    /// By epoch, up to the newest.
    pub(super) epochs: [Leadership; MOST_EPOCHS],
    pub newest: Epoch,
    pub elr: BrokerSet,
    pub last_known_leader: Option<BrokerId>,
    /// The leader was elected uncleanly, and has not said yet that it is done with that.
    pub recovering: bool,
    pub next_record: Record,
    /// The epoch in which each record was written; 0 once no log holds it.
    pub written_in: [Epoch; MOST_RECORDS],
    /// A bit for each record that was acknowledged.
    pub acknowledged: u8,
}

/// A broker's place in arrays.
pub(super) fn index(id: BrokerId) -> usize {
    usize::from(id.0) - 1
}

pub(super) fn offset(of: u8) -> Offset {
    Offset(of.into())
}

/// Offsets of the model are those of its logs, so none is larger than they are.
pub(super) fn small(offset: Offset) -> u8 {
    u8::try_from(offset.0).expect("an offset of a log of a few records")
}

pub(super) fn epoch_of(epoch: Epoch) -> LeaderEpoch {
    LeaderEpoch(epoch.into())
}

impl State {
    /// Broker 1 leads in epoch 0, everybody is registered and has heard of it, and all are in sync.
    pub(super) fn all_in_sync(knobs: &Knobs) -> State {
        let all = State::ids(knobs).collect();
        let leadership = Leadership { leader: Some(BrokerId(1)), isr: all };
        let mut state = State {
            replicas: [Replica::default(); MOST_REPLICAS],
            epochs: [Leadership::default(); MOST_EPOCHS],
            newest: 0,
            elr: BrokerSet::EMPTY,
            last_known_leader: None,
            recovering: false,
            next_record: 0,
            written_in: [0; MOST_RECORDS],
            acknowledged: 0,
        };
        state.epochs[0] = leadership;
        for id in all.iter() {
            *state.replica_mut(id) = Replica { up: true, epoch: Some(0), ..Replica::default() };
        }
        let leader = state.replica_mut(BrokerId(1));
        (leader.isr, leader.empty_epoch) = (all, Some(0));
        state
    }

    /// The brokers, in the order of the list of replicas.
    pub fn ids(knobs: &Knobs) -> impl Iterator<Item = BrokerId> + use<> {
        (1..=knobs.replicas).map(BrokerId)
    }

    #[must_use]
    pub fn replica(&self, id: BrokerId) -> &Replica {
        &self.replicas[index(id)]
    }

    pub(super) fn replica_mut(&mut self, id: BrokerId) -> &mut Replica {
        &mut self.replicas[index(id)]
    }

    /// Who leads in an epoch up to the newest, as the controller has written it down.
    #[must_use]
    pub fn leadership(&self, epoch: Epoch) -> Leadership {
        self.epochs[usize::from(epoch)]
    }

    /// The leadership of the newest epoch, with the ISR of now.
    #[must_use]
    pub fn current(&self) -> Leadership {
        self.leadership(self.newest)
    }

    /// The leader that a broker believes in.
    #[must_use]
    pub fn leader_of(&self, id: BrokerId) -> Option<BrokerId> {
        self.replica(id).epoch.and_then(|epoch| self.leadership(epoch).leader)
    }

    /// Whether a broker works, and takes itself for the leader.
    #[must_use]
    pub fn leads(&self, id: BrokerId) -> bool {
        self.leader_of(id) == Some(id)
    }

    /// Whether it leads in the newest epoch.
    #[must_use]
    pub fn truly_leads(&self, id: BrokerId) -> bool {
        self.leads(id) && self.replica(id).epoch == Some(self.newest)
    }

    #[must_use]
    pub fn is_acknowledged(&self, record: Record) -> bool {
        self.acknowledged >> record & 1 == 1
    }

    /// Where each epoch of a log begins, as the broker's cache has it.
    pub(super) fn epoch_cache(&self, id: BrokerId) -> Epochs {
        let replica = self.replica(id);
        let mut cache = Epochs::new();
        for (at, record) in (0..).zip(replica.records()) {
            cache.assign(epoch_of(self.written_in[usize::from(*record)]), Offset(at));
        }
        if let Some(epoch) = replica.empty_epoch {
            cache.assign(epoch_of(epoch), offset(replica.end));
        }
        cache
    }

    /// The epoch of a record that no log holds is not part of a state.
    pub(super) fn forget_lost_records(&mut self) {
        for (record, epoch) in (0..).zip(&mut self.written_in) {
            if !self.replicas.iter().any(|replica| replica.holds(record)) {
                *epoch = 0;
            }
        }
    }
}
