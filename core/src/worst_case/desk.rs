//! Where a question is put, and answered piece by piece. It knows no thread and no clock: whoever has them calls
//! [`Desk::work`] until it is done.

use super::answer::{Answer, Ask, Looked, Met, Outcome, Reply, Request, RowTold, StopTold, Turned, Verdict};
use super::asked::Asked;
use super::run;
use crate::checker::durability::matrix::{self, CELLS, Filling, Loss};
use crate::checker::durability::{Bounds, Harm, Inquiry, Knobs, Question, Turn, in_causal_order, stop};

/// A search ends when its states take more memory than this: a browser gives a page a few times as much.
pub const BYTES_MOST: usize = 384 << 20;

/// The question that is being answered.
#[derive(Debug, Default)]
pub struct Desk {
    id: u32,
    work: Work,
}

/// What is to be done next.
#[derive(Debug, Default)]
enum Work {
    #[default]
    Nothing,
    Search(Inquiry),
    /// After the verdict: can it be brought to stand still? `found` are the faults of the run, if there is one.
    Stop {
        asked: Asked,
        question: Question,
        found: Option<u8>,
    },
    Turns {
        asked: Asked,
        faults: u8,
        turns: Vec<Turn>,
        now: Option<(Turn, Inquiry)>,
    },
    /// Rows of the matrix, the next one last.
    Matrix {
        rows: Vec<u32>,
        now: Option<(u32, Filling)>,
    },
}

impl Desk {
    #[must_use]
    pub fn new() -> Desk {
        Desk::default()
    }

