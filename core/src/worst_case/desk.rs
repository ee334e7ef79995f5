//! Where a question is put, and answered piece by piece. It knows no thread and no clock: whoever has them calls
//! [`Desk::work`] until it is done.

use super::answer::{Answer, Ask, Looked, Met, Outcome, Reply, Request, RowTold, StopTold, Told, Turned, Verdict};
use super::asked::Asked;
use super::hindsight::Hindsight;
use super::run;
use crate::checker::durability::matrix::{self, CELLS, Filling, Loss};
use crate::checker::durability::{
    Action, Harm, Inquiry, Otherwise, Question, Record, State, Stopping, in_causal_order, parting,
};

/// A search ends when its states take more memory than this: a browser gives a page a few times as much.
pub const BYTES_MOST: usize = 384 << 20;

/// The question that is being answered.
#[derive(Debug)]
pub struct Desk {
    id: u32,
    bytes_most: usize,
    work: Work,
}

impl Default for Desk {
    fn default() -> Self {
        Desk { id: 0, bytes_most: BYTES_MOST, work: Work::Nothing }
    }
}

/// What is to be done next.
#[derive(Debug, Default)]
enum Work {
    #[default]
    Nothing,
    Search(Asked, Inquiry),
    /// A run is found: from where on is there no way back? Then the verdict is given.
    Hindsight(Box<Verdict>, Box<Hindsight>, Box<Case>),
    /// After the verdict: can it be brought to stand still?
    Stop(Box<Stopping>, Box<Case>),
    /// What would have been otherwise, the next one last.
    Otherwise {
        case: Box<Case>,
        rest: Vec<Otherwise>,
        now: Option<(Otherwise, Inquiry)>,
    },
    /// Rows of the matrix, the next one last.
    Matrix {
        rows: Vec<u32>,
        now: Option<(u32, Box<Filling>)>,
    },
}

/// A question that has its verdict.
#[derive(Debug)]
struct Case {
    asked: Asked,
    question: Question,
    /// The run, if there is one, and how many faults it has.
    found: Option<(u8, Vec<(Action, State)>)>,
}

impl Desk {
    #[must_use]
    pub fn new() -> Desk {
        Desk::default()
    }

    /// A desk whose searches end when they take more memory than this.
    #[must_use]
    pub fn with_bytes_most(bytes_most: usize) -> Desk {
        Desk { bytes_most, ..Desk::default() }
    }

    /// Takes a request. What can be answered at once is.
    pub fn ask(&mut self, Request { id, ask }: Request) -> Vec<Reply> {
        match ask {
            Ask::Search(pairs) => {
                self.id = id;
                let (asked, _) = Asked::read(&pairs, &Asked::default());
                // Its knobs go together.
                let inquiry = asked.question().and_then(|question| Inquiry::new(question, asked.harm)).ok();
                self.work = inquiry.map_or(Work::Nothing, |inquiry| Work::Search(asked, inquiry));
                Vec::new()
            }
            Ask::Matrix(mut rows) => {
                self.id = id;
                rows.reverse();
                self.work = Work::Matrix { rows, now: None };
                Vec::new()
            }
            Ask::Cancel => self.cancel(),
        }
    }

    /// Whether there is something to do.
    #[must_use]
    pub fn is_working(&self) -> bool {
        !matches!(self.work, Work::Nothing)
    }

    /// How far the search is that is under way, if one is.
    #[must_use]
    pub fn progress(&self) -> Option<Reply> {
        let looked = match &self.work {
            Work::Search(_, inquiry) => looked(inquiry),
            Work::Hindsight(verdict, ..) => verdict.looked,
            Work::Matrix { now: Some((_, filling)), .. } => looked(filling.inquiry()),
            Work::Nothing | Work::Stop(..) | Work::Otherwise { .. } | Work::Matrix { now: None, .. } => return None,
        };
        Some(self.reply(Answer::Looking(looked)))
    }

    /// Looks at so many states at most; says what has come of it.
    pub fn work(&mut self, states: usize) -> Vec<Reply> {
        match std::mem::take(&mut self.work) {
            Work::Nothing => Vec::new(),
            Work::Search(asked, inquiry) => self.search(asked, inquiry, states),
            Work::Hindsight(verdict, hindsight, case) => self.look_back(verdict, hindsight, case, states),
            Work::Stop(stopping, case) => self.stop(stopping, case, states),
            Work::Otherwise { case, rest, now } => self.otherwise(case, rest, now, states),
            Work::Matrix { rows, now } => self.row(rows, now, states),
        }
    }

    fn reply(&self, answer: Answer) -> Reply {
        Reply { id: self.id, answer }
    }

