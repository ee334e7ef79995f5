//! Where the state with a key is: open addressing, a word of 32 bits for each place.
//!
//! A word holds the state's number and, in the bits that numbers do not reach yet, some of the key's mixed bits. So
//! most places that hold another state are passed without a look at its key, which lies elsewhere in memory.

/// At first so many places.
const FEWEST: usize = 1 << 6;

#[derive(Clone, Debug)]
pub(super) struct Table {
    /// 0 for an empty place; else one more than the number, below the tag. As many as a power of two.
    places: Vec<u32>,
    used: usize,
}

impl Table {
    pub(super) fn new() -> Table {
        Table { places: vec![0; FEWEST], used: 0 }
    }

    /// The bits that no number reaches while no more than all places are taken.
    fn tag(&self, mixed: u64) -> u32 {
        (mixed >> 32) as u32 & !self.number_mask()
    }

    fn number_mask(&self) -> u32 {
        (self.places.len() - 1) as u32
    }

    fn home(&self, mixed: u64) -> usize {
        mixed as usize & (self.places.len() - 1)
    }

    /// The number at the first place where a key with these mixed bits can be, if its tag is theirs; else 0, which may
    /// be another's.
    pub(super) fn likely(&self, mixed: u64) -> u32 {
        let (word, mask) = (self.places[self.home(mixed)], self.number_mask());
        if word & !mask == self.tag(mixed) { (word & mask).saturating_sub(1) } else { 0 }
    }

    fn number_at(&self, place: usize, tag: u32) -> Option<u32> {
        let word = self.places[place];
        let number = (word & self.number_mask()).checked_sub(1)?;
        (word & !self.number_mask() == tag).then_some(number)
    }

    /// The number whose key `is_key`.
    pub(super) fn find(&self, mixed: u64, mut is_key: impl FnMut(u32) -> bool) -> Option<u32> {
        let tag = self.tag(mixed);
        let mut place = self.home(mixed);
        while self.places[place] != 0 {
            if let Some(number) = self.number_at(place, tag).filter(|number| is_key(*number)) {
                return Some(number);
            }
            place = (place + 1) & (self.places.len() - 1);
        }
        None
    }

    /// Notes a number that is not in the table. `mixed_of` says the mixed bits of those that are.
    pub(super) fn insert(&mut self, mixed: u64, number: u32, mixed_of: impl Fn(u32) -> u64) {
        // Up to three of four places: the way to an empty one stays short.
        if (self.used + 1) * 4 > self.places.len() * 3 {
            self.places = vec![0; self.places.len() * 2];
            (0..number).for_each(|known| self.put(mixed_of(known), known));
        }
        self.put(mixed, number);
        self.used += 1;
    }

    fn put(&mut self, mixed: u64, number: u32) {
        let mut place = self.home(mixed);
        while self.places[place] != 0 {
            place = (place + 1) & (self.places.len() - 1);
        }
        self.places[place] = self.tag(mixed) | (number + 1);
    }

    pub(super) fn bytes(&self) -> usize {
        self.places.len() * size_of::<u32>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys that are all alike in their lowest bits, so that their places run into each other.
    #[test]
    fn every_number_is_found_by_its_key_alone() {
        let mixed_of = |number: u32| u64::from(number) << 30 | 7;
        let mut table = Table::new();
        for number in 0..3_000 {
            assert_eq!(table.find(mixed_of(number), |found| found == number), None, "{number} is not in it yet");
            table.insert(mixed_of(number), number, mixed_of);
        }
        for number in 0..3_000 {
            assert_eq!(table.find(mixed_of(number), |found| found == number), Some(number));
        }
        assert_eq!(table.bytes(), 4_096 * 4);
    }
}
