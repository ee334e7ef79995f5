//! The run that a page shows, its forks, and what of it is looked at. The page's only way to the engine.

use std::sync::Arc;

use kafka_lab::command::{Command, Problem, Script};
use kafka_lab::event::{Event, EventKind, Refusal};
use kafka_lab::ids::EventId;
use kafka_lab::link::{self, LinkProblem};
use kafka_lab::timeline::{BranchId, Difference, Run, Timeline, first_difference};
use kafka_lab::world::{Recording, World};

use super::reel::reel_of;
use crate::player::{Moment, Playback};
use crate::reactive::*;

/// What is to be said of a link that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkNote {
    Problem(LinkProblem),
    /// The run does not come to the world that the link was made in.
    OtherEngine,
}

/// A handle that is copied freely and put in context.
#[derive(Clone, Copy, Debug)]
pub struct Lab {
    pub playback: Playback,
    timeline: StoredValue<Timeline>,
    branch: RwSignal<BranchId>,
    /// Where the lesson stood when it was left.
    left_at: StoredValue<Moment>,
    /// An event that the drawer speaks of, as long as this moment is shown.
    chosen: RwSignal<Option<(Moment, EventId)>>,
}

impl Lab {
    /// Plays a script, and stands at its start.
    #[must_use]
    pub fn new(script: &str) -> Self {
        let timeline = Timeline::new(&Script::parse(script).script);
        let playback = Playback::new(reel_of(timeline.run(Timeline::TRUNK)));
        Lab {
            playback,
            timeline: StoredValue::new(timeline),
            branch: RwSignal::new(Timeline::TRUNK),
            left_at: StoredValue::new(Moment::START),
            chosen: RwSignal::new(None),
        }
    }

    /// The run that is shown.
    #[must_use]
    pub fn run(self) -> Arc<Run> {
        let branch = self.branch.get();
        self.timeline.with_value(|timeline| Arc::clone(timeline.run(branch)))
    }

    /// The run of the lesson, which nothing changes.
    #[must_use]
    pub fn lesson(self) -> Arc<Run> {
        self.timeline.with_value(|timeline| Arc::clone(timeline.run(Timeline::TRUNK)))
    }

    /// Which branch of the timeline is shown.
    #[must_use]
    pub fn branch(self) -> BranchId {
        self.branch.get()
    }

    #[must_use]
    pub fn is_forked(self) -> bool {
        self.branch.get() != Timeline::TRUNK
    }

    /// The moment where the run that is shown left the lesson.
    #[must_use]
    pub fn forked_at(self) -> Option<Moment> {
        let mut branch = self.branch.get();
        self.timeline.with_value(|timeline| {
            let mut at = None;
            while let Some((parent, moment)) = timeline.branch(branch).parent {
                (branch, at) = (parent, Some(Moment(moment)));
            }
            at
        })
    }

    /// As [`Lab::forked_at`]; for a script of the learner's own, which forks from nothing, its beginning.
    #[must_use]
    pub fn left_lesson_at(self) -> Option<Moment> {
        self.is_forked().then(|| self.forked_at().unwrap_or(Moment::START))
    }

    /// Where the lesson stands, also while a fork is shown.
    #[must_use]
    pub fn lesson_moment(self) -> Moment {
        if self.is_forked() { self.left_at.get_value() } else { self.playback.moment().get() }
    }

    /// The world at the moment that is shown.
    #[must_use]
    pub fn world(self) -> World {
        self.run().world_at(self.playback.moment().get().0)
    }

    /// Whether these commands can be carried out now; the first refusal if not.
    pub fn can(self, commands: &[Command]) -> Result<(), Refusal> {
        let mut world = self.world();
        let mut recording =
            Recording { events: Vec::new(), steps: Vec::new(), events_most: usize::MAX, snapshots: Vec::new() };
        for command in commands {
            world.perform(command, &mut recording);
        }
        let refused = recording.events.iter().find_map(|event| match event.kind {
            EventKind::Refused(refusal) => Some(refusal),
            _ => None,
        });
        refused.map_or(Ok(()), Err)
    }