    fn search(&mut self, asked: Asked, mut inquiry: Inquiry, states: usize) -> Vec<Reply> {
        let Some(outcome) = self.outcome(&mut inquiry, states) else {
            self.work = Work::Search(asked, inquiry);
            return Vec::new();
        };
        let question = inquiry.question().clone();
        let found = inquiry.found(asked.harm).map(|found| {
            let run = in_causal_order(&question, &inquiry.run_to(found));
            (found.cost.faults, run)
        });
        let run = found.as_ref().map(|(_, run)| run.as_slice());
        let record = run.and_then(|run| harmed(run, asked.harm));
        let told = run.map(|run| run::told(&question, run, record));
        let verdict = Box::new(Verdict { run: told, ..verdict(&inquiry, outcome) });
        let hindsight = run.zip(record).and_then(|(run, record)| Hindsight::new(&question, run, record));
        let case = Box::new(Case { asked, question, found });
        match hindsight.map(Box::new) {
            Some(hindsight) => {
                self.work = Work::Hindsight(verdict, hindsight, case);
                Vec::new()
            }
            None => self.give_verdict(verdict, case),
        }
    }

    fn look_back(
        &mut self,
        mut verdict: Box<Verdict>,
        mut hindsight: Box<Hindsight>,
        case: Box<Case>,
        states: usize,
    ) -> Vec<Reply> {
        if hindsight.advance(states) {
            self.work = Work::Hindsight(verdict, hindsight, case);
            return Vec::new();
        }
        if let Some(run) = &mut verdict.run {
            run.no_return = hindsight.no_return().map(|step| step as u64);
        }
        self.give_verdict(verdict, case)
    }

    fn give_verdict(&mut self, verdict: Box<Verdict>, case: Box<Case>) -> Vec<Reply> {
        self.work = Work::Stop(Box::new(Stopping::new(&case.question)), case);
        vec![self.reply(Answer::Verdict(verdict))]
    }

    fn stop(&mut self, mut stopping: Box<Stopping>, case: Box<Case>, states: usize) -> Vec<Reply> {
        if stopping.advance(states) {
            self.work = Work::Stop(stopping, case);
            return Vec::new();
        }
        let stop = stopping.stop().map(|stop| {
            let run = run::told(&case.question, &stop.run, None);
            let (faults, steps) = (stop.cost.faults, stop.cost.steps);
            Box::new(StopTold { faults, steps, is_leaderless: stop.is_leaderless, run })
        });
        let mut replies = vec![self.reply(Answer::Stop(stop))];
        match &case.found {
            Some((_, run)) => {
                let mut rest = Otherwise::of(&case.question, run);
                rest.reverse();
                self.work = Work::Otherwise { case, rest, now: None };
            }
            None => replies.push(self.reply(Answer::Done)),
        }
        replies
    }

    fn otherwise(
        &mut self,
        case: Box<Case>,
        mut rest: Vec<Otherwise>,
        now: Option<(Otherwise, Inquiry)>,
        states: usize,
    ) -> Vec<Reply> {
        let Some((otherwise, mut inquiry)) = now.or_else(|| case.next(&mut rest)) else {
            return vec![self.reply(Answer::Done)];
        };
        let Some(outcome) = self.outcome(&mut inquiry, states) else {
            self.work = Work::Otherwise { case, rest, now: Some((otherwise, inquiry)) };
            return Vec::new();
        };
        let turned = case.turned(otherwise, &inquiry, outcome);
        self.work = Work::Otherwise { case, rest, now: None };
        vec![self.reply(Answer::Turned(turned))]
    }

    fn row(&mut self, mut rows: Vec<u32>, now: Option<(u32, Box<Filling>)>, states: usize) -> Vec<Reply> {
        let Some((row, mut filling)) = now.or_else(|| next_row(&mut rows)) else {
            return vec![self.reply(Answer::Done)];
        };
        if filling.advance(states) {
            if filling.inquiry().bytes() > self.bytes_most {
                filling.give_up();
            }
            self.work = Work::Matrix { rows, now: Some((row, filling)) };
            return Vec::new();
        }
        self.work = Work::Matrix { rows, now: None };
        vec![self.reply(Answer::Row(self.row_told(row, &filling)))]
    }

    /// A row that is filled, or that has taken all the memory there is.
    fn row_told(&self, row: u32, filling: &Filling) -> RowTold {
        let loss = match filling.row().map(|row| row.cells[CELLS - 1].loss) {
            Some(Loss::Loses(cost)) => Outcome::Found { faults: cost.faults, steps: cost.steps },
            Some(Loss::NotFound { .. }) => Outcome::NotFound,
            None => self.memory_full(),
        };
        let levels = filling.inquiry().levels();
        let looked_at = levels.iter().map(|steps| steps.iter().sum::<usize>() as u64).collect();
        RowTold { row, loss, looked_at, stop: filling.stop().map(|stop| (stop.cost.faults, stop.cost.steps)) }
    }

