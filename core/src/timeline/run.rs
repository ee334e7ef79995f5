//! One run: its events, and every world on the way.

use crate::command::{Command, Script, ScriptLine};
use crate::event::Event;
use crate::world::{Recording, SNAPSHOT_EVERY, World};
use std::sync::Arc;

/// A place in a run: how many events have happened. 0 is before the first.
pub type Moment = usize;

/// No run grows beyond this many events; a script that asks for more is cut, and the run says so.
pub const EVENTS_MOST: usize = 200_000;

/// A command and when it was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Performed {
    pub line: ScriptLine,
    /// The moment just before it.
    pub from: Moment,
    /// The moment at which it was done.
    pub to: Moment,
}

/// A script, played to its end.
#[derive(Clone, Debug)]
pub struct Run {
    seed: u64,
    recording: Recording,
    performed: Vec<Performed>,
    end: World,
}

impl Run {
    /// Plays a script from nothing. The same script gives the same run, everywhere.
    #[must_use]
    pub fn play(script: &Script) -> Self {
        Run::play_at_most(script, EVENTS_MOST)
    }

    /// As [`Run::play`], with another bound on the number of events.
    #[must_use]
    pub fn play_at_most(script: &Script, events_most: usize) -> Self {
        let world = World::new(script.seed);
        let snapshots = vec![world.clone()];
        let recording = Recording { events: Vec::new(), steps: Vec::new(), events_most, snapshots };
        let mut run = Run { seed: script.seed, recording, performed: Vec::new(), end: world };
        for line in &script.lines {
            if run.is_cut() {
                break;
            }
            run.perform(line.clone());
        }
        run
    }

    fn perform(&mut self, line: ScriptLine) {
        let from = self.len();
        self.end.perform(&line.command, &mut self.recording);
        self.performed.push(Performed { line, from, to: self.len() });
    }

    /// The number of events.
    #[must_use]
    pub fn len(&self) -> usize {
        self.recording.events.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.recording.events.is_empty()
    }

