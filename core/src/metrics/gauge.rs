//! What each process reports at a moment.

use super::{Meter, Metric, Reading};
use crate::ids::{Endpoint, Offset};
use crate::world::{Broker, Controller, Leading, Process, Role, Wants, World};

pub(super) fn read(metric: Metric, world: &World, meter: &Meter) -> Vec<Reading> {
    match metric {
        Metric::RecordErrors => {
            let producers = world.producers.keys().map(|id| Endpoint::Producer(*id));
            producers.map(|of| Reading { of, value: meter.count(metric, of) }).collect()
        }
        Metric::RecordsLag => world
            .consumers
            .values()
            .filter_map(|consumer| {
                let of = Endpoint::Consumer(consumer.id);
                Some(Reading { of, value: below(consumer.position, meter.told(of)?) })
            })
            .collect(),
        Metric::ActiveControllerCount
        | Metric::OfflinePartitionsCount
        | Metric::PreferredReplicaImbalanceCount
        | Metric::FencedBrokerCount
        | Metric::ActiveBrokerCount
        | Metric::UncleanLeaderElections
        | Metric::ElectionsFromElr => {
            let works = world.controllers.values().filter(|controller| controller.process == Process::Up);
            works
                .map(|controller| Reading { of: controller.id.into(), value: at_controller(metric, controller, meter) })
                .collect()
        }
        _ => {
            let works = world.brokers.values().filter(|broker| broker.process == Process::Up);
            works
                .filter_map(|broker| Some(Reading { of: broker.id.into(), value: at_broker(metric, broker, meter)? }))
                .collect()
        }
    }
}

fn below(place: Offset, mark: Offset) -> i64 {
    mark.0.saturating_sub(place.0).max(0)
}

fn at_controller(metric: Metric, controller: &Controller, meter: &Meter) -> i64 {
    let (partition, brokers) = (&controller.image.partition, controller.image.brokers.values());
    let count = match metric {
        Metric::ActiveControllerCount => usize::from(controller.is_active()),
        Metric::OfflinePartitionsCount => usize::from(partition.leader.is_none()),
        Metric::PreferredReplicaImbalanceCount => usize::from(partition.leader != partition.replicas.first().copied()),
        Metric::FencedBrokerCount => brokers.filter(|known| known.fenced).count(),
        Metric::ActiveBrokerCount => brokers.filter(|known| !known.fenced).count(),
        _ => return meter.count(metric, controller.id.into()),
    };
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn at_broker(metric: Metric, broker: &Broker, meter: &Meter) -> Option<i64> {
    let leading = match &broker.role {
        Role::Leader(leading) => Some(leading),
        Role::Follower(_) | Role::None => None,
    };
    let of_leader = |count: fn(&Broker, &Leading) -> usize| {
        Some(i64::try_from(leading.map_or(0, |leading| count(broker, leading))).unwrap_or(i64::MAX))
    };
    match metric {
        Metric::LeaderCount => of_leader(|_, _| 1),
        Metric::UnderReplicatedPartitions => {
            of_leader(|broker, leading| usize::from(in_sync(leading) < broker.image.partition.replicas.len()))
        }
        Metric::UnderMinIsrPartitionCount => {
            of_leader(|broker, leading| usize::from(in_sync(leading) < broker.image.min_in_sync()))
        }
        Metric::AtMinIsrPartitionCount => {
            of_leader(|broker, leading| usize::from(in_sync(leading) == broker.image.min_in_sync()))
        }
        Metric::ProducePurgatorySize => of_leader(|_, leading| waiting(leading, true)),
        Metric::FetchPurgatorySize => of_leader(|_, leading| waiting(leading, false)),
        Metric::LastAppliedRecordOffset => Some(broker.image.end.0 - 1),
        Metric::ConsumerLag => lag(broker, meter),
        Metric::MaxLag => Some(lag(broker, meter).unwrap_or(0)),
        _ => Some(meter.count(metric, broker.id.into())),
    }
}

fn in_sync(leading: &Leading) -> usize {
    leading.isr.committed.len()
}

fn waiting(leading: &Leading, produces: bool) -> usize {
    let is_produce = |wants: &Wants| matches!(wants, Wants::HighWatermark { .. });
    leading.waiting.iter().filter(|waiting| is_produce(&waiting.wants) == produces).count()
}

/// A leader fetches from nobody.
fn lag(broker: &Broker, meter: &Meter) -> Option<i64> {
    let Role::Follower(_) = &broker.role else { return None };
    Some(below(broker.log.log_end(), meter.told(broker.id.into())?))
}
