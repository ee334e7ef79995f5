//! A run of actions as a script for a world: hand-scheduled commands that bring it from state to state.
//!
//! The script is written while a world plays it, since an action may be one command or several: a fetch that waits at
//! its leader already has only to be answered. Nothing is decided here; where the world comes out otherwise than the
//! state says, there is no script.

use super::agreement::{Differs, difference};
use super::knobs::LAG_MAX_MS;
use super::state::Epoch;
use super::{Action, Question, State};
use crate::checker::search::Model;
use crate::command::{Command, ElectionType, Schedule, Script};
use crate::event::EventKind;
use crate::ids::{BrokerId, ControllerId, Endpoint, MessageId, MessageKind, Offset, ProducerIndex, RecordId};
use crate::world::{Asking, Recording, SESSION_TIMEOUT_MS, World};

/// A fetch that waits at its leader is answered after this long at the latest.
const FETCH_WAIT_MS: u32 = 500;
/// How much is done for one fetch: what waits is answered, a request, its answer.
const MOST_MOVES: usize = 6;
const CONTROLLER: Endpoint = Endpoint::Controller(ControllerId(1));

/// Why a run can't be played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stuck {
    /// The world refuses this command.
    Refused { step: usize, command: String },
    /// There is no such message on the way.
    NoMessage { step: usize, kind: MessageKind, from: Endpoint, to: Endpoint },
    /// No producer takes this broker for the leader.
    NobodyProducesAt { step: usize, broker: BrokerId },
    /// The world has become another one than the state says.
    Differs { step: usize, what: Differs },
}

/// A run that a world has played.
#[derive(Clone, Debug)]
pub struct Played {
    pub script: Script,
    pub world: World,
}

/// Writes a run down as a script, and plays it.
///
/// # Errors
/// The first step that the world does not take as the state says.
pub fn play(question: &Question, run: &[(Action, State)]) -> Result<Played, Stuck> {
    let mut stage = Stage::new(question, run);
    stage.set_up()?;
    for (step, (action, after)) in run.iter().enumerate() {
        stage.step = step;
        stage.ask_before_the_change()?;
        stage.take(*action, after)?;
        stage.add_producer()?;
        if let Some(what) = stage.difference(after) {
            return Err(Stuck::Differs { step, what });
        }
    }
    Ok(Played { script: Script::of(1, stage.commands), world: stage.world })
}

struct Stage<'a> {
    question: &'a Question,
    initial: State,
    run: &'a [(Action, State)],
    /// Which step of the run is being played.
    step: usize,
    world: World,
    recording: Recording,
    commands: Vec<Command>,
    /// The producer that takes this broker for the leader of this epoch.
    producers: Vec<(BrokerId, Epoch, ProducerIndex)>,
    /// The records of the model, by the names they have in the world.
    records: Vec<RecordId>,
}

