//! Commands carried out.

use super::{Acting, Message, Recording, World};
use crate::command::{Command, OffsetReset};
use crate::event::{EventKind, PendingSend, Refusal};
use crate::ids::{BrokerId, ConsumerIndex, MessageId, Offset, ProducerIndex, RecordId};
use std::sync::Arc;

impl World {
    /// Carries out a command. What happens is added to the recording and has changed the world.
    pub fn perform(&mut self, command: &Command, recording: &mut Recording) {
        let mut acting = Acting::new(self, recording);
        acting.emit_then(EventKind::Commanded(command.clone()));
        let asked = acting.trigger;
        if let Err(refusal) = acting.carry_out(command) {
            acting.trigger = asked;
            acting.emit(EventKind::Refused(refusal));
        }
        acting.end_step();
    }

    fn has_producer(&self, id: ProducerIndex) -> Result<(), Refusal> {
        self.producers.contains_key(&id).then_some(()).ok_or(Refusal::NoSuchProducer(id))
    }

    fn has_consumer(&self, id: ConsumerIndex) -> Result<(), Refusal> {
        self.consumers.contains_key(&id).then_some(()).ok_or(Refusal::NoSuchConsumer(id))
    }

    fn is_on_the_way(&self, id: MessageId) -> Result<Arc<Message>, Refusal> {
        let travel = self.network.on_the_way.get(&id).ok_or(Refusal::NotOnTheWay(id))?;
        Ok(Arc::clone(&travel.message))
    }
}

