//! The run that a page shows, its forks, and what of it is looked at. The page's only way to the engine.

use std::sync::Arc;

use kafka_lab::command::{Command, Problem, Script};
use kafka_lab::event::{Event, EventKind, Refusal};
use kafka_lab::goal::Sight;
use kafka_lab::ids::EventId;
use kafka_lab::link::{self, At, Differs, LinkProblem, Shared, SharedBeside};
use kafka_lab::timeline::{BranchId, Run, Timeline};
use kafka_lab::world::{Recording, World};

use super::compare;
use super::reel::reel_of;
use crate::content::{ChallengeText, PracticeText};
use crate::player::{Moment, Playback};
use crate::reactive::*;

/// What is to be said of a link that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkNote {
    Problem(LinkProblem),
    /// The run does not come to the world that the link was made in.
    OtherEngine(Differs),
}

/// A handle that is copied freely and put in context.
#[derive(Clone, Copy, Debug)]
pub struct Lab {
    pub playback: Playback,
    timeline: StoredValue<Timeline>,
    branch: RwSignal<BranchId>,
    /// What the run that is shown is compared with.
    beside: RwSignal<BranchId>,
    /// Where the lesson stood when it was left.
    left_at: StoredValue<Moment>,
    /// Where the last act ends: another act comes after it, also while it is still being shown.
    act_ends: StoredValue<Option<Moment>>,
    /// An event that the drawer speaks of, as long as this moment is shown.
    chosen: RwSignal<Option<(Moment, EventId)>>,
    /// Whether both runs are wanted beside each other, where there are two.
    comparing: RwSignal<bool>,
    /// Where the run that is compared with begins when both are shown; none is where it stands at the same tick.
    pub(super) beside_begins: StoredValue<Option<Moment>>,
    /// Whether what is shown is played, together with another run.
    pub(super) both_play: StoredValue<bool>,
}

impl Lab {
    /// Plays a script, and stands at its start.
    #[must_use]
    pub fn new(script: &str) -> Self {
        let timeline = Timeline::new(&Script::parse(script).script);
        let playback = Playback::new(reel_of(timeline.run(Timeline::TRUNK)));
        let lab = Lab {
            playback,
            timeline: StoredValue::new(timeline),
            branch: RwSignal::new(Timeline::TRUNK),
            beside: RwSignal::new(Timeline::TRUNK),
            left_at: StoredValue::new(Moment::START),
            act_ends: StoredValue::new(None),
            chosen: RwSignal::new(None),
            comparing: RwSignal::new(false),
            beside_begins: StoredValue::new(None),
            both_play: StoredValue::new(false),
        };
        effect(move || {
            playback.in_sight().track();
            lab.finish_act_out_of_sight();
        });
        lab
    }

    /// Whether two runs are shown beside each other: they are asked for, and there are two.
    #[must_use]
    pub fn is_comparing(self) -> bool {
        self.comparing.get() && self.beside.get() != self.branch.get()
    }

