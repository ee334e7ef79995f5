//! What was found and has not been looked at, the cheapest first.

use super::Cost;
use std::mem;

/// Numbers of states in buckets, one for each cost, in the order in which they were found.
#[derive(Clone, Debug, Default)]
pub(super) struct Frontier {
    /// By faults, then by steps.
    buckets: Vec<Vec<Vec<u32>>>,
    /// The cheapest bucket, and how much of it has been taken.
    bucket: Vec<u32>,
    cost: Cost,
    taken: usize,
}

impl Frontier {
    /// What the states cost that are taken now.
    pub(super) fn cost(&self) -> Cost {
        self.cost
    }

    pub(super) fn push(&mut self, cost: Cost, number: u32) {
        let (faults, steps) = (usize::from(cost.faults), usize::from(cost.steps));
        if self.buckets.len() <= faults {
            self.buckets.resize(faults + 1, Vec::new());
        }
        let of_faults = &mut self.buckets[faults];
        if of_faults.len() <= steps {
            of_faults.resize(steps + 1, Vec::new());
        }
        of_faults[steps].push(number);
    }

    /// The next one, with the cost that it was pushed with.
    pub(super) fn take(&mut self) -> Option<(u32, Cost)> {
        while self.taken == self.bucket.len() {
            self.next_bucket()?;
        }
        let number = self.bucket[self.taken];
        self.taken += 1;
        Some((number, self.cost))
    }

    /// What follows a state costs more than it, so the buckets before this one stay empty.
    fn next_bucket(&mut self) -> Option<()> {
        let from = usize::from(self.cost.faults);
        let (faults, steps) = (from..self.buckets.len()).find_map(|faults| {
            let steps = self.buckets[faults].iter().position(|bucket| !bucket.is_empty())?;
            Some((faults, steps))
        })?;
        self.bucket = mem::take(&mut self.buckets[faults][steps]);
        self.cost = Cost { faults: faults as u8, steps: steps as u8 };
        self.taken = 0;
        Some(())
    }

    pub(super) fn len(&self) -> usize {
        self.buckets.iter().flatten().map(Vec::len).sum::<usize>() + self.bucket.len() - self.taken
    }

    pub(super) fn bytes(&self) -> usize {
        let waiting: usize = self.buckets.iter().flatten().chain([&self.bucket]).map(Vec::capacity).sum();
        waiting * size_of::<u32>()
    }
}