impl Acting<'_> {
    fn carry_out(&mut self, command: &Command) -> Result<(), Refusal> {
        let sets_up = matches!(command, Command::Cluster { .. } | Command::Mark { .. });
        if self.world.brokers.is_empty() && !sets_up {
            return Err(Refusal::NoCluster);
        }
        match command {
            Command::Cluster { brokers, storage } if self.world.brokers.is_empty() => {
                self.emit(EventKind::ClusterStarted { brokers: *brokers, storage: *storage });
            }
            Command::Cluster { .. } => return Err(Refusal::ClusterExists),
            Command::Network { latency_ms, jitter_ms } => {
                self.emit(EventKind::NetworkSet { latency_ms: *latency_ms, jitter_ms: *jitter_ms });
            }
            Command::Link { link, latency_ms } => {
                self.emit(EventKind::LinkSet { link: *link, latency_ms: *latency_ms });
            }
            Command::Schedule(schedule) => {
                self.emit(EventKind::ScheduleSet(*schedule));
            }
            Command::Hold { link } => {
                self.emit(EventKind::LinkHeld { link: *link });
            }
            Command::Release { link } => {
                self.emit(EventKind::LinkReleased { link: *link });
            }
            Command::Deliver { message } => {
                self.world.is_on_the_way(*message)?;
                self.deliver(*message);
            }
            Command::Drop { message } => {
                let message = self.world.is_on_the_way(*message)?;
                self.emit(EventKind::MessageDropped { message });
            }
            Command::Fetch { broker } => self.fetch_now(*broker)?,
            Command::Wait { ms } => self.wait(*ms),
            Command::Step { count } => {
                if !self.step(*count) {
                    return Err(Refusal::NothingDue);
                }
            }
            Command::Mark { .. } => {}
            Command::Producer { .. } | Command::Send { .. } | Command::Flush { .. } => {
                self.carry_out_at_producer(command)?;
            }
            Command::Consumer { .. }
            | Command::Poll { .. }
            | Command::Commit { .. }
            | Command::Seek { .. }
            | Command::Restart { .. }
            | Command::Deploy { .. } => self.carry_out_at_consumer(command)?,
        }
        Ok(())
    }

    fn carry_out_at_producer(&mut self, command: &Command) -> Result<(), Refusal> {
        match command {
            Command::Producer { id, .. } if self.world.producers.contains_key(id) => {
                return Err(Refusal::ProducerExists(*id));
            }
            Command::Producer { id, settings } => {
                self.emit(EventKind::ProducerAdded { producer: *id, settings: *settings });
            }
            Command::Send { producer, key, value } => {
                self.world.has_producer(*producer)?;
                let given = self.world.producers.get(producer).map_or(0, |producer| producer.given);
                let name = RecordId { producer: *producer, count: given + 1 };
                let timestamp = self.world.tick;
                let record = PendingSend { name, key: key.clone(), value: value.clone(), timestamp };
                self.emit_then(EventKind::RecordAccumulated { producer: *producer, record });
                self.send_if_ready(*producer);
            }
            Command::Flush { producer } => {
                self.world.has_producer(*producer)?;
                self.emit_then(EventKind::FlushAsked { producer: *producer });
                self.send_if_ready(*producer);
            }
            _ => {}
        }
        Ok(())
    }

    fn carry_out_at_consumer(&mut self, command: &Command) -> Result<(), Refusal> {
        match command {
            Command::Consumer { id, .. } if self.world.consumers.contains_key(id) => {
                return Err(Refusal::ConsumerExists(*id));
            }
            Command::Consumer { id, settings } => {
                let position = self.world.reset_offset(settings.auto_offset_reset);
                self.emit(EventKind::ConsumerAdded { consumer: *id, settings: *settings, position });
            }
            Command::Poll { consumer } => {
                self.world.has_consumer(*consumer)?;
                if let Some(asked) = self.world.consumers.get(consumer).and_then(|consumer| consumer.fetch) {
                    return Err(Refusal::AlreadyAsked(asked.request));
                }
                self.poll(*consumer);
            }
            Command::Commit { consumer } => {
                self.world.has_consumer(*consumer)?;
                if let Some(asked) = self.world.consumers.get(consumer).and_then(|consumer| consumer.commit) {
                    return Err(Refusal::AlreadyAsked(asked.request));
                }
                self.commit(*consumer);
            }
            Command::Seek { consumer, offset } => {
                self.world.has_consumer(*consumer)?;
                let from = self.world.position(*consumer);
                self.emit(EventKind::PositionSought { consumer: *consumer, from, to: *offset });
            }
            Command::Deploy { consumer, program } => {
                self.world.has_consumer(*consumer)?;
                let to = self.world.reset_offset(OffsetReset::Earliest);
                self.emit(EventKind::ProgramDeployed { consumer: *consumer, program: *program, to });
            }
            Command::Restart { consumer } => {
                self.world.has_consumer(*consumer)?;
                let from = self.world.position(*consumer);
                let to = self.world.restart_offset(*consumer);
                self.emit(EventKind::ConsumerRestarted { consumer: *consumer, from, to });
            }
            _ => {}
        }
        Ok(())
    }

    fn fetch_now(&mut self, id: BrokerId) -> Result<(), Refusal> {
        let Some(broker) = self.world.brokers.get(&id) else { return Err(Refusal::NoSuchBroker(id)) };
        match &broker.role {
            super::Role::Leader(_) => Err(Refusal::LeaderDoesNotFetch(id)),
            super::Role::Follower(following) => match following.fetch {
                super::Fetching::Asked(asked) => Err(Refusal::AlreadyAsked(asked.request)),
                super::Fetching::Idle | super::Fetching::BackOff { .. } => {
                    self.follower_fetch(id);
                    Ok(())
                }
            },
        }
    }
}

impl World {
    /// Where auto.offset.reset begins: the log start, or the high watermark (ListOffsets answers no more).
    pub(super) fn reset_offset(&self, reset: OffsetReset) -> Offset {
        let leader = self.leader().map(|(broker, _)| broker);
        match reset {
            OffsetReset::Earliest => leader.map_or(Offset::ZERO, |broker| broker.log.log_start),
            OffsetReset::Latest => leader.map_or(Offset::ZERO, |broker| broker.high_watermark),
        }
    }

    fn restart_offset(&self, id: ConsumerIndex) -> Offset {
        let committed = self.leader().and_then(|(_, leading)| leading.committed.get(&id).copied());
        let reset = self.consumers.get(&id).map(|consumer| consumer.settings.auto_offset_reset);
        committed.unwrap_or_else(|| self.reset_offset(reset.unwrap_or(OffsetReset::Latest)))
    }

    fn position(&self, id: ConsumerIndex) -> Offset {
        self.consumers.get(&id).map_or(Offset::ZERO, |consumer| consumer.position)
    }
}