    /// Shows both runs beside each other, or one alone.
    pub fn compare(self, comparing: bool) {
        self.comparing.set(comparing);
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

    /// The run of a branch.
    #[must_use]
    pub fn run_of(self, branch: BranchId) -> Arc<Run> {
        self.timeline.with_value(|timeline| Arc::clone(timeline.run(branch)))
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

    /// The run that the shown one was forked from first: the lesson, or a script that was opened beside it.
    #[must_use]
    pub fn root(self) -> BranchId {
        let mut branch = self.branch.get();
        self.timeline.with_value(|timeline| {
            while let Some((parent, _)) = timeline.branch(branch).parent {
                branch = parent;
            }
        });
        branch
    }

    /// How many commands were added to the run since it was opened, besides those that only let time pass.
    #[must_use]
    pub fn acts_done(self) -> usize {
        let acts = |run: &Run| run.script().commands().filter(|command| is_act(command)).count();
        let root = self.root();
        let begun = self.timeline.with_value(|timeline| acts(timeline.run(root)));
        acts(&self.run()).saturating_sub(begun)
    }

    /// The moment that is shown, to be read from.
    #[must_use]
    pub fn sight(self) -> Sight {
        Sight::new(&self.run(), self.playback.moment().get().0)
    }

    /// The world at the moment that is shown.
    #[must_use]
    pub fn world(self) -> World {
        self.run().world_at(self.playback.moment().get().0)
    }

    /// As [`Lab::can`], outside of the reactive graph.
    ///
    /// # Errors
    /// The first refusal.
    pub fn can_all(self, commands: &[Command]) -> Result<(), Refusal> {
        untrack(|| self.can(commands))
    }

    /// Whether these commands can be carried out now.
    ///
    /// # Errors
    /// The first refusal.
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

    /// An act that is still being shown is shown whole, at once: what comes next comes after it.
    pub fn finish_act(self) {
        let plays = self.playback.playing().get_untracked() || self.both_play.get_value();
        let shown = self.playback.moment().get_untracked();
        if let Some(end) = self.act_ends.get_value().filter(|end| plays && *end > shown) {
            self.playback.seek(end);
        }
    }

    /// Off the screen nothing turns. What is read there instead tells what came of the act, and does not wait for it.
    fn finish_act_out_of_sight(self) {
        if self.playback.playing().get_untracked() && !self.playback.in_sight().get_untracked() {
            self.finish_act();
        }
    }

    /// Forks the run at the moment that is shown, does this there, and plays it; says how many events that makes.
    /// No command: a fork like the lesson.
    pub fn act(self, commands: &[Command]) -> usize {
        let from = self.branch.get_untracked();
        self.finish_act();
        let moment = self.playback.moment().get_untracked();
        self.leave_lesson();
        let forked = self.timeline.try_update_value(|timeline| {
            let (branch, parted) = timeline.fork(from, moment.0, commands);
            (branch, parted, Arc::clone(timeline.run(branch)))
        });
        let Some((branch, parted, run)) = forked else { return 0 };
        self.show(branch, &run, Moment(parted));
        let begun = run.performed().iter().filter(|performed| performed.from >= parted);
        let Some(last) = begun.take(commands.len()).last() else { return 0 };
        self.playback.play_until(Moment(last.to));
        self.act_ends.set_value(Some(Moment(last.to)));
        self.finish_act_out_of_sight();
        last.to - parted
    }

    /// Whether the run that is shown was forked from another.
    #[must_use]
    pub fn can_undo(self) -> bool {
        let branch = self.branch.get();
        self.timeline.with_value(|timeline| timeline.branch(branch).parent.is_some())
    }

    /// Shows the run as it was before the last act, where it was acted in. It is still there, and so can be redone
    /// by acting again.
    pub fn undo(self) {
        let branch = self.branch.get_untracked();
        let parent = self.timeline.with_value(|timeline| {
            let (parent, moment) = timeline.branch(branch).parent?;
            Some((parent, moment, Arc::clone(timeline.run(parent))))
        });
        if let Some((parent, moment, run)) = parent {
            self.show(parent, &run, Moment(moment));
        }
    }

    /// Shows the lesson again, where it was left.
    pub fn back_to_lesson(self) {
        if self.branch.get_untracked() != Timeline::TRUNK {
            self.beside.set(Timeline::TRUNK);
            self.comparing.set(false);
            self.playback.selected.set(None);
            self.show(Timeline::TRUNK, &self.lesson(), self.left_at.get_value());
        }
    }

    /// Another script takes the lesson's place, and is shown at its end; what was forked from the lesson is gone.
    pub fn begin_anew(self, script: &Script) {
        let timeline = Timeline::new(script);
        let run = Arc::clone(timeline.run(Timeline::TRUNK));
        self.timeline.set_value(timeline);
        self.show(Timeline::TRUNK, &run, Moment(usize::MAX));
    }

    /// Plays another script beside the lesson; says what of it was not understood, and plays the rest.
    pub fn play_text(self, text: &str) -> Vec<Problem> {
        let parsed = Script::parse(text);
        self.play_script(&parsed.script, self.playback.moment().get_untracked());
        parsed.problems
    }

    /// Opens another script beside the lesson and stands at its `mark here`, or at its end; or plays to its end from
    /// `mark show` on.
    pub fn open(self, script: &str, plays: bool) -> BranchId {
        let end = Moment(usize::MAX);
        let script = Script::parse(script).script;
        let run = self.play_script(&script, end);
        let branch = self.branch.get_untracked();
        self.beside.set(branch);
        let at = |mark| run.as_ref().and_then(|run| run.moment_of_mark(mark)).map(Moment);
        if plays {
            self.playback.seek(at(PracticeText::SHOW).unwrap_or(Moment::START));
            self.playback.play_until(end);
        } else if let Some(here) = at(ChallengeText::HERE) {
            self.playback.seek(here);
        }
        branch
    }

    /// The text of a link to a run that has come to the moment that is shown, with nothing after it.
    #[must_use]
    pub fn link_to_here(self) -> String {
        let (script, moment) = untrack(|| self.run()).script_to(self.playback.moment().get_untracked().0);
        link::write(&Run::play(&script), moment)
    }

    /// Plays what a link holds beside the lesson, and stands at its moment; says what is wrong with the link.
    pub fn play_link(self, text: &str) -> Vec<LinkNote> {
        let read = link::read(text);
        let mut notes: Vec<LinkNote> = read.problems.into_iter().map(LinkNote::Problem).collect();
        let Some(shared) = read.shared else { return notes };
        let run = match &shared.beside {
            Some(beside) => self.play_beside(&shared, beside),
            None => self.play_script(&shared.script, Moment(shared.moment)),
        };
        // Of a damaged link the run ends early: then another world says nothing of the engine.
        if let Some(run) = run.filter(|_| notes.is_empty()) {
            notes.extend(shared.differs(&run).map(LinkNote::OtherEngine));
        }
        notes
    }

    /// Plays a run and the one that it is compared with, and shows both; the lesson itself, if that is the one.
    fn play_beside(self, shared: &Shared, beside: &SharedBeside) -> Option<Arc<Run>> {
        self.leave_lesson();
        let (from, branch, run) = self.timeline.try_update_value(|timeline| {
            let lesson = timeline.run(Timeline::TRUNK).script();
            let other = &beside.shared.script;
            let is_lesson = other.seed == lesson.seed && other.commands().eq(lesson.commands());
            let from = if is_lesson { Timeline::TRUNK } else { timeline.add(other) };
            let branch = match beside.parted {
                Some(parted) => timeline.add_fork(from, parted, &shared.script),
                None => timeline.add(&shared.script),
            };
            (from, branch, Arc::clone(timeline.run(branch)))
        })?;
        self.beside.set(from);
        self.show(branch, &run, Moment(shared.moment));
        self.beside_begins.set_value(Some(Moment(beside.shared.moment)));
        self.comparing.set(true);
        Some(run)
    }

    /// The text of a link to the moment that is shown, with the run that it is compared with, if there is one.
    #[must_use]
    pub fn link(self) -> String {
        untrack(|| {
            let (run, moment) = (self.run(), self.playback.moment().get().0);
            let Some(beside) = self.compared_with() else { return link::write(&run, moment) };
            let parted = self.forked_at().filter(|_| self.root() == self.beside.get());
            let at = At { run: &beside, moment: compare::moment_beside(self, &beside, &run).0 };
            link::write_beside(At { run: &run, moment }, at, parted.map(|parted| parted.0))
        })
    }

    fn play_script(self, script: &Script, moment: Moment) -> Option<Arc<Run>> {
        self.leave_lesson();
        self.playback.selected.set(None);
        self.beside.set(Timeline::TRUNK);
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
        self.act_ends.set_value(None);
        self.playback.load(reel_of(run), moment);
    }

    /// The run that the shown one is compared with: the lesson, or what was opened beside it for the learner to act in.
    /// None if it is what is shown.
    #[must_use]
    pub fn compared_with(self) -> Option<Arc<Run>> {
        let beside = self.beside.get();
        (beside != self.branch.get()).then(|| self.run_of(beside))
    }

    /// The event that the drawer speaks of: the chosen one, or the last that the eye saw.
    #[must_use]
    pub fn event(self) -> Option<Arc<Event>> {
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

/// Whether the command does something, and does not only let time pass.
fn is_act(command: &Command) -> bool {
    !matches!(command, Command::Wait { .. } | Command::Step { .. } | Command::Mark { .. })
}
