//! Commands carried out.

use super::{Acting, Asking, Consumer, Message, Process, Producer, Recording, World};
use crate::command::{Command, ConsumerSettings, OffsetReset, ProducerSettings};
use crate::event::{EventKind, PendingSend, Refusal};
use crate::ids::{BrokerId, ConsumerIndex, Endpoint, MessageId, MessageKind, Offset, ProducerIndex, RecordId};
use crate::rules::fold::Program;
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

    fn producer(&self, id: ProducerIndex) -> Result<&Producer, Refusal> {
        self.producers.get(&id).ok_or(Refusal::NoSuchProducer(id))
    }

    fn consumer(&self, id: ConsumerIndex) -> Result<&Consumer, Refusal> {
        self.consumers.get(&id).ok_or(Refusal::NoSuchConsumer(id))
    }

    fn is_on_the_way(&self, id: MessageId) -> Result<Arc<Message>, Refusal> {
        let travel = self.network.on_the_way.get(&id).ok_or(Refusal::NotOnTheWay(id))?;
        Ok(Arc::clone(&travel.message))
    }
}

impl Acting<'_> {
    /// Every command has its line here, so that none is asked for in vain.
    #[expect(clippy::too_many_lines, reason = "a list: every command stands in it once")]
    fn carry_out(&mut self, command: &Command) -> Result<(), Refusal> {
        let sets_up = matches!(command, Command::Cluster(_) | Command::Mark { .. });
        if self.world.brokers.is_empty() && !sets_up {
            return Err(Refusal::NoCluster);
        }
        match command {
            Command::Cluster(settings) if self.world.brokers.is_empty() => {
                self.emit(EventKind::ClusterStarted(*settings));
            }
            Command::Cluster(_) => return Err(Refusal::ClusterExists),
            Command::Network { latency_ms, jitter_ms } => {
                self.emit(EventKind::NetworkSet { latency_ms: *latency_ms, jitter_ms: *jitter_ms });
            }
            Command::Link { link, latency_ms } => {
                self.emit(EventKind::LinkSet { link: *link, latency_ms: *latency_ms });
            }
            Command::Schedule(schedule) => {
                self.emit(EventKind::ScheduleSet(*schedule));
            }
            Command::Storage(rule) => {
                self.emit(EventKind::StorageSet(*rule));
            }
            Command::Hold { link } => {
                self.emit(EventKind::LinkHeld { link: *link });
            }
            Command::Release { link } => {
                self.emit(EventKind::LinkReleased { link: *link });
            }
            Command::Deliver { message } => {
                self.world.is_on_the_way(*message)?;
                if self.world.process(message.to) == Process::Frozen {
                    return Err(Refusal::NotRunning(message.to));
                }
                self.deliver(*message);
            }
            Command::Drop { message } => {
                let message = self.world.is_on_the_way(*message)?;
                self.emit(EventKind::MessageDropped { message });
            }
            Command::Wait { ms } => self.wait(*ms),
            Command::Step { count } => {
                if !self.step(*count) {
                    return Err(Refusal::NothingDue);
                }
            }
            Command::Mark { .. } => {}
            Command::Producer { id, settings } => self.add_producer(*id, *settings)?,
            Command::Send { producer, key, value } => self.accumulate(*producer, key.clone(), value.clone())?,
            Command::Flush { producer } => self.flush(*producer)?,
            Command::Fetch { broker } => self.fetch_now(*broker)?,
            Command::Consumer { id, settings } => self.add_consumer(*id, *settings)?,
            Command::Poll { consumer } => self.poll_now(*consumer)?,
            Command::Commit { consumer } => self.commit_now(*consumer)?,
            Command::Seek { consumer, offset } => self.seek(*consumer, *offset)?,
            Command::Deploy { consumer, program } => self.deploy(*consumer, *program)?,
            Command::Restart { consumer } => self.restart(*consumer)?,

            // What goes wrong, what an operator does, and what a broker is told to do by hand.
            Command::CommitRule(rule) => {
                self.emit(EventKind::CommitRuleSet(*rule));
            }
            Command::TruncationRule(rule) => {
                self.emit(EventKind::TruncationRuleSet(*rule));
            }
            Command::Config(change) => self.configure(*change)?,
            Command::Elect(kind) => self.elect(*kind)?,
            Command::Reassign { replicas } => self.reassign(replicas)?,
            Command::Fence { broker } => self.fence_now(*broker)?,
            Command::Crash { at, keep } => self.crash(*at, *keep)?,
            Command::Stop { broker } => self.stop(*broker)?,
            Command::Start { at } => self.start(*at)?,
            Command::Freeze { at } => self.freeze(*at)?,
            Command::Thaw { at } => self.thaw(*at)?,
            Command::Wipe { broker } => self.wipe(*broker)?,
            Command::Sync { broker } => self.sync(*broker)?,
            Command::SlowDisk { broker, ms } => {
                self.world.machine(Endpoint::Broker(*broker))?;
                self.emit(EventKind::DiskSlowed { broker: *broker, ms: *ms });
            }
            Command::Clock { broker, ahead_ms } => {
                self.world.machine(Endpoint::Broker(*broker))?;
                self.emit(EventKind::ClockSet { broker: *broker, ahead_ms: *ahead_ms });
            }
            Command::Cut { link, both_ways } => self.cut(*link, *both_ways),
            Command::Heal { link, both_ways } => self.heal(*link, *both_ways),
            Command::DropNext { kind, link } => {
                self.emit(EventKind::NextWillBeLost { kind: *kind, link: *link });
            }
            Command::Learn { broker } => {
                self.duty(*broker, MessageKind::FetchMetadata)?;
                self.fetch_metadata(*broker);
            }
            Command::Heartbeat { broker } => {
                self.duty(*broker, MessageKind::BrokerHeartbeat)?;
                self.heartbeat(*broker);
            }
            Command::Register { broker } => {
                self.duty(*broker, MessageKind::BrokerRegistration)?;
                if self.world.brokers.get(broker).is_some_and(|at| at.duties.epoch.is_some()) {
                    return Err(Refusal::IsRegistered(*broker));
                }
                self.register(*broker);
            }
            Command::CheckIsr { broker } => {
                self.world.running(Endpoint::Broker(*broker))?;
                self.world.leading(*broker).ok_or(Refusal::DoesNotLead(*broker))?;
                self.check_isr(*broker);
            }
            Command::Checkpoint { broker } => {
                self.world.running(Endpoint::Broker(*broker))?;
                self.checkpoint(*broker);
            }
        }
        Ok(())
    }

    /// May the broker send a request of this kind to the controller now?
    fn duty(&self, id: BrokerId, kind: MessageKind) -> Result<(), Refusal> {
        self.world.running(Endpoint::Broker(id))?;
        if self.world.controllers.is_empty() {
            return Err(Refusal::NoController);
        }
        match self.world.brokers.get(&id).and_then(|broker| broker.asking(kind)) {
            Some(Asking::Asked(asked)) => Err(Refusal::AlreadyAsked(asked.request)),
            _ => Ok(()),
        }
    }

    fn fence_now(&mut self, id: BrokerId) -> Result<(), Refusal> {
        self.world.machine(Endpoint::Broker(id))?;
        let controller = self.world.active_controller().ok_or(Refusal::NoController)?;
        let controller_id = controller.id;
        if controller.image.brokers.get(&id).is_none_or(|known| known.fenced) {
            return Err(Refusal::IsFenced(id));
        }
        self.fence(controller_id, id);
        Ok(())
    }

    fn add_producer(&mut self, id: ProducerIndex, settings: ProducerSettings) -> Result<(), Refusal> {
        if self.world.producers.contains_key(&id) {
            return Err(Refusal::ProducerExists(id));
        }
        self.emit(EventKind::ProducerAdded { producer: id, settings });
        Ok(())
    }

    fn accumulate(&mut self, id: ProducerIndex, key: Option<String>, value: Option<String>) -> Result<(), Refusal> {
        let given = self.world.producer(id)?.given;
        let name = RecordId { producer: id, count: given + 1 };
        let record = PendingSend { name, key, value, timestamp: self.world.tick };
        self.emit_then(EventKind::RecordAccumulated { producer: id, record });
        self.send_if_ready(id);
        Ok(())
    }

    fn flush(&mut self, id: ProducerIndex) -> Result<(), Refusal> {
        self.world.producer(id)?;
        self.emit_then(EventKind::FlushAsked { producer: id });
        self.send_if_ready(id);
        Ok(())
    }

    fn add_consumer(&mut self, id: ConsumerIndex, settings: ConsumerSettings) -> Result<(), Refusal> {
        if self.world.consumers.contains_key(&id) {
            return Err(Refusal::ConsumerExists(id));
        }
        let position = self.world.reset_offset(settings.auto_offset_reset);
        self.emit(EventKind::ConsumerAdded { consumer: id, settings, position });
        Ok(())
    }

    fn poll_now(&mut self, id: ConsumerIndex) -> Result<(), Refusal> {
        if let Some(asked) = self.world.consumer(id)?.fetch {
            return Err(Refusal::AlreadyAsked(asked.request));
        }
        self.poll(id);
        Ok(())
    }

    fn commit_now(&mut self, id: ConsumerIndex) -> Result<(), Refusal> {
        if let Some(asked) = self.world.consumer(id)?.commit {
            return Err(Refusal::AlreadyAsked(asked.request));
        }
        self.commit(id);
        Ok(())
    }

    fn seek(&mut self, id: ConsumerIndex, to: Offset) -> Result<(), Refusal> {
        let from = self.world.consumer(id)?.position;
        self.emit(EventKind::PositionSought { consumer: id, from, to });
        Ok(())
    }

    fn deploy(&mut self, id: ConsumerIndex, program: Program) -> Result<(), Refusal> {
        self.world.consumer(id)?;
        let to = self.world.reset_offset(OffsetReset::Earliest);
        self.emit(EventKind::ProgramDeployed { consumer: id, program, to });
        Ok(())
    }

    fn restart(&mut self, id: ConsumerIndex) -> Result<(), Refusal> {
        let from = self.world.consumer(id)?.position;
        let to = self.world.restart_offset(id);
        self.emit(EventKind::ConsumerRestarted { consumer: id, from, to });
        Ok(())
    }

    fn fetch_now(&mut self, id: BrokerId) -> Result<(), Refusal> {
        self.world.running(Endpoint::Broker(id))?;
        if self.world.leading(id).is_some() {
            return Err(Refusal::LeaderDoesNotFetch(id));
        }
        let (_, following) = self.world.following(id).ok_or(Refusal::HasNoLeader(id))?;
        if let Asking::Asked(asked) = following.fetch {
            return Err(Refusal::AlreadyAsked(asked.request));
        }
        self.follower_fetch(id);
        Ok(())
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
        let committed = self.topic.committed.get(&id).copied();
        let reset = self.consumers.get(&id).map(|consumer| consumer.settings.auto_offset_reset);
        committed.unwrap_or_else(|| self.reset_offset(reset.unwrap_or(OffsetReset::Latest)))
    }
}
