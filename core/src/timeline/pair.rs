//! Two runs in step by virtual time: one line of steps for both, on which each run keeps its own order.
//!
//! An event that happens in both at the same tick (the same thing to the same subject) is one step. What happens in one
//! run alone is a step of its own, at its tick; meanwhile the other stands where it is. So at every step both runs have
//! come to the same virtual time, and a stretch in which nothing happens is idle only if it is so in both.

use super::{Difference, Moment, Run, differences};
use crate::event::{Event, Subject};
use crate::ids::{EventId, Tick};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One of two runs that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    Left,
    Right,
}

/// Where a step happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sides {
    Left,
    Right,
    Both,
}

impl Sides {
    #[must_use]
    pub fn has(self, side: Side) -> bool {
        match self {
            Sides::Both => true,
            Sides::Left => side == Side::Left,
            Sides::Right => side == Side::Right,
        }
    }
}

/// The next event of one run or of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub sides: Sides,
    /// The moments after it.
    pub left: Moment,
    pub right: Moment,
}

/// Two runs, their common line of steps, and what differs. A place on the line is a number of steps.
#[derive(Clone, Debug)]
pub struct Pair {
    left: Arc<Run>,
    right: Arc<Run>,
    steps: Vec<Step>,
    differences: Vec<Difference>,
}

impl Pair {
    #[must_use]
    pub fn new(left: Arc<Run>, right: Arc<Run>) -> Self {
        let steps = steps(left.events(), right.events());
        let differences = differences(&left, &right);
        Pair { left, right, steps, differences }
    }

    #[must_use]
    pub fn run(&self, side: Side) -> &Arc<Run> {
        match side {
            Side::Left => &self.left,
            Side::Right => &self.right,
        }
    }

    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The first difference of each subject, in the order in which they show.
    #[must_use]
    pub fn differences(&self) -> &[Difference] {
        &self.differences
    }

    /// Where the runs stand after so many steps.
    #[must_use]
    pub fn moment(&self, side: Side, steps: usize) -> Moment {
        let last = steps.min(self.steps.len()).checked_sub(1).and_then(|last| self.steps.get(last));
        last.map_or(0, |step| step.at(side))
    }

    /// The event that the step is, on one side; none if it happens on the other alone.
    #[must_use]
    pub fn event(&self, side: Side, step: usize) -> Option<&Arc<Event>> {
        let step = self.steps.get(step).filter(|step| step.sides.has(side))?;
        self.run(side).event(step.at(side).checked_sub(1)?)
    }

    /// The virtual time that both have come to after so many steps.
    #[must_use]
    pub fn tick(&self, steps: usize) -> Tick {
        let tick = |side| {
            let last = self.moment(side, steps).checked_sub(1).and_then(|last| self.run(side).event(last));
            last.map_or(Tick::ZERO, |event| event.tick)
        };
        tick(Side::Left).max(tick(Side::Right))
    }

    /// The fewest steps after which a side has come to this moment.
    #[must_use]
    pub fn steps_to(&self, side: Side, moment: Moment) -> usize {
        if moment == 0 {
            return 0;
        }
        let before = self.steps.partition_point(|step| step.at(side) < moment);
        (before + 1).min(self.steps.len())
    }

    /// The steps after which both stand at these moments, or else the right one at its own.
    #[must_use]
    pub fn steps_to_both(&self, left: Moment, right: Moment) -> usize {
        let both = self.steps_to(Side::Left, left).max(self.steps_to(Side::Right, right));
        let found = (self.moment(Side::Left, both), self.moment(Side::Right, both)) == (left, right);
        if found { both } else { self.steps_to(Side::Right, right) }
    }

    /// The steps after which a difference shows: the first of its two events has happened.
    #[must_use]
    pub fn steps_to_difference(&self, difference: &Difference) -> usize {
        let steps = |side, event: Option<EventId>| {
            let index = event.and_then(|id| usize::try_from(id.0).ok())?;
            Some(self.steps_to(side, index + 1))
        };
        let (left, right) = (steps(Side::Left, difference.left), steps(Side::Right, difference.right));
        left.into_iter().chain(right).min().unwrap_or(0)
    }
}

