//! A set of brokers: an ISR, who is live, who is late.

use std::fmt;

use super::BrokerId;

/// A set of brokers below number 64, a bit each. It is copied as a number is, and walked in ascending order.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BrokerSet(u64);

impl BrokerSet {
    pub const EMPTY: BrokerSet = BrokerSet(0);
    /// The highest number that a set can hold. Who reads numbers from outside has to look: a higher one is in no set.
    pub const MAX: BrokerId = BrokerId(63);

    #[must_use]
    pub fn contains(self, broker: BrokerId) -> bool {
        self.0 & bit(broker) != 0
    }

    pub fn insert(&mut self, broker: BrokerId) {
        self.0 |= bit(broker);
    }

    pub fn remove(&mut self, broker: BrokerId) {
        self.0 &= !bit(broker);
    }

    #[must_use]
    pub fn with(self, broker: BrokerId) -> BrokerSet {
        BrokerSet(self.0 | bit(broker))
    }

    #[must_use]
    pub fn without(self, broker: BrokerId) -> BrokerSet {
        BrokerSet(self.0 & !bit(broker))
    }

    #[must_use]
    pub fn union(self, other: BrokerSet) -> BrokerSet {
        BrokerSet(self.0 | other.0)
    }

    /// Those that are not in `other`.
    #[must_use]
    pub fn minus(self, other: BrokerSet) -> BrokerSet {
        BrokerSet(self.0 & !other.0)
    }

    #[must_use]
    pub fn is_subset(self, of: BrokerSet) -> bool {
        self.0 & !of.0 == 0
    }

    #[must_use]
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// A bit for each number from 0 on.
    #[must_use]
    pub fn bits(self) -> u64 {
        self.0
    }

    /// The set with these [`BrokerSet::bits`].
    #[must_use]
    pub fn of_bits(bits: u64) -> BrokerSet {
        BrokerSet(bits)
    }

    /// The lowest number.
    #[must_use]
    pub fn first(self) -> Option<BrokerId> {
        u8::try_from(self.0.trailing_zeros()).ok().map(BrokerId).filter(|_| !self.is_empty())
    }

    /// Ascending.
    pub fn iter(self) -> impl Iterator<Item = BrokerId> {
        let mut left = self;
        std::iter::from_fn(move || {
            let next = left.first()?;
            left.remove(next);
            Some(next)
        })
    }
}

/// The broker's bit; none of the 64 for a number that has none.
fn bit(broker: BrokerId) -> u64 {
    1_u64.checked_shl(broker.0.into()).unwrap_or(0)
}

impl FromIterator<BrokerId> for BrokerSet {
    fn from_iter<I: IntoIterator<Item = BrokerId>>(brokers: I) -> BrokerSet {
        brokers.into_iter().fold(BrokerSet::EMPTY, BrokerSet::with)
    }
}

impl<const N: usize> From<[BrokerId; N]> for BrokerSet {
    fn from(brokers: [BrokerId; N]) -> BrokerSet {
        brokers.into_iter().collect()
    }
}

impl fmt::Debug for BrokerSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(|broker| broker.0)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(numbers: &[u8]) -> BrokerSet {
        numbers.iter().copied().map(BrokerId).collect()
    }

    fn numbers(set: BrokerSet) -> Vec<u8> {
        set.iter().map(|broker| broker.0).collect()
    }

    #[test]
    fn each_broker_once_in_ascending_order() {
        let some = set(&[63, 3, 0, 3]);
        assert_eq!((numbers(some), some.len(), some.first()), (vec![0, 3, 63], 3, Some(BrokerId(0))));
        assert_eq!(format!("{some:?}"), "{0, 3, 63}");
        assert!(some.contains(BrokerSet::MAX) && !some.contains(BrokerId(1)));
        assert!(BrokerSet::EMPTY.is_empty() && BrokerSet::EMPTY.first().is_none() && !some.is_empty());
    }

    #[test]
    fn sets_grow_and_shrink() {
        let mut some = set(&[1, 2]);
        some.insert(BrokerId(4));
        some.remove(BrokerId(1));
        assert_eq!(some, set(&[2, 4]));
        assert_eq!((some.with(BrokerId(1)), some.without(BrokerId(4))), (set(&[1, 2, 4]), set(&[2])));
        assert_eq!((some.union(set(&[2, 3])), some.minus(set(&[2, 3]))), (set(&[2, 3, 4]), set(&[4])));
        assert!(set(&[2]).is_subset(some) && some.is_subset(some) && !some.is_subset(set(&[2])));
    }

    #[test]
    fn a_number_without_a_bit_is_in_no_set() {
        let full = BrokerSet(u64::MAX);
        assert_eq!((set(&[64, 255]), full.contains(BrokerId(64)), full.len()), (BrokerSet::EMPTY, false, 64));
        assert_eq!(full.without(BrokerId(64)), full);
    }
}