    /// Takes a request. What can be answered at once is.
    pub fn ask(&mut self, Request { id, ask }: Request) -> Vec<Reply> {
        match ask {
            Ask::Search(pairs) => {
                self.id = id;
                let (asked, _) = Asked::read(&pairs, &Asked::default());
                self.work = inquiry(&asked.knobs, asked.harm).map_or(Work::Nothing, Work::Search);
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
        match &self.work {
            Work::Search(inquiry) => Some(self.reply(Answer::Looking(looked(inquiry)))),
            Work::Matrix { now: Some((_, filling)), .. } => {
                Some(self.reply(Answer::Looking(looked(filling.inquiry()))))
            }
            _ => None,
        }
    }

    /// Looks at so many states, or does the next thing that has no states; says what has come of it.
    pub fn work(&mut self, states: usize) -> Vec<Reply> {
        match std::mem::take(&mut self.work) {
            Work::Nothing => Vec::new(),
            Work::Search(inquiry) => self.search(inquiry, states),
            Work::Stop { asked, question, found } => self.stop(asked, &question, found),
            Work::Turns { asked, faults, turns, now } => self.turn(asked, faults, turns, now, states),
            Work::Matrix { rows, now } => self.row(rows, now, states),
        }
    }

    fn reply(&self, answer: Answer) -> Reply {
        Reply { id: self.id, answer }
    }

    fn search(&mut self, mut inquiry: Inquiry, states: usize) -> Vec<Reply> {
        let outcome = match state_of(&mut inquiry, states) {
            None => {
                self.work = Work::Search(inquiry);
                return Vec::new();
            }
            Some(outcome) => outcome,
        };
        let asked = Asked { knobs: *inquiry.question().knobs(), harm: inquiry.wanted() };
        let found = match outcome {
            Outcome::Found { faults, .. } => Some(faults),
            _ => None,
        };
        let verdict = self.reply(Answer::Verdict(Box::new(verdict(&inquiry, outcome))));
        self.work = Work::Stop { asked, question: inquiry.question().clone(), found };
        vec![verdict]
    }

    fn stop(&mut self, asked: Asked, question: &Question, found: Option<u8>) -> Vec<Reply> {
        let stop = stop(question).map(|stop| {
            let run = run::told(question, &stop.run, None);
            let (faults, steps) = (stop.cost.faults, stop.cost.steps);
            Box::new(StopTold { faults, steps, is_leaderless: stop.is_leaderless, run })
        });
        let mut replies = vec![self.reply(Answer::Stop(stop))];
        match found {
            Some(faults) => {
                let mut turns = Turn::of(&asked.knobs);
                turns.reverse();
                self.work = Work::Turns { asked, faults, turns, now: None };
            }
            None => replies.push(self.reply(Answer::Done)),
        }
        replies
    }

    fn turn(
        &mut self,
        asked: Asked,
        faults: u8,
        mut turns: Vec<Turn>,
        now: Option<(Turn, Inquiry)>,
        states: usize,
    ) -> Vec<Reply> {
        let Some((turn, mut inquiry)) = now.or_else(|| next_turn(&asked, faults, &mut turns)) else {
            return vec![self.reply(Answer::Done)];
        };
        let Some(outcome) = state_of(&mut inquiry, states) else {
            self.work = Work::Turns { asked, faults, turns, now: Some((turn, inquiry)) };
            return Vec::new();
        };
        self.work = Work::Turns { asked, faults, turns, now: None };
        let turned = Asked { knobs: turn.turned(&asked.knobs), ..asked }.pairs();
        let states = inquiry.states() as u64;
        vec![self.reply(Answer::Turned(Turned { turn: turn.to_string(), asked: turned, outcome, states }))]
    }

    fn row(&mut self, mut rows: Vec<u32>, now: Option<(u32, Filling)>, states: usize) -> Vec<Reply> {
        let Some((row, mut filling)) = now.or_else(|| next_row(&mut rows)) else {
            return vec![self.reply(Answer::Done)];
        };
        if filling.advance(states) && filling.inquiry().bytes() <= BYTES_MOST {
            self.work = Work::Matrix { rows, now: Some((row, filling)) };
            return Vec::new();
        }
        self.work = Work::Matrix { rows, now: None };
        vec![self.reply(Answer::Row(row_told(row, &filling)))]
    }

    fn cancel(&mut self) -> Vec<Reply> {
        match std::mem::take(&mut self.work) {
            Work::Nothing => Vec::new(),
            Work::Search(inquiry) => {
                let verdict = verdict(&inquiry, Outcome::Cancelled);
                vec![self.reply(Answer::Verdict(Box::new(verdict))), self.reply(Answer::Done)]
            }
            Work::Stop { .. } | Work::Turns { .. } | Work::Matrix { .. } => vec![self.reply(Answer::Done)],
        }
    }
}

/// The search for a harm; none if the knobs do not go together, which [`Asked`] does not let happen.
fn inquiry(knobs: &Knobs, harm: Harm) -> Option<Inquiry> {
    Question::new(*knobs).and_then(|question| Inquiry::new(question, harm)).ok()
}

/// The next row that there is.
fn next_row(rows: &mut Vec<u32>) -> Option<(u32, Filling)> {
    let all = matrix::rows();
    loop {
        let row = rows.pop()?;
        let knobs = usize::try_from(row).ok().and_then(|row| all.get(row));
        if let Some(filling) = knobs.and_then(|knobs| Filling::new(*knobs).ok()) {
            return Some((row, filling));
        }
    }
}

/// A row that is filled, or that has taken all the memory there is.
fn row_told(row: u32, filling: &Filling) -> RowTold {
    let inquiry = filling.inquiry();
    let (loss, stop) = match filling.row() {
        Some(row) => match row.cells[CELLS - 1].loss {
            Loss::Loses(cost) => (Outcome::Found { faults: cost.faults, steps: cost.steps }, row.stop),
            Loss::NotFound { .. } => (Outcome::NotFound, row.stop),
        },
        None => (Outcome::MemoryFull { bytes_most: BYTES_MOST as u64 }, stop(inquiry.question())),
    };
    let looked_at = inquiry.levels().iter().map(|steps| steps.iter().sum::<usize>() as u64).collect();
    RowTold { row, loss, looked_at, stop: stop.map(|stop| (stop.cost.faults, stop.cost.steps)) }
}

fn next_turn(asked: &Asked, faults: u8, turns: &mut Vec<Turn>) -> Option<(Turn, Inquiry)> {
    let turn = turns.pop()?;
    let turned = turn.turned(&asked.knobs);
    let bounds = Bounds { faults, ..turned.bounds };
    Some((turn, inquiry(&Knobs { bounds, ..turned }, asked.harm)?))
}

/// Looks at more states. Says how it came out, once it has.
fn state_of(inquiry: &mut Inquiry, states: usize) -> Option<Outcome> {
    let goes_on = inquiry.advance(states);
    if let Some(found) = inquiry.found(inquiry.wanted()) {
        return Some(Outcome::Found { faults: found.cost.faults, steps: found.cost.steps });
    }
    if !goes_on {
        return Some(Outcome::NotFound);
    }
    (inquiry.bytes() > BYTES_MOST).then_some(Outcome::MemoryFull { bytes_most: BYTES_MOST as u64 })
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

fn verdict(inquiry: &Inquiry, outcome: Outcome) -> Verdict {
    let wanted = inquiry.wanted();
    let run = inquiry.found(wanted).map(|found| {
        let question = inquiry.question();
        let run = in_causal_order(question, &inquiry.run_to(found));
        let record = run.last().and_then(|(_, end)| match wanted {
            Harm::Lost => end.harms().lost,
            Harm::Gone => end.harms().gone,
            Harm::Diverged => None,
        });
        run::told(question, &run, record)
    });
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
        run,
    }
}