    /// Forks the run at the moment that is shown, does this there, and plays it. No command: a fork like the lesson.
    pub fn act(self, commands: &[Command]) {
        let from = self.branch.get_untracked();
        let moment = self.playback.moment().get_untracked();
        self.leave_lesson();
        let forked = self.timeline.try_update_value(|timeline| {
            let (branch, parted) = timeline.fork(from, moment.0, commands);
            (branch, parted, Arc::clone(timeline.run(branch)))
        });
        let Some((branch, parted, run)) = forked else { return };
        self.show(branch, &run, Moment(parted));
        let begun = run.performed().iter().filter(|performed| performed.from >= parted);
        if let (Some(last), false) = (begun.take(commands.len()).last(), commands.is_empty()) {
            self.playback.play_until(Moment(last.to));
        }
    }

    /// Shows the lesson again, where it was left.
    pub fn back_to_lesson(self) {
        if self.branch.get_untracked() != Timeline::TRUNK {
            self.show(Timeline::TRUNK, &self.lesson(), self.left_at.get_value());
        }
    }

    /// Plays another script beside the lesson; says what of it was not understood, and plays the rest.
    pub fn play_text(self, text: &str) -> Vec<Problem> {
        let parsed = Script::parse(text);
        self.play_script(&parsed.script, self.playback.moment().get_untracked());
        parsed.problems
    }

    /// Plays what a link holds beside the lesson, and stands at its moment; says what is wrong with the link.
    pub fn play_link(self, text: &str) -> Vec<LinkNote> {
        let read = link::read(text);
        let mut notes: Vec<LinkNote> = read.problems.into_iter().map(LinkNote::Problem).collect();
        if let Some(shared) = read.shared
            && let Some(run) = self.play_script(&shared.script, Moment(shared.moment))
        {
            // Of a damaged link the run ends early: then another world says nothing of the engine.
            let as_then = shared.moment <= run.len() && run.world_at(shared.moment).hash() == shared.hash;
            if notes.is_empty() && !as_then {
                notes.push(LinkNote::OtherEngine);
            }
        }
        notes
    }

    /// The text of a link to the moment that is shown.
    #[must_use]
    pub fn link(self) -> String {
        link::write(&untrack(|| self.run()), self.playback.moment().get_untracked().0)
    }

    fn play_script(self, script: &Script, moment: Moment) -> Option<Arc<Run>> {
        self.leave_lesson();
        let (branch, run) = self.timeline.try_update_value(|timeline| {
            let branch = timeline.add(script);
            (branch, Arc::clone(timeline.run(branch)))
        })?;
        self.show(branch, &run, moment);
        Some(run)
    }

    fn leave_lesson(self) {
        if self.branch.get_untracked() == Timeline::TRUNK {
            self.left_at.set_value(self.playback.moment().get_untracked());
        }
    }

    fn show(self, branch: BranchId, run: &Arc<Run>, moment: Moment) {
        self.branch.set(branch);
        self.playback.selected.set(None);
        self.playback.load(reel_of(run), moment);
    }

    /// Where the run that is shown first differs from the lesson.
    #[must_use]
    pub fn difference(self) -> Option<Difference> {
        let run = self.run();
        first_difference(&self.lesson(), &run)
    }

    /// The event that the drawer speaks of: the chosen one, or the last that the eye saw.
    #[must_use]
    pub fn event(self) -> Option<Event> {
        let run = self.run();
        let moment = self.playback.moment().get();
        if let Some(id) = self.chosen() {
            return usize::try_from(id.0).ok().and_then(|index| run.event(index).cloned());
        }
        let happened = run.events().get(..moment.0).unwrap_or_default();
        happened.iter().rev().find(|event| !event.kind.is_bookkeeping()).cloned()
    }

    /// The event that was chosen at this moment, if one was.
    #[must_use]
    pub fn chosen(self) -> Option<EventId> {
        let moment = self.playback.moment().get();
        self.chosen.get().filter(|(at, _)| *at == moment).map(|(_, id)| id)
    }

    /// Speaks of this event from now on, and stands right after it.
    pub fn choose(self, id: EventId) {
        if let Ok(index) = usize::try_from(id.0) {
            self.playback.seek(Moment(index + 1));
            self.look_at(id);
        }
    }

    /// Speaks of this event, and stays at the moment that is shown.
    pub fn look_at(self, id: EventId) {
        self.chosen.set(Some((self.playback.moment().get_untracked(), id)));
    }
}
