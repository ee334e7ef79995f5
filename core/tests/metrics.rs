//! Kafka's metrics at moments of a run in which things go wrong.

use expect_test::{Expect, expect};
use kafka_lab::command::Script;
use kafka_lab::metrics::{METRICS, Meter, Metric, series};
use kafka_lab::timeline::Run;

/// A follower falls behind and is taken out, comes back; then the leader dies.
const SCRIPT: &str = "cluster brokers=3 controllers=1 min.insync.replicas=2\nproducer p1 linger.ms=0\n\
    consumer c1 auto.offset.reset=earliest poll=hand\nwait 500\nsend p1 value=a\nwait 100\n\
    poll c1\nwait 100\nmark well\n\
    cut 3-1\nwait 600\nsend p1 value=b\nsend p1 value=c\nwait 100\nmark held\nwait 46000\nmark without-3\n\
    heal 3-1\nwait 31000\nmark with-3\ncrash 1\nwait 200\nmark dead\nwait 12000\nmark elected\n\
    start 1\nwait 5000\nmark back\n";

/// Every metric that is not 0, at this mark.
fn check(run: &Run, mark: &str, expected: &Expect) {
    let moment = run.moment_of_mark(mark).expect("the script has it");
    let (world, meter) = (run.world_at(moment), Meter::at(run, moment));
    let mut said = String::new();
    for known in METRICS {
        let readings = known.metric.read(&world, &meter);
        let each: Vec<String> = readings.iter().map(|reading| format!("{} {}", reading.of, reading.value)).collect();
        if readings.iter().any(|reading| reading.value != 0) {
            said.push_str(&format!("{:?} {}: {}\n", known.metric, known.metric.total(&readings), each.join(", ")));
        }
    }
    expected.assert_eq(&said);
}

#[test]
fn a_follower_that_falls_behind() {
    let run = Run::play(&Script::parse(SCRIPT).script);
    check(
        &run,
        "well",
        &expect![[r#"
        ActiveControllerCount 1: k1 1
        ActiveBrokerCount 3: k1 3
        LeaderCount 1: 1 1, 2 0, 3 0
        FetchPurgatorySize 2: 1 2, 2 0, 3 0
        MessagesIn 1: 1 1, 2 0, 3 0
        LastAppliedRecordOffset 8: 1 8, 2 8, 3 8
    "#]],
    );
    check(
        &run,
        "held",
        &expect![[r#"
        ActiveControllerCount 1: k1 1
        ActiveBrokerCount 3: k1 3
        LeaderCount 1: 1 1, 2 0, 3 0
        ProducePurgatorySize 2: 1 2, 2 0, 3 0
        FetchPurgatorySize 1: 1 1, 2 0, 3 0
        MessagesIn 3: 1 3, 2 0, 3 0
        LastAppliedRecordOffset 8: 1 8, 2 8, 3 8
    "#]],
    );
    check(
        &run,
        "without-3",
        &expect![[r#"
            UnderReplicatedPartitions 1: 1 1, 2 0, 3 0
            AtMinIsrPartitionCount 1: 1 1, 2 0, 3 0
            ActiveControllerCount 1: k1 1
            ActiveBrokerCount 3: k1 3
            IsrShrinks 1: 1 1, 2 0, 3 0
            LeaderCount 1: 1 1, 2 0, 3 0
            FetchPurgatorySize 1: 1 1, 2 0, 3 0
            MessagesIn 3: 1 3, 2 0, 3 0
            ProduceExpires 2: 1 2, 2 0, 3 0
            LastAppliedRecordOffset 9: 1 9, 2 9, 3 9
            RecordErrors 2: p1 2
        "#]],
    );
    check(
        &run,
        "with-3",
        &expect![[r#"
            ActiveControllerCount 1: k1 1
            ActiveBrokerCount 3: k1 3
            IsrShrinks 1: 1 1, 2 0, 3 0
            IsrExpands 1: 1 1, 2 0, 3 0
            LeaderCount 1: 1 1, 2 0, 3 0
            FetchPurgatorySize 2: 1 2, 2 0, 3 0
            MessagesIn 3: 1 3, 2 0, 3 0
            ProduceExpires 2: 1 2, 2 0, 3 0
            LastAppliedRecordOffset 10: 1 10, 2 10, 3 10
            RecordErrors 2: p1 2
        "#]],
    );
}

#[test]
fn a_leader_that_dies() {
    let run = Run::play(&Script::parse(SCRIPT).script);
    check(
        &run,
        "dead",
        &expect![[r#"
        ActiveControllerCount 1: k1 1
        ActiveBrokerCount 3: k1 3
        LastAppliedRecordOffset 10: 2 10, 3 10
        RecordErrors 2: p1 2
    "#]],
    );
    check(
        &run,
        "elected",
        &expect![[r#"
        UnderReplicatedPartitions 1: 2 1, 3 0
        AtMinIsrPartitionCount 1: 2 1, 3 0
        ActiveControllerCount 1: k1 1
        FencedBrokerCount 1: k1 1
        ActiveBrokerCount 2: k1 2
        PreferredReplicaImbalanceCount 1: k1 1
        LeaderCount 1: 2 1, 3 0
        FetchPurgatorySize 1: 2 1, 3 0
        LastAppliedRecordOffset 12: 2 12, 3 12
        RecordErrors 2: p1 2
    "#]],
    );
    check(
        &run,
        "back",
        &expect![[r#"
        ActiveControllerCount 1: k1 1
        ActiveBrokerCount 3: k1 3
        PreferredReplicaImbalanceCount 1: k1 1
        IsrExpands 1: 1 0, 2 1, 3 0
        LeaderCount 1: 1 0, 2 1, 3 0
        FetchPurgatorySize 2: 1 0, 2 2, 3 0
        LastAppliedRecordOffset 15: 1 15, 2 15, 3 15
        RecordErrors 2: p1 2
    "#]],
    );
}

#[test]
fn the_last_point_of_a_series_is_what_is_read_at_the_end() {
    let run = Run::play(&Script::parse(SCRIPT).script);
    let (world, meter) = (run.end(), Meter::at(&run, run.len()));
    for known in METRICS {
        let points = series(&run, known.metric);
        let now = known.metric.total(&known.metric.read(world, &meter));
        assert_eq!(points.last().map(|point| point.value), Some(now), "{:?}", known.metric);
        assert!(points.is_sorted_by(|one, next| one.moment < next.moment && one.value != next.value));
    }
}

#[test]
fn each_metric_has_one_line() {
    let mut metrics: Vec<Metric> = METRICS.iter().map(|known| known.metric).collect();
    metrics.sort_unstable();
    metrics.dedup();
    assert_eq!(metrics.len(), METRICS.len());
}
