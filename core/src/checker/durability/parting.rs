//! Which guard says no: a run that does harm is done once more with a knob turned, step by step, until a step can't be
//! done, or something else comes of it.
//!
//! Nothing is known here of what a knob is for. What a step comes to is decided by the rules, as in every state, and
//! why is read off the two states, and asked of the same rules.

mod words;

use super::state::{Epoch, State, offset};
use super::{Action, Question, Record};
use crate::checker::search::Model;
use crate::ids::{BrokerId, BrokerSet, LeaderEpoch, Offset};
use crate::rules::begin_to_follow::{BeginToFollow, begin_to_follow};
use crate::rules::fetch_answer::FetchAnswer;
use crate::rules::high_watermark::Advance;
use crate::rules::offset_for_leader_epoch::LeaderAnswer;

/// The first step that is another one with the knob turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parting {
    /// From 0 on.
    pub step: usize,
    pub no: No,
}

/// What is otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum No {
    /// `NOT_ENOUGH_REPLICAS`: the leader takes no record.
    NotAppended { leader: BrokerId, record: Record, isr: BrokerSet, needed: usize },
    /// The producer is told nothing yet, or of an error.
    NotAcknowledged { record: Record, waits: Waits },
    /// Another broker leads from then on, or nobody.
    Leads { by: Option<BrokerId>, stays: bool, not: Option<BrokerId>, fit: Fit },
    /// A broker's log has this record, or lacks it, unlike in the run.
    Log { broker: BrokerId, record: Record, what: What, does: Option<Does> },
    /// The high watermark of a broker does not move. `asks`: who asks in this step, and what it is answered.
    MarkStays { broker: BrokerId, mark: Offset, asks: Option<(BrokerId, Does)> },
    /// There is no such step any more: what it rests on has not happened.
    NotPossible(Action),
    /// Another leader epoch would begin, one more than the search looks at.
    OneEpochMore,
}

/// What becomes of a record in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It is not cut off.
    Kept,
    /// It is cut off.
    Cut,
    Copied,
    NotCopied,
}

/// Why a record is not acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// The high watermark stands still, since too few are in sync.
    TooFewInSync { isr: BrokerSet, needed: usize },
    /// `NOT_ENOUGH_REPLICAS_AFTER_APPEND`: it is committed, but too few are in sync now.
    TooFewAfterAppend { isr: BrokerSet, needed: usize },
    /// The high watermark waits for a broker: its log end as the leader knows it, none if it has not fetched yet.
    For { broker: BrokerId, log_end: Option<Offset> },
    /// The leader that was to answer is gone.
    Nobody,
}

/// Whether a broker is fit to lead, going by what the controller has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fit {
    pub broker: BrokerId,
    pub fenced: bool,
    pub isr: BrokerSet,
    /// None where ELR is off.
    pub elr: Option<BrokerSet>,
    /// Unclean elections are on.
    pub unclean: bool,
}

/// What a follower does about its log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// As the first thing under a new leader.
    Begins { mark: Offset, begins: BeginToFollow },
    /// It asks its leader where an epoch ended, and is answered.
    Asks { leader: BrokerId, epoch: LeaderEpoch, answer: LeaderAnswer },
    /// It fetches, and is answered.
    Fetches { leader: BrokerId, epoch: Option<Epoch>, leads_in: Option<Epoch>, answer: FetchAnswer },
}

/// A step in the run, and with the knob turned.
struct Step<'a> {
    turned: &'a Question,
    action: Action,
    /// The run before it and after it.
    was: &'a State,
    after: &'a State,
    /// The same with the knob turned.
    is: &'a State,
    next: &'a State,
}

/// The first step of a run that can't be done in the turned question, or of which comes something else: who leads, what
/// is in the logs, what is acknowledged; if all of that stays the same, which high watermark does not move. None if all
/// of it can be done, and the same comes of it.
#[must_use]
pub fn parting(question: &Question, turned: &Question, run: &[(Action, State)]) -> Option<Parting> {
    let first = |differs| follow(question, turned, run, differs);
    first(|step| step.difference()).or_else(|| first(|step| step.mark()))
}

