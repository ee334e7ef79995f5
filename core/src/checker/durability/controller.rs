//! What the controller does, decided by [`change_partition`] and [`check_alter_partition`] as in the world.

use super::few::FewBrokers;
use super::state::{Epoch, Leadership, State, epoch_of};
use super::{Guard, Knobs};
use crate::ids::{BrokerId, BrokerSet};
use crate::rules::alter_partition::Proposal;
use crate::rules::alter_partition_check::{AlterCheck, check_alter_partition};
use crate::rules::election::{Change, Election, Registration};
use crate::rules::partition_change::{Outcome, change_partition};

/// An epoch beyond the bounds would begin: the search does not go there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BeyondBounds;

impl State {
    fn registration(&self, knobs: &Knobs) -> Registration<FewBrokers> {
        let Leadership { leader, isr } = self.current();
        Registration {
            replicas: State::ids(knobs).collect(),
            adding: FewBrokers::default(),
            removing: FewBrokers::default(),
            isr: isr.iter().collect(),
            elr: self.elr.iter().collect(),
            last_known_elr: self.last_known_leader.into_iter().collect(),
            leader,
            recovering: self.recovering,
            leader_epoch: epoch_of(self.newest),
            // Which of two is the newer is all that is asked of partition epochs: this one is the latest.
            partition_epoch: 1,
        }
    }

    /// Brokers that may lead and be in sync.
    fn live(&self, knobs: &Knobs) -> BrokerSet {
        State::ids(knobs).filter(|id| !self.replica(*id).fenced).collect()
    }

    fn change(&self, knobs: &Knobs, isr: BrokerSet) -> Change<FewBrokers> {
        Change {
            election: if knobs.unclean { Election::Unclean } else { Election::Online },
            reassign: None,
            target_isr: isr.iter().collect(),
            live: self.live(knobs),
            unclean_shutdown: BrokerSet::EMPTY,
            min_isr: knobs.min_in_sync(),
            elr_enabled: knobs.elr,
            use_last_known_leader: knobs.elr,
            target_recovering: self.recovering,
        }
    }

    /// Writes the change down, if it is one.
    fn change_partition(&mut self, knobs: &Knobs, change: &Change<FewBrokers>) -> Result<(), BeyondBounds> {
        let changed = match change_partition(&self.registration(knobs), change) {
            Outcome::Unchanged => return Ok(()),
            Outcome::SameLeadership(changed) => changed,
            Outcome::NewLeaderEpoch(changed) => {
                if self.newest + 1 >= knobs.bounds.epochs {
                    return Err(BeyondBounds);
                }
                self.newest += 1;
                changed
            }
        };
        self.replicas.iter_mut().for_each(|replica| replica.is_up_to_date = false);
        let isr = changed.isr.iter().copied().collect();
        self.epochs[usize::from(self.newest)] = Leadership { leader: changed.leader, isr };
        self.elr = changed.elr.iter().copied().collect();
        self.last_known_leader = changed.last_known_elr.first().copied();
        self.recovering = changed.recovering;
        Ok(())
    }

    /// The broker counts as dead: it leaves the ISR, and leads no more.
    pub(super) fn fence(&mut self, knobs: &Knobs, id: BrokerId) -> Result<(), BeyondBounds> {
        self.replica_mut(id).fenced = true;
        let Leadership { leader, isr } = self.current();
        if isr.contains(id) || leader == Some(id) {
            let change = self.change(knobs, isr.without(id));
            self.change_partition(knobs, &change)?;
        }
        Ok(())
    }

    /// A start registers, fenced. The one before it did not stop cleanly, so what it had not flushed may be gone.
    pub(super) fn register(&mut self, knobs: &Knobs, id: BrokerId) -> Result<(), BeyondBounds> {
        for leading in &mut self.replicas {
            leading.names_old_start |= leading.in_flight.contains(id);
            if leading.asked_late.contains(id) && knobs.guards(Guard::IsrBrokerEpoch) {
                leading.asked_late = BrokerSet::EMPTY;
            }
        }
        let Leadership { leader, isr } = self.current();
        let in_isr = isr.contains(id) || leader == Some(id);
        if in_isr || knobs.elr && self.elr.contains(id) {
            let mut change = self.change(knobs, isr.without(id));
            change.live.remove(id);
            if knobs.elr {
                change.unclean_shutdown.insert(id);
            }
            self.change_partition(knobs, &change)?;
        }
        Ok(())
    }

    /// A broker may lead again, and a partition without a leader may want it.
    pub(super) fn unfence(&mut self, knobs: &Knobs, id: BrokerId) -> Result<(), BeyondBounds> {
        self.replica_mut(id).fenced = false;
        let Leadership { leader, isr } = self.current();
        if leader.is_none() {
            let change = self.change(knobs, isr);
            self.change_partition(knobs, &change)?;
        }
        Ok(())
    }

    /// The first of the list shall lead, if it is fit to.
    pub(super) fn elect_preferred(&mut self, knobs: &Knobs) -> Result<(), BeyondBounds> {
        let mut change = self.change(knobs, self.current().isr);
        change.election = Election::Preferred;
        self.change_partition(knobs, &change)
    }

    /// Judges the ISR that a leader of this epoch asks for; `is_latest`: it knows of the partition's last change.
    pub(super) fn judge_isr(
        &mut self,
        knobs: &Knobs,
        leader: BrokerId,
        (isr, epoch): (BrokerSet, Epoch),
        is_latest: bool,
    ) -> Result<AlterCheck, BeyondBounds> {
        let recovering = self.recovering && isr.len() == 1;
        let is_latest = is_latest || !knobs.guards(Guard::IsrPartitionEpoch);
        let proposal = Proposal { isr, leader_epoch: epoch_of(epoch), partition_epoch: is_latest.into() };
        let joins = isr.minus(self.current().isr);
        let old_start = self.replica(leader).names_old_start && knobs.guards(Guard::IsrBrokerEpoch);
        let eligible = if old_start { self.live(knobs).minus(joins) } else { self.live(knobs) };
        let judged = check_alter_partition(&self.registration(knobs), leader, proposal, recovering, eligible);
        if judged == AlterCheck::Accept {
            let mut change = self.change(knobs, isr);
            change.election = Election::Online;
            change.target_recovering = recovering;
            self.change_partition(knobs, &change)?;
        }
        Ok(judged)
    }
}
