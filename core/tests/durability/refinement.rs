//! The world refines the model: whatever is done to a world, actions of the model lead to where it is then.
//!
//! One thing is done at a time: a request and its answer are one, as in the model, and before each the time of one lag
//! goes by. What is asked of the controller, news from it and fetches that wait at a leader go on from one to the next.
//! Not held: answers that are long on their way and tell what was, which the model leaves out.

use kafka_lab::checker::durability::{Bounds, Guard, Knobs, Question, Removed, State, Track};
use kafka_lab::command::{Acks, ClusterSettings, Command, ElectionType, ProducerSettings, Schedule, Script};
use kafka_lab::event::EventKind;
use kafka_lab::ids::{BrokerId, MessageId, MessageKind, Offset, ProducerIndex, RecordId, Tick};
use kafka_lab::rules::storage::StorageRule;
use kafka_lab::rules::truncation_rule::TruncationRule;
use kafka_lab::world::{Asking, Process, Recording, SESSION_TIMEOUT_MS, TopicSettings, World};

const LAG_MAX_MS: u32 = 1_000;
const RUNS: u64 = 1_000;
/// Things done in a run; most of them change nothing.
const STEPS: usize = 150;
/// A leader hears of the ISR that it asked for before it takes the request for lost, which the model does not know of.
const MOST_PATIENCE_MS: i64 = 2_000;

struct Stage {
    knobs: Knobs,
    world: World,
    recording: Recording,
    commands: Vec<Command>,
    /// Who takes which broker for the leader of which epoch.
    producers: Vec<(BrokerId, i32)>,
    /// Since when a request for an ISR is on its way.
    asks_since: Option<Tick>,
    drawn: u64,
}

impl Stage {
    fn new(knobs: Knobs, seed: u64) -> Stage {
        let (world, recording) = (World::new(1), Recording::at_most(usize::MAX));
        let mut stage = Stage {
            knobs,
            world,
            recording,
            commands: Vec::new(),
            producers: Vec::new(),
            asks_since: None,
            drawn: seed,
        };
        let topic = TopicSettings { min_in_sync: knobs.min_isr, unclean_elections: knobs.unclean };
        let default = ClusterSettings::of_brokers(knobs.replicas);
        let (storage, elr, lag_max_ms) = (StorageRule::Keep, knobs.elr, LAG_MAX_MS);
        stage.command(Command::Cluster(ClusterSettings { controllers: 1, storage, topic, elr, lag_max_ms, ..default }));
        stage.command(Command::Schedule(Schedule::ByHand));
        stage.command(Command::TruncationRule(knobs.truncation));
        stage.outlast_sessions();
        stage.add_producer();
        stage
    }

