//! The variables of the modules (`KafkaReplication`, `FiniteReplicatedLog`, `IdSequence`), and what actions do to them.

use super::Action;

pub(super) const MOST_REPLICAS: usize = 4;
pub(super) const MOST_RECORDS: usize = 4;
pub(super) const MOST_EPOCHS: usize = 5;

/// A replica, from 0 on.
pub type ReplicaId = u8;

/// A leader epoch, from 0 on.
pub type Epoch = u8;

/// A set of replicas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Members(pub(super) u8);

impl Members {
    /// The first `count` replicas.
    #[must_use]
    pub fn first(count: u8) -> Members {
        Members((1 << count) - 1)
    }

    #[must_use]
    pub fn contains(self, replica: ReplicaId) -> bool {
        self.0 >> replica & 1 == 1
    }

    #[must_use]
    pub fn with(self, replica: ReplicaId) -> Members {
        Members(self.0 | 1 << replica)
    }

    #[must_use]
    pub fn without(self, replica: ReplicaId) -> Members {
        Members(self.0 & !(1 << replica))
    }

    pub fn iter(self) -> impl Iterator<Item = ReplicaId> {
        (0..8).filter(move |replica| self.contains(*replica))
    }
}

/// What the controller has asked for in an epoch (`LeaderAndIsr`). It stays on its way for ever: each replica may take
/// any whose epoch is above its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Request {
    pub leader: Option<ReplicaId>,
    pub isr: Members,
}

/// A replica: its log, and what it believes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replica {
    /// The record at each offset below `end`; 0 above it.
    pub log: [u8; MOST_RECORDS],
    pub end: u8,
    pub high_watermark: u8,
    /// The epoch of the request that it took last. Its leader is that request's.
    pub epoch: Option<Epoch>,
    pub isr: Members,
}

impl Replica {
    /// The records of the log, in order.
    #[must_use]
    pub fn records(&self) -> &[u8] {
        &self.log[..usize::from(self.end)]
    }

    /// The record at an offset; none at the log's end and beyond.
    #[must_use]
    pub fn record_at(&self, offset: u8) -> Option<u8> {
        self.records().get(usize::from(offset)).copied()
    }

    fn append(&mut self, record: u8) {
        self.log[usize::from(self.end)] = record;
        self.end += 1;
    }

    /// What lies above the new end is nothing, in every state the same nothing.
    fn truncate(&mut self, end: u8) {
        self.log[usize::from(end)..].fill(0);
        self.end = end;
    }
}

/// A state of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// Those that there are come first.
    pub replicas: [Replica; MOST_REPLICAS],
    /// By epoch. The last one's leader is the controller's.
    pub requests: [Request; MOST_EPOCHS],
    /// The next epoch, which is also how many requests there are.
    pub next_epoch: u8,
    pub next_record: u8,
    /// The ISR as the controller knows it: a leader changes it without a request.
    pub isr: Members,
    /// The epoch in which each record was written; 0 once no log holds it.
    pub written_in: [Epoch; MOST_RECORDS],
}

impl State {
    pub(super) fn initial(replicas: u8) -> State {
        State {
            replicas: [Replica::default(); MOST_REPLICAS],
            requests: [Request::default(); MOST_EPOCHS],
            next_epoch: 0,
            next_record: 0,
            isr: Members::first(replicas),
            written_in: [0; MOST_RECORDS],
        }
    }

    #[must_use]
    pub fn replica(&self, replica: ReplicaId) -> &Replica {
        &self.replicas[usize::from(replica)]
    }

    fn replica_mut(&mut self, replica: ReplicaId) -> &mut Replica {
        &mut self.replicas[usize::from(replica)]
    }

    #[must_use]
    pub fn request(&self, epoch: Epoch) -> Request {
        self.requests[usize::from(epoch)]
    }

    /// The leader that a replica believes in.
    #[must_use]
    pub fn leader_of(&self, replica: ReplicaId) -> Option<ReplicaId> {
        self.replica(replica).epoch.and_then(|epoch| self.request(epoch).leader)
    }

    /// `ReplicaPresumesLeadership`: it believes in itself.
    #[must_use]
    pub fn presumes_leadership(&self, replica: ReplicaId) -> bool {
        self.leader_of(replica) == Some(replica)
    }

    /// The newest epoch; none before the first.
    #[must_use]
    pub fn newest_epoch(&self) -> Option<Epoch> {
        self.next_epoch.checked_sub(1)
    }

