//! Kafka's own metrics, read off a world and its events, under the names that JMX gives them.
//!
//! A gauge is what the world says at a moment; a meter's count is what has happened in the process so far, and begins
//! at 0 again when the process is new. Who is down or stands still can't be asked, and has no reading.

mod gauge;
mod meter;
mod table;

pub use meter::Meter;
pub use table::{Known, METRICS};

use crate::ids::{Endpoint, Tick};
use crate::timeline::{Moment, Run};
use crate::world::World;

/// A metric that a world can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metric {
    UnderReplicatedPartitions,
    UnderMinIsrPartitionCount,
    AtMinIsrPartitionCount,
    LeaderCount,
    IsrShrinks,
    IsrExpands,
    ConsumerLag,
    MaxLag,
    ProducePurgatorySize,
    FetchPurgatorySize,
    MessagesIn,
    FailedProduceRequests,
    ProduceExpires,
    LastAppliedRecordOffset,
    ActiveControllerCount,
    OfflinePartitionsCount,
    PreferredReplicaImbalanceCount,
    FencedBrokerCount,
    ActiveBrokerCount,
    UncleanLeaderElections,
    ElectionsFromElr,
    RecordsLag,
    RecordErrors,
}

/// What one process reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    pub of: Endpoint,
    pub value: i64,
}

/// From this moment on the metric is this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    pub moment: Moment,
    pub tick: Tick,
    pub value: i64,
}

impl Metric {
    /// What each process reports, in the order of their numbers.
    #[must_use]
    pub fn read(self, world: &World, meter: &Meter) -> Vec<Reading> {
        gauge::read(self, world, meter)
    }

    /// One number for the cluster: the sum of what is reported; of what is a lag, the largest.
    #[must_use]
    pub fn total(self, readings: &[Reading]) -> i64 {
        let values = readings.iter().map(|reading| reading.value);
        match self {
            Metric::ConsumerLag | Metric::MaxLag | Metric::RecordsLag => values.max().unwrap_or(0),
            // Each controller counts the same cluster.
            Metric::OfflinePartitionsCount
            | Metric::PreferredReplicaImbalanceCount
            | Metric::FencedBrokerCount
            | Metric::ActiveBrokerCount => values.max().unwrap_or(0),
            Metric::LastAppliedRecordOffset => values.min().unwrap_or(0),
            _ => values.sum(),
        }
    }
}

/// How the metric goes over a run: its first value, and each that differs from the one before.
#[must_use]
pub fn series(run: &Run, metric: Metric) -> Vec<Point> {
    let (mut world, mut meter) = (World::new(run.seed()), Meter::default());
    let mut points: Vec<Point> = Vec::new();
    for (index, event) in run.events().iter().enumerate() {
        world.apply_event(event);
        meter.note(event);
        let value = metric.total(&metric.read(&world, &meter));
        if points.last().is_none_or(|last| last.value != value) {
            points.push(Point { moment: index + 1, tick: event.tick, value });
        }
    }
    points
}
