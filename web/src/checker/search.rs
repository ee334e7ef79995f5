//! A search under way or over, as signals: what was asked, how far it is, what came of it.

use std::rc::Rc;
use std::sync::Arc;

use js_sys::Date;
use kafka_lab::worst_case::{Answer, Ask, Asked, Looked, StopTold, Turned, Verdict};

use super::line::Line;
use crate::reactive::*;

/// A handle that is copied freely.
#[derive(Clone, Copy)]
pub(super) struct Search {
    /// What the form says.
    pub(super) asked: RwSignal<Asked>,
    /// What is being answered, or was.
    pub(super) answered: RwSignal<Option<Asked>>,
    /// A search is under way: the answer is not there yet.
    pub(super) is_searching: RwSignal<bool>,
    /// Something is still being worked out, be it after the answer.
    pub(super) is_working: RwSignal<bool>,
    pub(super) looked: RwSignal<Looked>,
    /// How long the search has taken, in milliseconds.
    pub(super) took_ms: RwSignal<f64>,
    pub(super) verdict: RwSignal<Option<Arc<Verdict>>>,
    /// None until it is known; then whether there is a way to stop the partition.
    pub(super) stop: RwSignal<Option<Option<Arc<StopTold>>>>,
    pub(super) turned: RwSignal<Vec<Turned>>,
    /// The worker is gone.
    pub(super) failed: RwSignal<Option<String>>,
    /// The answer takes the focus when it comes.
    pub(super) takes_focus: StoredValue<bool>,
    began_ms: StoredValue<f64>,
    line: Line,
}

impl Search {
    pub(super) fn new(asked: Asked) -> Search {
        Search {
            asked: RwSignal::new(asked),
            answered: RwSignal::new(None),
            is_searching: RwSignal::new(false),
            is_working: RwSignal::new(false),
            looked: RwSignal::new(Looked::default()),
            took_ms: RwSignal::new(0.0),
            verdict: RwSignal::new(None),
            stop: RwSignal::new(None),
            turned: RwSignal::new(Vec::new()),
            failed: RwSignal::new(None),
            takes_focus: StoredValue::new(false),
            began_ms: StoredValue::new(0.0),
            line: Line::new(),
        }
    }

    /// Searches for the answer to what the form says.
    pub(super) fn begin(self) {
        let asked = self.asked.get_untracked();
        self.answered.set(Some(asked));
        self.verdict.set(None);
        self.stop.set(None);
        self.turned.set(Vec::new());
        self.failed.set(None);
        self.looked.set(Looked::default());
        self.took_ms.set(0.0);
        self.began_ms.set_value(Date::now());
        self.is_searching.set(true);
        self.is_working.set(true);
        let hear = move |answer| match answer {
            Ok(answer) => self.take(answer),
            Err(problem) => self.fail(problem),
        };
        self.line.ask(Ask::Search(asked.pairs()), Rc::new(hear));
    }

    /// Asks something else at once.
    pub(super) fn ask(self, asked: Asked) {
        self.asked.set(asked);
        self.takes_focus.set_value(true);
        self.begin();
    }

    /// Goes no further; what has been seen is said.
    pub(super) fn cancel(self) {
        self.line.cancel();
    }

    fn take(self, answer: Answer) {
        match answer {
            Answer::Looking(looked) => {
                self.took_ms.set(Date::now() - self.began_ms.get_value());
                self.looked.set(looked);
            }
            Answer::Verdict(verdict) => {
                self.took_ms.set(Date::now() - self.began_ms.get_value());
                self.looked.set(verdict.looked);
                self.is_searching.set(false);
                self.verdict.set(Some(Arc::from(verdict)));
            }
            Answer::Stop(stop) => self.stop.set(Some(stop.map(Arc::from))),
            Answer::Turned(turned) => self.turned.update(|all| all.push(turned)),
            Answer::Done => self.is_working.set(false),
            // Nobody has asked for rows on this line.
            Answer::Row(_) => {}
        }
    }

    fn fail(self, problem: String) {
        self.is_searching.set(false);
        self.is_working.set(false);
        self.failed.set(Some(problem));
    }
}
