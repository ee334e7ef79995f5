//! The core as the browser runs it, with no page around it. It is built beside the site and is no part of it.

mod questions;

use kafka_lab::checker::Search;
use kafka_lab::checker::spec::{Constants, Protocol, Spec};
use kafka_lab::command::{Command, Script};
use kafka_lab::frame::{Window, of_world};
use kafka_lab::ids::BrokerId;
use kafka_lab::sample;
use kafka_lab::timeline::{Run, first_difference};
use wasm_bindgen::prelude::wasm_bindgen;

/// Commands of each random script, after its set-up.
const COMMANDS: usize = 60;

/// The hash of the world at the end of the random script with this seed.
#[wasm_bindgen]
#[must_use]
pub fn sample_hash(seed: u32) -> u64 {
    sample::end_hash(u64::from(seed), COMMANDS)
}

/// How many questions [`checker_answer`] answers, from 0 on.
#[wasm_bindgen]
#[must_use]
pub fn checker_questions() -> u32 {
    questions::QUESTIONS
}

/// The checker's answer to the question with this number: states, costs, the run and its script, as text.
#[wasm_bindgen]
#[must_use]
pub fn checker_answer(number: u32) -> String {
    questions::answer(number)
}

/// Looks at every state of KIP-320 with three replicas, two records and three epochs, once each, or once for all that
/// differ by the names of replicas alone. Says how many there are.
#[wasm_bindgen]
#[must_use]
pub fn count_kip_320(symmetry: bool) -> usize {
    let constants = Constants { replicas: 3, log_size: 2, max_records: 2, max_leader_epoch: 2, symmetry };
    let mut search = Search::new(Protocol::new(Spec::Kip320, constants), 0);
    while search.visit_next().is_some() {}
    search.states()
}

/// A long run in which to seek: three brokers and a controller, two readers, a producer that never stops.
#[wasm_bindgen]
#[derive(Debug)]
pub struct LongRun {
    run: Run,
}

#[wasm_bindgen]
impl LongRun {
    /// Plays until there are this many events; what has begun then is brought to its end.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(events: usize) -> Self {
        let mut text = String::from(
            "version 1\nseed 1\ncluster brokers=3 controllers=1\nnetwork latency.ms=10 jitter.ms=8\n\
             producer p1 linger.ms=0\nconsumer c1 auto.offset.reset=earliest\nconsumer c2 auto.offset.reset=earliest\n",
        );
        for record in 0..events / 10 {
            text.push_str(&format!("send p1 key=k{} value=+{record}\nwait 30\n", record % 5));
        }
        Self { run: Run::play_at_most(&Script::parse(&text).script, events) }
    }

    /// How many events it has.
    #[must_use]
    pub fn events(&self) -> usize {
        self.run.len()
    }

    /// Goes to a moment and makes the frame that would be drawn; says how many cells it has.
    #[must_use]
    pub fn seek(&self, moment: usize) -> usize {
        of_world(&self.run.world_at(moment), Window::ALL).tapes.iter().map(|tape| tape.cells.len()).sum()
    }

    /// Forks the run at a moment, where broker 3 dies, and looks for the first difference; says whether there is one.
    #[must_use]
    pub fn fork(&self, moment: usize) -> bool {
        let crash = Command::Crash { at: BrokerId(3).into(), keep: None };
        let (script, _) = self.run.forked_script(moment, &[crash]);
        first_difference(&self.run, &Run::play_at_most(&script, self.run.len())).is_some()
    }
}