impl<'a> Stage<'a> {
    fn new(question: &'a Question, run: &'a [(Action, State)]) -> Stage<'a> {
        Stage {
            question,
            initial: question.initial(),
            run,
            step: 0,
            world: World::new(1),
            recording: Recording::at_most(usize::MAX),
            commands: Vec::new(),
            producers: Vec::new(),
            records: Vec::new(),
        }
    }

    /// The state before this step.
    fn before(&self, step: usize) -> &State {
        step.checked_sub(1).map_or(&self.initial, |last| &self.run[last].1)
    }

    fn difference(&self, state: &State) -> Option<Differs> {
        difference(&self.world, self.question.knobs(), state, &self.records)
    }

    fn command(&mut self, command: Command) -> Result<(), Stuck> {
        self.recording.forget();
        self.world.perform(&command, &mut self.recording);
        if self.recording.events.iter().any(|event| matches!(event.kind, EventKind::Refused(_))) {
            return Err(Stuck::Refused { step: self.step, command: command.to_string() });
        }
        self.commands.push(command);
        Ok(())
    }

    /// The oldest message of its kind that is on this way.
    fn on_the_way(&self, kind: MessageKind, from: Endpoint, to: Endpoint) -> Option<MessageId> {
        let all = self.world.network.on_the_way.keys();
        all.copied().find(|id| (id.kind, id.from, id.to) == (kind, from, to))
    }

    fn deliver(&mut self, kind: MessageKind, from: Endpoint, to: Endpoint) -> Result<(), Stuck> {
        let no_message = Stuck::NoMessage { step: self.step, kind, from, to };
        let message = self.on_the_way(kind, from, to).ok_or(no_message)?;
        self.command(Command::Deliver { message })
    }

    /// A request arrives, and its answer.
    fn exchange(&mut self, kinds: (MessageKind, MessageKind), from: Endpoint, to: Endpoint) -> Result<(), Stuck> {
        self.deliver(kinds.0, from, to)?;
        self.deliver(kinds.1, to, from)
    }

    fn set_up(&mut self) -> Result<(), Stuck> {
        let knobs = *self.question.knobs();
        self.command(Command::Cluster(knobs.cluster()))?;
        self.command(Command::Schedule(Schedule::ByHand))?;
        self.command(Command::TruncationRule(knobs.truncation))?;
        // Nobody counts as caught up because the cluster has only begun, and no old session keeps a new start out.
        self.outlast_sessions()?;
        for id in State::ids(&knobs).filter(|id| id.0 > knobs.initial_isr) {
            self.command(Command::Fence { broker: id })?;
            self.heartbeat(id)?;
        }
        if knobs.initial_isr < knobs.replicas {
            State::ids(&knobs).try_for_each(|id| self.learn(id))?;
        }
        self.add_producer()
    }

    fn outlast_sessions(&mut self) -> Result<(), Stuck> {
        let ms = u32::try_from(SESSION_TIMEOUT_MS).unwrap_or(u32::MAX);
        self.command(Command::Wait { ms: ms.saturating_add(1) })
    }

    fn heartbeat(&mut self, id: BrokerId) -> Result<(), Stuck> {
        self.command(Command::Heartbeat { broker: id })?;
        let kinds = (MessageKind::BrokerHeartbeat, MessageKind::BrokerHeartbeatResponse);
        self.exchange(kinds, id.into(), CONTROLLER)
    }

    fn ask_for_metadata(&mut self, id: BrokerId) -> Result<(), Stuck> {
        self.command(Command::Learn { broker: id })?;
        self.deliver(MessageKind::FetchMetadata, id.into(), CONTROLLER)
    }

    fn learn(&mut self, id: BrokerId) -> Result<(), Stuck> {
        if self.on_the_way(MessageKind::FetchMetadataResponse, CONTROLLER, id.into()).is_none() {
            self.ask_for_metadata(id)?;
        }
        self.deliver(MessageKind::FetchMetadataResponse, CONTROLLER, id.into())
    }

    /// A leader asks for one ISR at a time. What it asked for before it heard of the change is refused, and forgotten.
    fn hear_of_refusal(&mut self, id: BrokerId) -> Result<(), Stuck> {
        if self.on_the_way(MessageKind::AlterPartition, id.into(), CONTROLLER).is_some() {
            let kinds = (MessageKind::AlterPartition, MessageKind::AlterPartitionResponse);
            self.exchange(kinds, id.into(), CONTROLLER)?;
        }
        Ok(())
    }

    /// A broker that will hear of an epoch when it is over asks while it lasts; the answer is long on its way.
    fn ask_before_the_change(&mut self) -> Result<(), Stuck> {
        let (before, after) = (*self.before(self.step), self.run[self.step].1);
        if before.newest == after.newest {
            return Ok(());
        }
        let knobs = *self.question.knobs();
        for id in State::ids(&knobs) {
            let next = self.run[self.step..].iter().find_map(|(action, _)| match action {
                Action::Learn { broker, epoch } if *broker == id => Some(Some(*epoch)),
                Action::Crash { broker, .. } if *broker == id => Some(None),
                _ => None,
            });
            if next == Some(Some(before.newest)) {
                self.ask_for_metadata(id)?;
            }
        }
        Ok(())
    }

    /// A producer knows who leads when it is added: so it is added then, if it will be needed.
    fn add_producer(&mut self) -> Result<(), Stuck> {
        let Some((leader, leading)) = self.world.leader() else { return Ok(()) };
        let (leader, epoch) = (leader.id, u8::try_from(leading.epoch.0).unwrap_or_default());
        let is_needed = self.run[self.step..].iter().any(|(action, _)| *action == Action::Produce(leader));
        if !is_needed || self.producers.iter().any(|(id, of, _)| (*id, *of) == (leader, epoch)) {
            return Ok(());
        }
        let id = ProducerIndex(u8::try_from(self.producers.len() + 1).unwrap_or(u8::MAX));
        self.command(Command::Producer { id, settings: self.question.knobs().producer() })?;
        self.producers.push((leader, epoch, id));
        Ok(())
    }

    fn take(&mut self, action: Action, after: &State) -> Result<(), Stuck> {
        match action {
            Action::Fence(id) => self.command(Command::Fence { broker: id }),
            Action::ElectPreferred => self.command(Command::Elect(ElectionType::Preferred)),
            Action::Crash { broker, keep } => {
                let keep = keep.map(|keep| Offset(keep.into()));
                self.command(Command::Crash { at: broker.into(), keep })
            }
            Action::Restart(id) => self.restart(id),
            Action::Unfence(id) => self.heartbeat(id),
            Action::Learn { broker, .. } => {
                self.let_be_late(broker, after)?;
                self.learn(broker)?;
                self.hear_of_refusal(broker)
            }
            Action::Produce(id) => self.produce(id, after),
            Action::Fetch(id) => self.fetch(id, after),
            Action::AskInVain(id) => self.ask_in_vain(id, after),
            Action::CheckIsr(id) => {
                self.command(Command::Wait { ms: LAG_MAX_MS + 1 })?;
                self.command(Command::CheckIsr { broker: id })
            }
            Action::AlterIsr(id) => {
                self.let_be_late(id, after)?;
                let kinds = (MessageKind::AlterPartition, MessageKind::AlterPartitionResponse);
                self.exchange(kinds, id.into(), CONTROLLER)
            }
        }?;
        self.hear_of_acknowledgements()
    }

    fn restart(&mut self, id: BrokerId) -> Result<(), Stuck> {
        let heard = self.world.active_controller().and_then(|at| at.sessions.get(&id)).map(|session| session.heard);
        if heard.is_some_and(|heard| heard.plus_ms(SESSION_TIMEOUT_MS) >= self.world.tick) {
            self.outlast_sessions()?;
        }
        self.command(Command::Start { at: id.into() })?;
        self.command(Command::Register { broker: id })?;
        let kinds = (MessageKind::BrokerRegistration, MessageKind::BrokerRegistrationResponse);
        self.exchange(kinds, id.into(), CONTROLLER)
    }

    fn produce(&mut self, id: BrokerId, after: &State) -> Result<(), Stuck> {
        let epoch = self.before(self.step).replica(id).epoch;
        let known = self.producers.iter().find(|(leader, of, _)| *leader == id && Some(*of) == epoch);
        let nobody = Stuck::NobodyProducesAt { step: self.step, broker: id };
        let (.., producer) = *known.ok_or(nobody)?;
        self.answer_waiting_fetches(id)?;
        self.let_be_late(id, after)?;
        let name = self.records.len();
        self.command(Command::Send { producer, key: None, value: Some(format!("m{name}")) })?;
        let count = self.world.producers.get(&producer).map_or(0, |producer| producer.given);
        self.records.push(RecordId { producer, count });
        self.deliver(MessageKind::Produce, producer.into(), id.into())
    }

    /// A fetch that waits would be answered by the record. It is answered before, unless that tells its sender news.
    fn answer_waiting_fetches(&mut self, leader: BrokerId) -> Result<(), Stuck> {
        let knobs = *self.question.knobs();
        for id in State::ids(&knobs).filter(|id| *id != leader) {
            let before = self.before(self.step);
            let is_told_nothing = before.replica(id).mark == before.replica(leader).mark.min(before.replica(id).end);
            if is_told_nothing && self.waits_at(id, leader) {
                self.command(Command::Wait { ms: FETCH_WAIT_MS })?;
                self.deliver(MessageKind::FetchResponse, leader.into(), id.into())?;
            }
        }
        Ok(())
    }

    /// Whether a follower's fetch waits at this leader.
    fn waits_at(&self, id: BrokerId, leader: BrokerId) -> bool {
        let waiting = self.world.leading(leader).map(|(_, leading)| leading.waiting.as_slice());
        waiting.is_some_and(|waiting| waiting.iter().any(|waiting| waiting.request.from == id.into()))
    }

    /// A producer hears at once of what is acknowledged, before anything can happen to the leader.
    fn hear_of_acknowledgements(&mut self) -> Result<(), Stuck> {
        let answers = |id: &&MessageId| id.kind == MessageKind::ProduceResponse;
        while let Some(message) = self.world.network.on_the_way.keys().find(answers).copied() {
            self.command(Command::Deliver { message })?;
        }
        Ok(())
    }

    /// A fetch may have arrived before and wait, or its answer be on the way. So one thing after the other is done
    /// until the world is where the state is.
    fn fetch(&mut self, id: BrokerId, after: &State) -> Result<(), Stuck> {
        let Some(leader) = self.before(self.step).leader_of(id) else { return Ok(()) };
        self.let_know_of_brokers(leader)?;
        self.let_be_late(leader, after)?;
        for _ in 0..MOST_MOVES {
            self.fetch_on(id, leader)?;
            self.hear_of_acknowledgements()?;
            if self.difference(after).is_none() {
                break;
            }
        }
        Ok(())
    }

    /// Whoever was caught up a moment ago holds the mark back as if it were in sync: that moment is over.
    fn let_be_late(&mut self, leader: BrokerId, after: &State) -> Result<(), Stuck> {
        let Some((broker, leading)) = self.world.leading(leader) else { return Ok(()) };
        let partition = self.world.partition_at(broker, leading);
        let now_ms = self.world.tick.0;
        let (late, leads) = (partition.late(now_ms), after.replica(leader));
        let in_sync = leads.isr.union(leads.in_flight);
        let in_time = |id: &BrokerId| !late.contains(*id) && !in_sync.contains(*id);
        if partition.followers.keys().any(in_time) {
            self.command(Command::Wait { ms: LAG_MAX_MS + 1 })
        } else {
            Ok(())
        }
    }

    /// As [`Stage::fetch`], until the request has arrived.
    fn ask_in_vain(&mut self, id: BrokerId, after: &State) -> Result<(), Stuck> {
        let Some(leader) = self.before(self.step).leader_of(id) else { return Ok(()) };
        self.let_know_of_brokers(leader)?;
        self.let_be_late(leader, after)?;
        for _ in 0..MOST_MOVES {
            if self.is_asking(id) {
                self.fetch_on(id, leader)?;
            }
        }
        self.command(Command::Fetch { broker: id })?;
        self.deliver(MessageKind::Fetch, id.into(), leader.into())
    }

    /// The next thing that happens to a fetch, or to a question that comes before it.
    fn fetch_on(&mut self, id: BrokerId, leader: BrokerId) -> Result<(), Stuck> {
        let (follower, leader) = (Endpoint::from(id), Endpoint::from(leader));
        let there = [MessageKind::Fetch, MessageKind::OffsetForLeaderEpoch].map(|kind| (kind, follower, leader));
        let back = [MessageKind::FetchResponse, MessageKind::OffsetForLeaderEpochResponse];
        let messages = back.map(|kind| (kind, leader, follower)).into_iter().chain(there);
        let mut under_way = messages.filter_map(|(kind, from, to)| self.on_the_way(kind, from, to));
        if let Some(message) = under_way.next() {
            return self.command(Command::Deliver { message });
        }
        if self.is_asking(id) {
            return self.command(Command::Wait { ms: FETCH_WAIT_MS });
        }
        self.command(Command::Fetch { broker: id })
    }

    /// Whether a follower waits for the answer to a fetch.
    fn is_asking(&self, id: BrokerId) -> bool {
        self.world.following(id).is_some_and(|(_, following)| matches!(following.fetch, Asking::Asked(_)))
    }

    /// A leader goes by what it knows of other brokers; where it knows all of the partition, it shall know that too.
    fn let_know_of_brokers(&mut self, leader: BrokerId) -> Result<(), Stuck> {
        if !self.before(self.step).replica(leader).is_up_to_date {
            return Ok(());
        }
        let known = self.world.brokers.get(&leader).map(|at| at.image.end);
        let written = self.world.active_controller().map(|at| at.image.end);
        if known < written { self.learn(leader) } else { Ok(()) }
    }
}