    fn draw(&mut self, below: usize) -> usize {
        self.drawn = self.drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.drawn >> 33) as usize % below
    }

    /// Says whether the world took it.
    fn command(&mut self, command: Command) -> bool {
        self.recording.forget();
        self.world.perform(&command, &mut self.recording);
        let is_taken = !self.recording.events.iter().any(|event| matches!(event.kind, EventKind::Refused(_)));
        if is_taken {
            self.commands.push(command);
        }
        is_taken
    }

    fn wait(&mut self, ms: u32) {
        self.command(Command::Wait { ms });
    }

    fn outlast_sessions(&mut self) {
        self.wait(u32::try_from(SESSION_TIMEOUT_MS).expect("some seconds") + 1);
    }

    /// Delivers what is on the way of these kinds, until nothing is.
    fn deliver(&mut self, kinds: &[MessageKind]) -> bool {
        let mut any = false;
        loop {
            let of_kind = |message: &MessageId| kinds.contains(&message.kind);
            let Some(message) = self.world.network.on_the_way.keys().copied().find(of_kind) else { return any };
            self.command(Command::Deliver { message });
            any = true;
        }
    }

    /// What producers and followers are answered is heard at once.
    fn hear_answers(&mut self) {
        use MessageKind::{FetchResponse, OffsetForLeaderEpochResponse, ProduceResponse};
        self.deliver(&[ProduceResponse, FetchResponse, OffsetForLeaderEpochResponse]);
    }

    fn add_producer(&mut self) {
        let Some((leader, leading)) = self.world.leader() else { return };
        let known = (leader.id, leading.epoch.0);
        if !self.producers.contains(&known) && self.producers.len() < 9 {
            let id = ProducerIndex(u8::try_from(self.producers.len() + 1).expect("few"));
            // The model knows no time, so nobody gives up.
            let (delivery_timeout_ms, request_timeout_ms) = (u32::MAX, u32::MAX);
            let (acks, default) = (self.knobs.acks, ProducerSettings::default());
            let settings = ProducerSettings { acks, linger_ms: 0, delivery_timeout_ms, request_timeout_ms, ..default };
            if self.command(Command::Producer { id, settings }) {
                self.producers.push(known);
            }
        }
    }

    /// Does something to the world. Gives the record that a leader has taken by it.
    fn go_on(&mut self) -> Option<RecordId> {
        let asks = self.world.network.on_the_way.keys().any(|message| message.kind == MessageKind::AlterPartition);
        self.asks_since = asks.then(|| self.asks_since.unwrap_or(self.world.tick));
        if self.asks_since.is_some_and(|since| since.plus_ms(MOST_PATIENCE_MS) < self.world.tick) {
            self.judge_isr();
            return None;
        }
        let id = BrokerId(u8::try_from(self.draw(self.knobs.replicas.into())).expect("few") + 1);
        match self.draw(20) {
            0 => drop(self.command(Command::Fence { broker: id })),
            1 => drop(self.command(Command::Elect(ElectionType::Preferred))),
            2 => self.crash(id),
            3 | 4 => self.restart(id),
            5 | 6 => {
                self.command(Command::Heartbeat { broker: id });
                self.deliver(&[MessageKind::BrokerHeartbeat, MessageKind::BrokerHeartbeatResponse]);
            }
            7..=9 => self.learn(id),
            10..=12 => return self.produce(),
            13 => drop(self.command(Command::CheckIsr { broker: id })),
            14 | 15 => self.judge_isr(),
            _ => self.fetch(id),
        }
        None
    }

    fn judge_isr(&mut self) {
        self.deliver(&[MessageKind::AlterPartition, MessageKind::AlterPartitionResponse]);
    }

    fn crash(&mut self, id: BrokerId) {
        let end = self.world.brokers.get(&id).map_or(0, |broker| broker.log.log_end().0);
        let takes_power = self.knobs.power_loss && end > 0 && self.draw(2) == 0;
        let keep = takes_power.then(|| Offset(end - 1));
        self.command(Command::Crash { at: id.into(), keep });
    }

    /// The controller knows that it is gone before it comes back.
    fn restart(&mut self, id: BrokerId) {
        if self.world.brokers.get(&id).is_some_and(|broker| broker.process != Process::Up) {
            let fenced =
                self.world.active_controller().and_then(|at| at.image.brokers.get(&id).map(|known| known.fenced));
            if self.asks_since.is_some() {
                self.judge_isr();
            } else if fenced == Some(true) {
                self.outlast_sessions();
                self.command(Command::Start { at: id.into() });
                self.command(Command::Register { broker: id });
                self.deliver(&[MessageKind::BrokerRegistration, MessageKind::BrokerRegistrationResponse]);
            }
        }
    }

    fn learn(&mut self, id: BrokerId) {
        self.command(Command::Learn { broker: id });
        let (there, back) = (MessageKind::FetchMetadata, MessageKind::FetchMetadataResponse);
        self.deliver(&[there]);
        self.deliver(&[back]);
    }

    fn produce(&mut self) -> Option<RecordId> {
        let most = usize::from(self.knobs.bounds.records);
        let sent: u32 = self.world.producers.values().map(|producer| producer.given).sum();
        if sent as usize >= most || self.producers.is_empty() {
            return None;
        }
        let place = self.draw(self.producers.len());
        let (leader, epoch) = self.producers[place];
        let leads = self.world.leading(leader).is_some_and(|(_, leading)| leading.epoch.0 == epoch);
        let producer = ProducerIndex(u8::try_from(place + 1).expect("few"));
        if !leads || !self.command(Command::Send { producer, key: None, value: Some("m".to_owned()) }) {
            return None;
        }
        self.deliver(&[MessageKind::Produce]);
        let count = self.world.producers.get(&producer).map_or(0, |producer| producer.given);
        let record = RecordId { producer, count };
        let (broker, _) = self.world.leading(leader)?;
        let is_taken = broker.log.batches().any(|batch| batch.names.contains(&record));
        is_taken.then_some(record)
    }

    fn fetch(&mut self, id: BrokerId) {
        let is_asking = |following: &kafka_lab::world::Following| matches!(following.fetch, Asking::Asked(_));
        if self.world.following(id).is_some_and(|(_, following)| is_asking(following)) {
            return self.wait(500);
        }
        self.let_know_of_brokers(id);
        self.command(Command::Fetch { broker: id });
        self.deliver(&[MessageKind::Fetch, MessageKind::OffsetForLeaderEpoch]);
    }

    /// In the model a leader that knows all of its partition knows of other brokers too.
    fn let_know_of_brokers(&mut self, follower: BrokerId) {
        let Some((_, following)) = self.world.following(follower) else { return };
        let leader = following.leader;
        let Some((_, leading)) = self.world.leading(leader) else { return };
        let newest = self.world.active_controller().map(|at| at.image.partition.partition_epoch);
        if newest == Some(leading.partition_epoch) {
            self.learn(leader);
        }
    }
}

