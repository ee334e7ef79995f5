//! When a partition stops writing: after some faults, with nothing started again and nobody believed in again, there is
//! no way to an acknowledgement.

use super::pack::Packed;
use super::{Action, Knobs, Onward, Question, State};
use crate::checker::search::{Cost, Model, Search};
use crate::command::Acks;
use std::collections::BTreeSet;

/// How a partition comes to stand still.
#[derive(Clone, Debug)]
pub struct Stop {
    pub cost: Cost,
    pub run: Vec<(Action, State)>,
    /// Nobody leads, nor can be elected; else somebody leads, and acknowledges nothing.
    pub is_leaderless: bool,
}

/// The cheapest way to stop writing, if there is one within the bound of faults.
#[must_use]
pub fn stop(question: &Question) -> Option<Stop> {
    let knobs = *question.knobs();
    // Without healing each fault begins one epoch at most, so no bound of epochs is met.
    let asked = |records| {
        let bounds = super::Bounds { records, epochs: 5, ..knobs.bounds };
        Question { knobs: Knobs { bounds, ..knobs }, heals: false, forbidden: None }
    };
    let mut search = Search::new(asked(0), knobs.bounds.faults);
    let writes = asked(1);
    let mut goes_on = BTreeSet::new();
    while let Some(visited) = search.visit_next() {
        let is_leaderless = match outlook(&writes, visited.state, &mut goes_on) {
            Outlook::Acknowledges => continue,
            Outlook::Leads => false,
            Outlook::Leaderless => true,
        };
        return Some(Stop { cost: visited.cost, run: search.run_to(visited.id), is_leaderless });
    }
    None
}

/// What the protocol alone can come to.
enum Outlook {
    /// Something is acknowledged; with acks=0, where nothing is, a record is taken.
    Acknowledges,
    /// Somebody leads in the newest epoch.
    Leads,
    Leaderless,
}

/// `goes_on`: states of which an acknowledgement is known to be reached. Those on the way to one are added.
fn outlook(question: &Question, from: State, goes_on: &mut BTreeSet<Packed>) -> Outlook {
    let is_written = |state: &State| match question.knobs().acks {
        Acks::None => state.next_record > 0,
        Acks::Leader | Acks::All => state.acknowledged != 0,
    };
    let mut outlook = Outlook::Leaderless;
    let mut search = Search::new(Onward { question, from }, 0);
    while let Some(visited) = search.visit_next() {
        if is_written(&visited.state) || goes_on.contains(&question.pack(&visited.state)) {
            goes_on.insert(question.pack(&from));
            goes_on.extend(search.run_to(visited.id).iter().map(|(_, state)| question.pack(state)));
            return Outlook::Acknowledges;
        }
        if State::ids(question.knobs()).any(|id| visited.state.truly_leads(id)) {
            outlook = Outlook::Leads;
        }
    }
    outlook
}