/// Follows the run until `differs` says what is otherwise.
fn follow(
    question: &Question,
    turned: &Question,
    run: &[(Action, State)],
    differs: fn(&Step<'_>) -> Option<No>,
) -> Option<Parting> {
    let (mut was, mut is) = (question.initial(), turned.initial());
    for (step, (action, after)) in run.iter().enumerate() {
        let compare = |is: &State, next: &State, after: &State| {
            differs(&Step { turned, action: *action, was: &was, after, is, next })
        };
        let mut no = None;
        if asks_first(&was, &is, *action) {
            let next = turned.apply(&is, *action);
            no = compare(&is, &next, &was);
            is = next;
        }
        let next = if is_needless(turned, &was, after, &is, *action) { Ok(is) } else { take(turned, &is, *action) };
        let no = no.or(match &next {
            Ok(next) => compare(&is, next, after),
            Err(refused) => Some(*refused),
        });
        if let Some(no) = no {
            return Some(Parting { step, no });
        }
        (was, is) = (*after, next.unwrap_or(is));
    }
    None
}

/// A follower has to ask where its last epoch ended, which in the run it did not.
fn asks_first(was: &State, is: &State, action: Action) -> bool {
    match action {
        Action::Fetch(id) | Action::AskInVain(id) => is.replica(id).asks && !was.replica(id).asks,
        _ => false,
    }
}

/// A step that only prepared what is not needed with the knob turned: an epoch's end was asked for, and the fetch
/// itself says whether the logs part; or there is no news, and the step told of it and did nothing else.
fn is_needless(turned: &Question, was: &State, after: &State, is: &State, action: Action) -> bool {
    if let Action::Fetch(id) | Action::AskInVain(id) = action
        && let Some(leader) = is.leader_of(id)
        && was.replica(id).asks
        && !is.replica(id).asks
    {
        let answer = is.records_answer(turned.knobs(), id, leader);
        return matches!(answer, FetchAnswer::Records { .. } | FetchAnswer::NothingYet);
    }
    let seen = |state: &State| {
        let of_brokers = state.replicas.map(|replica| (replica.up, replica.fenced, replica.epoch, replica.log));
        (state.newest, state.current(), state.acknowledged, of_brokers)
    };
    !is_enabled(turned, is, action) && seen(was) == seen(after)
}

fn is_enabled(question: &Question, state: &State, action: Action) -> bool {
    let mut is_enabled = false;
    question.enabled(state, &mut |enabled| is_enabled |= enabled == action);
    is_enabled
}

/// Does the step, or says why it can't be done.
fn take(turned: &Question, is: &State, action: Action) -> Result<State, No> {
    if !is_enabled(turned, is, action) {
        return Err(No::NotPossible(action));
    }
    turned.next(is, action).ok_or(match action {
        Action::Produce(leader) => {
            let (isr, needed) = (is.replica(leader).isr, turned.knobs().min_in_sync());
            No::NotAppended { leader, record: is.next_record, isr, needed }
        }
        _ => No::OneEpochMore,
    })
}

impl Step<'_> {
    /// What is otherwise after the step, where it can be done.
    fn difference(&self) -> Option<No> {
        self.leader().or_else(|| self.log()).or_else(|| self.acknowledged())
    }

    /// A mark that moves in the run, and here does not.
    fn mark(&self) -> Option<No> {
        let mark = |state: &State, id| state.replica(id).mark;
        let moves = |id: &BrokerId| mark(self.after, *id) > mark(self.was, *id);
        let stays =
            |id: &BrokerId| mark(self.next, *id) == mark(self.is, *id) && mark(self.after, *id) > mark(self.next, *id);
        let broker = State::ids(self.turned.knobs()).find(|id| moves(id) && stays(id))?;
        let asks = match self.action {
            Action::Fetch(id) | Action::AskInVain(id) => self.does(id).map(|does| (id, does)),
            _ => None,
        };
        Some(No::MarkStays { broker, mark: offset(mark(self.next, broker)), asks })
    }

    fn leader(&self) -> Option<No> {
        let (not, by) = (self.after.current().leader, self.next.current().leader);
        if (self.after.newest, not) == (self.next.newest, by) {
            return None;
        }
        let stays = by == self.is.current().leader;
        // Whoever does not lead is asked about, unless it is nobody, or could have.
        let fit = |broker| self.fit(broker);
        let unfit = not.map(fit).filter(|fit| !fit.is_fit());
        let fit = unfit.or_else(|| by.map(fit))?;
        Some(No::Leads { by, stays, not, fit })
    }

    /// Going by what the controller has when it elects, but for who has just gone.
    fn fit(&self, broker: BrokerId) -> Fit {
        let knobs = self.turned.knobs();
        let (next, is) = (self.next, self.is);
        let nobody_leads = next.current().leader.is_none();
        let from = if nobody_leads { next } else { is };
        Fit {
            broker,
            fenced: next.replica(broker).fenced,
            isr: from.current().isr,
            elr: knobs.elr.then_some(from.elr),
            unclean: knobs.unclean,
        }
    }

    fn log(&self) -> Option<No> {
        let ids = State::ids(self.turned.knobs());
        let records = |state: &State| 0..state.next_record.max(self.next.next_record);
        ids.flat_map(|id| records(self.after).map(move |record| (id, record))).find_map(|(broker, record)| {
            let holds = |state: &State| state.replica(broker).holds(record);
            let what = match (holds(self.after), holds(self.next)) {
                (true, false) if holds(self.is) => What::Cut,
                (true, false) => What::NotCopied,
                (false, true) if holds(self.was) => What::Kept,
                (false, true) => What::Copied,
                _ => return None,
            };
            Some(No::Log { broker, record, what, does: self.does(broker) })
        })
    }

    /// What the step has a broker do about its log.
    fn does(&self, broker: BrokerId) -> Option<Does> {
        let (knobs, is) = (self.turned.knobs(), self.is);
        match self.action {
            Action::Learn { broker: id, .. } if id == broker => {
                let latest = is.epoch_cache(id).entries().last().map(|entry| entry.epoch);
                let mark = offset(is.replica(id).mark);
                Some(Does::Begins { mark, begins: begin_to_follow(knobs.truncation, latest) })
            }
            Action::Fetch(id) | Action::AskInVain(id) if id == broker => {
                let leader = is.leader_of(id)?;
                if is.replica(id).asks {
                    let (epoch, answer) = is.epoch_answer(knobs, id, leader)?;
                    return Some(Does::Asks { leader, epoch, answer });
                }
                let answer = is.records_answer(knobs, id, leader);
                let (epoch, leads_in) = (is.replica(id).epoch, is.replica(leader).epoch);
                Some(Does::Fetches { leader, epoch, leads_in, answer })
            }
            _ => None,
        }
    }

    fn acknowledged(&self) -> Option<No> {
        let mut records = 0..self.after.next_record;
        let record =
            records.find(|record| self.after.is_acknowledged(*record) && !self.next.is_acknowledged(*record))?;
        Some(No::NotAcknowledged { record, waits: self.waits(record) })
    }

    /// What a record waits for at the broker that the step is about, or that is asked in it.
    fn waits(&self, record: Record) -> Waits {
        let leader = match self.action {
            Action::Fetch(id) | Action::AskInVain(id) => self.is.leader_of(id),
            Action::Produce(id) | Action::CheckIsr(id) | Action::AlterIsr(id) => Some(id),
            Action::Learn { broker, .. } => Some(broker),
            _ => None,
        };
        let leader = leader.filter(|id| self.next.leads(*id) && self.next.replica(*id).holds(record));
        let Some(leader) = leader else { return Waits::Nobody };
        let isr = self.next.replica(leader).isr;
        let needed = self.turned.knobs().min_in_sync();
        match self.next.high_watermark_at(self.turned.knobs(), leader) {
            Advance::UnderMinIsr => Waits::TooFewInSync { isr, needed },
            Advance::HeldBy { broker, log_end } => Waits::For { broker, log_end },
            Advance::To(_) | Advance::AtTheEnd => Waits::TooFewAfterAppend { isr, needed },
        }
    }
}

impl Fit {
    /// Whether it may lead without anybody having to give up anything.
    fn is_in_sync(self) -> bool {
        self.isr.contains(self.broker) || self.elr.is_some_and(|elr| elr.contains(self.broker))
    }

    fn is_fit(self) -> bool {
        !self.fenced && (self.is_in_sync() || self.unclean)
    }
}