/// Settings that differ with the seed.
fn knobs(seed: u64) -> Knobs {
    let is_off = |bit: u32| seed >> bit & 1 == 0;
    Knobs {
        truncation: TruncationRule::ALL[seed as usize % 4],
        elr: is_off(2),
        power_loss: is_off(3),
        unclean: is_off(4),
        acks: [Acks::All, Acks::Leader][seed as usize / 32 % 2],
        min_isr: 1 + (seed / 64 % 3) as u8,
        bounds: Bounds { records: 2, epochs: 5, faults: 3 },
        ..Knobs::default()
    }
}

/// A world with these settings goes on, and a model follows. Gives how many actions that took, and the state at last.
fn follow(knobs: Knobs, question: &Question, seed: u64) -> Result<(usize, State), String> {
    let mut stage = Stage::new(knobs, seed);
    let mut track = Track::new(question, &stage.world).expect("both begin alike");
    let mut actions = 0;
    for _ in 0..STEPS {
        stage.wait(LAG_MAX_MS + 1);
        let record = stage.go_on();
        stage.hear_answers();
        stage.add_producer();
        record.into_iter().for_each(|record| track.note(record));
        let newest = stage.world.active_controller().map_or(0, |at| at.image.partition.leader_epoch.0);
        if newest >= i32::from(knobs.bounds.epochs) {
            break;
        }
        actions += track.follow(&stage.world).map_err(|differs| {
            let script = Script::of(1, stage.commands.clone()).to_string();
            let last: Vec<&str> = script.lines().rev().take(8).collect();
            format!("{seed} {:?} {differs:?} after\n{}", knobs.truncation, last.join("\n"))
        })?;
    }
    Ok((actions, track.states()[0]))
}

#[test]
fn whatever_a_world_does_the_model_can_do() {
    let (mut left, mut actions, mut epochs, mut acknowledged) = (Vec::new(), 0, 0, 0);
    for seed in 0..RUNS {
        let question = Question::new(knobs(seed)).expect("knobs within range");
        match follow(knobs(seed), &question, seed) {
            Ok((taken, state)) => {
                actions += taken;
                epochs += usize::from(state.newest);
                acknowledged += state.acknowledged.count_ones();
            }
            Err(told) => left.push(told),
        }
    }
    assert!(left.is_empty(), "{} of {RUNS} runs\n{}", left.len(), left.join("\n"));
    // Much has to happen in these runs, or they would show nothing.
    assert!(actions > 20_000 && epochs > 2_000 && acknowledged > 1_000, "{actions}, {epochs}, {acknowledged}");
}

/// A model with other settings than the world is found out.
#[test]
fn a_world_with_other_settings_leaves_the_model() {
    let others: [fn(Knobs) -> Knobs; 4] = [
        |knobs| Knobs { unclean: !knobs.unclean, ..knobs },
        |knobs| Knobs { elr: !knobs.elr, ..knobs },
        |knobs| Knobs { min_isr: 1 + knobs.min_isr % 3, ..knobs },
        |knobs| Knobs { removed: Removed::default().with(Guard::LogEndKnown), ..knobs },
    ];
    for (place, other) in others.into_iter().enumerate() {
        let leaves = |seed: &u64| {
            let question = Question::new(other(knobs(*seed))).expect("knobs within range");
            follow(knobs(*seed), &question, *seed).is_err()
        };
        assert!((0..64).any(|seed| leaves(&seed)), "{place}");
    }
}
