//! How fast a world runs, and how long a seek takes: `./lab bench kernel`.
//!
//! A seek may take 16 ms native in a run of 10,000 events; the table also shows how both grow with the run.

use divan::Bencher;
use divan::counter::ItemsCount;
use kafka_lab::command::Script;
use kafka_lab::frame::{Window, of_world};
use kafka_lab::timeline::Run;

fn main() {
    divan::main();
}

/// Three brokers, two readers, and records for as long as it takes: about this many events.
fn run_of(events: usize) -> Run {
    let mut text = String::from(
        "version 1\nseed 1\ncluster brokers=3\nnetwork latency.ms=10 jitter.ms=8\nproducer p1 linger.ms=0\n\
         consumer c1 auto.offset.reset=earliest\nconsumer c2 auto.offset.reset=earliest max.poll.records=2 work.ms=9\n",
    );
    for n in 0..events / 20 {
        text.push_str(&format!("send p1 key=k{} value=+{n}\nwait 30\n", n % 5));
    }
    Run::play_at_most(&Script::parse(&text).script, events)
}

#[divan::bench(args = [1_000, 10_000, 100_000])]
fn play(bencher: Bencher, events: usize) {
    let script = run_of(events).script();
    let bencher = bencher.counter(ItemsCount::new(events));
    bencher.bench(|| Run::play_at_most(divan::black_box(&script), events));
}

#[divan::bench(args = [1_000, 10_000, 100_000])]
fn seek_and_frame(bencher: Bencher, events: usize) {
    let run = run_of(events);
    let mut at = 0;
    bencher.bench_local(|| {
        at = (at + 7_919) % run.len();
        let world = run.world_at(divan::black_box(at));
        of_world(&world, Window::ALL)
    });
}

#[divan::bench(args = [1_000, 10_000, 100_000])]
fn hash(bencher: Bencher, events: usize) {
    let run = run_of(events);
    bencher.bench(|| divan::black_box(&run).end().hash());
}