impl Step {
    fn at(&self, side: Side) -> Moment {
        match side {
            Side::Left => self.left,
            Side::Right => self.right,
        }
    }
}

fn steps(left: &[Arc<Event>], right: &[Arc<Event>]) -> Vec<Step> {
    let mut steps = Vec::with_capacity(left.len().max(right.len()));
    let mut at = (0, 0);
    for (to_left, to_right) in shared(left, right).into_iter().chain([(left.len(), right.len())]) {
        while at.0 < to_left || at.1 < to_right {
            let (next_left, next_right) = (left.get(at.0), right.get(at.1));
            let left_first = at.1 == to_right
                || (at.0 < to_left && next_left.map(|event| event.tick) <= next_right.map(|event| event.tick));
            let sides = if left_first { Sides::Left } else { Sides::Right };
            at = if left_first { (at.0 + 1, at.1) } else { (at.0, at.1 + 1) };
            steps.push(Step { sides, left: at.0, right: at.1 });
        }
        if to_left < left.len() && to_right < right.len() {
            at = (to_left + 1, to_right + 1);
            steps.push(Step { sides: Sides::Both, left: at.0, right: at.1 });
        }
    }
    steps
}

/// The events that are the same in both runs, as their places: ascending on both sides.
fn shared(left: &[Arc<Event>], right: &[Arc<Event>]) -> Vec<(usize, usize)> {
    let of_right: BTreeMap<Key, usize> = keys(right).into_iter().collect();
    let same = |l: usize, r: usize| left[l].tick == right[r].tick && left[l].kind == right[r].kind;
    let named = keys(left).into_iter().filter_map(|(key, l)| Some((l, *of_right.get(&key)?)));
    let mut matches: Vec<(usize, usize)> = named.filter(|(l, r)| same(*l, *r)).collect();
    matches.sort_unstable();
    let anchors = longest_ascending(&matches);
    // What is about no subject, a command, has no name to be found by: it is looked for between what was found.
    let mut found = Vec::with_capacity(anchors.len());
    let (mut from_left, mut from_right) = (0, 0);
    for (to_left, to_right) in anchors.into_iter().chain([(left.len(), right.len())]) {
        let nameless = |event: &Event| event.kind.subjects().is_empty();
        for l in (from_left..to_left).filter(|l| nameless(&left[*l])) {
            let tick = left[l].tick;
            let then = right.partition_point(|event| event.tick < tick).max(from_right)..to_right;
            if let Some(r) = then.take_while(|r| right[*r].tick == tick).find(|r| same(l, *r)) {
                found.push((l, r));
                from_right = r + 1;
            }
        }
        if to_left < left.len() && to_right < right.len() {
            found.push((to_left, to_right));
        }
        (from_left, from_right) = (to_left + 1, to_right + 1);
    }
    found
}

/// What an event is called in both runs: the how-many-eth thing that happened to its first subject.
type Key = (Subject, usize);

fn keys(events: &[Arc<Event>]) -> Vec<(Key, usize)> {
    let mut counts: BTreeMap<Subject, usize> = BTreeMap::new();
    let mut keys = Vec::with_capacity(events.len());
    for (place, event) in events.iter().enumerate() {
        if let Some(subject) = event.kind.subjects().first() {
            let count = counts.entry(*subject).or_default();
            *count += 1;
            keys.push(((*subject, *count), place));
        }
    }
    keys
}

