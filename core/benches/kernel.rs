//! How fast a world runs, how that grows with the run, and how long seeks and forks take: `./lab bench kernel`.
//!
//! A seek may take 16 ms native in a run of 10,000 events, a fork with its first difference a second in the browser.

use divan::Bencher;
use divan::counter::ItemsCount;
use kafka_lab::command::{Command, Script};
use kafka_lab::frame::{Window, of_world};
use kafka_lab::ids::BrokerId;
use kafka_lab::timeline::{Run, Timeline, first_difference};

const EVENTS: [usize; 3] = [1_000, 10_000, 100_000];

fn main() {
    growth();
    divan::main();
}

/// Three brokers with a controller or without, two readers, and records for as long as it takes: about this many
/// events.
fn run_of(events: usize, controllers: u8) -> Run {
    let mut text = format!(
        "version 1\nseed 1\ncluster brokers=3 controllers={controllers}\nnetwork latency.ms=10 jitter.ms=8\n\
         producer p1 linger.ms=0\nconsumer c1 auto.offset.reset=earliest\n\
         consumer c2 auto.offset.reset=earliest max.poll.records=2 work.ms=9\n",
    );
    for n in 0..events / 20 {
        text.push_str(&format!("send p1 key=k{} value=+{n}\nwait 30\n", n % 5));
    }
    Run::play_at_most(&Script::parse(&text).script, events)
}

/// The time an event takes in runs of each length, beside that of the shortest: 1.0 is linear.
#[expect(clippy::cast_precision_loss, reason = "numbers to look at")]
#[expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn growth() {
    println!("three brokers and a controller, the best of five:");
    let mut shortest = None;
    for events in EVENTS {
        let script = run_of(events, 1).script();
        let best = (0..5).map(|_| {
            let before = std::time::Instant::now();
            divan::black_box(Run::play_at_most(divan::black_box(&script), events));
            before.elapsed()
        });
        let best = best.min().unwrap_or_default();
        let each_ns = best.as_nanos() as f64 / events as f64;
        let ratio = each_ns / *shortest.get_or_insert(each_ns);
        println!("  {events:>7} events: {:>9.0} events/s, {ratio:.2} times the time of the shortest", 1e9 / each_ns);
    }
}

#[divan::bench(args = EVENTS)]
fn play(bencher: Bencher, events: usize) {
    let script = run_of(events, 0).script();
    let bencher = bencher.counter(ItemsCount::new(events));
    bencher.bench(|| Run::play_at_most(divan::black_box(&script), events));
}

#[divan::bench(args = EVENTS)]
fn play_with_controller(bencher: Bencher, events: usize) {
    let script = run_of(events, 1).script();
    let bencher = bencher.counter(ItemsCount::new(events));
    bencher.bench(|| Run::play_at_most(divan::black_box(&script), events));
}

#[divan::bench(args = EVENTS)]
fn seek_and_frame(bencher: Bencher, events: usize) {
    let run = run_of(events, 1);
    let mut at = 0;
    bencher.bench_local(|| {
        at = (at + 7_919) % run.len();
        let world = run.world_at(divan::black_box(at));
        of_world(&world, Window::ALL)
    });
}

/// A fork anywhere, with one command more, and where the two runs first differ.
#[divan::bench(args = EVENTS, sample_count = 10, sample_size = 1)]
fn fork_and_first_difference(bencher: Bencher, events: usize) {
    let mut timeline = Timeline::new(&run_of(events, 1).script());
    let mut at = 0;
    bencher.bench_local(|| {
        at = (at + 7_919) % events;
        let crash = Command::Crash { at: BrokerId(3).into(), keep: None };
        let (branch, _) = timeline.fork(Timeline::TRUNK, divan::black_box(at), &[crash]);
        first_difference(timeline.run(Timeline::TRUNK), timeline.run(branch))
    });
}

#[divan::bench(args = EVENTS)]
fn hash(bencher: Bencher, events: usize) {
    let run = run_of(events, 0);
    bencher.bench(|| divan::black_box(&run).end().hash());
}
