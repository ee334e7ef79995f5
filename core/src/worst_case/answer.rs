//! What is asked of a [`Desk`](super::Desk), and what it says: plain data, which may cross from thread to thread.

/// A request with its number: every answer to it carries that.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Request {
    pub id: u32,
    pub ask: Ask,
}

/// What can be asked. A later request takes the place of an earlier one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Ask {
    /// Search, as [`super::Asked`] writes the question. Answered with [`Answer::Looking`] now and then,
    /// [`Answer::Verdict`], [`Answer::Stop`], if there is a run an [`Answer::Turned`] for each knob and for each kind
    /// of fault in it, [`Answer::Done`].
    Search(Vec<(String, String)>),
    /// These rows of the matrix ([`super::rows`], from 0 on), in this order. Answered with an [`Answer::Row`] for each,
    /// and [`Answer::Done`].
    Matrix(Vec<u32>),
    /// Go no further. A search that is under way is answered with what it has seen.
    Cancel,
}

/// An answer, with the number of the request that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Reply {
    pub id: u32,
    pub answer: Answer,
}

#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Answer {
    /// How far a search is.
    Looking(Looked),
    Verdict(Box<Verdict>),
    /// Whether the partition can be brought to stand still within the same number of faults, and how.
    Stop(Option<Box<StopTold>>),
    /// The same question with one knob turned, or without one kind of fault.
    Turned(Turned),
    /// A row of the matrix.
    Row(RowTold),
    /// Nothing more is said to this request.
    Done,
}

/// What a search has seen so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Looked {
    /// Distinct states that were found.
    pub states: u64,
    /// Of those, how many nobody has looked at.
    pub waiting: u64,
    /// What the states cost that are looked at now.
    pub faults: u8,
    pub steps: u8,
    pub bytes: u64,
}

/// How a search came out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Outcome {
    /// The harm is done by this run, and by none that is cheaper.
    Found { faults: u8, steps: u8 },
    /// All states within the bounds were looked at.
    NotFound,
    /// It was told to go no further.
    Cancelled,
    /// It took as much memory as it may.
    MemoryFull { bytes_most: u64 },
}

/// What is said of a search that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Verdict {
    pub outcome: Outcome,
    /// The word of the harm that was looked for.
    pub harm: String,
    pub looked: Looked,
    /// How many states were looked at, by faults, then by steps.
    pub levels: Vec<Vec<u64>>,
    /// Other harms that were met before.
    pub met: Vec<Met>,
    pub run: Option<RunTold>,
}

impl Verdict {
    /// How many states were looked at.
    #[must_use]
    pub fn looked_at(&self) -> u64 {
        self.levels.iter().flatten().sum()
    }
}

/// Another harm than the one that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Met {
    /// What it is, in words.
    pub harm: String,
    pub faults: u8,
    pub steps: u8,
}

/// A run, step by step, in causal order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RunTold {
    pub steps: Vec<StepTold>,
    /// The record that the harm is done to.
    pub record: Option<u8>,
    /// The first step after which nothing but another fault brings back a leader that has the record, from 0 on.
    pub no_return: Option<u64>,
    /// The run as a script that a world has played to the same end; none where a world does not play it.
    pub script: Option<String>,
}

/// One step of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StepTold {
    pub says: String,
    /// It costs a fault: something breaks, or an operator acts.
    pub is_fault: bool,
    /// A producer is told that its record is safe.
    pub acknowledges: bool,
}

/// How a partition comes to stand still.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StopTold {
    pub faults: u8,
    pub steps: u8,
    /// Nobody leads, nor can be elected; else somebody leads, and acknowledges nothing.
    pub is_leaderless: bool,
    pub run: RunTold,
}

/// A row of the matrix: what its settings lose, and when they stop, for every number of faults.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RowTold {
    pub row: u32,
    /// The cheapest loss; what costs fewer faults loses nothing.
    pub loss: Outcome,
    /// How many states were looked at that cost so many faults: none, one, …
    pub looked_at: Vec<u64>,
    /// The fewest faults, and steps with them, after which nothing is acknowledged any more; none within the bounds.
    pub stop: Option<(u8, u8)>,
}

/// What one knob, turned alone, would have changed, or if one kind of fault did not happen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Turned {
    /// A knob is turned; else a kind of fault is left out.
    pub is_turn: bool,
    /// The knob and where it is turned to, or the fault, in words.
    pub says: String,
    /// The question that is otherwise, as [`super::Asked`] writes it.
    pub asked: Vec<(String, String)>,
    /// Within as many faults as the run has: the harm, not the harm, or not known.
    pub outcome: Outcome,
    pub states: u64,
    /// Where a turned knob saves the record: the step of the run that can't be done then, or comes out otherwise.
    pub no: Option<Told>,
}

/// What is said of a step of a run: the words behind "at step 3".
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Told {
    /// From 0 on.
    pub step: u64,
    pub says: String,
}