    /// Whether the script asked for more events than a run may have.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.len() >= self.recording.events_most
    }

    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    #[must_use]
    pub fn events(&self) -> &[Arc<Event>] {
        &self.recording.events
    }

    /// The event that happened as the `index + 1`st.
    #[must_use]
    pub fn event(&self, index: usize) -> Option<&Arc<Event>> {
        self.recording.events.get(index)
    }

    #[must_use]
    pub fn performed(&self) -> &[Performed] {
        &self.performed
    }

    /// The world at the end.
    #[must_use]
    pub fn end(&self) -> &World {
        &self.end
    }

    /// The world after the first `moment` events: the snapshot before it, and the events from there.
    #[must_use]
    pub fn world_at(&self, moment: Moment) -> World {
        let moment = moment.min(self.len());
        let nearest = moment / SNAPSHOT_EVERY;
        let mut world = self.recording.snapshots.get(nearest).unwrap_or(&self.end).clone();
        for event in self.events().iter().take(moment).skip(nearest * SNAPSHOT_EVERY) {
            world.apply_event(event);
        }
        world
    }

    /// The moment that a `mark` names.
    #[must_use]
    pub fn moment_of_mark(&self, name: &str) -> Option<Moment> {
        let is_it = |performed: &&Performed| matches!(&performed.line.command, Command::Mark { name: n } if n == name);
        self.performed.iter().find(is_it).map(|performed| performed.to)
    }

    /// The command that was at work just before this moment.
    #[must_use]
    pub fn performed_at(&self, moment: Moment) -> Option<&Performed> {
        let after = self.performed.partition_point(|performed| performed.from < moment);
        after.checked_sub(1).and_then(|index| self.performed.get(index))
    }

    /// The script that this run was played from.
    #[must_use]
    pub fn script(&self) -> Script {
        Script { seed: self.seed, lines: self.performed.iter().map(|performed| performed.line.clone()).collect() }
    }

    /// The first moment at or after `moment` that lies between two handlers.
    #[must_use]
    pub fn next_boundary(&self, moment: Moment) -> Moment {
        if moment == 0 {
            return 0;
        }
        let steps = &self.recording.steps;
        let at = steps.partition_point(|step| usize::try_from(*step).unwrap_or(usize::MAX) < moment);
        steps.get(at).and_then(|step| usize::try_from(*step).ok()).unwrap_or(self.len())
    }

    /// The script of a run that is as this one up to `moment`, then does `commands`, then what this one still did;
    /// and the moment where the two part. A wait that is under way is split in two.
    #[must_use]
    pub fn forked_script(&self, moment: Moment, commands: &[Command]) -> (Script, Moment) {
        let (mut lines, rest, parted) = self.cut(moment);
        lines.extend(commands.iter().cloned().map(own));
        lines.extend(rest);
        (Script { seed: self.seed, lines }, parted)
    }

    /// The script of what had been done at `moment`, or at the end of the handler that it lies in; and that moment.
    #[must_use]
    pub fn script_to(&self, moment: Moment) -> (Script, Moment) {
        let (lines, _, parted) = self.cut(moment);
        (Script { seed: self.seed, lines }, parted)
    }

    /// What had been done at the end of the handler that `moment` lies in, and what was still to come.
    fn cut(&self, moment: Moment) -> (Vec<ScriptLine>, Vec<ScriptLine>, Moment) {
        let parted = self.next_boundary(moment.min(self.len()));
        let done = self.performed.iter().take_while(|performed| performed.to <= parted);
        let mut before: Vec<ScriptLine> = done.map(|performed| performed.line.clone()).collect();
        let mut rest = self.performed.iter().skip(before.len());
        let mut after = Vec::new();
        if let Some(performed) = rest.clone().next().filter(|performed| performed.from < parted) {
            rest.next();
            let (done, to_come) = self.split(performed, parted);
            before.push(own(done));
            after.extend(to_come.map(own));
        }
        after.extend(rest.map(|performed| performed.line.clone()));
        (before, after, parted)
    }

    /// A command that takes time, as what had been done of it at `moment` and what had not.
    fn split(&self, performed: &Performed, moment: Moment) -> (Command, Option<Command>) {
        let inside = |step: &&u32| usize::try_from(**step).is_ok_and(|step| step > performed.from && step <= moment);
        let steps = u32::try_from(self.recording.steps.iter().filter(inside).count()).unwrap_or(u32::MAX);
        let after = match performed.line.command {
            Command::Wait { ms } => {
                let elapsed = self.world_at(moment).tick.0 - self.world_at(performed.from).tick.0;
                let left = i64::from(ms) - elapsed;
                // Even nothing is waited for: what is due at this very tick has not happened yet.
                Some(Command::Wait { ms: u32::try_from(left).unwrap_or(0) })
            }
            Command::Step { count } => {
                Some(count.saturating_sub(steps)).filter(|count| *count > 0).map(|count| Command::Step { count })
            }
            _ => None,
        };
        (Command::Step { count: steps }, after)
    }
}

/// A place in a run that moves: what is played forwards costs the events in between, and nothing else.
#[derive(Clone, Debug)]
pub struct Walk {
    run: Arc<Run>,
    at: Moment,
    world: World,
}

impl Walk {
    /// At the start of a run.
    #[must_use]
    pub fn along(run: Arc<Run>) -> Self {
        let world = run.world_at(0);
        Walk { run, at: 0, world }
    }

    /// The world after the first `moment` events, as [`Run::world_at`] has it.
    pub fn to(&mut self, moment: Moment) -> &World {
        let moment = moment.min(self.run.len());
        let nearest_snapshot = moment / SNAPSHOT_EVERY * SNAPSHOT_EVERY;
        if self.at > moment || self.at < nearest_snapshot {
            self.world = self.run.world_at(moment);
        } else {
            self.run.events()[self.at..moment].iter().for_each(|event| self.world.apply_event(event));
        }
        self.at = moment;
        &self.world
    }
}

/// A command that no text gave.
fn own(command: Command) -> ScriptLine {
    ScriptLine { number: 0, command }
}
