//! `kafka-lab run`, as a person types it.
#![cfg(feature = "cli")]

use expect_test::{Expect, expect};
use kafka_lab::cli::{Exit, run};
use std::ffi::OsString;

fn check(arguments: &[&str], exit: Exit, out: &Expect, err: &Expect) {
    let arguments = ["kafka-lab", "run"].iter().chain(arguments).map(OsString::from);
    let (mut to_out, mut to_err) = (Vec::new(), Vec::new());
    assert_eq!(run(arguments, &mut to_out, &mut to_err), exit);
    out.assert_eq(&String::from_utf8_lossy(&to_out));
    err.assert_eq(&String::from_utf8_lossy(&to_err));
}

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stories/one-record.lab");

#[test]
fn a_moment_by_its_mark() {
    check(
        &[SCRIPT, "--frame", "--at", "promised"],
        Exit::Fine,
        &expect![[r#"
            At 0 ms.
            Broker 1, leader: log 0 to 1, high watermark 0.
              0: ada +50, not committed
              position of consumer c1: 0
            Broker 2, follower: log 0 to 1, high watermark 0.
              0: ada +50, not committed
            ISR {1, 2}.
            producer p1: acks=all, waits for 1 record.
            consumer c1: position 0, committed none.
            The high watermark is min(1, 0) = 0 until broker 1 sees broker 2 ask for more than 0.
        "#]],
        &expect![""],
    );
}

#[test]
fn the_hash_and_the_causes() {
    check(
        &[SCRIPT, "--hash"],
        Exit::Fine,
        &expect![[r#"
            33831063431647a6
        "#]],
        &expect![""],
    );
    check(
        &[SCRIPT, "--events", "--at", "12"],
        Exit::Fine,
        &expect![[r#"
            0          0 ms  Command: cluster brokers=2 storage=keep.
            1          0 ms  2 brokers are up, each with a replica of the partition; broker 1 leads it. [by 0]
            2          0 ms  Command: schedule hand.
            3          0 ms  From now on nothing arrives unless told to. [by 2]
            4          0 ms  Command: producer p1 acks=all linger.ms=0 batch.size=16384.
            5          0 ms  Producer p1 is there, with acks=all. [by 4]
            6          0 ms  Command: consumer c1 poll=hand auto.offset.reset=earliest max.poll.records=500 work.ms=0.
            7          0 ms  Consumer c1 is there and will read from 0. [by 6]
            8          0 ms  Command: mark sent.
            9          0 ms  Command: send p1 key=ada value=+50.
            10         0 ms  Producer p1 puts ada +50 into its open batch. No broker has it yet. [by 9]
            11         0 ms  Producer p1 sends 1 record to broker 1 in one batch. [by 10]
        "#]],
        &expect![""],
    );
}

#[test]
fn a_moment_that_is_not_there() {
    check(
        &[SCRIPT, "--at", "nowhere"],
        Exit::Usage,
        &expect![""],
        &expect![[r#"
        kafka-lab: no moment `nowhere`: expected a mark, or 0 to 63
    "#]],
    );
}
