//! Who is in sync, and what the high watermark waits for (truth sheet 04).

use crate::told::{Told, play_with, tell};
use kafka_lab::command::Command;
use kafka_lab::event::EventKind;
use kafka_lab::ids::{BrokerId, BrokerSet, Offset};
use kafka_lab::world::ErrorCode;

/// The leader has taken an ISR without this broker.
fn goes_on_without(broker: u8) -> impl Fn(&EventKind) -> bool {
    move |kind| matches!(kind, EventKind::IsrCommitted { isr, .. } if !isr.contains(BrokerId(broker)))
}

fn first_isr_after(told: &Told, mark: &str) -> Option<BrokerSet> {
    told.after(mark).iter().find_map(|event| match event.kind {
        EventKind::IsrCommitted { isr, .. } => Some(isr),
        _ => None,
    })
}

/// The table of 04-S1, log end and mark of the leader and both followers.
#[test]
fn a_record_is_committed_by_the_second_fetch_and_told_by_the_third() {
    let told = tell("04-s1");
    let table = ["begin", "produced", "copied", "first-asks-again", "committed", "told"].map(|mark| told.ends(mark));
    let rows = [
        [(0, 0), (0, 0), (0, 0)],
        [(1, 0), (0, 0), (0, 0)],
        [(1, 0), (1, 0), (1, 0)],
        [(1, 0), (1, 0), (1, 0)],
        [(1, 1), (1, 0), (1, 0)],
        [(1, 1), (1, 1), (1, 1)],
    ];
    assert_eq!(table, rows.map(|row| row.to_vec()));
    assert_eq!(told.acknowledged().len(), 1);
}

/// 04-S2. The producer gives up first: its patience is 30 s, and the ISR shrinks at a check after that.
#[test]
fn a_slow_follower_holds_the_mark_until_the_isr_goes_on_without_it() {
    let told = tell("04-s2-slow");
    assert_eq!(told.ends("mark-stands")[0], (3, 1));
    assert_eq!(told.failed(), [ErrorCode::RequestTimedOut; 2]);
    let out = told.first_after("cut", goes_on_without(3)).expect("it is taken out");
    assert!((30_000..=45_000).contains(&out), "after {out} ms");
    assert_eq!(told.ends("out"), [(4, 4), (4, 4), (2, 1)]);
    assert_eq!(told.acknowledged().last().map(|(_, base)| *base), Some(Offset(3)));
    // It never died: it was not fenced, no leader was elected.
    assert!(!told.run.events().iter().any(|event| matches!(event.kind, EventKind::BecameLeader { .. })));
    let back = first_isr_after(&told, "healed").expect("it joins again");
    assert_eq!(back.iter().count(), 3);
    assert_eq!(told.ends("back"), [(4, 4); 3]);
}

/// Whenever the link is cut, the follower is out between 30 and 45 s later: a check looks every 15 s.
#[test]
fn how_long_it_takes_depends_on_when_the_next_check_is() {
    let mut all = Vec::new();
    for wait_ms in [1_000, 4_000, 8_000, 12_000, 13_900] {
        let told = play_with("04-s2-slow", |script| {
            let wait = script.lines.iter_mut().find(|line| line.command == Command::Wait { ms: 1_000 });
            wait.expect("it waits first").command = Command::Wait { ms: wait_ms };
        });
        all.push(told.first_after("cut", goes_on_without(3)).expect("it is taken out"));
    }
    assert!(all.iter().all(|out| (30_000..=45_100).contains(out)), "{all:?}");
    let (least, most) = (all.iter().min().copied().unwrap_or(0), all.iter().max().copied().unwrap_or(0));
    assert!(least < 33_000 && most > 42_000, "{all:?}");
}

/// A broker that does nothing sends no heartbeats either: the controller takes it out long before its leader would.
#[test]
fn a_frozen_broker_is_fenced_and_the_waiting_write_is_answered() {
    let told = tell("04-s2-frozen");
    let out = told.first_after("frozen", goes_on_without(3)).expect("it is taken out");
    assert!((7_000..=9_100).contains(&out), "after {out} ms");
    assert_eq!(told.ends("waits")[0], (2, 1));
    assert_eq!(told.ends("answered")[0], (2, 2));
    assert_eq!(told.failed(), []);
    assert_eq!(told.acknowledged().last().map(|(_, base)| *base), Some(Offset(1)));
    assert_eq!(told.ends("thawed"), [(2, 2); 3]);
    assert_eq!(first_isr_after(&told, "answered").map(|isr| isr.iter().count()), Some(3));
}

/// Records pile up above the mark; when the slow one no longer counts, it passes all of them in one step.
#[test]
fn the_mark_jumps_when_the_slowest_no_longer_counts() {
    let told = tell("04-mark-jumps");
    assert_eq!(told.ends("behind")[0], (5, 1));
    let jumps = told.after("behind").iter().filter_map(|event| match event.kind {
        EventKind::HighWatermarkAdvanced { from, to, .. } => Some((from.0, to.0)),
        _ => None,
    });
    assert_eq!(jumps.collect::<Vec<_>>(), [(1, 5)]);
    let read = told.first_after("behind", |kind| matches!(kind, EventKind::RecordsRead { .. }));
    let out = told.first_after("behind", goes_on_without(3));
    assert!(read > out, "nothing is read before: {read:?}, {out:?}");
}

/// Its fetch is out of range, and there is nothing to cut: it drops all it has and starts where the leader does.
#[test]
fn a_follower_below_the_leaders_log_start_begins_again_there() {
    let told = tell("04-start-over");
    let logs = |mark: &str| {
        let world = told.at(mark);
        let log = |broker: &kafka_lab::world::Broker| (broker.log.log_start.0, broker.log.log_end().0);
        world.brokers.values().map(log).collect::<Vec<(i64, i64)>>()
    };
    assert_eq!(logs("deleted"), [(3, 3), (3, 3), (0, 1)]);
    assert_eq!(logs("back"), [(3, 4); 3]);
    let mut world = kafka_lab::world::World::new(0);
    for event in told.run.events() {
        world.apply_event(event);
        assert_eq!(world.broken_promise(), None, "{event:?}");
    }
}
