//! The properties of [`super::check`] held against a run as it goes: each step is judged by its events, and only what
//! they changed is looked at. Two properties are about more than one moment, and are seen here alone.

use super::check::first_disagreement;
use super::{MetadataRecord, Violation, World};
use crate::event::{Event, EventKind};
use crate::ids::{BrokerId, ControllerId, Endpoint, LeaderEpoch, Offset};
use litemap::LiteMap;
use std::ops::Range;
use std::sync::Arc;

/// Judges a run from its first step on.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    /// Who has led in each epoch.
    leaders: LiteMap<LeaderEpoch, BrokerId>,
    /// The mark of each leadership, as it was last seen.
    marks: LiteMap<BrokerId, (LeaderEpoch, Offset)>,
    /// Where each log ended after the step before.
    ends: LiteMap<BrokerId, Offset>,
    /// The leader that everything promised so far was held against.
    settled: Option<(BrokerId, LeaderEpoch)>,
    /// Who has led the quorum in each epoch.
    controllers: LiteMap<LeaderEpoch, ControllerId>,
    /// How far each controller knew the metadata as committed.
    marks_of_metadata: LiteMap<ControllerId, Offset>,
    /// What was committed at each offset of the metadata log, in which epoch, and whom it was seen at first.
    metadata: LiteMap<Offset, (ControllerId, i32, Arc<MetadataRecord>)>,
}

/// What a step did to logs and promises.
#[derive(Default)]
struct Step {
    found: Vec<Violation>,
    /// Logs that lost something, or began elsewhere.
    shrunk: Vec<BrokerId>,
}

impl Watch {
    /// What does not hold any more after a step: its events, and the world that they led to.
    #[must_use]
    pub fn after_step(&mut self, world: &World, events: &[Arc<Event>]) -> Vec<Violation> {
        let mut step = Step::default();
        for event in events {
            self.note_leader(&event.kind, &mut step);
            self.note_write(&event.kind, &mut step);
            note_shrink(&event.kind, &mut step);
        }
        for (id, broker) in &world.brokers {
            self.ends.insert(*id, broker.log.log_end());
        }
        for event in events {
            check_agreement(world, &event.kind, &mut step);
        }
        self.check_kept(world, events, &mut step);
        self.check_marks(world, &mut step);
        for event in events {
            self.note_quorum(world, &event.kind, &mut step);
        }
        let each_step = [world.check_marks(), world.check_noted(), world.check_mark_held(), world.check_quorum()];
        step.found.extend(each_step.into_iter().flatten());
        step.found
    }

    /// One leader an epoch, in the whole run.
    fn note_leader(&mut self, kind: &EventKind, step: &mut Step) {
        let EventKind::BecameLeader { broker, leading } = kind else { return };
        let (right, epoch) = (*broker, leading.epoch);
        match self.leaders.get(&epoch).copied() {
            Some(left) if left != right => step.found.push(Violation::TwoLeaders { left, right, epoch }),
            Some(_) => {}
            None => {
                self.leaders.insert(epoch, right);
            }
        }
    }

    /// One controller leads the quorum in an epoch, and what one takes for committed, all do who come so far, for ever.
    fn note_quorum(&mut self, world: &World, kind: &EventKind, step: &mut Step) {
        match kind {
            EventKind::QuorumTurned { controller, voter, .. } if voter.leading.is_some() => {
                let (right, epoch) = (*controller, voter.epoch);
                match self.controllers.get(&epoch).copied() {
                    Some(left) if left != right => step.found.push(Violation::TwoControllers { left, right, epoch }),
                    Some(_) => {}
                    None => {
                        self.controllers.insert(epoch, right);
                    }
                }
            }
            EventKind::MetadataCommitted { controller, to } | EventKind::MetadataMarkLearned { controller, to } => {
                let from = self.marks_of_metadata.insert(*controller, *to).unwrap_or(Offset::ZERO);
                self.note_committed(world, *controller, from.min(*to)..*to, step);
            }
            _ => {}
        }
    }

