//! Two runs in step as something to play: one line of beats, and the frames of each side.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};

use kafka_lab::frame::{Frame, FrameDifference, Window, beside, of_world};
use kafka_lab::timeline::{Pair, Run, Side};

use crate::player::{Beat, Moment, Reel};
use crate::scene::reel;
use crate::scene::seconds;
use crate::words::compare as words;

/// The pair of these two runs. The last one that was asked for is kept: stage, list and link want the same.
pub(super) fn pair_of(left: &Arc<Run>, right: &Arc<Run>) -> Arc<Pair> {
    thread_local!(static LAST: RefCell<Option<Arc<Pair>>> = const { RefCell::new(None) });
    let is_it =
        |pair: &&Arc<Pair>| Arc::ptr_eq(pair.run(Side::Left), left) && Arc::ptr_eq(pair.run(Side::Right), right);
    LAST.with_borrow_mut(|last| match last.as_ref().filter(is_it) {
        Some(pair) => Arc::clone(pair),
        None => Arc::clone(last.insert(Arc::new(Pair::new(Arc::clone(left), Arc::clone(right))))),
    })
}

/// Both frames of a place on the pair's line.
#[derive(Clone)]
pub(super) struct Frames {
    pair: Arc<Pair>,
    /// The place that was asked for last: two stages and the table ask for it one after the other.
    last: Arc<Mutex<Option<(usize, Both)>>>,
}

#[derive(Clone, Default)]
struct Both {
    left: Frame,
    right: Frame,
    differences: Arc<[FrameDifference]>,
}

impl Frames {
    pub(super) fn new(pair: &Arc<Pair>) -> Self {
        Frames { pair: Arc::clone(pair), last: Arc::default() }
    }

    fn look<T>(&self, steps: usize, read: impl FnOnce(&Both) -> T) -> T {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let known = last.take().filter(|(place, _)| *place == steps);
        let (_, both) = last.insert(known.unwrap_or_else(|| (steps, self.at(steps))));
        read(both)
    }

    fn at(&self, steps: usize) -> Both {
        let [left, right] = [Side::Left, Side::Right].map(|side| {
            let world = self.pair.run(side).world_at(self.pair.moment(side, steps));
            of_world(&world, Window::ALL)
        });
        let (left, right, differences) = beside(left, right);
        Both { left, right, differences: differences.into() }
    }

    /// What the two show otherwise at a place.
    pub(super) fn differences(&self, at: Moment) -> Arc<[FrameDifference]> {
        self.look(at.0, |both| Arc::clone(&both.differences))
    }

    /// What is played: the beats of both, and the frames of one side.
    pub(super) fn reel(&self, side: Side) -> Reel {
        let frames = self.clone();
        let frame = move |both: &Both| if side == Side::Left { both.left.clone() } else { both.right.clone() };
        let mut reel = Reel::new(beats(&self.pair), move |moment| frames.look(moment.0, frame));
        let pair = Arc::clone(&self.pair);
        reel.place_at = Some(Arc::new(move |moment| place_words(&pair, moment)));
        reel
    }
}

fn beats(pair: &Pair) -> Vec<Beat> {
    let steps = pair.steps().iter().enumerate();
    let beat = |(place, step): (usize, &kafka_lab::timeline::Step)| {
        let event = pair.event(Side::Left, place).or_else(|| pair.event(Side::Right, place))?;
        Some(reel::beat(event, pair.tick(place + 1), step.sides))
    };
    steps.filter_map(beat).collect()
}

/// "1.905 s · events 24 | 26".
fn place_words(pair: &Pair, moment: Moment) -> String {
    let [left, right] = [Side::Left, Side::Right].map(|side| pair.moment(side, moment.0));
    format!("{} \u{b7} {} {left} | {right}", seconds(pair.tick(moment.0)), words::EVENTS)
}