/// The most of these pairs, ascending by their left, that ascend by their right too.
fn longest_ascending(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // `ends[n]`: of all ascending rows of n + 1 pairs so far, the end of the one that ends lowest.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (place, (_, right)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].1 < *right);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(place);
        } else {
            ends[length] = place;
        }
    }
    let mut row: Vec<(usize, usize)> =
        std::iter::successors(ends.last().copied(), |place| before[*place]).map(|place| pairs[place]).collect();
    row.reverse();
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Script;
    use crate::sample;
    use crate::timeline::Timeline;

    fn pair_of(left: &Script, right: &Script) -> Pair {
        Pair::new(Arc::new(Run::play(left)), Arc::new(Run::play(right)))
    }

    fn check(pair: &Pair) {
        let mut at = (0, 0);
        let mut tick = Tick::ZERO;
        for (place, step) in pair.steps().iter().enumerate() {
            let by = (usize::from(step.sides.has(Side::Left)), usize::from(step.sides.has(Side::Right)));
            assert_eq!((step.left, step.right), (at.0 + by.0, at.1 + by.1), "step {place}");
            at = (step.left, step.right);
            let events = [Side::Left, Side::Right].map(|side| pair.event(side, place));
            for event in events.into_iter().flatten() {
                assert_eq!(pair.tick(place + 1), event.tick.max(tick), "step {place}");
                assert!(event.tick >= tick, "step {place} goes back in time");
            }
            if let [Some(left), Some(right)] = events {
                assert_eq!((&left.kind, left.tick), (&right.kind, right.tick), "step {place}");
            }
            tick = pair.tick(place + 1);
        }
        let ends = [Side::Left, Side::Right].map(|side| pair.run(side).len());
        assert_eq!(at, (ends[0], ends[1]), "every event has its step");
    }

    #[test]
    fn each_run_keeps_its_order_and_no_step_goes_back_in_time() {
        for seed in 0..40 {
            check(&pair_of(&sample::script(seed, 40), &sample::script(seed + 1, 40)));
            let mut timeline = Timeline::new(&sample::script(seed, 40));
            let moment = timeline.run(Timeline::TRUNK).len() / 2;
            let added = sample::script(seed + 7, 6);
            let (fork, _) = timeline.fork(Timeline::TRUNK, moment, &added.commands().cloned().collect::<Vec<_>>());
            check(&Pair::new(Arc::clone(timeline.run(Timeline::TRUNK)), Arc::clone(timeline.run(fork))));
        }
    }

    #[test]
    fn a_run_beside_itself_has_shared_steps_only() {
        let run = Arc::new(Run::play(&sample::script(3, 40)));
        let pair = Pair::new(Arc::clone(&run), Arc::clone(&run));
        assert_eq!(pair.steps().len(), run.len());
        assert!(pair.steps().iter().all(|step| step.sides == Sides::Both));
        assert!(pair.differences().is_empty());
    }

    #[test]
    fn up_to_a_fork_the_steps_are_shared_and_what_does_not_change_is_shared_after_it() {
        let script = Script::parse(
            "cluster brokers=2\nproducer p1 acks=all\nsend p1 key=a value=1\nflush p1\nwait 60\n\
             send p1 key=b value=2\nflush p1\nwait 200\n",
        );
        assert_eq!(script.problems, []);
        let mut timeline = Timeline::new(&script.script);
        let moment = timeline.run(Timeline::TRUNK).performed()[4].to;
        let act = Script::parse("send p1 key=z value=9\nflush p1\n").script;
        let (fork, parted) = timeline.fork(Timeline::TRUNK, moment, &act.commands().cloned().collect::<Vec<_>>());
        let pair = Pair::new(Arc::clone(timeline.run(Timeline::TRUNK)), Arc::clone(timeline.run(fork)));
        check(&pair);
        let first_alone = pair.steps().iter().position(|step| step.sides != Sides::Both).expect("they differ");
        assert!(first_alone >= parted, "parted at {parted}, alone at {first_alone}");
        let both = pair.steps().iter().skip(first_alone).filter(|step| step.sides == Sides::Both).count();
        assert!(both > 3, "{both} steps are shared after the fork");
        let difference = pair.differences().first().expect("they differ");
        let shows = pair.steps_to_difference(difference);
        assert!(shows > first_alone.min(parted) && pair.tick(shows) == pair.tick(first_alone + 1), "{difference:?}");
    }

    #[test]
    fn places_and_moments_lead_to_each_other() {
        let pair = pair_of(&sample::script(3, 40), &sample::script(4, 40));
        for steps in 0..=pair.steps().len() {
            let [left, right] = [Side::Left, Side::Right].map(|side| pair.moment(side, steps));
            assert_eq!(pair.steps_to_both(left, right), steps);
            assert!(pair.steps_to(Side::Right, right) <= steps);
            assert_eq!(pair.moment(Side::Right, pair.steps_to(Side::Right, right)), right);
        }
        assert_eq!(pair.steps_to(Side::Left, usize::MAX), pair.steps().len(), "beyond the end is the end");
    }
}
