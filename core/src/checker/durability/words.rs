//! A step of a run in a sentence: what was done, and all that came of it.

use super::{Action, Leadership, State};
use crate::ids::{BrokerId, BrokerSet};
use std::fmt::Write;

/// What an action did to a state, for people.
#[must_use]
pub fn sentence(action: Action, before: &State, after: &State) -> String {
    let mut said = main_clause(action, before, after);
    let mut add = |clause: String| {
        // Writing to a string cannot fail.
        write!(said, "; {clause}").ok();
    };
    for id in (1..).map(BrokerId).take(before.replicas.len()) {
        logs(action, before, after, id).into_iter().for_each(&mut add);
    }
    controller(action, before, after).into_iter().for_each(&mut add);
    (0..after.next_record)
        .filter(|record| after.is_acknowledged(*record) && !before.is_acknowledged(*record))
        .for_each(|record| add(format!("m{record} is acknowledged")));
    said
}

fn main_clause(action: Action, before: &State, after: &State) -> String {
    match action {
        Action::Fence(id) if before.replica(id).up => {
            format!("the controller takes broker {id} for dead, though it works")
        }
        Action::Fence(id) => format!("the controller takes broker {id} for dead"),
        Action::ElectPreferred => "an operator asks for the preferred leader".to_owned(),
        Action::Crash { broker, keep: None } => format!("broker {broker} dies, its disk stays whole"),
        Action::Crash { broker, keep: Some(keep) } => {
            format!("broker {broker} loses its power, and of its log all from offset {keep} on")
        }
        Action::Restart(id) => format!("broker {id} starts and registers"),
        Action::Unfence(id) => format!("the controller believes in broker {id} again"),
        Action::Learn { broker, epoch } => format!("broker {broker} hears {}", news(after, broker, epoch)),
        Action::Produce(id) => format!("broker {id} appends m{}", before.next_record),
        Action::Fetch(id) => fetch(before, id),
        Action::AskInVain(id) => format!("{}, and the answer is slow", fetch(before, id)),
        Action::CheckIsr(id) => {
            let late = after.replica(id).isr.minus(after.replica(id).in_flight);
            let isr = set(after.replica(id).in_flight);
            format!("broker {id} finds {} late, and asks for the ISR {isr}", listed(late))
        }
        Action::AlterIsr(id) => {
            let replica = before.replica(id);
            let asked = if replica.asked_late.is_empty() { replica.in_flight } else { replica.asked_late };
            let verdict = if after.current().isr == asked { "takes" } else { "refuses" };
            let asked = set(asked);
            format!("the controller {verdict} the ISR {asked} that broker {id} asks for")
        }
    }
}

fn news(after: &State, broker: BrokerId, epoch: u8) -> String {
    let Leadership { leader, isr } = after.leadership(epoch);
    let late = if epoch < after.newest { ", which is over" } else { "" };
    match leader {
        Some(leader) if leader == broker => format!("that it leads in epoch {epoch}{late}, with the ISR {}", set(isr)),
        Some(leader) => format!("that broker {leader} leads in epoch {epoch}{late}"),
        None => format!("that nobody leads in epoch {epoch}{late}"),
    }
}

fn fetch(before: &State, id: BrokerId) -> String {
    let leader = before.leader_of(id).map_or_else(String::new, |leader| leader.to_string());
    let end = before.replica(id).end;
    if before.replica(id).asks {
        format!("broker {id} asks broker {leader} where its last epoch ended")
    } else {
        format!("broker {id} fetches from broker {leader} at offset {end}")
    }
}

/// What a step did to a broker's log, its mark, and the ISR that it asks for.
fn logs(action: Action, before: &State, after: &State, id: BrokerId) -> Vec<String> {
    let (was, is) = (before.replica(id), after.replica(id));
    let mut said = Vec::new();
    let names = |records: Vec<u8>| records.iter().map(|record| format!("m{record}")).collect::<Vec<_>>().join(", ");
    let lost: Vec<u8> = was.records().iter().copied().filter(|record| !is.holds(*record)).collect();
    let got: Vec<u8> = is.records().iter().copied().filter(|record| !was.holds(*record)).collect();
    if !lost.is_empty() {
        said.push(format!("{} is gone from broker {id}'s log", names(lost)));
    }
    if !got.is_empty() && !matches!(action, Action::Produce(_)) {
        said.push(format!("broker {id} gets {}", names(got)));
    }
    if is.mark > was.mark {
        said.push(format!("broker {id}'s high watermark is {}", is.mark));
    }
    if matches!(action, Action::Fetch(_) | Action::AskInVain(_)) && is.in_flight != was.in_flight {
        said.push(format!("broker {id} asks for the ISR {}", set(is.in_flight)));
    }
    said
}

/// What a step did to the partition as the controller has it.
fn controller(action: Action, before: &State, after: &State) -> Vec<String> {
    let (was, is) = (before.current(), after.current());
    let mut said = Vec::new();
    if before.newest != after.newest {
        let epoch = after.newest;
        said.push(match is.leader {
            Some(leader) => format!("broker {leader} is elected, epoch {epoch}, ISR {}", set(is.isr)),
            None => format!("nobody can be elected, epoch {epoch}"),
        });
    } else if was.isr != is.isr && !matches!(action, Action::AlterIsr(_)) {
        said.push(format!("the ISR is {}", set(is.isr)));
    }
    if before.elr != after.elr && !after.elr.is_empty() {
        said.push(format!("eligible to lead besides: {}", listed(after.elr)));
    }
    said
}

/// As the ISR is written: {1, 2}.
pub(super) fn set(brokers: BrokerSet) -> String {
    let names: Vec<String> = brokers.iter().map(|id| id.to_string()).collect();
    format!("{{{}}}", names.join(", "))
}

/// In running text: brokers 1 and 2.
fn listed(brokers: BrokerSet) -> String {
    let names: Vec<String> = brokers.iter().map(|id| id.to_string()).collect();
    let word = if names.len() == 1 { "broker" } else { "brokers" };
    format!("{word} {}", names.join(" and "))
}
