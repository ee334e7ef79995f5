//! What keeps the high watermark where it is.

use super::path::{blocked, fetches, session_ends, stopped, until};
use super::reason::{Explanation, Held, Reason, Remedy};
use super::{replica, roles};
use crate::command::{Command, Schedule, TopicChange};
use crate::ids::{BrokerId, Offset};
use crate::rules::high_watermark::Advance;
use crate::rules::replica::Follower;
use crate::world::{Broker, Leading, World};

pub(super) fn mark_stands(world: &World) -> Explanation {
    let Some((leader, leading)) = roles::leader(world) else { return roles::no_leader(world) };
    if leader.high_watermark == leader.log.log_end() {
        return Explanation::of(Reason::AllCommitted);
    }
    mark_below(world, leader, leading, leader.high_watermark.plus(1))
}

/// What keeps the mark of this leader below `wanted`.
pub(super) fn mark_below(world: &World, leader: &Broker, leading: &Leading, wanted: Offset) -> Explanation {
    let mark = leader.high_watermark;
    match world.decide_high_watermark(leader, leading) {
        Advance::UnderMinIsr => under_min_isr(world, leader, leading),
        Advance::HeldBy { broker, log_end } => {
            let reason = Reason::MarkBelow { wanted, mark, held_by: Some(Held { broker, log_end }) };
            let waits = blocked(world, reason, fetches(world, broker, leader.id, leading));
            waits.or(goes_on_without(world, leader, leading, broker))
        }
        // It may move, and is looked at again when something is appended or a follower asks for more.
        Advance::To(_) | Advance::AtTheEnd => {
            let reason = Reason::MarkBelow { wanted, mark, held_by: None };
            let behind = |(_, known): &(&BrokerId, &Follower)| known.log_end < Some(leader.log.log_end());
            match leading.followers.iter().find(behind) {
                Some((follower, _)) => blocked(world, reason, fetches(world, *follower, leader.id, leading)),
                None => Explanation::of(reason),
            }
        }
    }
}

/// The first replica that is out has to come back; or fewer have to be enough.
fn under_min_isr(world: &World, leader: &Broker, leading: &Leading) -> Explanation {
    let (in_sync, wanted) = (leading.isr.committed.len(), leader.image.min_in_sync());
    let fewer = u8::try_from(in_sync).ok().filter(|_| world.active_controller().is_some());
    let lower = fewer.map(|to| Remedy::Do(Command::Config(TopicChange::min_in_sync(to))));
    let mut replicas = leader.image.partition.replicas.iter().copied();
    let out = replicas.find(|replica| !leading.isr.committed.contains(*replica));
    let back = out.map_or_else(|| Explanation::of(Reason::ItHas), |out| replica::not_in_sync(world, out));
    back.because(Reason::UnderMinIsr { in_sync, wanted, out }).or(lower)
}

/// How the mark gets on without a replica that does not come: it is fenced, or leaves the ISR for being late. Not where
/// the rest would be too few.
fn goes_on_without(world: &World, leader: &Broker, leading: &Leading, broker: BrokerId) -> Option<Remedy> {
    let rest = leading.isr.committed.without(broker).len();
    if !leading.isr.committed.contains(broker) || rest < leader.image.min_in_sync() {
        return None;
    }
    if stopped(world, broker.into()).is_some() {
        return session_ends(world, broker);
    }
    late_at(world, leader, leading, broker)
}

/// When the leader's regular look at its ISR will find this follower late, should it not fetch until then.
fn late_at(world: &World, leader: &Broker, leading: &Leading, broker: BrokerId) -> Option<Remedy> {
    world.active_controller()?;
    let known = leading.followers.get(&broker)?;
    let lag_max_ms = i64::from(world.topic.lag_max_ms);
    let late_from =
        known.caught_up_ms.unwrap_or(0).saturating_sub(leader.clock_ahead_ms).saturating_add(lag_max_ms + 1);
    if world.schedule == Schedule::ByHand {
        return Some(Remedy::Do(Command::CheckIsr { broker: leader.id })).filter(|_| late_from <= world.tick.0);
    }
    let (first, every_ms) = (leader.duties.next_isr_check, (lag_max_ms / 2).max(1));
    let checks_missed = late_from.saturating_sub(first.0).max(0).saturating_add(every_ms - 1) / every_ms;
    Some(until(world, first.plus_ms(checks_missed.saturating_mul(every_ms))))
}
