//! How fast all states of a model are looked at: `./lab bench checker`. Divan's items a second are states a second.
//!
//! Before the benchmarks run, each search is done once and says how many states it has and what one takes in memory,
//! with the way to it.

use divan::Bencher;
use divan::counter::ItemsCount;
use kafka_lab::checker::durability::{Harm, Inquiry, Knobs, Question, stop};
use kafka_lab::checker::spec::{Constants, Protocol, Spec};
use kafka_lab::checker::{Model, Search};

fn main() {
    for symmetry in [false, true] {
        tell(&format!("level 0, Kip320, {}", protocol(symmetry).constants), &searched(protocol(symmetry), 0));
    }
    let question = || Question::new(Knobs::default()).expect("knobs within range");
    tell("level 1, the default question", &searched(question(), question().knobs().bounds.faults));
    divan::main();
}

/// Three replicas, two records, three epochs.
fn protocol(symmetry: bool) -> Protocol {
    let constants = Constants { replicas: 3, log_size: 2, max_records: 2, max_leader_epoch: 2, symmetry };
    Protocol::new(Spec::Kip320, constants)
}

fn searched<M: Model>(model: M, most_faults: u8) -> Search<M> {
    let mut search = Search::new(model, most_faults);
    while search.visit_next().is_some() {}
    search
}

fn tell<M: Model>(what: &str, search: &Search<M>) {
    let states = search.states();
    println!("{what}: {states} states, {} bytes a state with the way to it", search.bytes() / states);
}

#[divan::bench(args = [false, true], sample_count = 3, sample_size = 1)]
fn level_0(bencher: Bencher, symmetry: bool) {
    let states = searched(protocol(symmetry), 0).states();
    bencher.counter(ItemsCount::new(states)).bench(|| searched(protocol(symmetry), 0).states());
}

fn asked(knobs: Knobs) -> Inquiry {
    let question = Question::new(knobs).expect("knobs within range");
    let mut inquiry = Inquiry::new(question, Harm::Lost).expect("knobs within range");
    while inquiry.advance(usize::MAX) {}
    inquiry
}

/// Kafka's defaults, with `min.insync.replicas` 2: all states, and no loss.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn level_1(bencher: Bencher) {
    let states = asked(Knobs::default()).states();
    bencher.counter(ItemsCount::new(states)).bench(|| asked(Knobs::default()).states());
}

/// The same with power that may fail, and one replica in sync being enough: until the cheapest loss is found.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn level_1_loss(bencher: Bencher) {
    let knobs = Knobs { power_loss: true, min_isr: 1, ..Knobs::default() };
    let states = asked(knobs).states();
    bencher.counter(ItemsCount::new(states)).bench(|| asked(knobs).states());
}

/// The cheapest way to stop writing.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn level_1_stop(bencher: Bencher) {
    let question = Question::new(Knobs::default()).expect("knobs within range");
    bencher.bench(|| stop(&question));
}
