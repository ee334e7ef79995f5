//! What the rules are asked with, kept in place: a search asks them millions of times, and memory that is asked for
//! each time would take longer than the rules.

use super::state::{MOST_RECORDS, MOST_REPLICAS, index};
use crate::ids::{BrokerId, LeaderEpoch, Offset};
use crate::rules::election::BrokerList;
use crate::rules::epoch_cache::{Assign, EpochEntry, assign_epoch};
use crate::rules::partition::ByBroker;
use std::ops::Deref;

/// A list of at most as many brokers as a state has.
#[derive(Clone, Copy, Debug)]
pub(super) struct FewBrokers {
    ids: [BrokerId; MOST_REPLICAS],
    len: u8,
}

impl Default for FewBrokers {
    fn default() -> FewBrokers {
        FewBrokers { ids: [BrokerId(0); MOST_REPLICAS], len: 0 }
    }
}

impl Deref for FewBrokers {
    type Target = [BrokerId];

    fn deref(&self) -> &[BrokerId] {
        &self.ids[..usize::from(self.len)]
    }
}

impl PartialEq for FewBrokers {
    fn eq(&self, other: &FewBrokers) -> bool {
        **self == **other
    }
}

impl FromIterator<BrokerId> for FewBrokers {
    fn from_iter<I: IntoIterator<Item = BrokerId>>(ids: I) -> FewBrokers {
        let mut few = FewBrokers::default();
        for id in ids {
            few.ids[usize::from(few.len)] = id;
            few.len += 1;
        }
        few
    }
}

impl BrokerList for FewBrokers {}

/// Something of each of some brokers of a state.
#[derive(Clone, Copy, Debug)]
pub(super) struct FewByBroker<V>([Option<V>; MOST_REPLICAS]);

impl<V> FromIterator<(BrokerId, V)> for FewByBroker<V> {
    fn from_iter<I: IntoIterator<Item = (BrokerId, V)>>(each: I) -> FewByBroker<V> {
        let mut few = FewByBroker([const { None }; MOST_REPLICAS]);
        for (id, of) in each {
            few.0[index(id)] = Some(of);
        }
        few
    }
}

impl<V: Default + 'static> ByBroker<V> for FewByBroker<V> {
    fn of(&self, broker: BrokerId) -> Option<&V> {
        self.0[index(broker)].as_ref()
    }

    fn of_mut(&mut self, broker: BrokerId) -> &mut V {
        self.0[index(broker)].get_or_insert_default()
    }

    fn each(&self) -> impl Iterator<Item = (BrokerId, &V)> + Clone {
        (1..).map(BrokerId).zip(&self.0).filter_map(|(id, of)| Some((id, of.as_ref()?)))
    }

    fn each_mut(&mut self) -> impl Iterator<Item = (BrokerId, &mut V)> {
        (1..).map(BrokerId).zip(&mut self.0).filter_map(|(id, of)| Some((id, of.as_mut()?)))
    }
}

/// The epochs of a log, as in an [`crate::rules::epoch_cache::EpochCache`]: a record each, and one that has none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Epochs {
    entries: [EpochEntry; MOST_RECORDS + 1],
    len: u8,
}

impl Epochs {
    pub(super) fn new() -> Epochs {
        let nothing = EpochEntry { epoch: LeaderEpoch(0), start: Offset::ZERO };
        Epochs { entries: [nothing; MOST_RECORDS + 1], len: 0 }
    }

    pub(super) fn entries(&self) -> &[EpochEntry] {
        &self.entries[..usize::from(self.len)]
    }

    /// Notes that an epoch begins at this offset.
    pub(super) fn assign(&mut self, epoch: LeaderEpoch, start: Offset) {
        let new = EpochEntry { epoch, start };
        if let Assign::After { keep } = assign_epoch(self.entries(), new) {
            self.entries[keep] = new;
            self.len = keep as u8 + 1;
        }
    }
}