    /// The leader as the controller knows it.
    #[must_use]
    pub fn leader(&self) -> Option<ReplicaId> {
        self.newest_epoch().and_then(|epoch| self.request(epoch).leader)
    }

    /// `IsTrueLeader`: it leads in the newest epoch and knows it.
    #[must_use]
    pub fn is_true_leader(&self, replica: ReplicaId) -> bool {
        self.leader() == Some(replica)
            && self.presumes_leadership(replica)
            && self.replica(replica).epoch == self.newest_epoch()
    }

    /// The epoch of the record at an offset of a log.
    #[must_use]
    pub fn epoch_at(&self, replica: ReplicaId, offset: u8) -> Option<Epoch> {
        self.replica(replica).record_at(offset).map(|record| self.written_in[usize::from(record)])
    }

    /// `ControllerUpdateIsr`: a new epoch.
    fn controller_update(&mut self, leader: Option<ReplicaId>, isr: Members) {
        self.requests[usize::from(self.next_epoch)] = Request { leader, isr };
        self.next_epoch += 1;
        self.isr = isr;
    }

    /// `QuorumUpdateLeaderAndIsr`: at once, and without a new epoch.
    fn quorum_update(&mut self, leader: ReplicaId, isr: Members) {
        self.replica_mut(leader).isr = isr;
        self.isr = isr;
    }

    fn take(&mut self, replica: ReplicaId, epoch: Epoch) {
        let isr = self.request(epoch).isr;
        let replica = self.replica_mut(replica);
        replica.epoch = Some(epoch);
        replica.isr = isr;
    }

    fn truncate(&mut self, replica: ReplicaId, end: u8) {
        let replica = self.replica_mut(replica);
        replica.truncate(end);
        replica.high_watermark = replica.high_watermark.min(end);
        self.forget_lost_records();
    }

    /// The epoch of a record that no log holds is not part of a state.
    fn forget_lost_records(&mut self) {
        let mut held = [false; MOST_RECORDS];
        for record in self.replicas.iter().flat_map(Replica::records) {
            held[usize::from(*record)] = true;
        }
        for (epoch, held) in self.written_in.iter_mut().zip(held) {
            if !held {
                *epoch = 0;
            }
        }
    }

    /// Does what an enabled action does. `truncation` says where a follower cuts its log, none if it does not.
    pub(super) fn apply(&mut self, action: Action, truncation: impl Fn(&State, ReplicaId, ReplicaId) -> Option<u8>) {
        match action {
            Action::ControllerElects(leader) => self.controller_update(Some(leader), self.isr),
            Action::ControllerShrinks(replica) => {
                let isr = self.isr.without(replica);
                match self.leader() {
                    Some(leader) if leader == replica && isr == Members::default() => {
                        self.controller_update(None, self.isr);
                    }
                    leader => self.controller_update(leader.filter(|leader| *leader != replica), isr),
                }
            }
            Action::BecomesLeader { leader, epoch } => self.take(leader, epoch),
            Action::BecomesFollower { follower, epoch } => {
                let leader = self.request(epoch).leader.expect("it is enabled with a leader only");
                let cut = truncation(self, follower, leader);
                self.take(follower, epoch);
                if let Some(end) = cut {
                    self.truncate(follower, end);
                }
            }
            Action::Truncates { follower, leader } => {
                let end = super::truncation::first_not_shared(self, follower, leader);
                self.truncate(follower, end);
            }
            Action::Writes(leader) => {
                let epoch = self.replica(leader).epoch.expect("a leader has an epoch");
                let record = self.next_record;
                self.replica_mut(leader).append(record);
                self.written_in[usize::from(record)] = epoch;
                self.next_record += 1;
            }
            Action::Fetches { follower, leader } => {
                let record = self.replica(leader).record_at(self.replica(follower).end).expect("the leader has more");
                let mark = self.replica(leader).high_watermark;
                let follower = self.replica_mut(follower);
                follower.append(record);
                follower.high_watermark = mark.min(follower.end);
            }
            Action::AdvancesHighWatermark(leader) => self.replica_mut(leader).high_watermark += 1,
            Action::ShrinksIsr { leader, follower } => {
                self.quorum_update(leader, self.replica(leader).isr.without(follower));
            }
            Action::ExpandsIsr { leader, follower } => {
                self.quorum_update(leader, self.replica(leader).isr.with(follower));
            }
        }
    }
}
