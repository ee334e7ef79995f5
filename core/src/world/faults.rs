//! What goes wrong, and how it ends: processes that die, stand still or stop, disks, clocks, links.

use super::{Acting, Process, World};
use crate::command::Link;
use crate::event::{EventKind, Refusal};
use crate::ids::{BrokerId, Endpoint, MessageId, Offset};
use std::sync::Arc;

impl World {
    /// Whether this end works. Clients always do.
    #[must_use]
    pub fn process(&self, end: Endpoint) -> Process {
        match end {
            Endpoint::Broker(id) => self.brokers.get(&id).map_or(Process::Down { clean: true }, |at| at.process),
            Endpoint::Controller(id) => {
                self.controllers.get(&id).map_or(Process::Down { clean: true }, |at| at.process)
            }
            Endpoint::Producer(_) | Endpoint::Consumer(_) => Process::Up,
        }
    }

    pub(super) fn machine(&self, end: Endpoint) -> Result<Process, Refusal> {
        match end {
            Endpoint::Broker(id) if !self.brokers.contains_key(&id) => Err(Refusal::NoSuchBroker(id)),
            Endpoint::Controller(id) if !self.controllers.contains_key(&id) => Err(Refusal::NoSuchController(id)),
            _ => Ok(self.process(end)),
        }
    }

    pub(super) fn running(&self, end: Endpoint) -> Result<(), Refusal> {
        match self.machine(end)? {
            Process::Up => Ok(()),
            Process::Frozen | Process::Down { .. } => Err(Refusal::NotRunning(end)),
        }
    }
}

impl Acting<'_> {
    /// A process dies. Of a broker's log stays what was written, or with a loss of power what lies below `keep`.
    pub(super) fn crash(&mut self, at: Endpoint, keep: Option<Offset>) -> Result<(), Refusal> {
        if let Process::Down { .. } = self.world.machine(at)? {
            return Err(Refusal::NotRunning(at));
        }
        let mut log_end = Offset::ZERO;
        if let Endpoint::Broker(id) = at
            && let Some(broker) = self.world.brokers.get(&id)
        {
            let (flushed, end) = (broker.disk.flushed, broker.log.log_end());
            log_end = keep.unwrap_or(end);
            if log_end < flushed || log_end > end {
                return Err(Refusal::CannotKeep { flushed, log_end: end });
            }
            log_end = broker.log.end_if_cut(log_end);
        }
        self.emit_then(EventKind::Crashed { at, log_end, lost_power: keep.is_some() });
        self.connections_break(at);
        Ok(())
    }

    /// Its peers notice at once: what was under way is lost, and nobody waits for its answers any more.
    fn connections_break(&mut self, at: Endpoint) {
        let lost = |id: &MessageId| id.from == at || id.to == at;
        let messages = self.world.network.on_the_way.values().map(|travel| Arc::clone(&travel.message));
        let messages: Vec<_> = messages.filter(|message| lost(&message.id)).collect();
        for message in messages {
            self.emit(EventKind::MessageDropped { message });
        }
        for request in self.world.requests_to(at) {
            self.connection_lost(request);
        }
    }

    pub(super) fn stop(&mut self, id: BrokerId) -> Result<(), Refusal> {
        self.world.running(Endpoint::Broker(id))?;
        self.emit_then(EventKind::StopAsked { broker: id });
        if self.world.controllers.is_empty() {
            self.stop_cleanly(id);
        } else if self.world.runs_by_itself() {
            self.heartbeat(id);
        }
        Ok(())
    }

    /// Leave is given: what leads nothing any more writes all down and ends.
    pub(super) fn stop_cleanly(&mut self, id: BrokerId) {
        self.turn_away(id);
        self.emit_then(EventKind::Stopped { broker: id });
        self.connections_break(Endpoint::Broker(id));
    }

    pub(super) fn start(&mut self, at: Endpoint) -> Result<(), Refusal> {
        match self.world.machine(at)? {
            Process::Down { .. } => {
                self.emit_then(EventKind::Started { at });
                match at {
                    Endpoint::Broker(id) if self.world.controllers.is_empty() => self.take_up_role(id),
                    Endpoint::Controller(id) => self.controller_started(id),
                    Endpoint::Broker(_) | Endpoint::Producer(_) | Endpoint::Consumer(_) => {}
                }
                Ok(())
            }
            Process::Up | Process::Frozen => Err(Refusal::Running(at)),
        }
    }

    pub(super) fn freeze(&mut self, at: Endpoint) -> Result<(), Refusal> {
        self.world.running(at)?;
        self.emit(EventKind::Froze { at });
        Ok(())
    }

    pub(super) fn thaw(&mut self, at: Endpoint) -> Result<(), Refusal> {
        match self.world.machine(at)? {
            Process::Frozen => {
                self.emit(EventKind::Thawed { at });
                Ok(())
            }
            Process::Up => Err(Refusal::Running(at)),
            Process::Down { .. } => Err(Refusal::NotRunning(at)),
        }
    }

    pub(super) fn wipe(&mut self, id: BrokerId) -> Result<(), Refusal> {
        let at = Endpoint::Broker(id);
        match self.world.machine(at)? {
            Process::Down { .. } => {
                self.emit(EventKind::DiskWiped { broker: id });
                Ok(())
            }
            Process::Up | Process::Frozen => Err(Refusal::Running(at)),
        }
    }

    pub(super) fn sync(&mut self, id: BrokerId) -> Result<(), Refusal> {
        self.world.running(Endpoint::Broker(id))?;
        let to = self.world.brokers.get(&id).map_or(Offset::ZERO, |broker| broker.log.log_end());
        self.emit(EventKind::Flushed { broker: id, to });
        Ok(())
    }

    pub(super) fn cut(&mut self, link: Link, both_ways: bool) {
        self.emit(EventKind::LinkCut { link });
        if both_ways {
            self.emit(EventKind::LinkCut { link: link.back() });
        }
    }

    pub(super) fn heal(&mut self, link: Link, both_ways: bool) {
        self.emit(EventKind::LinkHealed { link });
        if both_ways {
            self.emit(EventKind::LinkHealed { link: link.back() });
        }
    }
}
