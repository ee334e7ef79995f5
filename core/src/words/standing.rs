//! How a broker stands, a short line for each thing that is to be known.

use super::story::duration;
use super::{Noun, Sentence};
use crate::frame::{Direction, Frame, Health, Membership, ReplicaRole, Standing, Tape, TapeId, Wire};
use crate::ids::BrokerId;

/// What is said beside a tape: its role first, then what is not as usual. Nothing of a file's log.
#[must_use]
pub fn standing_lines(tape: &Tape) -> Vec<Sentence> {
    let TapeId::Broker(id) = tape.id else { return Vec::new() };
    let mut lines = vec![role(id, tape)];
    let mut say = |noun: Option<Noun>, words: String| {
        let line = Sentence::new();
        lines.push(match noun {
            Some(noun) => line.noun(noun, words),
            None => line.say(words),
        });
    };
    let Some(standing) = &tape.standing else {
        if !tape.in_sync {
            say(Some(Noun::Danger), "not in sync".into());
        }
        return lines;
    };
    match (standing.health, standing.fenced) {
        (Health::Frozen, false) => say(Some(Noun::Danger), "frozen".into()),
        (Health::Frozen, true) => say(Some(Noun::Danger), "frozen, fenced".into()),
        (Health::Starting, false) => say(None, "starting".into()),
        (Health::Starting, true) => say(None, "starting, fenced".into()),
        (Health::Stopping, _) => say(None, "stopping".into()),
        (Health::Running, true) => say(Some(Noun::Danger), "fenced".into()),
        // Of a process that is gone the first line says it.
        (Health::Running, false) | (Health::Crashed | Health::Stopped, _) => {}
    }
    match standing.membership {
        Membership::InSync => {}
        Membership::Joining => say(None, "joining the ISR".into()),
        Membership::Leaving => say(None, "leaving the ISR".into()),
        Membership::Eligible => say(None, "eligible (ELR)".into()),
        Membership::NoReplica => say(None, "no replica".into()),
        Membership::Outside => say(Some(Noun::Danger), "not in sync".into()),
    }
    if standing.disk_slow_ms > 0 {
        say(None, format!("disk +{}", duration(i64::from(standing.disk_slow_ms))));
    }
    if standing.clock_ahead_ms != 0 {
        let sign = if standing.clock_ahead_ms < 0 { "-" } else { "+" };
        say(None, format!("clock {sign}{}", duration(standing.clock_ahead_ms.saturating_abs())));
    }
    if let Some((replayed, end)) = standing.behind {
        say(None, format!("metadata {replayed} of {end}"));
    }
    lines
}

fn role(id: BrokerId, tape: &Tape) -> Sentence {
    let line = Sentence::new();
    let Some(standing) = &tape.standing else {
        return match tape.role {
            ReplicaRole::Leader => line.noun(Noun::Leader, "leader"),
            ReplicaRole::Follower => line.noun(Noun::Follower, "follower"),
            ReplicaRole::None => line,
        };
    };
    match (standing.health, standing.belief) {
        (Health::Crashed, _) => line.noun(Noun::Danger, if standing.fenced { "crashed, fenced" } else { "crashed" }),
        (Health::Stopped, _) => line.noun(Noun::Danger, if standing.fenced { "stopped, fenced" } else { "stopped" }),
        (_, None) => line.say("no leader known"),
        (_, Some(belief)) => match (belief.leader == id, belief.is_current) {
            (true, true) if belief.can_change => line.noun(Noun::Leader, format!("leader, epoch {}", belief.epoch)),
            (true, true) => line.noun(Noun::Leader, "leader"),
            (true, false) => line.noun(Noun::Danger, format!("leads old epoch {}", belief.epoch)),
            (false, true) => line.noun(Noun::Follower, "follower"),
            (false, false) => line.noun(Noun::Follower, format!("follows {}, epoch {}", belief.leader, belief.epoch)),
        },
    }
}

/// The ISR and what is about to become of it: "ISR {1, 2} + 3". None for a log that has no replicas.
#[must_use]
pub fn in_sync_set(frame: &Frame) -> Option<String> {
    let tapes = &frame.tapes;
    let of = |wanted: fn(&Standing) -> bool| -> Vec<String> {
        let standing = |tape: &Tape| tape.standing.as_ref().is_some_and(wanted);
        let chosen = tapes.iter().filter(|tape| standing(tape));
        chosen.filter_map(|tape| if let TapeId::Broker(id) = tape.id { Some(id.to_string()) } else { None }).collect()
    };
    let replicas = tapes.iter().filter(|tape| tape.standing.is_some()).count();
    if replicas < 2 {
        return None;
    }
    let mut words = format!("ISR {{{}}}", of(|standing| standing.membership.is_in()).join(", "));
    for (sign, change) in [
        ('+', of(|standing| standing.membership == Membership::Joining)),
        ('−', of(|standing| standing.membership == Membership::Leaving)),
    ] {
        if !change.is_empty() {
            words.push_str(&format!(" {sign} {}", change.join(", ")));
        }
    }
    Some(words)
}

/// How few may be in the ISR for acks=all: "min 2".
#[must_use]
pub fn in_sync_floor(frame: &Frame) -> Option<String> {
    frame.topic.map(|topic| format!("min {}", topic.min_in_sync))
}

/// What is amiss on a link, in the fewest words: "cut", "cut 1 to 2". Nothing of a link that is whole.
#[must_use]
pub fn wire_words(wire: &Wire) -> String {
    let (from, to) = (wire.link.from, wire.link.to);
    let of = |direction: &Direction| {
        let mut words = Vec::new();
        if direction.cut {
            words.push(String::from("cut"));
        }
        if direction.held {
            words.push(String::from("held"));
        }
        if let Some(kind) = direction.loses_next {
            words.push(format!("loses the next {}", kind.word()));
        }
        if let Some(latency) = direction.latency_ms {
            words.push(format!("{latency} ms"));
        }
        words.join(", ")
    };
    let (there, back) = (of(&wire.there), of(&wire.back));
    match (there.is_empty(), back.is_empty()) {
        _ if there == back => there,
        (false, true) => format!("{there} {from} to {to}"),
        (true, false) => format!("{back} {to} to {from}"),
        _ => format!("{there} {from} to {to}, {back} {to} to {from}"),
    }
}
