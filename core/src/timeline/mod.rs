//! Time as a place: runs that can be sought, forked and compared.

mod difference;
mod pair;
mod run;

pub use difference::{Difference, differences, first_difference};
pub use pair::{Pair, Side, Sides, Step};
pub use run::{EVENTS_MOST, Moment, Performed, Run, Walk};

use crate::command::{Command, Script};
use std::sync::Arc;

/// A branch of a timeline; 0 is the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BranchId(pub u32);

/// A run and where it parted from another.
#[derive(Clone, Debug)]
pub struct Branch {
    pub run: Arc<Run>,
    /// The branch it was forked from, and the moment.
    pub parent: Option<(BranchId, Moment)>,
}

/// A tree of runs. Nothing in it is ever changed: acting makes a new branch.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// Never empty.
    branches: Vec<Branch>,
}

impl Timeline {
    #[must_use]
    pub fn new(script: &Script) -> Self {
        Timeline { branches: vec![Branch { run: Arc::new(Run::play(script)), parent: None }] }
    }

    /// The run that everything was forked from.
    pub const TRUNK: BranchId = BranchId(0);

    /// The branch, or the trunk if there is no such branch.
    #[must_use]
    pub fn branch(&self, id: BranchId) -> &Branch {
        let index = usize::try_from(id.0).unwrap_or(0);
        self.branches.get(index).or(self.branches.first()).expect("a timeline is never empty")
    }

    #[must_use]
    pub fn run(&self, id: BranchId) -> &Arc<Run> {
        &self.branch(id).run
    }

    #[must_use]
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// A new branch: as `from` up to `moment` (or to the end of the handler that it lies in), then these commands,
    /// then what was still to come in `from`. Says the branch and the moment at which the commands begin.
    pub fn fork(&mut self, from: BranchId, moment: Moment, commands: &[Command]) -> (BranchId, Moment) {
        let parent = Arc::clone(self.run(from));
        let (script, parted) = parent.forked_script(moment, commands);
        let run = Arc::new(Run::play(&script));
        let id = BranchId(u32::try_from(self.branches.len()).unwrap_or(u32::MAX));
        self.branches.push(Branch { run, parent: Some((from, parted)) });
        (id, parted)
    }

    /// A branch that comes from no other: a script of the learner's own.
    pub fn add(&mut self, script: &Script) -> BranchId {
        let id = BranchId(u32::try_from(self.branches.len()).unwrap_or(u32::MAX));
        self.branches.push(Branch { run: Arc::new(Run::play(script)), parent: None });
        id
    }

    /// A branch that was forked elsewhere: `script` parted from `from` at this moment, or where the shorter run ends.
    pub fn add_fork(&mut self, from: BranchId, moment: Moment, script: &Script) -> BranchId {
        let id = self.add(script);
        let longest = self.run(from).len().min(self.run(id).len());
        if let Some(branch) = self.branches.last_mut() {
            branch.parent = Some((from, moment.min(longest)));
        }
        id
    }

    /// Where two branches first differ, by subject.
    #[must_use]
    pub fn first_difference(&self, left: BranchId, right: BranchId) -> Option<Difference> {
        first_difference(self.run(left), self.run(right))
    }
}
