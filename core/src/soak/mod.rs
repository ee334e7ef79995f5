//! Runs full of faults, each step of which is checked: what the lab promises, held against what the world does.
//!
//! A seed names a run. Half of the runs keep every premise; each other one gives up a premise, to see it named.

mod faults;
mod plan;
mod shorten;

pub use shorten::{shorten, still_violates};

use crate::command::{Command, Script};
use crate::event::EventKind;
use crate::sample::Draws;
use crate::world::{Premise, Premises, Property, Recording, Violation, Watch, World};
use plan::Plan;

/// A run that was checked to its end, or to the first broken promise.
#[derive(Clone, Debug)]
pub struct Soaked {
    pub seed: u64,
    /// Handlers that ran, each checked.
    pub steps: u32,
    pub script: Script,
    pub reached: Reached,
    /// What did not hold, the first of each property.
    pub found: Vec<Found>,
}

/// How much happened in runs: a run in which nothing happens proves nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    /// Times that a broker took the lead.
    pub leaders: u64,
    pub appended: u64,
    pub acknowledged: u64,
    pub read: u64,
    /// Times that a replica dropped records.
    pub truncated: u64,
    pub isr_changes: u64,
    pub crashes: u64,
    /// Times that a controller was elected by a quorum and became active.
    pub controllers: u64,
}

impl Reached {
    fn count(&mut self, kind: &EventKind) {
        match kind {
            EventKind::BecameLeader { .. } => self.leaders += 1,
            EventKind::BatchAppended { .. } => self.appended += 1,
            EventKind::Acknowledged { .. } => self.acknowledged += 1,
            EventKind::RecordsRead { .. } => self.read += 1,
            EventKind::LogTruncated { .. } => self.truncated += 1,
            EventKind::IsrCommitted { .. } => self.isr_changes += 1,
            EventKind::Crashed { .. } => self.crashes += 1,
            EventKind::ControllerActivated { .. } => self.controllers += 1,
            _ => {}
        }
    }

    fn add(&mut self, other: &Reached) {
        self.leaders += other.leaders;
        self.appended += other.appended;
        self.acknowledged += other.acknowledged;
        self.read += other.read;
        self.truncated += other.truncated;
        self.isr_changes += other.isr_changes;
        self.crashes += other.crashes;
        self.controllers += other.controllers;
    }
}

/// Something that did not hold in a run.
#[derive(Clone, Debug)]
pub struct Found {
    pub violation: Violation,
    /// After so many steps.
    pub step: u32,
    /// The premises it rests on that the run had given up. Empty: a promise is broken.
    pub because: Vec<Premise>,
    /// Everything that the run had given up by then.
    pub given_up: Premises,
}

impl Soaked {
    /// What broke although nothing was given up that it rests on.
    #[must_use]
    pub fn broken(&self) -> Option<&Found> {
        self.found.iter().find(|found| found.because.is_empty())
    }
}

/// Makes up the run of this seed, plays it for about so many steps, and checks the world after each.
#[must_use]
pub fn soak(seed: u64, steps: u32) -> Soaked {
    let mut draws = Draws::new(seed);
    let plan = Plan::drawn(&mut draws);
    let mut judged = Judged::new(seed);
    for command in plan.set_up(&mut draws) {
        judged.perform(command);
    }
    // A cluster that lies in ruins refuses nearly everything.
    let commands_most = steps.saturating_mul(10);
    let mut commands = 0;
    while judged.soaked.steps < steps && commands < commands_most && judged.soaked.broken().is_none() {
        commands += 1;
        let command = plan.next(&mut draws, &judged.world);
        judged.perform(command);
    }
    judged.soaked
}

/// Plays a script and checks the world after each of its steps.
#[must_use]
pub fn judge(script: &Script) -> Soaked {
    let mut judged = Judged::new(script.seed);
    for command in script.commands() {
        judged.perform(command.clone());
    }
    judged.soaked
}

/// A world under watch.
struct Judged {
    world: World,
    recording: Recording,
    watch: Watch,
    soaked: Soaked,
}

impl Judged {
    fn new(seed: u64) -> Self {
        let soaked = Soaked {
            seed,
            steps: 0,
            script: Script::of(seed, Vec::new()),
            reached: Reached::default(),
            found: Vec::new(),
        };
        let recording = Recording::at_most(usize::MAX);
        Judged { world: World::new(seed), recording, watch: Watch::default(), soaked }
    }

    /// A command of several steps is checked after each, by taking it apart.
    fn perform(&mut self, command: Command) {
        match command {
            Command::Step { count } => (0..count).for_each(|_| self.perform_one(&Command::Step { count: 1 })),
            Command::Wait { ms } => self.wait(ms),
            ref one => self.perform_one(one),
        }
        self.soaked.script.push(command);
    }

    fn wait(&mut self, ms: u32) {
        let until = self.world.tick.plus_ms(i64::from(ms));
        while self.world.next_due_at().is_some_and(|at| at <= until) {
            self.perform_one(&Command::Step { count: 1 });
        }
        let left = u32::try_from(until.0 - self.world.tick.0).unwrap_or(0);
        self.perform_one(&Command::Wait { ms: left });
    }

    fn perform_one(&mut self, command: &Command) {
        self.recording.forget();
        self.world.perform(command, &mut self.recording);
        let events = &self.recording.events;
        // What was refused is no step.
        if !matches!(events.last().map(|event| &event.kind), Some(EventKind::Refused(_))) {
            self.soaked.steps += u32::try_from(self.recording.steps.len()).unwrap_or(u32::MAX);
        }
        events.iter().for_each(|event| self.soaked.reached.count(&event.kind));
        for violation in self.watch.after_step(&self.world, &self.recording.events) {
            self.note(violation);
        }
    }

    fn note(&mut self, violation: Violation) {
        let given_up = self.world.ledger.given_up;
        let because = violation.because(given_up);
        let known =
            |found: &Found| found.violation.of() == violation.of() && found.because.is_empty() == because.is_empty();
        if !self.soaked.found.iter().any(known) {
            let step = self.soaked.steps;
            self.soaked.found.push(Found { violation, step, because, given_up });
        }
    }
}

/// How often a property was violated with the same premises given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    pub property: Property,
    pub because: Vec<Premise>,
    pub runs: u64,
    /// The first run in which it was.
    pub seed: u64,
}

/// What many runs came to.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub runs: u64,
    pub steps: u64,
    pub reached: Reached,
    /// By property and premises.
    pub counts: Vec<Count>,
}

impl Tally {
    pub fn add(&mut self, run: &Soaked) {
        self.runs += 1;
        self.steps += u64::from(run.steps);
        self.reached.add(&run.reached);
        for found in &run.found {
            let key = (found.violation.of(), found.because.as_slice());
            match self.counts.binary_search_by(|count| (count.property, count.because.as_slice()).cmp(&key)) {
                Ok(at) => self.counts.iter_mut().skip(at).take(1).for_each(|count| count.runs += 1),
                Err(at) => {
                    let (property, because) = (found.violation.of(), found.because.clone());
                    self.counts.insert(at, Count { property, because, runs: 1, seed: run.seed });
                }
            }
        }
    }
}