    fn cancel(&mut self) -> Vec<Reply> {
        let verdict = match std::mem::take(&mut self.work) {
            Work::Nothing => return Vec::new(),
            Work::Search(_, inquiry) => Some(Box::new(verdict(&inquiry, Outcome::Cancelled))),
            Work::Hindsight(verdict, ..) => Some(verdict),
            Work::Stop(..) | Work::Otherwise { .. } | Work::Matrix { .. } => None,
        };
        verdict.map(Answer::Verdict).into_iter().chain([Answer::Done]).map(|answer| self.reply(answer)).collect()
    }

    /// Looks at more states. Says how it came out, once it has.
    fn outcome(&self, inquiry: &mut Inquiry, states: usize) -> Option<Outcome> {
        let goes_on = inquiry.advance(states);
        if let Some(found) = inquiry.found(inquiry.wanted()) {
            return Some(Outcome::Found { faults: found.cost.faults, steps: found.cost.steps });
        }
        if !goes_on {
            return Some(Outcome::NotFound);
        }
        (inquiry.bytes() > self.bytes_most).then(|| self.memory_full())
    }

    fn memory_full(&self) -> Outcome {
        Outcome::MemoryFull { bytes_most: self.bytes_most as u64 }
    }
}

impl Case {
    /// The next question that can be asked.
    fn next(&self, rest: &mut Vec<Otherwise>) -> Option<(Otherwise, Inquiry)> {
        let (faults, _) = self.found.as_ref()?;
        let otherwise = rest.pop()?;
        let question = otherwise.question(&self.question, *faults).ok()?;
        Some((otherwise, Inquiry::new(question, self.asked.harm).ok()?))
    }

    fn turned(&self, otherwise: Otherwise, inquiry: &Inquiry, outcome: Outcome) -> Turned {
        let (says, states) = (otherwise.to_string(), inquiry.states() as u64);
        let is_turn = matches!(otherwise, Otherwise::Turned(_));
        // The run has the fault that is left out: that one can't happen then, and no guard is asked.
        let is_saved = is_turn && outcome == Outcome::NotFound;
        let run = self.found.as_ref().filter(|_| is_saved).map(|(_, run)| run);
        let parting = run.and_then(|run| parting(&self.question, inquiry.question(), run));
        let no = parting.map(|parting| Told { step: parting.step as u64, says: parting.to_string() });
        Turned { is_turn, says, asked: self.asked.otherwise(otherwise).pairs(), outcome, states, no }
    }
}

/// The next row that there is.
fn next_row(rows: &mut Vec<u32>) -> Option<(u32, Box<Filling>)> {
    let all = matrix::rows();
    loop {
        let row = rows.pop()?;
        let knobs = usize::try_from(row).ok().and_then(|row| all.get(row));
        if let Some(filling) = knobs.and_then(|knobs| Filling::new(*knobs).ok()) {
            return Some((row, Box::new(filling)));
        }
    }
}

fn looked(inquiry: &Inquiry) -> Looked {
    let cost = inquiry.cost();
    Looked {
        states: inquiry.states() as u64,
        waiting: inquiry.waiting() as u64,
        faults: cost.faults,
        steps: cost.steps,
        bytes: inquiry.bytes() as u64,
    }
}

/// The record that the harm is done to, where it is done to one.
fn harmed(run: &[(Action, State)], harm: Harm) -> Option<Record> {
    let harms = run.last().map(|(_, end)| end.harms())?;
    match harm {
        Harm::Lost => harms.lost,
        Harm::Gone => harms.gone,
        Harm::Diverged => None,
    }
}

/// The verdict but for the run.
fn verdict(inquiry: &Inquiry, outcome: Outcome) -> Verdict {
    let wanted = inquiry.wanted();
    let others = Harm::ALL.into_iter().filter(|harm| *harm != wanted).filter_map(|harm| inquiry.found(harm));
    let met =
        others.map(|found| Met { harm: found.harm.to_string(), faults: found.cost.faults, steps: found.cost.steps });
    let levels = inquiry.levels().iter().map(|level| level.iter().map(|states| *states as u64).collect());
    Verdict {
        outcome,
        harm: wanted.word().to_owned(),
        looked: looked(inquiry),
        levels: levels.collect(),
        met: met.collect(),
        run: None,
    }
}