    fn note_committed(&mut self, world: &World, right: ControllerId, new: Range<Offset>, step: &mut Step) {
        let Some(controller) = world.controllers.get(&right) else { return };
        for (at, (epoch, record)) in controller.log.range(new) {
            match self.metadata.get(at) {
                Some((left, first_epoch, first)) if (first_epoch, first) != (epoch, record) => {
                    step.found.push(Violation::MetadataDisagrees { left: *left, right, at: *at });
                }
                Some(_) => {}
                None => {
                    self.metadata.insert(*at, (right, *epoch, Arc::clone(record)));
                }
            }
        }
    }

    /// A batch begins where the log ended. A log that was cut in this step ends where the batch shows.
    fn note_write(&mut self, kind: &EventKind, step: &mut Step) {
        let (EventKind::BatchAppended { broker, batch } | EventKind::BatchCopied { broker, batch }) = kind else {
            return;
        };
        let (broker, found) = (*broker, batch.base_offset());
        let expected = self.ends.insert(broker, batch.next_offset()).unwrap_or(Offset::ZERO);
        if found != expected && !step.shrunk.contains(&broker) {
            step.found.push(Violation::Hole { broker, expected, found });
        }
    }

    /// While a broker leads in one epoch its mark does not go back.
    fn check_marks(&mut self, world: &World, step: &mut Step) {
        for id in world.brokers.keys() {
            let Some((broker, leading)) = world.leading(*id) else { continue };
            let (epoch, to) = (leading.epoch, broker.high_watermark);
            let before = self.marks.insert(*id, (epoch, to));
            if let Some((_, from)) = before.filter(|(of, from)| *of == epoch && *from > to) {
                step.found.push(Violation::MarkWentBack { broker: *id, epoch, from, to });
            }
        }
    }

    /// What was promised: all of it once another leads or the leader's log lost something, else what is new.
    fn check_kept(&mut self, world: &World, events: &[Arc<Event>], step: &mut Step) {
        let settled = world.settled_leader();
        let before = std::mem::replace(&mut self.settled, settled.map(|(leader, leading)| (leader.id, leading.epoch)));
        let Some((leader, _)) = settled else { return };
        if before != self.settled || step.shrunk.contains(&leader.id) {
            let all = [world.check_acknowledged(), world.check_read(), world.check_leader_acknowledged()];
            step.found.extend(all.into_iter().flatten());
            return;
        }
        for event in events {
            match &event.kind {
                EventKind::Acknowledged { records, base, .. } => {
                    let promised = (base.0..).zip(records);
                    let missing = promised.filter_map(|(at, record)| world.missing(leader, *record, Offset(at)));
                    step.found.extend(missing);
                }
                EventKind::RecordsRead { records, .. } => {
                    let gone = records.iter().filter_map(|(offset, _)| world.no_longer_read(leader, *offset));
                    step.found.extend(gone);
                }
                _ => {}
            }
        }
    }
}

fn note_shrink(kind: &EventKind, step: &mut Step) {
    match kind {
        EventKind::LogTruncated { broker, .. }
        | EventKind::LogStartMoved { broker, .. }
        | EventKind::DiskWiped { broker }
        | EventKind::ReplicaDeleted { broker }
        | EventKind::Crashed { at: Endpoint::Broker(broker), .. } => step.shrunk.push(*broker),
        _ => {}
    }
}

/// What a mark has passed since the step before is held against the other replicas.
fn check_agreement(world: &World, kind: &EventKind, step: &mut Step) {
    let (id, from) = match kind {
        EventKind::HighWatermarkAdvanced { broker, from, .. }
        | EventKind::HighWatermarkLearned { broker, from, .. } => (broker, *from),
        // The mark is what the checkpoint says, which may be more than the broker has believed of late.
        EventKind::Crashed { at: Endpoint::Broker(broker), .. } | EventKind::Stopped { broker } => {
            (broker, Offset::ZERO)
        }
        _ => return,
    };
    let Some(broker) = world.brokers.get(id) else { return };
    for other in world.brokers.values().filter(|other| other.id != *id) {
        if let Some(at) = first_disagreement(broker, other, from) {
            let (left, right) = (broker.id.min(other.id), broker.id.max(other.id));
            step.found.push(Violation::LogsDisagree { left, right, at });
        }
    }
}
